"""Who may vouch for whom, and what a verdict does to the party: kept by the database."""

from __future__ import annotations

import pgtrigger


def decided_by_its_authority() -> pgtrigger.Trigger:
    """The verdict is that of a federation or coordinator for a place around the seat, never of the party itself."""
    return pgtrigger.Trigger(
        name="decided_by_its_authority",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "decided_by_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__decided_by__isnull=False, new__status__in=("VERIFIED", "REFUSED")),
        func="""
            IF NOT EXISTS (
                SELECT FROM accounts_user judge
                JOIN parties_party judged ON judged.id = NEW.party_id
                LEFT JOIN places_area seat ON seat.id = judged.area_id
                LEFT JOIN parties_party office ON office.id = judge.party_id
                LEFT JOIN places_area reach ON reach.id = COALESCE(office.area_id, judge.region_id)
                WHERE judge.id = NEW.decided_by_id AND office.id IS DISTINCT FROM judged.id
                  AND (judge.role = 'COORDINATOR' AND judge.region_id IS NULL
                       OR judge.role IN ('COORDINATOR', 'FEDERATION') AND seat.path LIKE reach.path || '%')
            ) THEN
                RAISE EXCEPTION 'user % has no say over party %', NEW.decided_by_id, NEW.party_id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_decided_by_its_authority';
            END IF;
            RETURN NEW;
        """,
    )


# A merged party stays merged (parties.triggers). The version is the party's: whoever saw the old standing is stale.
_FOLLOW = """
    UPDATE parties_party SET standing = fresh.status, version = parties_party.version + 1 FROM fresh
    WHERE parties_party.id = fresh.party_id AND parties_party.standing <> fresh.status;
    RETURN NULL;
"""


def standing_follows() -> list[pgtrigger.Trigger]:
    """The party stands as its registration says; by statement, since imports bring tens of thousands."""
    return [
        pgtrigger.Trigger(
            name=f"standing_follows_{operation}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=on,
            referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
            func=_FOLLOW,
        )
        for operation, on in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]


def account_is_the_invited() -> pgtrigger.Trigger:
    """The account that took up an invitation acts for the party, in the role, that the invitation names."""
    return pgtrigger.Trigger(
        name="account_is_the_invited",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__accepted_by__isnull=False),
        func="""
            IF TG_OP = 'INSERT' OR OLD.accepted_by_id IS NULL THEN
                IF NEW.expires_at < now() THEN
                    RAISE EXCEPTION 'invitation % is over', NEW.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_in_time';
                END IF;
                IF NOT EXISTS (
                    SELECT FROM accounts_user guest
                    WHERE guest.id = NEW.accepted_by_id AND guest.party_id = NEW.party_id AND guest.role = NEW.role
                ) THEN
                    RAISE EXCEPTION 'user % is not whom invitation % is for', NEW.accepted_by_id, NEW.id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_for_its_account';
                END IF;
            END IF;
            RETURN NEW;
        """,
    )
