"""Each rule of the ledger bites in PostgreSQL with Python bypassed, and the same write passes once the rule is gone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction

from backend.commitments import kinds
from backend.commitments.models import (
    Commitment,
    CommitmentTotals,
    Discrepancy,
    EntryFile,
    LedgerEntry,
    Posting,
    ReversalRequest,
)
from backend.web.problems import constraint_of
from tests.backend.commitments.conftest import DAY, Desk

pytestmark = pytest.mark.django_db

Case = Callable[[Desk], Any]


def _withdrawn(desk: Desk) -> None:
    _status(desk.made["other"], "WITHDRAWN")
    desk.entry("other", "ARRIVED", "1")


def _status(row: Any, to: str, **changes: Any) -> int:
    return type(row).objects.filter(pk=row.pk).update(status=to, **changes)


def _spent(desk: Desk, amount: str = "60", **given: Any) -> LedgerEntry:
    desk.arrived()
    return desk.entry("money", "SPENT", amount, **given)


def _reverse_accepted(desk: Desk) -> None:
    spent = _spent(desk)
    desk.accept(spent, "60")
    desk.back(spent)


def _reverse_for_the_other(desk: Desk) -> None:
    arrived = desk.entry("money", "ARRIVED", "5")
    desk.back(arrived, reported_by=desk.users["longhua"], reported_by_side="RECIPIENT")


def _accept_twice_over(desk: Desk) -> None:
    spent = _spent(desk)
    desk.accept(spent, "40")
    desk.accept(spent, "21")


def _answer_reversed(desk: Desk) -> None:
    arrived = desk.entry("money", "ARRIVED", "5")
    desk.back(arrived)
    desk.answer(arrived)


def _disputed(desk: Desk) -> Discrepancy:
    entry = desk.entry("money", "ARRIVED", "100")
    desk.answer(entry, "98")
    return Discrepancy.objects.get(entry=entry)


def _settle(desk: Desk, by: str, **changes: Any) -> None:
    matter, users = _disputed(desk), desk.users
    _status(matter, "EXPLAINED", explanation="手续费", explained_by=users["dongli"])
    _status(matter, "SETTLED", agreed_by=users[by], **changes)


def _release(desk: Desk, explained: str, agreed: str) -> None:
    for name in ("money", "other"):
        desk.entry(name, "ARRIVED", "5", reference="V-1")
    matter, users = Discrepancy.objects.get(kind="DUPLICATE"), desk.users
    _status(matter, "EXPLAINED", explanation="一张凭证拨付两项", explained_by=users[explained])
    _status(matter, "SETTLED", agreed_by=users[agreed])


def _agree_with_oneself(desk: Desk) -> None:
    ask = ReversalRequest.objects.create(entry=desk.arrived(), reason="错", requested_by=desk.users["longhua"])
    _status(ask, "AGREED", answered_by=desk.users["colleague"])


def _ask_twice(desk: Desk) -> None:
    entry = desk.arrived()
    for _ in range(2):
        ReversalRequest.objects.create(entry=entry, reason="错", requested_by=desk.users["longhua"])


def _people_without_a_post(desk: Desk) -> None:
    desk.entry("people", "ARRIVED", 1)
    immediately()


def _post(desk: Desk, commitment: str, amount: str | int, **given: Any) -> None:
    entry = desk.entry(commitment, "ARRIVED", amount)
    Posting.objects.create(**{"entry": entry, "unit": "扶贫办", "post": "副主任", "start_date": DAY, **given})


def _files(desk: Desk, entry: LedgerEntry, count: int = 1, **given: Any) -> None:
    for number in range(count):
        file = {
            "name": "回单",
            "media_type": "application/pdf",
            "size": 9,
            "sha256": f"{number}",
            "stored_as": f"{number}",
        }
        EntryFile.objects.create(**{"entry": entry, "by": desk.users["dongli"], **file, **given})


def _change(**changes: Any) -> Case:
    return lambda desk: Commitment.objects.filter(pk=desk.made["money"].pk).update(**changes)


def _total(**changes: Any) -> Case:
    return lambda desk: CommitmentTotals.objects.filter(commitment=desk.made["money"]).update(**changes)


LATER = DAY + dt.timedelta(days=1)
CASES: list[tuple[str, Case]] = [
    ("entry_file_of_a_happening", lambda d: _files(d, d.made["money"].entries.get())),
    ("entry_file_by_a_side", lambda d: _files(d, d.arrived(), by=d.users["auditor"])),
    ("entry_files_at_most", lambda d: _files(d, d.arrived(), 21)),
    ("entry_file_once", lambda d: _files(d, d.arrived(), 2, sha256="a")),
    ("entry_file_of_a_known_type", lambda d: _files(d, d.arrived(), media_type="text/html")),
    ("entry_in_the_unit_of_its_commitment", lambda d: d.entry("money", "ARRIVED", 5)),
    ("entry_in_the_unit_of_its_commitment", lambda d: d.entry("trained", "ARRIVED", "5")),
    ("entry_counts_one_thing", lambda d: d.entry("money", "ARRIVED", "5", quantity=5)),
    ("entry_quantity_is_plausible", lambda d: d.entry("trained", "ARRIVED", -5)),
    ("entry_needs_registered_commitment", _withdrawn),
    ("entry_stage_fits_kind", lambda d: (d.arrived("bought"), d.entry("bought", "SPENT", "5"))),
    ("entry_by_its_own_side", lambda d: d.entry("money", "ARRIVED", "5", reported_by=d.users["longhua"])),
    ("entry_by_its_own_side", lambda d: d.entry("money", "ARRIVED", "5", reported_by=d.users["unit"])),
    (
        "entry_by_the_side_of_its_stage",
        lambda d: (
            d.arrived(),
            d.entry("money", "SPENT", "5", reported_by=d.users["dongli"], reported_by_side="HELPER"),
        ),
    ),
    ("reversal_of_a_whole_entry", lambda d: d.back(d.entry("money", "ARRIVED", "5"), amount_yuan=Decimal(-4))),
    ("reversal_of_a_whole_entry", lambda d: d.back(d.entry("money", "ARRIVED", "5"), commitment=d.made["other"])),
    ("reversal_has_a_reason", lambda d: d.back(d.entry("money", "ARRIVED", "5"), reason="")),
    ("agreed_amount_stands", lambda d: d.back(d.made["money"].entries.get(stage="AGREED"))),
    ("accepted_entry_stands", _reverse_accepted),
    ("arrival_reversed_by_its_reporter", _reverse_for_the_other),
    ("confirmed_arrival_reversed_by_both", lambda d: d.back(d.arrived())),
    ("acceptance_of_a_standing_entry", lambda d: d.accept(d.entry("bought", "ARRIVED", "5"), "5")),
    ("acceptance_not_before_its_entry", lambda d: d.accept(_spent(d), "5", occurred_date=dt.date(2020, 4, 30))),
    ("accepted_within_its_entry", lambda d: d.accept(d.arrived("bought"), "101")),
    ("accepted_within_its_entry", _accept_twice_over),
    ("accepted_by_another_person", lambda d: d.accept(_spent(d), "5", reported_by=d.users["longhua"])),
    ("acceptance_has_evidence", lambda d: d.accept(_spent(d), "5", evidence="")),
    ("acceptance_says_what_it_accepts", lambda d: (_spent(d), d.entry("money", "SPENT", "1", accepts=_spent(d)))),
    ("spent_within_confirmed", lambda d: _spent(d, "101")),
    ("spent_within_confirmed", lambda d: (d.entry("money", "ARRIVED", "5"), d.entry("money", "SPENT", "5"))),
    ("spent_after_arrival", lambda d: _spent(d, occurred_date=dt.date(2020, 4, 30))),
    ("spent_after_arrival", lambda d: (_spent(d, "100"), d.arrived(occurred_date=LATER), _spent_before(d, LATER))),
    ("confirmed_within_arrived", _total(confirmed=1)),
    ("accepted_within_spent", _total(accepted=1)),
    ("unspent_since_some_day", _total(unspent_since=dt.date(2020, 5, 1))),
    ("answer_to_a_standing_arrival", _answer_reversed),
    ("answer_to_a_standing_arrival", lambda d: d.answer(d.made["money"].entries.get(stage="AGREED"))),
    ("answer_by_the_other_party", lambda d: d.answer(d.entry("money", "ARRIVED", "5"), by=d.users["dongli"])),
    ("answer_by_the_other_party", lambda d: d.answer(d.entry("money", "ARRIVED", "5"), by=d.users["unit"])),
    ("answer_fits_its_entry", lambda d: d.answer(d.entry("money", "ARRIVED", "5"), amount_yuan=Decimal(4))),
    ("answer_fits_its_entry", lambda d: d.answer(d.entry("money", "ARRIVED", "5"), "5")),
    ("withdrawn_commitment_is_empty", lambda d: (d.arrived(), _status(d.made["money"], "WITHDRAWN"))),
    ("explained_by_somebody", lambda d: _status(_disputed(d), "EXPLAINED")),
    ("settled_by_two_people", lambda d: _release(d, "coordinator", "coordinator")),
    ("settled_by_the_other_party", lambda d: _settle(d, "colleague", explained_by=d.users["longhua"])),
    ("duplicate_released_by_coordinator", lambda d: _release(d, "dongli", "longhua")),
    ("reversal_agreed_by_the_other_party", _agree_with_oneself),
    ("one_open_reversal_request", _ask_twice),
    ("arrival_of_people_has_a_posting", _people_without_a_post),
    ("posting_of_an_arrival_of_people", lambda d: _post(d, "money", "5")),
    ("posting_of_an_arrival_of_people", lambda d: _post(d, "people", 1, start_date=LATER)),
    ("posting_dates_in_order", lambda d: _post(d, "people", 1, end_date=dt.date(2020, 4, 30))),
    ("commitment_unit_fits_kind", _change(kind="PURCHASE", mode="PURCHASE", plan="")),
    ("commitment_in_the_unit_of_its_kind", _change(quantity=3)),
    ("commitment_mode_fits_kind", _change(mode="")),
    ("commitment_direction_fits_kind", _change(direction="TO_HELPER")),
    ("commitment_trainees_fits_kind", lambda d: Commitment.objects.filter(kind="TRAINING").update(trainees="")),
    ("commitment_poor_people_fits_kind", _change(poor_people=3)),
]


def _spent_before(desk: Desk, day: dt.date) -> LedgerEntry:
    """As much as arrived in all by `day`, but on the day before."""
    return desk.entry("money", "SPENT", "100", occurred_date=day - dt.timedelta(days=1))


def immediately() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# A second rule that would refuse the same write; it has to go as well before the write passes.
BEHIND = {
    "entry_quantity_is_plausible": ["confirmed_within_arrived"],
    "entry_stage_fits_kind": ["accepted_within_spent"],
    "accepted_entry_stands": ["accepted_within_spent"],
    "acceptance_of_a_standing_entry": ["accepted_within_its_entry", "accepted_within_spent"],
    "accepted_within_its_entry": ["accepted_within_spent"],
    "acceptance_says_what_it_accepts": ["accepted_by_another_person"],
    "spent_within_confirmed": ["spent_after_arrival"],
    "answer_to_a_standing_arrival": ["confirmed_within_arrived"],
    "confirmed_within_arrived": ["unspent_since_some_day"],
}


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{number}-{rule}" for number, (rule, _) in enumerate(CASES)])
def test_rule_bites_and_without_it_the_same_write_passes(desk: Desk, rule: str, case: Case) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        case(desk)
    assert constraint_of(refused.value) == rule
    with transaction.atomic():
        _without(rule, *BEHIND.get(rule, []))
        case(desk)
        transaction.set_rollback(True)


def _without(*rules: str) -> None:
    """Take rules away, wherever they live: constraints, indexes, triggers of models, the ledger's functions."""
    immediately()
    with connection.cursor() as cursor:
        for rule in rules:
            if not _dropped(cursor, rule):
                silenced = ", ".join(f"'{one}'" for one in rules)
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION commitments_refuse(what text, named text) RETURNS void"
                    f" LANGUAGE plpgsql AS $$ BEGIN IF named NOT IN ({silenced}) THEN RAISE EXCEPTION '%', what"
                    " USING ERRCODE = 'check_violation', CONSTRAINT = named; END IF; END $$"
                )


def _dropped(cursor: Any, rule: str) -> bool:
    cursor.execute("SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s", [rule])
    if table := cursor.fetchone():
        cursor.execute(f"ALTER TABLE {table[0]} DROP CONSTRAINT {rule}")
        return True
    cursor.execute("SELECT FROM pg_class WHERE relname = %s", [rule])
    if cursor.fetchone() is not None:
        cursor.execute(f"DROP INDEX {rule}")
        return True
    for model, trigger in pgtrigger.registered():
        if f"'{rule}'" in str(trigger.get_func(model)):
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER {trigger.get_pgid(model)}")
            return True
    return False


def test_every_refusal_of_the_ledger_has_its_words_and_its_case() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname LIKE 'commitments_%%'")
        source = " ".join(row[0] for row in cursor.fetchall())
    named = set(re.findall(r"commitments_refuse\('[^,]*', '(\w+)'\)", source))
    assert named <= {rule for rule, _ in CASES}


def test_reversed_voucher_can_be_claimed_again(desk: Desk) -> None:
    with transaction.atomic():
        desk.back(desk.entry("money", "ARRIVED", "5", reference="津财 7"))
        desk.entry("other", "ARRIVED", "5", reference="津财7")
        assert not Discrepancy.objects.exists()
        again = desk.entry("bought", "ARRIVED", "5", reference=" 津财 ７ ")
        assert again.discrepancies.get().earlier.commitment == desk.made["other"]
        assert (desk.sums("other")[0], desk.sums("bought")[0]) == ("5.00", "0.00")
        transaction.set_rollback(True)


def test_kinds_are_complete() -> None:
    assert set(kinds.SPECS) == set(kinds.Kind)
