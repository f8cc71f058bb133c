"""The facts a score is computed from: one row per county, unknown values as NaN, each with its year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.places.depth import Depth, Tier, depth_of
from backend.places.models import Area, IndicatorValue

Floats = NDArray[np.float64]

# The indicators the reasons use. Values in yuan per head, 万元, as published.
INDICATORS = (
    "rural_disposable_income", "fiscal_revenue", "fiscal_revenue_per_head", "gdp", "gdp_primary", "gdp_secondary",
    "gdp_tertiary",
)  # fmt: skip


@dataclass(frozen=True)
class Counties:
    """Areas with their facts. Shapes: (N,) each; `values[i]` and `years[i]` are (N,) for INDICATORS[i].

    `depth[i]` is the assessed depth of a poor county, None for others.
    """

    areas: list[Area]
    lon: Floats
    lat: Floats
    values: dict[str, Floats]
    years: dict[str, Floats]
    depth: list[Depth | None]

    def __len__(self) -> int:
        return len(self.areas)

    def tier(self, at: int) -> Tier | None:
        depth = self.depth[at]
        return depth.tier if depth else None


def load(ids: Iterable[int], year: int) -> Counties:
    """Facts of these areas as known for `year` or the latest year before it. Cost: three queries.

    Values that wait for verification are used like published ones: they rank candidates and never become a figure.
    """
    areas = list(
        Area.objects.filter(pk__in=list(ids))
        .select_related("parent__parent", "poor_county")
        .prefetch_related("flags")
        .order_by("code")
    )
    index = {area.pk: i for i, area in enumerate(areas)}
    values = {code: np.full(len(areas), np.nan) for code in INDICATORS}
    years = {code: np.full(len(areas), np.nan) for code in INDICATORS}
    rows = (
        IndicatorValue.objects.filter(area_id__in=list(index), indicator__code__in=INDICATORS, year__lte=year)
        .order_by("year")  # later years overwrite earlier ones
        .values_list("area_id", "indicator__code", "year", "value")
    )
    for area_id, code, at, value in rows:
        values[code][index[area_id]], years[code][index[area_id]] = float(value), at
    return Counties(
        areas,
        np.array([np.nan if area.lon is None else area.lon for area in areas]),
        np.array([np.nan if area.lat is None else area.lat for area in areas]),
        values,
        years,
        [depth_of(area) for area in areas],
    )
