"""A commitment stands on a pairing that both sides have confirmed, also when the pairing changes at that very moment.

The lock is shared: commitments do not wait for each other, only a move of the pairing waits for them, and they for it.
"""

from django.db import migrations

_SQL = """
CREATE FUNCTION commitments_confirmed_pairing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    status_now text;
BEGIN
    SELECT status INTO status_now FROM pairings_pairing WHERE id = NEW.pairing_id FOR SHARE;
    IF status_now NOT IN ('AGREED', 'IN_FORCE') THEN
        RAISE EXCEPTION 'pairing % is %, not confirmed by both sides', NEW.pairing_id, status_now
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_needs_confirmed_pairing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER confirmed_pairing BEFORE INSERT OR UPDATE OF pairing_id ON commitments_commitment
    FOR EACH ROW EXECUTE FUNCTION commitments_confirmed_pairing();
"""
_UNDO = """
DROP TRIGGER confirmed_pairing ON commitments_commitment;
DROP FUNCTION commitments_confirmed_pairing();
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0004_moves_guarded"), ("pairings", "0001_initial")]
    operations = [migrations.RunSQL(_SQL, _UNDO)]
