"""PostgreSQL itself refuses what a place cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.places.models import Area, AreaFlag, AreaSuccession
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


def refused_by(constraint: str, **given: Any) -> None:
    province = Area.objects.get(code="520000")
    fields = {"code": "522729", "name": "长顺县", "parent": province, **given}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        examples.area(fields.pop("code"), fields.pop("name"), **fields)


@pytest.fixture(autouse=True)
def province() -> Area:
    return examples.guizhou()[0]


def test_a_code_has_one_row_per_year(province: Area) -> None:
    examples.area("520221", "水城县", parent=province, valid_to_year=2019)
    refused_by("area_one_row_per_code_and_year", code="520221", name="水城区", valid_from_year=2019, valid_to_year=None)


def test_a_code_may_go_on_under_another_name_a_year_later(province: Area) -> None:
    examples.area("130502", "桥东区", parent=province, valid_to_year=2019)
    examples.area("130502", "襄都区", parent=province, valid_from_year=2020)
    assert [one.name for one in Area.objects.in_year(2019).filter(code="130502")] == ["桥东区"]
    assert [one.name for one in Area.objects.in_year(2020).filter(code="130502")] == ["襄都区"]


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("area_code_as_long_as_its_level", {"code": "52A001", "level": "COUNTY"}),
        ("area_code_as_long_as_its_level", {"code": "520001001", "level": "COUNTY"}),
        ("area_years_in_order", {"valid_from_year": 2019, "valid_to_year": 2018}),
        ("area_only_provinces_have_no_parent", {"parent": None}),
        ("area_located_in_china_or_nowhere", {"lon": 10.0, "lat": 50.0}),
        ("area_located_in_china_or_nowhere", {"lon": 106.4, "lat": None}),
        ("area_helpers_are_counties", {"level": "PREFECTURE", "is_eastern_helper": True}),
        ("area_sourced_has_source", {"status": "SOURCED", "source": ""}),
    ],
)
def test_a_place_that_cannot_be_is_refused(constraint: str, given: dict[str, Any]) -> None:
    refused_by(constraint, **given)


def test_a_province_has_no_parent(province: Area) -> None:
    refused_by("area_only_provinces_have_no_parent", code="530000", name="云南省", parent=province)


def test_an_area_does_not_succeed_itself(province: Area) -> None:
    with pytest.raises(IntegrityError, match="succession_moves_on"):
        AreaSuccession.objects.create(
            from_area=province, to_area=province, year=2020, kind="RENAMED", status="UNVERIFIED"
        )


def test_a_flag_is_stated_once(province: Area) -> None:
    flag = {"area": province, "kind": "KEY_COUNTY", "value": "UNKNOWN", "status": "UNVERIFIED"}
    AreaFlag.objects.create(**flag)
    with pytest.raises(IntegrityError, match="flag_once_per_area_and_kind"):
        AreaFlag.objects.create(**flag)


def test_only_members_of_a_list_name_their_part_of_it(province: Area) -> None:
    with pytest.raises(IntegrityError, match="flag_detail_only_for_members"):
        AreaFlag.objects.create(
            area=province, kind="CONTIGUOUS_AREA", value="NO", detail="武陵山区", status="UNVERIFIED"
        )


def test_a_county_leaves_the_list_between_2016_and_2020(province: Area) -> None:
    county = examples.area("522729", "长顺县", parent=province)
    with pytest.raises(IntegrityError, match="poor_county_exit_2016_to_2020"):
        examples.poor(county, exit_year=2021)


def test_an_indicator_has_one_value_a_year(province: Area) -> None:
    gdp = examples.indicator()
    examples.value(province, gdp, 100)
    with pytest.raises(IntegrityError, match="indicator_value_once_per_year"):
        examples.value(province, gdp, 200)
