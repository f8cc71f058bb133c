"""Checking that the record was not doctored: recompute the chain and compare it with a head exported earlier."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

_CHECK = """
SELECT seq, event_id, fault FROM (
    SELECT s.seq, s.event_id,
        CASE
            WHEN e.id IS NULL THEN 'event deleted'
            WHEN s.seq <> row_number() OVER chain THEN 'seal missing before this one'
            WHEN s.prev_hash <> coalesce(lag(s.hash) OVER chain, lifecycle_genesis()) THEN 'link broken'
            WHEN s.hash <> sha256(s.prev_hash || lifecycle_canonical(e)) THEN 'event changed'
        END AS fault
    FROM lifecycle_eventseal s LEFT JOIN lifecycle_event e ON e.id = s.event_id
    WINDOW chain AS (ORDER BY s.seq)
) checked WHERE fault IS NOT NULL
UNION ALL
SELECT NULL, e.id, 'event without seal'
FROM lifecycle_event e LEFT JOIN lifecycle_eventseal s ON s.event_id = e.id WHERE s.seq IS NULL
ORDER BY 1 NULLS LAST, 2 LIMIT 100
"""


@dataclass(frozen=True)
class Head:
    """The end of the chain: its length and last hash (hex). Printed and kept elsewhere, it shows a cut tail."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """One place where the record and its seals disagree."""

    seq: int | None
    event_id: int | None
    what: str


def head() -> Head:
    """The current end of the chain; Head(0, genesis) when nothing has happened yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, encode(hash, 'hex') FROM lifecycle_eventseal"
            " UNION ALL SELECT 0, encode(lifecycle_genesis(), 'hex') ORDER BY 1 DESC LIMIT 1"
        )
        return Head(*cursor.fetchone())


def verify(known: Head | None = None) -> list[Fault]:
    """Recompute every seal; return the first 100 faults, none when the record is whole.

    `known` is a head exported earlier: the chain must still contain it, otherwise its tail was cut or rewritten.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CHECK)
        faults = [Fault(*row) for row in cursor.fetchall()]
        if known and known.seq:
            cursor.execute("SELECT encode(hash, 'hex') FROM lifecycle_eventseal WHERE seq = %s", [known.seq])
            row = cursor.fetchone()
            if row is None:
                faults.append(Fault(known.seq, None, "tail cut: the exported head is gone"))
            elif row[0] != known.hash:
                faults.append(Fault(known.seq, None, "rewritten: the exported head has another hash"))
    return faults
