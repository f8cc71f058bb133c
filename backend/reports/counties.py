"""The 832 counties with the channels that reach them: a list, a map and a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import CharField, F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast, Coalesce
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from backend.places.depth import Tier, with_tier
from backend.places.models import Area, AreaQuerySet
from backend.programmes.actions import working_year
from backend.programmes.models import COUNTY_PAIRING, Channel
from backend.reports.reach import Level, Reached, reach, standing, strongest
from backend.web.answers import Answer
from backend.web.exports import Exported
from backend.web.sheets import Column, Kind

NOBODY = "none"


def poor_counties() -> AreaQuerySet:
    """The counties of the list with tier and year of leaving it."""
    return with_tier(Area.objects.current().poor().annotate(exit_year=F("poor_county__exit_year")))


class _Held(Func):
    """What a JSON object, made in Python, holds under the row's key."""

    template = "(%(expressions)s)"


def with_reach(counties: AreaQuerySet, reached: dict[int, Reached], names: dict[str, str]) -> AreaQuerySet:
    """Let each row carry `channels`, its levels by channel code (None where nothing reaches it), `reached`, the
    strongest of them, and `told`, the same in words: filters and files then read them like any column."""

    def held(make: Callable[[Reached], Any], *, as_text: bool) -> _Held:
        table = {str(pk): make(channels) for pk, channels in reached.items()}
        return _Held(
            Value(table, JSONField()),
            Cast("pk", TextField()),
            arg_joiner=" ->> " if as_text else " -> ",
            output_field=CharField() if as_text else JSONField(),
        )

    def words(channels: Reached) -> str:
        return "；".join(f"{names[code]}：{level.label}" for code, level in sorted(channels.items()))

    any_channel = held(lambda channels: strongest(channels.values()), as_text=True)
    return counties.annotate(
        channels=held(dict, as_text=False),
        reached=Coalesce(any_channel, Value(Level.NONE.value)),
        told=held(words, as_text=True),
    )


class ChannelLevelSerializer(serializers.Serializer[Any]):
    channel = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)


class CountySerializer(Answer[Area]):
    """A county with `level`, how firmly any channel reaches it, and the same by channel."""

    tier = serializers.ChoiceField(choices=Tier.choices)
    exit_year = serializers.IntegerField()
    level = serializers.ChoiceField(choices=Level.choices, source="reached")
    channels = serializers.SerializerMethodField()

    class Meta:
        model = Area
        fields = ["code", "name", "full_name", "lon", "lat", "tier", "exit_year", "level", "channels"]

    @extend_schema_field(ChannelLevelSerializer(many=True))
    def get_channels(self, county: Any) -> list[dict[str, str]]:
        return [{"channel": code, "level": level} for code, level in sorted((county.channels or {}).items())]


class CountyFilter(django_filters.FilterSet):
    parent = django_filters.CharFilter(method="below", label="上级代码（省或市）")
    search = django_filters.CharFilter(method="searched", label="名称、代码、拼音或首字母")
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label="贫困程度")
    helped_by = django_filters.CharFilter(method="helped", label=f"渠道代码；{NOBODY}：没有任何渠道")
    level = django_filters.ChoiceFilter(method="reached", choices=Level.choices, label="覆盖程度")

    class Meta:
        model = Area
        fields: list[str] = []

    def below(self, rows: AreaQuerySet, name: str, code: str) -> AreaQuerySet:
        return rows.below(code)

    def searched(self, rows: AreaQuerySet, name: str, text: str) -> AreaQuerySet:
        return rows.search(text)

    def helped(self, rows: Any, name: str, channel: str) -> Any:
        """Counties that the channel reaches on record, verified or not."""
        return rows.filter(reached=Level.NONE) if channel == NOBODY else rows.filter(channels__has_key=channel)

    def reached(self, rows: Any, name: str, level: str) -> Any:
        """The level through the channel asked for beside, or through any."""
        channel = self.form.cleaned_data.get("helped_by")
        if not channel or channel == NOBODY:
            return rows.filter(reached=level)
        if level == Level.NONE:
            return rows.none()
        return rows.filter(channels__contains={channel: level})


class CountyList(Exported):
    """Poor counties and the channels that reach them in the working year, as far as the reader may know."""

    permission_classes = [AllowAny]
    serializer_class = CountySerializer
    filterset_class = CountyFilter
    queryset = Area.objects.none()
    ordering_fields = ["code", "pinyin", "exit_year"]
    ordering = ["code"]
    export_title = "贫困县覆盖"
    export_columns = (
        Column("代码", "code", width=9),
        Column("全称", "full_name", width=40),
        Column("贫困程度", lambda county: Tier(county.tier).label),
        Column("摘帽年份", "exit_year", Kind.NUMBER, 10),
        Column("任一渠道", lambda county: Level(county.reached).label),
        Column("各渠道", "told", width=60),
    )
    export_notes = ("“逾期未确认”“仅有待核实”和“没有记录”都不算覆盖；“登记到省市”是说帮扶方登记的受援方是所在省市",)

    def get_queryset(self) -> AreaQuerySet:
        counties, names = poor_counties(), dict(Channel.objects.values_list("code", "name_zh"))
        return with_reach(counties, reach(standing(self.request.user, covered_year()), counties), names)


def covered_year() -> int:
    """The year that coverage is told of: the working year of the county pairs. Raises Conflict while there is none."""
    return working_year(Channel.objects.get(code=COUNTY_PAIRING))
