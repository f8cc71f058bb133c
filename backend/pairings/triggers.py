"""Rules between a pairing and what hangs under it, for raw SQL too."""

from __future__ import annotations

import pgtrigger


def contact_of_a_living_pairing() -> pgtrigger.Trigger:
    """Contacts have happened, and are those of a pairing that both sides agreed on at some time."""
    return pgtrigger.Trigger(
        name="contact_of_a_living_pairing",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("contact_date", "pairing_id"),  # type: ignore[no-untyped-call]
        func="""
            IF NEW.contact_date > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
                RAISE EXCEPTION 'a contact has happened'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_has_happened';
            END IF;
            IF NOT EXISTS (SELECT FROM pairings_pairing WHERE id = NEW.pairing_id
                           AND status IN ('AGREED', 'IN_FORCE', 'COMPLETED', 'ENDED')) THEN
                RAISE EXCEPTION 'contacts are those of an agreed pairing'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_of_an_agreed_pairing';
            END IF;
            RETURN NEW;
        """,
    )


def inside_its_pairing() -> pgtrigger.Trigger:
    """A sub-pairing begins under an agreed pairing, and stays inside its areas and its period."""
    return pgtrigger.Trigger(
        name="inside_its_pairing",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("pairing_id", "helper_area_id", "recipient_area_id", "start_date", "end_date"),  # type: ignore[no-untyped-call]
        declare=[("above", "RECORD")],
        func="""
            SELECT p.status, p.start_date, p.end_date, helper.path AS helper_path, recipient.path AS recipient_path
            INTO above FROM pairings_pairing p
            JOIN parties_party party ON party.id = p.helper_id
            LEFT JOIN places_area helper ON helper.id = party.area_id
            JOIN places_area recipient ON recipient.id = p.recipient_id
            WHERE p.id = NEW.pairing_id;
            IF TG_OP = 'INSERT' AND above.status NOT IN ('AGREED', 'IN_FORCE') THEN
                RAISE EXCEPTION 'a sub-pairing hangs under an agreed pairing'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_pairing_under_an_agreed_pairing';
            END IF;
            IF NOT EXISTS (SELECT FROM places_area WHERE id = NEW.helper_area_id
                           AND path LIKE above.helper_path || '%') THEN
                RAISE EXCEPTION 'the helping unit lies outside of the helper'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_pairing_inside_the_helper';
            END IF;
            IF NOT EXISTS (SELECT FROM places_area WHERE id = NEW.recipient_area_id
                           AND path LIKE above.recipient_path || '%') THEN
                RAISE EXCEPTION 'the helped unit lies outside of the recipient'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_pairing_inside_the_recipient';
            END IF;
            IF NEW.end_date < NEW.start_date THEN
                RETURN NEW;  -- a CHECK says that better than an impossible range
            END IF;
            IF NOT daterange(above.start_date, above.end_date, '[]') @> daterange(NEW.start_date, NEW.end_date, '[]')
            THEN
                RAISE EXCEPTION 'the sub-pairing lasts longer than its pairing'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'sub_pairing_within_the_period';
            END IF;
            RETURN NEW;
        """,
    )
