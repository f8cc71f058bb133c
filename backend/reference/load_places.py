"""Areas, successions, poor counties, flags and indicators, from the compact files into `places`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache

from backend.places.models import (
    Area,
    AreaFlag,
    AreaSuccession,
    FactStatus,
    Indicator,
    IndicatorValue,
    PoorCounty,
)
from backend.reference.files import Row, read
from backend.reference.sync import Changes, sync

AREA_FIELDS = (
    "name", "full_name", "level", "parent_id", "lon", "lat", "valid_to_year", "is_statutory", "is_eastern_helper",
    "pinyin", "initials", "status", "source",
)  # fmt: skip
NOT_VALUES = {"code", "year", "source", "unverified"}


@cache
def _sources() -> dict[str, str]:
    return {row["key"]: row["text"] for row in read("sources.csv")}


def source(key_or_address: str) -> str:
    """The full text of a source that the files name by key; a web address stands for itself."""
    return _sources().get(key_or_address, key_or_address)


def current_areas() -> dict[str, Area]:
    return {area.code: area for area in Area.objects.current().divisions()}


# --- areas ---------------------------------------------------------------------------------------------------------
def areas() -> Changes:
    """Provinces, then prefectures, then counties: a row can only point at a parent that is there."""
    rows = read("areas.csv.gz")
    helps = _helper_test(rows)
    total = Changes()
    for level in (Area.Level.PROVINCE, Area.Level.PREFECTURE, Area.Level.COUNTY):
        above: dict[str, list[Area]] = {}
        for area in Area.objects.filter(level__in=(Area.Level.PROVINCE, Area.Level.PREFECTURE)):
            above.setdefault(area.code, []).append(area)
        total += sync(
            Area.objects.filter(level=level),
            [_area(row, above, helps) for row in rows if row["level"] == level],
            key=("code", "valid_from_year"),
            fields=AREA_FIELDS,
        )
    return total


def _area(row: Row, above: dict[str, list[Area]], helps: Callable[[Row], bool]) -> Area:
    parent = _in_force(above.get(row["parent"], []), int(row["from"]))
    return Area(
        code=row["code"],
        name=row["name"],
        full_name=_ancestry(parent) + row["name"],
        level=row["level"],
        parent=parent,
        lon=float(row["lon"]) if row["lon"] else None,
        lat=float(row["lat"]) if row["lat"] else None,
        valid_from_year=int(row["from"]),
        valid_to_year=int(row["to"]) if row["to"] else None,
        is_statutory=row["statutory"] == "1",
        is_eastern_helper=helps(row),
        pinyin=row["pinyin"].replace(" ", ""),
        initials="".join(syllable[0] for syllable in row["pinyin"].split(" ")),
        status=row["status"],
        source=source(row["source"]),
    )


def _in_force(candidates: Iterable[Area], year: int) -> Area | None:
    return next(
        (a for a in candidates if a.valid_from_year <= year and (a.valid_to_year is None or a.valid_to_year >= year)),
        None,
    )


def _ancestry(area: Area | None) -> str:
    return "" if area is None else area.full_name


def _helper_test(rows: list[Row]) -> Callable[[Row], bool]:
    """Whether a row is a county-level unit, in force today, inside a helping province or city."""
    helpers = {pair["helper"] for pair in read("region_pairs.csv")}
    parent_of = {row["code"]: row["parent"] for row in rows}

    def helps(row: Row) -> bool:
        if row["level"] != Area.Level.COUNTY or row["to"]:
            return False
        return bool({row["parent"], parent_of.get(row["parent"], "")} & helpers)

    return helps


# --- what became of them ---------------------------------------------------------------------------------------------
def successions() -> Changes:
    by_code: dict[str, list[Area]] = {}
    for area in Area.objects.divisions():
        by_code.setdefault(area.code, []).append(area)
    return sync(
        AreaSuccession.objects.all(),
        [_succession(row, by_code) for row in read("successions.csv")],
        key=("from_area_id", "to_area_id"),
        fields=("year", "kind", "status", "source"),
        delete=True,
    )


def _succession(row: Row, by_code: dict[str, list[Area]]) -> AreaSuccession:
    year = int(row["year"])
    return AreaSuccession(
        from_area=_in_force(by_code[row["from_code"]], year - 1),
        to_area=_in_force(by_code[row["to_code"]], year),
        year=year,
        kind=row["kind"],
        status=row["status"],
        source=source(row["source"]),
    )


# --- lists -----------------------------------------------------------------------------------------------------------
def poor_counties() -> Changes:
    area = current_areas()
    return sync(
        PoorCounty.objects.all(),
        [
            PoorCounty(
                area=area[row["code"]],
                designated_name=row["designated_name"],
                exit_year=int(row["exit_year"]),
                supervised_2020=row["supervised_2020"] == "YES",
                status=row["status"],
                source=source(row["source"]),
            )
            for row in read("poor_counties.csv")
        ],
        key=("area_id",),
        fields=("designated_name", "exit_year", "supervised_2020", "status", "source"),
        delete=True,
    )


def flags() -> Changes:
    return sync(
        AreaFlag.objects.all(),
        _flags(current_areas()),
        key=("area_id", "kind"),
        fields=("value", "detail", "status", "source"),
        delete=True,
    )


def _flags(area: dict[str, Area]) -> Iterator[AreaFlag]:
    kind, value = AreaFlag.Kind, AreaFlag.Value
    members = {row["code"]: row for row in read("three_regions.csv")}
    poor = read("poor_counties.csv")
    for row in poor:
        county = area[row["code"]]
        yield _flag(county, kind.KEY_COUNTY, row["key_county"], row["source"])
        yield _flag(county, kind.DEEP_POVERTY, row["deep_poverty"], "deep_poverty")
        contiguous = row["contiguous_area"]
        if contiguous == value.NO:
            yield _flag(county, kind.CONTIGUOUS_AREA, contiguous, row["source"])
        else:
            yield _flag(county, kind.CONTIGUOUS_AREA, value.YES, row["source"], contiguous)
    for code in sorted({row["code"] for row in poor} - set(members)):
        yield _flag(area[code], kind.THREE_REGIONS, value.NO, "three_regions")
    for code, row in members.items():
        yield _flag(area[code], kind.THREE_REGIONS, value.YES, row["source"], row["region"])


def _flag(area: Area, kind: str, value: str, origin: str, detail: str = "") -> AreaFlag:
    """A flag nobody has stated is UNKNOWN, and an unknown has no source."""
    known = bool(value)
    return AreaFlag(
        area=area,
        kind=kind,
        value=value or AreaFlag.Value.UNKNOWN,
        detail=detail,
        status=FactStatus.SOURCED if known else FactStatus.UNVERIFIED,
        source=source(origin) if known else "",
    )


# --- indicators ------------------------------------------------------------------------------------------------------
def indicators() -> Changes:
    better = {"HIGH": True, "LOW": False, "": None}
    return sync(
        Indicator.objects.all(),
        [
            Indicator(
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                unit=row["unit"],
                higher_is_better=better[row["better"]],
                position=position,
            )
            for position, row in enumerate(read("indicators.csv"))
        ],
        key=("code",),
        fields=("name_zh", "name_en", "unit", "higher_is_better", "position"),
    )


def indicator_values() -> Changes:
    return sync(
        IndicatorValue.objects.all(),
        _indicator_values(),
        key=("area_id", "indicator_id", "year"),
        fields=("value", "status", "source"),
        delete=True,
    )


def _indicator_values() -> Iterator[IndicatorValue]:
    area = {code: found.pk for code, found in current_areas().items()}
    indicator = dict(Indicator.objects.values_list("code", "pk"))
    for row in read("indicator_values.csv.gz"):
        doubtful = set(row["unverified"].split())
        origin = source(row["source"])
        for code, value in row.items():
            if value and code not in NOT_VALUES:
                yield IndicatorValue(
                    area_id=area[row["code"]],
                    indicator_id=indicator[code],
                    year=int(row["year"]),
                    value=Decimal(value),
                    status=FactStatus.UNVERIFIED if code in doubtful else FactStatus.SOURCED,
                    source=origin,
                )
