"""Policies: versioned, immutable, checked; and the frame in which counties may be paired."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from backend.programmes import eligibility
from backend.programmes.actions import working_year
from backend.programmes.models import Policy, RegionPair
from tests.backend.places import examples
from tests.backend.world import POLICY, World


def publish(world: World, who: str = "coordinator", **changes: Any):
    body = {"channel": "county_pairing", "based_on": 1, **POLICY, **changes}
    return world.client(who).post("/api/policies", body, format="json")


def test_editing_makes_the_next_version_and_leaves_the_old_one(world: World) -> None:
    made = publish(world, name="向深度贫困倾斜")
    assert made.status_code == 201
    assert (made.json()["version"], made.json()["created_by"]) == (2, "coordinator的经办人")
    listed = world.client("coordinator").get("/api/policies?channel=county_pairing").json()["results"]
    assert [(one["version"], one["name"]) for one in listed] == [(2, "向深度贫困倾斜"), (1, "测试政策")]


def test_editing_an_outdated_version_is_refused(world: World) -> None:
    publish(world)
    response = publish(world)
    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] == "based_on"
    assert "您修改的是第 1 版，现在已是第 2 版" in response.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weights": {**POLICY["weights"], "depth": 31}}, "weights"),
        ({"weights": {"depth": 90, "luck": 10}}, "weights"),
        ({"weights": {"depth": 101}}, "weights.depth"),
        ({"coverage_deep": [1, 2]}, "coverage_deep"),
        ({"helper_min": 3}, "helper_min"),
        ({"recipient_max": 51}, "recipient_max"),
        ({"channel": "gold"}, "channel"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_policy_is_refused_with_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    response = publish(world, **changes)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field
    assert Policy.objects.count() == 1


def test_only_coordinators_make_policy(world: World) -> None:
    assert publish(world, who="auditor").status_code == 403
    assert publish(world, who="dongli").status_code == 403


def test_policy_cannot_be_changed_once_written(world: World) -> None:
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete rows from programmes_policy"),
        transaction.atomic(),
    ):
        Policy.objects.update(helper_max=9)


def test_database_itself_refuses_weights_that_do_not_sum_to_a_hundred(world: World) -> None:
    content = {name: value for name, value in POLICY.items() if name != "weights"}
    with pytest.raises(IntegrityError, match="policy_weights_sum_to_100"), transaction.atomic():
        Policy.objects.create(channel=world.channel, version=9, weights={"depth": 99}, **content)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"weights": {"depth": 150, "ties": -50}}, "policy_weights_are_percents"),
        ({"weights": {"depth": 99.5, "ties": 0.5}}, "policy_weights_are_percents"),
        ({"coverage_poor": [5, 4, 6]}, "policy_coverage_never_increases"),
    ],
)
def test_database_itself_refuses_what_no_policy_can_mean(
    world: World, changes: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Policy.objects.create(channel=world.channel, version=9, **{**POLICY, **changes})


def test_coordinator_of_a_region_makes_no_policy_for_the_whole_country(world: World) -> None:
    response = publish(world, who="gansu")
    assert response.status_code == 403
    assert response.json()["detail"] == "匹配政策对全国有效，只有全国协调员可以修改"


def test_preview_tells_size_and_warnings_without_storing_anything(world: World) -> None:
    content = {name: value for name, value in POLICY.items() if name not in ("name", "note")}
    body = {"channel": "county_pairing", **content, "recipient_min": 2, "helper_max": 1}
    told = world.client("coordinator").post("/api/policies/preview", body, format="json").json()
    assert told["year"] == 2020
    assert (told["counts"]["helpers"], told["counts"]["recipients"], told["counts"]["deep"]) == (3, 4, 1)
    assert told["conflict"]["shortfall"] == 1
    assert told["conflict"]["cure"]["changes"]
    assert Policy.objects.count() == 1


def test_most_specific_region_pair_decides(world: World) -> None:
    graph = eligibility.of_counties(world.channel, 2020)
    areas = world.areas
    assert graph.pair_for(areas["dongli"], areas["longhua"]) is not None
    assert graph.pair_for(areas["dongli"], areas["maqu"]) is not None
    assert graph.pair_for(areas["huangdao"], areas["wudu"]) is not None
    assert graph.pair_for(areas["dongli"], areas["wudu"]) is None
    assert graph.pair_for(areas["huangdao"], areas["maqu"]) is None


def test_city_without_counties_helps_in_its_own_name(world: World) -> None:
    guangdong = examples.area("440000", "广东省")
    zhongshan = examples.area("442000", "中山市", parent=guangdong)
    foshan = examples.area("440600", "佛山市", parent=guangdong)
    examples.area("440604", "禅城区", parent=foshan, is_eastern_helper=True)
    for helper in (zhongshan, foshan):
        RegionPair.objects.create(
            channel=world.channel, helper_area=helper, recipient_area=world.areas["gannan"],
            valid_from=dt.date(2016, 1, 1), valid_to=dt.date(2020, 12, 31), status="UNVERIFIED",
        )  # fmt: skip
    graph = eligibility.of_counties(world.channel, 2020)
    assert zhongshan.pk in graph.helper_ids
    assert foshan.pk not in graph.helper_ids  # its districts do
    assert graph.pair_for(zhongshan, world.areas["maqu"]) is not None
    assert graph.pair_for(guangdong, world.areas["maqu"]) is None


def test_region_pair_counts_only_while_it_is_valid(world: World) -> None:
    assert eligibility.of_counties(world.channel, 2015).blocks == ()
    assert working_year(world.channel) == 2020


def test_region_pair_is_recorded_once_at_a_time(world: World) -> None:
    areas = world.areas
    with pytest.raises(IntegrityError, match="region_pair_once_at_a_time"), transaction.atomic():
        RegionPair.objects.create(
            channel=world.channel, helper_area=areas["tianjin"], recipient_area=areas["gansu"],
            valid_from=dt.date(2019, 1, 1), valid_to=None, status="UNVERIFIED",
        )  # fmt: skip
