"""Starting and ending child processes so that none outlives its supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(signal_name: str) -> Callable[[], None]:
    """Return a `preexec_fn` after which the kernel sends `signal_name` when the supervisor is gone, however it went.

    Linux only; elsewhere it does nothing, and the next start finds and ends what was left.
    """
    number = signal.Signals[signal_name]
    parent = os.getpid()
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        prctl = libc.prctl
    except (OSError, AttributeError):
        return lambda: None

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # the supervisor died between fork and prctl
            os.kill(os.getpid(), number)

    return arm


def stop(process: subprocess.Popen[bytes], *, first: str, patience: float) -> None:
    """Ask with signal `first`, wait `patience` seconds, then kill the whole session of the process."""
    if process.poll() is None:
        process.send_signal(signal.Signals[first])
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
