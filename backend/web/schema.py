"""The OpenAPI schema: every endpoint says that it may answer with a problem."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from backend.web.filters import EXPORT


class FieldProblemSerializer(serializers.Serializer[Any]):
    """Which field, and why."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True)  # type: ignore[assignment]


class BrowserSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped metaclass
    """The session cookie."""

    target_class = "backend.web.authentication.BrowserSession"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="所见内容的 ETag；已被他人修改时答 412"
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="本次提交的唯一编号，8 至 100 位，重试时不变：无论发送多少次，只生效一次",
)


_EXPORT = OpenApiParameter(
    EXPORT, str, OpenApiParameter.QUERY, enum=["xlsx", "csv"], description="将整个列表（不分页）作为文件下载"
)


class ProblemSchema(AutoSchema):
    """Adds to each operation the problem it may answer with and the headers its decorators ask for."""

    def get_override_parameters(self) -> list[Any]:
        handler = getattr(self.view, self.method.lower(), None)
        asked = [_IF_MATCH] * hasattr(handler, "needs_version") + [_KEY] * hasattr(handler, "needs_key")
        if self.method == "GET" and hasattr(self.view, "export_columns"):
            asked.append(_EXPORT)
        return [*super().get_override_parameters(), *asked]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            component = self.resolve_serializer(ProblemSerializer, direction)
            bodies["default"] = {
                "description": "problem",
                "content": {"application/problem+json": {"schema": component.ref}},
            }
        return bodies
