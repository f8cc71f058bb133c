"""Pairings and their acknowledgement over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.events import EventSerializer
from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, ScopedPrimaryKeyRelatedField, visible
from backend.lifecycle.models import Event
from backend.pairings import actions, life
from backend.pairings.filters import either_side
from backend.pairings.models import Acknowledgement, Pairing, PairingQuerySet
from backend.pairings.scopes import side_of
from backend.parties.models import DEMO_NOTE, Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.filters import EXPORT, AnyOf
from backend.web.kept import KEYS, Kept
from backend.web.pagination import KeysFirst
from backend.web.sheets import Column, Kind


class PlaceSerializer(Answer[Area]):
    class Meta:
        model = Area
        fields = ["code", "name", "full_name", "lon", "lat", "province"]
        read_only_fields = fields


class HelperSerializer(Answer[Party]):
    area = PlaceSerializer(allow_null=True)

    class Meta:
        model = Party
        fields = ["id", "name", "kind", "area"]


BOTH = ("helper__area", "recipient")
HELPER_COLUMNS = (Column("帮扶方", "helper.name", width=30), Column("帮扶方地区代码", "helper.area.code", width=16))
RECIPIENT_COLUMNS = (
    Column("受援县", "recipient.full_name", width=34),
    Column("受援县代码", "recipient.code", width=12),
)


class AcknowledgementSerializer(Answer[Acknowledgement]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Acknowledgement
        fields = ["side", "answer", "reason", "by", "at"]


class PairingSerializer(Answer[Pairing]):
    helper = HelperSerializer()
    recipient = PlaceSerializer()
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel_name = serializers.CharField(source="channel.name_zh")
    status_label = Label(source="get_status_display")
    origin_label = Label(source="get_origin_display")
    acknowledgements = AcknowledgementSerializer(many=True)
    is_confirmed = serializers.BooleanField()
    unconfirmed_since = serializers.DateTimeField(allow_null=True)
    last_contact_date = serializers.DateField(allow_null=True)
    end_refusal = serializers.SerializerMethodField()
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = Pairing
        fields = [
            "id", "helper", "recipient", "channel", "channel_name", "start_date", "end_date", "status", "status_label",
            "origin", "origin_label", "suggestion", "fact_status", "source", "last_contact_date", "acknowledgements",
            "is_confirmed", "asked_at", "unconfirmed_since", "end_reason", "end_refusal", "my_side", "created_at",
            "version",
        ]  # fmt: skip

    def get_end_refusal(self, pairing: Pairing) -> str | None:
        """Why this log-in may not end the pairing; null when it may."""
        return life.why_not_end(pairing, self.context["request"].user)

    @extend_schema_field(serializers.ChoiceField(choices=["HELPER", "RECIPIENT"], allow_null=True))
    def get_my_side(self, pairing: Pairing) -> str | None:
        return side_of(self.context["request"].user, pairing)


class PairingCreateSerializer(RequestSerializer):
    helper = ScopedPrimaryKeyRelatedField(queryset=Party.objects.select_related("area"))
    recipient = AreaCodeField()
    channel = serializers.SlugRelatedField(
        slug_field="code", queryset=Channel.objects.all(), error_messages={"does_not_exist": "没有渠道“{value}”"}
    )
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True, default=None)


class PairingFilter(django_filters.FilterSet):
    status = AnyOf(choices=Pairing.Status.choices, label="状态")
    channel = django_filters.CharFilter(field_name="channel__code", label="渠道代码")
    recipient = django_filters.CharFilter(field_name="recipient__code", label="受援县代码")
    helper = django_filters.NumberFilter(field_name="helper_id", label="帮扶方编号")
    confirmed = django_filters.BooleanFilter(method="by_confirmation", label="双方确认")
    unconfirmed = django_filters.BooleanFilter(method="by_silence", label="逾期未确认")
    year = django_filters.NumberFilter(method="by_year", min_value=1990, max_value=2100, label="年份")
    search = django_filters.CharFilter(method="by_search", label="任一方的名称、代码、拼音或首字母")

    class Meta:
        model = Pairing
        fields = ["status"]

    def by_year(self, rows: Any, name: str, value: Any) -> Any:
        return rows.in_year(int(value))

    def by_confirmation(self, rows: Any, name: str, value: bool) -> Any:
        return rows.with_confirmation().filter(is_confirmed=value)

    def by_silence(self, rows: QuerySet[Pairing], name: str, value: bool) -> QuerySet[Pairing]:
        """Active pairings that a side left unanswered for too long, or all others."""
        silent = Q(pk__in=Pairing.objects.unconfirmed().values("pk"))
        return rows.filter(silent) if value else rows.exclude(silent)

    def by_search(self, rows: QuerySet[Pairing], name: str, value: str) -> QuerySet[Pairing]:
        """Name, code, pinyin or initials of either side."""
        return rows.filter(either_side(value))


def _told(rows: PairingQuerySet) -> QuerySet[Pairing]:
    answers = Prefetch("acknowledgements", Acknowledgement.objects.select_related("by"))
    return rows.with_confirmation().with_last_contact().select_related("channel", *BOTH).prefetch_related(answers)


_ROWS = Kept(lambda: _told(Pairing.objects.filter(pk__among=KEYS)))


def told(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    """The answer that shows one pairing. `pk` is of one that the log-in may see."""
    (pairing,) = _ROWS(keys=[pk])
    return versioned(PairingSerializer(pairing, context={"request": request}).data, pairing, code)


def _answered(side: str) -> Callable[[Pairing], str | None]:
    """What that side answered, in words."""

    def words(pairing: Pairing) -> str | None:
        answers = (one for one in pairing.acknowledgements.all() if one.side == side)
        return next((f"{one.get_answer_display()}（{one.by.display_name}）" for one in answers), None)

    return words


class PairingList(Exported):
    """Pairings I may see; POST records one that people agreed on without the matcher."""

    serializer_class = PairingSerializer
    filterset_class = PairingFilter
    pagination_class = KeysFirst
    ordering_fields = ["id", "start_date", "recipient__code", "helper__area__code"]
    ordering = ["-id"]
    export_title = "结对关系"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        *HELPER_COLUMNS,
        *RECIPIENT_COLUMNS,
        Column("渠道", "channel.name_zh"),
        Column("起始日期", "start_date", Kind.DATE, 12),
        Column("结束日期", "end_date", Kind.DATE, 12),
        Column("状态", "get_status_display"),
        Column("来历", "get_origin_display"),
        Column("帮扶方答复", _answered("HELPER"), width=24),
        Column("受援方答复", _answered("RECIPIENT"), width=24),
        Column("双方确认", lambda pairing: "是" if pairing.is_confirmed else "否", width=10),
        Column("逾期未确认，自", "unconfirmed_since", Kind.TIME, 17),
        Column("最近联系日期", "last_contact_date", Kind.DATE, 14),
        Column("结束的理由", "end_reason", width=30),
        Column("可信程度", "get_fact_status_display", width=10),
        Column("来源", "source", width=40),
    )
    export_notes = (DEMO_NOTE, "“待核实”和“逾期未确认”的关系不计入有效覆盖")

    def get_queryset(self) -> Any:
        rows: Any = visible(Pairing, self.request.user)
        return _told(rows) if EXPORT in self.request.query_params else rows

    rows_of = _ROWS

    @extend_schema(request=PairingCreateSerializer, responses={201: PairingSerializer}, operation_id="pairings_create")
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="录入结对关系")
        body = PairingCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = actions.propose(by=user, **body.validated_data)
        return told(request, made.pk, status.HTTP_201_CREATED)


class PairingDetail(APIView):
    @extend_schema(responses=PairingSerializer, operation_id="pairings_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(visible(Pairing, request.user).only("pk"), pk=pk)
        return told(request, pk)


class AcknowledgementCreateSerializer(RequestSerializer):
    answer = serializers.ChoiceField(choices=Acknowledgement.Answer.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PairingAcknowledgement(APIView):
    """Answer for my side; needs If-Match, so that nobody confirms what they have not seen."""

    @extend_schema(
        request=AcknowledgementCreateSerializer, responses={201: PairingSerializer}, operation_id="pairings_acknowledge"
    )
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = AcknowledgementCreateSerializer(data=request.data)
        with transaction.atomic():
            locked = visible(Pairing.objects.select_for_update(no_key=True, of=("self",)), request.user)
            pairing = get_object_or_404(locked, pk=pk)
            body.is_valid(raise_exception=True)
            require_version(request, pairing)
            actions.answer(pairing=pairing, by=request.user, **body.validated_data)  # type: ignore[arg-type]
        return told(request, pk, status.HTTP_201_CREATED)


class PairingEvents(ListAPIView[Event]):
    """The life of one pairing, oldest first."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer

    def get_queryset(self) -> Any:
        pairing = get_object_or_404(visible(Pairing, self.request.user), pk=self.kwargs["pk"])
        rows = Event.objects.filter(subject_type="pairings.pairing", subject_id=str(pairing.pk))
        return visible(rows, self.request.user).order_by("id")
