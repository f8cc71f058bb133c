"""The OpenAPI schema, from which the browser's types are made, is complete and says each thing once."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = ("get", "post", "put", "patch", "delete")


def make() -> dict[str, Any]:
    generator: Any = SchemaGenerator  # without types
    made: dict[str, Any] = generator().get_schema(request=None, public=True)
    return made


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    reset: Any = GENERATOR_STATS.reset
    reset()
    return make()


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_schema_is_made_without_a_warning(schema: dict[str, Any]) -> None:
    assert not GENERATOR_STATS, str(GENERATOR_STATS)


def test_schema_is_valid(schema: dict[str, Any]) -> None:
    check: Any = validate_schema  # without types
    check(schema)


def test_schema_needs_no_database(schema: dict[str, Any]) -> None:
    """It is made where there is none: while the image is built."""

    def refuse(*_: Any) -> None:
        raise AssertionError("the schema asked the database")

    with connection.execute_wrapper(refuse):
        make()


def test_every_operation_has_a_name_of_its_own(schema: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _, _, operation in operations(schema))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_operation_says_that_it_may_answer_with_a_problem(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        assert "application/problem+json" in operation["responses"]["default"]["content"], f"{method} {path}"


def test_every_operation_has_a_typed_answer(schema: dict[str, Any]) -> None:
    """An answer that the schema cannot describe leaves the browser guessing."""
    for path, method, operation in operations(schema):
        said = [code for code in operation["responses"] if code != "default"]
        assert said, f"{method} {path}"
        for code in said:
            assert code == "204" or operation["responses"][code].get("content"), f"{method} {path} {code}"


def test_enums_have_names_and_not_hashes(schema: dict[str, Any]) -> None:
    hashed = [name for name in schema["components"]["schemas"] if re.search(r"[0-9a-f]{3}Enum$", name)]
    assert hashed == []


def test_money_is_a_string(schema: dict[str, Any]) -> None:
    for name, component in schema["components"]["schemas"].items():
        for field, described in component.get("properties", {}).items():
            if field.endswith("_yuan"):
                assert described.get("type") == "string", f"{name}.{field}"


def test_writes_that_need_a_header_say_so(schema: dict[str, Any]) -> None:
    asked = {
        (path, parameter["name"])
        for path, _, operation in operations(schema)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header" and parameter["required"]
    }
    assert ("/api/commitments", "Idempotency-Key") in asked
    assert ("/api/pairings/{id}/acknowledgement", "If-Match") in asked
