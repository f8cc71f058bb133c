"""What lists of commitments and of differences can be narrowed down by."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from backend.commitments import kinds
from backend.commitments.differences import Matter, concerned_by
from backend.commitments.models import Commitment, LedgerEntry
from backend.web.filters import AnyOf


class CommitmentFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="结对关系编号")
    year = django_filters.NumberFilter(label="年份")
    kind = AnyOf(choices=kinds.Kind.choices, label="类别")
    status = django_filters.ChoiceFilter(choices=Commitment.Status.choices, label="状态")
    recipient = django_filters.CharFilter(field_name="pairing__recipient__code", label="受援县代码")
    need = django_filters.NumberFilter(field_name="need_id", label="需求编号")

    class Meta:
        model = Commitment
        fields = ["pairing", "year"]


class DifferenceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Matter.choices, method="by_kind", label="事项")
    year = django_filters.NumberFilter(field_name="commitment__year", label="年度")
    pairing = django_filters.NumberFilter(field_name="commitment__pairing_id", label="结对关系编号")
    recipient = django_filters.CharFilter(field_name="commitment__pairing__recipient__code", label="受援县代码")

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def by_kind(self, rows: QuerySet[LedgerEntry], name: str, value: str) -> QuerySet[LedgerEntry]:
        return rows.filter(pk__in=concerned_by(value, LedgerEntry.objects.all()))
