"""A township or village speaks through its county's government, as `pairings.scopes.side_of` has it."""

from django.db import migrations

_HEAD = """
CREATE OR REPLACE FUNCTION commitments_side(person bigint, about bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN party.id = pairing.helper_id THEN 'HELPER'
"""
_FROM = """
    FROM accounts_user who
    JOIN parties_party party ON party.id = who.party_id
    JOIN commitments_commitment commitment ON commitment.id = about
    JOIN pairings_pairing pairing ON pairing.id = commitment.pairing_id
"""
_BEFORE = f"""{_HEAD}
        WHEN party.kind = 'GOVERNMENT' AND party.area_id = pairing.recipient_id THEN 'RECIPIENT' END
    {_FROM}
    WHERE who.id = person
$$;
"""
_NOW = f"""{_HEAD}
        WHEN party.kind = 'GOVERNMENT' AND (
            party.area_id = pairing.recipient_id OR seat.level = 'COUNTY' AND place.path LIKE seat.path || '%'
        ) THEN 'RECIPIENT' END
    {_FROM}
    JOIN places_area place ON place.id = pairing.recipient_id
    LEFT JOIN places_area seat ON seat.id = party.area_id
    WHERE who.id = person
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0009_entry_files"), ("places", "0008_facts_version")]
    operations = [migrations.RunSQL(_NOW, _BEFORE)]
