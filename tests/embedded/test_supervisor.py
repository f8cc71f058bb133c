"""The supervisor: order, restart, giving up, ports."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest

from backend.embedded.folder import DataFolder, Held
from backend.embedded.plans import welcome
from backend.embedded.process import ServiceFailed
from backend.embedded.services import Platform, Web, free_port, is_free
from backend.embedded.supervisor import Supervisor


class Part:
    """A service that writes down what happens to it."""

    def __init__(self, name: str, diary: list[str], lives: list[bool] | None = None, fails: bool = False) -> None:
        self.name, self.diary, self.fails = name, diary, fails
        self.lives = lives or []

    def start(self) -> None:
        self.diary.append(f"start {self.name}")
        if self.fails:
            raise ServiceFailed(f"{self.name} did not come up")

    def stop(self, patience: float | None = None) -> None:
        self.diary.append(f"stop {self.name}")

    def alive(self) -> bool:
        return self.lives.pop(0) if self.lives else True


class LastPart(Part):
    """Asks the supervisor to stop when it is looked at for the last time."""

    def alive(self) -> bool:
        if not self.lives:
            os.kill(os.getpid(), signal.SIGINT)
        return super().alive()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.embedded.supervisor._WATCH_SECONDS", 0)


@pytest.fixture(autouse=True)
def _own_signals() -> object:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _run(base: Path, *parts: Part) -> list[str]:
    said: list[str] = []

    def bring_up(supervisor: Supervisor) -> None:
        for part in parts:
            supervisor.start(part)

    Supervisor(base, say=said.append).run(bring_up)
    return said


def test_parts_stop_in_reverse_order_when_asked(tmp_path: Path) -> None:
    diary: list[str] = []
    said = _run(tmp_path, Part("database", diary), Part("broker", diary), LastPart("web", diary))
    assert diary == ["start database", "start broker", "start web", "stop web", "stop broker", "stop database"]
    assert said == ["Stopping …"]


def test_a_part_that_does_not_come_up_brings_the_others_down(tmp_path: Path) -> None:
    diary: list[str] = []
    with pytest.raises(ServiceFailed, match="broker did not come up"):
        _run(tmp_path, Part("database", diary), Part("broker", diary, fails=True), Part("web", diary))
    assert diary == ["start database", "start broker", "stop broker", "stop database"]


def test_a_part_that_falls_is_started_again_alone(tmp_path: Path) -> None:
    diary: list[str] = []
    said = _run(tmp_path, Part("database", diary), LastPart("worker", diary, lives=[True, False]))
    assert diary[:4] == ["start database", "start worker", "stop worker", "start worker"]
    assert "worker has ended by itself; starting it again." in said


def test_a_part_that_keeps_falling_brings_everything_down(tmp_path: Path) -> None:
    diary: list[str] = []
    with pytest.raises(ServiceFailed, match="worker ended 6 times within 120 s"):
        _run(tmp_path, Part("database", diary), Part("worker", diary, lives=[False] * 6))
    assert diary.count("start worker") == 6
    assert diary[-2:] == ["stop worker", "stop database"]


def test_two_supervisors_never_share_a_folder(tmp_path: Path) -> None:
    with DataFolder(tmp_path).hold(), pytest.raises(Held):
        _run(tmp_path, Part("database", []))


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port("127.0.0.1", port) > port
    assert free_port("127.0.0.1", port) == port


def test_a_restarted_web_server_waits_for_its_port_and_does_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address has been told to people; the socket of a killed server outlives it by a moment."""
    monkeypatch.setattr("backend.embedded.services.Child.spawn", lambda self: None)
    with socket.socket() as dying:
        dying.bind(("127.0.0.1", 0))
        dying.listen()
        port = dying.getsockname()[1]
        web = Web(Platform(Path("/nowhere"), "", "", "", "", demo=False), "127.0.0.1", wanted=port, port=port)
        closing = threading.Timer(0.2, dying.close)
        closing.start()
        web.spawn()
        closing.join()
    assert web.port == port
    assert is_free("127.0.0.1", port)
    assert web.child is not None
    assert str(port) in web.child.command


def test_when_a_hundred_ports_are_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.embedded.services._PORTS_TRIED", 0)
    with pytest.raises(ServiceFailed, match="no free port from 8000 on"):
        free_port("127.0.0.1", 8000)


def test_the_welcome_names_address_accounts_and_password() -> None:
    account = {"username": "coordinator", "password": "open-sesame", "display_name": "【演示】国家级协调员"}
    text = welcome("http://127.0.0.1:8000", [account])
    for expected in ("http://127.0.0.1:8000", "coordinator", "open-sesame", "【演示】国家级协调员"):
        assert expected in text
    assert "log-ins" not in welcome("http://127.0.0.1:8000", [])
