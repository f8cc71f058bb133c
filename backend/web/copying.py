"""New rows into a table by COPY: several times as fast as `bulk_create` once there are tens of thousands.

Triggers and constraints hold as for every other way of writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql

M = TypeVar("M", bound=Model)


def create_all(rows: Sequence[M]) -> Sequence[M]:
    """Insert rows of one model and give each its key, in their order.

    Fields write what they write by themselves (times, spellings) as when a row is saved.
    """
    if not rows:
        return rows
    model = type(rows[0])
    writing = [field for field in model._meta.concrete_fields if type(field).pre_save is not Field.pre_save]
    for row, key in zip(rows, _fresh_keys(model, len(rows)), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
        for field in writing:
            field.pre_save(row, add=True)
    copy_rows(model, model._meta.concrete_fields, rows)
    return rows


def copy_rows(model: type[M], columns: Sequence[Field[Any, Any]], rows: Iterable[M]) -> None:
    """Write these columns of the rows exactly as they are."""
    values = attrgetter(*(field.attname for field in columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in columns)
    )
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(values(row))


def _fresh_keys(model: type[Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]
