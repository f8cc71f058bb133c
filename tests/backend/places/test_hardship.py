"""The depth index counts what is known, says what is missing, and never takes the unknown for zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.places import hardship
from backend.places.hardship import ELEMENTS, DepthIndex
from backend.places.models import Area, Indicator, IndicatorValue
from tests.backend.places import examples

pytestmark = pytest.mark.django_db
ROUNDING = Decimal("0.1")
COUNT = len(ELEMENTS)


@pytest.fixture(autouse=True)
def counties() -> list[Area]:
    """31 counties, of which the n-th has an income of n thousand and, for all but the last, a revenue of n hundred."""
    _, prefecture = examples.guizhou()
    made = [examples.area(f"5227{n:02d}", f"第{n}县", parent=prefecture) for n in range(1, 32)]
    for county in made:
        examples.poor(county)
    for element in ELEMENTS:
        examples.indicator(element.indicator, name_zh=element.indicator)
    income = Indicator.objects.get(code="rural_disposable_income")
    revenue = Indicator.objects.get(code="fiscal_revenue_per_head")
    for n, county in enumerate(made, 1):
        examples.value(county, income, 1000 * n)
    for n, county in enumerate(made[:-1], 1):
        examples.value(county, revenue, 100 * n)
    return made


def index(county: Area) -> Any:
    return DepthIndex.objects.get(area=county)


def test_hardship_is_the_share_of_others_that_fare_better(counties: list[Area]) -> None:
    poorest, middle, richest = index(counties[0]), index(counties[15]), index(counties[30])
    assert poorest.parts == {"rural_disposable_income": 100, "fiscal_revenue_per_head": 100}
    assert (poorest.value, poorest.country_rank, poorest.province_rank) == (100, 1, 1)
    assert middle.parts["rural_disposable_income"] == 50
    assert (richest.value, richest.known, richest.country_rank) == (0, 1, 31)


def test_what_is_missing_widens_the_interval_and_is_never_zero(counties: list[Area]) -> None:
    two, one = index(counties[0]), index(counties[30])
    assert (two.low, two.high) == (Decimal("16.7"), Decimal(100))
    assert (one.low, one.high) == (0, Decimal("91.7"))
    assert two.high - two.low == pytest.approx(Decimal(100) * (COUNT - 2) / COUNT, abs=ROUNDING)


def test_county_of_which_nothing_is_known_has_no_index(counties: list[Area]) -> None:
    unknown = examples.area("522799", "未知县", parent=counties[0].parent)
    examples.poor(unknown)
    found = index(unknown)
    assert (found.value, found.low, found.high, found.known, found.country_rank) == (None, 0, 100, 0, None)
    assert found.country_of == 31


def test_index_lies_between_its_bounds_and_never_falls_when_a_county_fares_worse(counties: list[Area]) -> None:
    before = index(counties[15])
    assert all(one.low <= one.value <= one.high for one in DepthIndex.objects.exclude(value=None))
    mine = IndicatorValue.objects.get(area=counties[15], indicator__code="rural_disposable_income")
    seen = [before.value]
    for worse in (15_500, 10_500, 1_500, 500):
        IndicatorValue.objects.filter(pk=mine.pk).update(value=worse)
        seen.append(index(counties[15]).value)
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_element_entered_later_counts_once_enough_counties_have_it(counties: list[Area]) -> None:
    incidence = Indicator.objects.get(code="poverty_incidence")
    for n, county in enumerate(counties[: hardship.COMPARABLE - 1], 1):
        examples.value(county, incidence, n)
    assert "poverty_incidence" not in index(counties[0]).parts
    examples.value(counties[29], incidence, 30)
    assert index(counties[0]).parts["poverty_incidence"] == 0  # the lowest rate is the least hardship
    assert index(counties[29]).parts["poverty_incidence"] == 100


def test_values_nobody_verified_and_other_years_do_not_count(counties: list[Area]) -> None:
    IndicatorValue.objects.filter(area=counties[0]).update(status="UNVERIFIED")
    IndicatorValue.objects.filter(area=counties[1]).update(year=2016)
    assert (index(counties[0]).known, index(counties[1]).known) == (0, 0)


def profile(code: str) -> dict[str, Any]:
    return dict(APIClient().get(f"/api/areas/{code}").json())


def test_profile_lists_all_twelve_elements_in_their_groups(counties: list[Area]) -> None:
    told = profile(counties[0].code)["depth_index"]
    assert (told["version"], told["value"], told["known"]) == (1, "100.0", 2)
    assert [element["group"] for element in told["elements"]] == ["high"] * 3 + ["low"] * 3 + ["poor"] * 3 + [
        "heavy"
    ] * 3
    missing = [element["indicator"] for element in told["elements"] if element["hardship"] is None]
    assert len(missing) == COUNT - 2
    assert "poverty_incidence" in missing


def test_profile_of_others_has_no_index() -> None:
    assert profile("520000")["depth_index"] is None


@pytest.mark.parametrize(
    ("ordering", "ends"), [("depth_index", ["522731", "522799"]), ("-depth_index", ["522701", "522799"])]
)
def test_list_in_order_of_depth_puts_the_unknown_last(counties: list[Area], ordering: str, ends: list[str]) -> None:
    examples.poor(examples.area("522799", "未知县", parent=counties[0].parent))
    rows = APIClient().get("/api/areas", {"poor": "true", "ordering": ordering}).json()["results"]
    assert [rows[0]["code"], rows[-1]["code"]] == ends


def test_file_carries_the_index_and_its_bounds(counties: list[Area]) -> None:
    response = APIClient().get("/api/areas", {"poor": "true", "ordering": "-depth_index", "export": "csv"})
    head, first = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()[:2]
    row = dict(zip(head.split(","), first.split(","), strict=True))
    assert [row[name] for name in ("贫困深度指数", "指数已知要素", "指数下限", "指数上限")] == [
        "100",
        "2",
        "16.7",
        "100",
    ]
