"""Dated GB/T 2260 areas, their successions, flags and indicators by year."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length

from .facts import Fact, FactStatus, sourced_facts_name_a_source
from .hardship import DepthIndex
from .naming import name_indexes, named, nobody_leaves_out_the_spelling, words_of
from .successors import current_areas
from .triggers import path_handed_down, path_written
from .version import FactsVersion, version_moved

__all__ = [
    "Area",
    "AreaFlag",
    "AreaSuccession",
    "DepthIndex",
    "Fact",
    "FactStatus",
    "FactsVersion",
    "Indicator",
    "IndicatorValue",
    "PoorCounty",
    "sourced_facts_name_a_source",
]


def inside(area: Area, relation: str = "") -> Q:
    """Rows whose area (the row itself, or reached over `relation`) is `area` or lies below it."""
    return Q(**{f"{relation}__path__startswith" if relation else "path__startswith": path_of(area)})


def path_of(area: Area) -> str:
    """The ids from the province down to `area`; of a row just created only the database knows them."""
    if not area.path:
        area.refresh_from_db(fields=["path"])
    return area.path


def ids_on(path: str) -> list[int]:
    """The ids that a path names, the province's first."""
    return [int(part) for part in path.split(".") if part]


def inside_code(code: str, relation: str = "") -> Q:
    """The same by code, under whichever of the dated rows of that code; nothing when there is none."""
    found = Q(pk__in=[])
    for area in Area.objects.filter(code=code):
        found |= inside(area, relation)
    return found


_MOST_ENDED = 20  # among the hundred or so divisions that ended, more of one name are no answer


def _called(text: str) -> Q:
    words = words_of(text)
    if len(words) == 1 and words[0].isascii():
        word = words[0].lower()
        return Q(code__startswith=word) | Q(pinyin__startswith=word) | Q(initials__startswith=word)
    return named(text, "full_name")


class AreaQuerySet(models.QuerySet["Area"]):
    def in_year(self, year: int) -> Self:
        """Areas in force at the end of `year`."""
        return self.filter(valid_from_year__lte=year).filter(Q(valid_to_year__isnull=True) | Q(valid_to_year__gte=year))

    def current(self) -> Self:
        return self.filter(valid_to_year__isnull=True)

    def counties(self) -> Self:
        return self.filter(level=Area.Level.COUNTY)

    def statutory(self) -> Self:
        """Divisions of GB/T 2260; official counts of counties count these only."""
        return self.filter(is_statutory=True)

    def poor(self) -> Self:
        """The current rows of the 832 counties."""
        return self.filter(poor_county__isnull=False)

    def eastern_helpers(self) -> Self:
        """County-level units lying in a helping province or city; municipal districts included."""
        return self.filter(is_eastern_helper=True)

    def search(self, text: str) -> Self:
        """Areas whose code, pinyin or initials begin with `text`, or whose full name holds each of its words; and what
        became of an area that is no longer in force and was called so."""
        ended = Area.objects.filter(_called(text), valid_to_year__isnull=False)
        became = {one.pk for area in ended[:_MOST_ENDED] for one in current_areas(area)}
        return self.filter(_called(text) | Q(pk__in=became) if became else _called(text))

    def divisions(self) -> Self:
        """Provinces, prefectures and counties: what governments help and are helped as."""
        return self.filter(level__in=DIVISIONS)

    def within(self, area: Area) -> Self:
        """`area` itself and every area below it, by parentage (codes do not nest for county-level cities)."""
        return self.filter(inside(area))

    def below(self, code: str) -> Self:
        """Every area below the one (or the dated ones) of that code."""
        return self.filter(inside_code(code)).exclude(code=code)


class Area(Fact):
    """One administrative division under one name and code, from one year's end to another's.

    A rename, upgrade or merger ends the row and begins another one, joined by `AreaSuccession`. The register
    opens with the divisions of 2016, so `valid_from_year` 2016 means "2016 or earlier".
    Codes have 6 digits down to the county, 9 for a township, 12 for a village.
    `path` holds the ids from the province down to the row itself, each followed by a point, and `province` the name of
    the province; the database writes both.
    Units: `lon`, `lat` in degrees, GCJ-02 datum, good to about 0.5 km, None where unknown.
    """

    class Level(models.TextChoices):
        PROVINCE = "PROVINCE", "省级"
        PREFECTURE = "PREFECTURE", "地级"
        COUNTY = "COUNTY", "县级"
        TOWNSHIP = "TOWNSHIP", "乡级"
        VILLAGE = "VILLAGE", "村级"

    code = models.CharField("行政区划代码", max_length=12)
    name = models.CharField("名称", max_length=40)
    full_name = models.CharField("全称", max_length=150)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    valid_from_year = models.PositiveSmallIntegerField("起始年份")
    valid_to_year = models.PositiveSmallIntegerField("终止年份", null=True, blank=True)
    is_statutory = models.BooleanField(
        "法定区划", default=True, help_text="否：行委等有县级职能、但不在 GB/T 2260 中的单位"
    )
    is_eastern_helper = models.BooleanField("东部帮扶县级单位", default=False)
    pinyin = models.CharField("拼音", max_length=200)
    initials = models.CharField("拼音首字母", max_length=40)
    path = models.CharField("上下级路径", max_length=60, editable=False, default="")
    province = models.CharField("省份", max_length=40, editable=False, default="")

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        ordering = ["code", "valid_from_year"]
        constraints = [
            sourced_facts_name_a_source("area_sourced_has_source"),
            nobody_leaves_out_the_spelling("area"),
            models.CheckConstraint(
                name="area_code_as_long_as_its_level",
                condition=Q(level__in=("PROVINCE", "PREFECTURE", "COUNTY"), code__regex=r"^[0-9]{6}$")
                | Q(level="TOWNSHIP", code__regex=r"^[0-9]{9}$")
                | Q(level="VILLAGE", code__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                name="area_years_in_order",
                condition=Q(valid_to_year__isnull=True) | Q(valid_to_year__gte=F("valid_from_year")),
            ),
            models.CheckConstraint(
                name="area_only_provinces_have_no_parent",
                condition=Q(level="PROVINCE", parent__isnull=True) | (~Q(level="PROVINCE") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="area_located_in_china_or_nowhere",
                # "not null" spelt out: a CHECK lets NULL pass
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, lon__gte=73, lon__lte=136, lat__gte=3, lat__lte=54),
            ),
            models.CheckConstraint(
                name="area_helpers_are_counties",
                condition=Q(is_eastern_helper=False) | Q(level="COUNTY"),
            ),
            # The natural key, which loaders upsert on; the exclusion below is the rule.
            models.UniqueConstraint(name="area_once_per_code_and_start", fields=["code", "valid_from_year"]),
            ExclusionConstraint(
                name="area_one_row_per_code_and_year",
                expressions=[
                    (F("code"), "="),
                    (
                        Func(
                            F("valid_from_year"),
                            F("valid_to_year"),
                            Value("[]"),
                            function="int4range",
                        ),
                        "&&",
                    ),
                ],
            ),
        ]

        indexes = [
            models.Index(OpClass(F("path"), "text_pattern_ops"), name="area_by_path"),
            models.Index(Length("code"), "code", "valid_from_year", name="area_in_order"),
            *name_indexes("area", "full_name", "name", "code", "pinyin", "initials"),
        ]
        triggers = [path_written(), path_handed_down(), version_moved(of_area=True)]

    def __str__(self) -> str:
        return f"{self.full_name}（{self.code}）"


DIVISIONS = (Area.Level.PROVINCE, Area.Level.PREFECTURE, Area.Level.COUNTY)


class AreaSuccession(Fact):
    """`from_area` went on as `to_area`, whole or in part, in the course of `year`."""

    class Kind(models.TextChoices):
        RENAMED = "RENAMED", "更名"
        RECODED = "RECODED", "改设（代码变更）"
        MERGED = "MERGED", "并入"
        SPLIT = "SPLIT", "拆分"

    from_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="successions")
    to_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="predecessions")
    year = models.PositiveSmallIntegerField("年份")
    kind = models.CharField("方式", max_length=8, choices=Kind)

    class Meta:
        verbose_name = verbose_name_plural = "区划沿革"
        ordering = ["year", "from_area_id", "to_area_id"]
        constraints = [
            sourced_facts_name_a_source("succession_sourced_has_source"),
            models.UniqueConstraint(name="succession_stated_once", fields=["from_area", "to_area"]),
            models.CheckConstraint(name="succession_moves_on", condition=~Q(from_area=F("to_area"))),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.from_area_id} → {self.to_area_id}"


class PoorCounty(Fact):
    """One of the 832 counties of the national list; the area is the one that carries it in 2020."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="poor_county")
    designated_name = models.CharField("名单名称", max_length=40)
    exit_year = models.PositiveSmallIntegerField("摘帽年份")
    supervised_2020 = models.BooleanField("2020 年挂牌督战")

    class Meta:
        verbose_name = verbose_name_plural = "贫困县"
        ordering = ["area_id"]
        constraints = [
            sourced_facts_name_a_source("poor_county_sourced_has_source"),
            models.CheckConstraint(
                name="poor_county_exit_2016_to_2020", condition=Q(exit_year__gte=2016, exit_year__lte=2020)
            ),
        ]
        triggers = [version_moved()]

    def __str__(self) -> str:
        return self.designated_name


class AreaFlag(Fact):
    """What is known of an area's membership in a list: yes, no, or not known.

    UNKNOWN is stored, not left out, so that a page can say who was asked and did not answer. An area without
    a row was never a candidate for the list.
    """

    class Kind(models.TextChoices):
        KEY_COUNTY = "KEY_COUNTY", "国家扶贫开发工作重点县"
        CONTIGUOUS_AREA = "CONTIGUOUS_AREA", "集中连片特困地区"
        THREE_REGIONS = "THREE_REGIONS", "三区三州"
        DEEP_POVERTY = "DEEP_POVERTY", "深度贫困县"
        POOR_VILLAGE = "POOR_VILLAGE", "建档立卡贫困村"
        DEEP_VILLAGE = "DEEP_VILLAGE", "深度贫困村"

    class Value(models.TextChoices):
        YES = "YES", "是"
        NO = "NO", "否"
        UNKNOWN = "UNKNOWN", "未知"

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField("名单", max_length=16, choices=Kind)
    value = models.CharField("取值", max_length=7, choices=Value)
    detail = models.CharField("所属片区", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "地区标识"
        ordering = ["area_id", "kind"]
        constraints = [
            sourced_facts_name_a_source("flag_sourced_has_source"),
            models.UniqueConstraint(name="flag_once_per_area_and_kind", fields=["area", "kind"]),
            models.CheckConstraint(name="flag_detail_only_for_members", condition=Q(detail="") | Q(value="YES")),
        ]
        triggers = [version_moved()]

    def __str__(self) -> str:
        return f"{self.area_id} {self.kind} {self.value}"


class Indicator(models.Model):
    """A measure with its unit; `higher_is_better` is None where neither direction is better."""

    code = models.CharField("代码", max_length=40, unique=True)
    name_zh = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名称", max_length=80)
    unit = models.CharField("单位", max_length=20)
    higher_is_better = models.BooleanField("越高越好", null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["position", "code"]
        triggers = [version_moved()]

    def __str__(self) -> str:
        return f"{self.name_zh}（{self.unit}）"


class IndicatorValue(Fact):
    """A measured value. A value nobody published has no row: absence is unknown, never zero."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="indicator_values")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField("年份")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = "指标数值"
        ordering = ["area_id", "indicator_id", "year"]
        constraints = [
            sourced_facts_name_a_source("indicator_value_sourced_has_source"),
            models.UniqueConstraint(name="indicator_value_once_per_year", fields=["area", "indicator", "year"]),
        ]
        indexes = [models.Index(name="indicator_value_by_year", fields=["indicator", "year", "value"])]
        triggers = [version_moved()]

    def __str__(self) -> str:
        return f"{self.area_id} {self.indicator_id} {self.year}"
