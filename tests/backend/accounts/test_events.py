"""The events of a record are for those who may see the record."""

from __future__ import annotations

from typing import Any

import pytest

from backend.lifecycle.actions import move, record
from backend.pairings.models import Pairing
from tests.backend.world import World


@pytest.fixture
def pairing(world: World) -> Pairing:
    row = world.pair("dongli", "longhua", status=Pairing.Status.PROPOSED, origin=Pairing.Origin.MANUAL)
    record(row, "proposed", by=world.users["coordinator"], to_status="PROPOSED")
    move(row, Pairing.Status.WITHDRAWN, by=world.users["coordinator"], reason="重复", end_reason="重复")
    return row


def ask(world: World, who: str, **query: Any) -> Any:
    return world.client(who).get("/api/events", query)


@pytest.mark.parametrize("who", ["coordinator", "auditor", "dongli", "longhua"])
def test_whoever_sees_the_record_sees_its_events_in_order(world: World, pairing: Pairing, who: str) -> None:
    response = ask(world, who, subject_type="pairings.pairing", subject_id=pairing.pk)
    assert response.status_code == 200
    assert [(row["verb"], row["reason"]) for row in response.json()["results"]] == [
        ("proposed", ""),
        ("withdrawn", "重复"),
    ]
    assert response.json()["results"][1]["actor_label"] == "coordinator的经办人（协调员）"


@pytest.mark.parametrize("who", ["xiqing", "huangdao", "fengning", "wudu", "gansu", "administrator"])
def test_record_out_of_scope_is_not_there(world: World, pairing: Pairing, who: str) -> None:
    assert ask(world, who, subject_type="pairings.pairing", subject_id=pairing.pk).status_code == 404


@pytest.mark.parametrize(
    ("subject_type", "subject_id"),
    [
        ("pairings.pairing", "999999999"),
        ("pairings.pairing", "abc"),
        ("pairings.pairing", "9" * 40),
        ("pairings.nothing", "1"),
        ("nothing", "1"),
        ("web.idempotencykey", "1"),
        ("lifecycle.eventseal", "1"),
        ("jobs.job", "1"),
        ("a.b.c", "1"),
    ],
)
def test_unknown_and_unscoped_records_are_not_there(
    world: World, pairing: Pairing, subject_type: str, subject_id: str
) -> None:
    assert ask(world, "coordinator", subject_type=subject_type, subject_id=subject_id).status_code == 404


@pytest.mark.parametrize("given", ["subject_type", "subject_id"])
def test_record_must_be_named(world: World, pairing: Pairing, given: str) -> None:
    response = ask(world, "coordinator", **{given: "1"})
    missing = ({"subject_type", "subject_id"} - {given}).pop()
    assert response.status_code == (400 if missing == "subject_type" else response.status_code)
    assert response.json()["errors"][0]["field"] == missing
