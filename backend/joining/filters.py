"""What the queue of registrations can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from backend.joining.authority import answers_for
from backend.joining.models import Registration
from backend.places.models import inside_code
from backend.web.filters import AnyOf


class RegistrationFilter(django_filters.FilterSet):
    status = AnyOf(choices=Registration.Status.choices, label="登记情况")
    mine = django_filters.BooleanFilter(method="to_decide", label="由我核实")
    area = django_filters.CharFilter(method="by_area", label="地区代码（含下级）")
    search = django_filters.CharFilter(method="by_search", label="名称或统一社会信用代码")

    class Meta:
        model = Registration
        fields: list[str] = []

    def to_decide(self, rows: QuerySet[Registration], name: str, value: bool) -> QuerySet[Registration]:
        mine = answers_for(self.request.user, "party__")
        return rows.filter(mine) if value else rows.exclude(mine)

    def by_area(self, rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        return rows.filter(inside_code(value, "party__area"))

    def by_search(self, rows: QuerySet[Registration], name: str, value: str) -> QuerySet[Registration]:
        return rows.filter(Q(party__name__icontains=value) | Q(party__uscc__istartswith=value))
