"""The hash chain: a deferred trigger seals each event at commit.

Deferred, so that the chain's advisory lock is the last lock a transaction takes: no deadlock with row locks, and the
chain's order is the order of commits. SECURITY DEFINER, so that the application's role can add seals only through it.
"""

from django.db import migrations

from backend.lifecycle.rights import withhold

_FUNCTIONS = """
CREATE FUNCTION lifecycle_genesis() RETURNS bytea LANGUAGE sql IMMUTABLE AS
    $$ SELECT sha256('xieshou'::bytea) $$;

CREATE FUNCTION lifecycle_canonical(e lifecycle_event) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT convert_to(jsonb_build_array(
        e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_id, e.actor_label,
        e.subject_type, e.subject_id, e.verb, e.from_status, e.to_status, e.reason, e.payload
    )::text, 'UTF8')
$$;

CREATE FUNCTION lifecycle_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    last lifecycle_eventseal;
    previous bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lifecycle_eventseal'));
    SELECT * INTO last FROM lifecycle_eventseal ORDER BY seq DESC LIMIT 1;
    previous := coalesce(last.hash, lifecycle_genesis());
    INSERT INTO lifecycle_eventseal (seq, event_id, prev_hash, hash)
    VALUES (coalesce(last.seq, 0) + 1, NEW.id, previous, sha256(previous || lifecycle_canonical(NEW)));
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER lifecycle_event_sealed AFTER INSERT ON lifecycle_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lifecycle_seal();
"""

_UNDO = """
DROP TRIGGER lifecycle_event_sealed ON lifecycle_event;
DROP FUNCTION lifecycle_seal();
DROP FUNCTION lifecycle_canonical(lifecycle_event);
DROP FUNCTION lifecycle_genesis();
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _UNDO),
        withhold("lifecycle_event", "UPDATE", "DELETE"),
        withhold("lifecycle_eventseal", "INSERT", "UPDATE", "DELETE"),
    ]
