"""Allotting money that has arrived to a project, and spending it there. Callers hold the project's row lock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, DecimalField, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from backend.accounts.models import User
from backend.commitments import actions as ledger
from backend.commitments.models import Commitment, LedgerEntry, Stage, StandingEntry
from backend.lifecycle.actions import record
from backend.projects.models import Allotment, Project, ProjectMoney
from backend.projects.steps import Step, allow
from backend.web.problems import Invalid

_ZERO = Decimal(0)


def allot(*, project: Project, entry: LedgerEntry, amount_yuan: Decimal, reason: str = "", by: User) -> Allotment:
    """Say how much of a ledger entry belongs to the project; a negative amount takes back, with a reason.

    The database refuses more than both sides confirmed and other projects left, part of a spending, and whatever would
    leave more spent than allotted.
    """
    allow(Step.ALLOT, project, by)
    if amount_yuan < 0 and not reason.strip():
        raise Invalid("收回时请写明理由", field="reason")
    return _write(project, entry, amount_yuan, reason.strip(), by)


def spend(
    *, project: Project, commitment: Commitment, amount_yuan: Decimal, occurred_date: dt.date, reference: str = "",
    evidence: str = "", by: User,
) -> LedgerEntry:  # fmt: skip
    """Record a spending in the ledger of the commitment and as the project's own, both or neither.

    Raises as `commitments.actions.spend` too; the database refuses more than was allotted to the project.
    """
    allow(Step.SPEND, project, by)
    with transaction.atomic():
        entry = ledger.spend(
            commitment=commitment, amount_yuan=amount_yuan, occurred_date=occurred_date, reference=reference,
            evidence=evidence, by=by,
        )  # fmt: skip
        _write(project, entry, amount_yuan, "", by)
        return entry


def return_surplus(*, project: Project, reason: str, by: User) -> None:
    """Take back what was allotted and not spent, of each commitment the latest arrivals first."""
    lines = list(ProjectMoney.objects.filter(project=project, flows=True).order_by("-occurred_date", "-id"))
    for commitment in {line.commitment_id for line in lines}:
        own = [line for line in lines if line.commitment_id == commitment]
        spent = sum((line.amount_yuan for line in own if line.stage == Stage.SPENT), _ZERO)
        arrivals = [line for line in own if line.stage == Stage.ARRIVED]
        surplus = sum((line.amount_yuan for line in arrivals), _ZERO) - spent
        for line in arrivals:
            back = min(surplus, line.amount_yuan)
            if back > 0:
                _write(project, line.entry, -back, reason, by)
                surplus -= back


def _write(project: Project, entry: LedgerEntry, amount_yuan: Decimal, reason: str, by: User) -> Allotment:
    with transaction.atomic():
        made = Allotment.objects.create(project=project, entry=entry, amount_yuan=amount_yuan, reason=reason, by=by)
        verb = ("spent" if entry.stage == Stage.SPENT else "allotted") if amount_yuan > 0 else "taken_back"
        told = {"entry": entry.pk, "stage": entry.stage, "amount_yuan": str(amount_yuan)}
        record(project, verb, by=by, reason=reason, payload=told)
        return made


def free_entries(project: Project) -> QuerySet[StandingEntry]:
    """Confirmed arrivals and spendings of the project's pairing of which something (`free_yuan`) belongs to no project
    yet: of the commitments it was planned with first, then the oldest."""
    field: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=2)
    taken = (
        Allotment.objects.filter(entry=OuterRef("pk"))
        .order_by().values("entry").annotate(total=Sum("amount_yuan")).values("total")
    )  # fmt: skip
    rows = StandingEntry.objects.filter(
        commitment__pairing=project.pairing_id, commitment__unit="YUAN", stage__in=(Stage.ARRIVED, Stage.SPENT)
    )
    worth = Case(When(stage=Stage.SPENT, then=F("value")), default=F("confirmed"), output_field=field)
    free = rows.annotate(
        worth=worth,
        taken=Coalesce(Subquery(taken, output_field=field), Value(_ZERO, output_field=field)),
        planned=Exists(project.sources.filter(commitment=OuterRef("commitment"))),
    ).annotate(free_yuan=F("worth") - F("taken"))
    return free.filter(free_yuan__gt=0).select_related("commitment").order_by("-planned", "occurred_date", "pk")
