"""Runs over HTTP: ask, follow, cancel, read, download."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import matching
from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField, visible
from backend.jobs.api import JobSerializer
from backend.programmes.actions import working_year
from backend.programmes.api import PolicyContentSerializer
from backend.programmes.models import FirmReason, Policy, PolicyException
from backend.runs import actions, curing, snapshot
from backend.runs.conflicts import told_conflict
from backend.runs.firms import freezing
from backend.runs.models import Run, RunFile
from backend.runs.stored import check_files
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, versioned


class NamedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class ScoreReasonSerializer(serializers.Serializer[Any]):
    """What one reason adds to a score, in points and in words."""

    code = serializers.CharField()
    points = serializers.IntegerField()
    weight = serializers.IntegerField()
    missing = serializers.BooleanField()
    zh = serializers.CharField()
    en = serializers.CharField()


class CureChangeSerializer(NamedSerializer):
    """One bound to move."""

    side = serializers.CharField(help_text="HELPER or RECIPIENT")
    end = serializers.CharField(help_text="min or max")
    was = serializers.IntegerField()
    to = serializers.IntegerField()
    zh = serializers.CharField()
    en = serializers.CharField()


class CureSerializer(serializers.Serializer[Any]):
    cost = serializers.IntegerField(help_text="units by which minima fall and maxima rise")
    changes = CureChangeSerializer(many=True)


class ConflictPairSerializer(serializers.Serializer[Any]):
    helper = serializers.CharField()
    recipient = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    """Why nothing meets every bound: the smallest set in conflict, and the cheapest cure (older runs tell no cure)."""

    message = serializers.CharField()
    message_en = serializers.CharField(required=False)
    shortfall = serializers.IntegerField()
    proven_minimal = serializers.BooleanField(required=False)
    recipients = NamedSerializer(many=True)
    helpers = NamedSerializer(many=True)
    pairs = ConflictPairSerializer(many=True, required=False)
    cure = CureSerializer(required=False)


class RunSerializer(Answer[Run]):
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel_name = serializers.CharField(source="channel.name_zh", read_only=True)
    policy_version = serializers.IntegerField(source="policy.version", read_only=True)
    policy_name = serializers.CharField(source="policy.name", read_only=True)
    requested_by = serializers.CharField(source="requested_by.display_name", read_only=True)
    status_label = Label(source="get_status_display")
    job = JobSerializer(read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    seconds = serializers.DictField(child=serializers.FloatField(), read_only=True)
    conflict = ConflictSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Run
        fields = [
            "id", "channel", "channel_name", "policy", "policy_version", "policy_name", "year", "based_on", "status",
            "status_label", "job", "requested_by", "counts", "objective", "coverage", "fit", "stability", "proof",
            "engine",
            "input_sha256", "seconds", "conflict", "error", "certificate_verified_at", "created_at", "finished_at",
            "version",
        ]  # fmt: skip
        read_only_fields = fields


class RunCreateSerializer(RequestSerializer):
    policy = ScopedPrimaryKeyRelatedField(queryset=Policy.objects.select_related("channel"))
    year = serializers.IntegerField(min_value=2000, max_value=2100, allow_null=True, default=None)
    copy_of = ScopedPrimaryKeyRelatedField(
        queryset=Run.objects.all(), allow_null=True, default=None, help_text="a run whose year, pins and bans are taken"
    )


class RunFileSerializer(Answer[RunFile]):
    class Meta:
        model = RunFile
        fields = ["name", "size", "sha256"]


def runs_of(request: Request) -> Any:
    """The runs that the log-in may see, with what is shown of each."""
    return visible(Run, request.user).select_related("channel", "policy", "requested_by", "job")


class RunList(ListAPIView[Run]):
    """Runs, newest first; POST asks for one."""

    serializer_class = RunSerializer
    filterset_fields = ["status", "year"]

    def get_queryset(self) -> Any:
        return runs_of(self.request).order_by("-id")

    @extend_schema(request=RunCreateSerializer, responses={201: RunSerializer}, operation_id="runs_create")
    def post(self, request: Request) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="运行匹配")
        body = RunCreateSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        policy, copied = body.validated_data["policy"], body.validated_data["copy_of"]
        if copied:
            run = actions.repeat(run=copied, policy=policy, by=user)
        else:
            run = actions.request(policy=policy, year=body.validated_data["year"], by=user)
        return versioned(RunSerializer(run).data, run, status.HTTP_201_CREATED)


class RunDetail(APIView):
    """One run with the progress of its job; poll it while it is under way."""

    @extend_schema(responses=RunSerializer, operation_id="runs_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        run = get_object_or_404(runs_of(request), pk=pk)
        return versioned(RunSerializer(run).data, run)


class RunCancel(APIView):
    @extend_schema(request=None, responses=RunSerializer, operation_id="runs_cancel")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="取消运行")
        run = actions.cancel(run=get_object_or_404(runs_of(request), pk=pk), by=user)
        return versioned(RunSerializer(run).data, run)


class RunCure(APIView):
    """Apply the cheapest cure of a conflict to the policy, as its next version, and start the run under it."""

    @extend_schema(request=None, responses={201: RunSerializer}, operation_id="runs_cure")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, to="放宽匹配政策")
        made = curing.apply_cure(run=get_object_or_404(runs_of(request), pk=pk), by=user)
        return versioned(RunSerializer(made).data, made, status.HTTP_201_CREATED)


class RunFiles(ListAPIView[RunFile]):
    """The stored files of a run, each with its SHA-256."""

    queryset = RunFile.objects.none()
    serializer_class = RunFileSerializer
    pagination_class = None

    def get_queryset(self) -> Any:
        run = get_object_or_404(runs_of(self.request), pk=self.kwargs["pk"])
        return visible(run.files.all(), self.request.user)


_HOW_TO_CHECK = """携手 · 匹配运行 {run} 的全部输入与输出
problem/   问题（帮扶方、受援县、候选对、政策）
solution/  结果（结对、价格、摘要）；价格即最优性的证明
names.csv  代码与名称
（企业与村的运行另有 solution/settled.npz：由以上文件整理而成，供页面逐对说明，复核时不读）

任何人都可以不经本平台复核（需要 Python 3.11 与 matching 包）：
    python -m matching verify problem solution

How to check without the platform: python -m matching verify problem solution
"""


class RunArchive(APIView):
    """Everything that is needed to check a run without the platform, as a zip file."""

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY}, operation_id="runs_archive")
    def get(self, request: Request, pk: int) -> HttpResponse:
        run = get_object_or_404(runs_of(request), pk=pk)
        files = get_list_or_404(visible(run.files.all(), request.user))
        check_files(run)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _HOW_TO_CHECK.format(run=run.pk))
            for file in files:
                archive.write(run.folder / file.name, file.name)
        return HttpResponse(
            buffer.getvalue(),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="xieshou-run-{run.pk}.zip"'},
        )


class PreviewSerializer(serializers.Serializer[Any]):
    conflict = ConflictSerializer(allow_null=True)
    uncovered = NamedSerializer(many=True, help_text="counties to whom the optimum gives nobody")
    year = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    unreachable = NamedSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class PolicyPreview(APIView):
    """What a run under these settings would look at, without running or storing anything."""

    @extend_schema(request=PolicyContentSerializer, responses=PreviewSerializer, operation_id="policies_preview")
    def post(self, request: Request) -> Response:
        require_role(request.user, Role.COORDINATOR, to="预览匹配政策")
        body = PolicyContentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        content = dict(body.validated_data)
        exceptions = [PolicyException(**one) for one in content.pop("exceptions")]
        policy = Policy(version=0, name="预览", **content)
        year = working_year(policy.channel)
        if policy.channel.reasons is FirmReason:
            return Response(_firm_preview(policy, year))
        frozen = snapshot.freeze(policy.channel, policy, year, exceptions)
        conflict = told_conflict(frozen.problem, frozen.names)
        return Response(
            {
                "year": year,
                "counts": frozen.counts,
                "unreachable": [{"code": area.code, "name": area.full_name} for area in frozen.unreachable],
                "warnings": _warnings(policy, frozen),
                "conflict": conflict,
                "uncovered": [] if conflict else _uncovered(frozen),
            }
        )


def _firm_preview(policy: Policy, year: int) -> dict[str, Any]:
    """Sizes and what to mind; a billion pairs are not solved while somebody moves a slider."""
    counts = freezing.size(policy.channel, year)
    warnings = _of_policy(policy)
    if counts["silent"]:
        warnings.append(f"{counts['silent']} 家企业尚未填写 {year} 年可帮几个村，不参加本次运行")
    return {
        "year": year, "counts": counts, "unreachable": [], "warnings": warnings, "conflict": None, "uncovered": [],
    }  # fmt: skip


def _uncovered(frozen: snapshot.Snapshot) -> list[dict[str, str]]:
    """Counties without anybody in the optimum, by code and name. Cost: a solve, some 30 ms."""
    helped = {recipient for _, recipient in matching.solve(frozen.problem).pairs}
    codes = frozen.problem.recipient_ids.tolist()
    return [{"code": code, "name": frozen.names[code]} for code in codes if code not in helped]


def _warnings(policy: Policy, frozen: snapshot.Snapshot) -> list[str]:
    out = _of_policy(policy)
    if frozen.unreachable:
        out.insert(0, f"{len(frozen.unreachable)} 个贫困县的协作城市没有县级单位，不在本次建议范围内")
    return out


def _of_policy(policy: Policy) -> list[str]:
    out = []
    if sum(policy.weights.values()) != 100:
        out.append(f"权重之和为 {sum(policy.weights.values())}%，应为 100%")
    if policy.coverage_deep and policy.coverage_poor and policy.coverage_deep[0] < policy.coverage_poor[0]:
        out.append("深度贫困县的覆盖价值低于其他贫困县，与向深度贫困地区倾斜的要求相反")
    return out
