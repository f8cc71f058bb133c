"""A county with a federation that vouches, and what a firm of that county types when it joins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient
from stdnum.cn.uscc import calc_check_digit

from backend.accounts.models import Role, User
from backend.parties.models import Party
from tests.backend.world import World

PASSWORD = "一个足够长的密码-2020"


def code(number: int) -> str:
    """A sound code that no real firm has: there is no place 999900."""
    first = f"91999900{number:09d}"
    return first + str(calc_check_digit(first))


FIRM: dict[str, Any] = {
    "kind": "ENTERPRISE",
    "name": "天津市东丽区海河食品加工有限公司",
    "uscc": code(1),
    "area": "120110",
    "industry": "C",
    "contact": {"name": "王某", "phone": "022-2498 0000", "post": "总经理"},
    "capabilities": [{"category": "CONSUMPTION", "mode": "PURCHASE"}, {"category": "EMPLOYMENT"}],
    "username": "haihe",
    "password": PASSWORD,
}


@pytest.fixture(autouse=True)
def undisturbed(settings: Any) -> Iterator[None]:
    """The real hasher takes a tenth of a second on purpose; and nobody knocked before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(world: World) -> World:
    """The small country, with federations for 东丽区 and for 天津市; 西青区 has none of its own."""
    for name, label in (("dongli", "天津市东丽区工商业联合会"), ("tianjin", "天津市工商业联合会")):
        office = Party.objects.create(kind="FEDERATION", name=label, area=world.areas[name], status="UNVERIFIED")
        username = f"{name}_federation"
        world.users[username] = User.objects.create(
            username=username, display_name=username, role=Role.FEDERATION, party=office
        )
    return world


def join(**changes: Any) -> Any:
    return APIClient().post("/api/join", {**FIRM, **changes}, format="json")


def joined(world: World, **changes: Any) -> Party:
    """Register, and remember the log-in in the world."""
    response = join(**changes)
    assert response.status_code == 201, response.content
    user = User.objects.select_related("party").get(username=response.json()["user"]["username"])
    world.users[user.username] = user
    assert user.party is not None
    return user.party


def profile(world: World, who: str, party: Party) -> Any:
    return world.client(who).get(f"/api/parties/{party.pk}/profile")


def send(world: World, who: str, party: Party, path: str, body: Any, *, method: str = "post", version: int = 0) -> Any:
    """A write for the version that is current, unless another is given."""
    party.refresh_from_db()
    world.users[who].refresh_from_db()  # a log-in reads its party anew with each request
    headers = {"if-match": f'"{version or party.version}"'}
    address = f"/api/parties/{party.pk}/{path}"
    return getattr(world.client(who), method)(address, body, format="json", headers=headers)


def decide(world: World, who: str, party: Party, step: str, reason: str = "") -> Any:
    return send(world, who, party, "decision", {"step": step, "reason": reason})


def verified(world: World, **changes: Any) -> Party:
    party = joined(world, **changes)
    response = decide(world, "dongli_federation", party, "VERIFY")
    assert response.status_code == 200, response.content
    party.refresh_from_db()
    return party
