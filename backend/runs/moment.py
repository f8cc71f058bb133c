"""Reading everything a run depends on as it is at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query see the same state of the database: a pairing agreed meanwhile is in all of them or in none."""
    if connection.in_atomic_block:  # the caller's transaction has seen something already; a test's, above all
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
