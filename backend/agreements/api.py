"""Agreements over HTTP: lists, drafts, steps, signatures, documents, signed copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.events import EventSerializer
from backend.accounts.models import User
from backend.accounts.permissions import user_of
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.agreements import actions, content, copies, docx, pdf, prefill
from backend.agreements.filters import AgreementFilter
from backend.agreements.kinds import Indicator, Kind, Signatory, Unit
from backend.agreements.models import Agreement, Signature, SignedCopy, Target
from backend.agreements.scopes import signatory_of
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_NOTE, Party
from backend.places.api import AreaNameSerializer
from backend.web import files
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.problems import Invalid
from backend.web.sheets import Column
from backend.web.sheets import Kind as Cell

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


class ClauseSerializer(RequestSerializer):
    heading = serializers.CharField(max_length=40)
    text = serializers.CharField(max_length=4000)


class TargetSerializer(RequestSerializer):
    """`quantity` is in the indicator's unit; money in yuan."""

    indicator = serializers.ChoiceField(choices=Indicator.choices)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=2)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class TargetShownSerializer(Answer[Target]):
    indicator_label = Label(source="get_indicator_display")
    unit = serializers.ChoiceField(choices=Unit.choices)
    unit_label = serializers.CharField(source="unit.label")

    class Meta:
        model = Target
        fields = ["indicator", "indicator_label", "unit", "unit_label", "quantity", "note"]


class SignatureSerializer(Answer[Signature]):
    by = serializers.CharField(source="by.display_name")
    matches = serializers.SerializerMethodField()

    class Meta:
        model = Signature
        fields = [
            "side", "round", "signatory_name", "signatory_post", "signed_date", "by", "at", "content_sha256", "matches",
        ]  # fmt: skip

    def get_matches(self, signature: Signature) -> bool:
        """Whether the words and figures are still those that were signed."""
        return bool(signature.content_sha256 == self.context["digest"])


class SignedCopySerializer(Answer[SignedCopy]):
    uploaded_by = serializers.CharField(source="uploaded_by.display_name")

    class Meta:
        model = SignedCopy
        fields = ["id", "name", "media_type", "size", "sha256", "uploaded_by", "at"]


class AgreementPartySerializer(Answer[Party]):
    class Meta:
        model = Party
        fields = ["id", "name"]


class AgreementLineSerializer(Answer[Agreement]):
    """An agreement as lists show it."""

    kind_label = Label(source="get_kind_display")
    status_label = Label(source="get_status_display")
    helper = AgreementPartySerializer()
    recipient = AreaNameSerializer(source="pairing.recipient", allow_null=True, default=None)

    class Meta:
        model = Agreement
        fields = [
            "id", "kind", "kind_label", "title", "pairing", "helper", "recipient", "start_date", "end_date", "status",
            "status_label", "signed_date", "version",
        ]  # fmt: skip


class AgreementSerializer(AgreementLineSerializer):
    """An agreement with everything it says and everything that was signed under it."""

    clauses = ClauseSerializer(many=True)
    targets = TargetShownSerializer(many=True)
    signatures = serializers.SerializerMethodField()
    copies = SignedCopySerializer(many=True)
    channel_name = serializers.CharField(source="pairing.channel.name_zh", allow_null=True, default=None)
    recipient_name = serializers.SerializerMethodField()
    my_signatory = serializers.SerializerMethodField()
    my_steps = serializers.SerializerMethodField()

    class Meta(AgreementLineSerializer.Meta):
        fields = [
            *AgreementLineSerializer.Meta.fields, "clauses", "targets", "signatures", "copies", "channel_name",
            "recipient_name", "round", "drafted_by_side", "supersedes", "void_reason", "my_signatory", "my_steps",
            "created_at",
        ]  # fmt: skip

    @extend_schema_field(SignatureSerializer(many=True))
    def get_signatures(self, agreement: Agreement) -> Any:
        rows = [one for one in agreement.signatures.all() if one.round == agreement.round]
        return SignatureSerializer(rows, many=True, context={"digest": actions.digest(agreement)}).data

    def get_recipient_name(self, agreement: Agreement) -> str:
        """What the second signatory signs as."""
        return prefill.recipient_name(agreement.pairing) if agreement.pairing else str(Signatory.AUTHORITY.label)

    @extend_schema_field(serializers.ChoiceField(choices=Signatory.choices, allow_null=True))
    def get_my_signatory(self, agreement: Agreement) -> str | None:
        return signatory_of(self.context["request"].user, agreement)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=actions.Step.choices)))
    def get_my_steps(self, agreement: Agreement) -> list[str]:
        return [str(step) for step in actions.open_steps(agreement, self.context["request"].user)]


class AgreementContentSerializer(RequestSerializer):
    title = serializers.CharField(max_length=120)
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    clauses = serializers.ListField(child=ClauseSerializer(), max_length=40)
    targets = serializers.ListField(child=TargetSerializer(), max_length=len(Indicator))


class AgreementCreateSerializer(AgreementContentSerializer):
    kind = serializers.ChoiceField(choices=Kind.choices)
    pairing = ScopedPrimaryKeyRelatedField(
        queryset=Pairing.objects.select_related("helper", "recipient", "channel"), allow_null=True, default=None
    )


def _agreements(request: Request) -> QuerySet[Agreement]:
    return visible(Agreement, request.user).select_related(
        "unit", "pairing__helper", "pairing__recipient", "pairing__channel", "supersedes"
    )


def _whole(request: Request) -> QuerySet[Agreement]:
    return _agreements(request).prefetch_related("targets", "signatures__by", "copies__uploaded_by")


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    agreement = _whole(request).get(pk=pk)
    return versioned(AgreementSerializer(agreement, context={"request": request}).data, agreement, code)


def _locked(request: Request, pk: int) -> Agreement:
    """The agreement under lock, its pairing before it, so that both sides' signatures are put in order."""
    pairing = get_object_or_404(visible(Agreement, request.user), pk=pk).pairing_id
    if pairing is not None:
        Pairing.objects.select_for_update(no_key=True).get(pk=pairing)
    rows = _agreements(request).select_for_update(no_key=True, of=("self",))
    return get_object_or_404(rows, pk=pk)


class AgreementList(Exported):
    """Agreements I may see; POST begins a draft, of a pairing or (a letter of responsibility) of one's own unit."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementLineSerializer
    filterset_class = AgreementFilter
    ordering_fields = ["id", "start_date", "signed_date"]
    ordering = ["-id"]
    export_title = "协议"
    export_columns = (
        Column("编号", "id", Cell.NUMBER, 8),
        Column("类别", "get_kind_display"),
        Column("标题", "title", width=50),
        Column("帮扶方", "helper.name", width=30),
        Column("受援方", "pairing.recipient.full_name", width=34),
        Column("起始日期", "start_date", Cell.DATE, 12),
        Column("结束日期", "end_date", Cell.DATE, 12),
        Column("状态", "get_status_display"),
        Column("签署日期", "signed_date", Cell.DATE, 12),
    )
    export_notes = (DEMO_NOTE,)

    def get_queryset(self) -> Any:
        return _agreements(self.request)

    @extend_schema(
        request=AgreementCreateSerializer, responses={201: AgreementSerializer}, operation_id="agreements_draft"
    )
    def post(self, request: Request) -> Response:
        body = AgreementCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        given, user = body.validated_data, user_of(request)
        pairing, unit = _owner(given["kind"], given.pop("pairing"), user)
        with transaction.atomic():
            if pairing is not None:
                Pairing.objects.select_for_update(no_key=True).get(pk=pairing.pk)
            made = actions.draft(pairing=pairing, unit=unit, by=user, **given)
        return _answer(request, made.pk, status.HTTP_201_CREATED)


def _owner(kind: str, pairing: Pairing | None, user: User) -> tuple[Pairing | None, Party | None]:
    """What the agreement hangs on. Raises Invalid when it is not said."""
    if kind == Kind.RESPONSIBILITY:
        return None, user.party
    if pairing is None:
        raise Invalid("请指明在哪一条结对之下签署", field="pairing")
    return pairing, None


class PrefillNeedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    cost_yuan = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    gap_yuan = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)


class PrefillSerializer(serializers.Serializer[Any]):
    """`from_title`: the agreement that clauses and targets were taken from, blank for the platform's own wording."""

    title = serializers.CharField()
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    clauses = ClauseSerializer(many=True)
    targets = TargetSerializer(many=True)
    from_title = serializers.CharField()
    needs = PrefillNeedSerializer(many=True)


class PrefillQuerySerializer(RequestSerializer):
    kind = serializers.ChoiceField(choices=Kind.choices)
    year = serializers.IntegerField(min_value=1990, max_value=2100)
    pairing = ScopedPrimaryKeyRelatedField(
        queryset=Pairing.objects.select_related("recipient", "channel"), allow_null=True, default=None
    )


class AgreementPrefill(APIView):
    """What a new agreement can begin with, from what is known."""

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, required=True, enum=[str(kind) for kind in Kind]),
            OpenApiParameter("year", int, required=True),
            OpenApiParameter("pairing", int, description="结对编号；责任书不需要"),
        ],
        responses=PrefillSerializer,
        operation_id="agreements_prefill",
    )
    def get(self, request: Request) -> Response:
        asked = PrefillQuerySerializer(data=request.query_params.dict(), context={"request": request})
        asked.is_valid(raise_exception=True)
        kind, year = asked.validated_data["kind"], asked.validated_data["year"]
        pairing, unit = _owner(kind, asked.validated_data["pairing"], user_of(request))
        return Response(PrefillSerializer(prefill.for_new(pairing=pairing, unit=unit, kind=kind, year=year)).data)


class AgreementDetail(APIView):
    """One agreement; PUT rewords a draft."""

    @extend_schema(responses=AgreementSerializer, operation_id="agreements_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(_agreements(request), pk=pk)
        return _answer(request, pk)

    @extend_schema(request=AgreementContentSerializer, responses=AgreementSerializer, operation_id="agreements_change")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        body = AgreementContentSerializer(data=request.data)
        with transaction.atomic():
            agreement = _locked(request, pk)
            body.is_valid(raise_exception=True)
            require_version(request, agreement)
            actions.change(agreement=agreement, by=user_of(request), **body.validated_data)
        return _answer(request, pk)


class AgreementDecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=["OFFER", "SEND_BACK", "VOID"])
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class AgreementDecision(APIView):
    """Offer for signature, send back, or void."""

    @extend_schema(request=AgreementDecisionSerializer, responses=AgreementSerializer, operation_id="agreements_decide")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = AgreementDecisionSerializer(data=request.data)
        with transaction.atomic():
            agreement = _locked(request, pk)
            body.is_valid(raise_exception=True)
            require_version(request, agreement)
            step, reason = body.validated_data["step"], body.validated_data["reason"]
            if step == "OFFER":
                actions.offer(agreement=agreement, by=user_of(request))
            elif step == "SEND_BACK":
                actions.send_back(agreement=agreement, reason=reason, by=user_of(request))
            else:
                actions.void(agreement=agreement, reason=reason, by=user_of(request))
            answer = _answer(request, pk) if step != "SEND_BACK" else _seen_or_gone(request, pk)
        return answer


def _seen_or_gone(request: Request, pk: int) -> Response:
    """A draft is the drafting side's own: whoever sent the other side's offer back sees it no more."""
    if _agreements(request).filter(pk=pk).exists():
        return _answer(request, pk)
    return Response(status=status.HTTP_204_NO_CONTENT)


class SignatureCreateSerializer(RequestSerializer):
    signatory_name = serializers.CharField(max_length=60)
    signatory_post = serializers.CharField(max_length=60)
    signed_date = serializers.DateField()


class AgreementSignature(APIView):
    """Sign for my side; needs If-Match, so that nobody signs what they have not seen."""

    @extend_schema(
        request=SignatureCreateSerializer, responses={201: AgreementSerializer}, operation_id="agreements_sign"
    )
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = SignatureCreateSerializer(data=request.data)
        with transaction.atomic():
            agreement = _locked(request, pk)
            body.is_valid(raise_exception=True)
            require_version(request, agreement)
            actions.sign(agreement=agreement, by=user_of(request), **body.validated_data)
        return _answer(request, pk, status.HTTP_201_CREATED)


class AgreementRevision(APIView):
    """Begin a draft that is to supersede a signed agreement."""

    @extend_schema(request=None, responses={201: AgreementSerializer}, operation_id="agreements_revise")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            agreement = _locked(request, pk)
            require_version(request, agreement)
            made = actions.revise(agreement=agreement, by=user_of(request))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


def _document(request: Request, pk: int, write: Callable[[content.Content], bytes], kind: str, end: str) -> Any:
    agreement = get_object_or_404(_whole(request), pk=pk)
    response = HttpResponse(write(content.of(agreement)), content_type=kind)
    response.headers["Content-Disposition"] = files.disposition(f"{agreement.title}.{end}")
    return response


class AgreementDocx(APIView):
    """The agreement in the layout of official documents, to be edited and printed."""

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY}, operation_id="agreements_docx")
    def get(self, request: Request, pk: int) -> Any:
        return _document(request, pk, docx.write, DOCX, "docx")


class AgreementPdf(APIView):
    """The same as PDF/A, its Chinese font inside."""

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY}, operation_id="agreements_pdf")
    def get(self, request: Request, pk: int) -> Any:
        return _document(request, pk, pdf.write, PDF, "pdf")


class ScanSerializer(RequestSerializer):
    file = serializers.FileField(max_length=255)


class AgreementCopies(APIView):
    """Upload a scan of the signed paper."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": ScanSerializer}, responses={201: AgreementSerializer},
        operation_id="agreements_upload_copy",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        agreement = get_object_or_404(_agreements(request), pk=pk)
        body = ScanSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        scan = file.read(files.LARGEST + 1)
        copies.keep(agreement=agreement, name=file.name, content=scan, by=user_of(request))
        return _answer(request, pk, status.HTTP_201_CREATED)


class SignedCopyFile(APIView):
    """One scan, as an attachment: never shown in the page's own origin."""

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="signed_copies_file"
    )
    def get(self, request: Request, pk: int) -> Any:
        copy = get_object_or_404(visible(SignedCopy, request.user), pk=pk)
        return files.attachment((copies.folder() / copy.stored_as).open("rb"), copy.name, copy.media_type)


class AgreementEvents(ListAPIView[Event]):
    """What happened to one agreement, oldest first."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filter_backends = []

    def get_queryset(self) -> Any:
        agreement = get_object_or_404(visible(Agreement, self.request.user), pk=self.kwargs["pk"])
        rows = Event.objects.filter(subject_type="agreements.agreement", subject_id=str(agreement.pk))
        return visible(rows, self.request.user).order_by("id")
