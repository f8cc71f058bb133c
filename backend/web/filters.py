"""Ordering that refuses what it does not know."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

from backend.web.problems import Invalid


class StrictOrdering(OrderingFilter):
    """`?ordering=` by the view's `ordering_fields` only; an unknown field is an error, not silently another order."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        asked = request.query_params.get(self.ordering_param, "")
        allowed = set(getattr(view, "ordering_fields", None) or [])
        for term in filter(None, (part.strip() for part in asked.split(","))):
            if term.lstrip("-") not in allowed:
                raise Invalid(f"不能按“{term}”排序", field=self.ordering_param)
        return super().get_ordering(request, queryset, view)
