"""What a need was promised, earmarks included; asked by the needs room through the setting NEED_PROMISES."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from backend.commitments import promises
from backend.needs.models import Need
from backend.projects.models import Earmark


def with_promised(rows: QuerySet[Need]) -> QuerySet[Need]:
    """As of the commitments made for the need, and with what helpers earmarked for it of others."""
    field: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
    zero = Value(Decimal("0.00"), output_field=field)
    meant = Earmark.objects.filter(need=OuterRef("pk")).order_by().values("need").annotate(total=Sum("amount_yuan"))
    earmarked = Coalesce(Subquery(meant.values("total"), output_field=field), zero)
    promised = rows.annotate(promised_yuan=promises.agreed_yuan() + earmarked)
    lacking = Greatest(F("cost_yuan") - F("promised_yuan"), zero, output_field=field)
    return promised.annotate(gap_yuan=Case(When(cost_yuan__isnull=False, then=lacking), default=None))
