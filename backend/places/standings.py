"""What is computed over all counties at once and asked for one by one, kept by PostgreSQL: where each county stands by
each indicator, and its depth index.

Materialised views, computed anew by a trigger after every statement that changes a value or the list of poor counties
(`triggers.standings_kept`), so that whatever way a value comes in, the ranks have heard of it. A county's code never
changes, and with it neither does the province it is compared in.
"""

from __future__ import annotations

from backend.places.hardship import KEPT, TABLE

STANDINGS = "places_standing"

# Only sourced values are compared, and only those of the same indicator and year; of a county, those of its latest.
CREATE = f"""
CREATE MATERIALIZED VIEW {STANDINGS} AS
WITH compared AS (
    SELECT value.area_id, value.indicator_id, value.year, value.value, left(area.code, 2) AS province
    FROM places_indicatorvalue value JOIN places_area area ON area.id = value.area_id
    WHERE value.status = 'SOURCED' AND area.level = 'COUNTY'
),
country AS (
    SELECT indicator_id, year, count(*) AS country_of,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS country_median
    FROM compared GROUP BY indicator_id, year
),
province AS (
    SELECT indicator_id, year, province, count(*) AS province_of,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS province_median
    FROM compared GROUP BY indicator_id, year, province
),
ranked AS (
    SELECT area_id, indicator_id, year, province,
           rank() OVER (PARTITION BY indicator_id, year ORDER BY value DESC) AS country_rank,
           rank() OVER (PARTITION BY indicator_id, year, province ORDER BY value DESC) AS province_rank,
           row_number() OVER (PARTITION BY area_id, indicator_id ORDER BY year DESC) AS age
    FROM compared
)
SELECT area_id, indicator_id, year,
       province_rank, province_of, province_median, country_rank, country_of, country_median
FROM ranked JOIN country USING (indicator_id, year) JOIN province USING (indicator_id, year, province)
WHERE age = 1;
CREATE UNIQUE INDEX {STANDINGS}_once ON {STANDINGS} (area_id, indicator_id);

CREATE MATERIALIZED VIEW {KEPT} AS TABLE {TABLE};
CREATE UNIQUE INDEX {KEPT}_once ON {KEPT} (area_id);

-- A loader fills the tables and asks in the same transaction, before anything is known of their size: taken for empty,
-- they would be compared row by row with one another. So they are counted first.
CREATE FUNCTION places_recount() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE places_indicatorvalue, places_poorcounty, places_area;
    REFRESH MATERIALIZED VIEW {STANDINGS};
    REFRESH MATERIALIZED VIEW {KEPT};
END $$;
"""  # noqa: S608  (names of our own, never input)
DROP = f"""
DROP FUNCTION places_recount();
DROP MATERIALIZED VIEW {KEPT};
DROP MATERIALIZED VIEW {STANDINGS};
"""

__all__ = ["CREATE", "DROP", "STANDINGS"]
