"""What is promised to a need is counted once, from the ledger, and shows what is still lacking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.commitments.models import Commitment
from backend.lifecycle.actions import move
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.pairings.models import Pairing
from tests.architecture.conftest import NEED
from tests.backend.commitments.test_ledger import register
from tests.backend.places import examples
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(world: World) -> Pairing:
    return world.pair("dongli", "longhua", status=Pairing.Status.AGREED, origin=Pairing.Origin.MANUAL)


def published(world: World, county: str = "longhua", **changes: Any) -> Need:
    approver, _ = User.objects.get_or_create(
        username=f"{county}-approver",
        defaults={"display_name": "审定人", "role": Role.RECIPIENT, "party": world.governments[county]},
    )
    need = needs.propose(**{"area": world.areas[county], "by": world.users[county], **NEED, **changes})
    needs.publish(need=need, by=approver)
    return need


def seen(need: Need) -> tuple[str, str | None]:
    said = APIClient().get(f"/api/needs/{need.pk}").json()
    return said["promised_yuan"], said["gap_yuan"]


def test_gap_is_what_the_estimate_lacks(world: World, agreed: Pairing) -> None:
    need = published(world)
    assert seen(need) == ("0.00", "860000.00")
    assert register(world, agreed, need=need.pk, amount_yuan="300000").json()["need"] == need.pk
    assert register(world, agreed, need=need.pk, amount_yuan="60000", title="第二笔").status_code == 201
    assert seen(need) == ("360000.00", "500000.00")
    register(world, agreed, need=need.pk, amount_yuan="900000", title="第三笔")
    assert seen(need) == ("1260000.00", "0.00")


def test_commitment_to_no_need_or_withdrawn_fills_no_gap(world: World, agreed: Pairing) -> None:
    need = published(world)
    register(world, agreed)
    made = register(world, agreed, need=need.pk, amount_yuan="300000", title="第二笔").json()
    with transaction.atomic():
        move(Commitment.objects.get(pk=made["id"]), Commitment.Status.WITHDRAWN, by=world.users["dongli"])
    assert seen(need) == ("0.00", "860000.00")


def test_gap_of_a_need_nobody_estimated_is_unknown(world: World, agreed: Pairing) -> None:
    need = published(world, cost_yuan=None)
    register(world, agreed, need=need.pk, amount_yuan="300000")
    assert seen(need) == ("300000.00", None)


def test_board_finds_what_is_still_lacking(world: World, agreed: Pairing) -> None:
    full, part, unknown = published(world), published(world, title="二"), published(world, title="三", cost_yuan=None)
    register(world, agreed, need=full.pk, amount_yuan="860000")
    register(world, agreed, need=part.pk, amount_yuan="1", title="第二笔")

    def found(lacking: str) -> set[int]:
        return {row["id"] for row in APIClient().get("/api/needs", {"lacking": lacking}).json()["results"]}

    assert found("true") == {part.pk, unknown.pk}
    assert found("false") == {full.pk}


def test_need_of_a_village_of_the_county_may_be_answered(world: World, agreed: Pairing) -> None:
    township = examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    need = published(world, area=township)
    assert register(world, agreed, need=need.pk).status_code == 201


def test_need_of_another_county_is_refused(world: World, agreed: Pairing) -> None:
    need = published(world, "fengning")
    response = register(world, agreed, need=need.pk)
    assert response.status_code == 400
    assert response.json()["detail"] == "这条需求不属于这条结对的受援县"
    assert not Commitment.objects.exists()


def test_need_not_published_is_not_there_for_a_helper_and_one_that_is_met_takes_no_more(
    world: World, agreed: Pairing
) -> None:
    draft = needs.propose(area=world.areas["longhua"], by=world.users["longhua"], **NEED)
    response = register(world, agreed, need=draft.pk)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "does_not_exist")
    met = published(world)
    needs.meet(need=met, reason="已通水", by=world.users["longhua"])
    response = register(world, agreed, need=met.pk)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (409, "need")


def test_database_itself_refuses_the_need_of_another_county(world: World, agreed: Pairing) -> None:
    need = published(world, "fengning")
    with pytest.raises(IntegrityError, match="not one of the recipient"):
        Commitment.objects.create(
            pairing=agreed,
            kind="FISCAL_AID",
            mode="DIRECT",
            year=2020,
            title="资金",
            need=need,
            amount_yuan=Decimal(1),
            registered_by=world.users["dongli"],
        )
