"""工作到位 and 效果到位: money spent, and acceptances recorded, in the year that is asked about."""

from __future__ import annotations

import datetime as dt

from backend.commitments.models import LedgerEntry, Stage
from backend.pairings.marks import Evidence, Mark, Provider
from backend.pairings.models import Pairing

_MARKS = {Stage.SPENT: Mark.WORK, Stage.ACCEPTED: Mark.EFFECT}


def _entries(pairing: Pairing, day: dt.date) -> list[Evidence]:
    """The latest of each stage; what was reversed earns nothing."""
    standing = LedgerEntry.objects.filter(
        commitment__pairing=pairing, occurred_date__year=day.year, reverses__isnull=True, reversed_by__isnull=True
    ).select_related("commitment")
    found = []
    for stage, mark in _MARKS.items():
        entry = standing.filter(stage=stage).order_by("occurred_date").last()
        if entry is not None:
            found.append(Evidence(mark, entry.occurred_date, f"{stage.label}：{entry.commitment.title}"))
    return found


LEDGER = Provider(frozenset(_MARKS.values()), _entries)
