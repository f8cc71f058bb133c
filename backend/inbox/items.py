"""What an inbox is made of, and whose pairings a log-in speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.accounts.models import Role, User
from backend.accounts.scopes import governed_area
from backend.pairings.models import Side
from backend.pairings.scopes import spoken_for

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


def own(user: User, pairing: str = "") -> dict[str, Any] | None:
    """The filter for pairings (reached over `pairing`) on whose side this log-in speaks, with the side's name."""
    area = governed_area(user)
    if user.role == Role.RECIPIENT:
        return spoken_for(area, f"{pairing}recipient") if area else None
    return {f"{pairing}helper": user.party_id} if user.party_id else None


def side(user: User) -> Side:
    return Side.RECIPIENT if user.role == Role.RECIPIENT else Side.HELPER
