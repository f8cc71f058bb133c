"""Who is writing: the context that the history triggers store in every row they append."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django.http import HttpRequest, HttpResponse

from backend.lifecycle.actions import SYSTEM_LABEL, Actor
from backend.web.requestlog import current as request_id

NOBODY_LABEL = "未登录"


def acting(by: Actor | None, **where: Any) -> AbstractContextManager[Any]:
    """Name the actor of every tracked change inside the block; `where` says from which request, job or command.

    Contexts nest: the outermost block decides where the context begins and ends, inner ones add to it.
    """
    actor = {"actor": by.pk if by else None, "label": str(by) if by else SYSTEM_LABEL}
    context: AbstractContextManager[Any] = pghistory.context(**(actor | where))
    return context


def history_context(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever a request writes is its user's doing; requests that only read open no context."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return get_response(request)
        where: dict[str, Any] = {"url": request.path, "request": request_id()}
        user = request.user if request.user.is_authenticated else None
        with acting(user, **where, **({} if user else {"label": NOBODY_LABEL})):
            return get_response(request)

    return middleware
