"""What the list of interests can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from backend.interests.models import Interest
from backend.places.models import inside_code
from backend.web.filters import AnyOf


class InterestFilter(django_filters.FilterSet):
    """`area` takes a place and everything in it."""

    status = AnyOf(choices=Interest.Status.choices, label="状态")
    channel = django_filters.CharFilter(field_name="channel__code", label="渠道代码")
    year = django_filters.NumberFilter(label="年度")
    party = django_filters.NumberFilter(field_name="party_id", label="单位编号")
    area = django_filters.CharFilter(method="by_area", label="地区代码（含下级）")
    search = django_filters.CharFilter(method="by_search", label="单位名称，或村的名称、代码、拼音、首字母")

    class Meta:
        model = Interest
        fields: list[str] = []

    def by_area(self, rows: QuerySet[Interest], name: str, value: str) -> QuerySet[Interest]:
        return rows.filter(inside_code(value, "area"))

    def by_search(self, rows: Any, name: str, value: str) -> Any:
        return rows.search(value)
