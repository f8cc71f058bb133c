"""A federation enters its list at once: all rows or none, and takes them out again while nothing hangs on them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.accounts.models import Role, User
from backend.joining import enrolling
from backend.joining.enrolling import Entry, enrol, take_out
from backend.joining.models import Registration
from backend.lifecycle.models import Event
from backend.parties.models import Capability, ContactPerson, Party
from backend.web.problems import Conflict, Invalid, NotAllowed
from tests.backend.joining.conftest import code, joined
from tests.backend.world import World

pytestmark = pytest.mark.django_db


def firm(world: World, number: int, area: str = "dongli") -> Entry:
    party = Party(
        kind="ENTERPRISE", name=f"第{number}食品厂", uscc=code(number), area=world.areas[area], status="UNVERIFIED"
    )
    return Entry(party, ("WATER", "HEALTH"), ContactPerson(name="王某", phone="022-24980000"))


def entered(world: World, *numbers: int, who: str = "dongli_federation", area: str = "dongli") -> list[int]:
    entries = [firm(world, number, area) for number in numbers]
    return enrol(entries, by=world.users[who], origin={"import": 1}, tell=lambda done: None)


def test_many_are_written_in_few_statements_with_all_that_was_said(
    world: World, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        keys = entered(world, *range(300))
    made = Party.objects.filter(pk__in=keys).order_by("pk")
    assert [one.pk for one in made] == keys
    assert {(one.standing, one.version, one.registration.version) for one in made} == {("VERIFIED", 2, 1)}
    assert (made[7].name, made[7].uscc, made[7].initials) == ("第7食品厂", code(7), "d7spc")
    assert Capability.objects.count() == 600
    assert ContactPerson.objects.filter(party=keys[7], name="王某").count() == 1
    events = Event.objects.filter(verb="enrolled").order_by("pk")
    assert [int(one.subject_id) for one in events] == [one.registration.pk for one in made]
    assert events[0].payload == {"import": 1}


def test_progress_is_told_after_each_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolling, "_BATCH", 2)
    told: list[int] = []
    entries = [firm(world, number) for number in range(5)]
    keys = enrol(entries, by=world.users["dongli_federation"], origin={}, tell=told.append)
    take_out(keys, by=world.users["dongli_federation"], reason="错了", tell=told.append)
    assert told == [2, 4, 5, 2, 4, 5]


def test_one_elsewhere_or_taken_meanwhile_undoes_the_whole_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrolling, "_BATCH", 1)
    with pytest.raises(Invalid, match="第3食品厂所在的天津市西青区不由您核实"):
        enrol(
            [firm(world, 2), firm(world, 3, "xiqing")],
            by=world.users["dongli_federation"], origin={}, tell=lambda done: None,
        )  # fmt: skip
    with pytest.raises(NotAllowed, match="只有工商联、协调员可以录入企业"):
        entered(world, 2, who="dongli")
    joined(world, uscc=code(2))
    with pytest.raises(Conflict, match="刚刚由别人登记了"):
        entered(world, 1, 2)
    assert Party.objects.joining().count() == 1


def test_what_is_taken_out_frees_its_code_and_stays_in_the_history(world: World) -> None:
    keys = entered(world, 1, 2)
    registrations = {str(one.pk) for one in Registration.objects.filter(party__in=keys)}
    take_out(keys, by=world.users["dongli_federation"], reason="错了", tell=lambda done: None)
    assert not Party.objects.joining().exists()
    assert not Capability.objects.exists()
    assert not ContactPerson.objects.exists()
    kept = Party.pgh_event_model.objects.filter(pgh_label="delete").order_by("uscc")
    assert [(one.uscc, one.name, one.standing) for one in kept] == [
        (code(1), "第1食品厂", "VERIFIED"), (code(2), "第2食品厂", "VERIFIED"),
    ]  # fmt: skip
    events = Event.objects.filter(verb="taken_out")
    assert {(one.subject_id, one.from_status, one.reason) for one in events} == {
        (key, "VERIFIED", "错了") for key in registrations
    }
    entered(world, 2, 3)
    assert Party.objects.joining().count() == 2


def test_one_that_something_refers_to_stays_and_so_do_all(world: World) -> None:
    keys = entered(world, 1, 2)
    User.objects.create(username="guest", display_name="某人", role=Role.COMPANY, party_id=keys[1])
    with pytest.raises(Conflict, match="刚刚有了别的记录"):
        take_out(keys, by=world.users["dongli_federation"], reason="错了", tell=lambda done: None)
    assert Party.objects.joining().count() == 2
    assert Capability.objects.count() == 4
    assert not Event.objects.filter(verb="taken_out").exists()
