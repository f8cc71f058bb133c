"""What an interest may be about and whose it may be, for raw SQL too."""

from __future__ import annotations

import pgtrigger


def interest_is_possible() -> pgtrigger.Trigger:
    """A village in one of the 832 counties, through a voluntary channel that this kind of party helps villages by."""
    return pgtrigger.Trigger(
        name="interest_is_possible",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("party_id", "area_id", "channel_id"),  # type: ignore[no-untyped-call]
        declare=[("place", "places_area")],
        func="""
            SELECT * INTO place FROM places_area WHERE id = NEW.area_id;
            IF place.level <> 'VILLAGE' OR NOT EXISTS (
                SELECT FROM places_poorcounty WHERE area_id::text = ANY (string_to_array(place.path, '.'))
            ) THEN
                RAISE EXCEPTION 'interests are in villages of poor counties'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'interest_of_a_village';
            ELSIF NOT EXISTS (
                SELECT FROM programmes_channel channel JOIN parties_party party ON party.id = NEW.party_id
                WHERE channel.id = NEW.channel_id AND channel.settled_by = 'CHOICE'
                  AND party.kind = ANY (channel.helper_kinds) AND 'VILLAGE' = ANY (channel.recipient_levels)
            ) THEN
                RAISE EXCEPTION 'this party does not help villages of its own will through this channel'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'interest_fits_channel';
            END IF;
            RETURN NEW;
        """,
    )


def interest_is_their_own() -> pgtrigger.Trigger:
    """Said by one of the party's own people, once somebody has vouched for it. A merger may move it later."""
    return pgtrigger.Trigger(
        name="interest_is_their_own",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT FROM parties_party party JOIN accounts_user person ON person.party_id = party.id
                WHERE party.id = NEW.party_id AND party.standing = 'VERIFIED' AND person.id = NEW.expressed_by_id
            ) THEN
                RAISE EXCEPTION 'an interest is expressed by a verified party for itself'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'interest_of_ones_own';
            END IF;
            RETURN NEW;
        """,
    )
