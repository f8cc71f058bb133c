"""A field nobody knows is refused, not dropped."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework import serializers

from backend.web.api import RequestSerializer


class Inner(RequestSerializer):
    amount = serializers.IntegerField()


class Outer(RequestSerializer):
    title = serializers.CharField()
    inner = Inner(required=False)
    made_at = serializers.DateTimeField(read_only=True)


def errors(data: Any) -> dict[str, Any]:
    body = Outer(data=data)
    assert not body.is_valid()
    return dict(body.errors)


def test_unknown_field_is_named() -> None:
    assert errors({"title": "a", "titel": "b"}) == {"titel": ["没有这个字段，请检查拼写"]}
    assert errors({"title": "a", "titel": "b"})["titel"][0].code == "unknown_field"


def test_unknown_field_of_a_nested_object_is_named() -> None:
    assert errors({"title": "a", "inner": {"amount": 1, "amuont": 2}}) == {
        "inner": {"amuont": ["没有这个字段，请检查拼写"]}
    }


def test_unknown_field_hides_no_other_error() -> None:
    assert set(errors({"titel": "b"})) == {"title", "titel"}


def test_field_that_only_the_platform_sets_is_unknown_to_requests() -> None:
    assert "made_at" in errors({"title": "a", "made_at": "2020-01-01T00:00:00Z"})


@pytest.mark.parametrize("data", [[], "text", 3, None])
def test_body_that_is_no_object_is_refused(data: Any) -> None:
    assert errors(data)


def test_known_fields_pass() -> None:
    body = Outer(data={"title": "a", "inner": {"amount": 1}})
    assert body.is_valid()
