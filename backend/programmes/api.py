"""Channels, region pairs and policies over HTTP."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, visible
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes import actions
from backend.programmes.models import Channel, Policy, PolicyException, Reason, RegionPair
from backend.web.answers import Answer
from backend.web.api import RequestSerializer

MAX_QUOTA = 50
MAX_COVERAGE = 1_000_000


class ChannelSerializer(Answer[Channel]):
    """`helper_levels` are those of governments; empty where none may help."""

    helper_kinds = serializers.ListField(child=serializers.ChoiceField(choices=Party.Kind.choices))
    helper_levels = serializers.ListField(child=serializers.ChoiceField(choices=Area.Level.choices))
    recipient_levels = serializers.ListField(child=serializers.ChoiceField(choices=Area.Level.choices))
    matchable = serializers.BooleanField()
    working_year = serializers.SerializerMethodField()

    class Meta:
        model = Channel
        fields = [
            "id", "code", "name_zh", "name_en", "helper", "recipient", "cardinality", "fixed_by", "helper_kinds",
            "helper_levels", "recipient_levels", "relation", "settled_by", "suggests", "matchable", "explanation",
            "working_year",
        ]  # fmt: skip

    def get_working_year(self, channel: Channel) -> int | None:
        return actions.latest_framed_year(channel) if channel.matchable else None


class RegionPairSerializer(Answer[RegionPair]):
    helper = serializers.CharField(source="helper_area.full_name")
    helper_code = serializers.CharField(source="helper_area.code")
    recipient = serializers.CharField(source="recipient_area.full_name")
    recipient_code = serializers.CharField(source="recipient_area.code")

    class Meta:
        model = RegionPair
        fields = [
            "id",
            "helper",
            "helper_code",
            "recipient",
            "recipient_code",
            "valid_from",
            "valid_to",
            "status",
            "source",
        ]


class PolicyExceptionSerializer(Answer[PolicyException]):
    code = serializers.CharField(source="area.code")
    name = serializers.CharField(source="area.full_name")

    class Meta:
        model = PolicyException
        fields = ["side", "code", "name", "min", "max"]


class PolicySerializer(Answer[Policy]):
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    exceptions = PolicyExceptionSerializer(many=True)
    created_by = serializers.SerializerMethodField()

    class Meta:
        model = Policy
        fields = [
            "id", "channel", "version", "name", "weights", "prefer_near", "helper_min", "helper_max", "share_evenly",
            "recipient_min", "recipient_max", "coverage_deep", "coverage_poor", "stability", "four_eyes", "exceptions",
            "note", "created_by", "created_at",
        ]  # fmt: skip

    def get_created_by(self, policy: Policy) -> str:
        return policy.created_by.display_name if policy.created_by else "系统预置"


def _coverage(label: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=MAX_COVERAGE), min_length=1, max_length=10, label=label
    )


class PolicyExceptionRequestSerializer(RequestSerializer):
    side = serializers.ChoiceField(choices=PolicyException.Side.choices)
    code = AreaCodeField(source="area")
    min = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA, allow_null=True, default=None)
    max = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA, allow_null=True, default=None)


class PolicyContentSerializer(RequestSerializer):
    """What a coordinator sets; also the body of a preview."""

    channel = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Channel.objects.all(),
        error_messages={"does_not_exist": "没有渠道“{value}”", "invalid": "渠道代码有误"},
    )
    weights = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=100))
    prefer_near = serializers.BooleanField(default=True)
    helper_min = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA)
    helper_max = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA)
    share_evenly = serializers.BooleanField(default=True)
    recipient_min = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA)
    recipient_max = serializers.IntegerField(min_value=0, max_value=MAX_QUOTA)
    coverage_deep = _coverage("深度贫困县覆盖价值")
    coverage_poor = _coverage("其他贫困县覆盖价值")
    stability = serializers.IntegerField(min_value=0, max_value=MAX_COVERAGE, default=0)
    four_eyes = serializers.BooleanField(default=False)
    exceptions = PolicyExceptionRequestSerializer(many=True, default=list)


class PolicyCreateSerializer(PolicyContentSerializer):
    name = serializers.CharField(max_length=60)
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")
    based_on = serializers.IntegerField(min_value=0, allow_null=True, default=None)


class ChannelList(ListAPIView[Channel]):
    """The six channels: who may help whom, who decides, and what a matcher may suggest."""

    permission_classes = [AllowAny]
    serializer_class = ChannelSerializer
    queryset = Channel.objects.all()
    pagination_class = None


class RegionPairList(ListAPIView[RegionPair]):
    """Provinces and cities that help provinces and prefectures: the frame of every county pair."""

    permission_classes = [AllowAny]
    serializer_class = RegionPairSerializer
    queryset = RegionPair.objects.select_related("helper_area", "recipient_area")


class PolicyFilter(django_filters.FilterSet):
    channel = django_filters.CharFilter(field_name="channel__code", label="渠道代码")

    class Meta:
        model = Policy
        fields: list[str] = []


def _policies(request: Request) -> Any:
    exceptions = Prefetch("exceptions", PolicyException.objects.select_related("area"))
    return visible(Policy, request.user).select_related("channel", "created_by").prefetch_related(exceptions)


class PolicyList(ListAPIView[Policy]):
    """Policy versions, newest first; POST makes the next one."""

    serializer_class = PolicySerializer
    filterset_class = PolicyFilter

    def get_queryset(self) -> Any:
        return _policies(self.request).order_by("-version")

    @extend_schema(request=PolicyCreateSerializer, responses={201: PolicySerializer}, operation_id="policies_create")
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="修改匹配政策")
        body = PolicyCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        policy = actions.publish_policy(by=user, **body.validated_data)
        return Response(PolicySerializer(policy).data, status=status.HTTP_201_CREATED)


class PolicyDetail(RetrieveAPIView[Policy]):
    serializer_class = PolicySerializer

    def get_queryset(self) -> Any:
        return _policies(self.request)


class ReasonList(APIView):
    """The reasons a score is made of."""

    permission_classes = [AllowAny]

    @extend_schema(
        responses=inline_serializer(
            "ReasonLabel", {"code": serializers.CharField(), "label": serializers.CharField()}, many=True
        )
    )
    def get(self, request: Request) -> Response:
        return Response([{"code": one.value, "label": one.label} for one in Reason])
