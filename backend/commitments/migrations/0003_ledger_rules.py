"""Rules of the ledger that need more than one row, under the lock of the commitment's row.

The lock is FOR NO KEY UPDATE, taken BEFORE the insert: the foreign key's own lock would otherwise be held first by two
writers at once, who would then wait for each other.
"""

from django.db import migrations

from backend.lifecycle.rights import withhold

_SQL = """
CREATE FUNCTION commitments_ledger_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    status_now text;
    arrived numeric;
    spent numeric;
BEGIN
    SELECT status INTO status_now FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;
    IF status_now IS DISTINCT FROM 'REGISTERED' THEN
        RAISE EXCEPTION 'commitment % is not registered', NEW.commitment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_needs_registered_commitment';
    END IF;
    IF NEW.stage IN ('ARRIVED', 'SPENT') THEN
        SELECT coalesce(sum(amount_yuan) FILTER (WHERE stage = 'ARRIVED'), 0),
               coalesce(sum(amount_yuan) FILTER (WHERE stage = 'SPENT'), 0)
          INTO arrived, spent FROM commitments_ledgerentry WHERE commitment_id = NEW.commitment_id;
        IF NEW.stage = 'ARRIVED' THEN arrived := arrived + NEW.amount_yuan;
        ELSE spent := spent + NEW.amount_yuan; END IF;
        IF spent > arrived THEN
            RAISE EXCEPTION 'spent % exceeds arrived %', spent, arrived
                USING ERRCODE = 'check_violation', CONSTRAINT = 'spent_within_arrived';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_rules BEFORE INSERT ON commitments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION commitments_ledger_rules();
"""
_UNDO = """
DROP TRIGGER ledger_rules ON commitments_ledgerentry;
DROP FUNCTION commitments_ledger_rules();
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_initial")]
    operations = [
        migrations.RunSQL(_SQL, _UNDO),
        withhold("commitments_ledgerentry", "UPDATE", "DELETE"),
        withhold("commitments_confirmation", "UPDATE", "DELETE"),
    ]
