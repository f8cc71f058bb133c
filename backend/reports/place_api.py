"""Money and timeline of a place or a helper, and coverage through every channel, over HTTP: read only."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.commitments.kinds import Kind, Unit
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.reports import money, timeline
from backend.reports.counties import covered_year, poor_counties
from backend.reports.reach import concerning, reach, standing, totals

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="行政区划代码")
BEFORE = OpenApiParameter("before", str, description="上一页给出的 next")


class StageMoneySerializer(serializers.Serializer[Any]):
    """One year of one channel: yuan by stage, never added to one another."""

    year = serializers.IntegerField()
    channel = serializers.CharField()
    is_own = serializers.BooleanField()
    agreed = serializers.DecimalField(max_digits=20, decimal_places=2)
    arrived = serializers.DecimalField(max_digits=20, decimal_places=2)
    confirmed = serializers.DecimalField(max_digits=20, decimal_places=2)
    spent = serializers.DecimalField(max_digits=20, decimal_places=2)
    accepted = serializers.DecimalField(max_digits=20, decimal_places=2)
    is_demo = serializers.BooleanField()


class MomentSerializer(serializers.Serializer[Any]):
    """`is_day`: only the date of `at` is known. `target` is the number of the pairing, need or commitment.

    A commitment's line has its kind and its figure: `yuan`, or `quantity` in `unit`; the others leave them blank.
    """

    moment = serializers.ChoiceField(choices=timeline.Moment.choices)
    at = serializers.DateTimeField()
    is_day = serializers.BooleanField()
    channel = serializers.CharField(source="through")
    helper = serializers.CharField(source="giver")
    recipient = serializers.CharField(source="place")
    kind = serializers.ChoiceField(choices=Kind.choices, allow_blank=True, source="kind_of")
    unit = serializers.ChoiceField(choices=Unit.choices, allow_blank=True, source="unit_of")
    quantity = serializers.IntegerField(source="count", allow_null=True)
    yuan = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    title = serializers.CharField(source="words")
    is_unverified = serializers.BooleanField(source="doubtful")
    target = serializers.IntegerField()
    may_open = serializers.BooleanField(source="opens")


class TimelineSerializer(serializers.Serializer[Any]):
    results = MomentSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class LevelCountsSerializer(serializers.Serializer[Any]):
    CONFIRMED = serializers.IntegerField()
    RECORDED = serializers.IntegerField()
    REGION = serializers.IntegerField()
    UNCONFIRMED = serializers.IntegerField()
    UNVERIFIED = serializers.IntegerField()
    NONE = serializers.IntegerField()


class ChannelCoverageSerializer(serializers.Serializer[Any]):
    """Counties by level; the line without a channel is through any of them."""

    channel = serializers.CharField(allow_null=True)
    all = LevelCountsSerializer()
    deep = LevelCountsSerializer()


class PlaceReport(APIView):
    """Base: what is told of one place, to everybody."""

    permission_classes = [AllowAny]

    def place(self, code: str) -> Area:
        """The newest row of the code. Raises Http404."""
        return get_object_or_404(Area.objects.filter(code=code).order_by("-valid_from_year")[:1])


class AreaMoney(PlaceReport):
    """Money by stage that a place received, by year and channel."""

    @extend_schema(parameters=[CODE], responses=StageMoneySerializer(many=True), operation_id="areas_money")
    def get(self, request: Request, code: str) -> Response:
        return Response(StageMoneySerializer(money.of_place(self.place(code)), many=True).data)


class AreaTimeline(PlaceReport):
    """What happened to a place, newest first."""

    @extend_schema(parameters=[CODE, BEFORE], responses=TimelineSerializer, operation_id="areas_timeline")
    def get(self, request: Request, code: str) -> Response:
        return _page(timeline.of_place(self.place(code), request.user, _before(request)))


class PartyMoney(APIView):
    """Money by stage that a party gave, by year and channel."""

    permission_classes = [AllowAny]

    @extend_schema(responses=StageMoneySerializer(many=True), operation_id="parties_money")
    def get(self, request: Request, pk: int) -> Response:
        party = get_object_or_404(visible(Party, request.user), pk=pk)
        return Response(StageMoneySerializer(money.of_helper(party), many=True).data)


class PartyTimeline(APIView):
    """What a party gave and to whom, newest first."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[BEFORE], responses=TimelineSerializer, operation_id="parties_timeline")
    def get(self, request: Request, pk: int) -> Response:
        party = get_object_or_404(visible(Party, request.user), pk=pk)
        return _page(timeline.of_helper(party, request.user, _before(request)))


def _before(request: Request) -> timeline.Cursor | None:
    asked = request.query_params.get("before")
    return timeline.Cursor.parse(asked) if asked else None


def _page(page: tuple[list[dict[str, Any]], str | None]) -> Response:
    return Response(TimelineSerializer({"results": page[0], "next": page[1]}).data)


class ChannelCoverage(APIView):
    """How many of the counties I am concerned with each channel reaches, and how firmly."""

    @extend_schema(responses=ChannelCoverageSerializer(many=True), operation_id="coverage_channels")
    def get(self, request: Request) -> Response:
        user = require_role(request.user, Role.COORDINATOR, Role.AUDITOR, to="查看覆盖情况")
        year, channels = covered_year(), list(Channel.objects.values_list("code", flat=True))
        counties = concerning(user, poor_counties(), year)
        tiers = {county.pk: str(county.tier) for county in counties}  # type: ignore[attr-defined]
        told = totals(tiers, reach(standing(user, year), counties), channels)
        return Response(ChannelCoverageSerializer(told, many=True).data)
