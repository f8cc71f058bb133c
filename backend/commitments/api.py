"""Commitments and their ledger over HTTP. Every POST that moves money needs an Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import user_of
from backend.accounts.scopes import visible
from backend.commitments import actions, kinds, papers, settling
from backend.commitments.filters import CommitmentFilter
from backend.commitments.models import Commitment, Discrepancy, EntryFile, LedgerEntry, Posting, ReversalRequest
from backend.commitments.serializers import (
    AcceptanceSerializer,
    AgreementSerializer,
    ArrivalSerializer,
    CommitmentCreateSerializer,
    CommitmentDetailSerializer,
    CommitmentSerializer,
    ConfirmationCreateSerializer,
    ExplanationSerializer,
    FileSerializer,
    KindSerializer,
    PostingEndSerializer,
    ReasonSerializer,
    SpendingSerializer,
)
from backend.pairings.api import BOTH
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_NOTE
from backend.web import files
from backend.web.api import Handler, body_of, idempotent, versioned
from backend.web.exports import Exported
from backend.web.filters import EXPORT
from backend.web.kept import KEYS, Kept
from backend.web.pagination import KeysFirst
from backend.web.sheets import Column
from backend.web.sheets import Kind as CellKind

_ROWS = Kept(lambda: Commitment.objects.select_related("totals").filter(pk__among=KEYS))
_PAIRINGS = Kept(lambda: Pairing.objects.select_related(*BOTH).filter(pk__among=KEYS))


def _rows_of(keys: list[int]) -> list[Commitment]:
    """With both sides, which many rows have in common: they are read once and not with every row."""
    rows = _ROWS(keys=keys)
    pairings = {one.pk: one for one in _PAIRINGS(keys=list({row.pairing_id for row in rows}))}
    for row in rows:
        row.pairing = pairings[row.pairing_id]
    return rows


def _with_ledger(commitment: Commitment) -> Commitment:
    """With the whole ledger and all that `steps` looks at, in a fixed number of queries.

    Differences and requests are rare, so who wrote them is asked for only where there is one.
    """
    matters = Discrepancy.objects.prefetch_related("explained_by__party__area", "agreed_by")
    requests = ReversalRequest.objects.prefetch_related("requested_by__party__area")
    accepted = LedgerEntry.objects.select_related("reversed_by")
    entries = LedgerEntry.objects.select_related(
        "reported_by", "confirmation__by", "posting", "reversed_by"
    ).prefetch_related(
        "files__by",
        Prefetch("discrepancies", matters),
        Prefetch("reversal_requests", requests),
        Prefetch("acceptances", accepted),
    )
    prefetch_related_objects([commitment], Prefetch("entries", entries))
    return commitment


def _answer(request: Request, pk: int, code: int = status.HTTP_201_CREATED) -> Response:
    """`pk` is of one that the log-in may see."""
    (commitment,) = _rows_of(keys=[pk])
    told = CommitmentDetailSerializer(_with_ledger(commitment), context={"request": request}).data
    return versioned(told, commitment, code)


def _commitment(request: Request, pk: int) -> Commitment:
    return get_object_or_404(visible(Commitment, request.user).select_related("pairing"), pk=pk)


def _entry(request: Request, pk: int) -> LedgerEntry:
    return get_object_or_404(visible(LedgerEntry, request.user).select_related("commitment__pairing"), pk=pk)


def _count(name: str) -> Any:
    """The figure of what is counted; None for money, which has a column of its own."""
    return lambda row: None if row.unit == kinds.Unit.YUAN else getattr(row.totals, name)


class CommitmentList(Exported):
    """Commitments I may see, with their figures by stage; POST registers one."""

    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilter
    pagination_class = KeysFirst
    ordering_fields = ["id", "year", "amount_yuan", "kind"]
    ordering = ["-id"]
    export_title = "帮扶承诺"
    export_columns = (
        Column("编号", "id", CellKind.NUMBER, 8),
        Column("年度", "year", CellKind.NUMBER, 8),
        Column("帮扶方", "pairing.helper.name", width=30),
        Column("受援县", "pairing.recipient.full_name", width=34),
        Column("受援县代码", "pairing.recipient.code", width=12),
        Column("内容", "title", width=40),
        Column("对应的需求", "need.title", width=30),
        Column("类别", "get_kind_display"),
        Column("计划内外", "get_plan_display"),
        Column("资金投向", "get_sector_display"),
        Column("方式", "get_mode_display"),
        Column("方向", "get_direction_display"),
        Column("专业领域", "get_speciality_display"),
        Column("培训对象", "get_trainees_display"),
        Column("带贫减贫机制", "get_benefit_link_display"),
        Column("带动贫困人口", "poor_people", CellKind.NUMBER),
        Column("稳定就业月数", "months", CellKind.NUMBER),
        Column("状态", "get_status_display"),
        Column("协议数", "agreed", CellKind.WAN),
        Column("已到位", "arrived", CellKind.WAN),
        Column("双方已确认", "confirmed", CellKind.WAN),
        Column("已支出", "spent", CellKind.WAN),
        Column("已验收", "accepted", CellKind.WAN),
        Column("计量单位", "get_unit_display"),
        Column("协议数量", _count("agreed"), CellKind.NUMBER),
        Column("已完成", _count("arrived"), CellKind.NUMBER),
        Column("完成已确认", _count("confirmed"), CellKind.NUMBER),
        Column("完成已验收", _count("accepted"), CellKind.NUMBER),
    )
    export_notes = (
        DEMO_NOTE,
        "协议数、到位、支出、验收是四个不同的数，不能相加",
        "人和人次是两种单位，不能相加；带动贫困人口在不同项目之间可能重复，不能相加",
        "同一凭证重复登记的，在核实放行之前不计入各项合计",
    )

    def get_queryset(self) -> Any:
        rows: Any = visible(Commitment, self.request.user)
        if EXPORT not in self.request.query_params:
            return rows
        sides = Prefetch("pairing", Pairing.objects.select_related(*BOTH))  # in pieces, as the file is written
        return rows.with_amounts().select_related("totals", "need").prefetch_related(sides)

    rows_of = staticmethod(_rows_of)

    @extend_schema(
        request=CommitmentCreateSerializer,
        responses={201: CommitmentDetailSerializer},
        operation_id="commitments_create",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        made = actions.register(by=user_of(request), **body_of(CommitmentCreateSerializer, request))
        return _answer(request, made.pk)


class CommitmentKinds(APIView):
    """What can be promised, and what a form asks for each; `mine` are those that my organisation registers."""

    @extend_schema(responses=KindSerializer(many=True), operation_id="commitment_kinds_list")
    def get(self, request: Request) -> Response:
        party = user_of(request).party
        rows = [
            {
                "kind": kind,
                "kind_label": kinds.Kind(kind).label,
                "unit": spec.unit,
                "flows": spec.flows,
                "postings": spec.postings,
                "chooses_mode": spec.mode == kinds.CHOOSE,
                "needs": spec.needs,
                "takes": spec.takes,
                "mine": party is not None and party.kind in spec.helpers,
            }
            for kind, spec in kinds.SPECS.items()
        ]
        return Response(KindSerializer(rows, many=True).data)


class CommitmentDetail(APIView):
    @extend_schema(responses=CommitmentDetailSerializer, operation_id="commitments_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(visible(Commitment, request.user).only("pk"), pk=pk)
        return _answer(request, pk, status.HTTP_200_OK)


def _posts(operation: str, serializer: Any) -> Callable[[Handler], Handler]:
    """A POST that answers with the commitment as it is afterwards, once per Idempotency-Key."""
    described = extend_schema(request=serializer, responses={201: CommitmentDetailSerializer}, operation_id=operation)

    def decorate(handler: Handler) -> Handler:
        made: Handler = described(idempotent(handler))
        return made

    return decorate


class CommitmentArrivals(APIView):
    """Report that something of this commitment arrived or was done."""

    @_posts("commitments_report_arrival", ArrivalSerializer)
    def post(self, request: Request, pk: int) -> Response:
        commitment = _commitment(request, pk)
        actions.report_arrival(commitment=commitment, by=user_of(request), **body_of(ArrivalSerializer, request))
        return _answer(request, pk)


class CommitmentSpendings(APIView):
    """Record what was spent of confirmed money."""

    @_posts("commitments_spend", SpendingSerializer)
    def post(self, request: Request, pk: int) -> Response:
        commitment = _commitment(request, pk)
        actions.spend(commitment=commitment, by=user_of(request), **body_of(SpendingSerializer, request))
        return _answer(request, pk)


class CommitmentWithdrawal(APIView):
    """Take back a promise of which nothing has arrived."""

    @_posts("commitments_withdraw", ReasonSerializer)
    def post(self, request: Request, pk: int) -> Response:
        actions.withdraw(commitment=_commitment(request, pk), by=user_of(request), **body_of(ReasonSerializer, request))
        return _answer(request, pk)


class EntryConfirmation(APIView):
    """Confirm or dispute what the other side reported."""

    @_posts("ledger_entries_confirm", ConfirmationCreateSerializer)
    def post(self, request: Request, pk: int) -> Response:
        entry = _entry(request, pk)
        actions.confirm(entry=entry, by=user_of(request), **body_of(ConfirmationCreateSerializer, request))
        return _answer(request, entry.commitment_id)


class EntryAcceptance(APIView):
    """Accept a spending, or what was done."""

    @_posts("ledger_entries_accept", AcceptanceSerializer)
    def post(self, request: Request, pk: int) -> Response:
        entry = _entry(request, pk)
        actions.accept(entry=entry, by=user_of(request), **body_of(AcceptanceSerializer, request))
        return _answer(request, entry.commitment_id)


class EntryReversal(APIView):
    """Take an entry back, or ask the other side to agree to it."""

    @_posts("ledger_entries_reverse", ReasonSerializer)
    def post(self, request: Request, pk: int) -> Response:
        entry = _entry(request, pk)
        settling.reverse(entry=entry, by=user_of(request), **body_of(ReasonSerializer, request))
        return _answer(request, entry.commitment_id)


class EntryFiles(APIView):
    """Put a paper or a photograph beside an entry."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": FileSerializer}, responses={201: CommitmentDetailSerializer},
        operation_id="ledger_entries_attach",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        entry = _entry(request, pk)
        file = body_of(FileSerializer, request)["file"]
        content = file.read(files.LARGEST + 1)
        papers.attach(entry=entry, name=file.name, content=content, by=user_of(request))
        return _answer(request, entry.commitment_id)


class EntryFileContent(APIView):
    """One file, as an attachment: never shown in the page's own origin."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="entry_files_file")
    def get(self, request: Request, pk: int) -> Any:
        file = get_object_or_404(visible(EntryFile, request.user), pk=pk)
        return files.attachment((papers.folder() / file.stored_as).open("rb"), file.name, file.media_type)


class ReversalAnswer(APIView):
    """Agree to a reversal, or refuse it."""

    @_posts("reversal_requests_answer", AgreementSerializer)
    def post(self, request: Request, pk: int) -> Response:
        rows = ReversalRequest.objects.select_related("entry__commitment__pairing", "requested_by__party__area")
        asked = get_object_or_404(visible(rows, request.user), pk=pk)
        settling.answer_reversal(request=asked, by=user_of(request), **body_of(AgreementSerializer, request))
        return _answer(request, asked.entry.commitment_id)


def _discrepancy(request: Request, pk: int) -> Discrepancy:
    rows = Discrepancy.objects.select_related("entry__commitment__pairing", "explained_by__party__area")
    return get_object_or_404(visible(rows, request.user), pk=pk)


class DiscrepancyExplanation(APIView):
    """Say why two figures differ, or why a voucher stands twice."""

    @_posts("discrepancies_explain", ExplanationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        matter = _discrepancy(request, pk)
        settling.explain(discrepancy=matter, by=user_of(request), **body_of(ExplanationSerializer, request))
        return _answer(request, matter.entry.commitment_id)


class DiscrepancyAnswer(APIView):
    """Agree to an explanation, or not."""

    @_posts("discrepancies_answer", AgreementSerializer)
    def post(self, request: Request, pk: int) -> Response:
        matter = _discrepancy(request, pk)
        settling.answer_explanation(discrepancy=matter, by=user_of(request), **body_of(AgreementSerializer, request))
        return _answer(request, matter.entry.commitment_id)


class PostingEnd(APIView):
    """Say when a posting ends."""

    @_posts("postings_change_end", PostingEndSerializer)
    def post(self, request: Request, pk: int) -> Response:
        rows = visible(Posting, request.user).select_related("entry__commitment__pairing")
        posting = get_object_or_404(rows, pk=pk)
        settling.change_end(posting=posting, by=user_of(request), **body_of(PostingEndSerializer, request))
        return _answer(request, posting.entry.commitment_id)
