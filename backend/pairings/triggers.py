"""Rules between a pairing, what it comes from and what hangs under it, for raw SQL too."""

from __future__ import annotations

import pgtrigger


def fits_its_channel() -> pgtrigger.Trigger:
    """What the channel's row says holds for whoever writes: who may help whom, and that what an authority settled is
    recorded from its publication, never proposed and never turned into another pair."""
    return pgtrigger.Trigger(
        name="fits_its_channel",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("helper_id", "recipient_id", "channel_id", "origin", "status"),  # type: ignore[no-untyped-call]
        declare=[("channel", "programmes_channel"), ("kind", "text"), ("seat", "text"), ("place", "text")],
        func="""
            SELECT * INTO channel FROM programmes_channel WHERE id = NEW.channel_id;
            SELECT party.kind, area.level INTO kind, seat FROM parties_party party
                LEFT JOIN places_area area ON area.id = party.area_id WHERE party.id = NEW.helper_id;
            SELECT level INTO place FROM places_area WHERE id = NEW.recipient_id;
            IF NOT kind = ANY (channel.helper_kinds)
                OR (kind = 'GOVERNMENT' AND NOT seat = ANY (channel.helper_levels)) THEN
                RAISE EXCEPTION 'a % does not help through %', kind, channel.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_helper_fits_channel';
            ELSIF NOT place = ANY (channel.recipient_levels) THEN
                RAISE EXCEPTION 'a % is not helped through %', place, channel.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_recipient_fits_channel';
            ELSIF channel.settled_by = 'AUTHORITY' AND (NEW.origin <> 'SOURCED' OR NEW.status = 'PROPOSED') THEN
                RAISE EXCEPTION 'the relations of % are recorded, not made here', channel.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_of_authority_is_recorded';
            ELSIF TG_OP = 'UPDATE' AND channel.settled_by = 'AUTHORITY' AND
                (OLD.helper_id, OLD.recipient_id, OLD.channel_id)
                    IS DISTINCT FROM (NEW.helper_id, NEW.recipient_id, NEW.channel_id) THEN
                RAISE EXCEPTION 'a relation of % does not become another one', channel.code
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_of_authority_is_recorded';
            END IF;
            RETURN NEW;
        """,
    )


def accepted_before_and_unanswered_after() -> pgtrigger.Trigger:
    """Only what was accepted, and confirmed by a second person where the policy asks for four eyes, becomes a pairing;
    only what no side has answered is taken back. The lock keeps the acceptance from being undone meanwhile."""
    return pgtrigger.Trigger(
        name="published_or_taken_back",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "suggestion_id"),  # type: ignore[no-untyped-call]
        declare=[("accepted", "pairings_decision")],
        func="""
            IF NEW.suggestion_id IS NOT NULL AND (
                TG_OP = 'INSERT' OR NEW.status = 'PROPOSED' OR NEW.suggestion_id IS DISTINCT FROM OLD.suggestion_id
            ) THEN
                SELECT * INTO accepted FROM pairings_decision
                    WHERE suggestion_id = NEW.suggestion_id AND verdict = 'ACCEPTED' FOR SHARE;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'only what was accepted is published'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_suggestion_is_accepted';
                ELSIF EXISTS (
                    SELECT FROM runs_suggestion s JOIN runs_run r ON r.id = s.run_id
                    JOIN programmes_policy p ON p.id = r.policy_id WHERE s.id = NEW.suggestion_id AND p.four_eyes
                ) AND NOT EXISTS (
                    SELECT FROM pairings_secondlook
                    WHERE decision_id = accepted.id AND outcome = 'CONFIRMED' AND by_id <> accepted.by_id
                ) THEN
                    RAISE EXCEPTION 'the policy asks for a second person'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_after_a_second_look';
                END IF;
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.status = 'PROPOSED' AND NEW.status IN ('WITHDRAWN', 'UNVERIFIED')
                AND EXISTS (SELECT FROM pairings_acknowledgement WHERE pairing_id = NEW.id) THEN
                RAISE EXCEPTION 'a proposal that a side has answered is not taken back'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'taken_back_unanswered';
            END IF;
            RETURN NEW;
        """,
    )


def answer_to_what_is_asked() -> pgtrigger.Trigger:
    """Nobody answers a proposal that was taken back; the lock puts the two in order."""
    return pgtrigger.Trigger(
        name="answer_to_what_is_asked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            PERFORM FROM pairings_pairing
                WHERE id = NEW.pairing_id AND status NOT IN ('WITHDRAWN', 'UNVERIFIED') FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'nobody is asked about this pairing'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_to_a_standing_proposal';
            END IF;
            RETURN NEW;
        """,
    )


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
