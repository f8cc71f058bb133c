"""Year-end lists of divisions → one row per code, name and span of years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from backend.places.pinyin import syllables
from backend.reference.files import Row, read, write

FIELDS = ["code", "name", "level", "parent", "from", "to", "lon", "lat", "statutory", "pinyin", "status", "source"]
FIRST_YEAR, LAST_YEAR = 2016, 2020

# Two administrative committees of Qinghai are on the list of 832 counties and in no edition of GB/T 2260.
COMMITTEES = {"632856": "冷湖行委", "632857": "大柴旦行委"}


def build(facts: Path, into: Path) -> Iterator[tuple[str, int]]:
    rows = [*dated(read("divisions_gbt2260.csv", facts)), *committees(read("poor_counties.csv", facts))]
    rows.sort(key=lambda row: (str(row["code"]), int(str(row["from"]))))
    yield "areas.csv.gz", write("areas.csv.gz", FIELDS, rows, into)


def dated(year_ends: Iterable[Row]) -> Iterator[dict[str, object]]:
    """Join consecutive year-ends with equal code and name into one span; the last span of an area stays open.

    Coordinates are those of the span's last year.
    """
    rows = sorted(year_ends, key=lambda row: (row["code"], row["year"]))
    present = {(row["year"], row["code"]) for row in rows}
    for code, group in groupby(rows, key=lambda row: row["code"]):
        for span in _spans(list(group)):
            first, last = span[0], span[-1]
            yield {
                "code": code,
                "name": last["name"],
                "level": last["level"].upper(),
                "parent": _parent(last, present),
                "from": first["year"],
                "to": "" if int(last["year"]) == LAST_YEAR else last["year"],
                "lon": _degrees(last["lon"]),
                "lat": _degrees(last["lat"]),
                "statutory": 1,
                "pinyin": " ".join(syllables(last["name"])),
                "status": "SOURCED",
                "source": "divisions",
            }


def _spans(years: list[Row]) -> Iterator[list[Row]]:
    span: list[Row] = []
    for row in years:
        if span and (row["name"] != span[-1]["name"] or int(row["year"]) != int(span[-1]["year"]) + 1):
            yield span
            span = []
        span.append(row)
    yield span


def _parent(row: Row, present: set[tuple[str, str]]) -> str:
    """The prefecture when one carries the code's first four digits that year, else the province (直辖)."""
    if row["level"] == "province":
        return ""
    prefecture = row["code"][:4] + "00"
    nested = row["level"] == "county" and (row["year"], prefecture) in present
    return prefecture if nested else row["code"][:2] + "0000"


def _degrees(text: str) -> str:
    """Five decimals are a metre; the sources are good to half a kilometre."""
    return f"{float(text):.5f}".rstrip("0").rstrip(".") if text else ""


def committees(poor_counties: Iterable[Row]) -> Iterator[dict[str, object]]:
    for row in poor_counties:
        if row["county_id"] in COMMITTEES:
            yield {
                "code": row["county_id"],
                "name": row["name_designated"],
                "level": "COUNTY",
                "parent": row["county_id"][:4] + "00",
                "from": FIRST_YEAR,
                "to": "",
                "lon": _degrees(row["lon"]),
                "lat": _degrees(row["lat"]),
                "statutory": 0,
                "pinyin": " ".join(syllables(row["name_designated"])),
                "status": "SOURCED",
                "source": "poor_counties",
            }
