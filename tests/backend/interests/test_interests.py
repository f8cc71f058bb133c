"""A firm says which village it would help; people see it, take it up, and it is a reason, never a promise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.interests import actions
from backend.interests.models import Interest
from backend.joining.merging import merge
from backend.lifecycle.models import Event
from backend.pairings import actions as pairings
from backend.pairings.models import Pairing
from backend.programmes.models import Channel
from backend.web.problems import Conflict, constraint_of
from tests.backend.interests.conftest import party_of
from tests.backend.places import examples
from tests.backend.world import YEAR, World

pytestmark = pytest.mark.django_db


def express(world: World, who: str = "firm", village: str = "xiawazi", **given: Any) -> Any:
    return world.client(who).post("/api/interests", {"area": world.areas[village].code, **given}, format="json")


def expressed(world: World, who: str = "firm", village: str = "xiawazi", **given: Any) -> dict[str, Any]:
    response = express(world, who, village, **given)
    assert response.status_code == 201, response.content
    said: dict[str, Any] = response.json()
    return said


def withdraw(world: World, who: str, interest: dict[str, Any]) -> Any:
    headers = {"if-match": f'"{interest["version"]}"'}
    return world.client(who).post(f"/api/interests/{interest['id']}/withdrawal", {}, format="json", headers=headers)


def seen(world: World, who: str, **query: Any) -> set[int]:
    response = world.client(who).get("/api/interests", query)
    assert response.status_code == 200, response.content
    return {row["id"] for row in response.json()["results"]}


def error_of(response: Any) -> tuple[int, str | None, str]:
    said = response.json()["errors"][0]
    return response.status_code, said["field"], said["message"]


def pair(world: World, who: str = "firm", village: str = "xiawazi", **given: Any) -> Pairing:
    """As a coordinator's publication puts it to both sides."""
    usual: dict[str, Any] = {
        "channel": Channel.objects.get(code="wqbwc"),
        "start_date": dt.date(YEAR, 1, 1),
        "end_date": None,
        "origin": Pairing.Origin.MANUAL,
        "by": world.users["coordinator"],
    }
    return pairings.create(helper=party_of(world, who), recipient=world.areas[village], **{**usual, **given})


def test_interest_is_open_in_the_year_of_the_facts_and_on_record(world: World) -> None:
    said = expressed(world, note=" 可以收购杂粮 ")
    shown = {name: said[name] for name in ("status", "status_label", "year", "channel", "note", "helpers")}
    assert shown == {
        "status": "OPEN", "status_label": "待对接", "year": YEAR, "channel": "wqbwc", "note": "可以收购杂粮",
        "helpers": 0,
    }  # fmt: skip
    event = Event.objects.get(subject_type="interests.interest", subject_id=str(said["id"]))
    assert (event.verb, event.to_status, event.actor_id) == ("expressed", "OPEN", world.users["firm"].pk)


def test_channel_follows_from_the_kind_of_party(world: World) -> None:
    assert expressed(world, "charity")["channel"] == "social_forces"
    assert error_of(express(world, "charity", "shangwazi", channel="wqbwc")) == (
        400, "channel", "这类单位不能通过这个渠道帮扶村，请换一个渠道",
    )  # fmt: skip


def test_second_interest_in_the_same_village_is_refused(world: World) -> None:
    expressed(world)
    words = "贵单位已对这个村表达过意愿，不需要重复表达"
    assert error_of(express(world)) == (409, "area", words)
    assert error_of(express(world, channel="social_forces")) == (409, "area", words)


def test_interest_withdrawn_may_be_expressed_again(world: World) -> None:
    first = expressed(world)
    assert withdraw(world, "firm", first).json()["status"] == "WITHDRAWN"
    assert expressed(world)["id"] != first["id"]


def test_village_that_others_help_may_be_wished_for_and_says_so(world: World) -> None:
    pair(world, "other_firm")
    assert expressed(world)["helpers"] == 1
    assert expressed(world, village="shangwazi")["helpers"] == 0


def test_village_that_one_helps_already_is_not_wished_for(world: World) -> None:
    pair(world)
    assert error_of(express(world)) == (409, "area", "贵单位已与这个村结对，不需要再表达意愿")
    assert not Interest.objects.exists()


@pytest.mark.parametrize("place", ["longhua", "hebei"])
def test_place_that_is_no_village_is_refused(world: World, place: str) -> None:
    assert error_of(express(world, village=place)) == (400, "area", "只能对贫困县的村表达意愿，请选择一个村")


def test_party_that_nobody_vouched_for_is_told_so(world: World) -> None:
    status, _, words = error_of(express(world, "newcomer"))
    assert (status, words) == (403, "newcomer有限公司还没有通过工商联核实，核实之后才能表达帮扶意愿")


@pytest.mark.parametrize("who", ["coordinator", "dongli", "longhua", "federation", "auditor"])
def test_nobody_speaks_for_a_firm(world: World, who: str) -> None:
    assert express(world, who).status_code == 403


# --- who sees and who ends it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "there"),
    [
        ("firm", True), ("other_firm", False), ("coordinator", True), ("auditor", True), ("hebei", True),
        ("gansu", False), ("federation", True), ("longhua", True), ("fengning", False), ("dongli", False),
    ],
)  # fmt: skip
def test_interest_is_seen_by_the_party_the_place_and_those_who_watch_over_either(
    world: World, who: str, there: bool
) -> None:
    said = expressed(world)
    assert (said["id"] in seen(world, who)) == there
    response = withdraw(world, who, said)
    assert response.status_code == (200 if who == "firm" else 403 if there else 404)


def test_list_is_narrowed_by_place_status_and_words(world: World) -> None:
    near, far = expressed(world)["id"], expressed(world, village="nima")["id"]
    assert seen(world, "coordinator", area="130825") == {near}
    assert seen(world, "coordinator", area="620000") == {far}
    assert seen(world, "coordinator", search="下洼子") == {near}
    assert seen(world, "coordinator", search="firm") == {near, far}
    assert seen(world, "coordinator", status="WITHDRAWN") == set()
    assert seen(world, "coordinator", channel="wqbwc", year=YEAR) == {near, far}


def test_stale_version_does_not_withdraw(world: World) -> None:
    said = expressed(world)
    assert withdraw(world, "firm", {**said, "version": 2}).status_code == 412


# --- what becomes of it ----------------------------------------------------------------------------------------------


def test_proposal_takes_the_interest_up_and_it_is_no_longer_withdrawn(world: World) -> None:
    said = expressed(world)
    proposal = pair(world)
    now = Interest.objects.get(pk=said["id"])
    assert now.status == "TAKEN_UP"
    event = Event.objects.filter(subject_type="interests.interest").latest("id")
    assert (event.verb, event.reason) == ("taken_up", f"结对提议第 {proposal.pk} 号")
    status, _, words = error_of(withdraw(world, "firm", {**said, "version": now.version}))
    assert (status, words) == (409, "这条意愿的状态是“已提出结对”，不能撤回")


def test_proposal_of_another_year_or_firm_leaves_it_open(world: World) -> None:
    said = expressed(world)
    pair(world, "other_firm")
    pair(world, start_date=dt.date(YEAR - 1, 1, 1), end_date=dt.date(YEAR - 1, 12, 31))
    assert Interest.objects.get(pk=said["id"]).status == "OPEN"


def test_proposal_taken_back_leaves_the_interest_as_it_was(world: World) -> None:
    said = expressed(world)
    proposal = pair(world)
    actions.release(**pairings.interest_in(proposal), by=world.users["coordinator"])
    assert Interest.objects.get(pk=said["id"]).status == "OPEN"


def test_open_interests_are_told_by_channel_and_year(world: World) -> None:
    expressed(world)
    expressed(world, "charity")
    withdraw(world, "firm", expressed(world, village="nima"))
    channel = Channel.objects.get(code="wqbwc")
    assert actions.open_interests(channel, YEAR) == {(party_of(world, "firm").pk, world.areas["xiawazi"].pk)}
    assert actions.open_interests(channel, YEAR - 1) == set()


def test_merger_takes_interests_along_and_refuses_two_in_one_village(world: World) -> None:
    survivor, duplicate = party_of(world, "firm"), party_of(world, "other_firm")
    mine, theirs = expressed(world), expressed(world, "other_firm")
    both = {"survivor": survivor, "duplicate": duplicate, "reason": "同一单位", "by": world.users["coordinator"]}
    with pytest.raises(Conflict, match=r"interest_once_at_a_time.*请先处理两个单位重复的帮扶意愿"):
        merge(**both)
    assert withdraw(world, "firm", mine).status_code == 200
    merge(**both)
    assert Interest.objects.get(pk=theirs["id"]).party == survivor


# --- what the database keeps by itself --------------------------------------------------------------------------------


def broken(world: World, **changes: Any) -> str | None:
    """The rule that a row written past the verbs breaks."""
    row: dict[str, Any] = {
        "party": party_of(world, "firm"),
        "area": world.areas["xiawazi"],
        "channel": Channel.objects.get(code="wqbwc"),
        "year": YEAR,
        "expressed_by": world.users["firm"],
    }
    try:
        with transaction.atomic():
            Interest.objects.create(**{**row, **changes})
    except IntegrityError as error:
        return constraint_of(error)
    return None


def test_database_refuses_what_is_no_interest(world: World) -> None:
    rich = examples.area("120110100", "张贵庄街道", parent=world.areas["dongli"])
    eastern = examples.area("120110100001", "詹庄子村", parent=rich)
    assert broken(world, area=world.areas["longhua"]) == "interest_of_a_village"
    assert broken(world, area=eastern) == "interest_of_a_village"
    assert broken(world, channel=world.channel) == "interest_fits_channel"
    assert broken(world, expressed_by=world.users["other_firm"]) == "interest_of_ones_own"
    newcomer = {"party": party_of(world, "newcomer"), "expressed_by": world.users["newcomer"]}
    assert broken(world, **newcomer) == "interest_of_ones_own"
    assert broken(world, year=1999) == "interest_in_a_plausible_year"
    assert broken(world) is None
    assert broken(world) == "interest_once_at_a_time"
