"""The OpenAPI schema: every endpoint says that it may answer with a problem."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


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


class ProblemSchema(AutoSchema):
    """Adds the problem response to each operation."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            component = self.resolve_serializer(ProblemSerializer, direction)
            bodies["default"] = {
                "description": "problem",
                "content": {"application/problem+json": {"schema": component.ref}},
            }
        return bodies
