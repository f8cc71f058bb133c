"""The matcher at national size, in a process of its own: it can be ended at any moment, and its memory goes with it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from backend.jobs.lease import Lease

SOLVED, INFEASIBLE = 0, 1
_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 0.5  # between two looks at whether the work is still wanted
_KEPT = 20  # last lines of what the solver said


class SolverFailed(RuntimeError):
    """The solver's process ended with neither a proven solution nor a conflict; the message carries what it said."""


class Told:
    """How long the matcher has been at it, every other second: never silent, ended at once when no longer wanted."""

    def __init__(self, lease: Lease) -> None:
        self.lease, self.told_at = lease, -2.0

    def __call__(self, said: str, seconds: float) -> None:
        if seconds - self.told_at < 2:
            self.lease.check()
            return
        self.told_at = seconds
        stage, progress = self.at(said, seconds)
        self.lease.stage(stage, progress, f"已用 {seconds:.0f} 秒")

    def at(self, said: str, seconds: float) -> tuple[str, int]:
        """The stage that the matcher is in by what it said last, and the progress in thousandths."""
        raise NotImplementedError


def solve(folder: Path, tell: Callable[[str, float], None]) -> int:
    """Solve `folder`/problem into `folder`/solution and verify it from the files; SOLVED or INFEASIBLE.

    `tell(what, seconds)` is called twice a second with what the solver is at; whatever it raises ends the solver.
    Raises SolverFailed.
    """
    ended, said = _run(["solve", str(folder / "problem"), "-o", str(folder / "solution")], tell)
    if ended == SOLVED or (ended == INFEASIBLE and (folder / "solution/conflict.json").exists()):
        return ended
    raise SolverFailed(f"{ended}: {'；'.join(said[-3:])}")


def fairest(folder: Path, tell: Callable[[str, float], None]) -> dict[str, Any]:
    """The fairest choice beside the solution of a folder, as `matching.fair_all.beside` tells it. As `solve`."""
    with tempfile.TemporaryDirectory() as out:
        told = Path(out) / "fair.json"
        ended, said = _run(["fair", str(folder / "problem"), str(folder / "solution"), "-o", str(told)], tell)
        if ended != SOLVED:
            raise SolverFailed(f"{ended}: {'；'.join(said[-3:])}")
        found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return found


def _run(arguments: list[str], tell: Callable[[str, float], None]) -> tuple[int, list[str]]:
    """The exit status of a command of the matcher, and the last lines that it said."""
    began = time.monotonic()
    command = [sys.executable, "-m", "matching", *arguments]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(settings.BASE_DIR)}
    child = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=_die_with_parent(), start_new_session=True,
    )  # fmt: skip
    said: list[str] = []
    reader = threading.Thread(target=_listen, args=(child, said), daemon=True)
    reader.start()
    try:
        while child.poll() is None:
            tell(said[-1] if said else "", time.monotonic() - began)
            try:
                child.wait(_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    finally:
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            child.wait()
        reader.join()
    return child.returncode, said


def _listen(child: subprocess.Popen[str], said: list[str]) -> None:
    for line in child.stdout or ():
        if line := line.strip():
            said.append(line)
            del said[:-_KEPT]


def _die_with_parent() -> Callable[[], None]:
    """What lets the kernel end the child when this process is gone, however it went (Linux; nothing elsewhere)."""
    parent = os.getpid()
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return lambda: None

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm
