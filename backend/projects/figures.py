"""What lists and pages show of a project that is counted, never typed: money by stage, milestones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from backend.commitments.models import Stage
from backend.projects.models import Milestone, Project, ProjectMoney, Source

FIGURES = ("planned", "arrived", "spent", "accepted")
_FIELD: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)


def with_money(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate `planned`, `arrived`, `spent` and `accepted` in yuan: sums of the plan and of the ledger."""
    money = ProjectMoney.objects.filter(project=OuterRef("pk"))
    return rows.annotate(
        planned=_sum(Source.objects.filter(project=OuterRef("pk")), "planned_yuan"),
        arrived=_sum(money.filter(stage=Stage.ARRIVED), "amount_yuan"),
        spent=_sum(money.filter(stage=Stage.SPENT), "amount_yuan"),
        accepted=_sum(money, "accepted_yuan"),
    )


def with_milestones(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate how many milestones there are (`milestone_count`), are `reached` and are `late`."""
    own = Milestone.objects.filter(project=OuterRef("pk"))
    return rows.annotate(
        milestone_count=_count(own),
        reached=_count(own.filter(done_date__isnull=False)),
        late=_count(own.filter(late())),
    )


def late(today: Any = None) -> Q:
    """Milestones that are due and not reached, of work that is on; `today` stands for the day in a query that is kept
    beyond it."""
    return Q(
        done_date__isnull=True, due_date__lt=today or timezone.localdate(), project__status=Project.Status.UNDERWAY
    )  # fmt: skip


def _sum(rows: QuerySet[Any], field: str) -> Coalesce:
    total = rows.order_by().values("project").annotate(total=Sum(field)).values("total")
    return Coalesce(Subquery(total, output_field=_FIELD), Value(Decimal("0.00"), output_field=_FIELD))


def _count(rows: QuerySet[Any]) -> Coalesce:
    total = rows.order_by().values("project").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))
