"""Starting and ending child processes so that none outlives its supervisor."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.embedded.account import Account

# Marks every process of one data folder, so that the next start finds what a `kill -9` left behind.
MARK = "XIESHOU_SUPERVISED_IN"

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10_000_000


class ServiceFailed(RuntimeError):
    """A service did not start or did not come up in time; the message ends with the end of its log."""


def die_with_parent(signal_name: str, parent: int | None = None) -> Callable[[], None]:
    """Return a `preexec_fn` after which the kernel sends `signal_name` when the parent is gone, however it went.

    `parent` is the process number of whoever calls this, unless it is called in the child itself. Linux only;
    elsewhere it does nothing.
    """
    number = signal.Signals[signal_name]
    parent = parent or os.getpid()
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


@dataclass
class Child:
    """One process in a session of its own, its log, and how it is asked to end.

    `ready` is the probe of readiness, `startup` and `patience` are the seconds it may take to come up and to end;
    `at_parent_death` is what the kernel sends it when the supervisor vanishes.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str]
    ready: Callable[[], bool]
    startup: float = 60
    stop_signal: str = "SIGTERM"
    patience: float = 10
    at_parent_death: str = "SIGKILL"
    account: Account | None = None
    folder: Path = Path("/")
    process: subprocess.Popen[bytes] | None = None
    _log_start: int = field(default=0, repr=False)

    def spawn(self) -> None:
        """Start the process; it inherits nothing but its environment, its account and its log."""
        self._open_log()
        as_account = {} if self.account is None else {"user": self.account.uid, "group": self.account.gid}
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603
                self.command,
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(self.at_parent_death),
                extra_groups=None if self.account is None else [],
                **as_account,
            )

    def start(self) -> None:
        """Spawn it and see it up. Raises ServiceFailed."""
        self.spawn()
        self.settle()

    def settle(self) -> None:
        """Wait until it is ready. Raises ServiceFailed when it ends or stays silent for too long."""
        if not self.wait():
            self.fail(f"{self.name} did not come up")

    def wait(self) -> bool:
        """Whether the process becomes ready before it ends and before its time to come up has passed."""
        deadline = time.monotonic() + self.startup
        while self.alive() and time.monotonic() < deadline:
            if self.ready():
                return True
            time.sleep(0.05)
        return False

    def fail(self, reason: str) -> None:
        """Stop what there is and raise ServiceFailed with the end of the log."""
        self.stop()
        raise ServiceFailed(f"{reason}; {self.log} ends:\n{self.log_tail()}")

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, patience: float | None = None) -> None:
        """Ask it to end, wait, then kill its whole session: no grandchild stays behind."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.Signals[self.stop_signal])
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience if patience is None else patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def log_tail(self) -> str:
        return self.log.read_bytes()[self._log_start :].decode(errors="replace")[-2000:]

    def _open_log(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch()


def leftovers(mark: Path) -> list[int]:
    """Processes that a vanished supervisor of the data folder `mark` left behind (Linux; elsewhere none are found)."""
    wanted = f"{MARK}={mark}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
        except OSError:  # gone meanwhile, or somebody else's
            continue
        if wanted in environment and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def end_leftovers(mark: Path, grace: float = 5) -> int:
    """Wait `grace` seconds for left-over processes to go by themselves, then kill them; return how many were killed.

    Only to be called by the holder of the data folder's lock.
    """
    deadline = time.monotonic() + grace
    while (found := leftovers(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)
