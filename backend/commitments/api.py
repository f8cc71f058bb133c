"""Commitments and their ledger over HTTP. Every POST that moves money needs an Idempotency-Key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.commitments import actions
from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.needs.models import Need
from backend.pairings.api import HelperSerializer, PlaceSerializer
from backend.pairings.models import Pairing
from backend.pairings.scopes import side_of
from backend.parties.models import DEMO_NOTE
from backend.web.api import RequestSerializer, idempotent, versioned
from backend.web.exports import Exported
from backend.web.money import LARGEST_YUAN, AmountField
from backend.web.sheets import Column, Kind


class ConfirmationSerializer(serializers.ModelSerializer[Confirmation]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Confirmation
        fields = ["answer", "amount_yuan", "reason", "by", "at"]


class LedgerEntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    stage_label = serializers.CharField(source="get_stage_display")
    reported_by = serializers.CharField(source="reported_by.display_name")
    confirmation = ConfirmationSerializer(allow_null=True)

    class Meta:
        model = LedgerEntry
        fields = [
            "id", "stage", "stage_label", "amount_yuan", "occurred_date", "reference", "reported_by_side",
            "reported_by", "confirmation", "created_at",
        ]  # fmt: skip

    def to_representation(self, entry: LedgerEntry) -> dict[str, Any]:
        if not hasattr(entry, "confirmation"):
            entry.confirmation = None
        return super().to_representation(entry)


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    helper = HelperSerializer(source="pairing.helper")
    recipient = PlaceSerializer(source="pairing.recipient")
    kind_label = serializers.CharField(source="get_kind_display")
    mode_label = serializers.CharField(source="get_mode_display")
    status_label = serializers.CharField(source="get_status_display")
    agreed = serializers.DecimalField(max_digits=20, decimal_places=2)
    arrived = serializers.DecimalField(max_digits=20, decimal_places=2)
    confirmed = serializers.DecimalField(max_digits=20, decimal_places=2)
    spent = serializers.DecimalField(max_digits=20, decimal_places=2)
    accepted = serializers.DecimalField(max_digits=20, decimal_places=2)
    entries = LedgerEntrySerializer(many=True)
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = [
            "id", "pairing", "helper", "recipient", "kind", "kind_label", "mode", "mode_label", "year", "title", "need",
            "amount_yuan", "status", "status_label", "agreed", "arrived", "confirmed", "spent", "accepted", "entries",
            "my_side", "created_at", "version",
        ]  # fmt: skip

    def get_my_side(self, commitment: Commitment) -> str | None:
        return side_of(self.context["request"].user, commitment.pairing)


class CommitmentCreateSerializer(RequestSerializer):
    pairing = ScopedPrimaryKeyRelatedField(queryset=Pairing.objects.select_related("helper", "recipient"))
    kind = serializers.ChoiceField(choices=Commitment.Kind.choices)
    mode = serializers.ChoiceField(choices=Commitment.Mode.choices)
    year = serializers.IntegerField(min_value=1990, max_value=2100)
    title = serializers.CharField(max_length=120)
    amount_yuan = AmountField()
    need = ScopedPrimaryKeyRelatedField(queryset=Need.objects.all(), allow_null=True, default=None)


class ArrivalSerializer(RequestSerializer):
    amount_yuan = AmountField()
    occurred_date = serializers.DateField()
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")


class ConfirmationCreateSerializer(RequestSerializer):
    answer = serializers.ChoiceField(choices=Confirmation.Answer.choices)
    amount_yuan = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), max_value=LARGEST_YUAN, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


def _commitments(request: Request) -> Any:
    entries = LedgerEntry.objects.select_related("reported_by", "confirmation__by")
    return (
        visible(Commitment.objects.with_amounts(), request.user)
        .select_related("need", "pairing__helper__area__parent__parent", "pairing__recipient__parent__parent")
        .prefetch_related(Prefetch("entries", entries))
    )


def _answer(request: Request, pk: int, code: int) -> Response:
    commitment = _commitments(request).get(pk=pk)
    return versioned(CommitmentSerializer(commitment, context={"request": request}).data, commitment, code)


class CommitmentFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="结对关系编号")
    year = django_filters.NumberFilter(label="年份")
    recipient = django_filters.CharFilter(field_name="pairing__recipient__code", label="受援县代码")
    need = django_filters.NumberFilter(field_name="need_id", label="需求编号")

    class Meta:
        model = Commitment
        fields = ["pairing", "year"]


class CommitmentList(Exported):
    """Commitments I may see, with their amounts by stage; POST registers one."""

    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilter
    ordering_fields = ["id", "year", "amount_yuan"]
    ordering = ["-id"]
    export_title = "帮扶承诺"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        Column("年度", "year", Kind.NUMBER, 8),
        Column("帮扶方", "pairing.helper.name", width=30),
        Column("受援县", "pairing.recipient.full_name", width=34),
        Column("受援县代码", "pairing.recipient.code", width=12),
        Column("内容", "title", width=40),
        Column("对应的需求", "need.title", width=30),
        Column("类别", "get_kind_display"),
        Column("方式", "get_mode_display"),
        Column("状态", "get_status_display"),
        Column("协议数", "agreed", Kind.WAN),
        Column("已到位", "arrived", Kind.WAN),
        Column("对方已确认", "confirmed", Kind.WAN),
        Column("已支出", "spent", Kind.WAN),
        Column("已验收", "accepted", Kind.WAN),
    )
    export_notes = (DEMO_NOTE, "协议数、到位、支出、验收是四个不同的数，不能相加")

    def get_queryset(self) -> Any:
        return _commitments(self.request)

    @extend_schema(
        request=CommitmentCreateSerializer,
        responses={201: CommitmentSerializer},
        operation_id="commitments_create",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = CommitmentCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        commitment = actions.register(by=_user(request), **body.validated_data)
        return _answer(request, commitment.pk, status.HTTP_201_CREATED)


class CommitmentDetail(APIView):
    @extend_schema(responses=CommitmentSerializer, operation_id="commitments_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(_commitments(request), pk=pk)
        return _answer(request, pk, status.HTTP_200_OK)


class CommitmentArrivals(APIView):
    """Report that money of this commitment arrived."""

    @extend_schema(
        request=ArrivalSerializer,
        responses={201: CommitmentSerializer},
        operation_id="commitments_report_arrival",
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        commitment = get_object_or_404(visible(Commitment, request.user).select_related("pairing"), pk=pk)
        body = ArrivalSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.report_arrival(commitment=commitment, by=_user(request), **body.validated_data)
        return _answer(request, pk, status.HTTP_201_CREATED)


class EntryConfirmation(APIView):
    """Confirm or dispute what the other side reported."""

    @extend_schema(
        request=ConfirmationCreateSerializer,
        responses={201: CommitmentSerializer},
        operation_id="ledger_entries_confirm",
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        entry = get_object_or_404(visible(LedgerEntry, request.user).select_related("commitment__pairing"), pk=pk)
        body = ConfirmationCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.confirm(entry=entry, by=_user(request), **body.validated_data)
        return _answer(request, entry.commitment_id, status.HTTP_201_CREATED)


def _user(request: Request) -> User:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("the endpoint requires a log-in")
    return user
