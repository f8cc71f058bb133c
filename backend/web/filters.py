"""Filters and ordering that refuse what they do not know: a misspelt filter must not answer with the whole list."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OrderBy, QuerySet
from django_filters import FilterSet, MultipleChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

from backend.web.problems import Invalid

EXPORT = "export"  # the parameter of lists that can be taken away as a file (`backend.web.exports`)


class AnyOf(MultipleChoiceFilter):  # the library has no types
    """Rows whose own column has one of the values: none comes twice, so none has to be compared with all others."""

    def __init__(self, **given: Any) -> None:
        super().__init__(distinct=False, **given)


class StrictFilters(DjangoFilterBackend):
    """The view's own filters, beside its page and its order; any other parameter is an error."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        filterset = self.get_filterset_class(view, queryset)
        own = set(filterset.base_filters if filterset else ())
        known = own | {StrictOrdering.ordering_param}
        if view.paginator is not None:
            known |= {view.paginator.page_query_param, view.paginator.page_size_query_param}
        if hasattr(view, "export_columns"):
            known.add(EXPORT)
        for parameter in request.query_params:
            if parameter not in known:
                raise Invalid(f"没有“{parameter}”这个筛选条件", field=parameter)
        if filterset is None or (filterset.qs is FilterSet.qs and not own & request.query_params.keys()):
            return queryset  # nothing was asked for: no form to make and check
        return super().filter_queryset(request, queryset, view)


class StrictOrdering(OrderingFilter):
    """`?ordering=` by the view's `ordering_fields` only; an unknown field is an error, not silently another order."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        asked = request.query_params.get(self.ordering_param, "")
        allowed = set(getattr(view, "ordering_fields", None) or [])
        for term in filter(None, (part.strip() for part in asked.split(","))):
            if term.lstrip("-") not in allowed:
                raise Invalid(f"不能按“{term}”排序", field=self.ordering_param)
        return super().get_ordering(request, queryset, view)

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Fields that the view names in `unknown_last` put what is unknown at the end, whichever way they run."""
        ordering, last = self.get_ordering(request, queryset, view), getattr(view, "unknown_last", ())
        if not any(term.lstrip("-") in last for term in ordering or ()):
            return super().filter_queryset(request, queryset, view)
        terms = [_unknown_last(term) if term.lstrip("-") in last else term for term in ordering]
        return queryset.order_by(*terms, "pk")


def _unknown_last(term: str) -> OrderBy:
    field = F(term.lstrip("-"))
    return field.desc(nulls_last=True) if term.startswith("-") else field.asc(nulls_last=True)
