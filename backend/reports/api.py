"""Reports over HTTP: read only."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.programmes.actions import working_year
from backend.programmes.models import COUNTY_PAIRING, Channel
from backend.reports import workbench
from backend.web.problems import Invalid

OVERSEERS = (Role.COORDINATOR, Role.AUDITOR)
PARAMETERS = [
    OpenApiParameter("channel", str, description=f"渠道代码，默认 {COUNTY_PAIRING}"),
    OpenApiParameter("year", int, description="年度，默认为该渠道的工作年度"),
]


class CountiesSerializer(serializers.Serializer[Any]):
    poor = serializers.IntegerField()
    deep = serializers.IntegerField()


class CoveredSerializer(serializers.Serializer[Any]):
    recorded = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    deep_recorded = serializers.IntegerField()
    deep_confirmed = serializers.IntegerField()
    unconfirmed_only = serializers.IntegerField()
    unverified_only = serializers.IntegerField()


class MoneySerializer(serializers.Serializer[Any]):
    """Yuan, as strings; of very many commitments, `as_of` may be some seconds ago."""

    as_of = serializers.DateTimeField()
    agreed = serializers.CharField()
    arrived = serializers.CharField()
    confirmed_arrived = serializers.CharField()
    spent = serializers.CharField()
    accepted = serializers.CharField()


class WorkbenchSerializer(serializers.Serializer[Any]):
    channel = serializers.CharField()
    year = serializers.IntegerField()
    counties = CountiesSerializer()
    covered = CoveredSerializer()
    pairings = serializers.DictField(child=serializers.IntegerField())
    money = MoneySerializer()


class CoverageHelperSerializer(serializers.Serializer[Any]):
    pairing = serializers.IntegerField()
    name = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    status = serializers.CharField()
    confirmed = serializers.BooleanField()


class CoverageSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    tier = serializers.CharField()
    recorded = serializers.BooleanField()
    confirmed = serializers.BooleanField()
    unverified = serializers.BooleanField()
    helpers = CoverageHelperSerializer(many=True)


def _asked(request: Request) -> tuple[Channel, int]:
    channel = get_object_or_404(Channel, code=request.query_params.get("channel") or COUNTY_PAIRING)
    year = request.query_params.get("year")
    if not year:
        return channel, working_year(channel)
    if not year.isascii() or not year.isdigit() or not 1990 <= int(year) <= 2100:
        raise Invalid(f"年度应为 1990 至 2100 的整数，收到的是“{year}”", field="year")
    return channel, int(year)


class Workbench(APIView):
    """How far coverage and money are, in the region I oversee."""

    @extend_schema(parameters=PARAMETERS, responses=WorkbenchSerializer, operation_id="workbench_retrieve")
    def get(self, request: Request) -> Response:
        user = require_role(request.user, *OVERSEERS, to="查看工作台")
        return Response(WorkbenchSerializer(workbench.overview(user, *_asked(request))).data)


class Coverage(APIView):
    """Every poor county I oversee with its helpers: the map and its table."""

    @extend_schema(parameters=PARAMETERS, responses=CoverageSerializer(many=True), operation_id="coverage_list")
    def get(self, request: Request) -> Response:
        user = require_role(request.user, *OVERSEERS, to="查看覆盖情况")
        return Response(workbench.coverage(user, *_asked(request)))  # as it is shown: 832 counties, on every visit
