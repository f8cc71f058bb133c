"""Addresses that belong to no room: health, the single-page application, and the answers when nothing fits."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_safe

from backend.web import services
from backend.web.authentication import STALE_PAGE
from backend.web.handling import SERVER_FAULT
from backend.web.problems import CONTENT_TYPE, problem


def _problem(status: int, detail: str) -> JsonResponse:
    body = problem(status, detail)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """What a load balancer and the supervisor ask: 503 without the database; without broker or worker merely degraded,
    since everything but new runs still works."""
    state = services.look()
    status = "ok" if all(state.values()) else "degraded" if state["database"] else "unavailable"
    return JsonResponse({"status": status, **state}, status=200 if state["database"] else 503)


@require_safe
@ensure_csrf_cookie
def application(request: HttpRequest) -> HttpResponse | FileResponse:
    """The single-page application, whatever the path: its own router knows the pages."""
    if PurePosixPath(request.path).suffix:  # a file that is not there; answering with a page would hide that
        return _problem(404, f"没有这个文件：{request.path}")
    index = settings.FRONTEND_DIR / "index.html"
    if not index.exists():
        return HttpResponse("界面尚未构建，请运行 make run", status=503, content_type="text/plain; charset=utf-8")
    response = FileResponse(index.open("rb"), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@csrf_exempt
def no_such_endpoint(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
    return _problem(404, f"没有这个接口：{request.path}")


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return _problem(404, f"没有这个地址：{request.path}")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    return _problem(400, "请求有误，未予处理")


def server_error(request: HttpRequest) -> JsonResponse:
    return _problem(500, SERVER_FAULT)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return _problem(403, STALE_PAGE)
