"""Help of a firm for a village, whose county speaks for it: from both confirmations to what was accepted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.accounts.models import Role, User
from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.pairings.models import Pairing
from backend.pairings.scopes import side_of
from backend.web.problems import constraint_of
from tests.backend.firm_world import FirmWorld, build_firms
from tests.backend.world import World, key

SIGNED = {"signatory_name": "张某", "signatory_post": "负责人", "signed_date": "2020-03-05"}


@pytest.fixture
def made(world: World) -> FirmWorld:
    """津水公司 is to help 龙湾村 of 隆化县; nobody has answered yet."""
    built = build_firms(world)
    firm = built.firms["津水公司"]
    world.users["firm"] = User.objects.create(username="firm", display_name="企业", role=Role.COMPANY, party=firm)
    world.users["colleague"] = User.objects.create(
        username="colleague", display_name="同事", role=Role.RECIPIENT, party=world.governments["longhua"]
    )
    return built


@pytest.fixture
def pairing(made: FirmWorld) -> Pairing:
    return Pairing.objects.create(
        helper=made.firms["津水公司"], recipient=made.villages["龙湾村"], channel=made.channel, origin="MANUAL",
        status="PROPOSED", start_date=dt.date(2020, 1, 1), end_date=dt.date(2020, 12, 31),
    )  # fmt: skip


def send(world: World, who: str, path: str, given: Any = None, version: int | None = None) -> Any:
    headers = key() | ({} if version is None else {"HTTP_IF_MATCH": f'"{version}"'})
    answer = world.client(who).post(f"/api/{path}", given or {}, format="json", **headers)
    assert answer.status_code in (200, 201), answer.json()
    return answer.json()


def confirmed(world: World, pairing: Pairing) -> None:
    for who in ("firm", "longhua"):
        send(world, who, f"pairings/{pairing.pk}/acknowledgement", {"answer": "ACKNOWLEDGED"}, pairing.version)
        pairing.refresh_from_db()


def test_county_speaks_for_its_village_and_for_no_other(world: World, made: FirmWorld, pairing: Pairing) -> None:
    waiting = {
        who: [item["kind"] for item in world.client(who).get("/api/inbox").json()] for who in ("longhua", "dongli")
    }
    assert waiting == {"longhua": ["PAIRING_PROPOSED"], "dongli": []}
    assert [side_of(world.users[who], pairing) for who in ("firm", "longhua", "dongli")] == [
        "HELPER", "RECIPIENT", None,
    ]  # fmt: skip
    elsewhere = Pairing(helper=pairing.helper, recipient=made.villages["河口村"])
    assert side_of(world.users["longhua"], elsewhere) is None
    above = Pairing(helper=pairing.helper, recipient=world.areas["chengde"])
    assert side_of(world.users["longhua"], above) is None


def test_help_for_a_village_goes_from_confirmation_to_acceptance(
    world: World, made: FirmWorld, pairing: Pairing
) -> None:
    confirmed(world, pairing)
    assert pairing.status == "AGREED"
    text = {"title": "村企结对帮扶协议", "clauses": [{"heading": "帮扶方式", "text": "公益"}]}
    period = {"start_date": "2020-01-01", "end_date": "2020-12-31", "targets": []}
    draft = send(world, "firm", "agreements", {"kind": "VILLAGE", "pairing": pairing.pk, **text, **period})
    offer = send(world, "firm", f"agreements/{draft['id']}/decision", {"step": "OFFER"}, draft["version"])
    for who in ("firm", "longhua"):
        offer = send(world, who, f"agreements/{draft['id']}/signature", SIGNED, offer["version"])
    assert offer["status"] == "SIGNED"

    given = {"pairing": pairing.pk, "kind": "WELFARE_INPUT", "mode": "WORK_FOR_RELIEF", "year": 2020, "title": "蓄水池"}
    commitment = send(world, "firm", "commitments", given | {"amount_yuan": "100000.00"})["id"]
    came = {"amount_yuan": "60000.00", "occurred_date": "2020-05-01"}
    entries = send(world, "firm", f"commitments/{commitment}/arrivals", came)["entries"]
    arrival = next(one["id"] for one in entries if one["stage"] == "ARRIVED")
    assert [item["kind"] for item in world.client("longhua").get("/api/inbox").json()] == ["ARRIVAL_TO_CONFIRM"]
    send(world, "longhua", f"ledger-entries/{arrival}/confirmation", {"answer": "CONFIRMED"})
    spent = {"amount_yuan": "50000.00", "occurred_date": "2020-06-01"}
    entries = send(world, "longhua", f"commitments/{commitment}/spendings", spent)["entries"]
    spending = next(one["id"] for one in entries if one["stage"] == "SPENT")
    accepted = {"amount_yuan": "50000.00", "occurred_date": "2020-07-01", "evidence": "验收报告"}
    send(world, "colleague", f"ledger-entries/{spending}/acceptance", accepted)
    totals = Commitment.objects.get(pk=commitment).totals
    assert [str(getattr(totals, name)) for name in ("agreed", "arrived", "confirmed", "spent", "accepted")] == [
        "100000.00", "60000.00", "60000.00", "50000.00", "50000.00",
    ]  # fmt: skip

    for code in (world.areas["longhua"].code, made.villages["龙湾村"].code):
        balance = world.client("longhua").get(f"/api/counties/{code}/balance").json()
        assert balance["totals"]["balance"] == "10000.00"
        assert [line["recipient"] for line in balance["lines"]] == [made.villages["龙湾村"].full_name]
    assert world.client("coordinator").get("/api/counties/130826/balance").json()["lines"] == []


def test_database_itself_lets_no_other_county_confirm(world: World, made: FirmWorld, pairing: Pairing) -> None:
    """With every line of Python bypassed."""
    confirmed(world, pairing)
    given = {"pairing": pairing.pk, "kind": "WELFARE_INPUT", "mode": "DIRECT", "year": 2020, "title": "捐款"}
    commitment = send(world, "firm", "commitments", given | {"amount_yuan": "1000.00"})["id"]
    entry = LedgerEntry.objects.create(
        commitment_id=commitment, stage="ARRIVED", amount_yuan=Decimal(1000), occurred_date=dt.date(2020, 5, 1),
        reported_by_side="HELPER", reported_by=world.users["firm"],
    )  # fmt: skip
    answer = {"entry": entry, "answer": "CONFIRMED", "amount_yuan": Decimal(1000)}
    for stranger in ("dongli", "firm"):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Confirmation.objects.create(by=world.users[stranger], **answer)
        assert constraint_of(refused.value) == "answer_by_the_other_party"
    Confirmation.objects.create(by=world.users["longhua"], **answer)
