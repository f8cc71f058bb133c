"""ETags: a write proves what its author saw, a poll costs nothing while nothing changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory

from backend.web.api import conditional, expected_version, require_version, versioned
from backend.web.middleware import entity_tags
from backend.web.problems import Invalid, MissingVersion, StaleVersion

ROW: Any = SimpleNamespace(version=7)


def request(header: str | None = None) -> Request:
    headers = {"if-match": header} if header is not None else {}
    return Request(APIRequestFactory().post("/api/x", headers=headers))


def test_answer_carries_the_version_of_its_row() -> None:
    assert versioned({}, ROW, 201).headers["ETag"] == '"7"'


@pytest.mark.parametrize("header", ['"7"', "7", 'W/"7"', '"7-0123456789abcdef"', ' "7" '])
def test_version_is_read_from_every_form_an_etag_comes_back_in(header: str) -> None:
    assert expected_version(request(header)) == 7
    require_version(request(header), ROW)


@pytest.mark.parametrize("header", ["", "*", '"seven"', '"-7"', '"7", "8"', '"7-xyz"', '"' + "9" * 30 + '"', '"７"'])
def test_version_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(Invalid, match="版本号应为整数"):
        expected_version(request(header))


def test_write_without_a_version_is_refused_before_anything_happens() -> None:
    done: list[int] = []

    @conditional
    def write(view: Any, request: Request) -> Response:
        done.append(1)
        return Response()

    with pytest.raises(MissingVersion) as refusal:
        write(None, request())
    assert refusal.value.status_code == 428
    assert done == []
    write(None, request('"1"'))
    assert done == [1]


def test_stale_version_says_both_versions() -> None:
    with pytest.raises(StaleVersion, match="您看到的是第 6 版，现在是第 7 版") as refusal:
        require_version(request('"6"'), ROW)
    assert refusal.value.status_code == 412
    assert refusal.value.extra == {"current_version": 7}


# --- polling ---------------------------------------------------------------------------------------------------


def poll(content: str, *, version: str = "", seen: str = "", status: int = 200, path: str = "/api/runs/1") -> Any:
    def view(request: Any) -> HttpResponse:
        return HttpResponse(content, status=status, headers={"ETag": version} if version else {})

    headers = {"if-none-match": seen} if seen else {}
    return entity_tags(view)(RequestFactory().get(path, headers=headers))


def test_poll_is_empty_while_nothing_changed() -> None:
    first = poll("50 %", version='"3"')
    again = poll("50 %", version='"3"', seen=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_poll_is_full_when_only_the_job_went_on() -> None:
    first = poll("50 %", version='"3"')
    assert first.headers["ETag"].startswith('"3-')
    assert poll("60 %", version='"3"', seen=first.headers["ETag"]).status_code == 200


def test_tag_of_a_poll_is_good_for_a_write() -> None:
    assert expected_version(request(poll("50 %", version='"3"').headers["ETag"])) == 3


def test_tag_of_a_list_is_no_version() -> None:
    with pytest.raises(Invalid):
        expected_version(request(poll("[]").headers["ETag"]))


def test_refusal_is_not_tagged() -> None:
    assert "ETag" not in poll("{}", status=404).headers


def test_answers_of_the_api_are_kept_out_of_shared_caches() -> None:
    response = poll("{}")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Cookie"


def test_pages_are_left_alone() -> None:
    assert "ETag" not in poll("<html>", path="/runs/1").headers


@pytest.mark.django_db
def test_list_answers_304_end_to_end() -> None:
    client = APIClient()
    tag = client.get("/api/areas")["ETag"]
    assert client.get("/api/areas", HTTP_IF_NONE_MATCH=tag).status_code == 304
