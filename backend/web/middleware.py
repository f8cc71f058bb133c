"""Headers that every answer gets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

# antd writes its styles at run time, hence 'unsafe-inline' for styles; scripts come from our own files only.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(get_response: GetResponse) -> GetResponse:
    """Only our own scripts run, nobody frames us, and no page asks for a device."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", _NO_DEVICES)
        return response

    return middleware


def entity_tags(get_response: GetResponse) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tag each answer of the API with a digest of its content, and answer 304 to whoever has it already.

    A row's version, set by the view as `"7"`, becomes `"7-<digest>"`: writes compare the version only (If-Match), polls
    compare the whole (If-None-Match), since the answer may tell more than the row, such as a job's progress.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path.startswith("/api/"):
            return response
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Cookie"])
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
            return response
        version = response.headers.get("ETag", "").strip('"')
        digest = hashlib.sha256(response.content).hexdigest()[:16]
        response.headers["ETag"] = tag = f'"{version}-{digest}"'
        return get_conditional_response(request, etag=tag, response=response) or response

    return middleware
