"""What the public sees, answered from memory for a while: a day with many readers must not slow those who work here."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response

View = Callable[..., HttpResponse]

_LARGEST = 256 * 1024  # bytes; the map of all counties fits. With MAX_ENTRIES, what a process remembers at most.


def for_visitors(view: View) -> View:
    """Answer who is not logged in with what was true at most VISITORS_SECONDS ago; all others with what is true now.

    For views whose answer hangs on the address alone when nobody is logged in. Each process remembers its own answers;
    what is refused, and files, are made anew each time.
    """

    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        logged_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.method != "GET" or logged_in or not settings.VISITORS_SECONDS:
            return view(request, *args, **kwargs)
        answers = caches["visitors"]
        key = hashlib.sha256(request.get_full_path().encode()).hexdigest()
        if (known := answers.get(key)) is not None:
            content, headers = known
            return HttpResponse(content, headers=headers)

        def remember(done: HttpResponse) -> None:
            if len(done.content) <= _LARGEST:
                answers.set(key, (done.content, dict(done.items())), settings.VISITORS_SECONDS)

        response = view(request, *args, **kwargs)
        if response.status_code == 200 and isinstance(response, Response):
            response.add_post_render_callback(remember)
        return response

    return answered
