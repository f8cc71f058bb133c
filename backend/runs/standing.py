"""What a run must respect of what is already decided; asked through the setting STANDING_EDGES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from backend.programmes.models import Channel


@dataclass(frozen=True)
class StandingEdge:
    """A pair that is in force (LOCKED), was refused (BANNED), or is on record but unverified (INCUMBENT)."""

    helper_id: int
    recipient_id: int
    state: str
    note: str


LOCKED, BANNED, INCUMBENT = "LOCKED", "BANNED", "INCUMBENT"


def standing_edges(channel: Channel, year: int) -> list[StandingEdge]:
    """The standing edges of a channel in a year, from the room that keeps them."""
    source = cast(Callable[[Channel, int], list[StandingEdge]], import_string(settings.STANDING_EDGES))
    return source(channel, year)
