"""From collected facts to compact rows."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from backend.reference import files
from backend.reference.build import areas, indicators, lists
from backend.reference.files import Row


def division(year: int, code: str, name: str, level: str = "county", lon: str = "106.0") -> Row:
    return {"year": str(year), "code": code, "name": name, "level": level, "lon": lon, "lat": "26.123456"}


def spans(*rows: Row) -> list[tuple[object, ...]]:
    return [(row["code"], row["name"], row["from"], row["to"]) for row in areas.dated(rows)]


def test_area_present_to_the_end_stays_open() -> None:
    assert spans(*(division(year, "522729", "长顺县") for year in range(2016, 2021))) == [
        ("522729", "长顺县", "2016", "")
    ]


def test_renamed_area_ends_and_begins() -> None:
    rows = [division(year, "130502", "桥东区") for year in range(2016, 2020)] + [division(2020, "130502", "襄都区")]
    assert spans(*rows) == [("130502", "桥东区", "2016", "2019"), ("130502", "襄都区", "2020", "")]


def test_area_missing_for_a_year_has_two_spans() -> None:
    rows = [division(2016, "522729", "长顺县"), division(2018, "522729", "长顺县")]
    assert spans(*rows) == [("522729", "长顺县", "2016", "2016"), ("522729", "长顺县", "2018", "2018")]


def test_county_hangs_below_its_prefecture_when_there_is_one_that_year() -> None:
    rows = [
        division(2020, "410000", "河南省", "province"),
        division(2020, "410100", "郑州市", "prefecture"),
        division(2020, "410102", "中原区"),
        division(2020, "419001", "济源市"),
    ]
    parents = {row["code"]: row["parent"] for row in areas.dated(rows)}
    assert parents == {"410000": "", "410100": "410000", "410102": "410100", "419001": "410000"}


def test_coordinates_are_those_of_the_last_year_and_unknown_stays_blank() -> None:
    first, last = division(2019, "522729", "长顺县", lon="1.0"), division(2020, "522729", "长顺县", lon="106.398050")
    [row] = areas.dated([last, first])
    assert (row["lon"], row["lat"]) == ("106.39805", "26.12346")
    [unknown] = areas.dated([{**last, "lon": "", "lat": ""}])
    assert (unknown["lon"], unknown["lat"]) == ("", "")


def county(**given: str) -> Row:
    blank = dict.fromkeys(
        ["exit_year", "supervised_2020_52", "key_county_592", "contiguous_area_14", "deep_provincial"], ""
    )
    return {"county_id": "522729", "name_designated": "长顺县", **blank, **given}


def test_blank_flags_stay_unknown_but_the_contiguous_list_is_closed() -> None:
    [row] = lists.poor_counties([county()])
    assert (row["key_county"], row["deep_poverty"], row["contiguous_area"]) == ("", "", "NO")


def test_stated_flags_are_yes_or_no() -> None:
    [row] = lists.poor_counties([county(key_county_592="0", deep_provincial="1", contiguous_area_14="武陵山区")])
    assert (row["key_county"], row["deep_poverty"], row["contiguous_area"]) == ("NO", "YES", "武陵山区")


def test_unverified_region_pair_keeps_its_mark() -> None:
    [row] = lists.region_pairs(
        [
            {
                "support_code": "440000",
                "support_name": "广东省",
                "recipient_code": "513300",
                "recipient_name": "甘孜藏族自治州",
                "status": "unverified",
                "source": "",
            }
        ]
    )
    assert (row["status"], row["source"]) == ("UNVERIFIED", "")


def test_yearbook_is_taken_where_both_publish_and_the_panel_fills_the_rest() -> None:
    yearbook = [{"code_2020": "522729", **dict.fromkeys(indicators.YEARBOOK, ""), "gdp_10k": "100.0"}]
    panel = [
        {
            "county_id": "522729",
            "year": "2020",
            **dict.fromkeys(indicators.PANEL, ""),
            "gdp_10k_yuan": "101.0",
            "rural_disposable_income": "9800",
        }
    ]
    assert indicators.collect(yearbook, panel) == {
        ("522729", 2020, "yearbook"): {"gdp": Decimal("100.0")},
        ("522729", 2020, "panel"): {"rural_disposable_income": Decimal("9800")},
    }


def test_per_head_is_computed_from_published_values_only() -> None:
    published = {"code_2020": "522729", **dict.fromkeys(indicators.YEARBOOK, "")}
    both = {**published, "fiscal_rev_10k": "35000", "registered_pop": "260000"}
    measured = indicators.collect([both], [])
    assert measured["522729", 2020, "yearbook_computed"] == {"fiscal_revenue_per_head": Decimal("1346.15")}
    assert ("522729", 2020, "yearbook_computed") not in indicators.collect(
        [{**published, "fiscal_rev_10k": "35000"}], []
    )


DICTIONARY = [
    {"code": code, "plausible_min": low, "plausible_max": high}
    for code, low, high in [
        ("savings", "100", "100000000"),
        ("area_km2", "1", "250000"),
        ("facility_agriculture_ha", "0", "100000"),
    ]
]


def test_slip_of_a_digit_is_marked_doubtful() -> None:
    series = {2015: 75_100, 2016: 601_000, 2017: 650_000, 2018: 700_000}
    measured = {("130631", year, "panel"): {"savings": Decimal(value)} for year, value in series.items()}
    doubtful = indicators.implausible(measured, DICTIONARY)
    assert {key[1] for key, names in doubtful.items() if names} == {2015}


def test_value_outside_its_bounds_is_marked_doubtful() -> None:
    measured = {("130631", 2020, "panel"): {"savings": Decimal(99)}}
    assert indicators.implausible(measured, DICTIONARY)["130631", 2020, "panel"] == {"savings"}


def test_more_land_under_glass_than_there_is_land_is_marked_doubtful() -> None:
    key = ("511524", 2020, "yearbook")
    measured = {key: {"area_km2": Decimal(942), "facility_agriculture_ha": Decimal(94_201)}}
    assert indicators.implausible(measured, DICTIONARY)[key] == {"facility_agriculture_ha"}


@pytest.mark.parametrize(("value", "text"), [("1E+3", "1000"), ("12.50", "12.5"), ("100", "100"), ("0.00", "0")])
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert indicators._plain(Decimal(value)) == text


def test_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    rows = [{"code": "522729", "name": "长顺县"}]
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        folder.mkdir()
        files.write("areas.csv.gz", ["code", "name"], rows, folder)
    assert (first / "areas.csv.gz").read_bytes() == (second / "areas.csv.gz").read_bytes()
    assert (first / "areas.csv.gz").read_bytes()[4:8] == bytes(4), "a time of writing in the header"
    assert files.read("areas.csv.gz", first) == rows
    assert files.digest(first) == files.digest(second)


def test_digest_sees_one_changed_letter(tmp_path: Path) -> None:
    (tmp_path / "areas.csv.gz").write_bytes(gzip.compress("长顺县".encode(), mtime=0))
    before = files.digest(tmp_path)
    (tmp_path / "areas.csv.gz").write_bytes(gzip.compress("长顺市".encode(), mtime=0))
    assert files.digest(tmp_path) != before
