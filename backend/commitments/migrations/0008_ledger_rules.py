"""Rules of the ledger that need more than one row, and the totals, all under the lock of the commitment's row.

The lock is FOR NO KEY UPDATE, taken BEFORE the insert: the foreign key's own lock would otherwise be held first by two
writers at once, who would then wait for each other. Totals are recounted, not incremented: the view
`commitments_standing` is the only definition of what counts. There is no way back: what the old tables could not hold
would be lost.
"""

from django.db import migrations

from backend.lifecycle.rights import withhold

_VIEW = """
CREATE VIEW commitments_standing AS
SELECT entry.id, entry.commitment_id, entry.stage, entry.occurred_date,
       coalesce(entry.amount_yuan, entry.quantity)::numeric(20, 2) AS value,
       CASE WHEN answer.answer = 'CONFIRMED' THEN coalesce(entry.amount_yuan, entry.quantity)
            WHEN explained.status = 'SETTLED' THEN least(
                coalesce(entry.amount_yuan, entry.quantity), coalesce(answer.amount_yuan, answer.quantity))
            ELSE 0 END::numeric(20, 2) AS confirmed
FROM commitments_ledgerentry entry
LEFT JOIN commitments_confirmation answer ON answer.entry_id = entry.id
LEFT JOIN commitments_discrepancy explained ON explained.entry_id = entry.id AND explained.kind = 'AMOUNT'
WHERE entry.reverses_id IS NULL
  AND NOT EXISTS (SELECT FROM commitments_ledgerentry back WHERE back.reverses_id = entry.id)
  AND NOT EXISTS (SELECT FROM commitments_discrepancy again
                  WHERE again.entry_id = entry.id AND again.kind = 'DUPLICATE' AND again.status <> 'SETTLED');
"""

_RULES = """
CREATE FUNCTION commitments_refuse(what text, named text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = named;
END $$;

CREATE FUNCTION commitments_two_parties(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT party_id) = 2 FROM accounts_user WHERE id IN (one, other)
$$;

CREATE FUNCTION commitments_side(person bigint, about bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN party.id = pairing.helper_id THEN 'HELPER'
                WHEN party.kind = 'GOVERNMENT' AND party.area_id = pairing.recipient_id THEN 'RECIPIENT' END
    FROM accounts_user who
    JOIN parties_party party ON party.id = who.party_id
    JOIN commitments_commitment commitment ON commitment.id = about
    JOIN pairings_pairing pairing ON pairing.id = commitment.pairing_id
    WHERE who.id = person
$$;

CREATE FUNCTION commitments_recount(which bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO commitments_totals (commitment_id, flows, agreed, arrived, confirmed, spent, accepted)
    SELECT commitment.id, commitment.flows,
           coalesce(sum(value) FILTER (WHERE stage = 'AGREED'), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'ARRIVED'), 0),
           coalesce(sum(confirmed), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'SPENT'), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'ACCEPTED'), 0)
    FROM commitments_commitment commitment
    LEFT JOIN commitments_standing standing ON standing.commitment_id = commitment.id
    WHERE commitment.id = which
    GROUP BY commitment.id
    ON CONFLICT (commitment_id) DO UPDATE SET
        agreed = excluded.agreed, arrived = excluded.arrived, confirmed = excluded.confirmed,
        spent = excluded.spent, accepted = excluded.accepted;
    IF EXISTS (
        SELECT FROM (
            SELECT sum(sum(confirmed - CASE WHEN stage = 'SPENT' THEN value ELSE 0 END))
                   OVER (ORDER BY occurred_date) AS left_over
            FROM commitments_standing WHERE commitment_id = which GROUP BY occurred_date
        ) days WHERE left_over < 0
    ) THEN
        PERFORM commitments_refuse('spent before it arrived', 'spent_after_arrival');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION commitments_ledger_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    promise commitments_commitment;
    other commitments_ledgerentry;
    worth numeric := coalesce(NEW.amount_yuan, NEW.quantity);
    most numeric;
BEGIN
    SELECT * INTO promise FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;
    IF promise.status IS DISTINCT FROM 'REGISTERED' THEN
        PERFORM commitments_refuse('the commitment is not registered', 'entry_needs_registered_commitment');
    END IF;
    IF (promise.unit = 'YUAN') <> (NEW.amount_yuan IS NOT NULL) THEN
        PERFORM commitments_refuse('another unit than the commitment', 'entry_in_the_unit_of_its_commitment');
    END IF;
    IF NEW.stage = 'SPENT' AND NOT promise.flows THEN
        PERFORM commitments_refuse('no money flows through this kind', 'entry_stage_fits_kind');
    END IF;
    IF commitments_side(NEW.reported_by_id, NEW.commitment_id) IS DISTINCT FROM NEW.reported_by_side THEN
        PERFORM commitments_refuse('reported for another side', 'entry_by_its_own_side');
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO other FROM commitments_ledgerentry WHERE id = NEW.reverses_id;
        IF (other.commitment_id, other.stage, -coalesce(other.amount_yuan, other.quantity))
           IS DISTINCT FROM (NEW.commitment_id, NEW.stage, worth) OR other.reverses_id IS NOT NULL THEN
            PERFORM commitments_refuse('a reversal takes back one whole entry', 'reversal_of_a_whole_entry');
        END IF;
        IF other.stage = 'AGREED' THEN
            PERFORM commitments_refuse('what was agreed stands', 'agreed_amount_stands');
        END IF;
        IF EXISTS (SELECT FROM commitments_ledgerentry entry WHERE entry.accepts_id = other.id AND NOT EXISTS (
                SELECT FROM commitments_ledgerentry back WHERE back.reverses_id = entry.id)) THEN
            PERFORM commitments_refuse('what is accepted stands', 'accepted_entry_stands');
        END IF;
        IF other.stage = 'ARRIVED' AND other.reported_by_side <> NEW.reported_by_side AND NOT EXISTS (
                SELECT FROM commitments_reversalrequest WHERE entry_id = other.id AND status = 'AGREED') THEN
            PERFORM commitments_refuse('not one''s own report', 'arrival_reversed_by_its_reporter');
        END IF;
        IF commitments_confirmed(other.id) IS NOT NULL AND NOT EXISTS (
                SELECT FROM commitments_reversalrequest WHERE entry_id = other.id AND status = 'AGREED') THEN
            PERFORM commitments_refuse('both sides confirmed it', 'confirmed_arrival_reversed_by_both');
        END IF;
    ELSIF NEW.stage = 'ACCEPTED' THEN
        SELECT * INTO other FROM commitments_ledgerentry WHERE id = NEW.accepts_id;
        NEW.accepts_by_id := other.reported_by_id;
        SELECT CASE WHEN promise.flows THEN value ELSE confirmed END INTO most
        FROM commitments_standing
        WHERE id = NEW.accepts_id AND commitment_id = NEW.commitment_id
          AND stage = CASE WHEN promise.flows THEN 'SPENT' ELSE 'ARRIVED' END;
        IF most IS NULL OR most = 0 THEN
            PERFORM commitments_refuse('nothing there to accept', 'acceptance_of_a_standing_entry');
        END IF;
        IF NEW.occurred_date < other.occurred_date THEN
            PERFORM commitments_refuse('accepted before it was', 'acceptance_not_before_its_entry');
        END IF;
        IF worth + coalesce((
            SELECT sum(standing.value) FROM commitments_ledgerentry entry
            JOIN commitments_standing standing ON standing.id = entry.id WHERE entry.accepts_id = other.id), 0) > most
        THEN
            PERFORM commitments_refuse('accepted more than there is', 'accepted_within_its_entry');
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION commitments_confirmed(which bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(amount_yuan, quantity) FROM commitments_confirmation answer
    WHERE entry_id = which AND (answer = 'CONFIRMED' OR EXISTS (
        SELECT FROM commitments_discrepancy WHERE entry_id = which AND kind = 'AMOUNT' AND status = 'SETTLED'))
$$;

CREATE FUNCTION commitments_voucher_key(reference text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT upper(regexp_replace(normalize(reference, NFKC), '\\s', '', 'g'))
$$;

CREATE FUNCTION commitments_entry_counted() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claimed text := commitments_voucher_key(NEW.reference);
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        DELETE FROM commitments_voucher WHERE entry_id = NEW.reverses_id;
    ELSIF NEW.stage = 'ARRIVED' AND claimed <> '' THEN
        INSERT INTO commitments_voucher (key, entry_id) VALUES (claimed, NEW.id) ON CONFLICT (key) DO NOTHING;
        IF NOT FOUND THEN
            INSERT INTO commitments_discrepancy (kind, entry_id, earlier_id, created_at)
            SELECT 'DUPLICATE', NEW.id, entry_id, now() FROM commitments_voucher WHERE key = claimed;
        END IF;
    END IF;
    PERFORM commitments_recount(NEW.commitment_id);
    RETURN NULL;
END $$;
CREATE TRIGGER entry_counted AFTER INSERT ON commitments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION commitments_entry_counted();

CREATE FUNCTION commitments_answer_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry commitments_ledgerentry;
BEGIN
    PERFORM FROM commitments_commitment
    WHERE id = (SELECT commitment_id FROM commitments_ledgerentry WHERE id = NEW.entry_id) FOR NO KEY UPDATE;
    SELECT * INTO entry FROM commitments_ledgerentry WHERE id = NEW.entry_id;
    IF entry.stage <> 'ARRIVED' OR entry.reverses_id IS NOT NULL
       OR EXISTS (SELECT FROM commitments_ledgerentry WHERE reverses_id = NEW.entry_id) THEN
        PERFORM commitments_refuse('only a standing arrival is answered', 'answer_to_a_standing_arrival');
    END IF;
    IF coalesce(commitments_side(NEW.by_id, entry.commitment_id), entry.reported_by_side) = entry.reported_by_side THEN
        PERFORM commitments_refuse('answered by those who reported', 'answer_by_the_other_party');
    END IF;
    IF (NEW.answer = 'CONFIRMED') IS DISTINCT FROM
       ((NEW.amount_yuan, NEW.quantity) IS NOT DISTINCT FROM (entry.amount_yuan, entry.quantity))
       OR (NEW.amount_yuan IS NULL) <> (entry.amount_yuan IS NULL) THEN
        PERFORM commitments_refuse('the answer does not fit its figure', 'answer_fits_its_entry');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_rules BEFORE INSERT ON commitments_confirmation
    FOR EACH ROW EXECUTE FUNCTION commitments_answer_rules();

CREATE FUNCTION commitments_answer_counted() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.answer = 'DISPUTED' THEN
        INSERT INTO commitments_discrepancy (kind, entry_id, created_at) VALUES ('AMOUNT', NEW.entry_id, now());
    END IF;
    PERFORM commitments_recount((SELECT commitment_id FROM commitments_ledgerentry WHERE id = NEW.entry_id));
    RETURN NULL;
END $$;
CREATE TRIGGER answer_counted AFTER INSERT ON commitments_confirmation
    FOR EACH ROW EXECUTE FUNCTION commitments_answer_counted();

CREATE FUNCTION commitments_settlement_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint := (SELECT commitment_id FROM commitments_ledgerentry WHERE id = NEW.entry_id);
BEGIN
    PERFORM FROM commitments_commitment WHERE id = which FOR NO KEY UPDATE;
    PERFORM commitments_recount(which);
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_counted AFTER UPDATE OF status ON commitments_discrepancy
    FOR EACH ROW EXECUTE FUNCTION commitments_settlement_counted();
"""

_BACKFILL = """
INSERT INTO commitments_voucher (key, entry_id)
SELECT DISTINCT ON (commitments_voucher_key(reference)) commitments_voucher_key(reference), id
FROM commitments_ledgerentry
WHERE stage = 'ARRIVED' AND reverses_id IS NULL AND commitments_voucher_key(reference) <> '' ORDER BY 1, id;
INSERT INTO commitments_discrepancy (kind, entry_id, earlier_id, created_at)
SELECT 'DUPLICATE', entry.id, voucher.entry_id, now()
FROM commitments_ledgerentry entry JOIN commitments_voucher voucher
  ON voucher.key = commitments_voucher_key(entry.reference) AND voucher.entry_id <> entry.id
WHERE entry.stage = 'ARRIVED' AND entry.reverses_id IS NULL;
INSERT INTO commitments_discrepancy (kind, entry_id, created_at)
SELECT 'AMOUNT', entry_id, at FROM commitments_confirmation WHERE answer = 'DISPUTED';
SELECT commitments_recount(id) FROM commitments_commitment;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0007_exact_ledger"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(_VIEW + _RULES),
        migrations.RunSQL(_BACKFILL),
        withhold("commitments_totals", "INSERT", "UPDATE", "DELETE"),
        withhold("commitments_voucher", "INSERT", "UPDATE", "DELETE"),
        withhold("commitments_reconciliation", "UPDATE", "DELETE"),
        *(
            withhold(f"commitments_{model}event", "UPDATE", "DELETE")
            for model in ("discrepancy", "posting", "reversalrequest")
        ),
    ]
