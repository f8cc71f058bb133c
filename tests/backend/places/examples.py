"""A small country for tests: two provinces, a prefecture in each, counties on demand."""

from __future__ import annotations

from typing import Any

from backend.places.models import Area, FactStatus, Indicator, IndicatorValue, PoorCounty
from backend.places.pinyin import spell


def area(code: str, name: str, *, parent: Area | None = None, **given: Any) -> Area:
    """An area in force since 2016; the level follows from the code unless given."""
    longer = {9: "TOWNSHIP", 12: "VILLAGE"}
    division = "PROVINCE" if code.endswith("0000") else "PREFECTURE" if code.endswith("00") else "COUNTY"
    level = longer.get(len(code), division)
    pinyin, initials = spell(name)
    defaults: dict[str, Any] = {
        "level": level,
        "full_name": (parent.full_name if parent else "") + name,
        "valid_from_year": 2016,
        "pinyin": pinyin,
        "initials": initials,
        "status": FactStatus.UNVERIFIED,
    }
    return Area.objects.create(code=code, name=name, parent=parent, **{**defaults, **given})


def guizhou() -> tuple[Area, Area]:
    province = area("520000", "贵州省")
    return province, area("522700", "黔南布依族苗族自治州", parent=province)


def poor(county: Area, **given: Any) -> PoorCounty:
    defaults: dict[str, Any] = {
        "designated_name": county.name,
        "exit_year": 2019,
        "supervised_2020": False,
        "status": FactStatus.UNVERIFIED,
    }
    return PoorCounty.objects.create(area=county, **{**defaults, **given})


def indicator(code: str = "gdp", **given: Any) -> Indicator:
    defaults: dict[str, Any] = {"name_zh": "地区生产总值", "name_en": "GDP", "unit": "万元", "higher_is_better": True}
    return Indicator.objects.create(code=code, **{**defaults, **given})


def value(of: Area, what: Indicator, number: object, year: int = 2020, **given: Any) -> IndicatorValue:
    defaults: dict[str, Any] = {"status": FactStatus.SOURCED, "source": "年鉴"}
    return IndicatorValue.objects.create(area=of, indicator=what, year=year, value=number, **{**defaults, **given})
