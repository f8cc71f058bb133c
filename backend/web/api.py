"""Building blocks of endpoints: strict serializers, versions in ETags, idempotent writes."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from backend.web.models import IdempotencyKey
from backend.web.problems import Invalid, KeyReused, MissingVersion, StaleVersion
from backend.web.rendering import Json


class Strict:
    """Mixin for serializers of requests: a field nobody knows is refused, not dropped."""

    def to_internal_value(self, data: Any) -> Any:
        known = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
        unknown = sorted(set(data) - known) if isinstance(data, dict) else []
        if not unknown:
            return super().to_internal_value(data)  # type: ignore[misc]
        errors: dict[str, Any] = {name: [ErrorDetail("没有这个字段，请检查拼写", "unknown_field")] for name in unknown}
        try:
            super().to_internal_value(data)  # type: ignore[misc]
        except serializers.ValidationError as others:
            errors |= others.detail  # type: ignore[arg-type]  # a mapping, since the data is one
        raise serializers.ValidationError(errors)


class Label(serializers.CharField):
    """What a choice is called: `Label(source="get_status_display")`.

    A plain field asks `inspect` for the signature of the method, at every row, and the method makes a dictionary of all
    choices: a third of the time that a page of rows takes to be written. Here the dictionary is made once.
    """

    def __init__(self, *, source: str, **kwargs: Any) -> None:
        super().__init__(source=source, read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> str:
        *path, method = self.source_attrs
        for name in path:
            instance = getattr(instance, name)
        field, labels = _labels(instance.__class__, method)  # a log-in may be lazy, of another type
        value = getattr(instance, field)
        label: str = labels.get(value, value)
        return label


@functools.cache
def _labels(model: type[Model], method: str) -> tuple[str, dict[Any, str]]:
    """The column that the method `get_<field>_display` of a model tells of, and what each of its values is called."""
    field = model._meta.get_field(method.removeprefix("get_").removesuffix("_display"))
    return field.attname, dict(field.flatchoices)  # type: ignore[union-attr]


class RequestSerializer(Strict, serializers.Serializer[Any]):
    """The body of a write."""


def body_of(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What a write says, checked. Raises ValidationError."""
    body = serializer(data=request.data, context={"request": request})
    body.is_valid(raise_exception=True)
    said: dict[str, Any] = body.validated_data
    return said


def versioned(data: Any, row: Any, status: int = 200) -> Response:
    """A response that carries the row's version as its ETag."""
    return Response(data, status=status, headers={"ETag": f'"{row.version}"'})


# `"7"`, or `"7-<digest>"` as answers to GET carry it (see `middleware.entity_tags`); proxies that compress add W/.
_ETAG = re.compile(r'(?:W/)?"?([0-9]{1,18})(?:-[0-9a-f]{16})?"?')


def expected_version(request: Request) -> int:
    """The version the client saw, from If-Match. Raises MissingVersion (428) or Invalid (400)."""
    header = request.headers.get("If-Match")
    if header is None:
        raise MissingVersion("请带上所见内容的版本号（If-Match），以免覆盖他人的修改", field="If-Match")
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise Invalid(f"版本号应为整数，收到的是“{header}”", field="If-Match")
    return int(found[1])


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


def conditional(handler: Handler) -> Handler:
    """Mark a write that needs If-Match: it is refused before anything else without one, and the schema says so.

    The handler itself compares, with `require_version`, once it holds the row's lock.
    """

    @functools.wraps(handler)
    def wrapper(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        expected_version(request)
        return handler(self, request, *args, **kwargs)

    wrapper.needs_version = True  # type: ignore[attr-defined]
    return wrapper


_KEY = re.compile(r"[\x21-\x7e]{8,100}")
_KEPT_HEADERS = ("ETag", "Location")


def idempotent(handler: Handler) -> Handler:
    """Let a POST have one effect per `Idempotency-Key`, however often and in parallel it is sent.

    The key is inserted first, in the transaction of the effect: a parallel twin waits on the unique index, then finds
    the stored answer. A refused request rolls back and leaves the key free.
    """

    @functools.wraps(handler)
    def wrapper(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise Invalid("请为本次提交生成一个 8 至 100 位的唯一编号，防止重复记账", field="Idempotency-Key")
        if request.user.pk is None:
            raise NotAuthenticated
        sent = {"route": request.path, "body_sha256": hashlib.sha256(request.body).hexdigest()}
        with transaction.atomic():
            mine = IdempotencyKey(user_id=request.user.pk, key=key, **sent)
            IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
            row = IdempotencyKey.objects.select_for_update(no_key=True).get(user_id=request.user.pk, key=key)
            if row.status_code is not None:
                return _replay(row, sent)
            response = handler(self, request, *args, **kwargs)
            row.status_code, row.response = response.status_code, _written(response.data)
            row.headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
            row.save(update_fields=["status_code", "response", "headers"])
            return response

    wrapper.needs_key = True  # type: ignore[attr-defined]
    return wrapper


def _replay(row: IdempotencyKey, sent: dict[str, str]) -> Response:
    if {"route": row.route, "body_sha256": row.body_sha256} != sent:
        raise KeyReused("这个编号已用于另一笔内容不同的提交", field="Idempotency-Key")
    first = json.loads(row.response or "null")
    return Response(first, status=row.status_code, headers={**row.headers, "Idempotent-Replay": "true"})


def _written(data: Any) -> str:
    """What Json sends, so that a replay is the same to the letter."""
    return (Json().render(data) or b"null").decode()
