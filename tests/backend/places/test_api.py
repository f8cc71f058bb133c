"""The register of areas over HTTP, without a log-in."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.places.models import Area, AreaFlag, AreaSuccession
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def changshun() -> Area:
    province, prefecture = examples.guizhou()
    east = examples.area("370000", "山东省")
    examples.area("371722", "单县", parent=east, is_eastern_helper=True)
    shuicheng = examples.area("520221", "水城县", parent=province, valid_to_year=2019)
    district = examples.area("520204", "水城区", parent=province, valid_from_year=2020)
    AreaSuccession.objects.create(from_area=shuicheng, to_area=district, year=2020, kind="RECODED", status="UNVERIFIED")
    examples.poor(district, exit_year=2020, supervised_2020=True)
    county = examples.area("522729", "长顺县", parent=prefecture, lon=106.39805, lat=25.99456)
    examples.poor(county)
    return county


def codes(query: str) -> list[str]:
    response = APIClient().get(f"/api/areas?{query}")
    assert response.status_code == 200, response.content.decode()
    return [row["code"] for row in response.json()["results"]]


@pytest.mark.parametrize("text", ["长顺", "changshun", "csx", "522729", "贵州 长顺", "CHANGSHUN", "黔南 顺县"])
def test_county_is_found_by_name_code_pinyin_and_initials(text: str) -> None:
    assert codes(f"search={text}&level=COUNTY") == ["522729"]


def test_county_is_not_found_by_how_it_is_not_called() -> None:
    assert codes("search=zhangshun") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("poor=true", ["520204", "522729"]),
        ("tier=deep", ["520204"]),
        ("tier=poor", ["522729"]),
        ("eastern=true", ["371722"]),
        ("parent=520000&level=COUNTY", ["520204", "522729"]),
        ("parent=522700", ["522729"]),
        ("level=PROVINCE", ["370000", "520000"]),
        ("year=2018&parent=520000&level=COUNTY", ["520221", "522729"]),
        ("poor=true&ordering=-exit_year", ["520204", "522729"]),
    ],
)
def test_list_is_narrowed(query: str, found: list[str]) -> None:
    assert codes(query) == found


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("level=GALAXY", "level", "选择一个有效的选项。 GALAXY 不在可用的选项中。"),
        ("tier=deepest", "tier", "选择一个有效的选项。 deepest 不在可用的选项中。"),
        ("year=1949", "year", "确保该值大于或等于2016。"),
        ("ordering=salary", "ordering", "不能按“salary”排序"),
    ],
)
def test_filter_nobody_knows_is_refused_by_name(query: str, field: str, message: str) -> None:
    response = APIClient().get(f"/api/areas?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/problem+json")
    assert [(error["field"], error["message"]) for error in response.json()["errors"]] == [(field, message)]


def profile(code: str) -> dict[str, Any]:
    response = APIClient().get(f"/api/areas/{code}")
    assert response.status_code == 200
    return dict(response.json())


def test_profile_tells_what_is_known_and_how_far(changshun: Area) -> None:
    AreaFlag.objects.create(area=changshun, kind="DEEP_POVERTY", value="UNKNOWN", status="UNVERIFIED")
    told = profile("522729")
    assert told["parent"]["full_name"] == "贵州省黔南布依族苗族自治州"
    assert told["poor_county"]["exit_year"] == 2019
    assert told["depth"] == {"tier": "poor", "reasons": [], "unknown": ["DEEP_POVERTY"]}
    assert told["flags"] == [
        {
            "kind": "DEEP_POVERTY",
            "kind_label": "深度贫困县",
            "value": "UNKNOWN",
            "detail": "",
            "status": "UNVERIFIED",
            "source": "",
        }
    ]
    assert told["indicators"] == []
    assert told["successors"] == []


def test_profile_shows_every_year_and_ranks_the_latest_sourced_one(changshun: Area) -> None:
    income = examples.indicator("rural_disposable_income", name_zh="农村居民人均可支配收入", unit="元")
    examples.value(changshun, income, 9000, year=2018)
    examples.value(changshun, income, 9800, year=2019)
    examples.value(changshun, income, 99999, year=2020, status="UNVERIFIED")
    examples.value(Area.objects.get(code="520204"), income, 10500, year=2019)
    [told] = profile("522729")["indicators"]
    assert [(point["year"], point["value"], point["status"]) for point in told["points"]] == [
        (2018, "9000", "SOURCED"),
        (2019, "9800", "SOURCED"),
        (2020, "99999", "UNVERIFIED"),
    ]
    assert told["compared_year"] == 2019
    assert told["country"] == {"rank": 2, "of": 2, "median": "10150.00"}


def test_code_no_longer_in_force_leads_to_its_successor() -> None:
    told = profile("520221")
    assert (told["name"], told["valid_to_year"]) == ("水城县", 2019)
    assert [one["code"] for one in told["successors"]] == ["520204"]


@pytest.mark.parametrize("code", ["999999", "52272", "5227290", "52272a", "%00"])
def test_code_nobody_knows_is_not_found(code: str) -> None:
    assert APIClient().get(f"/api/areas/{code}").status_code == 404


def test_list_costs_the_same_number_of_queries_however_long_it_is(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        codes("page_size=1000")
