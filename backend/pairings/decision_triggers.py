"""Rules of decisions and second looks, for raw SQL too."""

from __future__ import annotations

import pgtrigger


def decided_and_undone_once() -> pgtrigger.Trigger:
    """A decision changes in one way only: it lets go of its suggestion once an undoing of it is on record."""
    return pgtrigger.Trigger(
        name="let_go_only_when_undone",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF NEW.suggestion_id IS NOT NULL
                OR (OLD.id, OLD.about_id, OLD.verdict, OLD.reason, OLD.by_id, OLD.at)
                    IS DISTINCT FROM (NEW.id, NEW.about_id, NEW.verdict, NEW.reason, NEW.by_id, NEW.at)
                OR NOT EXISTS (SELECT FROM pairings_secondlook WHERE decision_id = OLD.id AND outcome <> 'CONFIRMED')
            THEN
                RAISE EXCEPTION 'a decision stays as it was made'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_let_go_only_when_undone';
            END IF;
            RETURN NEW;
        """,
    )


def looked_at_by_another() -> pgtrigger.Trigger:
    """A second look is that of a second person, at an acceptance that stands; what is published is not undone.

    The lock on the decision puts it in order with publishing, which takes the same row.
    """
    return pgtrigger.Trigger(
        name="looked_at_by_another",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("first", "pairings_decision")],
        func="""
            SELECT * INTO first FROM pairings_decision WHERE id = NEW.decision_id FOR UPDATE;
            IF first.suggestion_id IS NULL OR first.verdict <> 'ACCEPTED' THEN
                RAISE EXCEPTION 'there is no standing acceptance to look at'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'second_look_at_what_stands';
            ELSIF NEW.outcome <> 'TAKEN_BACK' AND NEW.by_id = first.by_id THEN
                RAISE EXCEPTION 'whoever accepted does not look a second time'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'second_look_by_another';
            ELSIF NEW.outcome = 'TAKEN_BACK' AND NEW.by_id <> first.by_id THEN
                RAISE EXCEPTION 'an acceptance is taken back by whoever gave it'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'taken_back_by_whoever_accepted';
            ELSIF NEW.outcome <> 'CONFIRMED' AND EXISTS (
                SELECT FROM pairings_pairing WHERE suggestion_id = first.suggestion_id
                    AND status NOT IN ('WITHDRAWN', 'UNVERIFIED')
            ) THEN
                RAISE EXCEPTION 'what is published is not undone'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'undone_before_publication';
            END IF;
            RETURN NEW;
        """,
    )


def undone_leaves_room() -> pgtrigger.Trigger:
    """An acceptance sent or taken back lets go of its suggestion, which may then be decided anew."""
    return pgtrigger.Trigger(
        name="undone_leaves_room",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__outcome__df="CONFIRMED"),
        func="UPDATE pairings_decision SET suggestion_id = NULL WHERE id = NEW.decision_id; RETURN NULL;",
    )


def assigned_to_who_oversees_it() -> pgtrigger.Trigger:
    """A suggestion is assigned to a coordinator in whose region one of its sides lies."""
    return pgtrigger.Trigger(
        name="assigned_to_who_oversees_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.to_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM accounts_user u LEFT JOIN places_area region ON region.id = u.region_id,
                    runs_suggestion s JOIN parties_party party ON party.id = s.helper_id
                    JOIN places_area recipient ON recipient.id = s.recipient_id
                    LEFT JOIN places_area helper ON helper.id = party.area_id
                WHERE u.id = NEW.to_id AND s.id = NEW.suggestion_id AND u.role = 'COORDINATOR' AND u.is_active
                    AND (region.id IS NULL OR starts_with(recipient.path, region.path)
                         OR starts_with(helper.path, region.path))
            ) THEN
                RAISE EXCEPTION 'assigned to somebody who does not oversee it'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'assigned_to_who_oversees_it';
            END IF;
            RETURN NEW;
        """,
    )
