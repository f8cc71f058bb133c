"""A pairing after both sides agreed: contacts, sub-pairings, silence, marks, its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backend.pairings import marks
from backend.pairings.models import Contact, Pairing, SubPairing
from backend.programmes.models import Channel
from backend.web.problems import constraint_of
from tests.backend.places import examples
from tests.backend.together import together
from tests.backend.world import World


@pytest.fixture
def agreed(world: World) -> Pairing:
    return world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")


def send(world: World, who: str, path: str, body: dict[str, Any], version: int = 1) -> Any:
    return world.client(who).post(f"/api/{path}", body, format="json", headers={"if-match": f'"{version}"'})


def contact(world: World, who: str, pairing: Pairing, **changes: Any) -> Any:
    body = {"kind": "JOINT_MEETING", "contact_date": "2020-05-06", "participants": 12, "note": "商定项目", **changes}
    return send(world, who, f"pairings/{pairing.pk}/contacts", body)


def sub(world: World, who: str, pairing: Pairing, **changes: Any) -> Any:
    body = {
        "pairing": pairing.pk,
        "kind": "SCHOOL",
        "helper_unit": "东丽中学",
        "recipient_unit": "隆化一中",
        "start_date": "2020-03-01",
        **changes,
    }
    return send(world, who, "sub-pairings", body)


def test_meeting_is_typed_once_and_counts_for_both_sides(world: World, agreed: Pairing) -> None:
    assert contact(world, "dongli", agreed).status_code == 201
    again = contact(world, "longhua", agreed, participants=14)
    assert again.status_code == 409
    assert "可能由对方登记" in again.json()["errors"][0]["message"]
    for who in ("dongli", "longhua"):
        assert world.client(who).get(f"/api/pairings/{agreed.pk}").json()["last_contact_date"] == "2020-05-06"
    assert Contact.objects.count() == 1


def test_voided_contact_stays_on_record_and_counts_no_more(world: World, agreed: Pairing) -> None:
    made = contact(world, "dongli", agreed).json()
    assert send(world, "longhua", f"contacts/{made['id']}/void", {"reason": "没有开"}).status_code == 403
    assert send(world, "dongli", f"contacts/{made['id']}/void", {"reason": " "}).status_code == 400
    assert send(world, "dongli", f"contacts/{made['id']}/void", {"reason": "日期有误"}).status_code == 200
    assert send(world, "dongli", f"contacts/{made['id']}/void", {"reason": "日期有误"}).status_code == 409
    assert world.client("longhua").get(f"/api/pairings/{agreed.pk}").json()["last_contact_date"] is None
    assert contact(world, "longhua", agreed).status_code == 201
    events = [row["verb"] for row in world.client("dongli").get(f"/api/pairings/{agreed.pk}/events").json()["results"]]
    assert events == ["contact_recorded", "contact_voided", "contact_recorded"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"contact_date": "2999-01-01"}, 400, "contact_date"),
        ({"kind": "LETTER"}, 400, "kind"),
        ({"participants": 0}, 400, "participants"),
        ({"amount": 1}, 400, "amount"),
    ],
)
def test_bad_contact_is_refused_with_its_field(
    world: World, agreed: Pairing, changes: dict[str, Any], code: int, field: str
) -> None:
    response = contact(world, "dongli", agreed, **changes)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (code, field)
    assert not Contact.objects.exists()


def test_contacts_of_a_proposed_pairing_are_refused_by_the_database(world: World) -> None:
    proposed = world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    assert contact(world, "dongli", proposed).json()["errors"][0]["message"] == "双方确认结对之后才能登记往来"


def test_sub_pairing_is_proposed_by_one_side_and_acknowledged_by_the_other(world: World, agreed: Pairing) -> None:
    made = sub(world, "longhua", agreed).json()
    assert (made["status"], made["end_date"], made["helper_area"]["code"]) == ("PROPOSED", "2020-12-31", "120110")
    path = f"sub-pairings/{made['id']}/decision"
    assert send(world, "longhua", path, {"step": "ACKNOWLEDGED"}).status_code == 403
    assert send(world, "dongli", path, {"step": "OBJECTED"}).json()["errors"][0]["field"] == "reason"
    waiting = world.client("dongli").get("/api/inbox").json()
    assert [(item["kind"], item["subject_id"]) for item in waiting] == [("SUB_PAIRING_PROPOSED", made["id"])]
    assert send(world, "dongli", path, {"step": "ACKNOWLEDGED"}).json()["status"] == "AGREED"
    assert send(world, "dongli", path, {"step": "ACKNOWLEDGED"}, 2).status_code == 409
    assert sub(world, "dongli", agreed, start_date="2020-06-01").status_code == 409
    ended = {"step": "ENDED", "end_date": "2020-08-31", "reason": "学校合并"}
    assert send(world, "longhua", path, ended, 2).json()["status"] == "ENDED"


def test_pairs_and_the_units_at_both_ends_are_counted_each_once(world: World, agreed: Pairing) -> None:
    for helper, recipient in (("甲校", "一校"), ("甲校", "二校"), ("乙校", "二校")):
        made = sub(world, "dongli", agreed, helper_unit=helper, recipient_unit=recipient).json()
        send(world, "longhua", f"sub-pairings/{made['id']}/decision", {"step": "ACKNOWLEDGED"})
    sub(world, "dongli", agreed, kind="HOSPITAL")
    counted = world.client("longhua").get("/api/sub-pairings/counts", {"pairing": agreed.pk}).json()
    assert counted == [
        {"kind": "HOSPITAL", "pairs": 0, "helpers": 0, "recipients": 0, "proposed": 1},
        {"kind": "SCHOOL", "pairs": 3, "helpers": 2, "recipients": 2, "proposed": 0},
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"helper_area": "120111"}, "helper_area"),
        ({"recipient_area": "130826"}, "recipient_area"),
        ({"start_date": "2019-12-31"}, "start_date"),
        ({"end_date": "2021-01-01"}, "start_date"),
        ({"end_date": "2020-01-01"}, "end_date"),
        ({"helper_unit": " "}, "helper_unit"),
    ],
)
def test_sub_pairing_beyond_its_pairing_is_refused(
    world: World, agreed: Pairing, changes: dict[str, Any], field: str
) -> None:
    response = sub(world, "dongli", agreed, **changes)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)
    assert not SubPairing.objects.exists()


def test_sub_pairing_takes_a_township_inside_the_county(world: World, agreed: Pairing) -> None:
    examples.area("130825001", "某镇", parent=world.areas["longhua"], level="TOWNSHIP")
    made = sub(world, "dongli", agreed, kind="TOWNSHIP", recipient_area="130825001")
    assert made.status_code == 201, made.json()


def test_database_itself_keeps_sub_pairings_inside_and_answered_by_two(world: World, agreed: Pairing) -> None:
    """With every line of Python bypassed."""
    made = sub(world, "dongli", agreed).json()["id"]
    dongli, elsewhere = world.users["dongli"].pk, world.areas["fengning"].pk
    for change, rule in (
        (f"recipient_area_id = {elsewhere}", "sub_pairing_inside_the_recipient"),
        ("end_date = '2021-06-30'", "sub_pairing_within_the_period"),
        (f"status = 'AGREED', answered_by_id = {dongli}", "sub_pairing_answered_by_another"),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE pairings_subpairing SET {change} WHERE id = %s", [made])
        assert constraint_of(refused.value) == rule


def test_pairing_ends_for_a_reason_and_what_hangs_under_it_with_it(world: World, agreed: Pairing) -> None:
    made = sub(world, "dongli", agreed).json()["id"]
    path, body = f"pairings/{agreed.pk}/end", {"outcome": "ENDED", "end_date": "2020-09-30", "reason": "上级调整结对"}
    assert send(world, "dongli", path, body).status_code == 403
    assert send(world, "gansu", path, body).status_code == 404
    assert send(world, "coordinator", path, {**body, "reason": ""}).json()["errors"][0]["field"] == "reason"
    assert (
        send(world, "coordinator", path, {**body, "end_date": "2021-09-30"}).json()["errors"][0]["field"] == "end_date"
    )
    assert send(world, "coordinator", path, {**body, "end_date": None}).json()["errors"][0]["field"] == "end_date"
    ended = send(world, "coordinator", path, body).json()
    assert (ended["status"], ended["end_date"], ended["end_reason"]) == ("ENDED", "2020-09-30", "上级调整结对")
    assert SubPairing.objects.get(pk=made).status == "WITHDRAWN"
    assert send(world, "coordinator", path, body, 2).status_code == 409


def test_pairing_is_completed_when_its_period_is_over(world: World) -> None:
    running = world.pair("dongli", "longhua", end_date=dt.date(2999, 12, 31))
    over = world.pair("xiqing", "longhua")
    refused = send(world, "coordinator", f"pairings/{running.pk}/end", {"outcome": "COMPLETED"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "结对期间尚未届满，不能按期满办结")
    assert (
        send(world, "coordinator", f"pairings/{over.pk}/end", {"outcome": "COMPLETED"}).json()["status"] == "COMPLETED"
    )


def test_what_the_centre_fixed_is_not_ended_here_and_what_a_firm_joined_it_may_leave(world: World) -> None:
    fixed, joined = world.pair("dongli", "longhua"), world.pair("xiqing", "longhua")
    channel = Channel.objects.filter(pk=world.channel.pk)
    channel.update(settled_by="AUTHORITY", suggests="NOTHING")
    body = {"outcome": "ENDED", "end_date": "2020-09-30", "reason": "协商一致"}
    refused = send(world, "coordinator", f"pairings/{fixed.pk}/end", body)
    assert (refused.status_code, refused.json()["detail"]) == (403, "携手奔小康的结对关系由两省协商确定，不在此结束")
    channel.update(settled_by="CHOICE")
    assert send(world, "longhua", f"pairings/{joined.pk}/end", body).json()["status"] == "ENDED"


def test_database_lets_no_pairing_end_without_a_reason(world: World, agreed: Pairing) -> None:
    with pytest.raises(IntegrityError, match="pairing_ended_on_a_day_for_a_reason"), transaction.atomic():
        Pairing.objects.filter(pk=agreed.pk).update(status="ENDED")


def test_exit_of_the_county_ends_nothing(world: World, agreed: Pairing) -> None:
    poor = world.areas["longhua"].poor_county
    poor.exit_year = 2019
    poor.save()
    agreed.refresh_from_db()
    assert (agreed.status, agreed.end_date) == ("AGREED", dt.date(2020, 12, 31))


def test_unanswered_pairing_counts_as_unconfirmed_after_its_days(world: World, settings: Any) -> None:
    settings.PAIRING_UNCONFIRMED_DAYS = 30
    asked = timezone.now() - dt.timedelta(days=31)
    late = world.pair("dongli", "longhua", asked_at=asked)
    world.pair("xiqing", "longhua", asked_at=timezone.now() - dt.timedelta(days=29))
    listed = world.client("coordinator").get("/api/pairings", {"unconfirmed": "true"}).json()["results"]
    assert [row["id"] for row in listed] == [late.pk]
    assert dt.datetime.fromisoformat(listed[0]["unconfirmed_since"]) == asked + dt.timedelta(days=30)
    assert late.status == "IN_FORCE"
    assert [item["kind"] for item in world.client("dongli").get("/api/inbox").json()] == ["PAIRING_UNCONFIRMED"]
    for who in ("dongli", "longhua"):
        assert send(world, who, f"pairings/{late.pk}/acknowledgement", {"answer": "ACKNOWLEDGED"}).status_code == 201
    fresh = world.client("dongli").get(f"/api/pairings/{late.pk}").json()
    assert (fresh["status"], fresh["is_confirmed"], fresh["unconfirmed_since"]) == ("IN_FORCE", True, None)
    assert world.client("dongli").get("/api/inbox").json() == []


def test_marks_are_earned_by_records_and_unknown_where_none_are_kept(
    world: World, agreed: Pairing, settings: Any
) -> None:
    settings.PAIRING_EVIDENCE = ["backend.pairings.marks.CONTACTS"]

    def states() -> dict[str, str]:
        said = world.client("longhua").get(f"/api/pairings/{agreed.pk}/marks").json()
        assert said["as_of"] == "2020-12-31"
        return {one["mark"]: one["state"] for one in said["marks"]}

    assert states() == {"PEOPLE": "UNKNOWN", "DUTY": "UNKNOWN", "WORK": "MISSING", "EFFECT": "UNKNOWN"}
    contact(world, "dongli", agreed, contact_date="2020-06-01")  # 213 days before the pairing's last day
    assert states()["WORK"] == "MISSING"
    contact(world, "dongli", agreed, contact_date="2020-11-01")
    assert states()["WORK"] == "EARNED"
    assert marks.marks_of(agreed)[2].evidence[0].detail == "联席会议"


@pytest.mark.django_db(transaction=True)
def test_both_sides_typing_the_same_meeting_at_once_make_one(committed_world: World) -> None:
    world = committed_world
    pairing = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    sides = ("dongli", "longhua")
    codes = together(8, lambda number: contact(world, sides[number % 2], pairing).status_code)
    assert sorted(codes) == [201] + [409] * 7
