"""Fields per form, idle money on any day, and matters settled over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from backend.commitments import balances, kinds, settling
from backend.commitments.models import Commitment, CommitmentTotals, Discrepancy, LedgerEntry
from tests.backend.commitments.conftest import Desk
from tests.backend.world import key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def undone(desk: Desk) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_no_form_asks_for_more_than_eight_fields() -> None:
    """Pairing, kind, name, figure and year; the mode where it is to be said; the kind's own; what it is for."""
    for kind, spec in kinds.SPECS.items():
        own = [name for name in spec.fields if name != "sector"]  # chosen together with the need, in one field
        asked = ["pairing", "kind", "title", "figure", "year", "purpose", *own]
        asked += ["mode"] if spec.mode == kinds.CHOOSE else []
        assert len(asked) <= 8, (kind, asked)


def test_amounts_of_money_are_never_mixed_with_counts(desk: Desk) -> None:
    desk.arrived("trained", 170)
    rows = Commitment.objects.with_amounts()
    assert rows.get(kind="TRAINING").arrived is None
    assert rows.get(kind="FISCAL_AID").arrived == 0


def test_money_grows_idle_first_in_first_out(desk: Desk) -> None:
    money = desk.made["money"]
    desk.arrived(amount="100", occurred_date=dt.date(2020, 1, 10))
    desk.arrived(amount="50", occurred_date=dt.date(2020, 7, 10))
    desk.entry("money", "SPENT", "30", occurred_date=dt.date(2020, 8, 1))
    desk.entry("money", "SPENT", "90", occurred_date=dt.date(2021, 6, 1))

    def at(year: int, month: int, day: int) -> tuple[int, ...]:
        row = balances.with_balance(Commitment.objects.filter(pk=money.pk), dt.date(year, month, day)).get()
        return tuple(map(int, (row.balance, row.idle, row.idle_long)))

    assert at(2020, 1, 9) == (0, 0, 0)
    assert at(2020, 7, 31) == (150, 0, 0)
    assert at(2021, 1, 9) == (120, 0, 0)
    assert at(2021, 1, 10) == (120, 70, 0)  # of the first 100, 30 are spent
    assert at(2021, 6, 1) == (30, 0, 0)  # the first lot is spent, the second not a year old
    assert at(2021, 7, 10) == (30, 30, 0)
    assert at(2022, 7, 10) == (30, 30, 30)
    assert CommitmentTotals.objects.get(commitment=money).unspent_since == dt.date(2020, 7, 10)
    assert [row.pk for row in balances.idle(Commitment.objects.all(), dt.date(2022, 7, 10))] == [money.pk]


def post(desk: Desk, who: str, path: str, code: int = 201, **body: Any) -> Any:
    response = desk.world.client(who).post(f"/api/{path}", body, format="json", **key())
    assert response.status_code == code, response.content.decode()
    return response.json()


def waiting(desk: Desk, who: str) -> list[str]:
    return [one["kind"] for one in desk.world.client(who).get("/api/inbox").json()]


def test_difference_is_explained_by_one_side_and_settled_by_the_other(desk: Desk) -> None:
    entry = desk.entry("money", "ARRIVED", "100")
    desk.answer(entry, "98")
    matter = Discrepancy.objects.get(entry=entry)
    assert "DISCREPANCY" in waiting(desk, "dongli")
    post(desk, "dongli", f"discrepancies/{matter.pk}/explanation", explanation="银行手续费 2 元")
    assert "DISCREPANCY" not in waiting(desk, "dongli")
    assert "DISCREPANCY" in waiting(desk, "longhua")
    post(desk, "dongli", f"discrepancies/{matter.pk}/answer", 403, agree=True)
    post(desk, "longhua", f"discrepancies/{matter.pk}/answer", 400, agree=False)
    said = post(desk, "longhua", f"discrepancies/{matter.pk}/answer", agree=True)
    assert (said["arrived"], said["confirmed"]) == ("100.00", "98.00")
    assert "DISCREPANCY" not in waiting(desk, "longhua")


def test_voucher_claimed_twice_counts_once_until_a_coordinator_releases_it(desk: Desk) -> None:
    for name in ("money", "other"):
        arrival = {"amount_yuan": "100", "occurred_date": "2020-05-01", "reference": "津财 2020-17"}
        said = post(desk, "dongli", f"commitments/{desk.made[name].pk}/arrivals", **arrival)
    assert said["arrived"] == "0.00"
    (matter,) = said["entries"][-1]["discrepancies"]
    entry = LedgerEntry.objects.get(pk=said["entries"][-1]["id"])
    post(desk, "longhua", f"ledger-entries/{entry.pk}/confirmation", answer="CONFIRMED")
    assert desk.sums("other") == ("0.00", "0.00", "0.00", "0.00")
    assert "DISCREPANCY" not in waiting(desk, "coordinator")
    post(desk, "longhua", f"discrepancies/{matter['id']}/explanation", explanation="一张凭证拨付两个项目")
    assert "DISCREPANCY" in waiting(desk, "coordinator")
    post(desk, "dongli", f"discrepancies/{matter['id']}/answer", 403, agree=True)
    post(desk, "coordinator", f"discrepancies/{matter['id']}/answer", agree=True)
    assert desk.sums("other") == ("100.00", "100.00", "0.00", "0.00")


def test_confirmed_arrival_is_reversed_when_the_other_side_agrees(desk: Desk) -> None:
    entry = desk.arrived()
    post(desk, "longhua", f"ledger-entries/{entry.pk}/reversal", 400, reason=" ")
    said = post(desk, "longhua", f"ledger-entries/{entry.pk}/reversal", reason="到了别的账户")
    assert said["confirmed"] == "100.00"
    request = entry.reversal_requests.get()
    assert "REVERSAL_TO_ANSWER" in waiting(desk, "dongli")
    post(desk, "longhua", f"reversal-requests/{request.pk}/answer", 403, agree=True)
    said = post(desk, "dongli", f"reversal-requests/{request.pk}/answer", agree=True)
    assert (said["arrived"], said["confirmed"]) == ("0.00", "0.00")
    assert said["entries"][-1]["reverses"] == entry.pk


def test_disputed_report_is_reversed_by_its_reporter_and_the_matter_is_closed(desk: Desk) -> None:
    entry = desk.entry("money", "ARRIVED", "100")
    desk.answer(entry, "10")
    settling.reverse(entry=LedgerEntry.objects.get(pk=entry.pk), reason="多写一个零", by=desk.users["dongli"])
    assert Discrepancy.objects.get(entry=entry).status == "CORRECTED"


def test_spending_waits_for_a_colleague_to_accept_it(desk: Desk) -> None:
    desk.arrived()
    spent = {"amount_yuan": "60", "occurred_date": "2020-06-01"}
    said = post(desk, "longhua", f"commitments/{desk.made['money'].pk}/spendings", **spent)
    entry = said["entries"][-1]
    assert ("ACCEPT" in entry["my_steps"], "ACCEPTANCE_DUE" in waiting(desk, "longhua")) == (False, False)
    assert "ACCEPTANCE_DUE" in waiting(desk, "colleague")
    accepted = {"amount_yuan": "60", "occurred_date": "2020-07-01", "evidence": "验收报告 3 号"}
    post(desk, "longhua", f"ledger-entries/{entry['id']}/acceptance", 409, **accepted)
    said = post(desk, "colleague", f"ledger-entries/{entry['id']}/acceptance", **accepted)
    assert said["accepted"] == "60.00"
    assert "ACCEPTANCE_DUE" not in waiting(desk, "colleague")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "CADRE", "quantity": 1}, "direction"),
        ({"kind": "CADRE", "amount_yuan": "5", "direction": "TO_HELPER"}, "amount_yuan"),
        ({"kind": "PURCHASE", "quantity": 3}, "quantity"),
        ({"kind": "PURCHASE"}, "amount_yuan"),
        ({"kind": "PURCHASE", "amount_yuan": "5", "mode": "DIRECT"}, "mode"),
        ({"kind": "SOCIAL_AID", "amount_yuan": "5"}, "mode"),
        ({"kind": "SOCIAL_AID", "amount_yuan": "5", "mode": "DIRECT", "months": 3}, "months"),
        ({"kind": "INDUSTRY_INPUT", "amount_yuan": "5", "benefit_link": "JOBS"}, "kind"),
    ],
)
def test_field_that_does_not_fit_the_kind_is_named(desk: Desk, body: dict[str, Any], field: str) -> None:
    said = post(desk, "dongli", "commitments", 400, pairing=desk.pairing.pk, year=2020, title="x", **body)
    assert [error["field"] for error in said["errors"]] == [field]


def test_people_arrive_at_a_post_whose_end_can_change(desk: Desk) -> None:
    path, day = f"commitments/{desk.made['people'].pk}/arrivals", "2020-03-01"
    post(desk, "dongli", path, 400, quantity=1, occurred_date=day)
    posting = {"unit": "县扶贫办", "post": "副主任", "end_date": "2022-02-28"}
    said = post(desk, "dongli", path, quantity=1, occurred_date=day, posting=posting)
    made = said["entries"][-1]["posting"]
    assert (made["start_date"], made["end_date"]) == (day, "2022-02-28")
    post(desk, "longhua", f"postings/{made['id']}/end", 400, end_date="2020-02-01", reason="写错")
    said = post(desk, "longhua", f"postings/{made['id']}/end", end_date="2021-03-01", reason="提前返回")
    assert said["entries"][-1]["posting"]["end_date"] == "2021-03-01"
