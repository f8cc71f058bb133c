"""A firm that was vouched for is shown where to begin; what it wishes waits for the coordinators."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.interests import actions as interests
from backend.parties.models import Capability
from tests.backend.interests.conftest import party_of
from tests.backend.world import World


def waiting(world: World, who: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = world.client(who).get("/api/inbox").json()
    return said


def test_verified_firm_is_sent_to_its_villages_until_it_has_begun(world: World) -> None:
    (item,) = waiting(world, "firm")
    assert (item["kind"], item["link"], item["detail"]) == (
        "VILLAGES_TO_SEE", "/organisation", "先填写能做什么，就能看到适合的村",
    )  # fmt: skip
    firm = party_of(world, "firm")
    Capability.objects.create(party=firm, category="WATER")
    (item,) = waiting(world, "firm")
    assert item["link"] == "/villages"
    assert dt.datetime.fromisoformat(item["since"]) == firm.registration.decided_at
    interests.express(party=firm, area=world.areas["xiawazi"], by=world.users["firm"])
    assert waiting(world, "firm") == []


def test_firm_that_waits_to_be_verified_is_not_sent_anywhere(world: World) -> None:
    assert waiting(world, "newcomer") == []


def test_open_interests_wait_for_the_coordinators_of_either_side_in_one_line(world: World) -> None:
    assert waiting(world, "coordinator") == []
    for who, village in (("firm", "xiawazi"), ("firm", "nima"), ("other_firm", "xiawazi")):
        interests.express(party=party_of(world, who), area=world.areas[village], by=world.users[who])
    (item,) = waiting(world, "coordinator")
    assert (item["kind"], item["title"], item["link"]) == (
        "INTEREST_OPEN", "3 条帮扶意愿待对接", "/interests?status=OPEN",
    )  # fmt: skip
    assert [one["title"] for one in waiting(world, "hebei")] == ["2 条帮扶意愿待对接"]
    assert [one["title"] for one in waiting(world, "gansu")] == ["1 条帮扶意愿待对接"]
    assert waiting(world, "auditor") == waiting(world, "longhua") == []
