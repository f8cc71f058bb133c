"""Pages of lists: count, next, previous, results."""

from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """50 rows a page unless asked otherwise, 1 000 at most (a whole county run fits one page)."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 1000
