"""Addresses that belong to no room, and the headers of every answer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from backend.web import services

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_background", None)


@pytest.fixture
def built(settings: Any, tmp_path: Path) -> Path:
    settings.FRONTEND_DIR = tmp_path
    (tmp_path / "index.html").write_text("<title>携手</title>", encoding="utf-8")
    return tmp_path


# --- health ----------------------------------------------------------------------------------------------------


def state(monkeypatch: pytest.MonkeyPatch, *, broker: bool, worker: bool) -> None:
    monkeypatch.setattr(services, "_broker", lambda: broker)
    monkeypatch.setattr(services, "_worker", lambda: worker)


def test_health_is_ok_when_everything_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    state(monkeypatch, broker=True, worker=True)
    response = client.get("/api/health")
    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": True, "broker": True, "worker": True},
    )


@pytest.mark.parametrize(("broker", "worker"), [(False, False), (True, False)])
def test_health_is_degraded_without_broker_or_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch, broker: bool, worker: bool
) -> None:
    state(monkeypatch, broker=broker, worker=worker)
    response = client.get("/api/health")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_health_is_503_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("the server closed the connection")

    state(monkeypatch, broker=True, worker=True)
    monkeypatch.setattr(services, "connection", Gone())
    response = client.get("/api/health")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")


def test_worker_is_not_asked_again_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter([True])
    monkeypatch.setattr(services, "_broker", lambda: True)
    monkeypatch.setattr(services, "_worker", lambda: next(asked))  # a second question would end the test
    assert {client.get("/api/health").json()["worker"] for _ in range(5)} == {True}


def test_broker_that_is_down_is_said_to_be_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(services.current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    assert services._broker() is False


# --- the single-page application -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/runs/3", "/pairings?status=AGREED", "/apiary"])
def test_every_page_is_the_application(client: Client, built: Path, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert b"".join(response.streaming_content).decode() == "<title>携手</title>"


def test_file_that_is_not_there_is_not_answered_with_a_page(client: Client, built: Path) -> None:
    response = client.get("/assets/gone-1a2b.js")
    assert (response.status_code, response.json()["detail"]) == (404, "没有这个文件：/assets/gone-1a2b.js")


def test_interface_that_is_not_built_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.FRONTEND_DIR = tmp_path / "none"
    assert client.get("/").status_code == 503


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/areas/", "/api/runs/abc"])
def test_unknown_endpoint_is_a_problem(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["detail"] == f"没有这个接口：{path}"


def test_unknown_endpoint_is_a_problem_for_writes_too(client: Client) -> None:
    assert client.post("/api/nothing").status_code == 404


def test_foreign_host_is_refused_as_a_problem(client: Client) -> None:
    response = client.get("/api/health", headers={"host": "evil.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


# --- headers and log -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/nothing", "/admin/login/"])
def test_every_answer_forbids_foreign_scripts_and_frames(client: Client, built: Path, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_request_keeps_the_id_its_proxy_gave_it(client: Client) -> None:
    assert client.get("/api/nothing", headers={"x-request-id": "proxy-0001"})["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("offered", ["", "short", "x" * 65, "with space 1", "a;b-0123456789"])
def test_request_gets_an_id_of_ours_when_the_offered_one_is_none(client: Client, offered: str) -> None:
    given = client.get("/api/nothing", headers={"x-request-id": offered})["X-Request-ID"]
    assert given != offered
    assert len(given) == 32


def test_request_log_tells_what_was_asked_and_how_it_went(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="xieshou.request"):
        client.get("/api/nothing?q=1\n2", headers={"x-request-id": "proxy-0002"})
    line = caplog.records[-1].getMessage()
    assert line.startswith("GET /api/nothing?q=1")
    assert " 404 " in line
    assert "\n" not in line
