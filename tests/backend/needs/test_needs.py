"""A need goes from the village over the township to the county, and by two people at least."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.commitments.actions import register
from backend.lifecycle.models import Event
from backend.needs import actions
from backend.needs.models import Need
from backend.parties.models import Capability, Party
from backend.places.models import Area
from tests.backend.places import examples
from tests.backend.world import World

pytestmark = pytest.mark.django_db

CONTENT: dict[str, Any] = {
    "title": "安全饮水管网",
    "detail": "",
    "category": "WATER",
    "causes": ["WATER", "ROADS"],
    "quantity": "12.50",
    "unit": "公里",
    "cost_yuan": "860000.00",
    "deadline_date": "2099-12-31",
    "performance_target": "120 户喝上自来水",
    "benefit_link": "SERVICE",
    "beneficiaries": 410,
}


def government(area: Area) -> Party:
    return Party.objects.create(kind="GOVERNMENT", name=f"{area.name}政府", area=area, status="UNVERIFIED")


@pytest.fixture
def people(world: World) -> dict[str, APIClient]:
    """The village, its township, two people of the county, and the county next to it."""
    township = examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    village = examples.area("130825100201", "下洼子村", parent=township)
    for name, party in (
        ("township", government(township)),
        ("village", government(village)),
        ("approver", world.governments["longhua"]),
    ):
        world.users[name] = User.objects.create(username=name, display_name=name, role=Role.RECIPIENT, party=party)
    return {name: world.client(name) for name in ("village", "township", "longhua", "approver", "fengning", "dongli")}


def propose(client: APIClient, area: str = "130825100201", **changes: Any) -> Any:
    return client.post("/api/needs", {**CONTENT, "area": area, **changes}, format="json")


def step(client: APIClient, need: dict[str, Any], name: str, reason: str = "", version: int | None = None) -> Any:
    headers = {"if-match": f'"{version or need["version"]}"'}
    return client.post(f"/api/needs/{need['id']}/decision", {"step": name, "reason": reason}, headers=headers)


def change(client: APIClient, need: dict[str, Any], **changes: Any) -> Any:
    body = {**CONTENT, "reason": "", **changes}
    return client.put(f"/api/needs/{need['id']}", body, format="json", headers={"if-match": f'"{need["version"]}"'})


def done(response: Any) -> dict[str, Any]:
    assert response.status_code in (200, 201), response.content
    said: dict[str, Any] = response.json()
    return said


def published(people: dict[str, APIClient]) -> dict[str, Any]:
    need = done(propose(people["village"]))
    need = done(step(people["township"], need, "REVIEW"))
    return done(step(people["approver"], need, "PUBLISH"))


def test_need_of_a_village_becomes_public_over_township_and_county(people: dict[str, APIClient]) -> None:
    need = done(propose(people["village"]))
    assert (need["status"], need["status_label"]) == ("PROPOSED", "待审核")
    assert APIClient().get(f"/api/needs/{need['id']}").status_code == 404
    need = done(step(people["township"], need, "REVIEW"))
    need = done(step(people["longhua"], need, "PUBLISH"))
    seen = done(APIClient().get(f"/api/needs/{need['id']}"))
    assert (seen["title"], seen["cost_yuan"], seen["cause_labels"]) == (
        CONTENT["title"],
        "860000.00",
        ["缺水", "交通条件落后"],
    )
    about = {"subject_type": "needs.need", "subject_id": need["id"]}
    told = done(people["longhua"].get("/api/history", about))
    assert [(entry["verb"], entry["to_status"]) for entry in told] == [
        ("proposed", "PROPOSED"),
        ("reviewed", "REVIEWED"),
        ("published", "PUBLISHED"),
    ]


def fitting(people: dict[str, APIClient], who: str, **query: Any) -> list[int]:
    said = done(people[who].get("/api/needs", {"fitting": "true", **query}))
    return [row["id"] for row in said["results"]]


def test_need_fits_whoever_offers_its_category_in_time_while_something_lacks(
    world: World, people: dict[str, APIClient]
) -> None:
    need = published(people)
    assert fitting(people, "dongli") == []  # it has not said what it can do
    Capability.objects.create(party=world.governments["dongli"], category="HEALTH")
    assert fitting(people, "dongli") == []
    Capability.objects.create(party=world.governments["dongli"], category="WATER")
    assert fitting(people, "dongli") == [need["id"]]
    assert fitting(people, "fengning") == []
    others = done(people["dongli"].get("/api/needs", {"fitting": "false"}))
    assert others["count"] == 0
    Need.objects.filter(pk=need["id"]).update(deadline_date=dt.date(2020, 1, 1))
    assert fitting(people, "dongli") == []


def test_need_that_is_promised_in_full_or_not_published_fits_nobody(world: World, people: dict[str, APIClient]) -> None:
    Capability.objects.create(party=world.governments["longhua"], category="WATER")
    waiting = done(propose(people["village"]))
    assert fitting(people, "longhua") == []  # the county sees it, though nobody can answer it yet
    need = done(step(people["township"], waiting, "REVIEW"))
    need = done(step(people["approver"], need, "PUBLISH"))
    assert fitting(people, "longhua") == [need["id"]]
    pairing = world.pair("dongli", "longhua")
    promise = {"pairing": pairing, "kind": "FISCAL_AID", "mode": "DIRECT", "year": 2020, "title": "管网"}
    register(**promise, need=Need.objects.get(pk=need["id"]), amount_yuan=Decimal(860000), by=world.users["dongli"])
    assert fitting(people, "longhua") == []


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("village", ["CHANGE", "WITHDRAW"]),
        ("township", ["REVIEW", "SEND_BACK", "CHANGE", "WITHDRAW"]),
        ("longhua", ["REVIEW", "SEND_BACK", "CHANGE", "WITHDRAW"]),
        ("fengning", None),
        ("dongli", None),
    ],
)
def test_each_is_told_what_is_theirs_to_do(people: dict[str, APIClient], who: str, expected: list[str] | None) -> None:
    need = done(propose(people["village"]))
    response = people[who].get(f"/api/needs/{need['id']}")
    if expected is None:
        assert response.status_code == 404
    else:
        assert response.json()["my_steps"] == expected


@pytest.mark.parametrize("name", list(actions.Step))
def test_what_one_may_do_and_what_one_can_do_are_the_same(people: dict[str, APIClient], name: str) -> None:
    for who in ("village", "township", "longhua", "approver"):
        need = done(propose(people["village"]))
        with transaction.atomic():
            response = (
                change(people[who], need, title="改过的名称")
                if name == "CHANGE"
                else step(people[who], need, name, "理由")
            )
            transaction.set_rollback(True)
        offered = name in done(people[who].get(f"/api/needs/{need['id']}"))["my_steps"]
        assert (response.status_code == 200) == offered, (who, response.json())


def test_county_does_not_approve_what_it_worded(people: dict[str, APIClient]) -> None:
    need = done(propose(people["longhua"], area="130825"))
    response = step(people["longhua"], need, "PUBLISH")
    assert (response.status_code, response.json()["detail"]) == (409, "提出和审定不能是同一个人，请由另一位同事审定")
    assert done(step(people["approver"], need, "PUBLISH"))["status"] == "PUBLISHED"


def test_whoever_corrects_a_need_no_longer_approves_it(people: dict[str, APIClient]) -> None:
    need = done(change(people["approver"], done(propose(people["longhua"], area="130825")), title="改过的名称"))
    assert step(people["approver"], need, "PUBLISH").status_code == 409
    assert done(step(people["longhua"], need, "PUBLISH"))["title"] == "改过的名称"


def test_village_need_is_not_published_past_its_township(people: dict[str, APIClient]) -> None:
    response = step(people["approver"], done(propose(people["village"])), "PUBLISH")
    assert (response.status_code, response.json()["detail"]) == (409, "村级需求须先经乡镇审核，再由县级审定")


def test_returned_need_is_corrected_and_reviewed_anew(people: dict[str, APIClient]) -> None:
    need = done(propose(people["village"]))
    refused = step(people["township"], need, "SEND_BACK")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "reason")
    need = done(step(people["township"], need, "SEND_BACK", "数量与台账不符"))
    assert (need["status"], done(people["village"].get(f"/api/needs/{need['id']}"))["my_steps"]) == (
        "RETURNED",
        ["CHANGE", "WITHDRAW"],
    )
    need = done(change(people["village"], need, quantity="11"))
    assert (need["status"], need["quantity"]) == ("PROPOSED", "11.00")


def test_what_the_township_vouched_for_is_reviewed_anew_once_changed(people: dict[str, APIClient]) -> None:
    need = done(step(people["township"], done(propose(people["village"])), "REVIEW"))
    assert done(change(people["village"], need, quantity="20"))["status"] == "PROPOSED"


def test_adjustment_of_a_published_need_is_the_countys_and_says_why(people: dict[str, APIClient]) -> None:
    need = published(people)
    assert change(people["village"], need, quantity="10").status_code == 403
    assert change(people["longhua"], need, quantity="10").json()["errors"][0]["field"] == "reason"
    need = done(change(people["longhua"], need, quantity="10", reason="四季度动态调整"))
    assert (need["status"], need["quantity"]) == ("PUBLISHED", "10.00")
    event = Event.objects.filter(subject_type="needs.need", verb="adjusted").get()
    assert (event.reason, event.payload) == ("四季度动态调整", {"quantity": ["12.50", "10.00"]})


@pytest.mark.parametrize(("name", "status"), [("MEET", "MET"), ("WITHDRAW", "WITHDRAWN")])
def test_need_ends_with_a_reason_and_stays_ended(people: dict[str, APIClient], name: str, status: str) -> None:
    need = published(people)
    assert step(people["longhua"], need, name).json()["errors"][0]["field"] == "reason"
    need = done(step(people["longhua"], need, name, "已由帮扶项目解决"))
    assert (need["status"], need["my_steps"]) == (status, [])
    assert change(people["longhua"], need, reason="再改").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"performance_target": ""}, "performance_target"),
        ({"performance_target": "   "}, "performance_target"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"cost_yuan": "20000000000"}, "cost_yuan"),
        ({"deadline_date": "2016-12-31"}, "deadline_date"),
        ({"deadline_date": "明年"}, "deadline_date"),
        ({"category": "GOLF"}, "category"),
        ({"causes": ["WATER", "IDLENESS"]}, "causes.1"),
        ({"title": "名" * 81}, "title"),
        ({"area": "130826"}, "area"),
        ({"area": "999999"}, "area"),
        ({"colour": "红"}, "colour"),
    ],
)
def test_faulty_need_is_refused_at_its_field(people: dict[str, APIClient], changes: dict[str, Any], field: str) -> None:
    response = propose(people["longhua"], **{"area": "130825", **changes})
    assert response.status_code in (400, 403)
    assert field in {error["field"] for error in response.json()["errors"]}
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("need_quantity_positive", {"quantity": Decimal(0)}),
        ("need_cost_plausible", {"cost_yuan": Decimal("10000000000.01")}),
        ("need_has_target", {"performance_target": ""}),
        ("need_four_eyes", {"approved_by": "longhua"}),
        ("need_published_by_somebody", {"status": "PUBLISHED"}),
    ],
)
def test_database_refuses_what_cannot_be(
    world: World, people: dict[str, APIClient], constraint: str, changes: dict[str, Any]
) -> None:
    given = {name: world.users[value] if name == "approved_by" else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=constraint):
        Need.objects.create(**{**_row(world, "130825"), **given})


@pytest.mark.parametrize(
    ("code", "changes", "words"),
    [
        ("130825100201", {"status": "PUBLISHED", "approved_by": "approver"}, "after its township reviewed it"),
        ("130800", {}, "needs are those of poor counties"),
        ("120110", {}, "needs are those of poor counties"),
    ],
)
def test_database_knows_whose_needs_there_are(
    world: World, people: dict[str, APIClient], code: str, changes: dict[str, Any], words: str
) -> None:
    given = {name: world.users[value] if name == "approved_by" else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=words):
        Need.objects.create(**{**_row(world, code), "published_at": timezone.now(), **given})


def _row(world: World, code: str) -> dict[str, Any]:
    return {
        **CONTENT,
        "quantity": Decimal("1"),
        "cost_yuan": None,
        "deadline_date": dt.date(2099, 1, 1),
        "area": Area.objects.get(code=code),
        "proposed_by": world.users["longhua"],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "WATER"}, True),
        ({"category": ["HEALTH", "WATER"]}, True),
        ({"category": "HEALTH"}, False),
        ({"cause": "ROADS"}, True),
        ({"cause": "ILLNESS"}, False),
        ({"area": "130825"}, True),
        ({"area": "130825100"}, True),
        ({"area": "130826"}, False),
        ({"search": "饮水 管网"}, True),
        ({"search": "xiawazi"}, True),
        ({"search": "xwz"}, True),
        ({"search": "水库"}, False),
        ({"due_before": "2099-12-31"}, True),
        ({"due_before": "2030-01-01"}, False),
    ],
)
def test_board_is_narrowed(people: dict[str, APIClient], query: dict[str, Any], found: bool) -> None:
    need = published(people)
    rows = done(APIClient().get("/api/needs", query))["results"]
    assert [row["id"] for row in rows] == ([need["id"]] if found else [])


def test_board_is_ordered_by_what_lacks_among_those_that_lack_something(people: dict[str, APIClient]) -> None:
    costs = ("300.00", "100.00", "200.00")
    made = {cost: propose(people["village"], title=f"水渠 {cost}", cost_yuan=cost).json()["id"] for cost in costs}
    asked = {"lacking": "true", "ordering": "-gap_yuan", "page_size": 2}
    for page, expected in ((1, ("300.00", "200.00")), (2, ("100.00",))):
        rows = done(people["township"].get("/api/needs", {**asked, "page": page}))["results"]
        assert [(row["id"], row["gap_yuan"], row["promised_yuan"]) for row in rows] == [
            (made[cost], cost, "0.00") for cost in expected
        ]


def test_list_costs_a_fixed_number_of_queries(people: dict[str, APIClient], django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        propose(people["village"])
    with django_assert_max_num_queries(8):
        assert done(people["township"].get("/api/needs"))["count"] == 5
