"""The data folder: who holds it, the secret key, and the note that tells others where the platform answers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Held(RuntimeError):
    """Another process works in this data folder."""


@dataclass(frozen=True)
class DataFolder:
    """Everything one installation keeps; at most one supervisor works in it at a time."""

    path: Path

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Keep others out until the block ends or the process is gone, however it went. Raises Held."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Held(str(self.path)) from None
            self._note.unlink(missing_ok=True)
            yield
            self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self.path / "running.json"

    def tell(self, **facts: Any) -> None:
        """Let others know what runs here; replaced whole, so that nobody reads half of it."""
        partial = self._note.with_suffix(".partial")
        partial.write_text(json.dumps({"pid": os.getpid(), **facts}, ensure_ascii=False))
        partial.replace(self._note)

    def told(self) -> dict[str, Any]:
        """What the holder of the folder has told; empty while it is still starting."""
        try:
            facts: dict[str, Any] = json.loads(self._note.read_text())
        except FileNotFoundError:
            return {}
        return facts

    def secret(self) -> str:
        """The key that signs sessions: made once, readable by its owner only."""
        file = self.path / "secret"
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as handle:
                handle.write(secrets.token_urlsafe(50))
        return file.read_text()
