"""The facts a score is computed from: one row per county, unknown as NaN, each with its year and its standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from backend.places.depth import Depth, Tier, depth_of
from backend.places.models import Area, FactStatus, IndicatorValue

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# The indicators the reasons use. Values in yuan per head, 万元, as published.
INDICATORS = (
    "rural_disposable_income", "gdp_per_registered_head", "fiscal_revenue", "fiscal_revenue_per_head", "gdp_primary",
    "gdp_secondary", "gdp_tertiary",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One indicator over the counties, each at its latest year. Shapes: (N,) each; NaN where unknown.

    Years differ between counties and incomes grow, so a value is ranked among the values of its own year: `place` is 1
    for the lowest of `peers` counties, `rank` the same as a share from 0 to 1 (NaN with fewer than two peers).
    """

    value: Floats
    year: Floats
    verified: NDArray[np.bool_]
    place: Ints
    peers: Ints
    rank: Floats


@dataclass(frozen=True)
class Counties:
    """Areas with their facts. Shapes: (N,) each.

    `depth[i]` is the assessed depth of a poor county, None for others.
    """

    areas: list[Area]
    lon: Floats
    lat: Floats
    measures: dict[str, Measure]
    depth: list[Depth | None]

    def __len__(self) -> int:
        return len(self.areas)

    def tier(self, at: int) -> Tier | None:
        depth = self.depth[at]
        return depth.tier if depth else None


def city_of(area: Area) -> Area:
    """The prefecture of a county; the municipality where there is no prefecture; anything higher up, itself."""
    return area.parent if area.level == Area.Level.COUNTY and area.parent else area


def province_of(area: Area) -> Area:
    city = city_of(area)
    return city.parent or city


def load(ids: Iterable[int], year: int) -> Counties:
    """Facts of these areas as known for `year` or the latest year before it. Cost: three queries.

    Values that wait for verification are used like published ones and say so: they rank candidates and never become a
    figure.
    """
    areas = list(
        Area.objects.filter(pk__in=ids if isinstance(ids, QuerySet) else list(ids))
        .select_related("parent__parent", "poor_county")
        .prefetch_related("flags")
        .order_by("code")
    )
    return Counties(
        areas,
        np.array([np.nan if area.lon is None else area.lon for area in areas]),
        np.array([np.nan if area.lat is None else area.lat for area in areas]),
        _measures({area.pk: i for i, area in enumerate(areas)}, year),
        [depth_of(area) for area in areas],
    )


def _measures(index: dict[int, int], year: int) -> dict[str, Measure]:
    rows: dict[str, list[tuple[int, int, float, bool]]] = {code: [] for code in INDICATORS}
    stored = (
        IndicatorValue.objects.filter(area_id__in=list(index), indicator__code__in=INDICATORS, year__lte=year)
        .order_by("year")
        .values_list("indicator__code", "area_id", "year", "value", "status")
    )
    for code, area, at, value, status in stored.iterator(chunk_size=10_000):
        rows[code].append((index[area], at, float(value), status == FactStatus.SOURCED))
    return {code: measure(len(index), one) for code, one in rows.items()}


def measure(count: int, rows: list[tuple[int, int, float, bool]]) -> Measure:
    """The measure of `count` counties from rows (county, year, value, verified), earlier years first."""
    value, year, rank = (np.full(count, np.nan) for _ in range(3))
    verified = np.zeros(count, np.bool_)
    by_year: dict[int, list[float]] = {}
    for county, at, number, sourced in rows:  # a later year overwrites an earlier one
        value[county], year[county], verified[county] = number, at, sourced
        by_year.setdefault(at, []).append(number)
    place, peers = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for at in np.unique(year[~np.isnan(year)]):
        mine, known = year == at, np.sort(by_year[int(at)])
        below = np.searchsorted(known, value[mine], "left")
        place[mine], peers[mine] = below + 1, len(known)
        if len(known) > 1:  # equal values share the middle of their places
            upto = np.searchsorted(known, value[mine], "right")
            rank[mine] = (below + upto - 1) / 2 / (len(known) - 1)
    return Measure(value, year, verified, place, peers, rank)
