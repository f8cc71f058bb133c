"""Questions to a run over HTTP: why this pair, why not that one, and what if pairs were pinned or banned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, visible
from backend.places.models import Area
from backend.runs import explaining, robustness, scenarios, swaps
from backend.runs.api import ConflictSerializer, RunSerializer, runs_of
from backend.runs.models import Run, Scenario, ScenarioChange
from backend.runs.stored import Stored, open_run
from backend.runs.swaps import Pair, Shift
from backend.web.answers import Answer
from backend.web.api import RequestSerializer, versioned
from backend.web.problems import Invalid
from matching.explain import Alternative


class SaidSerializer(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class SpotSerializer(serializers.Serializer[Any]):
    """A county of a run, with what a map needs; without a position when its division has ended since."""

    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)


class MatchedSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    recipient = SpotSerializer()


class MoveSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    leaves = SpotSerializer(allow_null=True)
    joins = SpotSerializer(allow_null=True)


class ShiftSerializer(serializers.Serializer[Any]):
    removed = MatchedSerializer(many=True)
    added = MatchedSerializer(many=True)
    moves = MoveSerializer(many=True)
    uncovered = SpotSerializer(many=True)
    covered = SpotSerializer(many=True)
    beyond = serializers.IntegerField(help_text="changed pairs outside the reader's region")


class AlternativeSerializer(MatchedSerializer):
    score = serializers.IntegerField()
    loss = serializers.IntegerField(allow_null=True, help_text="null: cannot be")


class WhySerializer(MatchedSerializer):
    picked = serializers.BooleanField()
    score = serializers.IntegerField(allow_null=True)
    loss = serializers.IntegerField(allow_null=True)
    obstacle = serializers.ChoiceField(choices=["", "IN_FORCE", "BANNED", "NOT_ELIGIBLE", "BOUNDS"])
    sentence = SaidSerializer()
    shift = ShiftSerializer()
    helper_alternatives = AlternativeSerializer(many=True)
    recipient_alternatives = AlternativeSerializer(many=True)


class Spots:
    """The places of a run by code, as the reader's answer shows them; asks the database once."""

    def __init__(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        wanted = set(codes)
        self._found = {area.code: area for area in Area.objects.current().filter(code__in=wanted)}
        self._names = {code: names.get(code, code) for code in wanted}

    @property
    def names(self) -> dict[str, str]:
        """Short names, for sentences."""
        return self._names | {code: area.name for code, area in self._found.items()}

    def spot(self, code: str) -> Any:
        area = self._found.get(code)
        if area:
            return area
        name = self._names[code]
        return {"code": code, "name": name, "full_name": name, "lon": None, "lat": None}

    def pair(self, pair: Pair) -> dict[str, Any]:
        return {"helper": self.spot(pair[0]), "recipient": self.spot(pair[1])}

    def alternative(self, one: Alternative) -> dict[str, Any]:
        return self.pair(one.pair) | {"score": one.score, "loss": one.loss}

    def shift(self, told: Shift) -> dict[str, Any]:
        return {
            "removed": [self.pair(pair) for pair in told.removed],
            "added": [self.pair(pair) for pair in told.added],
            "moves": [
                {
                    "helper": self.spot(move.helper),
                    "leaves": self.spot(move.leaves) if move.leaves else None,
                    "joins": self.spot(move.joins) if move.joins else None,
                }
                for move in told.moves
            ],
            "uncovered": [self.spot(code) for code in told.uncovered],
            "covered": [self.spot(code) for code in told.covered],
            "beyond": told.beyond,
        }


def run_of(request: Request, pk: int) -> Run:
    """The run in the address, as the log-in may see it."""
    run: Run = get_object_or_404(runs_of(request), pk=pk)
    return run


_LEVELS = (Area.Level.PROVINCE, Area.Level.PREFECTURE, Area.Level.COUNTY)  # of helpers and recipients


def seen_by(user: Any) -> frozenset[str] | None:
    """The codes that lie in the region of the log-in, None for the whole country."""
    if user.region is None:
        return None
    return frozenset(
        Area.objects.current().within(user.region).filter(level__in=_LEVELS).values_list("code", flat=True)
    )


class PairWhy(APIView):
    """Why a pair is suggested or not, what another answer would cost, and which swaps would follow."""

    @extend_schema(responses=WhySerializer, operation_id="runs_why")
    def get(self, request: Request, pk: int, helper: str, recipient: str) -> Response:
        run, seen, pair = run_of(request, pk), seen_by(request.user), (helper, recipient)
        stored = open_run(run)
        if not set(pair) <= stored.names.keys() or not swaps.visible(pair, seen):
            raise Http404
        told = explaining.explain(stored, *pair, seen)
        spots = Spots(told.codes, stored.names)
        answer = spots.pair(pair) | {
            "picked": told.picked,
            "score": told.score,
            "loss": told.loss,
            "obstacle": told.obstacle,
            "sentence": explaining.say(told, spots.names),
            "shift": spots.shift(told.shift),
            "helper_alternatives": [spots.alternative(one) for one in told.helper_alternatives],
            "recipient_alternatives": [spots.alternative(one) for one in told.recipient_alternatives],
        }
        return Response(WhySerializer(answer).data)


# --- scenarios ------------------------------------------------------------------------------------------------


class ScenarioChangeSerializer(Answer[ScenarioChange]):
    helper = SpotSerializer()
    recipient = SpotSerializer()

    class Meta:
        model = ScenarioChange
        fields = ["verb", "helper", "recipient", "reason", "at"]


class DirectiveSerializer(serializers.Serializer[Any]):
    verb = serializers.CharField()
    helper = SpotSerializer()
    recipient = SpotSerializer()
    reason = serializers.CharField()
    by = serializers.CharField(source="by.display_name")
    at = serializers.DateTimeField()


class ScenarioSerializer(serializers.Serializer[Any]):
    """The changes that the reader tries on a run, and what the optimum is under them."""

    changes = ScenarioChangeSerializer(many=True)
    inherited = DirectiveSerializer(many=True, help_text="what the run was told")
    objective = serializers.IntegerField(allow_null=True)
    coverage = serializers.IntegerField(allow_null=True)
    fit = serializers.IntegerField(allow_null=True)
    stability = serializers.IntegerField(allow_null=True)
    loss = serializers.IntegerField(allow_null=True, help_text="the run's objective minus this one")
    sentence = SaidSerializer()
    shift = ShiftSerializer()
    conflict = ConflictSerializer(allow_null=True)
    seconds = serializers.FloatField()


class ScenarioChangeCreateSerializer(RequestSerializer):
    verb = serializers.ChoiceField(choices=ScenarioChange.Verb.choices)
    helper = AreaCodeField()
    recipient = AreaCodeField()
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ScenarioAdoptSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=500)


def _told(run: Run, scenario: Scenario | None, user: Any) -> dict[str, Any]:
    seen, stored = seen_by(user), open_run(run)
    changes = list(scenario.changes.select_related("helper", "recipient")) if scenario else []
    found = scenarios.answer(stored, changes, seen)
    inherited = run.directives.select_related("helper", "recipient", "by")
    spots = Spots(found.shift.codes, stored.names)
    return {
        "changes": changes,
        "inherited": [one for one in inherited if swaps.visible((one.helper.code, one.recipient.code), seen)],
        "objective": found.objective,
        "coverage": found.coverage,
        "fit": found.fit,
        "stability": found.stability,
        "loss": None if found.objective is None else stored.solution.objective - found.objective,
        "sentence": swaps.say(found.shift, spots.names),
        "shift": spots.shift(found.shift),
        "conflict": found.conflict,
        "seconds": found.seconds,
    }


class RunScenario(APIView):
    """What I try on a run: GET shows it with its consequences, POST pins, bans or releases a pair, DELETE lays it
    aside."""

    @extend_schema(responses=ScenarioSerializer, operation_id="runs_scenario")
    def get(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="推演结对方案")
        run = run_of(request, pk)
        return Response(ScenarioSerializer(_told(run, scenarios.opened(run, user), user)).data)

    @extend_schema(
        request=ScenarioChangeCreateSerializer, responses=ScenarioSerializer, operation_id="runs_scenario_change"
    )
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="推演结对方案")
        run = run_of(request, pk)
        body = ScenarioChangeCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        pair = body.validated_data["helper"].code, body.validated_data["recipient"].code
        if not swaps.visible(pair, seen_by(user)):
            raise Invalid("双方都不在您的管理范围之内", field="recipient")
        scenario = scenarios.change(run=run, by=user, **body.validated_data)
        return Response(ScenarioSerializer(_told(run, scenario, user)).data)

    @extend_schema(request=None, responses={200: ScenarioSerializer}, operation_id="runs_scenario_discard")
    def delete(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="推演结对方案")
        run = run_of(request, pk)
        scenarios.discard(scenario=get_object_or_404(_open(run, user)), by=user)
        return Response(ScenarioSerializer(_told(run, None, user)).data)


def _open(run: Run, user: Any) -> QuerySet[Scenario]:
    return visible(Scenario, user).filter(run=run, by=user, status=Scenario.Status.OPEN)


class RunScenarioAdoption(APIView):
    """Have my scenario solved and proven as a run of its own."""

    @extend_schema(request=ScenarioAdoptSerializer, responses={201: RunSerializer}, operation_id="runs_scenario_adopt")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="采用推演的方案")
        run = run_of(request, pk)
        body = ScenarioAdoptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        scenario = get_object_or_404(_open(run, user))
        made = scenarios.adopt(scenario=scenario, reason=body.validated_data["reason"], by=user)
        return versioned(RunSerializer(made).data, made, status.HTTP_201_CREATED)


# --- gaps and robustness --------------------------------------------------------------------------------------


class UncoveredSerializer(serializers.Serializer[Any]):
    recipient = SpotSerializer()
    why = serializers.CharField(help_text="RULED_OUT, NO_ROOM or NOT_WORTH")


class LoadSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    pairs = serializers.IntegerField()


class GapsSerializer(serializers.Serializer[Any]):
    """What a run leaves open, and whom it leans on."""

    uncovered = UncoveredSerializer(many=True)
    single_helper = MatchedSerializer(many=True, help_text="counties that could have nobody else")
    loads = LoadSerializer(many=True, help_text="helpers with pairs, the most loaded first")


class WithdrawalSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    loss = serializers.IntegerField(allow_null=True)
    sentence = SaidSerializer()
    shift = ShiftSerializer()
    conflict = ConflictSerializer(allow_null=True)


class RunGaps(APIView):
    """Counties without a helper and why, counties that depend on a single one, and who carries how much."""

    @extend_schema(responses=GapsSerializer, operation_id="runs_gaps")
    def get(self, request: Request, pk: int) -> Response:
        run, seen = run_of(request, pk), seen_by(request.user)
        stored = open_run(run)
        missing = [one for one in robustness.uncovered(stored) if seen is None or one.code in seen]
        single = [pair for pair in robustness.single_helpers(stored) if swaps.visible(pair, seen)]
        carried = _carried(stored, seen)
        codes = {code for pair in single for code in pair} | {one.code for one in missing} | {h for h, _ in carried}
        spots = Spots(codes, stored.names)
        answer = {
            "uncovered": [{"recipient": spots.spot(one.code), "why": one.why} for one in missing],
            "single_helper": [spots.pair(pair) for pair in single],
            "loads": [{"helper": spots.spot(helper), "pairs": count} for helper, count in carried],
        }
        return Response(GapsSerializer(answer).data)


def _carried(stored: Stored, seen: frozenset[str] | None) -> list[tuple[str, int]]:
    """Helpers with pairs that the reader sees, and how many of those."""
    count = Counter(pair[0] for pair in stored.solution.pairs if swaps.visible(pair, seen))
    return sorted(count.items(), key=lambda one: (-one[1], one[0]))


class RunWithdrawal(APIView):
    """What happens to a run when one of its helpers withdraws: who moves, who is left without anybody."""

    @extend_schema(responses=WithdrawalSerializer, operation_id="runs_withdrawal")
    def get(self, request: Request, pk: int, helper: str) -> Response:
        run, seen = run_of(request, pk), seen_by(request.user)
        stored = open_run(run)
        if helper not in {code for code, _ in _carried(stored, seen)}:
            raise Http404
        found = robustness.withdrawal(stored, helper, seen)
        spots = Spots(found.shift.codes | {helper}, stored.names)
        answer = {
            "helper": spots.spot(helper),
            "loss": None if found.objective is None else stored.solution.objective - found.objective,
            "sentence": swaps.say(found.shift, spots.names),
            "shift": spots.shift(found.shift),
            "conflict": found.conflict,
        }
        return Response(WithdrawalSerializer(answer).data)
