"""Money by stage, year and channel: of a place, or of a helper. Sums over published relations, never single entries."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, F, Q, QuerySet, Value, When

from backend.commitments.models import Commitment
from backend.commitments.summary import sums_by_stage
from backend.pairings.models import Pairing
from backend.pairings.scopes import published
from backend.parties.models import Party
from backend.places.models import Area, inside

_KEY = ("year", "channel", "is_own")


def of_place(area: Area) -> list[dict[str, Any]]:
    """What was given to `area` and the places inside it; `is_own` tells the two apart, so that a province's total is
    the sum of its counties and of what is labelled as its own."""
    return _by_stage(Pairing.objects.filter(inside(area, "recipient")), Q(pairing__recipient=area))


def of_helper(party: Party) -> list[dict[str, Any]]:
    """What `party` gave; all of it is its own."""
    return _by_stage(Pairing.objects.filter(helper=party), Q(pk__isnull=False))


def _by_stage(relations: QuerySet[Pairing], own: Q) -> list[dict[str, Any]]:
    """One line per year, channel and `is_own`: yuan by stage of money that is handed over; `confirmed` is what both
    sides stand behind of `arrived`.

    `is_demo`: some of it was entered by a demonstration log-in. Cost: one query.
    """
    rows = (
        Commitment.objects.registered()
        .filter(pairing__in=published(relations), flows=True)
        .annotate(channel=F("pairing__channel__code"), is_own=Case(When(own, then=Value(True)), default=Value(False)))
        .order_by()
        .values(*_KEY)
        .annotate(is_demo=BoolOr("registered_by__is_demo"), **sums_by_stage())
    )
    return sorted(rows, key=lambda line: (-line["year"], line["channel"], not line["is_own"]))
