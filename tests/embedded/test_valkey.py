"""The embedded broker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.embedded import valkey
from backend.embedded.process import ServiceFailed
from backend.embedded.valkey import BrokerUnavailable, Valkey, find_program


@pytest.fixture
def base() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="xieshou-broker-"))
    yield folder
    shutil.rmtree(folder)


def _say(broker: Valkey, *words: str) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(broker.url.removeprefix("redis+socket://"))
        connection.sendall(" ".join(words).encode() + b"\r\n")
        return connection.recv(1000)


def test_a_message_survives_a_kill(base: Path) -> None:
    broker = Valkey(base)
    broker.start()
    assert _say(broker, "SET", "message", "wake-up") == b"+OK\r\n"
    assert broker.child is not None
    assert broker.child.process is not None
    os.kill(broker.child.process.pid, signal.SIGKILL)
    broker.stop()
    broker.start()
    try:
        assert _say(broker, "GET", "message") == b"$7\r\nwake-up\r\n"
    finally:
        broker.stop()


def test_long_paths_get_a_short_socket(base: Path) -> None:
    deep = base / ("很深的文件夹" * 4) / ("x" * 80)
    deep.mkdir(parents=True)
    broker = Valkey(deep)
    broker.start()
    try:
        assert _say(broker, "PING") == b"+PONG\r\n"
    finally:
        broker.stop()
        Path(broker.url.removeprefix("redis+socket://")).parent.unlink()


def test_a_broker_that_ends_tells_the_end_of_its_log(base: Path) -> None:
    (base / "valkey").mkdir()
    (base / "valkey" / "appendonlydir").write_text("a file where a folder should be")
    with pytest.raises(ServiceFailed, match="broker did not come up") as failure:
        Valkey(base).start()
    assert "appendonlydir" in str(failure.value) or "append-only" in str(failure.value)


def test_without_wheel_and_server_the_reason_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "_wheel_program", lambda: None)
    monkeypatch.setenv("PATH", str(base))
    with pytest.raises(BrokerUnavailable, match="neither valkey-server nor redis-server"):
        find_program()


def test_without_the_wheel_the_machines_own_server_is_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "redis-server").symlink_to(find_program().path)
    monkeypatch.setattr(valkey, "_wheel_program", lambda: None)
    monkeypatch.setenv("PATH", str(base))
    assert find_program() == valkey.Program(base / "redis-server", f"found in {base}")
