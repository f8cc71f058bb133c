"""The register of parties."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from backend.parties.codes import SECTOR_LEADS, Industry, UnitType
from backend.parties.details import CapabilitySerializer
from backend.parties.help import HelpCategory
from backend.parties.models import DEMO_NOTE, Capability, Party, PartyQuerySet
from backend.places.api import AreaNameSerializer
from backend.places.facts import FACT_COLUMNS
from backend.places.models import inside_code
from backend.web.answers import Answer
from backend.web.api import Label
from backend.web.exports import Exported
from backend.web.sheets import Column


class PartySerializer(Answer[Party]):
    """Who they are and where; `area` is what a government governs, or where anyone else has its seat."""

    kind_label = Label(source="get_kind_display")
    area = AreaNameSerializer(allow_null=True, read_only=True)
    industry_label = Label(source="get_industry_display")
    unit_type_label = Label(source="get_unit_type_display")
    sector_lead = serializers.SerializerMethodField()
    standing_label = Label(source="get_standing_display")

    class Meta:
        model = Party
        fields = [
            "id", "kind", "kind_label", "name", "area", "uscc", "industry", "industry_label", "unit_type",
            "unit_type_label", "sector_lead", "standing", "standing_label", "is_demo", "status", "source",
        ]  # fmt: skip

    def get_sector_lead(self, party: Party) -> str:
        """牵头部门 of a central unit, blank where none is on record."""
        return SECTOR_LEADS.get(party.unit_type, "")


class PartyNameSerializer(Answer[Party]):
    class Meta:
        model = Party
        fields = ["id", "name"]


class PartyPageSerializer(PartySerializer):
    """One party with what it offers to do."""

    capabilities = CapabilitySerializer(many=True, read_only=True)
    merged_into = PartyNameSerializer(allow_null=True, read_only=True)

    class Meta(PartySerializer.Meta):
        fields = [*PartySerializer.Meta.fields, "capabilities", "merged_into", "version"]


class PartyFilter(filters.FilterSet):  # the library has no types
    kind = filters.ChoiceFilter(choices=Party.Kind.choices, label="类别")
    industry = filters.ChoiceFilter(choices=Industry.choices, label="行业")
    unit_type = filters.ChoiceFilter(choices=UnitType.choices, label="单位性质")
    category = filters.ChoiceFilter(method="capable", choices=HelpCategory.choices, label="能提供的帮扶")
    area = filters.CharFilter(method="seated", label="地区代码（含下级）")
    search = filters.CharFilter(method="searched", label="名称，或所在地区的代码、拼音或首字母")

    class Meta:
        model = Party
        fields: list[str] = []

    def capable(self, parties: PartyQuerySet, name: str, category: str) -> PartyQuerySet:
        return parties.filter(Exists(Capability.objects.filter(party=OuterRef("pk"), category=category)))

    def seated(self, parties: PartyQuerySet, name: str, code: str) -> PartyQuerySet:
        return parties.filter(inside_code(code, "area"))

    def searched(self, parties: PartyQuerySet, name: str, text: str) -> PartyQuerySet:
        return parties.search(text)


def _visible(request: Request) -> QuerySet[Party]:
    """Public bodies and whoever was verified, for everyone."""
    return Party.objects.visible_to(request.user).select_related("area")


class PartyList(Exported):
    permission_classes = [AllowAny]
    serializer_class = PartySerializer
    filterset_class = PartyFilter
    ordering_fields = ["id", "name", "area__code"]
    ordering = ["id"]  # governments come first, in the order of their places
    export_title = "单位名录"
    export_columns = (
        Column("名称", "name", width=40),
        Column("类别", "get_kind_display"),
        Column("统一社会信用代码", "uscc", width=22),
        Column("行业", "get_industry_display", width=24),
        Column("单位性质", "get_unit_type_display"),
        Column("所在地区代码", "area.code", width=14),
        Column("所在地区", "area.full_name", width=40),
        *FACT_COLUMNS,
    )
    export_notes = (DEMO_NOTE,)

    def get_queryset(self) -> QuerySet[Party]:
        return _visible(self.request)


class PartyDetail(RetrieveAPIView[Party]):
    permission_classes = [AllowAny]
    serializer_class = PartyPageSerializer

    def get_queryset(self) -> QuerySet[Party]:
        """A merged party is there, too, and says where to."""
        rows = Party.objects.visible_to(self.request.user) | Party.objects.filter(standing=Party.Standing.MERGED)
        return rows.select_related("area", "merged_into").prefetch_related("capabilities")
