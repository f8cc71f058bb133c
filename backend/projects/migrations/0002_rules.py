"""Rules of projects that look into other rooms' tables, and the one definition of a project's money.

Locks are taken from the project to its commitments. A ledger entry takes its commitment's lock first (its own rules see
to it), so that reading the project afterwards sees whoever closed it before. The need is held while it becomes a
project, and stands from then on.
"""

from django.db import migrations

from backend.lifecycle.rights import withhold

_RULES = """
CREATE FUNCTION projects_side(person bigint, about bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN party.id = pairing.helper_id THEN 'HELPER'
                WHEN party.kind = 'GOVERNMENT' AND party.area_id = pairing.recipient_id THEN 'RECIPIENT' END
    FROM accounts_user who
    JOIN parties_party party ON party.id = who.party_id
    JOIN pairings_pairing pairing ON pairing.id = about
    WHERE who.id = person
$$;

CREATE FUNCTION projects_open_to_change(which bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM projects_project WHERE id = which AND status = 'PROPOSED')
       AND NOT EXISTS (SELECT FROM projects_consent WHERE project_id = which)
$$;

CREATE VIEW projects_money AS
SELECT line.id, line.project_id, line.entry_id, standing.commitment_id, promise.flows, standing.stage,
       standing.occurred_date, line.amount_yuan, CASE WHEN standing.stage = 'SPENT' OR NOT promise.flows THEN
           coalesce((SELECT sum(accepted.value) FROM commitments_ledgerentry acceptance
                     JOIN commitments_standing accepted ON accepted.id = acceptance.id
                     WHERE acceptance.accepts_id = line.entry_id), 0)
       ELSE 0 END::numeric(20, 2) AS accepted_yuan
FROM (SELECT min(id) AS id, project_id, entry_id, sum(amount_yuan)::numeric(20, 2) AS amount_yuan
      FROM projects_allotment GROUP BY project_id, entry_id HAVING sum(amount_yuan) > 0) line
JOIN commitments_standing standing ON standing.id = line.entry_id
JOIN commitments_commitment promise ON promise.id = standing.commitment_id;

CREATE FUNCTION projects_keep_balance(which bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM projects_money WHERE project_id = which AND flows GROUP BY commitment_id
        HAVING sum(CASE WHEN stage = 'SPENT' THEN -amount_yuan ELSE amount_yuan END) < 0
    ) THEN
        PERFORM commitments_refuse('spent more than it was allotted', 'project_spent_within_arrived');
    END IF;
END $$;

CREATE FUNCTION projects_ledger_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := coalesce(
        NEW.accepts_id, (SELECT coalesce(accepts_id, id) FROM commitments_ledgerentry WHERE id = NEW.reverses_id));
    project record;
BEGIN
    FOR project IN
        SELECT one.id, one.status FROM projects_allotment allotment
        JOIN projects_project one ON one.id = allotment.project_id
        WHERE allotment.entry_id = touched GROUP BY one.id HAVING sum(allotment.amount_yuan) > 0
    LOOP
        IF project.status = 'CLOSED' THEN
            PERFORM commitments_refuse('the asset is recorded', 'entry_of_a_closed_project');
        END IF;
        PERFORM projects_keep_balance(project.id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER of_a_project AFTER INSERT ON commitments_ledgerentry
    FOR EACH ROW WHEN (NEW.accepts_id IS NOT NULL OR NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION projects_ledger_rules();

CREATE FUNCTION projects_need_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_project WHERE need_id = NEW.id AND status NOT IN ('DECLINED', 'STOPPED')) THEN
        PERFORM commitments_refuse('a project stands on it', 'need_stands_with_its_project');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands_with_its_project BEFORE UPDATE ON needs_need FOR EACH ROW WHEN (
    (OLD.area_id, OLD.title, OLD.category, OLD.quantity, OLD.unit, OLD.performance_target, OLD.benefit_link,
     OLD.beneficiaries)
    IS DISTINCT FROM
    (NEW.area_id, NEW.title, NEW.category, NEW.quantity, NEW.unit, NEW.performance_target, NEW.benefit_link,
     NEW.beneficiaries)
    OR (NEW.status = 'WITHDRAWN' AND OLD.status <> 'WITHDRAWN')
) EXECUTE FUNCTION projects_need_stands();

CREATE FUNCTION projects_source_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM projects_source source JOIN projects_project project ON project.id = source.project_id
        WHERE source.commitment_id = NEW.id AND project.status NOT IN ('DECLINED', 'STOPPED')
    ) THEN
        PERFORM commitments_refuse('a project counts on it', 'commitment_stands_with_its_projects');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands_with_its_projects BEFORE UPDATE OF status ON commitments_commitment FOR EACH ROW
    WHEN (NEW.status = 'WITHDRAWN') EXECUTE FUNCTION projects_source_stands();
"""

_BACK = """
DROP TRIGGER stands_with_its_projects ON commitments_commitment;
DROP FUNCTION projects_source_stands();
DROP TRIGGER stands_with_its_project ON needs_need;
DROP FUNCTION projects_need_stands();
DROP TRIGGER of_a_project ON commitments_ledgerentry;
DROP FUNCTION projects_ledger_rules();
DROP FUNCTION projects_keep_balance(bigint);
DROP VIEW projects_money;
DROP FUNCTION projects_open_to_change(bigint);
DROP FUNCTION projects_side(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("commitments", "0009_entry_files")]
    operations = [
        migrations.RunSQL(_RULES, _BACK),
        *(
            withhold(f"projects_{table}", "UPDATE", "DELETE")
            for table in ("consent", "allotment", "file", "asset", "projectevent", "milestoneevent")
        ),
    ]
