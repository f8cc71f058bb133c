"""What has been promised to a need; asked by the needs room through the setting NEED_PROMISES, since it lies below."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from backend.commitments.models import Commitment, LedgerEntry, Stage
from backend.needs.models import Need


def with_promised(rows: QuerySet[Need]) -> QuerySet[Need]:
    """Annotate `promised_yuan`, what registered commitments agreed on for the need, and `gap_yuan`, what the estimate
    still lacks: never below zero, None where nobody estimated."""
    field: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
    zero = Value(Decimal("0.00"), output_field=field)
    agreed = (
        LedgerEntry.objects.filter(
            commitment__need=OuterRef("pk"), commitment__status=Commitment.Status.REGISTERED, stage=Stage.AGREED
        )
        .order_by()
        .values("commitment__need")
        .annotate(total=Sum("amount_yuan"))
        .values("total")
    )
    promised = rows.annotate(promised_yuan=Coalesce(Subquery(agreed, output_field=field), zero))
    lacking = Greatest(F("cost_yuan") - F("promised_yuan"), zero, output_field=field)
    return promised.annotate(gap_yuan=Case(When(cost_yuan__isnull=False, then=lacking), default=None))
