"""Settings follow the environment, and the safe value is the default."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import pytest

import backend.config
from backend.config.celery import app
from backend.embedded.services import ROOT

SETTINGS = Path(backend.config.__file__).with_name("settings.py")


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    for name in ("DEBUG", "DEMO", "HTTPS", "HSTS_SECONDS", "DATABASE_POOL", "BROKER_URL", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def test_nothing_dangerous_is_on_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    said = load(monkeypatch)
    assert (said["DEBUG"], said["DEMO"]) == (False, False)
    assert said["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert said["SESSION_COOKIE_HTTPONLY"] is True


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_secret_and_database_have_no_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(environ.ImproperlyConfigured, match=name):
        load(monkeypatch)


def test_https_binds_cookies_to_the_host_and_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    said = load(monkeypatch, HTTPS="1")
    assert said["SESSION_COOKIE_NAME"] == "__Host-xieshou_session"
    assert said["CSRF_COOKIE_NAME"] == "__Host-xieshou_csrf"
    assert said["SESSION_COOKIE_SECURE"] is said["CSRF_COOKIE_SECURE"] is True
    assert said["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "SESSION_COOKIE_DOMAIN" not in said  # __Host- cookies have none


def test_hsts_may_be_shortened_for_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, HTTPS="1", HSTS_SECONDS="60")["SECURE_HSTS_SECONDS"] == 60


def test_plain_http_sends_no_hsts(monkeypatch: pytest.MonkeyPatch) -> None:
    said = load(monkeypatch)
    assert said["SECURE_HSTS_SECONDS"] == 0
    assert said["SESSION_COOKIE_SECURE"] is False


def test_pool_is_for_the_web_only(monkeypatch: pytest.MonkeyPatch) -> None:
    pooled = load(monkeypatch, DATABASE_POOL="1")["DATABASES"]["default"]
    assert pooled["OPTIONS"]["pool"]["max_size"] == 8
    assert pooled["CONN_MAX_AGE"] == 0
    assert "pool" not in load(monkeypatch)["DATABASES"]["default"]["OPTIONS"]


def test_socket_folder_of_the_database_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    said = load(monkeypatch, DATABASE_URL="postgresql://xieshou_app@%2Frun%2Fpg/xieshou")
    assert said["DATABASES"]["default"]["HOST"] == "/run/pg"


def test_rabbitmq_gets_quorum_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, BROKER_URL="amqp://u:p@host//")["CELERY_TASK_DEFAULT_QUEUE_TYPE"] == "quorum"
    assert "CELERY_TASK_DEFAULT_QUEUE_TYPE" not in load(monkeypatch, BROKER_URL="redis://host/0")


@pytest.mark.parametrize(("host", "backend"), [("", "filebased"), ("mail.example.gov.cn", "smtp")])
def test_letters_are_files_until_there_is_a_mail_server(
    monkeypatch: pytest.MonkeyPatch, host: str, backend: str
) -> None:
    said = load(monkeypatch, EMAIL_HOST=host)
    assert said["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"


def test_environment_is_read_in_one_place_only() -> None:
    rooms = SETTINGS.parents[1]
    readers = {
        str(path.relative_to(rooms))
        for path in rooms.rglob("*.py")
        if "embedded" not in path.parts and "environ" in path.read_text(encoding="utf-8")
    }
    # The reader of uploads and the solver of firms hand a few variables on to their children and read none.
    others = {"__main__.py", "config/wsgi.py", "config/celery.py", "exchange/reader.py", "runs/firms/solving.py"}
    assert readers - others == {"config/settings.py"}


WORKER = "from backend.config.celery import app; app.loader.import_default_modules(); print(*app.tasks)"


def test_every_task_of_the_timetable_exists() -> None:
    """Asked of a worker of its own: here, other tests have imported what it must find by itself."""
    told = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True, cwd=ROOT)
    timetable = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert timetable == {
        "jobs.sweep", "lifecycle.export_head", "accounts.forget_expired_sessions", "commitments.reconcile",
        "exchange.forget", "inbox.digest",
    }  # fmt: skip
    assert timetable | {"jobs.work_on_next"} <= set(told.stdout.split())
