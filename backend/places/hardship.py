"""The depth profile “两高、一低、一差、三重” and the depth index over it, version 1 (docs/decisions/depth-index.md).

An element's hardship is the share of the other poor counties that fare better, from 0 to 1, by sourced values of one
year: the year for which most counties have one. What nobody published is missing, never zero: the index is the mean of
what is known, and `low` to `high` is where it can lie once the missing elements are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import models

VERSION = 1
COMPARABLE = 30  # a value among fewer than so many counties says nothing about the country


class Group(models.TextChoices):
    HIGH = "high", "两高"
    LOW = "low", "一低"
    POOR = "poor", "一差"
    HEAVY = "heavy", "三重"


@dataclass(frozen=True)
class Element:
    """One measure of the profile by its indicator; `worse_when_high`: which direction is hardship."""

    indicator: str
    group: Group
    worse_when_high: bool


ELEMENTS = (
    Element("poor_share", Group.HIGH, True),
    Element("poverty_incidence", Group.HIGH, True),
    Element("village_poverty_incidence", Group.HIGH, True),
    Element("gdp_per_registered_head", Group.LOW, False),
    Element("fiscal_revenue_per_head", Group.LOW, False),
    Element("rural_disposable_income", Group.LOW, False),
    Element("villages_with_paved_road", Group.POOR, False),
    Element("households_with_road", Group.POOR, False),
    Element("dangerous_housing", Group.POOR, True),
    Element("allowance_share", Group.HEAVY, True),
    Element("illness_share", Group.HEAVY, True),
    Element("elderly_share", Group.HEAVY, True),
)
TABLE = f"places_depth_index_{VERSION}"
_COUNT = len(ELEMENTS)
_LISTED = ", ".join(f"('{one.indicator}', {str(one.worse_when_high).lower()})" for one in ELEMENTS)
VIEW_SQL = f"""
CREATE VIEW {TABLE} AS
WITH element (code, worse_when_high) AS (VALUES {_LISTED}),
measured AS (
    SELECT v.area_id, i.code, v.year, CASE WHEN e.worse_when_high THEN v.value ELSE -v.value END AS burden,
           count(*) OVER (PARTITION BY i.code, v.year) AS counties
    FROM element e
    JOIN places_indicator i USING (code)
    JOIN places_indicatorvalue v ON v.indicator_id = i.id AND v.status = 'SOURCED'
    JOIN places_poorcounty p USING (area_id)
),
compared AS (
    SELECT DISTINCT ON (code) code, year FROM measured WHERE counties >= {COMPARABLE}
    ORDER BY code, counties DESC, year DESC
),
hardship AS (
    SELECT area_id, code, percent_rank() OVER (PARTITION BY code ORDER BY burden) AS part
    FROM measured JOIN compared USING (code, year)
),
summed AS (
    SELECT p.area_id, count(part) AS known, avg(part) AS mean, coalesce(sum(part), 0) AS total,
           coalesce(jsonb_object_agg(code, round((100 * part)::numeric, 1)) FILTER (WHERE part IS NOT NULL), '{{}}')
               AS parts
    FROM places_poorcounty p LEFT JOIN hardship USING (area_id) GROUP BY p.area_id
)
SELECT area_id, known, parts,
       round((100 * mean)::numeric, 1) AS value,
       round((100 * total / {_COUNT})::numeric, 1) AS low,
       round((100 * (total + {_COUNT} - known) / {_COUNT})::numeric, 1) AS high,
       CASE WHEN known > 0 THEN rank() OVER (ORDER BY mean DESC NULLS LAST) END AS country_rank,
       count(mean) OVER () AS country_of,
       CASE WHEN known > 0 THEN rank() OVER (PARTITION BY left(a.code, 2) ORDER BY mean DESC NULLS LAST) END
           AS province_rank,
       count(mean) OVER (PARTITION BY left(a.code, 2)) AS province_of
FROM summed JOIN places_area a ON a.id = area_id
"""  # noqa: S608  (names of our own, never input)
NO_VIEW_SQL = f"DROP VIEW {TABLE}"


class DepthIndex(models.Model):
    """The index of each of the 832 counties, 0 (nobody fares worse) to 100; computed anew by every query.

    Whoever asks for one county asks `hardship_of`. `value` is None while nothing is known; `parts` holds the hardship,
    0 to 100, of the elements that count; ranks are from the hardest down among counties with a value.
    """

    area = models.OneToOneField("places.Area", models.DO_NOTHING, primary_key=True, related_name="hardship")
    known = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    value = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    low = models.DecimalField(max_digits=4, decimal_places=1)
    high = models.DecimalField(max_digits=4, decimal_places=1)
    country_rank = models.PositiveIntegerField(null=True)
    country_of = models.PositiveIntegerField()
    province_rank = models.PositiveIntegerField(null=True)
    province_of = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = TABLE
        verbose_name = verbose_name_plural = "贫困深度指数"

    def __str__(self) -> str:
        return f"{self.area_id} {self.value}"


def hardship_of(area_id: int, version: int) -> DepthIndex | None:
    """The index of one county, None where it is not one of the 832. Nobody changes the answer.

    Cost: one query for all counties, once for a version of the facts (`facts_version`) in each process.
    """
    return _all(version).get(area_id)


@lru_cache(maxsize=1)
def _all(version: int) -> dict[int, DepthIndex]:
    return DepthIndex.objects.in_bulk()
