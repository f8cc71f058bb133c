"""Open items between both sides' figures: in one list, each with whose turn it is and the way to settle it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from backend.commitments import settling
from backend.commitments.models import Discrepancy, LedgerEntry
from tests.backend.commitments.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def undone(desk: Desk) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def listed(desk: Desk, who: str, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.world.client(who).get("/api/differences", query).json()["results"]
    return rows


def turns(desk: Desk, who: str, **query: Any) -> list[tuple[str, str, str | None]]:
    return [
        (one["kind"], one["waits_for"], one["step"]) for row in listed(desk, who, **query) for one in row["matters"]
    ]


def test_what_is_agreed_on_is_not_listed(desk: Desk) -> None:
    desk.arrived()
    desk.back(desk.entry("money", "ARRIVED", "5"))
    assert listed(desk, "longhua") == []


def test_unanswered_report_waits_for_the_other_side(desk: Desk) -> None:
    desk.entry("money", "ARRIVED", "5")
    assert turns(desk, "longhua") == [("UNANSWERED", "RECIPIENT", "CONFIRM")]
    assert turns(desk, "dongli") == turns(desk, "auditor") == [("UNANSWERED", "RECIPIENT", None)]


def test_difference_is_told_with_both_figures_until_it_is_settled(desk: Desk) -> None:
    entry = desk.entry("money", "ARRIVED", "100")
    desk.answer(entry, "98")
    (row,) = listed(desk, "coordinator")
    assert [row[name] for name in ("reported", "seen", "difference", "unit")] == ["100.00", "98.00", "2.00", "YUAN"]
    assert turns(desk, "dongli") == turns(desk, "longhua") == [("AMOUNT", "BOTH", "EXPLAIN")]
    settling.explain(discrepancy=Discrepancy.objects.get(), explanation="手续费", by=desk.users["dongli"])
    assert turns(desk, "longhua") == [("AMOUNT", "RECIPIENT", "SETTLE")]
    assert turns(desk, "dongli") == [("AMOUNT", "RECIPIENT", None)]
    settling.answer_explanation(discrepancy=Discrepancy.objects.get(), agree=True, by=desk.users["longhua"])
    assert listed(desk, "longhua") == []


def test_voucher_claimed_twice_waits_for_the_coordinator_once_explained(desk: Desk) -> None:
    for name in ("money", "other"):
        desk.arrived(name, "5", reference="津财 1")
    assert turns(desk, "dongli") == [("DUPLICATE", "BOTH", "EXPLAIN")]
    settling.explain(discrepancy=Discrepancy.objects.get(), explanation="一证两用", by=desk.users["dongli"])
    assert turns(desk, "coordinator") == [("DUPLICATE", "COORDINATOR", "SETTLE")]
    assert turns(desk, "auditor") == turns(desk, "longhua") == [("DUPLICATE", "COORDINATOR", None)]


def test_reversal_that_was_asked_for_waits_for_the_other_side(desk: Desk) -> None:
    entry = LedgerEntry.objects.get(pk=desk.arrived().pk)
    settling.reverse(entry=entry, reason="记错", by=desk.users["longhua"])
    assert turns(desk, "dongli") == [("REVERSAL", "HELPER", "ANSWER_REVERSAL")]
    assert turns(desk, "longhua") == [("REVERSAL", "HELPER", None)]


def test_list_is_narrowed_by_matter_and_taken_away_as_a_file(desk: Desk) -> None:
    desk.entry("money", "ARRIVED", "5")
    desk.answer(desk.entry("bought", "ARRIVED", "100"), "98")
    assert turns(desk, "longhua", kind="AMOUNT") == [("AMOUNT", "BOTH", "EXPLAIN")]
    assert turns(desk, "longhua", kind="UNANSWERED", year=2020) == [("UNANSWERED", "RECIPIENT", "CONFIRM")]
    assert turns(desk, "longhua", year=2019) == turns(desk, "xiqing") == []
    file = desk.world.client("auditor").get("/api/differences", {"export": "csv"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "双方数字不一致（待双方任一方）" in text
    assert "一方已报告，对方未答复（待受援方）" in text
