"""What the ledger tells for the marks of a pairing: somebody sent and in post on the day, money spent and acceptances
recorded in its year."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from backend.commitments.models import LedgerEntry, Posting, Stage
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


def _in_post(pairing: Pairing, day: dt.date) -> list[Evidence]:
    """Everybody who had taken up a post by the day and had not left it."""
    rows = Posting.objects.filter(
        Q(end_date__isnull=True) | Q(end_date__gte=day),
        entry__commitment__pairing=pairing,
        entry__reversed_by__isnull=True,
        start_date__lte=day,
    )
    return [Evidence(Mark.PEOPLE, row.start_date, str(row)) for row in rows.order_by("-start_date")]


def _told(pairing: Pairing, day: dt.date) -> list[Evidence]:
    return [*_in_post(pairing, day), *_entries(pairing, day)]


LEDGER = Provider(frozenset({Mark.PEOPLE, *_MARKS.values()}), _told)
