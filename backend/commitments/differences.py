"""Where both sides' figures do not agree (yet): arrivals with something open, and whom each waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet

from backend.accounts.models import User
from backend.commitments import steps
from backend.commitments.models import Discrepancy, LedgerEntry, ReversalRequest, Stage
from backend.commitments.steps import Step
from backend.pairings.models import Side
from backend.pairings.scopes import side_of


class Matter(models.TextChoices):
    UNANSWERED = "UNANSWERED", "一方已报告，对方未答复"
    AMOUNT = "AMOUNT", "双方数字不一致"
    DUPLICATE = "DUPLICATE", "凭证重复登记"
    REVERSAL = "REVERSAL", "申请冲销，待对方同意"


class Waiting(models.TextChoices):
    """Whose turn it is."""

    HELPER = "HELPER", "帮扶方"
    RECIPIENT = "RECIPIENT", "受援方"
    BOTH = "BOTH", "双方任一方"
    COORDINATOR = "COORDINATOR", "协调员"


@dataclass(frozen=True)
class Open:
    """One thing to settle; `step` is how the reader may settle it, None where it is not the reader's turn."""

    kind: Matter
    waits_for: Waiting
    since: dt.datetime
    step: Step | None


def _unsettled() -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(status__in=Discrepancy.UNSETTLED)


def _asked() -> QuerySet[ReversalRequest]:
    return ReversalRequest.objects.filter(status=ReversalRequest.Status.REQUESTED)


def concerned_by(kind: str, rows: QuerySet[LedgerEntry]) -> QuerySet[Any]:
    """The ids of arrivals about which something of the kind is open; where those are many, among `rows` only."""
    if kind == Matter.UNANSWERED:
        silent = rows.filter(stage=Stage.ARRIVED, reverses__isnull=True, confirmation__isnull=True)
        return silent.filter(reversed_by__isnull=True).order_by().values("pk")
    if kind == Matter.REVERSAL:
        return _asked().order_by().values("entry")
    return _unsettled().filter(kind=kind).order_by().values("entry")


def entries(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """Of `rows`, the arrivals with something open, with all that `matters` looks at. Cost: three queries.

    Found from the few open matters and not by looking at every arrival; what was reversed has none left.
    """
    first, *others = (concerned_by(kind, rows) for kind in Matter)
    return (
        rows.filter(pk__in=first.union(*others))
        .select_related("confirmation", "commitment__pairing__helper__area", "commitment__pairing__recipient")
        .prefetch_related(
            Prefetch("discrepancies", _unsettled().select_related("explained_by__party__area")),
            Prefetch("reversal_requests", _asked().select_related("requested_by__party__area")),
        )
    )


def matters(entry: LedgerEntry, user: User) -> list[Open]:
    """What is open about one of `entries`, and what the reader may do about it."""
    return list(_matters(entry, user))


def _matters(entry: LedgerEntry, user: User) -> Iterator[Open]:
    commitment = entry.commitment
    if not hasattr(entry, "confirmation"):
        other = _other(entry.reported_by_side)
        mine = Step.CONFIRM if side_of(user, commitment.pairing) == other else None
        yield Open(Matter.UNANSWERED, Waiting(other), entry.created_at, mine)
    for one in entry.discrepancies.all():
        allowed = steps.of_discrepancy(one, commitment, user)
        yield Open(Matter(one.kind), _turn(one), one.created_at, allowed[0] if allowed else None)
    for asked in entry.reversal_requests.all():
        other = _other(side_of(asked.requested_by, commitment.pairing))
        may = steps.of_request(asked, commitment, user)
        yield Open(Matter.REVERSAL, Waiting(other), asked.created_at, may[0] if may else None)


def _turn(matter: Discrepancy) -> Waiting:
    if matter.status == Discrepancy.Status.OPEN:
        return Waiting.BOTH
    if matter.kind == Discrepancy.Kind.DUPLICATE:
        return Waiting.COORDINATOR
    return Waiting(_other(side_of(matter.explained_by, matter.entry.commitment.pairing)))


def _other(side: str | None) -> Side:
    return Side.RECIPIENT if side == Side.HELPER else Side.HELPER
