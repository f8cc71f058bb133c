"""The coordinator's figures equal what the records say, and stop at the region's border."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.reports import workbench
from tests.backend.world import World, key


def confirm(world: World, helper: str, recipient: str) -> int:
    pairing = world.pair(helper, recipient, status="PROPOSED", origin="MANUAL")
    for who, version in ((helper, 1), (recipient, 1)):
        response = world.client(who).post(
            f"/api/pairings/{pairing.pk}/acknowledgement",
            {"answer": "ACKNOWLEDGED"},
            format="json",
            HTTP_IF_MATCH=f'"{version}"',
        )
        assert response.status_code == 201, response.json()
    return pairing.pk


def test_recorded_and_confirmed_are_two_numbers(world: World) -> None:
    world.pair("dongli", "longhua")
    world.pair("dongli", "fengning", status="UNVERIFIED", fact_status="UNVERIFIED", source="")
    confirm(world, "xiqing", "maqu")
    told = world.client("coordinator").get("/api/workbench").json()
    assert told["counties"] == {"poor": 4, "deep": 1}
    assert told["covered"] == {
        "recorded": 2,
        "confirmed": 1,
        "deep_recorded": 1,
        "deep_confirmed": 1,
        "unconfirmed_only": 0,
        "unverified_only": 1,
    }
    assert told["pairings"] == {"IN_FORCE": 1, "AGREED": 1, "UNVERIFIED": 1}


def test_pairing_left_unanswered_for_too_long_is_not_recorded(world: World, settings: Any) -> None:
    days = settings.PAIRING_UNCONFIRMED_DAYS
    for name, ago in (("longhua", days + 1), ("fengning", days - 1)):
        asked_at = timezone.now() - dt.timedelta(days=ago)
        world.pair("dongli", name, status="PROPOSED", origin="MANUAL", asked_at=asked_at)
    covered = world.client("coordinator").get("/api/workbench").json()["covered"]
    assert (covered["recorded"], covered["unconfirmed_only"], covered["confirmed"]) == (1, 1, 0)
    rows = {one["code"]: one["recorded"] for one in world.client("coordinator").get("/api/coverage").json()}
    assert (rows["130825"], rows["130826"]) == (False, True)


def test_money_is_told_by_stage_and_never_merged(world: World) -> None:
    pairing = confirm(world, "xiqing", "maqu")
    client = world.client("xiqing")
    body = {
        "pairing": pairing,
        "kind": "FISCAL_AID",
        "mode": "TRAINING",
        "year": 2020,
        "title": "培训",
        "amount_yuan": "100",
    }
    commitment = client.post("/api/commitments", body, format="json", **key()).json()["id"]
    for amount in ("60", "30"):
        arrival = {"amount_yuan": amount, "occurred_date": "2020-02-01"}
        told = client.post(f"/api/commitments/{commitment}/arrivals", arrival, format="json", **key()).json()
    first = next(one for one in told["entries"] if one["amount_yuan"] == "60.00")
    world.client("maqu").post(
        f"/api/ledger-entries/{first['id']}/confirmation", {"answer": "CONFIRMED"}, format="json", **key()
    )
    money = world.client("coordinator").get("/api/workbench").json()["money"]
    assert abs(dt.datetime.fromisoformat(money.pop("as_of")) - timezone.now()) < dt.timedelta(minutes=5)
    assert money == {
        "agreed": "100.00",
        "arrived": "90.00",
        "confirmed_arrived": "60.00",
        "spent": "0.00",
        "accepted": "0.00",
    }


def test_sums_over_very_many_commitments_are_kept_for_whoever_looks_next(
    world: World, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(cache.clear)
    pairing = confirm(world, "xiqing", "maqu")
    promise = {"pairing": pairing, "kind": "FISCAL_AID", "mode": "TRAINING", "year": 2020, "amount_yuan": "100"}

    def promised(title: str) -> str:
        world.client("xiqing").post("/api/commitments", promise | {"title": title}, format="json", **key())
        return str(world.client("coordinator").get("/api/workbench").json()["money"]["agreed"])

    monkeypatch.setattr(workbench, "MANY", 3)
    assert [promised(title) for title in ("甲", "乙", "丙", "丁")] == ["100.00", "200.00", "300.00", "300.00"]
    cache.clear()  # as some seconds do
    assert promised("戊") == "500.00"


def test_regional_coordinator_sees_the_region_only(world: World) -> None:
    world.pair("dongli", "longhua")
    world.pair("xiqing", "maqu")
    told = world.client("gansu").get("/api/workbench").json()
    assert told["counties"] == {"poor": 2, "deep": 1}
    assert told["covered"]["recorded"] == 1
    codes = {one["code"] for one in world.client("gansu").get("/api/coverage").json()}
    assert codes == {"623025", "621202"}


def test_coordinator_of_a_helping_region_sees_the_counties_it_is_there_for(world: World) -> None:
    """Tianjin is to help Chengde and Gansu but for Longnan; what it helps beyond that stays its concern."""
    tianjin = User.objects.create(username="tianjin", role=Role.COORDINATOR, region=world.areas["tianjin"])
    world.users["tianjin"] = tianjin
    world.pair("dongli", "longhua")
    client = world.client("tianjin")
    told = client.get("/api/workbench").json()
    assert (told["counties"], told["covered"]["recorded"]) == ({"poor": 3, "deep": 1}, 1)
    world.pair("xiqing", "wudu")
    world.pair("huangdao", "wudu")
    told = {one["code"]: one["helpers"] for one in client.get("/api/coverage").json()}
    assert set(told) == {"130825", "130826", "623025", "621202"}
    assert [one["name"] for one in told["621202"]] == ["天津市西青区人民政府"]


def test_coverage_names_every_helper_of_a_county(world: World) -> None:
    world.pair("dongli", "maqu")
    world.pair("xiqing", "maqu")
    rows = {one["code"]: one for one in world.client("auditor").get("/api/coverage?year=2020").json()}
    assert [one["code"] for one in rows["623025"]["helpers"]] == ["120110", "120111"]
    assert (rows["623025"]["tier"], rows["623025"]["recorded"], rows["623025"]["confirmed"]) == ("deep", True, False)
    assert rows["621202"]["helpers"] == []


@pytest.mark.parametrize("who", ["dongli", "longhua"])
def test_sides_have_no_workbench(world: World, who: str) -> None:
    assert world.client(who).get("/api/workbench").status_code == 403
    assert world.client(who).get("/api/coverage").status_code == 403


def test_bad_year_is_refused_by_name(world: World) -> None:
    response = world.client("coordinator").get("/api/workbench?year=今年")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "year"


def test_figures_cost_the_same_however_many_counties(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("coordinator")
    with django_assert_max_num_queries(7):
        client.get("/api/workbench")
    with django_assert_max_num_queries(4):
        client.get("/api/coverage")
