"""From an area that was to the areas that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.places.models import Area


def current_areas(area: Area) -> list[Area]:
    """Return the areas in force that `area` became, by code: itself, one successor, or several after a split.

    Empty when the register does not know what became of it.
    """
    found: dict[int, Area] = {}
    waiting, met = [area], {area.pk}
    while waiting:
        here = waiting.pop()
        if here.valid_to_year is None:
            found[here.pk] = here
            continue
        for succession in here.successions.select_related("to_area"):
            if succession.to_area_id not in met:
                met.add(succession.to_area_id)
                waiting.append(succession.to_area)
    return sorted(found.values(), key=lambda one: one.code)
