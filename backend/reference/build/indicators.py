"""County yearbook 2020 and the panel of poor counties 2013–2020 → one wide file of measured values.

A row is (county, year, source). Where both publish the same measure for 2020 the yearbook is taken. A value that
breaks a plausibility rule is kept and listed in `unverified`: it may be shown with its mark, never as official.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median

from backend.reference.files import DATA, Row, read, write

# column → (indicator, factor to its unit)
YEARBOOK = {
    "registered_pop": ("registered_population", 1),
    "area_km2": ("area_km2", 1),
    "gdp_10k": ("gdp", 1),
    "gdp1_10k": ("gdp_primary", 1),
    "gdp2_10k": ("gdp_secondary", 1),
    "gdp3_10k": ("gdp_tertiary", 1),
    "fiscal_rev_10k": ("fiscal_revenue", 1),
    "fiscal_exp_10k": ("fiscal_expenditure", 1),
    "savings_10k": ("savings", 1),
    "loans_10k": ("loans", 1),
    "facility_agri_ha": ("facility_agriculture_ha", 1),
    "oil_t": ("oil_crops_t", 1),
    "cotton_t": ("cotton_t", 1),
    "ind_firms": ("industrial_firms", 1),
    "fixed_phones": ("fixed_phones", 1),
    "mid_students": ("secondary_pupils", 1),
    "primary_students": ("primary_pupils", 1),
    "hospital_beds": ("hospital_beds", 1),
    "welfare_units": ("welfare_units", 1),
    "welfare_beds": ("welfare_beds", 1),
    "townships": ("townships", 1),
    "towns": ("towns", 1),
    "subdistricts": ("subdistricts", 1),
}
PANEL = {
    "gdp_10k_yuan": ("gdp", 1),
    "gdp_primary_10k": ("gdp_primary", 1),
    "gdp_secondary_10k": ("gdp_secondary", 1),
    "gdp_tertiary_10k": ("gdp_tertiary", 1),
    "gdp_per_capita_10k_yuan": ("gdp_per_head", 10_000),
    "population_10k": ("population", 10_000),
    "urban_disposable_income": ("urban_disposable_income", 1),
    "rural_disposable_income": ("rural_disposable_income", 1),
    "rural_net_income": ("rural_net_income", 1),
    "loans_100m": ("loans", 10_000),
    "deposits_100m": ("deposits", 10_000),
    "savings_100m": ("savings", 10_000),
}
# computed → (numerator in 万元, denominator in 人)
PER_HEAD = {
    "gdp_per_registered_head": ("gdp", "registered_population"),
    "fiscal_revenue_per_head": ("fiscal_revenue", "registered_population"),
}
YEARBOOK_YEAR = 2020
JUMP = 5  # a value this many times above or below the county's own median over the years is a slip of a digit
HECTARES_PER_KM2 = 100

Key = tuple[str, int, str]  # county, year, source
Values = dict[str, Decimal]


def build(facts: Path, into: Path) -> Iterator[tuple[str, int]]:
    yearbook = read("county_indicators_2020.csv", facts)
    panel = read("poor_county_indicators_2013_2020.csv", facts)
    measured = collect(yearbook, panel)
    dictionary = read("indicators.csv", DATA)
    doubtful = implausible(measured, dictionary)
    codes = [row["code"] for row in dictionary]
    rows = (
        {
            "code": code,
            "year": year,
            "source": source,
            "unverified": " ".join(sorted(doubtful[code, year, source])),
            **{indicator: _plain(value) for indicator, value in values.items()},
        }
        for (code, year, source), values in sorted(measured.items())
    )
    fields = ["code", "year", "source", "unverified", *codes]
    yield "indicator_values.csv.gz", write("indicator_values.csv.gz", fields, rows, into)


def collect(yearbook: list[Row], panel: list[Row]) -> dict[Key, Values]:
    """Read both files; drop from the panel what the yearbook has published for the same county and year."""
    measured: dict[Key, Values] = {}
    for row in yearbook:
        published = _values(row, YEARBOOK)
        measured[row["code_2020"], YEARBOOK_YEAR, "yearbook"] = published
        if computed := _per_head(published):
            measured[row["code_2020"], YEARBOOK_YEAR, "yearbook_computed"] = computed
    for row in panel:
        county, year = row["county_id"], int(row["year"])
        taken = measured.get((county, year, "yearbook"), {})
        values = {k: v for k, v in _values(row, PANEL).items() if k not in taken}
        if values:
            measured[county, year, "panel"] = values
    return measured


def _values(row: Row, columns: dict[str, tuple[str, int]]) -> Values:
    return {indicator: Decimal(row[column]) * factor for column, (indicator, factor) in columns.items() if row[column]}


def _per_head(values: Values) -> Values:
    cents = Decimal("0.01")
    return {
        computed: (values[money] * 10_000 / values[people]).quantize(cents, ROUND_HALF_UP)
        for computed, (money, people) in PER_HEAD.items()
        if money in values and values.get(people)
    }


def implausible(measured: dict[Key, Values], dictionary: list[Row]) -> defaultdict[Key, set[str]]:
    """Which indicators of which row break a rule: bounds, a jump over the years, more land than the county has."""
    doubtful: defaultdict[Key, set[str]] = defaultdict(set)
    bounds = {row["code"]: (Decimal(row["plausible_min"]), Decimal(row["plausible_max"])) for row in dictionary}
    for key, values in measured.items():
        doubtful[key] |= {i for i, value in values.items() if not bounds[i][0] <= value <= bounds[i][1]}
        land = values.get("area_km2")
        if land and values.get("facility_agriculture_ha", 0) > land * HECTARES_PER_KM2:
            doubtful[key].add("facility_agriculture_ha")
    for key, indicator in _jumps(measured):
        doubtful[key].add(indicator)
    return doubtful


def _jumps(measured: dict[Key, Values]) -> Iterator[tuple[Key, str]]:
    series: defaultdict[tuple[str, str], list[tuple[Key, Decimal]]] = defaultdict(list)
    for key, values in measured.items():
        for indicator, value in values.items():
            series[key[0], indicator].append((key, value))
    for (_, indicator), points in series.items():
        middle = median(value for _, value in points)
        for key, value in points:
            if value * JUMP < middle or value > middle * JUMP:
                yield key, indicator


def _plain(value: Decimal) -> str:
    """The number without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
