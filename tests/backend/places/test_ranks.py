"""Ranks compare only what may be compared: sourced values of one indicator and one year."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend.places.models import Area, Indicator
from backend.places.ranks import ranks
from backend.places.version import facts_version
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def counties() -> list[Area]:
    guizhou, _ = examples.guizhou()
    yunnan = examples.area("530000", "云南省")
    return [
        examples.area("522701", "都匀市", parent=guizhou),
        examples.area("522722", "荔波县", parent=guizhou),
        examples.area("522729", "长顺县", parent=guizhou),
        examples.area("530111", "官渡区", parent=yunnan),
    ]


@pytest.fixture
def gdp() -> Indicator:
    return examples.indicator()


def test_rank_counts_from_the_highest_in_province_and_country(counties: list[Area], gdp: Indicator) -> None:
    for place, number in zip(counties, (300, 100, 200, 900), strict=True):
        examples.value(place, gdp, number)
    standing = ranks(counties[2], facts_version())[gdp.pk]
    assert (standing.province.rank, standing.province.of, standing.province.median) == (2, 3, Decimal("200.00"))
    assert (standing.country.rank, standing.country.of, standing.country.median) == (3, 4, Decimal("250.00"))


def test_equal_values_share_a_rank(counties: list[Area], gdp: Indicator) -> None:
    for place in counties[:3]:
        examples.value(place, gdp, 100)
    assert [ranks(place, facts_version())[gdp.pk].country.rank for place in counties[:3]] == [1, 1, 1]


def test_county_without_a_value_neither_ranks_nor_counts(counties: list[Area], gdp: Indicator) -> None:
    examples.value(counties[0], gdp, 100)
    assert ranks(counties[1], facts_version()) == {}
    assert ranks(counties[0], facts_version())[gdp.pk].country.of == 1


def test_unverified_value_is_not_compared(counties: list[Area], gdp: Indicator) -> None:
    examples.value(counties[0], gdp, 100)
    examples.value(counties[1], gdp, 900, status="UNVERIFIED")
    assert ranks(counties[0], facts_version())[gdp.pk].country.of == 1
    assert ranks(counties[1], facts_version()) == {}


def test_only_the_latest_year_is_compared_with_the_same_year(counties: list[Area], gdp: Indicator) -> None:
    examples.value(counties[0], gdp, 50, year=2019)
    examples.value(counties[0], gdp, 100, year=2020)
    examples.value(counties[1], gdp, 70, year=2019)
    examples.value(counties[2], gdp, 80, year=2020)
    standing = ranks(counties[0], facts_version())[gdp.pk]
    assert (standing.year, standing.country.rank, standing.country.of) == (2020, 1, 2)


def test_province_does_not_count_as_a_county(counties: list[Area], gdp: Indicator) -> None:
    examples.value(counties[0], gdp, 100)
    examples.value(Area.objects.get(code="520000"), gdp, 10_000)
    assert ranks(counties[0], facts_version())[gdp.pk].country.of == 1
