"""The life of a pairing over HTTP: its end, its marks, contacts and sub-pairings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import user_of
from backend.accounts.scopes import AreaCodeField, ScopedPrimaryKeyRelatedField, visible
from backend.pairings import life, marks
from backend.pairings.api import PairingSerializer, told
from backend.pairings.filters import SubPairingFilter
from backend.pairings.models import Contact, Pairing, SubPairing
from backend.pairings.scopes import side_of
from backend.parties.models import DEMO_NOTE
from backend.places.api import AreaNameSerializer
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.sheets import Column, Kind


def locked_pairing(request: Request, pk: int) -> Pairing:
    rows = visible(Pairing.objects.select_for_update(no_key=True, of=("self",)), request.user)
    return get_object_or_404(rows.select_related("helper__area", "recipient", "channel"), pk=pk)


# --- the end --------------------------------------------------------------------------------------------------------


class EndSerializer(RequestSerializer):
    outcome = serializers.ChoiceField(choices=[Pairing.Status.COMPLETED, Pairing.Status.ENDED])
    end_date = serializers.DateField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["outcome"] == Pairing.Status.ENDED and attrs["end_date"] is None:
            raise serializers.ValidationError({"end_date": "请写明结束日期"})
        return attrs


class PairingEnd(APIView):
    """Complete a pairing whose period is over, or end it before, with a reason."""

    @extend_schema(request=EndSerializer, responses=PairingSerializer, operation_id="pairings_end")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = EndSerializer(data=request.data)
        with transaction.atomic():
            pairing = locked_pairing(request, pk)
            body.is_valid(raise_exception=True)
            require_version(request, pairing)
            given = body.validated_data
            if given["outcome"] == Pairing.Status.COMPLETED:
                life.complete(pairing=pairing, by=user_of(request))
            else:
                life.end(pairing=pairing, end_date=given["end_date"], reason=given["reason"], by=user_of(request))
        return told(request, pk)


# --- the four marks -------------------------------------------------------------------------------------------------


class EvidenceSerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    detail = serializers.CharField()


class MarkStandingSerializer(serializers.Serializer[Any]):
    mark = serializers.ChoiceField(choices=marks.Mark.choices)
    state = serializers.ChoiceField(choices=marks.State.choices)
    evidence = EvidenceSerializer(many=True)


class MarksSerializer(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    marks = MarkStandingSerializer(many=True)


class PairingMarks(APIView):
    """人员、责任、工作、效果到位, derived from the records of the pairing."""

    @extend_schema(responses=MarksSerializer, operation_id="pairings_marks")
    def get(self, request: Request, pk: int) -> Response:
        pairing = get_object_or_404(visible(Pairing, request.user), pk=pk)
        return Response(MarksSerializer({"as_of": marks.as_of(pairing), "marks": marks.marks_of(pairing)}).data)


# --- contacts -------------------------------------------------------------------------------------------------------


class ContactSerializer(Answer[Contact]):
    kind_label = Label(source="get_kind_display")
    recorded_by = serializers.CharField(source="recorded_by.display_name")
    may_void = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = [
            "id", "kind", "kind_label", "contact_date", "participants", "note", "recorded_by_side", "recorded_by",
            "created_at", "void_reason", "may_void",
        ]  # fmt: skip

    def get_may_void(self, contact: Contact) -> bool:
        side = side_of(self.context["request"].user, contact.pairing)
        return not contact.void_reason and side == contact.recorded_by_side


class ContactCreateSerializer(RequestSerializer):
    kind = serializers.ChoiceField(choices=Contact.Kind.choices)
    contact_date = serializers.DateField()
    participants = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, default=None)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class VoidSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ContactList(ListAPIView[Contact]):
    """Contacts of one pairing, the latest first, voided ones included; POST records one for both sides."""

    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    filter_backends = []

    def get_queryset(self) -> Any:
        pairing = get_object_or_404(visible(Pairing, self.request.user), pk=self.kwargs["pk"])
        rows = visible(Contact, self.request.user).filter(pairing=pairing)
        return rows.select_related("recorded_by", "pairing__recipient")

    @extend_schema(
        request=ContactCreateSerializer, responses={201: ContactSerializer}, operation_id="pairings_record_contact"
    )
    def post(self, request: Request, pk: int) -> Response:
        body = ContactCreateSerializer(data=request.data)
        with transaction.atomic():
            pairing = locked_pairing(request, pk)
            body.is_valid(raise_exception=True)
            made = life.record_contact(pairing=pairing, by=user_of(request), **body.validated_data)
        return Response(ContactSerializer(made, context={"request": request}).data, status.HTTP_201_CREATED)


class ContactVoid(APIView):
    """Take a mistaken entry out of the count."""

    @extend_schema(request=VoidSerializer, responses=ContactSerializer, operation_id="contacts_void")
    def post(self, request: Request, pk: int) -> Response:
        body = VoidSerializer(data=request.data)
        with transaction.atomic():
            rows = visible(Contact.objects.select_for_update(no_key=True, of=("self",)), request.user)
            contact = get_object_or_404(rows.select_related("recorded_by", "pairing__recipient"), pk=pk)
            body.is_valid(raise_exception=True)
            life.void_contact(contact=contact, by=user_of(request), **body.validated_data)
        return Response(ContactSerializer(contact, context={"request": request}).data)


# --- sub-pairings ---------------------------------------------------------------------------------------------------


class SubPairingSerializer(Answer[SubPairing]):
    kind_label = Label(source="get_kind_display")
    status_label = Label(source="get_status_display")
    helper_area = AreaNameSerializer()
    recipient_area = AreaNameSerializer()
    proposed_by = serializers.CharField(source="proposed_by.display_name")
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = SubPairing
        fields = [
            "id", "pairing", "kind", "kind_label", "helper_unit", "helper_area", "recipient_unit", "recipient_area",
            "start_date", "end_date", "status", "status_label", "proposed_by_side", "proposed_by", "end_reason",
            "my_side", "created_at", "version",
        ]  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=["HELPER", "RECIPIENT"], allow_null=True))
    def get_my_side(self, sub: SubPairing) -> str | None:
        return side_of(self.context["request"].user, sub.pairing)


class SubPairingCreateSerializer(RequestSerializer):
    pairing = ScopedPrimaryKeyRelatedField(queryset=Pairing.objects.select_related("helper__area", "recipient"))
    kind = serializers.ChoiceField(choices=SubPairing.Kind.choices)
    helper_unit = serializers.CharField(max_length=80)
    helper_area = AreaCodeField(allow_null=True, default=None)
    recipient_unit = serializers.CharField(max_length=80)
    recipient_area = AreaCodeField(allow_null=True, default=None)
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True, default=None)


class SubPairingDecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=["ACKNOWLEDGED", "OBJECTED", "ENDED"])
    end_date = serializers.DateField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


def _sub_pairings(request: Request) -> QuerySet[SubPairing]:
    return visible(SubPairing, request.user).select_related(
        "helper_area", "recipient_area", "pairing__helper", "pairing__recipient", "proposed_by"
    )


class SubPairingList(Exported):
    """Pairs of townships, villages, communities, schools and hospitals; POST proposes one."""

    queryset = SubPairing.objects.none()
    serializer_class = SubPairingSerializer
    filterset_class = SubPairingFilter
    ordering_fields = ["id", "kind", "start_date"]
    ordering = ["kind", "id"]
    export_title = "单位结对"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        Column("类别", "get_kind_display"),
        Column("帮扶方单位", "helper_unit", width=30),
        Column("帮扶方所在地区", "helper_area.full_name", width=34),
        Column("受援方单位", "recipient_unit", width=30),
        Column("受援方所在地区", "recipient_area.full_name", width=34),
        Column("起始日期", "start_date", Kind.DATE, 12),
        Column("结束日期", "end_date", Kind.DATE, 12),
        Column("状态", "get_status_display"),
        Column("县级结对", "pairing", width=50),
    )
    export_notes = (DEMO_NOTE, "对数、帮扶方单位数和受援方单位数是三个数：一个单位可以结对多个单位")

    def get_queryset(self) -> Any:
        return _sub_pairings(self.request)

    @extend_schema(
        request=SubPairingCreateSerializer, responses={201: SubPairingSerializer}, operation_id="sub_pairings_propose"
    )
    def post(self, request: Request) -> Response:
        body = SubPairingCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            pairing = locked_pairing(request, body.validated_data.pop("pairing").pk)
            made = life.propose_sub_pairing(pairing=pairing, by=user_of(request), **body.validated_data)
        return _sub_answer(request, made.pk, status.HTTP_201_CREATED)


def _sub_answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    sub = _sub_pairings(request).get(pk=pk)
    return versioned(SubPairingSerializer(sub, context={"request": request}).data, sub, code)


class SubPairingDecision(APIView):
    """Acknowledge, object, end, or withdraw one's own proposal."""

    @extend_schema(
        request=SubPairingDecisionSerializer, responses=SubPairingSerializer, operation_id="sub_pairings_decide"
    )
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = SubPairingDecisionSerializer(data=request.data)
        with transaction.atomic():
            rows = visible(SubPairing.objects.select_for_update(no_key=True, of=("self",)), request.user)
            sub = get_object_or_404(rows.select_related("pairing__helper", "pairing__recipient"), pk=pk)
            body.is_valid(raise_exception=True)
            require_version(request, sub)
            given = body.validated_data
            if given["step"] == "ENDED":
                life.end_sub_pairing(sub=sub, end_date=given["end_date"], reason=given["reason"], by=user_of(request))
            else:
                life.answer_sub_pairing(sub=sub, answer=given["step"], reason=given["reason"], by=user_of(request))
        return _sub_answer(request, pk)


class SubPairingCountSerializer(serializers.Serializer[Any]):
    """Of one kind, both sides' word given: pairs, and the units at either end, each counted once."""

    kind = serializers.ChoiceField(choices=SubPairing.Kind.choices)
    pairs = serializers.IntegerField()
    helpers = serializers.IntegerField()
    recipients = serializers.IntegerField()
    proposed = serializers.IntegerField()


class SubPairingCounts(APIView):
    """How many pairs of each kind, among those I may see."""

    @extend_schema(
        parameters=[OpenApiParameter("pairing", int, description="县级结对编号")],
        responses=SubPairingCountSerializer(many=True),
        operation_id="sub_pairings_count",
    )
    def get(self, request: Request) -> Response:
        asked = SubPairingFilter(request.query_params, queryset=visible(SubPairing, request.user))
        agreed = Q(status=SubPairing.Status.AGREED)
        rows = (
            asked.qs.order_by("kind")
            .values("kind")
            .annotate(
                pairs=Count("pk", filter=agreed),
                helpers=Count(_unit("helper"), filter=agreed, distinct=True),
                recipients=Count(_unit("recipient"), filter=agreed, distinct=True),
                proposed=Count("pk", filter=Q(status=SubPairing.Status.PROPOSED)),
            )
        )
        return Response(SubPairingCountSerializer(rows, many=True).data)


def _unit(side: str) -> Any:
    """A unit is its name in its place: there is a 第一小学 in every county."""
    return Concat(f"{side}_area_id", Value(" "), f"{side}_unit", output_field=CharField())
