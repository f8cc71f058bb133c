"""What the lists of projects and of assets can be narrowed down by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.needs.models import Need
from backend.places.models import Area
from backend.projects.figures import late
from backend.projects.models import Asset, Milestone, Project
from backend.web.filters import AnyOf

_LEVELS = [(level.value, level.label) for level in (Area.Level.COUNTY, Area.Level.TOWNSHIP, Area.Level.VILLAGE)]


class ProjectFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="结对关系编号")
    need = django_filters.NumberFilter(field_name="need_id", label="需求编号")
    recipient = django_filters.CharFilter(field_name="pairing__recipient__code", label="受援县代码")
    status = AnyOf(choices=Project.Status.choices, label="状态")
    category = AnyOf(field_name="need__category", choices=Need.Category.choices, label="类别")
    level = AnyOf(field_name="need__area__level", choices=_LEVELS, label="项目在县、乡、村哪一级")
    late = django_filters.BooleanFilter(method="by_late", label="有逾期的节点")
    search = django_filters.CharFilter(method="by_search", label="名称，或地区、帮扶方的名称")

    class Meta:
        model = Project
        fields: list[str] = []

    def by_late(self, rows: QuerySet[Project], name: str, value: bool) -> QuerySet[Project]:
        found = Exists(Milestone.objects.filter(late(), project=OuterRef("pk")))
        return rows.filter(found if value else ~found)

    def by_search(self, rows: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        named = Q(need__in=Need.objects.search(value)) | Q(pairing__helper__name__icontains=value.strip())
        return rows.filter(named | Q(pairing__recipient__in=Area.objects.search(value)))


class AssetFilter(django_filters.FilterSet):
    project = django_filters.NumberFilter(field_name="project_id", label="项目编号")
    pairing = django_filters.NumberFilter(field_name="project__pairing_id", label="结对关系编号")
    recipient = django_filters.CharFilter(field_name="project__pairing__recipient__code", label="受援县代码")
    asset_class = AnyOf(choices=Asset.AssetClass.choices, label="资产类别")
    search = django_filters.CharFilter(method="by_search", label="资产名称、权属、管护责任人，或受援县")

    class Meta:
        model = Asset
        fields: list[str] = []

    def by_search(self, rows: QuerySet[Asset], name: str, value: Any) -> QuerySet[Asset]:
        text = value.strip()
        said = Q(name__icontains=text) | Q(owner__icontains=text) | Q(maintainer__icontains=text)
        return rows.filter(said | Q(project__pairing__recipient__in=Area.objects.search(text)))
