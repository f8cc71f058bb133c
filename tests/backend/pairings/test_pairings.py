"""Proposing by hand, answering for one side, and who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from backend.pairings.models import Acknowledgement, Pairing
from backend.parties.models import Party
from backend.places.models import Area
from tests.backend.world import World


def body(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "helper": world.governments["dongli"].pk,
        "recipient": "130825",
        "channel": "county_pairing",
        "start_date": "2020-01-01",
        "end_date": "2020-12-31",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "code", "field", "message"),
    [
        ({"recipient": "999999"}, 400, "recipient", "没有行政区划代码 999999"),
        ({"recipient": "621202"}, 400, "recipient", "不在同一省市协作关系之内"),
        ({"recipient": "120111"}, 400, "recipient", "不在同一省市协作关系之内"),
        ({"helper": 999999}, 400, "helper", "没有编号为 999999 的记录"),
        ({"channel": "nonsense"}, 400, "channel", "没有渠道“nonsense”"),
        ({"start_date": "2020-13-01"}, 400, "start_date", "日期"),
        ({"end_date": "2019-01-01"}, 400, "end_date", "结束日期不能早于开始日期"),
        ({"amount": 1}, 400, "amount", "没有这个字段"),
    ],
)
def test_bad_pairing_is_refused_with_its_field(
    world: World, changes: dict[str, Any], code: int, field: str, message: str
) -> None:
    response = world.client("coordinator").post("/api/pairings", body(world, **changes), format="json")
    assert response.status_code == code
    error = response.json()["errors"][0]
    assert error["field"] == field
    assert message in error["message"]
    assert not Pairing.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"start_date": "2015-12-31"}, "start_date", "2015 年没有省市协作关系，不能结对"),
        ({"end_date": "2021-06-30"}, "end_date", "省市协作关系到 2020-12-31 为止，结对不能更晚"),
    ],
)
def test_pairing_outside_the_period_of_its_region_pair_is_refused(
    world: World, changes: dict[str, Any], field: str, message: str
) -> None:
    response = world.client("coordinator").post("/api/pairings", body(world, **changes), format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0] == {"field": field, "code": "invalid", "message": message}


def test_pairing_without_an_end_lasts_as_long_as_its_region_pair(world: World) -> None:
    made = world.client("coordinator").post("/api/pairings", body(world, end_date=None), format="json")
    assert made.status_code == 201
    assert made.json()["end_date"] == "2020-12-31"


def test_central_unit_is_no_helper_of_a_county_pairing(world: World) -> None:
    unit = Party.objects.create(kind=Party.Kind.CENTRAL_UNIT, name="【演示】单位", status="UNVERIFIED", is_demo=True)
    response = world.client("coordinator").post("/api/pairings", body(world, helper=unit.pk), format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "携手奔小康的帮扶方应是人民政府"


def test_coordinator_of_a_region_records_no_pairing_elsewhere(world: World) -> None:
    client = world.client("gansu")
    refused = client.post("/api/pairings", body(world), format="json")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["message"] == "双方都不在您的管理范围之内，不能录入"
    assert not Pairing.objects.exists()
    assert client.post("/api/pairings", body(world, recipient="623025"), format="json").status_code == 201


def test_duplicate_pair_is_refused(world: World) -> None:
    client = world.client("coordinator")
    assert client.post("/api/pairings", body(world), format="json").status_code == 201
    response = client.post("/api/pairings", body(world, start_date="2020-06-01"), format="json")
    assert response.status_code == 409
    assert response.json()["errors"][0] == {
        "field": "recipient",
        "code": "constraint",
        "message": "双方在这一渠道、这一时期已有结对关系，不能重复结对",
    }
    assert Pairing.objects.count() == 1


def test_partner_may_not_record_pairings(world: World) -> None:
    response = world.client("dongli").post("/api/pairings", body(world), format="json")
    assert response.status_code == 403
    assert response.json()["detail"] == "只有协调员可以录入结对关系，您的角色是帮扶方政府"


def proposed(world: World) -> Pairing:
    made = world.client("coordinator").post("/api/pairings", body(world), format="json").json()
    return Pairing.objects.get(pk=made["id"])


def answer(world: World, pairing: Pairing, who: str, text: str = "ACKNOWLEDGED", **more: Any):
    pairing.refresh_from_db()
    headers = more.pop("headers", {"HTTP_IF_MATCH": f'"{pairing.version}"'})
    return world.client(who).post(
        f"/api/pairings/{pairing.pk}/acknowledgement", {"answer": text, **more}, format="json", **headers
    )


def test_pairing_is_confirmed_only_when_both_sides_said_so(world: World) -> None:
    pairing = proposed(world)
    first = answer(world, pairing, "dongli").json()
    assert (first["status"], first["is_confirmed"]) == ("PROPOSED", False)
    second = answer(world, pairing, "longhua").json()
    assert (second["status"], second["is_confirmed"]) == ("AGREED", True)
    assert [one["side"] for one in second["acknowledgements"]] == ["HELPER", "RECIPIENT"]


def test_objection_needs_a_reason_and_stops_the_pairing(world: World) -> None:
    pairing = proposed(world)
    assert answer(world, pairing, "longhua", "OBJECTED").json()["errors"][0]["field"] == "reason"
    assert answer(world, pairing, "longhua", "OBJECTED", reason="已有三家帮扶").json()["status"] == "OBJECTED"
    assert answer(world, pairing, "dongli").status_code == 409


def test_side_answers_once(world: World) -> None:
    pairing = proposed(world)
    answer(world, pairing, "dongli")
    response = answer(world, pairing, "dongli")
    assert response.status_code == 409
    assert response.json()["detail"] == "本方已经答复过这条结对，请刷新后查看"
    assert Acknowledgement.objects.count() == 1


def test_nobody_answers_for_a_side_that_is_not_theirs(world: World) -> None:
    pairing = proposed(world)
    assert answer(world, pairing, "coordinator").status_code == 403
    for outsider in ("xiqing", "fengning", "huangdao"):
        assert answer(world, pairing, outsider).status_code == 404
    assert not Acknowledgement.objects.exists()


def test_answer_to_a_version_one_has_not_seen_is_refused(world: World) -> None:
    pairing = proposed(world)
    stale = answer(world, pairing, "dongli", headers={"HTTP_IF_MATCH": '"7"'})
    assert stale.status_code == 412
    assert stale.json()["current_version"] == pairing.version
    assert answer(world, pairing, "dongli", headers={}).status_code == 428
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("coordinator", True),
        ("auditor", True),
        ("administrator", False),
        ("dongli", True),
        ("longhua", True),
        ("gansu", False),
        ("xiqing", False),
        ("huangdao", False),
        ("fengning", False),
    ],
)
def test_pairing_is_seen_by_its_sides_and_their_overseers_only(world: World, who: str, sees: bool) -> None:
    pairing = proposed(world)
    client = world.client(who)
    assert client.get(f"/api/pairings/{pairing.pk}").status_code == (200 if sees else 404)
    assert client.get(f"/api/pairings/{pairing.pk}/events").status_code == (200 if sees else 404)
    assert client.get("/api/pairings").json()["count"] == (1 if sees else 0)


def test_life_of_a_pairing_is_told_in_order(world: World) -> None:
    pairing = proposed(world)
    answer(world, pairing, "dongli")
    answer(world, pairing, "longhua")
    events = world.client("dongli").get(f"/api/pairings/{pairing.pk}/events").json()["results"]
    assert [one["verb"] for one in events] == ["proposed", "helper_acknowledged", "recipient_acknowledged", "agreed"]
    assert events[1]["actor_label"] == "dongli的经办人（帮扶方政府）"


def test_lists_cost_the_same_however_long(world: World, django_assert_max_num_queries: Any) -> None:
    for recipient in ("longhua", "fengning", "maqu"):
        world.pair("dongli", recipient)
    client = world.client("coordinator")
    with django_assert_max_num_queries(4):
        assert client.get("/api/pairings").json()["count"] == 3


def test_search_finds_either_side_by_pinyin(world: World) -> None:
    world.pair("dongli", "longhua")
    world.pair("xiqing", "maqu")
    client = world.client("coordinator")
    assert client.get("/api/pairings?search=longhua").json()["count"] == 1
    assert client.get("/api/pairings?search=西青").json()["count"] == 1
    assert Area.objects.filter(pinyin__startswith="maqu").exists()


def test_list_is_narrowed_to_what_both_sides_confirmed_or_did_not(world: World) -> None:
    made = {name: world.pair("dongli", name, status="PROPOSED", origin="MANUAL") for name in ("longhua", "fengning")}
    for who in ("dongli", "longhua"):
        answer = {"answer": "ACKNOWLEDGED"}
        url = f"/api/pairings/{made['longhua'].pk}/acknowledgement"
        version = world.client(who).get(f"/api/pairings/{made['longhua'].pk}").json()["version"]
        world.client(who).post(url, answer, format="json", HTTP_IF_MATCH=f'"{version}"')
    for confirmed, name in (("true", "longhua"), ("false", "fengning")):
        rows = world.client("coordinator").get("/api/pairings", {"confirmed": confirmed}).json()["results"]
        assert [(row["id"], row["is_confirmed"]) for row in rows] == [(made[name].pk, confirmed == "true")]
