"""The data folder: one holder, one key, one note."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.embedded.folder import DataFolder, Held


def test_a_folder_has_one_holder(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with folder.hold(), pytest.raises(Held), folder.hold():
        pass
    with folder.hold():
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    script = "import sys, pathlib, backend.embedded.folder as f\n" + (
        "with f.DataFolder(pathlib.Path(sys.argv[1])).hold(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Held), DataFolder(tmp_path).hold():
            pass
        holder.kill()
        holder.wait()
        with DataFolder(tmp_path).hold():
            pass


def test_what_an_earlier_holder_told_is_forgotten(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    (tmp_path / "running.json").write_text('{"pid": 1, "address": "http://127.0.0.1:1"}')
    with folder.hold():
        assert folder.told() == {}
        folder.tell(address="http://127.0.0.1:8000")
        assert folder.told()["address"] == "http://127.0.0.1:8000"
    assert folder.told() == {}


def test_the_key_stays_the_same_and_is_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    key = folder.secret()
    assert len(key) >= 50
    assert folder.secret() == key
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
