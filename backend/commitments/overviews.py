"""A year at a glance, a county's balance on any day, and the matters to settle, over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.scopes import visible
from backend.commitments import differences, kinds, summary
from backend.commitments.differences import Matter, Waiting
from backend.commitments.filters import DifferenceFilter
from backend.commitments.models import LedgerEntry
from backend.commitments.serializers import DIGITS, StagesSerializer
from backend.commitments.steps import Step
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_NOTE
from backend.places.models import Area
from backend.web.answers import Answer
from backend.web.exports import Exported
from backend.web.problems import Invalid
from backend.web.sheets import Column
from backend.web.sheets import Kind as CellKind


class _Figures(StagesSerializer):
    count = serializers.IntegerField()


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


def asked_year(request: Request) -> int:
    """The year in the address, or the latest with a commitment. Raises Invalid."""
    year = request.query_params.get("year") or str(summary.latest_year(request.user))
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100):
        raise Invalid(f"年度应为 1990 至 2100 的整数，收到的是“{year}”", field="year")
    return int(year)


class YearSummary(APIView):
    """What I may see of one year, kind by kind."""

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年度，默认有承诺的最近一年")],
        responses=SummarySerializer,
        operation_id="commitments_summary",
    )
    def get(self, request: Request) -> Response:
        return Response(SummarySerializer(summary.of_year(request.user, asked_year(request))).data)


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


class BalanceTotalsSerializer(StagesSerializer):
    """Yuan at the end of the day; `idle` and `idle_long` are the parts of `balance` older than one and two years."""

    balance = serializers.DecimalField(**DIGITS)
    idle = serializers.DecimalField(**DIGITS)
    idle_long = serializers.DecimalField(**DIGITS)


class BalanceLineSerializer(BalanceTotalsSerializer):
    """A commitment through which money flows."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    year = serializers.IntegerField()
    helper = serializers.CharField()
    recipient = serializers.CharField()
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
    """Money handed to a county and the places in it, as it stood at the end of a day: sums, and the lines behind them
    (largest balance first, at most 200; `left_off` says how many more)."""

    @extend_schema(
        parameters=[OpenApiParameter("as_of", dt.date, description="截至日期，默认今天")],
        responses=BalanceSerializer,
        operation_id="county_balance_retrieve",
    )
    def get(self, request: Request, code: str) -> Response:
        area = get_object_or_404(Area.objects.current(), code=code)
        day = _day(request.query_params.get("as_of"))
        rows = summary.of_county(request.user, code, day).filter(flows=True).order_by("-balance", "-id")
        told = ("id", "title", "year", "kind")
        # All of them, since each is needed for the sums; as plain values, since there may be thousands.
        lines = list(rows.values("pairing", *told, *BALANCE))
        # Asked for apart: in the query above, they would be looked up for every entry that is added up.
        pairings = Pairing.objects.filter(pk__in={line["pairing"] for line in lines[:LINES]})
        sides = {
            key: {"helper": helper, "recipient": recipient}
            for key, helper, recipient in pairings.values_list("pk", "helper__name", "recipient__full_name")
        }
        return Response(
            {
                "code": area.code,
                "name": area.full_name,
                "as_of": day,
                "totals": _figures({name: sum((line[name] for line in lines), summary.ZERO) for name in BALANCE}),
                "lines": [
                    {**{name: line[name] for name in told}, **sides[line["pairing"]], **_figures(line)}
                    for line in lines[:LINES]
                ],
                "left_off": max(len(lines) - LINES, 0),
            }
        )


def _figures(line: Mapping[str, Any]) -> dict[str, str]:
    """As `BalanceTotalsSerializer` describes them; written out here, since there are eight of each of 200 lines."""
    return {name.removesuffix("_then"): f"{line[name]:.2f}" for name in BALANCE}


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


class OpenMatterSerializer(serializers.Serializer[Any]):
    """`step` is the reader's way to settle it, null where it is somebody else's turn."""

    kind = serializers.ChoiceField(choices=Matter.choices)
    waits_for = serializers.ChoiceField(choices=Waiting.choices)
    since = serializers.DateTimeField()
    step = serializers.ChoiceField(choices=Step.choices, allow_null=True)


class DifferenceSerializer(Answer[LedgerEntry]):
    """An arrival on which both sides do not agree yet; figures in `unit`, `difference` is reported less seen."""

    title = serializers.CharField(source="commitment.title")
    year = serializers.IntegerField(source="commitment.year")
    unit = serializers.ChoiceField(source="commitment.unit", choices=kinds.Unit.choices)
    helper = serializers.CharField(source="commitment.pairing.helper.name")
    recipient = serializers.CharField(source="commitment.pairing.recipient.full_name")
    reported = serializers.DecimalField(source="value", **DIGITS)
    seen = serializers.DecimalField(source="confirmation.value", default=None, allow_null=True, **DIGITS)
    difference = serializers.SerializerMethodField()
    matters = serializers.SerializerMethodField()

    class Meta:
        model = LedgerEntry
        fields = [
            "id", "commitment", "title", "year", "unit", "helper", "recipient", "occurred_date", "reference",
            "reported_by_side", "reported", "seen", "difference", "matters",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DecimalField(**DIGITS, allow_null=True))
    def get_difference(self, entry: LedgerEntry) -> str | None:
        return None if (between := _difference(entry)) is None else f"{between:.2f}"

    @extend_schema_field(OpenMatterSerializer(many=True))
    def get_matters(self, entry: LedgerEntry) -> Any:
        return OpenMatterSerializer(differences.matters(entry, self.context["request"].user), many=True).data


def _difference(entry: LedgerEntry) -> Decimal | None:
    return entry.value - entry.confirmation.value if hasattr(entry, "confirmation") else None


def _open_words(entry: LedgerEntry) -> str:
    return "；".join(f"{one.kind.label}（待{one.waits_for.label}）" for one in differences.matters(entry, NOBODY))


NOBODY = User()  # what is open and whose turn it is do not depend on the reader


class DifferenceList(Exported):
    """Open items between both sides' figures, of pairings I may see, the oldest first."""

    queryset = LedgerEntry.objects.none()
    serializer_class = DifferenceSerializer
    filterset_class = DifferenceFilter
    ordering_fields = ["id", "occurred_date"]
    ordering = ["id"]
    export_title = "差异与核对"
    export_columns = (
        Column("编号", "id", CellKind.NUMBER, 8),
        Column("事项", _open_words, width=40),
        Column("承诺编号", "commitment_id", CellKind.NUMBER, 10),
        Column("承诺", "commitment.title", width=40),
        Column("年度", "commitment.year", CellKind.NUMBER, 8),
        Column("帮扶方", "commitment.pairing.helper.name", width=30),
        Column("受援县", "commitment.pairing.recipient.full_name", width=34),
        Column("计量单位", "commitment.get_unit_display", width=10),
        Column("报告方", "get_reported_by_side_display", width=10),
        Column("报告数", "value", CellKind.NUMBER),
        Column("对方所见", "confirmation.value", CellKind.NUMBER),
        Column("相差", _difference, CellKind.NUMBER),
        Column("发生日期", "occurred_date", CellKind.DATE, 12),
        Column("凭证号", "reference", width=20),
        Column("报告时间", "created_at", CellKind.TIME, 17),
    )
    export_notes = (DEMO_NOTE, "重复凭证在放行之前不计入任何合计；双方数字不一致的，了结之前不计入已确认数")

    def get_queryset(self) -> Any:
        return differences.entries(visible(LedgerEntry, self.request.user))
