"""Interests over HTTP: who would help which village, and saying so."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, visible
from backend.interests import actions
from backend.interests.filters import InterestFilter
from backend.interests.helped import with_helpers
from backend.interests.models import Interest
from backend.parties.models import DEMO_NOTE, Party
from backend.places.api import AreaNameSerializer
from backend.programmes.models import Channel
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.problems import NotAllowed
from backend.web.sheets import Column, Kind


class InterestedPartySerializer(Answer[Party]):
    area_name = serializers.CharField(source="area.full_name", default=None, allow_null=True)

    class Meta:
        model = Party
        fields = ["id", "kind", "name", "industry", "area_name", "is_demo"]


class InterestSerializer(Answer[Interest]):
    """`helpers` is how many help the village in that year already; no hindrance."""

    party = InterestedPartySerializer()
    area = AreaNameSerializer()
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel_label = serializers.CharField(source="channel.name_zh")
    status = serializers.ChoiceField(choices=Interest.Status.choices)
    version = serializers.IntegerField()
    status_label = Label(source="get_status_display")
    helpers = serializers.IntegerField()
    may_withdraw = serializers.SerializerMethodField()

    class Meta:
        model = Interest
        fields = [
            "id", "party", "area", "channel", "channel_label", "year", "note", "status", "status_label", "helpers",
            "created_at", "may_withdraw", "version",
        ]  # fmt: skip

    def get_may_withdraw(self, interest: Interest) -> bool:
        mine = actions.why_not_withdraw(interest, self.context["request"].user) is None
        return mine and interest.status == Interest.Status.OPEN


class InterestRequestSerializer(RequestSerializer):
    area = AreaCodeField()
    channel = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Channel.objects.all(),
        error_messages={"does_not_exist": "没有渠道“{value}”", "invalid": "渠道代码有误"},
        allow_null=True,
        default=None,
    )
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class InterestWithdrawalSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


def _interests(request: Request) -> QuerySet[Interest]:
    rows = with_helpers(visible(Interest, request.user))
    return rows.select_related("party__area", "area", "channel")


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    interest = _interests(request).get(pk=pk)
    return versioned(InterestSerializer(interest, context={"request": request}).data, interest, code)


class InterestList(Exported):
    """Interests that concern me; POST expresses one for my own party."""

    serializer_class = InterestSerializer
    filterset_class = InterestFilter
    ordering_fields = ["id", "created_at", "area__code", "helpers"]
    ordering = ["-id"]
    export_title = "帮扶意愿"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        Column("单位", "party.name", width=40),
        Column("单位所在地区", "party.area.full_name", width=30),
        Column("村代码", "area.code", width=16),
        Column("村", "area.full_name", width=44),
        Column("渠道", "channel.name_zh", width=16),
        Column("年度", "year", Kind.NUMBER, 8),
        Column("说明", "note", width=40),
        Column("状态", "get_status_display", width=12),
        Column("该村已有帮扶方", "helpers", Kind.NUMBER, 14),
        Column("表达时间", "created_at", Kind.TIME, 17),
    )
    export_notes = (DEMO_NOTE, "意愿是自愿表达的打算，不是承诺，也不是结对")

    def get_queryset(self) -> Any:
        return _interests(self.request)

    @extend_schema(
        request=InterestRequestSerializer, responses={201: InterestSerializer}, operation_id="interests_express"
    )
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.COMPANY, to="表达帮扶意愿")
        body = InterestRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = actions.express(party=own_party(user), by=user, **body.validated_data)
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class InterestWithdrawal(APIView):
    """The party takes its interest back."""

    @extend_schema(
        request=InterestWithdrawalSerializer, responses=InterestSerializer, operation_id="interests_withdraw"
    )
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = InterestWithdrawalSerializer(data=request.data)
        with transaction.atomic():
            rows = visible(Interest.objects.select_for_update(no_key=True, of=("self",)), request.user)
            interest = get_object_or_404(rows, pk=pk)
            body.is_valid(raise_exception=True)
            require_version(request, interest)
            user = require_role(request.user, Role.COMPANY, to="撤回帮扶意愿")
            actions.withdraw(interest=interest, by=user, **body.validated_data)
        return _answer(request, pk)


def own_party(user: User) -> Party:
    """The party that the log-in acts for; the database gives every company's log-in one."""
    if user.party is None:
        raise NotAllowed("您的账户没有所属单位")
    return user.party
