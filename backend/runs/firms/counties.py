"""The poor counties with their facts, which rarely change and are dear to read: kept in the process while they hold."""

from __future__ import annotations

from typing import NamedTuple

from backend.places.mark import Mark, mark_of_poor_counties
from backend.places.models import Area
from backend.runs import facts
from backend.runs.facts import Counties


class _Kept(NamedTuple):
    year: int
    mark: Mark
    counties: Counties


_kept: _Kept | None = None  # replaced as a whole, so threads need no lock: at worst two of them read at once


def poor_counties(year: int) -> Counties:
    """Their facts as known for a year, ranked among one another: as a national run reads them. Nobody changes them.

    Cost: one query while nothing has changed, four and half a second else.
    """
    global _kept
    mark, kept = mark_of_poor_counties(), _kept
    if kept is None or (kept.year, kept.mark) != (year, mark):
        kept = _kept = _Kept(year, mark, facts.load(Area.objects.current().poor().values_list("pk", flat=True), year))
    return kept.counties
