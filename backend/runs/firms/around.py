"""What already stands around one firm and the villages it may help; asked through the setting STANDING_AROUND."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from backend.parties.models import Party
from backend.programmes.models import Channel


@dataclass(frozen=True)
class Around:
    """By the key of a village: how many help it through any channel and through this one; which the firm itself helps,
    and which are ruled out for it. `load` is how many villages the firm helps, wherever they lie."""

    helpers: dict[int, int]
    of_channel: dict[int, int]
    mine: frozenset[int]
    banned: frozenset[int]
    load: int


def standing_around(party: Party, channel: Channel, year: int, counties: Sequence[int]) -> Around:
    """What stands in a year in the villages of these counties, and around the party, from the room that keeps it."""
    source = cast(Callable[[Party, Channel, int, Sequence[int]], Around], import_string(settings.STANDING_AROUND))
    return source(party, channel, year, counties)
