"""A party says what it can do, how much of it and who answers; contacts stay among those concerned."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.parties.models import Party
from tests.backend.joining.conftest import joined, profile, send, verified
from tests.backend.world import World

pytestmark = pytest.mark.django_db

OFFER: dict[str, Any] = {
    "category": "EMPLOYMENT", "mode": "", "quantity": "60", "unit": "人", "description": "分拣岗位", "proof": "2020-7",
}  # fmt: skip


def put(world: World, party: Party, part: str, rows: Any, who: str = "haihe") -> Any:
    return send(world, who, party, part, {part: rows}, method="put")


def test_list_is_replaced_and_the_record_says_what_changed(world: World) -> None:
    party = joined(world)
    done = put(world, party, "capabilities", [OFFER])
    assert done.status_code == 200, done.content
    assert [(one["category"], one["quantity"]) for one in done.json()["party"]["capabilities"]] == [
        ("EMPLOYMENT", "60.00")
    ]
    event = world.client("haihe").get(f"/api/parties/{party.pk}/events").json()["results"][-1]
    assert event["verb"] == "capabilities_stated"
    assert event["payload"]["removed"] == [{"category": "CONSUMPTION", "mode": "PURCHASE"}]
    ((before, after),) = event["payload"]["changed"]
    assert (before, after["quantity"]) == ({"category": "EMPLOYMENT"}, "60.00")


def test_what_is_lacking_is_told_until_it_is_there(world: World) -> None:
    party = verified(world)
    assert profile(world, "haihe", party).json()["lacks"] == ["CAPACITY"]
    done = put(world, party, "capacities", [{"year": 2099, "villages": 3, "budget_yuan": "800000"}])
    assert (done.json()["lacks"], done.json()["capacities"][0]["villages"]) == ([], 3)


def test_saying_the_same_again_changes_nothing(world: World) -> None:
    party = joined(world)
    put(world, party, "capabilities", [OFFER])
    party.refresh_from_db()
    version = party.version
    assert put(world, party, "capabilities", [{**OFFER, "quantity": "60.00"}]).json()["version"] == version


@pytest.mark.parametrize(
    ("part", "rows", "field"),
    [
        ("capacities", [{"year": 2020}], "capacities.0"),
        ("capacities", [{"year": 2015, "villages": 1}], "capacities.0.year"),
        ("capacities", [{"year": 2020, "villages": 1}, {"year": 2020, "villages": 2}], "capacities"),
        ("capacities", [{"year": 2020, "budget_yuan": "-1"}], "capacities.0.budget_yuan"),
        ("contacts", [{"name": "", "phone": "123456"}], "contacts.0.name"),
        ("contacts", [{"name": "李某", "phone": "无"}], "contacts.0.phone"),
        ("capabilities", [{**OFFER, "quantity": "0"}], "capabilities.0.quantity"),
        ("capabilities", [{**OFFER, "unit": ""}], "capabilities.0.unit"),
    ],
)
def test_faulty_list_is_refused_at_its_row(world: World, part: str, rows: Any, field: str) -> None:
    response = put(world, joined(world), part, rows)
    assert response.status_code == 400, response.content
    assert field in {error["field"] for error in response.json()["errors"]}


def test_only_the_partys_own_people_speak_for_it(world: World) -> None:
    party = verified(world)
    for who in ("dongli_federation", "coordinator"):
        assert put(world, party, "capabilities", [], who).status_code == 403
    assert put(world, party, "capabilities", [], "dongli").status_code == 404


def test_contacts_are_seen_by_those_concerned_and_by_nobody_else(world: World) -> None:
    party = verified(world)
    told = {"haihe", "dongli_federation", "coordinator"}
    for who in (*told, "tianjin_federation", "auditor"):
        contacts = profile(world, who, party).json()["contacts"]
        assert (contacts is not None) == (who in told), who
    for client in (APIClient(), world.client("dongli"), world.client("administrator"), world.client("longhua")):
        for path in (f"parties/{party.pk}", "parties", "parties?search=海河"):
            assert "王某" not in client.get(f"/api/{path}").content.decode()
    put(world, party, "contacts", [{"name": "新人", "phone": "13900000000"}])
    events = world.client("haihe").get(f"/api/parties/{party.pk}/events").json()["results"]
    assert events[-1]["payload"] == {"added": 1, "changed": 0, "removed": 1}
