"""Addresses that belong to no room: health, the single-page application, and the answers when nothing fits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_safe

from backend.web.problems import CONTENT_TYPE, problem


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the web server reaches its database: what a load balancer and the supervisor ask."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": False}, status=503)
    return JsonResponse({"status": "ok", "database": True})


@require_safe
@ensure_csrf_cookie
def application(request: HttpRequest) -> HttpResponse | FileResponse:
    """The single-page application, whatever the path: its own router knows the pages."""
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


def server_error(request: HttpRequest) -> JsonResponse:
    return _problem(500, "系统出错，已记录。您刚才的操作没有保存，请稍后再试")


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return _problem(403, "页面已过期，请刷新后再提交")
