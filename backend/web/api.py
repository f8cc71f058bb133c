"""Building blocks of endpoints: strict serializers, versions in ETags, idempotent writes."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.web.models import IdempotencyKey
from backend.web.problems import Invalid, KeyReused, MissingVersion, StaleVersion


class Strict:
    """Mixin for serializers of requests: a field nobody knows is refused, not dropped."""

    def to_internal_value(self, data: Any) -> Any:
        known = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
        unknown = sorted(set(data) - known) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "没有这个字段，请检查拼写"), code="unknown_field")
        return super().to_internal_value(data)  # type: ignore[misc]


class RequestSerializer(Strict, serializers.Serializer[Any]):
    """The body of a write."""


def etag(version: int) -> str:
    return f'"{version}"'


def versioned(data: Any, row: Any, status: int = 200) -> Response:
    """A response that carries the row's version as its ETag."""
    return Response(data, status=status, headers={"ETag": etag(row.version)})


def expected_version(request: Request) -> int:
    """The version the client saw, from If-Match. Raises MissingVersion (428) or Invalid (400)."""
    header = request.headers.get("If-Match")
    if header is None:
        raise MissingVersion("请带上所见内容的版本号（If-Match），以免覆盖他人的修改", field="If-Match")
    try:
        return int(header.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise Invalid(f"版本号应为整数，收到的是“{header}”", field="If-Match") from None


def require_version(request: Request, row: Model) -> None:
    """Refuse (412) when the row has moved on since the client read it. The caller holds the row's lock."""
    seen, current = expected_version(request), row.version  # type: ignore[attr-defined]
    if seen != current:
        raise StaleVersion(
            f"这条记录已被他人修改（您看到的是第 {seen} 版，现在是第 {current} 版），请刷新后再试",
            field="If-Match",
            current_version=current,
        )


Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Let a POST have one effect per `Idempotency-Key`, however often and in parallel it is sent.

    The key is inserted first, in the transaction of the effect: a parallel twin waits on the unique index, then finds
    the stored answer. A refused request rolls back and leaves the key free.
    """

    @functools.wraps(handler)
    def wrapper(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not 8 <= len(key) <= 100:
            raise Invalid("请为本次提交生成一个 8 至 100 位的唯一编号，防止重复记账", field="Idempotency-Key")
        body = hashlib.sha256(request.body).hexdigest()
        user_id = int(request.user.pk or 0)  # the endpoint requires a log-in
        with transaction.atomic():
            mine = IdempotencyKey(user_id=user_id, key=key, route=request.path, body_sha256=body)
            IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
            row = IdempotencyKey.objects.select_for_update(no_key=True).get(user_id=user_id, key=key)
            if row.status_code is not None:
                if (row.route, row.body_sha256) != (request.path, body):
                    raise KeyReused("这个编号已用于另一笔内容不同的提交", field="Idempotency-Key")
                return Response(row.response, status=row.status_code, headers={"Idempotent-Replay": "true"})
            response = handler(self, request, *args, **kwargs)
            row.status_code, row.response = response.status_code, _plain(response.data)
            row.save(update_fields=["status_code", "response"])
            return response

    return wrapper


def _plain(data: Any) -> Any:
    """What JSONRenderer would send, as plain data, so that a replay is the same to the letter."""
    return json.loads(JSONRenderer().render(data))
