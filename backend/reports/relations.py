"""Who helps whom through which channel: the relations that anybody may know, and one's own."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, Q, QuerySet, Value, When
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from backend.pairings.api import HelperSerializer
from backend.pairings.models import Pairing
from backend.pairings.scopes import concerned, readable
from backend.parties.models import DEMO_NOTE
from backend.places.models import Area, FactStatus, ids_on
from backend.web.answers import Answer
from backend.web.exports import Exported
from backend.web.sheets import Column, Kind


class RecipientSerializer(Answer[Area]):
    class Meta:
        model = Area
        fields = ["code", "name", "full_name", "level", "lon", "lat"]


class RelationSerializer(Answer[Pairing]):
    """A pairing without what its two sides said to each other. `may_open`: the reader may see that too."""

    helper = HelperSerializer()
    recipient = RecipientSerializer()
    channel: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    channel_name = serializers.CharField(source="channel.name_zh")
    years_known = serializers.BooleanField()
    is_confirmed = serializers.BooleanField()
    may_open = serializers.BooleanField()

    class Meta:
        model = Pairing
        fields = [
            "id", "helper", "recipient", "channel", "channel_name", "start_date", "end_date", "years_known", "status",
            "is_confirmed", "fact_status", "source", "may_open",
        ]  # fmt: skip


class RelationFilter(django_filters.FilterSet):
    area = django_filters.CharFilter(method="touching", label="受援地区代码（含上级和下级的结对）")
    helper_area = django_filters.CharFilter(field_name="helper__area__code", label="帮扶方所在地区代码")
    helper = django_filters.NumberFilter(field_name="helper_id", label="帮扶方编号")
    channel = django_filters.CharFilter(field_name="channel__code", label="渠道代码")

    class Meta:
        model = Pairing
        fields: list[str] = []

    def touching(self, rows: QuerySet[Pairing], name: str, code: str) -> QuerySet[Pairing]:
        return rows.filter(touches(Area.objects.filter(code=code)))


def touches(areas: QuerySet[Area]) -> Q:
    """Pairings whose recipient is one of `areas` (the dated rows of one code), lies inside it or around it."""
    found = Q(pk__in=[])
    for area in areas:
        around = ids_on(area.path)
        found |= Q(recipient__in=around) | Q(recipient__path__startswith=area.path)
    return found


class RelationList(Exported):
    """Relations in force or ended, facts with their mark, and whatever else concerns the reader."""

    permission_classes = [AllowAny]
    serializer_class = RelationSerializer
    filterset_class = RelationFilter
    queryset = Pairing.objects.none()
    ordering_fields = ["id", "start_date", "recipient__code"]
    ordering = ["channel__position", "recipient__code", "id"]
    export_title = "帮扶关系"
    export_columns = (
        Column("渠道", "channel.name_zh", width=20),
        Column("帮扶方", "helper.name", width=30),
        Column("受援地区代码", "recipient.code", width=12),
        Column("受援地区", "recipient.full_name", width=34),
        Column("起始日期", lambda one: one.start_date if one.years_known else None, Kind.DATE, 12),
        Column("结束日期", "end_date", Kind.DATE, 12),
        Column("状态", "get_status_display"),
        Column("双方确认", lambda one: "是" if one.is_confirmed else "否", width=10),
        Column("可信程度", lambda one: FactStatus(one.fact_status).label if one.fact_status else None, width=10),
        Column("来源", "source", width=40),
    )
    export_notes = (DEMO_NOTE, "“待核实”的关系不计入有效覆盖", "起止日期空白：资料没有说明")

    def get_queryset(self) -> Any:
        mine = concerned(self.request.user)
        may_open = Value(False) if mine is None else Case(When(mine, then=Value(True)), default=Value(False))
        return (
            readable(self.request.user, Pairing.objects.with_confirmation())
            .annotate(may_open=may_open)
            .select_related("channel", "helper__area", "recipient")
        )
