"""A kind of job for tests, whose work each test chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from backend.jobs import actions
from backend.jobs.lease import Lease
from backend.jobs.models import Job

KIND = "test.work"


@dataclass
class Room:
    """Stands for the room that owns the kind."""

    work: Callable[[Lease], None] = lambda lease: None
    takes_the_news: bool = True
    told: list[tuple[int, str, str]] = field(default_factory=list)

    def do(self, lease: Lease) -> None:
        self.work(lease)

    def ended(self, job: Job, status: str, error: str) -> None:
        self.told.append((job.pk, status, error))
        if not self.takes_the_news:
            raise ZeroDivisionError("the room has a bug")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(actions, "_handlers", {})
    monkeypatch.setattr(actions, "wake", lambda: None)
    one = Room()
    actions.register(KIND, work=one.do, ended=one.ended)
    return one
