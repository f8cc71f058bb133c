"""What stood in the ledger at the end of any day, and how long money has lain idle."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from backend.commitments.models import Commitment, Stage

WARNED_YEARS, ALARMED_YEARS = 1, 2  # the audit of 2017 (DOMAIN §5) counted what lay for more than two
_FIELD: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
_ZERO = Value(Decimal("0.00"), output_field=_FIELD)


def with_balance(rows: QuerySet[Commitment], day: dt.date) -> QuerySet[Commitment]:
    """Annotate the figures at the end of `day`, by the dates on which things happened and by what is known today:
    `agreed_then`, `arrived_then`, `confirmed_then`, `spent_then`, `accepted_then`, in the row's unit.

    `balance` is confirmed and unspent; `idle` and `idle_long` are the parts of it that arrived more than one and two
    years before. First in, first out: whatever was spent was spent from the oldest arrivals, so what is left of those
    before a day is all of them less everything spent since. Cost: one pass over each row's own entries.
    """
    annotated = rows.annotate(
        agreed_then=_sum("value", day, stage=Stage.AGREED),
        arrived_then=_sum("value", day, stage=Stage.ARRIVED),
        confirmed_then=_sum("confirmed", day),
        spent_then=_sum("value", day, stage=Stage.SPENT),
        accepted_then=_sum("value", day, stage=Stage.ACCEPTED),
        _old=_sum("confirmed", years_before(day, WARNED_YEARS)),
        _older=_sum("confirmed", years_before(day, ALARMED_YEARS)),
    )
    return annotated.annotate(
        balance=F("confirmed_then") - F("spent_then"),
        idle=Greatest(F("_old") - F("spent_then"), _ZERO, output_field=_FIELD),
        idle_long=Greatest(F("_older") - F("spent_then"), _ZERO, output_field=_FIELD),
    )


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _sum(what: str, day: dt.date, **only: Any) -> Any:
    counted = {f"standing__{name}": value for name, value in {**only, "occurred_date__lte": day}.items()}
    return Coalesce(Sum(f"standing__{what}", filter=Q(**counted)), _ZERO, output_field=_FIELD)


def idle(rows: QuerySet[Commitment], day: dt.date) -> QuerySet[Commitment]:
    """Commitments with money that has lain for more than a year on `day`, the longest first by amount.

    `day` is today or later: the totals tell of what is left now.
    """
    candidates = rows.filter(totals__unspent_since__lte=years_before(day, WARNED_YEARS))
    return with_balance(candidates, day).select_related("totals").order_by("-idle_long", "-idle", "pk")
