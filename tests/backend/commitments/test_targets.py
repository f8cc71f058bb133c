"""A signed agreement's figures: what is promised under them, what both sides confirm, what is left to promise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from backend.agreements import actions as agreements
from backend.agreements.models import Agreement
from backend.pairings import life
from tests.backend.commitments.conftest import Desk
from tests.backend.world import key

pytestmark = pytest.mark.django_db

TARGETS = (("FISCAL_AID", 3000), ("SOCIAL_AID", 500), ("CADRE", 2), ("JOINT_MEETINGS", 4))


@pytest.fixture(autouse=True)
def undone(desk: Desk) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def agree(desk: Desk, kind: str = "ANNUAL", targets: Any = TARGETS) -> Agreement:
    """Drafted, offered and signed by both."""
    period = {"start_date": dt.date(2020, 1, 1), "end_date": dt.date(2020, 12, 31)}
    helper, recipient = desk.users["dongli"], desk.users["longhua"]
    made = agreements.draft(
        pairing=desk.pairing,
        unit=None,
        kind=kind,
        title=f"2020 年协议 {kind}",
        clauses=[],
        targets=[{"indicator": name, "quantity": Decimal(figure), "note": ""} for name, figure in targets],
        by=helper,
        **period,
    )
    agreements.offer(agreement=made, by=helper)
    for who in (helper, recipient):
        signing = {"signatory_name": "某", "signatory_post": "区长", "signed_date": dt.date(2020, 1, 5)}
        agreements.sign(agreement=made, by=who, **signing)
    return made


def told(desk: Desk, path: str, who: str = "longhua") -> dict[str, tuple[Any, ...]]:
    rows = desk.world.client(who).get(f"/api/{path}").json()
    names = ("promised", "confirmed", "left", "completion")
    return {row["indicator"]: tuple(row[name] for name in names) for row in rows}


def test_target_counts_what_is_promised_and_what_both_sides_confirm(desk: Desk) -> None:
    made = agree(desk)  # the desk has promised 1000 of the first two, and three cadres
    desk.arrived("money", "600")
    desk.entry("money", "ARRIVED", "100")  # reported by one side only
    goods = desk.register("SOCIAL_GOODS", mode="DIRECT", amount_yuan=Decimal(40))
    desk.arrived(goods, "40")
    desk.register("FISCAL_AID", mode="DIRECT", amount_yuan=Decimal(9), title="去年的", year=2020)
    life.record_contact(
        pairing=desk.pairing, kind="JOINT_MEETING", contact_date=dt.date(2020, 3, 1), participants=None, note="",
        by=desk.users["dongli"],
    )  # fmt: skip
    assert told(desk, f"agreements/{made.pk}/targets") == {
        "FISCAL_AID": ("1009.00", "600.00", "1991.00", "20.0"),
        "SOCIAL_AID": ("1040.00", "40.00", "0.00", "8.0"),
        "CADRE": ("3.00", "0.00", "0.00", "0.0"),
        "JOINT_MEETINGS": (None, "1.00", None, "25.0"),
    }


def test_form_begins_with_the_targets_of_its_pairing_and_year(desk: Desk) -> None:
    agree(desk, "FRAMEWORK", [("PURCHASE", 9000)])
    agree(desk)
    path = f"pairings/{desk.pairing.pk}/targets?year="
    assert list(told(desk, f"{path}2020", "dongli")) == [*dict(TARGETS), "PURCHASE"]
    assert told(desk, f"{path}2019", "dongli") == {}
    assert desk.world.client("dongli").get(f"/api/{path}").json()["errors"][0]["field"] == "year"


def test_draft_and_withdrawn_promise_count_for_nothing(desk: Desk) -> None:
    made = agree(desk)
    withdrawn = desk.made["other"].pk
    body = {"reason": "登记有误"}
    assert (
        desk.world.client("dongli").post(f"/api/commitments/{withdrawn}/withdrawal", body, format="json", **key())
    ).status_code == 201
    assert told(desk, f"agreements/{made.pk}/targets")["SOCIAL_AID"] == ("0.00", "0.00", "500.00", "0.0")
    again = agreements.revise(agreement=Agreement.objects.get(pk=made.pk), by=desk.users["dongli"])
    said = desk.world.client("dongli").get(f"/api/agreements/{again.pk}/targets")
    assert (said.status_code, said.json()["detail"]) == (409, "协议的状态是“起草中”，双方签署之后才能据以登记承诺")
