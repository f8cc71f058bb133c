"""Projects of a place for everybody: what is carried out, with whose money, and what came of it. No people."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from backend.commitments.serializers import DIGITS
from backend.pairings.models import Pairing
from backend.pairings.scopes import published
from backend.parties.models import DEMO_NOTE
from backend.places.models import Area, inside
from backend.projects.figures import with_money
from backend.projects.models import Project
from backend.web.answers import Answer
from backend.web.api import Label
from backend.web.exports import Exported
from backend.web.sheets import Column, Kind

# What both sides agreed to; a plan that waits for them, or did not get their consent, is theirs.
PUBLIC = (
    Project.Status.CONSENTED, Project.Status.UNDERWAY, Project.Status.COMPLETED, Project.Status.CLOSED,
    Project.Status.STOPPED,
)  # fmt: skip


def public(relations: QuerySet[Pairing]) -> QuerySet[Project]:
    """Projects that anybody may know of, under those of `relations` that are published."""
    return Project.objects.filter(pairing__in=published(relations), status__in=PUBLIC)


class PublicProjectSerializer(Answer[Project]):
    """One project as a public notice tells it; `need` is the published need it carries out."""

    title = serializers.CharField(source="need.title")
    place = serializers.CharField(source="need.area.full_name")
    category_label = Label(source="need.get_category_display")
    helper = serializers.CharField(source="pairing.helper.name")
    status_label = Label(source="get_status_display")
    planned = serializers.DecimalField(**DIGITS)
    arrived = serializers.DecimalField(**DIGITS)
    spent = serializers.DecimalField(**DIGITS)
    accepted = serializers.DecimalField(**DIGITS)
    performance_target = serializers.CharField(source="need.performance_target")
    completion_percent = serializers.DecimalField(max_digits=20, decimal_places=1, allow_null=True)
    is_demo = serializers.BooleanField(source="need.is_demo")

    class Meta:
        model = Project
        fields = [
            "id", "need", "title", "place", "category_label", "helper", "responsible_unit", "start_date", "end_date",
            "status", "status_label", "planned", "arrived", "spent", "accepted", "performance_target",
            "completion_percent", "is_demo",
        ]  # fmt: skip
        read_only_fields = fields


class AreaProjects(Exported):
    """Projects of a place and of what lies in it, to which both sides consented."""

    permission_classes = [AllowAny]
    queryset = Project.objects.none()
    serializer_class = PublicProjectSerializer
    ordering_fields = ["id", "start_date", "end_date", "planned"]
    ordering = ["-id"]
    export_title = "项目公示"
    export_columns = (
        Column("名称", "need.title", width=40),
        Column("地点", "need.area.full_name", width=40),
        Column("类别", "need.get_category_display"),
        Column("帮扶方", "pairing.helper.name", width=30),
        Column("责任单位", "responsible_unit", width=24),
        Column("计划开工", "start_date", Kind.DATE, 12),
        Column("计划完工", "end_date", Kind.DATE, 12),
        Column("状态", "get_status_display", width=14),
        Column("计划投资", "planned", Kind.WAN),
        Column("已安排到位", "arrived", Kind.WAN),
        Column("已支出", "spent", Kind.WAN),
        Column("已验收", "accepted", Kind.WAN),
        Column("绩效目标", "need.performance_target", width=40),
        Column("完成率%", "completion_percent", Kind.NUMBER, 10),
    )
    export_notes = (DEMO_NOTE, "计划投资、到位、支出、验收是四个不同的数，不能相加")

    def get_queryset(self) -> Any:
        area = Area.objects.filter(code=self.kwargs["code"]).order_by("-valid_from_year").first()
        if area is None:
            raise Http404
        rows = public(Pairing.objects.all()).filter(inside(area, "need__area"))
        return with_money(rows).select_related("need__area", "pairing__helper")
