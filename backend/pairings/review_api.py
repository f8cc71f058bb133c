"""Suggestions under review, and decisions about them, over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.pairings import actions, publishing, reviewing
from backend.pairings.api import BOTH, HELPER_COLUMNS, RECIPIENT_COLUMNS, HelperSerializer, PlaceSerializer
from backend.pairings.decision_models import Decision, SecondLook
from backend.pairings.filters import SuggestionFilter
from backend.pairings.review_models import Publication, SuggestionNote
from backend.parties.models import DEMO_NOTE
from backend.places.depth import Tier
from backend.runs import comparing
from backend.runs.api import ScoreReasonSerializer
from backend.runs.firms import telling
from backend.runs.models import Run, Suggestion
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer
from backend.web.exports import Exported
from backend.web.sheets import Column, Kind


class DecisionSerializer(Answer[Decision]):
    verdict_label = Label(source="get_verdict_display")
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Decision
        fields = ["verdict", "verdict_label", "reason", "by", "at"]


class SecondLookSerializer(Answer[SecondLook]):
    outcome_label = Label(source="get_outcome_display")
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = SecondLook
        fields = ["outcome", "outcome_label", "reason", "by", "at"]


class PastDecisionSerializer(DecisionSerializer):
    """A decision with what became of it; also those that were undone."""

    looks = SecondLookSerializer(many=True)

    class Meta(DecisionSerializer.Meta):
        fields = [*DecisionSerializer.Meta.fields, "looks"]


class SuggestionNoteSerializer(Answer[SuggestionNote]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = SuggestionNote
        fields = ["text", "by", "at"]


class SuggestionSerializer(Answer[Suggestion]):
    helper = HelperSerializer()
    recipient = PlaceSerializer()
    reasons = serializers.SerializerMethodField()
    regret = serializers.IntegerField(allow_null=True, help_text="what the objective loses without it")
    indispensable = serializers.BooleanField()
    pinned = serializers.BooleanField()
    changed = serializers.BooleanField(allow_null=True, help_text="not in the run compared with; null: none to compare")
    decision = serializers.SerializerMethodField()
    decided_by_me = serializers.SerializerMethodField(
        help_text="whoever accepted takes back; others confirm, send back"
    )
    history = PastDecisionSerializer(source="decisions", many=True, help_text="every decision, oldest first")
    awaits_second = serializers.BooleanField(help_text="accepted, and to be confirmed by a second person")
    assignee = serializers.CharField(source="assignee_name", allow_null=True, help_text="who is to review it")
    assigned_to_me = serializers.SerializerMethodField()
    notes = SuggestionNoteSerializer(many=True, help_text="what coordinators wrote beside it, oldest first")
    is_published = serializers.BooleanField(help_text="put to both sides, and not taken back")
    pairing = serializers.SerializerMethodField()

    class Meta:
        model = Suggestion
        fields = [
            "id", "run", "rank", "helper", "recipient", "tier", "score", "regret", "indispensable", "state", "pinned",
            "note", "changed", "reasons", "decision", "decided_by_me", "history", "awaits_second", "assignee",
            "assigned_to_me", "notes", "is_published", "pairing",
        ]  # fmt: skip

    @extend_schema_field(ScoreReasonSerializer(many=True))
    def get_reasons(self, suggestion: Suggestion) -> Any:
        return telling.reasons_of(suggestion)

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, suggestion: Suggestion) -> Any:
        decision = getattr(suggestion, "decision", None)
        return DecisionSerializer(decision).data if decision else None

    def get_decided_by_me(self, suggestion: Suggestion) -> bool:
        decision = getattr(suggestion, "decision", None)
        return decision is not None and decision.by_id == self.context["request"].user.pk

    def get_assigned_to_me(self, suggestion: Suggestion) -> bool:
        mine: bool = suggestion.assignee == self.context["request"].user.pk  # type: ignore[attr-defined]
        return mine

    def get_pairing(self, suggestion: Suggestion) -> int | None:
        return next((pairing.pk for pairing in suggestion.pairings.all()), None)


def suggestions_of(run: Run, user: Any) -> QuerySet[Suggestion]:
    """The suggestions of a run that the log-in may see, each with whether it is new and whether it is published."""
    rows = comparing.with_changes(visible(run.suggestions.all(), user), publishing.baseline(run))
    looks = Prefetch("looks", SecondLook.objects.select_related("by"))
    return (
        reviewing.with_assignee(publishing.with_publication(rows))
        .select_related(*BOTH, "decision__by", "run__policy")
        .prefetch_related(
            "pairings",
            Prefetch("decisions", Decision.objects.select_related("by").prefetch_related(looks)),
            Prefetch("notes", SuggestionNote.objects.select_related("by")),
        )
    )


class SuggestionList(Exported):
    """The suggestions of one run, in the order of review."""

    queryset = Suggestion.objects.none()
    serializer_class = SuggestionSerializer
    filterset_class = SuggestionFilter
    ordering_fields = ["rank", "score", "regret"]
    ordering = ["rank"]
    export_title = "匹配建议"
    export_columns = (
        Column("次序", "rank", Kind.NUMBER, 6),
        *HELPER_COLUMNS,
        *RECIPIENT_COLUMNS,
        Column("贫困程度", lambda one: Tier(one.tier).label if one.tier else None),
        Column("得分", "score", Kind.NUMBER, 8),
        Column("不采纳的代价（分）", "regret", Kind.NUMBER, 16),
        Column("状态", "get_state_display"),
        Column("与上次运行相比", lambda one: None if one.changed is None else "新增" if one.changed else "不变"),
        Column("理由", lambda one: "\n".join(reason["zh"] for reason in telling.reasons_of(one)), width=60),
        Column("决定", "decision.get_verdict_display"),
        Column("决定的理由", "decision.reason", width=40),
        Column("决定人", "decision.by.display_name"),
        Column("决定时间", "decision.at", Kind.TIME, 17),
        Column(
            "批注", lambda one: "\n".join(f"{note.by.display_name}：{note.text}" for note in one.notes.all()), width=40
        ),
        Column("等第二人复核", lambda one: "是" if one.awaits_second else "否", width=12),
        Column("分派给", "assignee_name"),
        Column("已发布", lambda one: "是" if one.is_published else "否", width=8),
    )
    export_notes = (DEMO_NOTE, "建议由算法给出，是否结对由人决定")

    def get_queryset(self) -> Any:
        run = get_object_or_404(visible(Run, self.request.user), pk=self.kwargs["pk"])
        return suggestions_of(run, self.request.user)


class PublicationSerializer(serializers.Serializer[Any]):
    """Accepted suggestions that were put to both sides together, and what became of them."""

    id = serializers.IntegerField(source="publication.pk")
    by = serializers.CharField(source="publication.by.display_name")
    at = serializers.DateTimeField(source="publication.at")
    note = serializers.CharField(source="publication.note")
    pairs = serializers.IntegerField()
    open = serializers.IntegerField(help_text="proposals that nobody has answered and that can be taken back")
    taken_back = serializers.IntegerField()


class ReviewSerializer(serializers.Serializer[Any]):
    """Where the review of a run stands, as far as the log-in sees it."""

    baseline = serializers.IntegerField(allow_null=True, help_text="the run that changes are counted from")
    publishable = serializers.IntegerField(help_text="accepted suggestions that wait to be published")
    four_eyes = serializers.BooleanField(help_text="whether the policy asks for a second person")
    awaiting_second = serializers.IntegerField(help_text="accepted suggestions that wait for a second person")
    assigned_to_me = serializers.IntegerField(help_text="suggestions assigned to the log-in that are still open")
    publications = PublicationSerializer(many=True)


def _review(run: Run, user: Any) -> Any:
    before = publishing.baseline(run)
    return ReviewSerializer(
        {
            "baseline": before.pk if before else None,
            "publishable": publishing.publishable(visible(run.suggestions.all(), user)).count(),
            "four_eyes": run.policy.four_eyes,
            "awaiting_second": publishing.awaiting_second(visible(run.suggestions.all(), user)).count(),
            "assigned_to_me": reviewing.assigned(run.suggestions.all(), user).count(),
            "publications": publishing.standings(run, user),
        }
    ).data


class RunReview(APIView):
    """Where the review of a run stands, for the log-in."""

    @extend_schema(responses=ReviewSerializer, operation_id="runs_review")
    def get(self, request: Request, pk: int) -> Response:
        runs = visible(Run, request.user).select_related("policy")
        return Response(_review(get_object_or_404(runs, pk=pk), request.user))


def all_of(run: Run, rows: list[Suggestion]) -> list[Suggestion]:
    """The chosen suggestions. Raises ValidationError where one belongs to another run."""
    if any(one.run_id != run.pk for one in rows):
        raise serializers.ValidationError("所选建议不都属于这次运行")
    return rows


class PublicationCreateSerializer(RequestSerializer):
    suggestions = ScopedPrimaryKeyRelatedField(queryset=Suggestion.objects.all(), many=True, allow_empty=False)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate_suggestions(self, rows: list[Suggestion]) -> list[Suggestion]:
        return all_of(self.context["run"], rows)


class RunPublications(APIView):
    """Put accepted suggestions to both sides: all of them or none."""

    @extend_schema(request=PublicationCreateSerializer, responses={201: ReviewSerializer}, operation_id="runs_publish")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="发布结对提议")
        run = get_object_or_404(visible(Run, user).select_related("channel"), pk=pk)
        body = PublicationCreateSerializer(data=request.data, context={"request": request, "run": run})
        body.is_valid(raise_exception=True)
        publishing.publish(run=run, by=user, **body.validated_data)
        return Response(_review(run, user), status=status.HTTP_201_CREATED)


class TakeBackSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=1000, allow_blank=True)


class PublicationTakeBack(APIView):
    """Take back the proposals of a publication that neither side has answered."""

    @extend_schema(request=TakeBackSerializer, responses=ReviewSerializer, operation_id="publications_take_back")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="撤回结对提议")
        publication = get_object_or_404(visible(Publication, user).select_related("run"), pk=pk)
        body = TakeBackSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        publishing.take_back(publication=publication, by=user, **body.validated_data)
        return Response(_review(publication.run, user))


def fresh(request: Request, suggestion: Suggestion) -> Response:
    """The suggestion as it stands after what was just said of it."""
    row = suggestions_of(suggestion.run, request.user).get(pk=suggestion.pk)
    return Response(SuggestionSerializer(row, context={"request": request}).data, status=status.HTTP_201_CREATED)


class DecisionCreateSerializer(RequestSerializer):
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class SuggestionDecision(APIView):
    """Accept or refuse a suggestion: once, by one coordinator."""

    @extend_schema(
        request=DecisionCreateSerializer, responses={201: SuggestionSerializer}, operation_id="suggestions_decide"
    )
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="审阅匹配建议")
        rows = visible(Suggestion, user).select_related("run__channel", *BOTH)
        suggestion = get_object_or_404(rows, pk=pk)
        body = DecisionCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        if body.validated_data["verdict"] == Decision.Verdict.ACCEPTED:
            actions.accept(suggestion=suggestion, reason=body.validated_data["reason"], by=user)
        else:
            actions.refuse(suggestion=suggestion, reason=body.validated_data["reason"], by=user)
        return fresh(request, suggestion)


class NoteCreateSerializer(RequestSerializer):
    text = serializers.CharField(max_length=500, allow_blank=True)


class SuggestionNotes(APIView):
    """Leave a remark on a suggestion for the other coordinators."""

    @extend_schema(request=NoteCreateSerializer, responses={201: SuggestionSerializer}, operation_id="suggestions_note")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="批注匹配建议")
        suggestion = get_object_or_404(visible(Suggestion, user).select_related("run"), pk=pk)
        body = NoteCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actions.write_note(suggestion=suggestion, by=user, **body.validated_data)
        return fresh(request, suggestion)
