"""kill -9 of one part, and of everything, on the platform as `make run` starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from backend.embedded.postgres import OWNER, Postgres
from backend.embedded.services import ROOT
from tests.plugins.platform import RunningPlatform, Visitor, send, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def platform() -> Iterator[RunningPlatform]:
    one = RunningPlatform(port=8411, settings={"JOB_LEASE_SECONDS": "3", "JOB_SWEEP_SECONDS": "1"})
    one.start()
    yield one
    one.stop()


@pytest.fixture
def coordinator(platform: RunningPlatform) -> Visitor:
    visitor = Visitor(platform.address)
    visitor.log_in("coordinator")
    return visitor


def _query(platform: RunningPlatform, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the platform's own database; while it is still coming up after a kill, wait for it."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(Postgres(platform.data).url(OWNER)) as owner:
                return owner.execute(statement, values).fetchall()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _request_run(visitor: Visitor) -> int:
    newest = visitor.get("/api/policies")["results"][0]
    return int(visitor.post("/api/runs", {"policy": newest["id"]})["id"])


def _run_killed_in_the_middle(platform: RunningPlatform, visitor: Visitor) -> int:
    """Ask for runs until one is under way while all of the worker is stopped, then kill the worker."""
    for _ in range(5):
        run = _request_run(visitor)
        until(lambda run=run: visitor.get(f"/api/runs/{run}")["job"]["status"] != "QUEUED")  # type: ignore[misc]
        worker = platform.pids("worker@xieshou")
        send(signal.SIGSTOP, worker)
        if visitor.get(f"/api/runs/{run}")["job"]["status"] == "RUNNING":
            send(signal.SIGKILL, worker)
            return run
        send(signal.SIGCONT, worker)
    pytest.fail("every run was over before it could be interrupted")


def test_a_run_whose_worker_was_killed_is_finished_once_and_by_itself(
    platform: RunningPlatform, coordinator: Visitor
) -> None:
    run = _run_killed_in_the_middle(platform, coordinator)
    until(lambda: coordinator.get(f"/api/runs/{run}")["job"]["status"] not in ("QUEUED", "RUNNING"))
    done = coordinator.get(f"/api/runs/{run}")
    assert (done["status"], done["job"]["status"], done["job"]["attempts"]) == ("READY", "SUCCEEDED", 2)
    stored = _query(
        platform,
        "SELECT count(*), count(DISTINCT (helper_id, recipient_id)) FROM runs_suggestion WHERE run_id = %s", run,
    )  # fmt: skip
    listed = coordinator.get(f"/api/runs/{run}/suggestions")["count"]
    assert stored == [(listed, listed)]
    events = _query(
        platform,
        "SELECT to_status, count(*) FROM lifecycle_event WHERE subject_type = 'runs.run' AND subject_id = %s"
        " AND to_status = 'READY' GROUP BY 1", str(run),
    )  # fmt: skip
    assert events == [("READY", 1)]


@pytest.mark.parametrize("part", ["worker@xieshou", "beat@xieshou", "valkey-server", "granian"])
def test_a_killed_part_is_started_again(platform: RunningPlatform, part: str) -> None:
    before = platform.pids(part)
    send(signal.SIGKILL, before)
    until(lambda: bool(set(platform.pids(part)) - set(before)))
    until(lambda: _healthy(platform))


def test_a_killed_database_comes_back_and_people_stay_logged_in(
    platform: RunningPlatform, coordinator: Visitor
) -> None:
    before = platform.pids("bin/postgres")
    send(signal.SIGKILL, before)
    until(lambda: bool(set(platform.pids("bin/postgres")) - set(before)))
    until(lambda: _healthy(platform))
    assert coordinator.get("/api/session")["user"]["username"] == "coordinator"


def _healthy(platform: RunningPlatform) -> bool:
    try:
        health = Visitor(platform.address).get("/api/health")
    except (OSError, AssertionError):
        return False
    return bool(health["status"] == "ok")


def test_a_second_start_says_where_the_first_one_answers(platform: RunningPlatform) -> None:
    command = [sys.executable, "-m", "backend.embedded", "run", "--data", str(platform.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Already running" in done.stdout
    assert platform.address in done.stdout


def test_after_everything_was_killed_it_comes_back_with_all_data(
    platform: RunningPlatform, coordinator: Visitor
) -> None:
    tables = ("runs_run", "runs_suggestion", "lifecycle_event", "lifecycle_eventseal", "accounts_user", "places_area")
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    before = _query(platform, counts)
    platform.kill_everything()
    platform.start()
    assert _query(platform, counts) == before
    assert coordinator.get("/api/session")["user"]["username"] == "coordinator"
    run = _request_run(coordinator)
    until(lambda: coordinator.get(f"/api/runs/{run}")["status"] == "READY")


def test_when_the_supervisor_alone_is_killed_nothing_stays_behind(platform: RunningPlatform) -> None:
    assert platform.supervisor is not None
    platform.supervisor.kill()
    platform.supervisor.wait()
    until(lambda: platform.pids() == [])
    platform.start()
    assert _healthy(platform)
