"""The poor counties with their facts, which rarely change and are dear to read: kept in the process while they hold."""

from __future__ import annotations

from functools import lru_cache

from backend.places.models import Area
from backend.places.version import facts_version
from backend.runs import facts
from backend.runs.facts import Counties


def poor_counties(year: int) -> Counties:
    """Their facts as known for a year, ranked among one another: as a national run reads them. Nobody changes them.

    Cost: one query while nothing has changed, four and half a second else.
    """
    return _poor_counties(facts_version(), year)


@lru_cache(maxsize=1)
def _poor_counties(version: int, year: int) -> Counties:
    return facts.load(Area.objects.current().poor().values_list("pk", flat=True), year)
