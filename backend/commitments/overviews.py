"""A year at a glance, a county's balance on any day, and the matters to settle, over HTTP."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.scopes import visible
from backend.commitments import kinds, summary
from backend.commitments.filters import DiscrepancyFilter
from backend.commitments.models import Discrepancy
from backend.commitments.serializers import DIGITS
from backend.needs.models import Need
from backend.parties.models import DEMO_NOTE
from backend.places.models import Area
from backend.web.exports import Exported
from backend.web.problems import Invalid
from backend.web.sheets import Column
from backend.web.sheets import Kind as CellKind


class _Figures(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    agreed = serializers.DecimalField(**DIGITS)
    arrived = serializers.DecimalField(**DIGITS)
    confirmed = serializers.DecimalField(**DIGITS)
    spent = serializers.DecimalField(**DIGITS)
    accepted = serializers.DecimalField(**DIGITS)


class KindLineSerializer(_Figures):
    """One kind of a year, in its unit; `done` commitments have something confirmed."""

    kind = serializers.ChoiceField(choices=kinds.Kind.choices)
    kind_label = serializers.CharField()
    unit = serializers.ChoiceField(choices=kinds.Unit.choices)
    flows = serializers.BooleanField()
    done = serializers.IntegerField()
    completion = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True)


class SectorLineSerializer(_Figures):
    sector = serializers.ChoiceField(choices=Need.Category.choices, allow_blank=True)
    share = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True)


class ResponsibilityLineSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=kinds.Kind.choices)
    trainees = serializers.ChoiceField(choices=kinds.Trainees.choices, allow_blank=True)
    unit = serializers.ChoiceField(choices=kinds.Unit.choices)
    agreed = serializers.DecimalField(**DIGITS)
    confirmed = serializers.DecimalField(**DIGITS)


class SummarySerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    counties = serializers.IntegerField()
    kinds = KindLineSerializer(many=True)
    sectors = SectorLineSerializer(many=True)
    responsibility = ResponsibilityLineSerializer(many=True)
    direct_share = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True)
    idle_yuan = serializers.DecimalField(**DIGITS)
    idle_long_yuan = serializers.DecimalField(**DIGITS)
    differences = serializers.IntegerField()
    duplicates = serializers.IntegerField()


class YearSummary(APIView):
    """What I may see of one year, kind by kind."""

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年度，默认今年")],
        responses=SummarySerializer,
        operation_id="commitments_summary",
    )
    def get(self, request: Request) -> Response:
        year = request.query_params.get("year") or str(timezone.localdate().year)
        if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100):
            raise Invalid(f"年度应为 1990 至 2100 的整数，收到的是“{year}”", field="year")
        return Response(SummarySerializer(summary.of_year(request.user, int(year))).data)


BALANCE = (
    "agreed_then",
    "arrived_then",
    "confirmed_then",
    "spent_then",
    "accepted_then",
    "balance",
    "idle",
    "idle_long",
)


class BalanceTotalsSerializer(serializers.Serializer[Any]):
    """Yuan at the end of the day; `idle` and `idle_long` are the parts of `balance` older than one and two years."""

    agreed = serializers.DecimalField(source="agreed_then", **DIGITS)
    arrived = serializers.DecimalField(source="arrived_then", **DIGITS)
    confirmed = serializers.DecimalField(source="confirmed_then", **DIGITS)
    spent = serializers.DecimalField(source="spent_then", **DIGITS)
    accepted = serializers.DecimalField(source="accepted_then", **DIGITS)
    balance = serializers.DecimalField(**DIGITS)
    idle = serializers.DecimalField(**DIGITS)
    idle_long = serializers.DecimalField(**DIGITS)


class BalanceLineSerializer(BalanceTotalsSerializer):
    """A commitment through which money flows."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    year = serializers.IntegerField()
    helper = serializers.CharField(source="pairing.helper.name")
    kind = serializers.ChoiceField(choices=kinds.Kind.choices)


class BalanceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    as_of = serializers.DateField()
    totals = BalanceTotalsSerializer()
    lines = BalanceLineSerializer(many=True)
    left_off = serializers.IntegerField()


LINES = 200


class CountyBalance(APIView):
    """Money handed to a county, as it stood at the end of a day: sums, and the lines behind them (largest balance
    first, at most 200; `left_off` says how many more)."""

    @extend_schema(
        parameters=[OpenApiParameter("as_of", dt.date, description="截至日期，默认今天")],
        responses=BalanceSerializer,
        operation_id="county_balance_retrieve",
    )
    def get(self, request: Request, code: str) -> Response:
        area = get_object_or_404(Area.objects.current(), code=code)
        day = _day(request.query_params.get("as_of"))
        rows = summary.of_county(request.user, code, day).filter(flows=True)
        sums = rows.aggregate(**{f"all_{name}": Sum(name, default=Decimal(0)) for name in BALANCE})
        lines = list(rows.select_related("pairing__helper").order_by("-balance", "-id")[:LINES])
        said = {
            "code": area.code,
            "name": area.full_name,
            "as_of": day,
            "totals": {name: sums[f"all_{name}"] for name in BALANCE},
            "lines": lines,
            "left_off": rows.count() - len(lines) if len(lines) == LINES else 0,
        }
        return Response(BalanceSerializer(said).data)


def _day(text: str | None) -> dt.date:
    """The day asked for. Raises Invalid for what is no date, or not yet past."""
    if not text:
        return timezone.localdate()
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"日期应写作 2020-12-31，收到的是“{text}”", field="as_of") from None
    if not dt.date(1990, 1, 1) <= day <= timezone.localdate():
        raise Invalid("截至日期应在 1990 年至今天之间", field="as_of")
    return day


class MatterSerializer(serializers.ModelSerializer[Discrepancy]):
    """A matter to settle, with where it stands."""

    commitment = serializers.IntegerField(source="entry.commitment_id")
    title = serializers.CharField(source="entry.commitment.title")
    year = serializers.IntegerField(source="entry.commitment.year")
    unit = serializers.ChoiceField(source="entry.commitment.unit", choices=kinds.Unit.choices)
    helper = serializers.CharField(source="entry.commitment.pairing.helper.name")
    recipient = serializers.CharField(source="entry.commitment.pairing.recipient.full_name")
    reported = serializers.DecimalField(source="entry.value", **DIGITS)
    seen = serializers.DecimalField(source="entry.confirmation.value", default=None, allow_null=True, **DIGITS)
    reference = serializers.CharField(source="entry.reference")

    class Meta:
        model = Discrepancy
        fields = [
            "id", "kind", "status", "commitment", "title", "year", "unit", "helper", "recipient", "reported", "seen",
            "reference", "explanation", "created_at",
        ]  # fmt: skip


class DiscrepancyList(Exported):
    """Differences and vouchers claimed twice, of commitments I may see."""

    serializer_class = MatterSerializer
    filterset_class = DiscrepancyFilter
    ordering_fields = ["id", "created_at"]
    ordering = ["-id"]
    export_title = "核对事项"
    export_columns = (
        Column("编号", "id", CellKind.NUMBER, 8),
        Column("种类", "get_kind_display"),
        Column("状态", "get_status_display"),
        Column("承诺编号", "entry.commitment_id", CellKind.NUMBER, 10),
        Column("承诺", "entry.commitment.title", width=40),
        Column("年度", "entry.commitment.year", CellKind.NUMBER, 8),
        Column("帮扶方", "entry.commitment.pairing.helper.name", width=30),
        Column("受援县", "entry.commitment.pairing.recipient.full_name", width=34),
        Column("计量单位", "entry.commitment.get_unit_display", width=10),
        Column("报告数", "entry.value", CellKind.NUMBER),
        Column("对方所见", "entry.confirmation.value", CellKind.NUMBER),
        Column("凭证号", "entry.reference", width=20),
        Column("说明", "explanation", width=40),
        Column("提出时间", "created_at", CellKind.TIME, 17),
    )
    export_notes = (DEMO_NOTE, "重复凭证在放行之前不计入任何合计；双方数字不一致的，了结之前不计入已确认数")

    def get_queryset(self) -> Any:
        return visible(Discrepancy, self.request.user).select_related(
            "entry__confirmation",
            "entry__commitment__pairing__helper",
            "entry__commitment__pairing__recipient__parent__parent",
        )
