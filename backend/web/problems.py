"""Refusals as RFC 9457 problem+json, in Chinese, each naming the field it is about.

A rule that PostgreSQL enforces reaches the client with the same words as one checked in Python: rooms register the
names of their constraints with `explain`.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, NamedTuple

from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint
from rest_framework import exceptions, status

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
    413: "提交的内容过大",
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


class TooLarge(Refusal):
    """A body beyond the limit (413)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class Unavailable(Refusal):
    """The platform cannot do it just now, and the same request may succeed in a moment (503)."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    wait = 2  # seconds, sent as Retry-After


class Explained(NamedTuple):
    """What a violated constraint means to a person."""

    field: str | None
    message: str
    status: int


_constraints: dict[str, Explained] = {}

# What PostgreSQL refuses under a name that nobody explained: by the class of the violation (SQLSTATE).
_UNEXPLAINED = {
    "23502": Explained(None, "缺少必填的内容", 400),
    "23503": Explained(None, "所指的记录不存在，或仍有记录依赖于它", 409),
    "23505": Explained(None, "已有相同的记录，不能重复", 409),
    "23514": Explained(None, "提交的内容不符合规定", 400),
    "23P01": Explained(None, "与已有记录在时间或范围上重叠", 409),
}


def explain(constraint: str, message: str, *, field: str | None = None, status: int = 409) -> None:
    """Register the words for the PostgreSQL constraint of that name; called next to the model that declares it."""
    _constraints[constraint] = Explained(field, message, status)


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the violated constraint, as PostgreSQL reports it."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


def from_integrity_error(error: IntegrityError) -> Refusal | None:
    """Return the refusal for a violated constraint, or None when the error names neither a constraint nor a class.

    In order: the words registered with `explain`, those of the model's constraint itself, those of the violation's
    class with the column that PostgreSQL names.
    """
    name = constraint_of(error) or ""
    explained = _constraints.get(name) or _said_by_model(name) or _said_by_class(error)
    if explained is None:
        return None
    refusal = Conflict(explained.message, field=explained.field, code="constraint")
    refusal.status_code = explained.status
    return refusal


def _said_by_model(name: str) -> Explained | None:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            said = constraint.violation_error_message
            if constraint.name == name and said and said != constraint.default_violation_error_message:
                return Explained(None, str(said), 400 if isinstance(constraint, CheckConstraint) else 409)
    return None


def _said_by_class(error: IntegrityError) -> Explained | None:
    cause = error.__cause__
    explained = _UNEXPLAINED.get(getattr(cause, "sqlstate", None) or "")
    if explained is None:
        return None
    diagnostics = getattr(cause, "diag", None)
    column = getattr(diagnostics, "column_name", None)
    key = re.match(r"Key \(([a-z_]+)\)=", getattr(diagnostics, "message_detail", None) or "")
    return explained._replace(field=column or (key[1].removesuffix("_id") if key else None))


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
