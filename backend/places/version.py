"""The version of what is known of the places: what is computed from all of them holds as long as it does."""

from __future__ import annotations

import pgtrigger
from django.db import connection, models

# What the database writes by itself (path and province) is left out: a province that is renamed hands its name down to
# thousands of rows, one statement each.
_OF_AREAS = (
    "status", "source", "code", "name", "full_name", "level", "parent_id", "lon", "lat", "valid_from_year",
    "valid_to_year", "is_statutory", "is_eastern_helper",
)  # fmt: skip


class FactsVersion(models.Model):
    """One row. Numbers come from a sequence, so that one which was rolled back never comes again."""

    number = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="facts_version_is_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.number)


SEQUENCE = "places_facts_version"


def version_moved(*, of_area: bool = False) -> pgtrigger.Trigger:
    """Any statement about facts moves the version on, in its own transaction."""
    update = pgtrigger.UpdateOf(*_OF_AREAS) if of_area else pgtrigger.Update  # type: ignore[no-untyped-call]
    return pgtrigger.Trigger(
        name="version_moved",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | update | pgtrigger.Delete,
        func=f"""
            INSERT INTO places_factsversion (id, number) VALUES (1, nextval('{SEQUENCE}'))
            ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
            RETURN NULL;
        """,  # noqa: S608  (a name of our own, never input)
    )


def facts_version() -> int:
    """The same as long as no fact about a place has changed; 0 while there is none. Cost: one query for one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM places_factsversion")
        return (cursor.fetchone() or (0,))[0]
