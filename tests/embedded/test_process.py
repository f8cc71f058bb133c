"""Child processes: none outlives its supervisor."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.embedded.process import MARK, Child, ServiceFailed, end_leftovers, leftovers


def _child(folder: Path, *command: str, ready: Callable[[], bool] = lambda: True, **more: float) -> Child:
    environment = {"PATH": os.environ["PATH"], MARK: str(folder)}
    return Child("tester", command, folder / "tester.log", environment, ready, **more)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def test_a_child_that_ends_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = _child(tmp_path, "sh", "-c", "echo the disk is full; exit 3", ready=lambda: False)
    with pytest.raises(ServiceFailed, match="tester did not come up") as failure:
        child.start()
    assert str(failure.value).endswith("the disk is full\n")


def test_a_child_that_stays_silent_is_given_up_and_ended(tmp_path: Path) -> None:
    child = _child(tmp_path, "sleep", "600", ready=lambda: False, startup=0.2)
    with pytest.raises(ServiceFailed, match="tester did not come up"):
        child.start()
    assert leftovers(tmp_path) == []


def test_stopping_takes_the_grandchildren_along(tmp_path: Path) -> None:
    child = _child(tmp_path, "sh", "-c", "sleep 600 & sleep 601 & trap '' TERM; wait; wait", patience=0.1)
    child.start()
    _until(lambda: len(leftovers(tmp_path)) == 3)
    child.stop()
    _until(lambda: leftovers(tmp_path) == [])
    assert not child.alive()


def test_a_full_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.embedded.process._LOG_LIMIT", 10)
    (tmp_path / "tester.log").write_text("a log of many lines")
    child = _child(tmp_path, "sh", "-c", "echo new")
    child.spawn()
    _until(lambda: not child.alive())
    assert (tmp_path / "tester.log").read_text() == "new\n"
    assert (tmp_path / "tester.log.1").read_text() == "a log of many lines"


SUPERVISOR = """
import sys, pathlib
from tests.embedded.test_process import _child
child = _child(pathlib.Path(sys.argv[1]), "sh", "-c", sys.argv[2])
child.start()
print(child.process.pid, flush=True)
sys.stdin.read()
"""


def _killed_supervisor_of(folder: Path, script: str) -> int:
    """Start a supervisor with one child running `script`, kill it with SIGKILL, return the child's process number."""
    command = [sys.executable, "-c", SUPERVISOR, str(folder), script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        assert pid in leftovers(folder)
        supervisor.kill()
    return pid


def test_a_child_dies_with_its_killed_supervisor(tmp_path: Path) -> None:
    pid = _killed_supervisor_of(tmp_path, "exec sleep 600")
    _until(lambda: pid not in leftovers(tmp_path))


def test_the_next_start_ends_what_a_killed_supervisor_left_and_nothing_else(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    bystander = _child(other, "sleep", "600")
    bystander.start()
    try:
        _killed_supervisor_of(tmp_path, "sleep 600 & wait")  # the kernel kills the shell, the sleeper stays
        _until(lambda: len(leftovers(tmp_path)) == 1)
        assert end_leftovers(tmp_path, grace=0) == 1
        _until(lambda: leftovers(tmp_path) == [])
        assert bystander.alive()
    finally:
        bystander.stop()
