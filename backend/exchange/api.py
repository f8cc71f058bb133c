"""Importing over HTTP: templates, uploads, previews, copies with reasons, the last word."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

import django_filters
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.exchange import actions, forgetting, importable
from backend.exchange.cleaning import understood
from backend.exchange.importable import Importable
from backend.exchange.layout import letter
from backend.exchange.models import Import, StagedRow
from backend.exchange.reading.cells import shown
from backend.exchange.template import write_reasons, write_template
from backend.jobs.api import JobSerializer
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.files import attachment
from backend.web.filters import AnyOf
from backend.web.problems import Conflict, TooLarge

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 4 << 20  # bytes; a larger file waits on the disk
_ROOM = 64 << 10  # what a form adds to its file


class ListedColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    heading = serializers.CharField()
    is_required = serializers.BooleanField(source="required")
    hint = serializers.CharField()


class ImportListSerializer(serializers.Serializer[Any]):
    """A list that the log-in may fill from a spreadsheet; `path` is where it is shown."""

    key = serializers.CharField()
    title = serializers.CharField()
    path = serializers.CharField()
    columns = ListedColumnSerializer(many=True)


class ImportColumnSerializer(serializers.Serializer[Any]):
    """A column of the list, and the letters of the file's column that holds it, "" when the file has none."""

    key = serializers.CharField()
    heading = serializers.CharField()
    letter = serializers.CharField()


class FaultKindSerializer(serializers.Serializer[Any]):
    column = serializers.CharField(allow_null=True)
    rule = serializers.CharField()
    message = serializers.CharField()
    count = serializers.IntegerField()


class FileProblemSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    message = serializers.CharField()
    cell = serializers.CharField()


class ImportSerializer(Answer[Import]):
    """An import as lists show it."""

    list_title = serializers.SerializerMethodField()
    uploaded_by = serializers.CharField(source="uploaded_by.display_name")
    status_label = Label(source="get_status_display")
    job = JobSerializer()

    class Meta:
        model = Import
        fields = [
            "id", "listed", "list_title", "name", "size", "sha256", "uploaded_by", "status", "status_label", "job",
            "row_count", "faulty_count", "created_at", "committed_at", "version",
        ]  # fmt: skip

    def get_list_title(self, batch: Import) -> str:
        found = importable.find(batch.listed)
        return found.title if found else batch.listed


class ImportDetailSerializer(ImportSerializer):
    """The whole of it: how the file was understood, what is wrong, and what may be done."""

    list_path = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField()
    summary = FaultKindSerializer(many=True)
    problems = FileProblemSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    my_steps = serializers.SerializerMethodField()
    undo_refusal = serializers.SerializerMethodField()
    kept_until = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = [
            *ImportSerializer.Meta.fields, "list_path", "sheet", "columns", "summary", "problems", "notes", "error",
            "my_steps", "undo_refusal", "kept_until",
        ]  # fmt: skip

    def get_list_path(self, batch: Import) -> str:
        found = importable.find(batch.listed)
        return found.path if found else "/"

    @extend_schema_field(ImportColumnSerializer(many=True))
    def get_columns(self, batch: Import) -> list[dict[str, str]]:
        found = importable.find(batch.listed)
        places = (batch.layout or {}).get("columns", {})
        return [
            {"key": one.key, "heading": one.heading, "letter": letter(places[one.key]) if one.key in places else ""}
            for one in (found.columns if found else ())
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=actions.Step.choices)))
    def get_my_steps(self, batch: Import) -> list[str]:
        return [str(step) for step in actions.open_steps(batch, self.context["request"].user)]

    def get_undo_refusal(self, batch: Import) -> str:
        """What depends on the rows meanwhile, so that they stay; "" when nothing does."""
        return actions.dependent(batch) if batch.status == Import.Status.COMMITTED else ""

    def get_kept_until(self, batch: Import) -> datetime | None:
        """When the rows are forgotten unless they are entered; null for an import that does not wait for that."""
        return forgetting.kept_until(batch)


class UploadSerializer(RequestSerializer):
    listed = serializers.CharField(max_length=40)
    file = serializers.FileField(
        allow_empty_file=True,
        error_messages={"required": "请选择文件", "invalid": "请选择文件", "no_name": "文件没有名称"},
    )

    def validate_listed(self, key: str) -> Importable:
        found = importable.find(key)
        if found is None:
            raise serializers.ValidationError(f"没有“{key}”这种清单")
        return found


class ImportDecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=actions.Step.choices)


class CellFaultSerializer(serializers.Serializer[Any]):
    """`cell` is its address in the file, "" for a fault of the whole row; `value` is what stands there."""

    column = serializers.CharField(allow_null=True)
    heading = serializers.CharField()
    cell = serializers.CharField()
    rule = serializers.CharField()
    message = serializers.CharField()
    value = serializers.CharField()


class StagedRowSerializer(Answer[StagedRow]):
    """A row of the file: how each cell was understood, in the order of the list's columns, or what it says where it was
    not."""

    cells = serializers.SerializerMethodField()
    faults = serializers.SerializerMethodField()

    class Meta:
        model = StagedRow
        fields = ["number", "cells", "faults"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_cells(self, row: StagedRow) -> list[str]:
        listed: Importable = self.context["listed"]
        return [
            understood(column, row.values[column.key]) if column.key in row.values else self._said(row, column.key)
            for column in listed.columns
        ]

    @extend_schema_field(CellFaultSerializer(many=True))
    def get_faults(self, row: StagedRow) -> list[dict[str, Any]]:
        listed, places = self.context["listed"], self.context["places"]
        told = []
        for fault in row.faults:
            key = fault["column"]
            cell = f"{letter(places[key])}{row.number}" if key in places else ""
            heading = listed.by_key[key].heading if key in listed.by_key else ""
            told.append({**fault, "cell": cell, "heading": heading, "value": self._said(row, key)})
        return told

    def _said(self, row: StagedRow, key: str | None) -> str:
        place = self.context["places"].get(key)
        return shown(row.raw[place])[:200] if place is not None and place < len(row.raw) else ""


def _imports(request: Request) -> Any:
    return visible(Import, request.user).select_related("uploaded_by", "job")


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    batch = _imports(request).get(pk=pk)
    return versioned(ImportDetailSerializer(batch, context={"request": request}).data, batch, code)


def _listed(key: str) -> Importable:
    found = importable.find(key)
    if found is None:
        raise Http404
    return found


def _file(name: str, write: Callable[[IO[bytes]], None]) -> FileResponse:
    """An attachment that `write` fills; its own name never comes from outside."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (FileResponse closes it)
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return attachment(file, name, _XLSX)


class ImportLists(APIView):
    """The lists that this log-in may fill from a spreadsheet."""

    @extend_schema(responses=ImportListSerializer(many=True), operation_id="import_lists_list")
    def get(self, request: Request) -> Response:
        mine = [one for one in importable.every() if getattr(request.user, "role", None) in one.roles]
        return Response(ImportListSerializer(mine, many=True).data)


class ImportTemplate(APIView):
    """The template of a list, with the codes that this log-in needs."""

    @extend_schema(responses={(200, _XLSX): OpenApiTypes.BINARY}, operation_id="import_lists_template")
    def get(self, request: Request, key: str) -> FileResponse:
        listed = _listed(key)
        user = require_role(request.user, *listed.roles, to=f"下载{listed.title}的模板")
        lookup = listed.lookup(user) if listed.lookup else None
        return _file(f"{listed.title}-模板.xlsx", lambda file: write_template(file, listed, lookup))


class ImportFilter(django_filters.FilterSet):
    listed = django_filters.CharFilter(label="清单")
    status = AnyOf(choices=Import.Status.choices, label="状态")

    class Meta:
        model = Import
        fields: list[str] = []


class Imports(ListAPIView[Import]):
    """One's own imports and those of colleagues, newest first; POST uploads a file."""

    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> Any:
        return _imports(self.request).order_by("-id")

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: ImportDetailSerializer},
        operation_id="imports_upload",
    )
    def post(self, request: Request) -> Response:
        if int(request.META.get("CONTENT_LENGTH") or 0) > actions.LARGEST_BYTES + _ROOM:
            raise TooLarge(f"文件超过 {actions.LARGEST_BYTES >> 20} MB，请分成几个文件上传", field="file")
        body = UploadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        user: Any = request.user
        made = actions.upload(listed=body.validated_data["listed"], name=file.name, chunks=file.chunks(), by=user)
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class ImportDetail(APIView):
    """One import with the progress of its job; poll it while work is under way."""

    @extend_schema(responses=ImportDetailSerializer, operation_id="imports_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        get_object_or_404(_imports(request), pk=pk)
        return _answer(request, pk)


class ImportDecision(APIView):
    """Enter the rows, take them back, or give the file up."""

    @extend_schema(request=ImportDecisionSerializer, responses=ImportDetailSerializer, operation_id="imports_decide")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        body = ImportDecisionSerializer(data=request.data)
        user: Any = request.user
        with transaction.atomic():
            rows = visible(Import.objects.select_for_update(no_key=True, of=("self",)), user)
            batch = get_object_or_404(rows.select_related("uploaded_by"), pk=pk)
            require_version(request, batch)
            body.is_valid(raise_exception=True)
            actions.take(body.validated_data["step"], batch=batch, by=user)
        return _answer(request, pk)


class StagedRowFilter(django_filters.FilterSet):
    faulty = django_filters.BooleanFilter(method="by_faults", label="只看有错误的行")

    class Meta:
        model = StagedRow
        fields: list[str] = []

    def by_faults(self, rows: Any, name: str, value: bool) -> Any:
        without = Q(faults=[])
        return rows.exclude(without) if value else rows.filter(without)


class ImportRows(ListAPIView[StagedRow]):
    """The rows of the file, page by page."""

    serializer_class = StagedRowSerializer
    filterset_class = StagedRowFilter
    queryset = StagedRow.objects.none()

    def get_queryset(self) -> Any:
        return visible(self._batch().rows.all(), self.request.user).order_by("number")

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if "pk" in self.kwargs:  # absent while the schema is made
            batch = self._batch()
            context |= {"listed": actions.listed_of(batch), "places": (batch.layout or {}).get("columns", {})}
        return context

    def _batch(self) -> Import:
        found: Import = get_object_or_404(_imports(self.request), pk=self.kwargs["pk"])
        return found


class ImportReasons(APIView):
    """The uploaded table once more, with a column that says what is wrong with each row."""

    @extend_schema(responses={(200, _XLSX): OpenApiTypes.BINARY}, operation_id="imports_reasons")
    def get(self, request: Request, pk: int) -> FileResponse:
        batch = get_object_or_404(_imports(request), pk=pk)
        if batch.layout is None:
            raise Conflict("这个文件还没有读完，或没有能读取的内容")
        listed = actions.listed_of(batch)
        rows = visible(batch.rows.all(), request.user).order_by("number").iterator(chunk_size=2000)
        user: Any = request.user
        lookup = listed.lookup(user) if listed.lookup else None
        name = f"{listed.title}-错误原因-{batch.pk}.xlsx"
        return _file(name, lambda file: write_reasons(file, listed, batch.layout, rows, lookup=lookup))


class ImportFile(APIView):
    """The very bytes that were uploaded, never opened by a browser."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="imports_file")
    def get(self, request: Request, pk: int) -> FileResponse:
        batch = get_object_or_404(_imports(request), pk=pk)
        if not batch.path.is_file():
            raise Http404
        return attachment(batch.path.open("rb"), batch.name, "application/octet-stream")
