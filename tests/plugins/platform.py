"""The whole platform as `make run` starts it, in a folder of its own: for browser journeys and for faults."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

from backend.embedded import services
from backend.embedded.folder import DataFolder
from backend.embedded.postgres import APP, OWNER, Postgres
from backend.embedded.process import leftovers
from backend.embedded.services import ROOT
from tests.plugins.services import copied, digest_of, made_once

START_SECONDS = 240
_FURNISHED = ROOT / "var" / "test-platform"
# What the other tests set for themselves; the platform makes its own.
_OURS = {"DATABASE_URL", "MIGRATION_DATABASE_URL", "BROKER_URL", "DATA_DIR", "SECRET_KEY", "DEMO", "PYTHONPATH"}


@dataclass
class RunningPlatform:
    """One data folder and the supervisor that works in it; `settings` are added to its environment."""

    port: int
    settings: dict[str, str] = field(default_factory=dict)
    supervisor: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.address = ""
        self.data = Path(tempfile.mkdtemp(prefix="xieshou-test-platform-")).resolve()
        self.data.chmod(0o755)  # as root, the database runs as another account and must get in

    def start(self) -> str:
        """Bring it up, with all that its first start loads, and return its address."""
        if not any(self.data.iterdir()):
            _furnish(self.data, self.port)
        return self._bring_up()

    def _bring_up(self) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in _OURS} | self.settings
        command = [sys.executable, "-m", "backend.embedded", "run", "--data", str(self.data), "--port", str(self.port)]
        with (self.data / "supervisor.log").open("ab") as log:
            self.supervisor = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until(lambda: bool(self._told()) or self.supervisor is None or self.supervisor.poll() is not None)
        if not self._told():
            raise RuntimeError(f"the platform did not come up:\n{(self.data / 'supervisor.log').read_text()}")
        self.address = str(self._told()["address"])
        return self.address

    def _told(self) -> dict[str, Any]:
        note = self.data / "running.json"
        facts: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
        running = self.supervisor is not None and facts.get("pid") == self.supervisor.pid
        return facts if running and "address" in facts else {}

    def pids(self, word: str = "") -> list[int]:
        """Processes of the platform whose command contains `word`, the supervisor itself left out."""
        return [pid for pid in leftovers(self.data) if word in _command(pid)]

    def command(self, *words: str) -> None:
        """Run a management command beside what is running."""
        postgres, secret = Postgres(self.data), DataFolder(self.data).secret()
        urls = {"database_url": postgres.url(APP), "owner_url": postgres.url(OWNER), "broker_url": "memory://"}
        services.prepare(services.Platform(base=self.data, secret=secret, demo=True, **urls), *words)

    def processor_seconds(self) -> float:
        """What all processes of the platform have spent so far, those that have ended included."""
        parents, ticks = {}, {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                parents[int(stat.parent.name)], ticks[int(stat.parent.name)] = (
                    int(fields[1]),
                    sum(map(int, fields[11:15])),
                )
        mine = set(self.pids())  # those that have overwritten their environment are found by their parents
        while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
            mine |= more
        return sum(ticks.get(pid, 0) for pid in mine) / os.sysconf("SC_CLK_TCK")

    def kill_everything(self) -> None:
        """End every process by force; a part may be starting another at that very moment, so look again."""
        assert self.supervisor is not None
        self.supervisor.kill()
        self.supervisor.wait()
        while left := self.pids():
            send(signal.SIGKILL, left)
            time.sleep(0.05)

    def stop(self) -> None:
        """End it as Ctrl-C does, and throw its folder away."""
        self._end()
        shutil.rmtree(self.data)

    def _end(self) -> None:
        if self.supervisor is not None and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
            self.supervisor.wait(120)


def _furnish(data: Path, port: int) -> None:
    """Put the folder of a platform that has had its first start into `data`.

    Loading takes half a minute of both processors and several tests want a platform of their own: it is done once for a
    state of the sources, on this port, and copied from then on.
    """

    def make(partial: Path) -> None:
        first = RunningPlatform(port)
        first._bring_up()
        first._end()
        (first.data / "supervisor.log").unlink()
        copied(first.data, partial)
        shutil.rmtree(first.data)

    sources = [*(ROOT / "backend").rglob("*"), ROOT / "requirements.lock"]
    state = digest_of(one for one in sources if one.is_file() and one.suffix != ".pyc")
    with made_once(_FURNISHED, state, make) as kept:
        for part in kept.iterdir():
            copied(part, data / part.name)


class Visitor:
    """A browser without a screen: keeps its cookies, sends the token with every write."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies), ProxyHandler({}))

    def get(self, path: str) -> Any:
        return self._send(Request(self.address + path))

    def take(self, path: str) -> bytes:
        """What a link hands out as a file."""
        return self._answer(Request(self.address + path))

    def post(self, path: str, body: dict[str, Any], *, version: int | None = None) -> Any:
        """Send a body; `version` is the one that was seen, where the write asks for it."""
        seen = {} if version is None else {"If-Match": f'"{version}"'}
        return self._write(path, json.dumps(body).encode(), {"Content-Type": "application/json", **seen})

    def upload(self, path: str, fields: dict[str, str], name: str, content: bytes) -> Any:
        """Send a form with one file."""
        edge = secrets.token_hex(16)
        head = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self._write(path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def log_in(self, username: str) -> None:
        self.post("/api/session", {"username": username, "password": "xieshou-demo"})

    def delete(self, path: str) -> Any:
        return self._write(path, None, {}, "DELETE")

    def _write(self, path: str, body: bytes | None, headers: dict[str, str], method: str = "POST") -> Any:
        headers = {"X-CSRFToken": self.get("/api/session")["csrf_token"], **headers}
        return self._send(Request(self.address + path, data=body, headers=headers, method=method))

    def _send(self, request: Request) -> Any:
        return json.loads(self._answer(request) or "null")

    def _answer(self, request: Request) -> bytes:
        try:
            with self._opener.open(request, timeout=30) as response:
                return bytes(response.read())
        except HTTPError as error:
            raise AssertionError(f"{request.full_url}: {error.code} {error.read().decode()}") from error


def send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def until(condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    """Wait for something that must come true; the limit is generous, it only keeps a failing test from hanging."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
