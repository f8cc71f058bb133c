"""Two runs compared, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.places.depth import Tier
from backend.runs import comparing, swaps
from backend.runs.api import RunSerializer
from backend.runs.asking import SaidSerializer, ShiftSerializer, Spots, run_of, seen_by


class TierCoverSerializer(serializers.Serializer[Any]):
    tier = serializers.ChoiceField(choices=Tier.choices)
    counties = serializers.IntegerField()
    covered = serializers.IntegerField(help_text="counties with at least one helper")
    helpers = serializers.ListField(child=serializers.IntegerField(), help_text="counties with 0, 1, 2, … helpers")


class SpreadSerializer(serializers.Serializer[Any]):
    """How a run shares out."""

    tiers = TierCoverSerializer(many=True)
    bands = serializers.ListField(child=serializers.IntegerField(), help_text="pairs by score, 1 000 points a band")
    loads = serializers.ListField(child=serializers.IntegerField(), help_text="helpers with 0, 1, 2, … pairs")
    lowest = serializers.IntegerField(allow_null=True)
    median = serializers.IntegerField(allow_null=True)
    pairs = serializers.IntegerField()
    deep_pairs = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """What changes from run `a` to run `b`."""

    a = RunSerializer()
    b = RunSerializer()
    spread_a = SpreadSerializer()
    spread_b = SpreadSerializer()
    same_policy = serializers.BooleanField(help_text="whether the totals of both mean the same")
    kept = serializers.IntegerField(help_text="pairs that both runs have")
    shift = ShiftSerializer()
    sentence = SaidSerializer()


class RunComparison(APIView):
    """Compare a run with another one of its channel: coverage, fit, fairness, tilt, and every pair that changes."""

    @extend_schema(responses=ComparisonSerializer, operation_id="runs_compare")
    def get(self, request: Request, pk: int, other: int) -> Response:
        told = comparing.compare(run_of(request, pk), run_of(request, other), seen_by(request.user))
        spots = Spots(told.shift.codes, told.names)
        answer = {
            "a": told.a,
            "b": told.b,
            "spread_a": told.spread_a,
            "spread_b": told.spread_b,
            "same_policy": told.same_policy,
            "kept": told.kept,
            "shift": spots.shift(told.shift),
            "sentence": swaps.say(told.shift, spots.names),
        }
        return Response(ComparisonSerializer(answer).data)
