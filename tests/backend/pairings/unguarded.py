"""Taking a rule of this room's tables away for the rest of a test, to see what it was there for."""

from __future__ import annotations

from django.db import connection


def without_trigger(table: str, trigger: str) -> None:
    """Drop a trigger of `pairings_<table>`, by the name that the model gives it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [f"pairings_{table}", f"pgtrigger_{trigger}_%"],
        )
        ((name,),) = cursor.fetchall()
        cursor.execute(f"DROP TRIGGER {name} ON pairings_{table}")


def without_constraint(table: str, constraint: str) -> None:
    """Drop a constraint of `pairings_<table>`, or the unique index that stands for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE pairings_{table} DROP CONSTRAINT IF EXISTS {constraint}")
        cursor.execute(f"DROP INDEX IF EXISTS {constraint}")
