"""Two runs compared, and what a run gives up, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.jobs.api import JobSerializer
from backend.places.depth import Tier
from backend.runs import comparing, swaps, tradeoffs
from backend.runs.api import RunSerializer
from backend.runs.asking import SaidSerializer, run_of
from backend.runs.models import Run, Tradeoffs
from backend.runs.spots import ShiftSerializer, Spots, seeing


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
        told = comparing.compare(run_of(request, pk), run_of(request, other), seeing(request.user))
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


class CurvePointSerializer(serializers.Serializer[Any]):
    """The best total within a number of changes."""

    changes = serializers.IntegerField()
    objective = serializers.IntegerField()
    bound = serializers.IntegerField(help_text="no choice within these changes is worth more")
    proven = serializers.BooleanField(help_text="whether the total reaches the bound")


class FairnessLevelSerializer(serializers.Serializer[Any]):
    ratio = serializers.IntegerField(help_text="share of a county's coverage, in basis points")
    fair = serializers.IntegerField(help_text="counties that have this much under the fairest choice")
    run = serializers.IntegerField(help_text="counties that have this much in the run")


class FairnessSerializer(serializers.Serializer[Any]):
    """The fairest choice (the worst-off county first, then the next) beside the run's own; fit counts stability."""

    price = serializers.IntegerField(help_text="the most fit that any choice could have, minus the fairest one's")
    fit = serializers.IntegerField()
    best_fit = serializers.IntegerField()
    coverage = serializers.IntegerField()
    run_fit = serializers.IntegerField()
    run_coverage = serializers.IntegerField()
    moved = serializers.IntegerField(help_text="pairs that are in one of the two only")
    levels = FairnessLevelSerializer(many=True)


class TradeoffsSerializer(serializers.Serializer[Any]):
    curve = CurvePointSerializer(
        many=True, allow_null=True, help_text="empty where nothing is on record, null where it cannot be computed"
    )
    fairness = FairnessSerializer()
    at = serializers.DateTimeField()


class AskedTradeoffsSerializer(serializers.Serializer[Any]):
    """What a run gives up, once somebody has asked for it."""

    result = TradeoffsSerializer(allow_null=True)
    job = JobSerializer(allow_null=True, help_text="the work under way, or why there is no result")


class RunTradeoffs(APIView):
    """The gain of each further change to what stands, and the price of fairness; POST has them computed."""

    @extend_schema(responses=AskedTradeoffsSerializer, operation_id="runs_tradeoffs")
    def get(self, request: Request, pk: int) -> Response:
        return Response(_tradeoffs(run_of(request, pk), request.user))

    @extend_schema(request=None, responses={202: AskedTradeoffsSerializer}, operation_id="runs_tradeoffs_ask")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="计算变动与公平的代价")
        run = run_of(request, pk)
        tradeoffs.ask(run=run, by=user)
        return Response(_tradeoffs(run, user), status=status.HTTP_202_ACCEPTED)


def _tradeoffs(run: Run, user: Any) -> Any:
    result = visible(Tradeoffs, user).filter(run=run).first()
    return AskedTradeoffsSerializer({"result": result, "job": None if result else tradeoffs.asked(run)}).data
