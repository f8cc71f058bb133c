"""What one answer asks for again and again is asked for once. Only while reading: nothing changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

T = TypeVar("T")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers; while a request that only reads is answered, it is asked once for each key."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    found: T = known[key]
    return found


def reading(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: remember for `once` until a request that only reads is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        token = _known.set({})
        try:
            return get_response(request)
        finally:
            _known.reset(token)

    return middleware
