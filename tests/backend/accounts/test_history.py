"""Who changed what, when, from what: for whoever may see the record, and without names for the public."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from backend.lifecycle.actions import move, record
from backend.lifecycle.history import acting
from backend.pairings.models import Pairing
from backend.parties.models import Party
from tests.backend.world import World


def told(client: APIClient, subject_type: str, subject_id: Any) -> Any:
    return client.get("/api/history", {"subject_type": subject_type, "subject_id": subject_id})


def test_event_and_changed_fields_of_one_transaction_are_one_entry(world: World) -> None:
    pairing = world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    record(pairing, "proposed", by=world.users["coordinator"], to_status="PROPOSED")
    with acting(world.users["coordinator"]):
        move(pairing, Pairing.Status.WITHDRAWN, by=world.users["coordinator"], reason="重复", end_reason="重复")
    entries = told(world.client("longhua"), "pairings.pairing", pairing.pk).json()
    assert [(one["verb"], one["reason"]) for one in entries] == [("proposed", ""), ("withdrawn", "重复")]


def test_change_without_an_event_is_told_with_old_and_new_value(committed_world: World) -> None:
    world = committed_world
    party = world.governments["dongli"]
    with acting(world.users["coordinator"]):
        Party.objects.filter(pk=party.pk).update(name="东丽区政府", status="SOURCED", source="公报")
    entries = told(world.client("coordinator"), "parties.party", party.pk).json()
    assert [one["verb"] for one in entries] == ["created", "changed"]
    assert entries[1]["actor_label"] == "coordinator的经办人（协调员）"
    assert [(one["field"], one["old_label"], one["new_label"]) for one in entries[1]["changes"]] == [
        ("status", "待核实", "有出处"),
        ("source", None, "公报"),
        ("name", "天津市东丽区人民政府", "东丽区政府"),
    ]
    public = told(APIClient(), "parties.party", party.pk).json()
    assert public[1]["actor_label"] == ""
    assert "经办人" not in str(public)


def test_history_is_for_whoever_may_see_the_record(world: World) -> None:
    pairing = world.pair("dongli", "longhua")
    assert told(APIClient(), "pairings.pairing", pairing.pk).status_code == 401
    assert told(world.client("huangdao"), "pairings.pairing", pairing.pk).status_code == 404
    assert told(world.client("dongli"), "pairings.pairing", pairing.pk).status_code == 200
    assert told(APIClient(), "parties.party", 10**9).status_code == 404
