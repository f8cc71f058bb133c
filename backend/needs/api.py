"""The needs board and the county's project library over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, visible
from backend.needs import actions
from backend.needs.models import Need
from backend.needs.promises import with_promised
from backend.parties.models import DEMO_NOTE, Capability
from backend.places.api import AreaNameSerializer
from backend.places.models import inside_code
from backend.web.answers import Answer, Figure
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.filters import EXPORT, AnyOf, StrictOrdering
from backend.web.kept import KEYS, Kept
from backend.web.money import AmountField
from backend.web.pagination import KeysFirst
from backend.web.sheets import Column, Kind


class NeedSerializer(Answer[Need]):
    """One entry; names of people are left out, since published needs are read by everyone."""

    area = AreaNameSerializer()
    category_label = Label(source="get_category_display")
    cause_labels = serializers.SerializerMethodField()
    benefit_link_label = Label(source="get_benefit_link_display")
    status_label = Label(source="get_status_display")
    promised_yuan = Figure(max_digits=20, decimal_places=2)
    gap_yuan = Figure(max_digits=20, decimal_places=2, allow_null=True)
    my_steps = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields = [
            "id", "area", "title", "detail", "category", "category_label", "causes", "cause_labels", "quantity", "unit",
            "cost_yuan", "promised_yuan", "gap_yuan", "deadline_date", "performance_target", "benefit_link",
            "benefit_link_label", "beneficiaries", "status", "status_label", "is_demo", "published_at", "created_at",
            "my_steps", "version",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_cause_labels(self, need: Need) -> list[str]:
        return [str(Need.Cause(cause).label) for cause in need.causes]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=actions.Step.choices)))
    def get_my_steps(self, need: Need) -> list[str]:
        """What the log-in may do with it now."""
        return [str(step) for step in actions.open_steps(need, self.context["request"].user)]


class NeedContentSerializer(RequestSerializer):
    title = serializers.CharField(max_length=80)
    detail = serializers.CharField(max_length=2000, allow_blank=True, default="")
    category = serializers.ChoiceField(choices=Need.Category.choices)
    causes = serializers.ListField(
        child=serializers.ChoiceField(choices=Need.Cause.choices), max_length=len(Need.Cause), default=list
    )
    quantity = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    unit = serializers.CharField(max_length=10)
    cost_yuan = AmountField(allow_null=True, default=None)
    deadline_date = serializers.DateField()
    performance_target = serializers.CharField(
        max_length=300, error_messages={"blank": "没有绩效目标的项目不能入库", "required": "没有绩效目标的项目不能入库"}
    )
    benefit_link = serializers.ChoiceField(choices=Need.BenefitLink.choices)
    beneficiaries = serializers.IntegerField(min_value=0, max_value=10_000_000, allow_null=True, default=None)


class NeedCreateSerializer(NeedContentSerializer):
    area = AreaCodeField()


class NeedChangeSerializer(NeedContentSerializer):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class NeedDecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=[choice for choice in actions.Step.choices if choice[0] != "CHANGE"])
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class NeedFilter(django_filters.FilterSet):
    """Filters of the board; `area` takes a place and everything in it."""

    status = AnyOf(choices=Need.Status.choices, label="状态")
    category = AnyOf(choices=Need.Category.choices, label="类别")
    cause = django_filters.ChoiceFilter(method="by_cause", choices=Need.Cause.choices, label="致贫原因")
    area = django_filters.CharFilter(method="by_area", label="地区代码（含下级）")
    due_before = django_filters.DateFilter(field_name="deadline_date", lookup_expr="lte", label="期限不晚于")
    lacking = django_filters.BooleanFilter(method="by_gap", label="仍有缺口")
    fitting = django_filters.BooleanFilter(method="by_offer", label="适合本单位")
    search = django_filters.CharFilter(method="by_search", label="名称，或地区的名称、代码、拼音、首字母")

    class Meta:
        model = Need
        fields: list[str] = []

    def by_cause(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        return rows.filter(causes__contains=[value])

    def by_area(self, rows: QuerySet[Need], name: str, value: str) -> QuerySet[Need]:
        return rows.filter(inside_code(value, "area"))

    def by_gap(self, rows: QuerySet[Need], name: str, value: bool) -> QuerySet[Need]:
        """Needs whose estimate is not yet promised in full; one that nobody estimated always lacks something."""
        lacking = Q(gap_yuan__gt=0) | Q(gap_yuan__isnull=True)
        rows = with_promised(rows)
        return rows.filter(lacking) if value else rows.exclude(lacking)

    def by_offer(self, rows: QuerySet[Need], name: str, value: bool) -> QuerySet[Need]:
        """Published needs of the categories that one's own party offers, in time and not yet promised in full; none for
        a party that has not said what it can do."""
        offered = Capability.objects.filter(party=getattr(self.request.user, "party_id", None)).values("category")
        asked = rows.filter(status=Need.Status.PUBLISHED, category__in=offered, deadline_date__gte=timezone.localdate())
        fitting = self.by_gap(asked, name, True)
        return fitting if value else rows.exclude(pk__in=fitting.values("pk"))

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)


def _told(rows: QuerySet[Need]) -> QuerySet[Need]:
    return with_promised(rows).select_related("area__parent__parent")


_ROWS = Kept(lambda: _told(Need.objects.filter(pk__among=KEYS)))


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    """`pk` is of one that the log-in may see."""
    (need,) = _ROWS(keys=[pk])
    return versioned(NeedSerializer(need, context={"request": request}).data, need, code)


class NeedList(Exported):
    """Published needs, and one's own that are not; POST proposes one."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = NeedSerializer
    filterset_class = NeedFilter
    pagination_class = KeysFirst
    ordering_fields = ["id", "deadline_date", "cost_yuan", "gap_yuan", "area__code"]
    ordering = ["-id"]
    export_title = "需求清单"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        Column("地区代码", "area.code", width=14),
        Column("地区", "area.full_name", width=40),
        Column("名称", "title", width=40),
        Column("类别", "get_category_display"),
        Column("致贫原因", lambda need: "、".join(str(Need.Cause(cause).label) for cause in need.causes), width=20),
        Column("数量", "quantity", Kind.NUMBER, 10),
        Column("单位", "unit", width=8),
        Column("估算投资", "cost_yuan", Kind.WAN),
        Column("已承诺", "promised_yuan", Kind.WAN),
        Column("尚缺", "gap_yuan", Kind.WAN),
        Column("期限", "deadline_date", Kind.DATE, 12),
        Column("绩效目标", "performance_target", width=40),
        Column("带贫减贫机制", "get_benefit_link_display", width=16),
        Column("受益贫困人口", "beneficiaries", Kind.NUMBER, 12),
        Column("状态", "get_status_display", width=10),
        Column("公布时间", "published_at", Kind.TIME, 17),
        Column("说明", "detail", width=60),
    )
    export_notes = (DEMO_NOTE, "受益人口在不同项目之间可能重复，不能相加")

    def get_queryset(self) -> Any:
        """What is promised is asked here only where it tells which rows, and in which order; else of the page's."""
        rows, asked = visible(Need, self.request.user), self.request.query_params
        return _told(rows) if EXPORT in asked or "gap_yuan" in asked.get(StrictOrdering.ordering_param, "") else rows

    rows_of = _ROWS

    @extend_schema(request=NeedCreateSerializer, responses={201: NeedSerializer}, operation_id="needs_propose")
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.RECIPIENT, to="提出需求")
        body = NeedCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = actions.propose(by=user, **body.validated_data)
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class NeedDetail(APIView):
    """One need; PUT corrects it or, once it is public, adjusts it with a reason."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(responses=NeedSerializer, operation_id="needs_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(visible(Need, request.user).only("pk"), pk=pk)
        return _answer(request, pk)

    @extend_schema(request=NeedChangeSerializer, responses=NeedSerializer, operation_id="needs_change")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.RECIPIENT, to="修改需求")
        body = NeedChangeSerializer(data=request.data)
        with transaction.atomic():
            need = _locked(request, pk)
            body.is_valid(raise_exception=True)
            actions.change(need=need, by=user, **body.validated_data)
        return _answer(request, pk)


class NeedDecision(APIView):
    """Review, publish, return, withdraw, or say that it is met."""

    @extend_schema(request=NeedDecisionSerializer, responses=NeedSerializer, operation_id="needs_decide")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.RECIPIENT, to="审核需求")
        body = NeedDecisionSerializer(data=request.data)
        with transaction.atomic():
            need = _locked(request, pk)
            body.is_valid(raise_exception=True)
            actions.take(need=need, by=user, **body.validated_data)
        return _answer(request, pk)


def _locked(request: Request, pk: int) -> Need:
    rows = visible(Need.objects.select_for_update(no_key=True, of=("self",)), request.user)
    need = get_object_or_404(rows.select_related("area__parent__parent"), pk=pk)
    require_version(request, need)
    return need
