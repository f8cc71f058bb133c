"""What lists of commitments and of matters to settle can be narrowed down by."""

from __future__ import annotations

import django_filters

from backend.commitments import kinds
from backend.commitments.models import Commitment, Discrepancy
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


class DiscrepancyFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Discrepancy.Kind.choices, label="种类")
    status = AnyOf(choices=Discrepancy.Status.choices, label="状态")
    year = django_filters.NumberFilter(field_name="entry__commitment__year", label="年度")

    class Meta:
        model = Discrepancy
        fields: list[str] = []
