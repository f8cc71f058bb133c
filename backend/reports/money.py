"""Money by stage, year and channel: of a place, or of a helper. Sums over published relations, never single entries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from backend.commitments.models import Commitment, Confirmation, LedgerEntry, Stage
from backend.pairings.models import Pairing
from backend.pairings.scopes import published
from backend.parties.models import Party
from backend.places.models import Area, inside

ZERO = Decimal("0.00")
STAGES = ("agreed", "arrived", "confirmed", "spent", "accepted")
_KEY = ("year", "channel", "is_own")


def of_place(area: Area) -> list[dict[str, Any]]:
    """What was given to `area` and the places inside it; `is_own` tells the two apart, so that a province's total is
    the sum of its counties and of what is labelled as its own."""
    return _by_stage(Pairing.objects.filter(inside(area, "recipient")), Q(commitment__pairing__recipient=area))


def of_helper(party: Party) -> list[dict[str, Any]]:
    """What `party` gave; all of it is its own."""
    return _by_stage(Pairing.objects.filter(helper=party), Q(pk__isnull=False))


def _by_stage(relations: QuerySet[Pairing], own: Q) -> list[dict[str, Any]]:
    """One line per year, channel and `is_own`: yuan by stage; `confirmed` is what recipients confirmed of `arrived`.

    `is_demo`: some of it was entered by a demonstration log-in. Cost: two queries.
    """
    entries = LedgerEntry.objects.filter(
        commitment__pairing__in=published(relations), commitment__status=Commitment.Status.REGISTERED
    ).annotate(
        year=F("commitment__year"),
        channel=F("commitment__pairing__channel__code"),
        is_own=Case(When(own, then=Value(True)), default=Value(False)),
    )
    lines: dict[tuple[Any, ...], dict[str, Any]] = {}
    totals = (
        entries.order_by()
        .values(*_KEY, "stage")
        .annotate(total=Sum("amount_yuan"), demo=BoolOr("commitment__registered_by__is_demo"))
    )
    for row in totals:
        line = lines.setdefault(tuple(row[name] for name in _KEY), _line(row))
        line[Stage(row["stage"]).lower()] = row["total"]
        line["is_demo"] |= row["demo"]
    for row in _confirmed(entries):
        lines[tuple(row[name] for name in _KEY)]["confirmed"] = row["total"]
    return sorted(lines.values(), key=lambda line: (-line["year"], line["channel"], not line["is_own"]))


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in _KEY}, **dict.fromkeys(STAGES, ZERO), "is_demo": False}


def _confirmed(entries: QuerySet[LedgerEntry]) -> Any:
    answered = entries.filter(confirmation__answer=Confirmation.Answer.CONFIRMED)
    return answered.order_by().values(*_KEY).annotate(total=Sum("confirmation__amount_yuan"))
