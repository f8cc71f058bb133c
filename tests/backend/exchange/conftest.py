"""A county that uploads files, its colleague, its neighbour, and a worker that works when told."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.accounts.models import Role, User
from backend.exchange import reader
from backend.exchange.reading.__main__ import lines
from backend.jobs import actions as jobs
from backend.jobs import tasks
from tests.backend import world as worlds
from tests.backend.exchange.hostile import book, row
from tests.backend.world import World


def read_inside(asked: Sequence[str]) -> Iterator[Any]:
    """Reads as the process of its own does, without starting one, which would take most of a test's time."""
    said = lines(Path(asked[3]), asked[4], list(asked[5:]))
    return reader._lines(io.BytesIO("".join(json.dumps(one) + "\n" for one in said).encode()), threading.Event())


def furnish(world: World, settings: Any, folder: Path) -> World:
    settings.UPLOADS_DIR = folder / "uploads"
    world.users["colleague"] = User.objects.create(
        username="colleague", display_name="colleague", role=Role.RECIPIENT, party=world.governments["longhua"]
    )
    return world


@pytest.fixture
def county(world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(reader, "read", read_inside)
    return furnish(world, settings, tmp_path)


@pytest.fixture
def committed_county(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same, committed, for tests with several connections."""
    monkeypatch.setattr(jobs, "wake", lambda: None)
    return furnish(worlds.build(), settings, tmp_path)


def send(world: World, content: bytes | None = None, who: str = "longhua", name: str = "需求.xlsx", **more: Any) -> Any:
    """Upload; three right rows unless told otherwise."""
    file = SimpleUploadedFile(name, right() if content is None else content)
    return world.client(who).post("/api/imports", {"listed": "needs", "file": file, **more}, format="multipart")


def right(count: int = 3) -> bytes:
    return book([row(n) for n in range(1, count + 1)])


def uploaded(world: World, content: bytes | None = None, who: str = "longhua", **more: Any) -> dict[str, Any]:
    """Upload and let it be read."""
    response = send(world, content, who, **more)
    assert response.status_code == 201, response.content
    tasks.work_on_next()
    return shown(world, response.json()["id"], who)


def shown(world: World, pk: int, who: str = "longhua") -> dict[str, Any]:
    response = world.client(who).get(f"/api/imports/{pk}")
    assert response.status_code == 200, response.content
    said: dict[str, Any] = response.json()
    return said


def decide(world: World, batch: dict[str, Any], step: str, who: str = "longhua") -> Any:
    headers = {"if-match": f'"{batch["version"]}"'}
    return world.client(who).post(f"/api/imports/{batch['id']}/decision", {"step": step}, headers=headers)


def done(world: World, batch: dict[str, Any], step: str, who: str = "longhua") -> dict[str, Any]:
    """Ask for a step and let it be worked on."""
    response = decide(world, batch, step, who)
    assert response.status_code == 200, response.content
    tasks.work_on_next()
    return shown(world, batch["id"], who)
