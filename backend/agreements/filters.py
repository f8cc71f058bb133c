"""Filters of the list of agreements."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from backend.agreements.models import Agreement
from backend.places.models import Area
from backend.web.filters import AnyOf


class AgreementFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="结对编号")
    kind = AnyOf(choices=Agreement.Kind.choices, label="类别")
    status = AnyOf(choices=Agreement.Status.choices, label="状态")
    year = django_filters.NumberFilter(method="by_year", min_value=1990, max_value=2100, label="年度")
    search = django_filters.CharFilter(method="by_search", label="标题，或任一方的名称、代码、拼音、首字母")

    class Meta:
        model = Agreement
        fields: list[str] = []

    def by_year(self, rows: QuerySet[Agreement], name: str, value: Any) -> QuerySet[Agreement]:
        year = int(value)
        return rows.filter(start_date__lte=dt.date(year, 12, 31), end_date__gte=dt.date(year, 1, 1))

    def by_search(self, rows: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        areas = Area.objects.search(value)
        named = Q(pairing__helper__name__icontains=value.strip()) | Q(unit__name__icontains=value.strip())
        placed = Q(pairing__recipient__in=areas) | Q(pairing__helper__area__in=areas)
        return rows.filter(Q(title__icontains=value.strip()) | named | placed)
