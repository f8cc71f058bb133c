"""Two villages of 隆化县 and one of 玛曲县, and firms that may help them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.accounts.models import Role, User
from backend.parties.models import Party
from backend.places.models import Area
from backend.reference import load_programmes
from tests.backend.places import examples
from tests.backend.world import World, vouch_for

VILLAGES = {"xiawazi": ("130825100201", "下洼子村"), "shangwazi": ("130825100202", "上洼子村")}


@pytest.fixture
def world(world: World) -> World:
    """The small country with its channels, villages, and log-ins of firms: verified but 王 of the last one."""
    load_programmes.channels()
    township = examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    for name, (code, label) in VILLAGES.items():
        world.areas[name] = examples.area(code, label, parent=township)
    far = examples.area("623025100", "尼玛镇", parent=world.areas["maqu"])
    world.areas["nima"] = examples.area("623025100201", "尼玛村", parent=far)
    for name, kind in (
        ("firm", "ENTERPRISE"),
        ("other_firm", "ENTERPRISE"),
        ("charity", "SOCIAL_ORGANISATION"),
        ("newcomer", "ENTERPRISE"),
    ):
        party = join(world, name, kind)
        if name != "newcomer":
            vouch_for(party, world.users["coordinator"])
            world.users[name].refresh_from_db()
    office = Party.objects.create(
        kind="FEDERATION", name="东丽区工商联", area=world.areas["dongli"], status="UNVERIFIED"
    )
    people(world, "federation", Role.FEDERATION, party=office)
    people(world, "hebei", Role.COORDINATOR, region=world.areas["hebei"])
    return world


def join(world: World, name: str, kind: str) -> Party:
    party = Party.objects.create(kind=kind, name=f"{name}有限公司", area=world.areas["dongli"], status="UNVERIFIED")
    people(world, name, Role.COMPANY, party=party)
    return party


def people(world: World, username: str, role: Role, **scope: Any) -> None:
    world.users[username] = User.objects.create(username=username, display_name=username, role=role, **scope)


def party_of(world: World, who: str) -> Party:
    party = world.users[who].party
    assert party is not None
    return party


def place(world: World, name: str) -> Area:
    return world.areas[name]
