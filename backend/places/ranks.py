"""Where a county stands: each of its indicators against its province and the country, computed by PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from backend.places.models import Area

# Only sourced values are compared, and only those of the same indicator and year. `of` says how many counties have
# published one: a rank among 300 is not a rank among 2 844.
_SQL = """
WITH mine AS (
    SELECT DISTINCT ON (indicator_id) indicator_id, year, value
    FROM places_indicatorvalue
    WHERE area_id = %(area)s AND status = 'SOURCED'
    ORDER BY indicator_id, year DESC
)
SELECT mine.indicator_id,
       mine.year,
       1 + count(*) FILTER (WHERE other.value > mine.value),
       count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY other.value),
       1 + count(*) FILTER (WHERE other.value > mine.value AND left(area.code, 2) = %(province)s),
       count(*) FILTER (WHERE left(area.code, 2) = %(province)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY other.value) FILTER (WHERE left(area.code, 2) = %(province)s)
FROM mine
JOIN places_indicatorvalue other USING (indicator_id, year)
JOIN places_area area ON area.id = other.area_id AND area.level = 'COUNTY'
WHERE other.status = 'SOURCED'
GROUP BY mine.indicator_id, mine.year
"""


@dataclass(frozen=True)
class Standing:
    """Rank from the highest value down (1 = highest), among `of` counties with a sourced value; their median."""

    rank: int
    of: int
    median: Decimal


@dataclass(frozen=True)
class Ranks:
    """The year whose values were compared, and where the county stands."""

    year: int
    province: Standing
    country: Standing


def ranks(area: Area, version: int) -> dict[int, Ranks]:
    """Return, by indicator id, the standing of the latest sourced value of `area`. Nobody changes the answer.

    Indicators without a sourced value of this county are absent. Cost: one query over the values of its years, once
    for a version of the facts (`facts_version`) in each process.
    """
    return _ranks(version, area.pk, area.code[:2])


@lru_cache(maxsize=1000)  # every poor county's
def _ranks(version: int, area: int, province: str) -> dict[int, Ranks]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"area": area, "province": province})
        return {
            indicator: Ranks(
                year=year,
                province=Standing(province_rank, province_of, _rounded(province_median)),
                country=Standing(rank, of, _rounded(median)),
            )
            for indicator, year, rank, of, median, province_rank, province_of, province_median in cursor.fetchall()
        }


def _rounded(median: float) -> Decimal:
    return Decimal(median).quantize(Decimal("0.01"))
