"""Pages of lists: count, next, previous, results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination

from backend.web.problems import Invalid


class Pages(PageNumberPagination):
    """50 rows a page unless asked otherwise, 1 000 at most (a whole county run fits one page).

    A page that is not there, or a size that is none, is refused, not silently another one.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Any) -> int:
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= self.max_page_size):
            raise Invalid(f"每页行数应为 1 至 {self.max_page_size} 的整数", field=self.page_size_query_param)
        return int(asked)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            asked = request.query_params.get(self.page_query_param)
            raise Invalid(f"没有第 {asked} 页", field=self.page_query_param) from None


class _KeysFirst(Paginator):  # type: ignore[type-arg]  # no generic when it runs
    def __init__(self, *given: Any, read: Callable[..., Iterable[Any]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.read = read

    def page(self, number: int | str) -> Page[Any]:
        found = super().page(number)
        keys = list(found.object_list.values_list("pk", flat=True))  # type: ignore[attr-defined]
        rows = {row.pk: row for row in self.read(keys=keys)} if keys else {}
        found.object_list = [rows[key] for key in keys if key in rows]
        return found


class KeysFirst(Pages):
    """Finds the keys of a page by the list's own query, with its filters and its order, then the rows by those keys.

    The view's `rows_of(keys=…)` reads them, in any order: what is joined and added up for a row is not asked of all
    that were sorted, and may be worded once for all pages (`Kept`).
    """

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self.django_paginator_class = partial(_KeysFirst, read=view.rows_of)  # type: ignore[assignment]
        return super().paginate_queryset(queryset, request, view)
