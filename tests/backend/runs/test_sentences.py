"""Reasons in words: figures with unit and year, what waits for verification says so, what is missing is named."""

from __future__ import annotations

from typing import Any

import pytest

from backend.places.models import FactStatus, IndicatorValue
from backend.runs.models import Run
from tests.backend.places import examples
from tests.backend.world import World


def reasons(run: Run, helper: str, recipient: str) -> dict[str, dict[str, Any]]:
    one = run.suggestions.get(helper__area__name=helper, recipient__name=recipient)
    return {reason["code"]: reason for reason in one.reasons}


@pytest.fixture
def told(world: World) -> dict[str, dict[str, Any]]:
    """Of the only pair that Qingdao can have: 黄岛区 with 武都区."""
    return reasons(world.run(), "黄岛区", "武都区")


def test_depth_gives_figure_year_and_place(told: dict[str, dict[str, Any]]) -> None:
    assert told["depth"]["zh"] == (
        "受援县农村居民人均可支配收入 8,000 元（2020 年），在同年有数据的 3 个受援县中由低到高居第 1 位，越低越优先"
    )
    assert told["depth"]["en"].startswith("Rural disposable income per head 8,000 yuan (2020), number 1 from below")


def test_missing_figures_are_named_and_scored_neutrally(told: dict[str, dict[str, Any]]) -> None:
    assert told["strength"]["zh"] == "帮扶方缺人均一般公共预算收入数据，按中性计"
    assert told["likeness"]["zh"] == "帮扶方与受援县缺三次产业数据，按中性计"
    assert (told["strength"]["points"], told["likeness"]["points"]) == (5000, 5000)


def test_capacity_gives_revenue_in_yi_and_the_room_left(told: dict[str, dict[str, Any]]) -> None:
    assert told["capacity"]["zh"] == (
        "帮扶方一般公共预算收入 250.0 亿元（2020 年），现有结对 0 个，尚有余力再结对 1 个县"
    )


def test_unverified_figure_says_so(world: World) -> None:
    IndicatorValue.objects.update(status=FactStatus.UNVERIFIED)
    told = reasons(world.run(), "黄岛区", "武都区")
    assert "8,000 元（2020 年，待核实）" in told["depth"]["zh"]
    assert "8,000 yuan (2020, unverified)" in told["depth"]["en"]


def test_gdp_per_head_stands_in_where_income_is_unknown(world: World) -> None:
    gdp = examples.indicator("gdp_per_registered_head", name_zh="人均地区生产总值", unit="元")
    for name, number in (("maqu", 31000), ("longhua", 40000), ("wudu", 18000)):
        examples.value(world.areas[name], gdp, number, year=2019)
    IndicatorValue.objects.filter(area=world.areas["wudu"], indicator__code="rural_disposable_income").delete()
    told = reasons(world.run(), "黄岛区", "武都区")
    assert told["depth"]["zh"].startswith("受援县人均地区生产总值（按户籍人口计算） 18,000 元（2019 年），")
    assert not told["depth"]["missing"]


def test_ties_name_the_two_regions(world: World) -> None:
    world.pair("dongli", "longhua")
    told = reasons(world.run(), "西青区", "丰宁满族自治县")
    assert told["ties"]["zh"] == "天津市与承德市之间已有县级结对，有协作基础"
    assert told["ties"]["points"] == 10000
