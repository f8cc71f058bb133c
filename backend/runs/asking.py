"""Questions to a run over HTTP: why this pair, why not that one, and what if pairs were pinned or banned."""

from __future__ import annotations

from collections import Counter
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
from backend.runs.firms import opened
from backend.runs.models import Directive, Run, Scenario, ScenarioChange, code_of
from backend.runs.spots import MatchedSerializer, ShiftSerializer, Spots, SpotSerializer, seeing
from backend.runs.stored import Opened, Pair
from backend.runs.swaps import See
from backend.web.answers import Answer
from backend.web.api import RequestSerializer, versioned
from backend.web.problems import Invalid


class SaidSerializer(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


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


def run_of(request: Request, pk: int) -> Run:
    """The run in the address, as the log-in may see it."""
    run: Run = get_object_or_404(runs_of(request), pk=pk)
    return run


class PairWhy(APIView):
    """Why a pair is suggested or not, what another answer would cost, and which swaps would follow."""

    @extend_schema(responses=WhySerializer, operation_id="runs_why")
    def get(self, request: Request, pk: int, helper: str, recipient: str) -> Response:
        run, see, pair = run_of(request, pk), seeing(request.user), (opened.named(helper), recipient)
        stored = opened.open_any(run)
        if not all(code in stored.names for code in pair) or not swaps.visible(pair, see(set(pair))):
            raise Http404
        told = explaining.explain(stored, *pair, see)
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


class HelperField(AreaCodeField):
    """A government, named by the code of its area, or a firm, named by its number."""

    def to_internal_value(self, data: Any) -> Any:
        if not opened.names_a_firm(str(data)):
            return super().to_internal_value(data)
        firm = opened.firms_of({str(data)}).first()
        if firm is None:
            self.fail("does_not_exist", slug_name="code", value=data)
        return firm


class DirectiveSerializer(serializers.Serializer[Any]):
    verb = serializers.CharField()
    helper = SpotSerializer()
    recipient = SpotSerializer()
    reason = serializers.CharField()
    by = serializers.CharField()
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
    helper = HelperField(help_text="a county's code, or party- and the number of a firm")
    recipient = AreaCodeField()
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ScenarioAdoptSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=500)


def _told(run: Run, scenario: Scenario | None, user: Any) -> dict[str, Any]:
    see, stored = seeing(user), opened.open_any(run)
    changes = list(scenario.changes.select_related("helper", "firm", "recipient")) if scenario else []
    found = scenarios.answer(stored, changes, see)
    inherited = list(run.directives.select_related("helper", "firm", "recipient", "by"))
    said = {code for pair in (*map(_codes, changes), *map(_codes, inherited)) for code in pair}
    spots, seen = Spots(found.shift.codes | said, stored.names), see(said)
    return {
        "changes": [_shown(one, spots) for one in changes],
        "inherited": [
            _shown(one, spots) | {"by": one.by.display_name} for one in inherited if swaps.visible(_codes(one), seen)
        ],
        "objective": found.objective,
        "coverage": found.coverage,
        "fit": found.fit,
        "stability": found.stability,
        "loss": None if found.objective is None else stored.objective - found.objective,
        "sentence": swaps.say(found.shift, spots.names),
        "shift": spots.shift(found.shift),
        "conflict": found.conflict,
        "seconds": found.seconds,
    }


def _codes(one: ScenarioChange | Directive) -> Pair:
    return one.helper_code, one.recipient.code


def _shown(one: ScenarioChange | Directive, spots: Spots) -> dict[str, Any]:
    return spots.pair(_codes(one)) | {"verb": one.verb, "reason": one.reason, "at": one.at}


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
        helper = body.validated_data["helper"]
        pair = helper.code if isinstance(helper, Area) else code_of(helper), body.validated_data["recipient"].code
        if not swaps.visible(pair, seeing(user)(set(pair))):
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


class PlaceGapsSerializer(serializers.Serializer[Any]):
    """Of a county, how many of its places the run gives nobody."""

    place = SpotSerializer()
    uncovered = serializers.IntegerField()


class GapCountsSerializer(serializers.Serializer[Any]):
    uncovered = serializers.IntegerField()
    single_helper = serializers.IntegerField()
    loads = serializers.IntegerField()


class GapsSerializer(serializers.Serializer[Any]):
    """What a run leaves open, and whom it leans on. The lists end after the first thousand; `counts` has them all."""

    counts = GapCountsSerializer()
    uncovered = UncoveredSerializer(many=True)
    places = PlaceGapsSerializer(many=True, help_text="of villages, their counties; those with the most first")
    single_helper = MatchedSerializer(many=True, help_text="recipients that could have nobody else")
    loads = LoadSerializer(many=True, help_text="helpers with pairs, the most loaded first")


class WithdrawalSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    loss = serializers.IntegerField(allow_null=True)
    sentence = SaidSerializer()
    shift = ShiftSerializer()
    conflict = ConflictSerializer(allow_null=True)


class RunGaps(APIView):
    """Recipients without a helper and why, those that depend on a single one, and who carries how much."""

    @extend_schema(responses=GapsSerializer, operation_id="runs_gaps")
    def get(self, request: Request, pk: int) -> Response:
        stored, see = opened.open_any(run_of(request, pk)), seeing(request.user)
        everyone, lonely = robustness.uncovered(stored), robustness.single_helpers(stored)
        seen = see({one.code for one in everyone} | {code for pair in lonely for code in pair})
        missing = [one for one in everyone if seen is None or one.code in seen]
        single = [pair for pair in lonely if swaps.visible(pair, seen)]
        carried = _carried(stored, see)
        places = Counter(one.code[:_COUNTY] for one in missing if len(one.code) > _COUNTY).most_common()
        counts = {"uncovered": len(missing), "single_helper": len(single), "loads": len(carried)}
        missing, single, carried = missing[: swaps.MOST], single[: swaps.MOST], carried[: swaps.MOST]
        codes = {one.code for one in missing} | {code for pair in single for code in pair}
        spots = Spots(codes | {code for code, _ in (*carried, *places)}, stored.names)
        answer = {
            "counts": counts,
            "uncovered": [{"recipient": spots.spot(one.code), "why": one.why} for one in missing],
            "places": [{"place": spots.spot(code), "uncovered": count} for code, count in places],
            "single_helper": [spots.pair(pair) for pair in single],
            "loads": [{"helper": spots.spot(helper), "pairs": count} for helper, count in carried],
        }
        return Response(GapsSerializer(answer).data)


_COUNTY = 6  # digits of a county's code, with which those of its townships and villages begin


def _carried(stored: Opened, see: See) -> list[tuple[str, int]]:
    """Helpers with pairs that the reader sees, and how many of those."""
    seen = see({code for pair in stored.pairs for code in pair})
    count = Counter(pair[0] for pair in stored.pairs if swaps.visible(pair, seen))
    return sorted(count.items(), key=lambda one: (-one[1], one[0]))


class RunWithdrawal(APIView):
    """What happens to a run when one of its helpers withdraws: who moves, who is left without anybody."""

    @extend_schema(responses=WithdrawalSerializer, operation_id="runs_withdrawal")
    def get(self, request: Request, pk: int, helper: str) -> Response:
        stored, see = opened.open_any(run_of(request, pk)), seeing(request.user)
        code = opened.named(helper)
        own = [pair for pair in stored.pairs if pair[0] == code]
        seen = see({code for pair in own for code in pair})
        if not any(swaps.visible(pair, seen) for pair in own):
            raise Http404
        found = robustness.withdrawal(stored, code, see)
        spots = Spots(found.shift.codes | {code}, stored.names)
        answer = {
            "helper": spots.spot(code),
            "loss": None if found.objective is None else stored.objective - found.objective,
            "sentence": swaps.say(found.shift, spots.names),
            "shift": spots.shift(found.shift),
            "conflict": found.conflict,
        }
        return Response(WithdrawalSerializer(answer).data)
