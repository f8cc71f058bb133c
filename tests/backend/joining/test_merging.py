"""Two records of one party become one, all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError
from rest_framework.test import APIClient

from backend.joining.references import references
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.parties.models import Capability, Party
from backend.programmes.models import Channel
from tests.backend.joining.conftest import FIRM, code, verified
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(world: World) -> tuple[Party, Party]:
    """The same firm twice: once with a code of its own, once under another."""
    kept = verified(world)
    twin = verified(world, uscc=code(2), username="twin", name="海河食品加工（天津）有限公司")
    return kept, twin


def merge(world: World, who: str, duplicate: Party, survivor: Party, reason: str = "同一企业，名称变更") -> Any:
    duplicate.refresh_from_db()
    headers = {"if-match": f'"{duplicate.version}"'}
    body = {"into": survivor.pk, "reason": reason}
    return world.client(who).post(f"/api/parties/{duplicate.pk}/merger", body, format="json", headers=headers)


def pairing(world: World, helper: Party) -> Pairing:
    """Of a firm, which helps by its own choice."""
    firms, _ = Channel.objects.get_or_create(
        code="wqbwc",
        defaults={
            "name_zh": "万企帮万村",
            "helper_kinds": ["ENTERPRISE"],
            "recipient_levels": ["COUNTY"],
            "relation": "MANY_TO_MANY",
            "settled_by": "CHOICE",
            "suggests": "NEEDS",
        },
    )
    world.governments["any"] = helper
    return world.pair("any", "longhua", channel=firms)


def test_everything_that_points_at_the_duplicate_points_at_the_survivor(
    world: World, twins: tuple[Party, Party]
) -> None:
    kept, twin = twins
    helped = pairing(world, twin)
    Capability.objects.create(party=twin, category="WATER")
    response = merge(world, "coordinator", twin, kept)
    assert (response.status_code, response.json()["id"]) == (200, kept.pk), response.content
    helped.refresh_from_db()
    twin.refresh_from_db()
    assert (helped.helper, twin.standing, twin.merged_into) == (kept, "MERGED", kept)
    assert twin.registration.status == "MERGED"
    assert set(kept.members.values_list("username", flat=True)) == {"haihe", "twin"}
    assert kept.contacts.count() == 2
    assert sorted(kept.capabilities.values_list("category", flat=True)) == ["CONSUMPTION", "EMPLOYMENT", "WATER"]
    assert twin.capabilities.count() == 2  # what both said stays with who said it


def test_merged_code_and_record_lead_to_the_survivor(world: World, twins: tuple[Party, Party]) -> None:
    kept, twin = twins
    merge(world, "coordinator", twin, kept)
    assert Party.objects.holder_of(code(2)) == kept
    assert APIClient().get("/api/join/code", {"uscc": code(2)}).json()["holder"] == kept.name
    page = APIClient().get(f"/api/parties/{twin.pk}").json()
    assert page["merged_into"] == {"id": kept.pk, "name": kept.name}
    assert [row["id"] for row in APIClient().get("/api/parties?kind=ENTERPRISE").json()["results"]] == [kept.pk]


def test_event_lists_what_moved_and_why(world: World, twins: tuple[Party, Party]) -> None:
    kept, twin = twins
    helped = pairing(world, twin)
    merge(world, "coordinator", twin, kept)
    told = Event.objects.get(verb="merged_away")
    assert (told.reason, told.subject_id) == ("同一企业，名称变更", str(twin.registration.pk))
    assert told.payload["into"] == kept.pk
    assert told.payload["moved"]["pairings.pairing.helper"] == [helped.pk]
    assert told.payload["moved"]["accounts.user.party"] == [world.users["twin"].pk]


def test_union_that_would_break_a_rule_is_refused_whole_and_names_it(world: World, twins: tuple[Party, Party]) -> None:
    kept, twin = twins
    pairing(world, kept)
    helped = pairing(world, twin)
    response = merge(world, "coordinator", twin, kept)
    assert response.status_code == 409
    assert "（one_active_pairing）：双方在这一渠道、这一时期已有结对关系" in response.json()["detail"]
    helped.refresh_from_db()
    twin.refresh_from_db()
    assert (helped.helper, twin.standing, twin.merged_into) == (twin, "VERIFIED", None)
    assert world.users["twin"].__class__.objects.get(username="twin").party == twin
    assert not Event.objects.filter(verb__startswith="merged").exists()


def test_survivor_without_a_code_takes_the_duplicates(world: World) -> None:
    unit, same = (
        Party.objects.create(kind="CENTRAL_UNIT", name=name, status="UNVERIFIED", uscc=uscc)
        for name, uscc in (("某中央单位", None), ("某中央单位（旧）", "91110000600037341L"))
    )
    assert merge(world, "administrator", same, unit).status_code == 200
    unit.refresh_from_db()
    assert (unit.uscc, Party.objects.holder_of("91110000600037341L")) == ("91110000600037341L", unit)


@pytest.mark.parametrize(
    ("who", "duplicate", "survivor", "status"),
    [
        ("gansu", "twin", "kept", 403),
        ("haihe", "twin", "kept", 403),
        ("dongli_federation", "twin", "kept", 403),
        ("coordinator", "kept", "kept", 400),
        ("coordinator", "dongli", "xiqing", 400),
        ("coordinator", "twin", "dongli", 400),
    ],
)
def test_merger_that_cannot_be_is_refused(
    world: World, twins: tuple[Party, Party], who: str, duplicate: str, survivor: str, status: int
) -> None:
    parties = {**world.governments, "kept": twins[0], "twin": twins[1]}
    assert merge(world, who, parties[duplicate], parties[survivor]).status_code == status
    assert not Party.objects.filter(standing="MERGED").exists()


def test_merged_party_stays_merged(world: World, twins: tuple[Party, Party]) -> None:
    kept, twin = twins
    merge(world, "coordinator", twin, kept)
    assert merge(world, "coordinator", twin, kept).status_code in (404, 409)
    with pytest.raises(IntegrityError, match="merged for good"):
        Party.objects.filter(pk=twin.pk).update(merged_into=None)


def test_every_reference_to_a_party_is_known_to_the_merger() -> None:
    """A new foreign key to a party is moved by itself; frozen records and history are not among them."""
    found = {f"{field.model._meta.label_lower}.{field.name}" for field in references(frozen=False)}
    assert {
        "accounts.user.party",
        "pairings.pairing.helper",
        "parties.party.merged_into",
        "parties.capability.party",
        "parties.contactperson.party",
        "parties.yearcapacity.party",
        "joining.invitation.party",
    } <= found
    assert not {"runs.suggestion.helper", "joining.registration.party"} & found
    with_frozen = {field.model._meta.label_lower for field in references(frozen=True)}
    assert with_frozen - {label.rpartition(".")[0] for label in found} == {"runs.suggestion", "runs.directive"}
    assert not any("event" in name for name in found)


def test_facts_of_the_firm_are_untouched(world: World, twins: tuple[Party, Party]) -> None:
    kept, twin = twins
    merge(world, "coordinator", twin, kept)
    kept.refresh_from_db()
    assert (kept.name, kept.uscc) == (FIRM["name"], FIRM["uscc"])
