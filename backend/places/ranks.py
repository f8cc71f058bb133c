"""Where a county stands: each of its indicators against its province and the country."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from backend.places.models import Area
from backend.places.standings import STANDINGS

_SQL = f"""
SELECT indicator_id, year, province_rank, province_of, province_median, country_rank, country_of, country_median
FROM {STANDINGS} WHERE area_id = %s
"""  # noqa: S608  (a name of our own)


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


def ranks(area: Area) -> dict[int, Ranks]:
    """Return, by indicator id, the standing of the latest sourced value of `area`.

    Indicators without a sourced value of this county are absent. `of` says how many counties have published one: a rank
    among 300 is not a rank among 2 844.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [area.pk])
        return {
            indicator: Ranks(year, _standing(*figures[:3]), _standing(*figures[3:]))
            for indicator, year, *figures in cursor.fetchall()
        }


def _standing(rank: int, of: int, median: float) -> Standing:
    return Standing(rank, of, Decimal(median).quantize(Decimal("0.01")))
