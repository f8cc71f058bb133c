"""A need waits for whoever is to act on it next, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from backend.accounts.models import Role, User
from backend.needs import actions
from tests.architecture.conftest import NEED
from tests.backend.needs.test_needs import government
from tests.backend.places import examples
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(world: World) -> dict[str, User]:
    township = examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    village = examples.area("130825100201", "下洼子村", parent=township)
    world.areas["village"] = village
    for name, party in (
        ("township", government(township)),
        ("village", government(village)),
        ("approver", world.governments["longhua"]),
    ):
        world.users[name] = User.objects.create(username=name, display_name=name, role=Role.RECIPIENT, party=party)
    return world.users


def waiting(world: World, who: str) -> list[Any]:
    return [item["kind"] for item in world.client(who).get("/api/inbox").json()]


def test_need_of_a_village_waits_for_the_township_then_for_the_county(world: World, people: dict[str, User]) -> None:
    need = actions.propose(area=world.areas["village"], by=people["village"], **NEED)
    assert waiting(world, "township") == ["NEED_TO_REVIEW"]
    assert waiting(world, "village") == waiting(world, "fengning") == waiting(world, "dongli") == []
    actions.review(need=need, by=people["township"])
    assert waiting(world, "township") == []
    assert waiting(world, "longhua") == waiting(world, "approver") == ["NEED_TO_PUBLISH"]
    actions.publish(need=need, by=people["approver"])
    assert waiting(world, "longhua") == []


def test_need_of_a_county_waits_for_a_colleague(world: World, people: dict[str, User]) -> None:
    need = actions.propose(area=world.areas["longhua"], by=people["longhua"], **NEED)
    assert (waiting(world, "longhua"), waiting(world, "approver")) == ([], ["NEED_TO_PUBLISH"])
    actions.send_back(need=need, reason="数量有误", by=people["approver"])
    assert (waiting(world, "longhua"), waiting(world, "approver")) == (["NEED_RETURNED"], [])


def test_what_one_proposed_oneself_does_not_crowd_out_what_waits(
    world: World, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.inbox.items.LIMIT", 2)
    for number in range(3):
        actions.propose(area=world.areas["longhua"], by=people["longhua"], **NEED | {"title": f"自己的{number}"})
    actions.propose(area=world.areas["longhua"], by=people["approver"], **NEED | {"title": "同事的"})
    assert waiting(world, "longhua") == ["NEED_TO_PUBLISH"]
