"""A mark of all that is known of the poor counties: the same as long as no fact about them has changed."""

from __future__ import annotations

from django.db import connection

# Sums, since they ask for no order; a hash of each whole row, whoever changed it and by whatever means.
_SQL = """
SELECT (SELECT sum(hashtext(fact::text)::bigint) FROM places_indicatorvalue fact
            JOIN places_poorcounty USING (area_id)),
       (SELECT sum(hashtext(fact::text)::bigint) FROM places_areaflag fact JOIN places_poorcounty USING (area_id)),
       (SELECT sum(hashtext(fact::text)::bigint) FROM places_area fact
            JOIN places_poorcounty county ON county.area_id = fact.id),
       (SELECT sum(hashtext(fact::text)::bigint) FROM places_poorcounty fact)
"""

Mark = tuple[str, ...]


def mark_of_poor_counties() -> Mark:
    """Differs when one of their facts does. Cost: one query, a tenth of a second."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        return tuple(map(str, cursor.fetchone() or ()))
