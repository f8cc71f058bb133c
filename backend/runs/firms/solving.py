"""The matcher at national size, in a process of its own: it can be ended at any moment, and its memory goes with it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

SOLVED, INFEASIBLE = 0, 1
_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 0.5  # between two looks at whether the work is still wanted
_KEPT = 20  # last lines of what the solver said


class SolverFailed(RuntimeError):
    """The solver's process ended with neither a proven solution nor a conflict; the message carries what it said."""


def solve(folder: Path, tell: Callable[[str, float], None]) -> int:
    """Solve `folder`/problem into `folder`/solution and verify it from the files; SOLVED or INFEASIBLE.

    `tell(what, seconds)` is called twice a second with what the solver is at; whatever it raises ends the solver.
    Raises SolverFailed.
    """
    began = time.monotonic()
    command = [sys.executable, "-m", "matching", "solve", str(folder / "problem"), "-o", str(folder / "solution")]
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
    if child.returncode == SOLVED or (child.returncode == INFEASIBLE and (folder / "solution/conflict.json").exists()):
        return child.returncode
    raise SolverFailed(f"{child.returncode}: {'；'.join(said[-3:])}")


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
