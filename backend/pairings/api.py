"""Suggestions under review, decisions, pairings and their acknowledgement over HTTP."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.events import EventSerializer
from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import AreaCodeField, ScopedPrimaryKeyRelatedField, visible
from backend.lifecycle.models import Event
from backend.pairings import actions
from backend.pairings.models import Acknowledgement, Decision, Pairing
from backend.pairings.scopes import side_of
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.runs.models import Run, Suggestion
from backend.web.api import RequestSerializer, conditional, require_version, versioned


class PlaceSerializer(serializers.ModelSerializer[Area]):
    province = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = ["code", "name", "full_name", "lon", "lat", "province"]

    def get_province(self, area: Area) -> str:
        top = area
        while top.parent is not None:
            top = top.parent
        return top.name


class HelperSerializer(serializers.ModelSerializer[Party]):
    area = PlaceSerializer(allow_null=True)

    class Meta:
        model = Party
        fields = ["id", "name", "kind", "area"]


class ScoreReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    points = serializers.IntegerField()
    weight = serializers.IntegerField()
    missing = serializers.BooleanField()
    zh = serializers.CharField()
    en = serializers.CharField()


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    verdict_label = serializers.CharField(source="get_verdict_display")
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Decision
        fields = ["verdict", "verdict_label", "reason", "by", "at"]


class SuggestionSerializer(serializers.ModelSerializer[Suggestion]):
    helper = HelperSerializer()
    recipient = PlaceSerializer()
    reasons = ScoreReasonSerializer(many=True)
    decision = serializers.SerializerMethodField()
    pairing = serializers.SerializerMethodField()

    class Meta:
        model = Suggestion
        fields = [
            "id", "run", "rank", "helper", "recipient", "tier", "score", "state", "note", "reasons", "decision",
            "pairing",
        ]  # fmt: skip

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, suggestion: Suggestion) -> Any:
        decision = getattr(suggestion, "decision", None)
        return DecisionSerializer(decision).data if decision else None

    def get_pairing(self, suggestion: Suggestion) -> int | None:
        return next((pairing.pk for pairing in suggestion.pairings.all()), None)


def _either_side(text: str) -> Q:
    """The condition that one side is called so: a helper by its name, either area as the register is searched."""
    areas = Area.objects.search(text)
    return Q(helper__name__icontains=text.strip()) | Q(recipient__in=areas) | Q(helper__area__in=areas)


class SuggestionFilter(django_filters.FilterSet):
    """Filters of the review; all may be combined."""

    state = django_filters.ChoiceFilter(choices=Suggestion.State.choices)
    tier = django_filters.ChoiceFilter(choices=[("deep", "深度"), ("poor", "贫困")])
    decision = django_filters.ChoiceFilter(
        method="by_decision", choices=[("OPEN", "待审阅"), *Decision.Verdict.choices]
    )
    province = django_filters.CharFilter(method="by_province")
    search = django_filters.CharFilter(method="by_search")

    class Meta:
        model = Suggestion
        fields = ["state", "tier"]

    def by_decision(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        if value == "OPEN":
            return rows.filter(decision__isnull=True, state=Suggestion.State.FREE)
        return rows.filter(decision__verdict=value)

    def by_province(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Six-digit code of the recipient's province."""
        return rows.filter(Q(recipient__parent__code=value) | Q(recipient__parent__parent__code=value))

    def by_search(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Name, code, pinyin or initials of either side."""
        return rows.filter(_either_side(value))


_BOTH = ("helper__area__parent__parent", "recipient__parent__parent")


class SuggestionList(ListAPIView[Suggestion]):
    """The suggestions of one run, in the order of review."""

    queryset = Suggestion.objects.none()
    serializer_class = SuggestionSerializer
    filterset_class = SuggestionFilter
    ordering_fields = ["rank", "score"]
    ordering = ["rank"]

    def get_queryset(self) -> Any:
        run = get_object_or_404(visible(Run, self.request.user), pk=self.kwargs["pk"])
        return (
            visible(run.suggestions.all(), self.request.user)
            .select_related(*_BOTH, "decision__by")
            .prefetch_related("pairings")
        )


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
        rows = visible(Suggestion, user).select_related("run__channel", *_BOTH)
        suggestion = get_object_or_404(rows, pk=pk)
        body = DecisionCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        if body.validated_data["verdict"] == Decision.Verdict.ACCEPTED:
            actions.accept(suggestion=suggestion, reason=body.validated_data["reason"], by=user)
        else:
            actions.refuse(suggestion=suggestion, reason=body.validated_data["reason"], by=user)
        fresh = rows.select_related("decision__by").prefetch_related("pairings").get(pk=pk)
        return Response(SuggestionSerializer(fresh).data, status=status.HTTP_201_CREATED)


# --- pairings -------------------------------------------------------------------------------------------------


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Acknowledgement
        fields = ["side", "answer", "reason", "by", "at"]


class PairingSerializer(serializers.ModelSerializer[Pairing]):
    helper = HelperSerializer()
    recipient = PlaceSerializer()
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel_name = serializers.CharField(source="channel.name_zh")
    status_label = serializers.CharField(source="get_status_display")
    origin_label = serializers.CharField(source="get_origin_display")
    acknowledgements = AcknowledgementSerializer(many=True)
    is_confirmed = serializers.BooleanField()
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = Pairing
        fields = [
            "id", "helper", "recipient", "channel", "channel_name", "start_date", "end_date", "status", "status_label",
            "origin", "origin_label", "suggestion", "fact_status", "source", "last_contact_date", "acknowledgements",
            "is_confirmed", "my_side", "created_at", "version",
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=["HELPER", "RECIPIENT"], allow_null=True))
    def get_my_side(self, pairing: Pairing) -> str | None:
        return side_of(self.context["request"].user, pairing)


class PairingCreateSerializer(RequestSerializer):
    helper = ScopedPrimaryKeyRelatedField(queryset=Party.objects.select_related("area"))
    recipient = AreaCodeField()
    channel = serializers.SlugRelatedField(
        slug_field="code", queryset=Channel.objects.all(), error_messages={"does_not_exist": "没有渠道“{value}”"}
    )
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True, default=None)


class PairingFilter(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Pairing.Status.choices)
    channel = django_filters.CharFilter(field_name="channel__code")
    recipient = django_filters.CharFilter(field_name="recipient__code")
    helper = django_filters.NumberFilter(field_name="helper_id")
    confirmed = django_filters.BooleanFilter(field_name="is_confirmed")
    year = django_filters.NumberFilter(method="by_year", min_value=1990, max_value=2100)
    search = django_filters.CharFilter(method="by_search")

    class Meta:
        model = Pairing
        fields = ["status"]

    def by_year(self, rows: Any, name: str, value: Any) -> Any:
        return rows.in_year(int(value))

    def by_search(self, rows: QuerySet[Pairing], name: str, value: str) -> QuerySet[Pairing]:
        """Name, code, pinyin or initials of either side."""
        return rows.filter(_either_side(value))


def _pairings(request: Request) -> Any:
    return (
        visible(Pairing.objects.with_confirmation(), request.user)
        .select_related("channel", *_BOTH)
        .prefetch_related(Prefetch("acknowledgements", Acknowledgement.objects.select_related("by")))
    )


class PairingList(ListAPIView[Pairing]):
    """Pairings I may see; POST records one that people agreed on without the matcher."""

    serializer_class = PairingSerializer
    filterset_class = PairingFilter
    ordering_fields = ["id", "start_date", "recipient__code", "helper__area__code"]
    ordering = ["-id"]

    def get_queryset(self) -> Any:
        return _pairings(self.request)

    @extend_schema(request=PairingCreateSerializer, responses={201: PairingSerializer}, operation_id="pairings_create")
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="录入结对关系")
        body = PairingCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        made = actions.propose(by=user, **body.validated_data)
        pairing = _pairings(request).get(pk=made.pk)
        return versioned(
            PairingSerializer(pairing, context={"request": request}).data, pairing, status.HTTP_201_CREATED
        )


class PairingDetail(APIView):
    @extend_schema(responses=PairingSerializer, operation_id="pairings_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        pairing = get_object_or_404(_pairings(request), pk=pk)
        return versioned(PairingSerializer(pairing, context={"request": request}).data, pairing)


class AcknowledgementCreateSerializer(RequestSerializer):
    answer = serializers.ChoiceField(choices=Acknowledgement.Answer.choices)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PairingAcknowledgement(APIView):
    """Answer for my side; needs If-Match, so that nobody confirms what they have not seen."""

    @extend_schema(
        request=AcknowledgementCreateSerializer, responses={201: PairingSerializer}, operation_id="pairings_acknowledge"
    )
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = AcknowledgementCreateSerializer(data=request.data)
        with transaction.atomic():
            locked = visible(Pairing.objects.select_for_update(no_key=True, of=("self",)), request.user)
            pairing = get_object_or_404(locked, pk=pk)
            body.is_valid(raise_exception=True)
            require_version(request, pairing)
            actions.answer(pairing=pairing, by=request.user, **body.validated_data)  # type: ignore[arg-type]
        fresh = _pairings(request).get(pk=pk)
        return versioned(PairingSerializer(fresh, context={"request": request}).data, fresh, status.HTTP_201_CREATED)


class PairingEvents(ListAPIView[Event]):
    """The life of one pairing, oldest first."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer

    def get_queryset(self) -> Any:
        pairing = get_object_or_404(visible(Pairing, self.request.user), pk=self.kwargs["pk"])
        rows = Event.objects.filter(subject_type="pairings.pairing", subject_id=str(pairing.pk))
        return visible(rows, self.request.user).order_by("id")
