"""What became of the figures of a signed agreement: promised under it, confirmed by both sides, still to promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, Q, Sum, Value, When

from backend.agreements.kinds import NOT_COMMITMENTS, YEARLY, Indicator, Unit
from backend.agreements.models import Agreement, Target
from backend.commitments.kinds import Kind
from backend.commitments.models import Commitment
from backend.pairings.models import Contact, Pairing, SubPairing

ZERO = Decimal(0)
# 社会帮扶 is money and goods at their value (DOMAIN §1.3); every other target is one kind of commitment.
_KINDS: dict[str, tuple[str, ...]] = {Indicator.SOCIAL_AID: (Kind.SOCIAL_AID, Kind.SOCIAL_GOODS)}


@dataclass(frozen=True)
class Progress:
    """One target. `kind`, `promised` and `left` are None where nobody registers a commitment for it: pairs of units
    and meetings are kept by the pairing's own records. `completion` in percent may exceed 100."""

    agreement: int
    agreement_title: str
    indicator: str
    unit: Unit
    quantity: Decimal
    note: str
    kind: str | None
    promised: Decimal | None
    confirmed: Decimal
    left: Decimal | None
    completion: Decimal


def of_agreement(agreement: Agreement) -> list[Progress]:
    """Every target of a signed agreement, in its order. Cost: two queries, and one for each kind of record beside the
    ledger. Sums are those of the whole agreement, also for readers who see a part of its commitments."""
    sums = _by_kind(agreement)
    return [_line(agreement, target, sums) for target in agreement.targets.all()]


def of_pairing(pairing: Pairing, year: int) -> list[Progress]:
    """The targets in force for a pairing in a year, its unit's letter of responsibility included; the year's own
    before those of frameworks."""
    rows = (
        Agreement.objects.filter(Q(pairing=pairing) | Q(unit=pairing.helper_id), status=Agreement.Status.SIGNED)
        .filter(start_date__lte=dt.date(year, 12, 31), end_date__gte=dt.date(year, 1, 1))
        .annotate(_framework=Case(When(kind__in=YEARLY, then=0), default=Value(1), output_field=IntegerField()))
        .prefetch_related("targets")
        .order_by("_framework", "id")
    )
    return [line for agreement in rows for line in of_agreement(agreement)]


def _by_kind(agreement: Agreement) -> dict[str, tuple[Decimal, Decimal]]:
    """What was promised and what both sides confirmed, by kind, over the years of the agreement."""
    whose = Q(pairing=agreement.pairing_id) if agreement.pairing_id else Q(pairing__helper=agreement.unit_id)
    years = (agreement.start_date.year, agreement.end_date.year)
    rows = Commitment.objects.registered().filter(whose, year__range=years).order_by().values("kind")
    found = rows.annotate(promised=Sum("totals__agreed"), sure=Sum("totals__confirmed"))
    return {line["kind"]: (line["promised"], line["sure"]) for line in found}


def _line(agreement: Agreement, target: Target, sums: dict[str, tuple[Decimal, Decimal]]) -> Progress:
    kind = None if target.indicator in NOT_COMMITMENTS else target.indicator
    promised, left = None, None
    if kind is None:
        confirmed = Decimal(_recorded(agreement, target.indicator))
    else:
        given = [sums.get(one, (ZERO, ZERO)) for one in _KINDS.get(kind, (kind,))]
        promised, confirmed = _total(pair[0] for pair in given), _total(pair[1] for pair in given)
        left = max(target.quantity - promised, ZERO)
    return Progress(
        agreement=agreement.pk,
        agreement_title=agreement.title,
        indicator=target.indicator,
        unit=target.unit,
        quantity=target.quantity,
        note=target.note,
        kind=kind,
        promised=promised,
        confirmed=confirmed,
        left=left,
        completion=(100 * confirmed / target.quantity).quantize(Decimal("0.1")),
    )


def _total(figures: Iterable[Decimal]) -> Decimal:
    return sum(figures, ZERO)


def _recorded(agreement: Agreement, indicator: str) -> int:
    """Joint meetings held and pairs of units agreed on in the period of the agreement."""
    rows: Any
    if indicator == Indicator.JOINT_MEETINGS:
        rows = Contact.objects.filter(
            kind=Contact.Kind.JOINT_MEETING,
            void_reason="",
            contact_date__range=(agreement.start_date, agreement.end_date),
        )
    else:
        rows = SubPairing.objects.filter(
            Q(end_date__isnull=True) | Q(end_date__gte=agreement.start_date),
            status__in=[SubPairing.Status.AGREED, SubPairing.Status.ENDED],
            start_date__lte=agreement.end_date,
        )
    if agreement.pairing_id:
        return int(rows.filter(pairing=agreement.pairing_id).count())
    return int(rows.filter(pairing__helper=agreement.unit_id).count())
