"""Projects over HTTP. What people agree to or decide needs If-Match, what moves money an Idempotency-Key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
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
from backend.parties.models import DEMO_NOTE
from backend.projects import actions, money, showing
from backend.projects.figures import with_milestones, with_money
from backend.projects.filters import ProjectFilter
from backend.projects.models import Milestone, Project, ProjectFile
from backend.projects.serializers import (
    AllotmentSerializer,
    AssetContentSerializer,
    FreeEntrySerializer,
    ProjectChangeSerializer,
    ProjectCreateSerializer,
    ProjectDecisionSerializer,
    ProjectDetailSerializer,
    ProjectFileCreateSerializer,
    ProjectSerializer,
    ProjectSpendingSerializer,
    ReachSerializer,
    ResultSerializer,
)
from backend.web import files
from backend.web.api import Handler, body_of, conditional, idempotent, require_version, versioned
from backend.web.exports import Exported
from backend.web.sheets import Column
from backend.web.sheets import Kind as Cell

_ALONG = ("need__area", "pairing__helper__area", "pairing__recipient")


def _listed(request: Request) -> QuerySet[Project]:
    rows = visible(Project, request.user).select_related(*_ALONG)
    return with_milestones(with_money(rows))


def _detailed(request: Request) -> QuerySet[Project]:
    return (
        _listed(request)
        .select_related("proposed_by", "reported_by", "accepted_by")
        .prefetch_related(
            "sources__commitment", "milestones__done_by", "files__by", "consents__by", "money__commitment", "assets__by"
        )
    )


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    project = get_object_or_404(_detailed(request), pk=pk)
    return versioned(ProjectDetailSerializer(project, context={"request": request}).data, project, code)


def locked(request: Request, pk: int) -> Project:
    """The project under lock: before its commitments, as everywhere."""
    rows = visible(Project.objects.select_for_update(no_key=True, of=("self",)), request.user)
    along = ("need__area", "pairing__helper", "pairing__recipient")
    return get_object_or_404(rows.select_related(*along).prefetch_related("consents"), pk=pk)


class ProjectList(Exported):
    """Projects I may see, with their money by stage; POST proposes one from a published need."""

    queryset = Project.objects.none()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    ordering_fields = ["id", "start_date", "end_date", "planned", "arrived", "spent"]
    ordering = ["-id"]
    export_title = "项目"
    export_columns = (
        Column("编号", "id", Cell.NUMBER, 8),
        Column("名称", "need.title", width=40),
        Column("地点", "need.area.full_name", width=40),
        Column("县乡村", "need.area.get_level_display", width=10),
        Column("类别", "need.get_category_display"),
        Column("建设性质", "get_construction_type_display", width=12),
        Column("帮扶方", "pairing.helper.name", width=30),
        Column("受援县", "pairing.recipient.full_name", width=34),
        Column("受援县代码", "pairing.recipient.code", width=12),
        Column("责任单位", "responsible_unit", width=24),
        Column("计划开工", "start_date", Cell.DATE, 12),
        Column("计划完工", "end_date", Cell.DATE, 12),
        Column("状态", "get_status_display", width=14),
        Column("计划投资", "planned", Cell.WAN),
        Column("已安排到位", "arrived", Cell.WAN),
        Column("已支出", "spent", Cell.WAN),
        Column("已验收", "accepted", Cell.WAN),
        Column("节点", "milestone_count", Cell.NUMBER, 8),
        Column("已完成节点", "reached", Cell.NUMBER, 12),
        Column("逾期节点", "late", Cell.NUMBER, 10),
        Column("绩效目标", "need.performance_target", width=40),
        Column("目标数量", "need.quantity", Cell.NUMBER, 12),
        Column("完成数量", "result_quantity", Cell.NUMBER, 12),
        Column("单位", "need.unit", width=8),
        Column("完成率%", "completion_percent", Cell.NUMBER, 10),
        Column("带贫减贫机制", "need.get_benefit_link_display", width=16),
        Column("预计受益贫困人口", "need.beneficiaries", Cell.NUMBER),
        Column("实际受益贫困人口", "result_beneficiaries", Cell.NUMBER),
        Column("群众参与", "participation", width=40),
    )
    export_notes = (
        DEMO_NOTE,
        "计划投资、到位、支出、验收是四个不同的数，不能相加",
        "受益人口在不同项目之间可能重复，不能相加",
    )

    def get_queryset(self) -> Any:
        return _listed(self.request)

    @extend_schema(
        request=ProjectCreateSerializer, responses={201: ProjectDetailSerializer}, operation_id="projects_propose"
    )
    def post(self, request: Request) -> Response:
        made = actions.propose(by=user_of(request), **body_of(ProjectCreateSerializer, request))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class ProjectDetail(APIView):
    """One project; PUT words a proposal anew."""

    @extend_schema(responses=ProjectDetailSerializer, operation_id="projects_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        return _answer(request, pk)

    @extend_schema(request=ProjectChangeSerializer, responses=ProjectDetailSerializer, operation_id="projects_change")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            project = locked(request, pk)
            require_version(request, project)
            actions.change(project=project, by=user_of(request), **body_of(ProjectChangeSerializer, request))
        return _answer(request, pk)


class ProjectConsent(APIView):
    """Agree for my side; needs If-Match, so that nobody agrees to what they have not seen."""

    @extend_schema(request=None, responses={201: ProjectDetailSerializer}, operation_id="projects_consent")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            project = locked(request, pk)
            require_version(request, project)
            actions.consent(project=project, by=user_of(request))
        return _answer(request, pk, status.HTTP_201_CREATED)


class ProjectDecision(APIView):
    """Decline, start, accept the result, or stop."""

    @extend_schema(request=ProjectDecisionSerializer, responses=ProjectDetailSerializer, operation_id="projects_decide")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        user = user_of(request)
        with transaction.atomic():
            project = locked(request, pk)
            said = body_of(ProjectDecisionSerializer, request)
            require_version(request, project)
            if said["step"] in ("START", "ACCEPT"):
                {"START": actions.start, "ACCEPT": actions.accept}[said["step"]](project=project, by=user)
            else:
                verb = {"DECLINE": actions.decline, "STOP": actions.stop}[said["step"]]
                verb(project=project, reason=said["reason"], by=user)
        return _answer(request, pk)


def _on(operation: str, serializer: Any, verb: Callable[..., Any], money: bool = False) -> Handler:
    """A POST about one project under its lock: by If-Match, or once per Idempotency-Key where it moves money."""

    def post(self: Any, request: Request, pk: int) -> Response:
        with transaction.atomic():
            project = locked(request, pk)
            said = body_of(serializer, request)
            if not money:
                require_version(request, project)
            verb(project=project, by=user_of(request), **said)
        return _answer(request, pk, status.HTTP_201_CREATED)

    guarded = idempotent(post) if money else conditional(post)
    described = extend_schema(request=serializer, responses={201: ProjectDetailSerializer}, operation_id=operation)
    handler: Handler = described(guarded)
    return handler


class ProjectResult(APIView):
    """Say once what was achieved."""

    post = _on("projects_report", ResultSerializer, actions.report)


class ProjectClosing(APIView):
    """Close a completed project; its asset is recorded with it."""

    post = _on("projects_close", AssetContentSerializer, actions.close)


class ProjectAllotments(APIView):
    """Allot money that arrived to the project, or take it back."""

    post = _on("projects_allot", AllotmentSerializer, money.allot, money=True)


class ProjectSpendings(APIView):
    """Record a spending, in the ledger and as the project's own."""

    post = _on("projects_spend", ProjectSpendingSerializer, money.spend, money=True)


class ProjectFreeMoney(APIView):
    """Confirmed arrivals, and spendings, of the pairing that belong to no project yet."""

    @extend_schema(responses=FreeEntrySerializer(many=True), operation_id="projects_free_money")
    def get(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(visible(Project, request.user), pk=pk)
        return Response(FreeEntrySerializer(money.free_entries(project)[:100], many=True).data)


class MilestoneReached(APIView):
    """Say on which day a milestone was reached, or take that back."""

    @extend_schema(request=ReachSerializer, responses=ProjectDetailSerializer, operation_id="milestones_reach")
    def post(self, request: Request, pk: int) -> Response:
        milestone = get_object_or_404(visible(Milestone, request.user), pk=pk)
        with transaction.atomic():
            project = locked(request, milestone.project_id)
            said = body_of(ReachSerializer, request)
            milestone = project.milestones.get(pk=pk)
            milestone.project = project
            showing.reach(milestone=milestone, by=user_of(request), **said)
        return _answer(request, milestone.project_id)


class ProjectFiles(APIView):
    """Put a photograph or a paper beside a milestone, or beside the result."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": ProjectFileCreateSerializer}, responses={201: ProjectDetailSerializer},
        operation_id="projects_attach",
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        get_object_or_404(visible(Project, request.user), pk=pk)
        said = body_of(ProjectFileCreateSerializer, request)
        content = said["file"].read(files.LARGEST + 1)
        with transaction.atomic():
            project = locked(request, pk)
            of = said["milestone"]
            milestone = None if of is None else get_object_or_404(project.milestones, pk=of)
            showing.attach(
                project=project, milestone=milestone, name=said["file"].name, content=content, by=user_of(request)
            )
        return _answer(request, pk, status.HTTP_201_CREATED)


class ProjectFileContent(APIView):
    """One file, as an attachment: never shown in the page's own origin."""

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="project_files_file"
    )
    def get(self, request: Request, pk: int) -> Any:
        file = get_object_or_404(visible(ProjectFile, request.user), pk=pk)
        return files.attachment((showing.folder() / file.stored_as).open("rb"), file.name, file.media_type)
