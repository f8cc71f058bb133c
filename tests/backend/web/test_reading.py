"""What one answer asks for again is asked for once, and never longer than that answer takes."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from backend.web.reading import once, reading


def answers(method: str, numbers: Any) -> list[int]:
    told: list[int] = []

    def view(request: Any) -> HttpResponse:
        told.extend(once(key, lambda: next(numbers)) for key in ("a", "b", "a"))
        return HttpResponse()

    reading(view)(RequestFactory().generic(method, "/"))
    return told


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_asked_once_for_each_key_while_one_request_reads(method: str) -> None:
    numbers = count()
    assert answers(method, numbers) == [0, 1, 0]
    assert answers(method, numbers) == [2, 3, 2]  # the next request knows nothing of it


def test_asked_every_time_by_whoever_writes_and_outside_of_requests() -> None:
    numbers = count()
    assert answers("POST", numbers) == [0, 1, 2]
    assert [once("a", lambda: next(numbers)) for _ in range(2)] == [3, 4]
