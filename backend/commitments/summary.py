"""A year at a glance: what was promised and what became of it, kind by kind, never adding unlike things."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from backend.accounts.scopes import visible
from backend.commitments import balances, kinds
from backend.commitments.models import Commitment, Discrepancy
from backend.commitments.models.commitment import FIGURES
from backend.places.models import inside_code

ZERO = Decimal("0.00")
# The letter of responsibility of a central unit (DOMAIN §1.4), each read off the ledger: kind and who is trained.
RESPONSIBILITY_LETTER = (
    ("DIRECT_INPUT", ""),
    ("INTRODUCED_FUNDS", ""),
    ("TRAINING", kinds.Trainees.CADRES),
    ("TRAINING", kinds.Trainees.TECHNICIANS),
    ("PURCHASE", ""),
    ("ASSISTED_SALES", ""),
)


def of_year(user: Any, year: int, **only: Any) -> dict[str, Any]:
    """Everything the log-in may see of one year; `only` narrows the commitments down."""
    rows = visible(Commitment, user).filter(year=year, status=Commitment.Status.REGISTERED, **only)
    return {
        "year": year,
        "kinds": by_kind(rows),
        "direct_share": direct_share(rows),
        "sectors": by_sector(rows),
        "responsibility": responsibility(rows),
        "counties": rows.values("pairing__recipient").distinct().count(),
        **_to_look_at(user, rows),
    }


def latest_year(user: Any) -> int:
    """The latest year of which the log-in may see a commitment; this year where there is none."""
    found = visible(Commitment, user).filter(status=Commitment.Status.REGISTERED).aggregate(latest=Max("year"))
    return found["latest"] or timezone.localdate().year


def sums_by_stage() -> dict[str, Any]:
    """For `annotate` and `aggregate` over commitments; unlike units are for the caller to keep apart."""
    return {name: Sum(f"totals__{name}", default=ZERO) for name in FIGURES}


def by_kind(rows: QuerySet[Commitment]) -> list[dict[str, Any]]:
    """One line per kind, in the kind's unit, with `count` commitments, of which `done` have something confirmed, and
    `completion` = arrived ÷ agreed in percent, which may exceed 100."""
    found = (
        rows.order_by()
        .values("kind", "unit", "flows")
        .annotate(count=Count("pk"), done=Count("pk", filter=Q(totals__confirmed__gt=0)), **sums_by_stage())
    )
    lines = {line["kind"]: line for line in found}
    return [
        {**lines[kind], "kind_label": kinds.Kind(kind).label, "completion": percent(lines[kind], "arrived", "agreed")}
        for kind in kinds.Kind.values
        if kind in lines
    ]


def percent(line: dict[str, Any], part: str, whole: str) -> Decimal | None:
    """To one decimal; None where there is no whole."""
    return (100 * line[part] / line[whole]).quantize(Decimal("0.1")) if line[whole] else None


def direct_share(rows: QuerySet[Commitment]) -> Decimal | None:
    """How much of the money and goods that arrived was simply handed out, in percent (DOMAIN §8: less of it)."""
    given = rows.filter(kind__in=kinds.chosen_modes())
    line = given.aggregate(
        whole=Sum("totals__arrived", default=ZERO),
        direct=Sum("totals__arrived", filter=Q(mode=kinds.Mode.DIRECT), default=ZERO),
    )
    return percent(line, "direct", "whole")


def by_sector(rows: QuerySet[Commitment]) -> list[dict[str, Any]]:
    """What money that is handed over is for, with its share of what was agreed; `sector` is blank where nobody said."""
    found = rows.filter(flows=True).order_by().values("sector").annotate(count=Count("pk"), **sums_by_stage())
    whole = sum((line["agreed"] for line in found), ZERO)
    ordered = sorted(found, key=lambda line: (not line["sector"], -line["agreed"]))
    return [{**line, "share": percent({**line, "whole": whole}, "agreed", "whole")} for line in ordered]


def responsibility(rows: QuerySet[Commitment]) -> list[dict[str, Any]]:
    """The six indicators of central units, agreed and confirmed."""
    units = rows.filter(pairing__helper__kind="CENTRAL_UNIT")
    found = {
        (line["kind"], line["trainees"]): line
        for line in units.order_by().values("kind", "trainees").annotate(**sums_by_stage())
    }
    if not found:
        return []
    nothing = {"agreed": ZERO, "confirmed": ZERO}
    return [
        {
            "kind": kind,
            "trainees": trainees,
            "unit": kinds.SPECS[kind].unit,
            **{name: found.get((kind, trainees), nothing)[name] for name in nothing},
        }
        for kind, trainees in RESPONSIBILITY_LETTER
    ]


def _to_look_at(user: Any, rows: QuerySet[Commitment]) -> dict[str, Any]:
    """Money idle today, differences open, vouchers claimed twice."""
    lying = balances.idle(rows, timezone.localdate())
    open_ones = visible(Discrepancy, user).filter(status__in=Discrepancy.UNSETTLED, entry__commitment__in=rows)
    counted = dict(open_ones.order_by().values_list("kind").annotate(Count("pk")))
    return {
        "idle_yuan": sum((one.idle for one in lying), ZERO),  # type: ignore[attr-defined]
        "idle_long_yuan": sum((one.idle_long for one in lying), ZERO),  # type: ignore[attr-defined]
        "differences": counted.get(Discrepancy.Kind.AMOUNT, 0),
        "duplicates": counted.get(Discrepancy.Kind.DUPLICATE, 0),
    }


def of_county(user: Any, code: str, day: dt.date) -> QuerySet[Commitment]:
    """Commitments to a county, its townships and villages up to `day`'s year, with their figures at the end of it."""
    rows = visible(Commitment, user).filter(
        inside_code(code, "pairing__recipient"), status=Commitment.Status.REGISTERED, year__lte=day.year
    )
    return balances.with_balance(rows, day)
