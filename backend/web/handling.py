"""From an exception in an endpoint to a problem that a person can read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from drf_standardized_errors.formatter import ExceptionFormatter, flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response

from backend.web.problems import (
    CONTENT_TYPE,
    Conflict,
    Invalid,
    Refusal,
    TooLarge,
    Unavailable,
    from_integrity_error,
    problem,
)

SERVER_FAULT = "系统出错，已记录。您刚才的操作没有保存，请稍后再试"
_SHOWN = 5  # a list of a thousand wrong rows does not belong into one sentence; `errors` has them all

_SENTENCES: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "请先登录后再操作",
    exceptions.AuthenticationFailed: "请先登录后再操作",
    exceptions.NotFound: "没有这条记录，或它不在您的管理范围内",
    exceptions.PermissionDenied: "您的账户没有权限进行此操作",
    exceptions.ParseError: "提交的内容不是有效的 JSON",
    exceptions.MethodNotAllowed: "这个地址不支持 {method} 操作",
    exceptions.UnsupportedMediaType: "请以 JSON 格式（application/json）提交",
    exceptions.NotAcceptable: "这个地址只提供 JSON 格式（application/json）",
    exceptions.Throttled: "请求过于频繁，请稍后再试",
}


class Problems(ExceptionHandler):
    """Every refusal, expected or not, leaves as problem+json; what nobody foresaw is a 500 and is logged."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, IntegrityError):
            return _from_integrity(exc)
        if isinstance(exc, DataError):
            return Invalid("内容中有不能保存的字符，或数值超出范围", code="out_of_range")
        if isinstance(exc, OperationalError | InterfaceError):
            return Unavailable("系统暂时繁忙，您的操作没有保存，请稍后重试")
        if isinstance(exc, RequestDataTooBig):
            return TooLarge("提交的内容过大")
        if isinstance(exc, ModelValidationError):
            return exceptions.ValidationError(get_error_detail(exc))
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: exceptions.APIException, data: dict[str, Any]) -> Response:
        response: Response = super().get_response(exc, data)
        response.content_type = CONTENT_TYPE
        return response


def _from_integrity(error: IntegrityError) -> Exception:
    if isinstance(error, ProtectedError | RestrictedError):
        return Conflict("仍有记录依赖于它，不能删除", code="protected")
    return from_integrity_error(error) or error


class ProblemFormatter(ExceptionFormatter):
    """The body of a problem: a sentence, and which field each part of it is about."""

    def run(self) -> dict[str, Any]:
        error = self.exc
        if isinstance(error, Refusal):
            message = str(error.detail)
            errors = [{"field": error.field or "", "code": str(error.get_codes()), "message": message}]
            return problem(error.status_code, message, errors, **error.extra)
        if isinstance(error, exceptions.ValidationError):
            errors = [
                {"field": _field(one.attr), "code": one.code, "message": one.detail}
                for one in flatten_errors(error.detail)
            ]
            said = list(dict.fromkeys(one["message"] for one in errors))
            rest = f"；等 {len(said)} 处" if len(said) > _SHOWN else ""
            return problem(error.status_code, "；".join(said[:_SHOWN]) + rest, errors)
        sentence = next((words for kind, words in _SENTENCES.items() if isinstance(error, kind)), SERVER_FAULT)
        return problem(error.status_code, sentence.format(method=getattr(self.context.get("request"), "method", "")))


def _field(path: str | None) -> str:
    """`non_field_errors` names nobody's field: the error belongs to the object around it."""
    return ".".join(part for part in (path or "").split(".") if part != "non_field_errors")
