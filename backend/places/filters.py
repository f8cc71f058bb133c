"""What lists of areas can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters

from backend.places.depth import Tier
from backend.places.models import Area, AreaQuerySet


class AreaFilter(filters.FilterSet):  # the library has no types
    """`year` chooses the register at that year's end; without it, today's."""

    level = filters.ChoiceFilter(choices=Area.Level.choices, label="级别")
    parent = filters.CharFilter(method="below", label="上级代码（省或市，含下级的下级）")
    search = filters.CharFilter(method="searched", label="名称、代码、拼音或首字母")
    poor = filters.BooleanFilter(field_name="poor_county", lookup_expr="isnull", exclude=True, label="贫困县")
    eastern = filters.BooleanFilter(field_name="is_eastern_helper", label="东部帮扶县级单位")
    tier = filters.ChoiceFilter(choices=Tier.choices, label="贫困程度")
    year = filters.NumberFilter(method="dated", min_value=2016, max_value=2100, label="年末")

    class Meta:
        model = Area
        fields: list[str] = []

    @property
    def qs(self) -> Any:
        areas = super().qs
        return areas if self.form.cleaned_data.get("year") else areas.current()

    def below(self, areas: AreaQuerySet, name: str, code: str) -> AreaQuerySet:
        return areas.below(code)

    def searched(self, areas: AreaQuerySet, name: str, text: str) -> AreaQuerySet:
        return areas.search(text)

    def dated(self, areas: AreaQuerySet, name: str, year: Any) -> AreaQuerySet:
        return areas.in_year(int(year))
