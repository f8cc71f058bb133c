"""Proposals of how committed money could meet needs, and the earmarks that people make of them, over HTTP."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import user_of
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.commitments.models import Commitment
from backend.commitments.overviews import asked_year
from backend.commitments.serializers import DIGITS
from backend.needs.models import Need
from backend.pairings.api import HelperSerializer, PlaceSerializer
from backend.pairings.models import Side
from backend.pairings.scopes import side_of
from backend.places.depth import Tier
from backend.projects import allocation, earmarking
from backend.projects.models import Plan, Project
from backend.runs.allocating import Refuted
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, body_of, idempotent
from backend.web.money import LARGEST_YUAN
from backend.web.problems import Conflict, Invalid

_logger = logging.getLogger(__name__)
_MOST = 500  # lines shown; whoever accepts the first ones is shown the next


class GivingSerializer(Answer[Commitment]):
    """A commitment as the proposal names it."""

    kind_label = Label(source="get_kind_display")
    recipient = PlaceSerializer(source="pairing.recipient")

    class Meta:
        model = Commitment
        fields = ["id", "title", "kind", "kind_label", "sector", "pairing", "recipient"]
        read_only_fields = fields


class LackingSerializer(Answer[Need]):
    """A need as the proposal names it."""

    place = serializers.CharField(source="area.full_name")
    category_label = Label(source="get_category_display")

    class Meta:
        model = Need
        fields = ["id", "title", "place", "category", "category_label", "deadline_date", "is_demo"]
        read_only_fields = fields


class AllocationLineSerializer(serializers.Serializer[Any]):
    commitment = GivingSerializer()
    need = LackingSerializer()
    tier = serializers.ChoiceField(choices=Tier.choices)
    amount_yuan = serializers.DecimalField(**DIGITS)
    gap_yuan = serializers.DecimalField(**DIGITS)


class AllocationProofSerializer(serializers.Serializer[Any]):
    """`amount_yuan` = `cut_yuan` + `elsewhere_yuan`: no more can reach the needs down to this tier."""

    tier = serializers.ChoiceField(choices=Tier.choices)
    amount_yuan = serializers.DecimalField(**DIGITS)
    cut_yuan = serializers.DecimalField(**DIGITS)
    elsewhere_yuan = serializers.DecimalField(**DIGITS)


class UnallottedMoneySerializer(serializers.Serializer[Any]):
    commitment = GivingSerializer(source="subject")
    amount_yuan = serializers.DecimalField(**DIGITS)
    reachable = serializers.BooleanField()


class UncoveredNeedSerializer(serializers.Serializer[Any]):
    need = LackingSerializer(source="subject")
    tier = serializers.ChoiceField(choices=Tier.choices)
    amount_yuan = serializers.DecimalField(**DIGITS)
    reachable = serializers.BooleanField()


class AllocationProposalSerializer(serializers.Serializer[Any]):
    """The first lines of each list, and the sums of the whole."""

    year = serializers.IntegerField()
    lines = AllocationLineSerializer(many=True)
    proofs = AllocationProofSerializer(many=True)
    unallotted = UnallottedMoneySerializer(many=True)
    uncovered = UncoveredNeedSerializer(many=True)
    proposed_yuan = serializers.DecimalField(**DIGITS)
    unallotted_yuan = serializers.DecimalField(**DIGITS)
    uncovered_yuan = serializers.DecimalField(**DIGITS)
    line_count = serializers.IntegerField()
    uncovered_count = serializers.IntegerField()


def _told(found: allocation.Proposal) -> dict[str, Any]:
    return {
        "year": found.year,
        "proofs": found.proofs,
        **{name: getattr(found, name)[:_MOST] for name in ("lines", "unallotted", "uncovered")},
        "proposed_yuan": sum(one.amount_yuan for one in found.lines),
        "unallotted_yuan": sum(one.amount_yuan for one in found.unallotted),
        "uncovered_yuan": sum(one.amount_yuan for one in found.uncovered),
        "line_count": len(found.lines),
        "uncovered_count": len(found.uncovered),
    }


class AllocationProposal(APIView):
    """How my party's free commitments of a year could meet what its recipients lack; empty for everybody else."""

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年度，默认有承诺的最近一年")],
        responses=AllocationProposalSerializer,
        operation_id="allocation_retrieve",
    )
    def get(self, request: Request) -> Response:
        try:
            found = allocation.proposal(user_of(request), asked_year(request))
        except Refuted:
            _logger.exception("an allocation was refuted")
            raise Conflict("这次测算没有通过验证，不予显示，请联系管理员") from None
        return Response(AllocationProposalSerializer(_told(found)).data)


class EarmarkSerializer(Answer[Plan]):
    """What stands for a need of one commitment; `project` is the live project of the need."""

    commitment = GivingSerializer()
    helper = HelperSerializer(source="commitment.pairing.helper")
    need = LackingSerializer()
    project = serializers.SerializerMethodField()
    may_take_back = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = ["key", "commitment", "helper", "need", "earmarked", "planned", "allotted", "project", "may_take_back"]
        read_only_fields = fields

    def get_project(self, plan: Plan) -> int | None:
        return next((one.pk for one in plan.need.projects.all() if one.status not in Project.OVER), None)

    def get_may_take_back(self, plan: Plan) -> bool:
        commitment = plan.commitment
        return commitment is not None and side_of(self.context["request"].user, commitment.pairing) == Side.HELPER


class EarmarkCreateSerializer(RequestSerializer):
    """A negative amount takes back."""

    commitment = ScopedPrimaryKeyRelatedField(queryset=Commitment.objects.select_related("pairing"))
    need = ScopedPrimaryKeyRelatedField(queryset=Need.objects.all())
    amount_yuan = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=-LARGEST_YUAN, max_value=LARGEST_YUAN
    )
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


def _number(request: Request, name: str) -> int | None:
    """What the address asks for under a name. Raises Invalid."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise Invalid(f"应为整数，收到的是“{value}”", field=name)
    return int(value)


class Earmarks(APIView):
    """Earmarks that stand, of the commitments I may see: of one need, or of a year; POST makes one or takes it back."""

    @extend_schema(
        parameters=[
            OpenApiParameter("need", int, description="需求编号"),
            OpenApiParameter("year", int, description="承诺的年度"),
        ],
        responses=EarmarkSerializer(many=True),
        operation_id="earmarks_list",
    )
    def get(self, request: Request) -> Response:
        need, year = (_number(request, name) for name in ("need", "year"))
        rows = self._rows(request)
        if need is not None:
            rows = rows.filter(need_id=need)
        if year is not None:
            rows = rows.filter(commitment__year=year)
        return Response(EarmarkSerializer(rows[:_MOST], many=True, context={"request": request}).data)

    def _rows(self, request: Request) -> QuerySet[Plan]:
        rows = earmarking.standing(visible(Commitment, request.user))
        along = ("commitment__pairing__helper", "commitment__pairing__recipient__parent__parent")
        return rows.select_related(*along, "need__area").prefetch_related("need__projects").order_by("key")

    @extend_schema(
        request=EarmarkCreateSerializer, responses={201: EarmarkSerializer(many=True)}, operation_id="earmarks_make"
    )
    @idempotent
    def post(self, request: Request) -> Response:
        said = body_of(EarmarkCreateSerializer, request)
        made = earmarking.earmark(by=user_of(request), **said)
        rows = self._rows(request).filter(commitment=made.commitment_id, need=made.need_id)
        answer = EarmarkSerializer(rows, many=True, context={"request": request}).data
        return Response(answer, status=status.HTTP_201_CREATED)
