"""The register of areas, open to everyone."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Length
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.places.depth import Tier, depth_of, with_tier
from backend.places.facts import FACT_COLUMNS
from backend.places.filters import AreaFilter
from backend.places.hardship import ELEMENTS, VERSION, DepthIndex, Group, hardship_of
from backend.places.models import Area, AreaFlag, FactStatus, Indicator, PoorCounty
from backend.places.ranks import ranks
from backend.places.successors import current_areas
from backend.places.version import facts_version
from backend.web.answers import Answer
from backend.web.api import Label
from backend.web.exports import Exported
from backend.web.filters import EXPORT
from backend.web.sheets import Column, Kind


class AreaSerializer(Answer[Area]):
    """A place in a list."""

    parent = serializers.CharField(  # type: ignore[assignment]  # the base class has an attribute of that name
        source="parent.code", allow_null=True, default=None, read_only=True
    )
    tier = serializers.ChoiceField(choices=Tier.choices, allow_null=True, read_only=True)
    exit_year = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Area
        fields = [
            "code",
            "name",
            "full_name",
            "level",
            "parent",
            "lon",
            "lat",
            "valid_from_year",
            "valid_to_year",
            "is_statutory",
            "is_eastern_helper",
            "tier",
            "exit_year",
        ]


class AreaNameSerializer(Answer[Area]):
    class Meta:
        model = Area
        fields = ["code", "name", "full_name"]


class PoorCountySerializer(Answer[PoorCounty]):
    class Meta:
        model = PoorCounty
        fields = ["designated_name", "exit_year", "supervised_2020", "status", "source"]


class AreaFlagSerializer(Answer[AreaFlag]):
    """What is known of a membership; UNKNOWN is neither yes nor no."""

    kind_label = Label(source="get_kind_display")

    class Meta:
        model = AreaFlag
        fields = ["kind", "kind_label", "value", "detail", "status", "source"]


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()


class DepthSerializer(serializers.Serializer[Any]):
    tier = serializers.ChoiceField(choices=Tier.choices)
    reasons = ReasonSerializer(many=True)
    unknown = serializers.ListField(child=serializers.ChoiceField(choices=AreaFlag.Kind.choices))


class StandingSerializer(serializers.Serializer[Any]):
    """Rank from the highest value down among `of` counties with a sourced value of the same year; their median."""

    rank = serializers.IntegerField()
    of = serializers.IntegerField()
    median = serializers.DecimalField(max_digits=20, decimal_places=2)


class PointSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=20, decimal_places=4, normalize_output=True)
    status = serializers.ChoiceField(choices=FactStatus.choices)
    source = serializers.CharField()  # type: ignore[assignment]  # likewise


class AreaIndicatorSerializer(serializers.Serializer[Any]):
    """One measure of a county: every known year, and where the latest sourced value stands (null: none to compare)."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    unit = serializers.CharField()
    higher_is_better = serializers.BooleanField(allow_null=True)
    points = PointSerializer(many=True)
    compared_year = serializers.IntegerField(allow_null=True)
    province = StandingSerializer(allow_null=True)
    country = StandingSerializer(allow_null=True)


class DepthElementSerializer(serializers.Serializer[Any]):
    """One measure of 两高、一低、一差、三重. `hardship`: per cent of the other poor counties that fare better; null: no
    value, or none to compare. Values, years and sources stand under `indicators`."""

    indicator = serializers.CharField()
    group = serializers.ChoiceField(choices=Group.choices)
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    hardship = serializers.FloatField(allow_null=True)


class DepthIndexSerializer(Answer[DepthIndex]):
    """How hard the county is off among the 832, 0 to 100; null while nothing is known. `low` to `high` is where the
    index can lie once the missing elements are known."""

    version = serializers.SerializerMethodField()
    elements = serializers.SerializerMethodField()

    class Meta:
        model = DepthIndex
        fields = [
            "version", "value", "low", "high", "known", "country_rank", "country_of", "province_rank", "province_of",
            "elements",
        ]  # fmt: skip
        read_only_fields = fields

    def get_version(self, index: DepthIndex) -> int:
        return VERSION

    @extend_schema_field(DepthElementSerializer(many=True))
    def get_elements(self, index: DepthIndex) -> Any:
        called = {one.code: one for one in Indicator.objects.filter(code__in=[one.indicator for one in ELEMENTS])}
        return [
            {
                "indicator": one.indicator,
                "group": one.group,
                "name_zh": called[one.indicator].name_zh,
                "name_en": called[one.indicator].name_en,
                "hardship": index.parts.get(one.indicator),
            }
            for one in ELEMENTS
            if one.indicator in called
        ]


class AreaProfileSerializer(AreaSerializer):
    """Everything the register knows of one place."""

    parent = AreaNameSerializer(allow_null=True, read_only=True)  # type: ignore[assignment]
    successors = serializers.SerializerMethodField()
    poor_county = PoorCountySerializer(allow_null=True, read_only=True, default=None)
    depth = serializers.SerializerMethodField()
    depth_index = serializers.SerializerMethodField()
    flags = AreaFlagSerializer(many=True, read_only=True)
    indicators = serializers.SerializerMethodField()

    class Meta(AreaSerializer.Meta):
        fields = [
            *AreaSerializer.Meta.fields,
            "status",
            "source",
            "successors",
            "poor_county",
            "depth",
            "depth_index",
            "flags",
            "indicators",
        ]

    @extend_schema_field(AreaNameSerializer(many=True))
    def get_successors(self, area: Area) -> Any:
        """Empty for an area in force."""
        return AreaNameSerializer([one for one in current_areas(area) if one.pk != area.pk], many=True).data

    @extend_schema_field(DepthSerializer(allow_null=True))
    def get_depth(self, area: Area) -> Any:
        depth = depth_of(area)
        return DepthSerializer(depth).data if depth else None

    @cached_property
    def _version(self) -> int:
        return facts_version()

    @extend_schema_field(DepthIndexSerializer(allow_null=True))
    def get_depth_index(self, area: Area) -> Any:
        index = hardship_of(area.pk, self._version)
        return DepthIndexSerializer(index).data if index else None

    @extend_schema_field(AreaIndicatorSerializer(many=True))
    def get_indicators(self, area: Area) -> Any:
        return AreaIndicatorSerializer(_measured(area, self._version), many=True).data


def _measured(area: Area, version: int) -> list[dict[str, Any]]:
    standing = ranks(area, version)
    values = area.indicator_values.select_related("indicator").order_by("indicator__position", "indicator_id", "year")
    return [
        {
            **{name: getattr(indicator, name) for name in ("code", "name_zh", "name_en", "unit", "higher_is_better")},
            "points": list(points),
            "compared_year": standing[indicator.pk].year if indicator.pk in standing else None,
            "province": standing[indicator.pk].province if indicator.pk in standing else None,
            "country": standing[indicator.pk].country if indicator.pk in standing else None,
        }
        for indicator, points in groupby(values, key=lambda value: value.indicator)
    ]


def _listed() -> QuerySet[Area]:
    rows = Area.objects.annotate(exit_year=F("poor_county__exit_year"), digits=Length("code"))
    return with_tier(rows).select_related("parent")


class AreaList(Exported):
    """Areas in force now (or at the end of `year`)."""

    permission_classes = [AllowAny]
    serializer_class = AreaSerializer
    filterset_class = AreaFilter
    ordering_fields = ["code", "pinyin", "exit_year", "depth_index"]
    unknown_last = ["depth_index"]
    ordering = ["digits", "code", "valid_from_year"]  # who looks for 长顺 wants the county before its villages
    export_title = "地区名录"
    export_columns = (
        Column("代码", "code", width=9),
        Column("名称", "name", width=20),
        Column("全称", "full_name", width=40),
        Column("级别", "get_level_display"),
        Column("贫困程度", lambda area: Tier(area.tier).label if area.tier else None),
        Column("摘帽年份", "exit_year", Kind.NUMBER, 10),
        Column("贫困深度指数", "hardship.value", Kind.NUMBER, 12),
        Column("指数已知要素", "hardship.known", Kind.NUMBER, 12),
        Column("指数下限", "hardship.low", Kind.NUMBER, 10),
        Column("指数上限", "hardship.high", Kind.NUMBER, 10),
        Column("东部帮扶县级单位", lambda area: "是" if area.is_eastern_helper else "否", width=18),
        Column("起始年份", "valid_from_year", Kind.NUMBER, 10),
        Column("终止年份", "valid_to_year", Kind.NUMBER, 10),
        *FACT_COLUMNS,
    )
    export_notes = (
        "起始年份 2016 表示 2016 年或更早",
        f"贫困深度指数（第 {VERSION} 版）只用已知要素计算，共 {len(ELEMENTS)} 个；下限和上限是未知要素取两端时的值",
    )

    def get_queryset(self) -> QuerySet[Area]:
        """The index of all counties is computed where somebody asks for it, not with every page."""
        rows, asked = _listed(), self.request.query_params
        if EXPORT in asked:
            rows = rows.select_related("parent", "hardship")
        if EXPORT in asked or "depth_index" in asked.get("ordering", ""):
            rows = rows.annotate(depth_index=F("hardship__value"))
        return rows


class AreaDetail(APIView):
    """The profile of one area. A code that is no longer in force answers with its last row and its successors."""

    permission_classes = [AllowAny]

    @extend_schema(
        responses=AreaProfileSerializer,
        operation_id="areas_retrieve",
        parameters=[OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="六位行政区划代码")],
    )
    def get(self, request: Request, code: str) -> Response:
        rows = _listed().select_related("parent", "poor_county").prefetch_related("flags")
        area = rows.filter(code=code).order_by("-valid_from_year").first()
        if area is None:
            raise NotFound(f"没有行政区划代码 {code}")
        return Response(AreaProfileSerializer(area).data)
