"""One thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LIMIT = 100  # of a kind, and in all


@dataclass(frozen=True)
class Item:
    """One thing to do: what kind, since when, about what, and where to do it."""

    kind: str
    since: datetime
    title: str
    detail: str
    link: str
    subject_id: int
    amount_yuan: str | None = None
