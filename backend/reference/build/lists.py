"""The lists: poor counties with their flags, 三区三州, and who helps whom through which channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from backend.reference.files import Row, read, write

YES_NO = {"1": "YES", "0": "NO", "": ""}
STATUS = {"sourced": "SOURCED", "unverified": "UNVERIFIED"}


def build(facts: Path, into: Path) -> Iterator[tuple[str, int]]:
    counties = read("poor_counties.csv", facts)
    regions = read("three_regions_three_prefectures.csv", facts)
    for name, rows in [
        ("poor_counties.csv", list(poor_counties(counties))),
        ("three_regions.csv", list(three_regions(regions, counties))),
        ("region_pairs.csv", list(region_pairs(read("province_city_pairs_2016.csv", facts)))),
        ("county_pairs.csv", list(county_pairs(read("county_pairs.csv", facts)))),
        ("central_pairs.csv", list(central_pairs(read("central_unit_pairs.csv", facts)))),
        ("aid_pairs.csv", list(aid_pairs(read("paired_aid_and_city_pairs.csv", facts)))),
    ]:
        yield name, write(name, list(rows[0]), rows, into)


def poor_counties(rows: Iterable[Row]) -> Iterator[Row]:
    """Blank stays blank (unknown), with one exception: the fourteen contiguous areas.

    Their members add up to the official 680, so the list is closed and every other county is known not to belong.
    """
    for row in rows:
        yield {
            "code": row["county_id"],
            "designated_name": row["name_designated"],
            "exit_year": row["exit_year"],
            "supervised_2020": YES_NO[row["supervised_2020_52"]],
            "key_county": YES_NO[row["key_county_592"]],
            "contiguous_area": row["contiguous_area_14"] or "NO",
            "deep_poverty": YES_NO[row["deep_provincial"]],
            "status": "SOURCED",
            "source": "poor_counties",
        }


def three_regions(members: Iterable[Row], counties: Iterable[Row]) -> Iterator[Row]:
    """Members by code; the two committees of Qinghai, which have no statutory code, come from the list of 832."""
    region_of = {row["code_2020"]: row["region"] for row in members}
    region_of |= {row["county_id"]: row["sanqu_sanzhou"] for row in counties if row["sanqu_sanzhou"]}
    for code, region in sorted(region_of.items()):
        yield {"code": code, "region": region, "status": "SOURCED", "source": "three_regions"}


def region_pairs(rows: Iterable[Row]) -> Iterator[Row]:
    """The pairs of December 2016 held until all pairs were redrawn in 2021; years are all the sources tell."""
    for row in rows:
        yield {
            "helper": row["support_code"],
            "helper_name": row["support_name"],
            "recipient": row["recipient_code"],
            "recipient_name": row["recipient_name"],
            "from": "2016",
            "to": "2020",
            "status": STATUS[row["status"]],
            "source": row["source"],
        }


def county_pairs(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        first, _, last = row["period"].partition("-")
        yield {
            "helper": row["support_code"],
            "helper_name": row["support_name"],
            "helper_level": row["support_level"].upper(),
            "recipient": row["recipient_id"],
            "recipient_name": row["recipient_name"],
            "recipient_level": "PREFECTURE" if row["recipient_id"].endswith("00") else "COUNTY",
            "from": first,
            "to": last,
            "status": STATUS[row["status"]],
            "source": row["source"],
        }


UNIT_TYPES = {
    "中央国家机关": "ORGAN",
    "中央单位": "ORGAN",
    "央企": "STATE_ENTERPRISE",
    "金融企业": "FINANCE",
    "高校": "UNIVERSITY",
}
CHANNELS = {
    "中央单位定点扶贫": "designated_assistance",
    "对口支援": "paired_aid",
    "东西部扶贫协作": "east_west_cooperation",
}
# Codes of 2016 in a list that otherwise has those of 2020.
RECODED = {"652923": ("652902", "库车市")}


def central_pairs(rows: Iterable[Row]) -> Iterator[Row]:
    """Central units and the places fixed for them; no source tells since when or until when."""
    for row in rows:
        yield {
            "channel": _channel(row["scheme"]),
            "unit": row["unit"],
            "unit_type": UNIT_TYPES[row["unit_type"]],
            "recipient": row["county_id"],
            "recipient_name": row["county_name"],
            "status": STATUS[row["status"]],
            "source": row["source"].removeprefix("pages corpus: "),
        }


def aid_pairs(rows: Iterable[Row]) -> Iterator[Row]:
    """对口支援 by governments, and the city level of 东西部扶贫协作; neither sources nor dates."""
    for row in rows:
        code, name = RECODED.get(row["recipient_code"], (row["recipient_code"], row["recipient_name"]))
        yield {
            "channel": _channel(row["scheme"]),
            "helper": row["support_code"],
            "helper_name": row["support_name"],
            "recipient": code,
            "recipient_name": name,
            "status": STATUS[row["status"]],
            "source": "",
        }


def _channel(scheme: str) -> str:
    """The channel of a scheme such as 对口支援(西藏)-县."""
    return CHANNELS[scheme.partition("(")[0]]
