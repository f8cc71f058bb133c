"""What registered commitments agreed on for a need; `projects.promises` adds what was earmarked for it of others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from backend.commitments.models import Commitment, LedgerEntry, Stage


def agreed_yuan() -> Coalesce:
    """For rows of needs: the sum in yuan, zero where nobody promised anything."""
    field: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
    agreed = (
        LedgerEntry.objects.filter(
            commitment__need=OuterRef("pk"), commitment__status=Commitment.Status.REGISTERED, stage=Stage.AGREED
        )
        .order_by()
        .values("commitment__need")
        .annotate(total=Sum("amount_yuan"))
        .values("total")
    )
    return Coalesce(Subquery(agreed, output_field=field), Value(Decimal("0.00"), output_field=field))
