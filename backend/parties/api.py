"""The register of parties."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from backend.parties.models import DEMO_NOTE, Party, PartyQuerySet
from backend.places.api import AreaNameSerializer
from backend.places.facts import FACT_COLUMNS
from backend.places.models import inside_code
from backend.web.exports import Exported
from backend.web.sheets import Column


class PartySerializer(serializers.ModelSerializer[Party]):
    """Who they are and where; `area` is what a government governs, or where anyone else has its seat."""

    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    area = AreaNameSerializer(allow_null=True, read_only=True)

    class Meta:
        model = Party
        fields = ["id", "kind", "kind_label", "name", "area", "uscc", "is_demo", "status", "source"]


class PartyFilter(filters.FilterSet):  # the library has no types
    kind = filters.ChoiceFilter(choices=Party.Kind.choices, label="类别")
    area = filters.CharFilter(method="seated", label="地区代码（含下级）")
    search = filters.CharFilter(method="searched", label="名称，或所在地区的代码、拼音或首字母")

    class Meta:
        model = Party
        fields: list[str] = []

    def seated(self, parties: PartyQuerySet, name: str, code: str) -> PartyQuerySet:
        return parties.filter(inside_code(code, "area"))

    def searched(self, parties: PartyQuerySet, name: str, text: str) -> PartyQuerySet:
        return parties.search(text)


def _visible(request: Request) -> QuerySet[Party]:
    """Whoever is not logged in sees public bodies only."""
    return Party.objects.visible_to(request.user).select_related("area")


class PartyList(Exported):
    permission_classes = [AllowAny]
    serializer_class = PartySerializer
    filterset_class = PartyFilter
    ordering_fields = ["id", "name", "area__code"]
    ordering = ["area__code", "id"]
    export_title = "单位名录"
    export_columns = (
        Column("名称", "name", width=40),
        Column("类别", "get_kind_display"),
        Column("统一社会信用代码", "uscc", width=22),
        Column("所在地区代码", "area.code", width=14),
        Column("所在地区", "area.full_name", width=40),
        *FACT_COLUMNS,
    )
    export_notes = (DEMO_NOTE,)

    def get_queryset(self) -> QuerySet[Party]:
        return _visible(self.request)


class PartyDetail(RetrieveAPIView[Party]):
    permission_classes = [AllowAny]
    serializer_class = PartySerializer

    def get_queryset(self) -> QuerySet[Party]:
        return _visible(self.request)
