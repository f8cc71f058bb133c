"""Refusals as RFC 9457 problem+json, in Chinese, each naming the field it is about.

A rule that PostgreSQL enforces reaches the client with the same words as one checked in Python: rooms register the
names of their constraints with `explain`.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

CONTENT_TYPE = "application/problem+json"

_TITLES = {
    400: "提交的内容有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的操作",
    406: "不支持的格式",
    409: "与现有记录冲突",
    412: "内容已被他人修改",
    415: "不支持的格式",
    422: "请求与先前的不一致",
    428: "缺少版本号",
    429: "请求过于频繁",
    500: "系统出错",
    503: "服务暂不可用",
}


class Refusal(exceptions.APIException):
    """A request that is understood and refused; `field` says which part of it is to blame."""

    status_code: int = status.HTTP_409_CONFLICT
    default_code = "conflict"

    def __init__(self, message: str, *, field: str | None = None, code: str | None = None, **extra: Any) -> None:
        super().__init__(message, code or self.default_code)
        self.field = field
        self.extra = extra


class Conflict(Refusal):
    """The request contradicts what is already recorded (409)."""


class StaleStatus(Refusal):
    """Someone else moved the record on before this request (409)."""

    default_code = "stale_status"


class StaleVersion(Refusal):
    """The version named in If-Match is no longer the current one (412)."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale_version"


class MissingVersion(Refusal):
    """A write without If-Match to a record that several people may change (428)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "missing_version"


class KeyReused(Refusal):
    """An Idempotency-Key that was used for another body (422)."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"


class NotAllowed(Refusal):
    """The log-in's role does not do this (403)."""

    status_code = status.HTTP_403_FORBIDDEN
    default_code = "not_allowed"


class Invalid(Refusal):
    """One field is wrong (400)."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"


class Explained(NamedTuple):
    """What a violated constraint means to a person."""

    field: str | None
    message: str
    status: int


_constraints: dict[str, Explained] = {}


def explain(constraint: str, message: str, *, field: str | None = None, status: int = 409) -> None:
    """Register the words for the PostgreSQL constraint of that name; called next to the model that declares it."""
    _constraints[constraint] = Explained(field, message, status)


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the violated constraint, as PostgreSQL reports it."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


def from_integrity_error(error: IntegrityError) -> Refusal | None:
    """Return the refusal registered for the violated constraint, or None for one nobody explained (a bug)."""
    explained = _constraints.get(constraint_of(error) or "")
    if explained is None:
        return None
    refusal = Conflict(explained.message, field=explained.field, code="constraint")
    refusal.status_code = explained.status
    return refusal


def problem(status_code: int, detail: str, errors: list[dict[str, str]] | None = None, **extra: Any) -> dict[str, Any]:
    """The body of a problem; `errors` holds {field, code, message} items."""
    title = _TITLES.get(status_code, HTTPStatus(status_code).phrase)
    return {
        "type": "about:blank",
        "title": title,
        "status": status_code,
        "detail": detail,
        "errors": errors or [],
        **extra,
    }


def flatten(detail: Any, prefix: str = "") -> list[dict[str, str]]:
    """Turn DRF's nested error detail into a flat list of {field, code, message}."""
    if isinstance(detail, Mapping):
        parts = [
            flatten(value, prefix if key == "non_field_errors" else f"{prefix}.{key}".strip("."))
            for key, value in detail.items()
        ]
        return [item for part in parts for item in part]
    if isinstance(detail, list):
        nested = any(isinstance(value, Mapping | list) for value in detail)
        parts = [
            flatten(value, f"{prefix}.{index}".strip(".") if nested else prefix) for index, value in enumerate(detail)
        ]
        return [item for part in parts for item in part]
    return [{"field": prefix, "code": getattr(detail, "code", "invalid"), "message": str(detail)}]


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal leaves as problem+json; unknown errors stay 500 and are logged."""
    if isinstance(error, IntegrityError):
        error = from_integrity_error(error) or error
    elif isinstance(error, ProtectedError):
        error = Conflict("仍有记录依赖于它，不能删除", code="protected")
    response = drf_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response)
    response.content_type = CONTENT_TYPE
    return response


def _body(error: Exception, response: Response) -> dict[str, Any]:
    code = response.status_code
    if isinstance(error, Refusal):
        message = str(error.detail)
        errors = [{"field": error.field or "", "code": str(error.get_codes()), "message": message}]
        return problem(code, message, errors, **error.extra)
    if isinstance(error, exceptions.ValidationError):
        errors = flatten(error.detail)
        return problem(code, "；".join(dict.fromkeys(item["message"] for item in errors)), errors)
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem(code, "没有这条记录，或它不在您的管理范围内")
    if isinstance(error, exceptions.NotAuthenticated):
        return problem(code, "请先登录后再操作")
    if isinstance(error, exceptions.APIException):
        return problem(code, str(error.detail))
    return problem(code, _TITLES.get(code, ""))
