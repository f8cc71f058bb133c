"""The platform's own processes: preparation, worker, beat and web, and how each shows that it is ready."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from celery import Celery
from kombu.exceptions import KombuError

from backend.embedded.process import MARK, Child, ServiceFailed

ROOT = Path(__file__).resolve().parents[2]

_WORKER = "worker@xieshou"
_BEAT = "beat@xieshou"
_PORTS_TRIED = 100
_WEB_WORKERS = 8
_RELEASE_SECONDS = 10


@dataclass(frozen=True)
class Platform:
    """What every process of the platform needs to know."""

    base: Path
    secret: str
    database_url: str
    owner_url: str
    broker_url: str
    demo: bool

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **inherited,  # compiled once, the code loads a fifth faster in four processes
            MARK: str(self.base),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
            "SECRET_KEY": self.secret,
            "DATABASE_URL": self.database_url,
            "BROKER_URL": self.broker_url,
            "DATA_DIR": str(self.base),
            "DEMO": str(int(self.demo)),
            **more,
        }

    def log(self, name: str) -> Path:
        return self.base / "log" / f"{name}.log"

    def module(self, *arguments: str | Path) -> list[str | Path]:
        return [sys.executable, "-m", *arguments]


def prepare(platform: Platform, *commands: str) -> None:
    """Run management commands as the owner of the tables. Raises ServiceFailed with the end of the log."""
    words = [word for one in commands for word in ("then", *one.split())][1:]
    child = Child(
        name="preparation",
        command=platform.module("backend", *words),
        log=platform.log("prepare"),
        environment=platform.environment(DATABASE_URL=platform.owner_url),
        ready=lambda: False,
        folder=ROOT,
    )
    child.spawn()
    try:
        status = child.process.wait() if child.process else None
        if status != 0:
            child.fail(f"{', '.join(commands)}: failed")
    finally:
        child.stop(0)


def worker(platform: Platform) -> Child:
    """The Celery worker: two child processes forked from a parent that has imported everything heavy."""
    return _celery(
        platform, "worker", _WORKER, "--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle"
    )


def beat(platform: Platform) -> Child:
    """The clock that sends the sweep of unfinished jobs; a process of its own, so that its end is noticed."""
    folder = platform.base / "beat"
    folder.mkdir(exist_ok=True)
    return _celery(platform, "beat", _BEAT, "--enable-remote-control", f"--schedule={folder / 'schedule'}")


def _celery(platform: Platform, name: str, node: str, *options: str) -> Child:
    application = ["celery", "--app=backend.config", name, f"--hostname={node}", "--loglevel=INFO"]
    return Child(
        name=name,
        command=platform.module(*application, *options),
        log=platform.log(name),
        environment=platform.environment(),
        ready=lambda: node_answers(platform.broker_url, node),
        folder=ROOT,
    )


def node_answers(broker_url: str, node: str) -> bool:
    """Whether the Celery node answers a ping through the broker within a second; a dead broker is not waited for."""
    with Celery("probe", broker=broker_url, set_as_current=False) as probe:
        probe.conf.broker_transport_options = {"max_retries": 0, "connect_retries_timeout": 1}
        with probe.connection_for_write() as connection:
            try:
                return bool(probe.control.ping(destination=[node], timeout=1, connection=connection))
            except (OSError, KombuError, *connection.connection_errors, *connection.channel_errors):
                return False


@dataclass
class Web:
    """The web server on the wanted port, or on the next free one."""

    platform: Platform
    host: str
    wanted: int
    name: str = "web"
    port: int = 0
    child: Child | None = field(default=None, repr=False)

    @property
    def reachable(self) -> str:
        """The host by which this machine itself reaches the server."""
        return "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104  (compared, not bound)

    @property
    def address(self) -> str:
        return f"http://{self.reachable}:{self.port}"

    def start(self) -> None:
        self.spawn()
        self.settle()

    def spawn(self) -> None:
        """Start on the wanted port or the next free one; a restart keeps its port: people have the address."""
        if self.port:
            await_release(self.host, self.port)
        else:
            self.port = free_port(self.host, self.wanted)
        self.child = self._server()
        self.child.spawn()

    def settle(self) -> None:
        """Wait for health; look for another port when a stranger took ours meanwhile. Raises ServiceFailed."""
        while self.child is not None:
            try:
                return self.child.settle()
            except ServiceFailed:
                if is_free(self.host, self.port):
                    raise
            self.port = 0
            self.spawn()

    def stop(self, patience: float | None = None) -> None:
        if self.child is not None:
            self.child.stop(patience)

    def alive(self) -> bool:
        return self.child is not None and self.child.alive()

    def healthy(self) -> bool:
        status, _ = ask(self.reachable, self.port, "/api/health")
        return status == http.client.OK

    def _server(self) -> Child:
        where = ["--host", self.host, "--port", str(self.port)]
        # A connection that is kept stays with its process: with two to a processor, one that got more of them than the
        # others does not leave a processor idle. Threads of one Python only take turns, and pay for it.
        workers = str(min(2 * (os.cpu_count() or 1), _WEB_WORKERS))
        how = ["--interface", "wsgi", "--no-ws", "--workers", workers, "--blocking-threads", "2"]
        return Child(
            name=self.name,
            command=self.platform.module(
                "granian", *where, *how, "--log-level", "warning", "backend.embedded.wsgi:application"
            ),
            log=self.platform.log("web"),
            environment=self.platform.environment(DATABASE_POOL="1"),
            ready=self.healthy,
            folder=ROOT,
        )


def ask(host: str, port: int, path: str) -> tuple[int, Mapping[str, Any]]:
    """GET a JSON document from the web server, never through a proxy; (0, {}) when it does not answer."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        return response.status, json.loads(response.read() or "{}")
    except (OSError, http.client.HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises ServiceFailed when a hundred are taken."""
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        if is_free(host, port):
            return port
    raise ServiceFailed(f"no free port from {first} on")


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def await_release(host: str, port: int) -> None:
    """Give a process that has just been killed the moment it needs to let go of its port."""
    deadline = time.monotonic() + _RELEASE_SECONDS
    while not is_free(host, port) and time.monotonic() < deadline:
        time.sleep(0.02)
