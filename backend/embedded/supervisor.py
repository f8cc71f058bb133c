"""Start services in order, watch them, start again what falls, stop everything in reverse order."""

from __future__ import annotations

import signal
import time
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Protocol, runtime_checkable

from backend.embedded.folder import DataFolder
from backend.embedded.process import ServiceFailed, end_leftovers

_WATCH_SECONDS = 0.5
_RESTARTS, _WITHIN_SECONDS = 5, 120.0

Say = Callable[[str], None]


class Service(Protocol):
    """What the supervisor needs of each part."""

    @property
    def name(self) -> str: ...
    def start(self) -> None: ...
    def stop(self, patience: float | None = None) -> None: ...
    def alive(self) -> bool: ...


@runtime_checkable
class Spawned(Service, Protocol):
    """A service that can be spawned now and seen up later: no other service needs it."""

    def spawn(self) -> None: ...
    def settle(self) -> None: ...


class Stop(BaseException):  # like KeyboardInterrupt: no `except Exception` may swallow it
    """Someone pressed Ctrl-C, closed the terminal or sent SIGTERM."""


class Supervisor:
    """Holds a data folder and the services that work in it.

    Each service is ready before the next starts. One that ends by itself is started again; one that keeps ending
    brings everything down, with the end of its log.
    """

    def __init__(self, base: Path, *, say: Say) -> None:
        self.folder = DataFolder(base.resolve())
        self.say = say
        self._up: list[Service] = []
        self._stopping = False
        self._falls: defaultdict[str, deque[float]] = defaultdict(deque)

    def run(self, bring_up: Callable[[Supervisor], None]) -> None:
        """Hold the data folder, let `bring_up` start the services, stay until asked to stop.

        Raises Held when another supervisor works in the folder, ServiceFailed when a service does not come up or
        does not stay up.
        """
        with self.folder.hold():
            # Explicit, because a shell starts background commands with SIGINT ignored.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._on_signal)
            try:
                if killed := end_leftovers(self.folder.path):
                    self.say(f"Ended {killed} processes that a killed run had left behind.")
                bring_up(self)
                self._watch()
            except Stop:
                self.say("Stopping …")
            finally:
                self._stop_all()

    def start(self, service: Service) -> None:
        """Start a service and answer for it from now on."""
        self._up.append(service)  # before it starts, so that a Ctrl-C in the middle stops it too
        service.start()

    def start_together(self, *services: Spawned) -> None:
        """Start services that do not need each other while they come up: half the time on two cores."""
        for service in services:
            self._up.append(service)
            service.spawn()
        for service in services:
            service.settle()

    def _watch(self) -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            for service in self._up:
                if not service.alive():
                    self._again(service)

    def _again(self, service: Service) -> None:
        falls = self._falls[service.name]
        now = time.monotonic()
        falls.append(now)
        while now - falls[0] > _WITHIN_SECONDS:
            falls.popleft()
        if len(falls) > _RESTARTS:
            raise ServiceFailed(
                f"{service.name} ended {len(falls)} times within {_WITHIN_SECONDS:.0f} s; see {self.folder.path}/log"
            )
        self.say(f"{service.name} has ended by itself; starting it again.")
        service.stop(0)  # what is left of its session
        if isinstance(service, Spawned):
            service.spawn()  # and look at the others at once: it may be they that keep it from coming up
        else:
            service.start()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            raise Stop

    def _stop_all(self) -> None:
        self._stopping = True
        while self._up:
            self._up.pop().stop()
