"""One line per request, and the request's id in every line that is written on the way."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"

_current: ContextVar[str] = ContextVar("request_id", default="-")
_acceptable = re.compile(r"[A-Za-z0-9-]{8,64}")
_logger = logging.getLogger("xieshou.request")


class RequestId(logging.Filter):
    """Adds `request_id` to each record, so that the lines of one request can be found together."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True


def current() -> str:
    """The id of the request being answered, "-" outside of one."""
    return _current.get()


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the proxy's request id or make one, answer with it, and write who asked for what and how it went."""

    def middleware(request: HttpRequest) -> HttpResponse:
        offered = request.headers.get(HEADER, "")
        token = _current.set(offered if _acceptable.fullmatch(offered) else uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = get_response(request)
            response.headers[HEADER] = _current.get()
            user = getattr(request, "user", None)
            _logger.info(
                "%s %s %s %.0fms user=%s",
                request.method,
                request.get_full_path(),  # percent-encoded: no line break from outside reaches the log
                response.status_code,
                1000 * (time.perf_counter() - started),
                user.pk if user is not None and user.is_authenticated else "-",
            )
            return response
        finally:
            _current.reset(token)

    return middleware
