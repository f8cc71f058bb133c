"""The log-in of a browser: a session cookie, and a CSRF token on every write."""

from __future__ import annotations

from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from backend.web.problems import NotAllowed

STALE_PAGE = "页面已过期，请刷新后再提交"


class BrowserSession(SessionAuthentication):
    """Answers 401, not 403, to whoever is not logged in, so that the page can tell "log in" from "not yours"."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise NotAllowed(STALE_PAGE, code="csrf_failed") from None
