"""Second looks at acceptances, and who is to review what, over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.pairings import reviewing
from backend.pairings.api import BOTH
from backend.pairings.filters import SuggestionFilter
from backend.pairings.review_api import SuggestionSerializer, all_of, fresh, suggestions_of
from backend.runs.models import Run, Suggestion
from backend.web.api import RequestSerializer

STEPS = [("CONFIRM", "复核通过"), ("UNDO", "退回或收回")]


class SecondLookCreateSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=STEPS)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class SuggestionSecondLook(APIView):
    """Confirm an acceptance as the second person, or make it undecided again."""

    @extend_schema(
        request=SecondLookCreateSerializer, responses={201: SuggestionSerializer}, operation_id="suggestions_look"
    )
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="复核采纳")
        rows = visible(Suggestion, user).select_related("run__policy", *BOTH)
        suggestion = get_object_or_404(rows, pk=pk)
        body = SecondLookCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        verb = reviewing.confirm if body.validated_data["step"] == "CONFIRM" else reviewing.undo
        verb(suggestion=suggestion, reason=body.validated_data["reason"], by=user)
        return fresh(request, suggestion)


class ReviewerSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")
    open = serializers.IntegerField(help_text="suggestions of the run that still wait for this person")


class AssignmentCreateSerializer(RequestSerializer):
    """To whom, and which: those named, or else all that the filters of the list let through."""

    suggestions = ScopedPrimaryKeyRelatedField(
        queryset=Suggestion.objects.all(), many=True, allow_null=True, allow_empty=False, default=None
    )
    where = serializers.DictField(
        child=serializers.CharField(max_length=100), default=dict, help_text="filters of the list, as in its address"
    )
    to: Any = serializers.SlugRelatedField(
        slug_field="username",
        queryset=User.objects.filter(role=Role.COORDINATOR, is_active=True),
        allow_null=True,
        error_messages={"does_not_exist": "没有协调员“{value}”", "invalid": "用户名有误"},
    )

    def validate_suggestions(self, rows: list[Suggestion] | None) -> list[Suggestion] | None:
        return rows and all_of(self.context["run"], rows)

    def validate_where(self, asked: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(asked) - set(SuggestionFilter.base_filters))
        if unknown:
            raise serializers.ValidationError(f"没有“{unknown[0]}”这个筛选条件")
        return asked


class AssignedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="how many suggestions changed hands")
    reviewers = ReviewerSerializer(many=True)


class RunAssignments(APIView):
    """Whom suggestions of a run may be assigned to, and how many wait for each; POST assigns: all of them or none."""

    @extend_schema(responses=ReviewerSerializer(many=True), operation_id="runs_reviewers")
    def get(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="分派审阅任务")
        run = get_object_or_404(visible(Run, user), pk=pk)
        return Response(ReviewerSerializer(reviewing.reviewers(run, user), many=True).data)

    @extend_schema(request=AssignmentCreateSerializer, responses={201: AssignedSerializer}, operation_id="runs_assign")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="分派审阅任务")
        run = get_object_or_404(visible(Run, user), pk=pk)
        body = AssignmentCreateSerializer(data=request.data, context={"request": request, "run": run})
        body.is_valid(raise_exception=True)
        rows = _meant(request, run, **body.validated_data)
        changed = reviewing.assign(run=run, rows=rows, to=body.validated_data["to"], by=user)
        told = {"changed": changed, "reviewers": reviewing.reviewers(run, user)}
        return Response(AssignedSerializer(told).data, status=status.HTTP_201_CREATED)


def _meant(
    request: Request, run: Run, *, suggestions: list[Suggestion] | None, where: dict[str, str], **_: Any
) -> QuerySet[Suggestion]:
    """The suggestions that the body names, or those that its filters let through as far as the log-in sees them."""
    if suggestions is not None:
        return run.suggestions.filter(pk__in=[one.pk for one in suggestions])
    chosen = SuggestionFilter(where, suggestions_of(run, request.user), request=request)
    if not chosen.is_valid():
        raise serializers.ValidationError({"where": chosen.errors})
    found: QuerySet[Suggestion] = chosen.qs
    return found
