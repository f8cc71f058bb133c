"""The register of assets over HTTP."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import user_of
from backend.accounts.scopes import visible
from backend.parties.models import DEMO_NOTE
from backend.projects import actions
from backend.projects.api import locked
from backend.projects.filters import AssetFilter
from backend.projects.models import Asset
from backend.projects.serializers import AssetCorrectionSerializer, AssetSerializer
from backend.web.api import body_of
from backend.web.exports import Exported
from backend.web.sheets import Column
from backend.web.sheets import Kind as Cell

_ALONG = ("by", "project__need__area", "project__pairing__helper__area", "project__pairing__recipient")


def _listed(request: Request) -> QuerySet[Asset]:
    """The records that hold: those that nobody corrected."""
    return visible(Asset, request.user).filter(corrected_by__isnull=True).select_related(*_ALONG)


class AssetList(Exported):
    """What closed projects left behind."""

    queryset = Asset.objects.none()
    serializer_class = AssetSerializer
    filterset_class = AssetFilter
    ordering_fields = ["id", "value_yuan", "name"]
    ordering = ["-id"]
    export_title = "项目资产"
    export_columns = (
        Column("编号", "id", Cell.NUMBER, 8),
        Column("资产名称", "name", width=40),
        Column("资产类别", "get_asset_class_display", width=14),
        Column("地点", "project.need.area.full_name", width=40),
        Column("受援县", "project.pairing.recipient.full_name", width=34),
        Column("受援县代码", "project.pairing.recipient.code", width=12),
        Column("帮扶方", "project.pairing.helper.name", width=30),
        Column("资产价值", "value_yuan", Cell.WAN),
        Column("权属", "owner", width=24),
        Column("管护责任人", "maintainer", width=24),
        Column("所属项目", "project.need.title", width=40),
        Column("项目编号", "project_id", Cell.NUMBER, 10),
        Column("验收日期", "project.completed_date", Cell.DATE, 12),
        Column("登记时间", "at", Cell.TIME, 17),
    )
    export_notes = (DEMO_NOTE, "资产价值是项目经验收的资金，由台账汇总，不另行填报")

    def get_queryset(self) -> Any:
        return _listed(self.request)


class AssetCorrection(APIView):
    """Record an asset anew, beside what was wrong."""

    @extend_schema(request=AssetCorrectionSerializer, responses={201: AssetSerializer}, operation_id="assets_correct")
    def post(self, request: Request, pk: int) -> Response:
        wrong = get_object_or_404(visible(Asset, request.user), pk=pk)
        with transaction.atomic():
            wrong.project = locked(request, wrong.project_id)
            made = actions.correct(asset=wrong, by=user_of(request), **body_of(AssetCorrectionSerializer, request))
        answer = _listed(request).get(pk=made.pk)
        return Response(AssetSerializer(answer, context={"request": request}).data, status.HTTP_201_CREATED)
