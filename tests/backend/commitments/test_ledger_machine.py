"""The ledger against a model that knows nothing of it: any sequence of verbs, everything recomputed after every step.

`--hypothesis-profile=thorough` takes the promised 500 runs of 50 steps; the usual run is a sample of them.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from backend.accounts.models import User
from backend.commitments import actions, settling
from backend.commitments.balances import with_balance
from backend.commitments.models import (
    Commitment,
    CommitmentTotals,
    Discrepancy,
    LedgerEntry,
    ReversalRequest,
    Voucher,
)
from backend.commitments.reconciling import reconcile
from backend.web.problems import Refusal
from tests.backend.commitments.conftest import Desk
from tests.backend.commitments.model import DAYS, Line, Model

pytestmark = pytest.mark.django_db

RUNS, STEPS = 15, 30
# Between two days, a year after the first (when money grows idle), and two years after the second.
LOOKED_AT = [dt.date(2020, 5, 31), dt.date(2021, 3, 1), dt.date(2022, 6, 1)]
HELPER, RECIPIENT = ("dongli",), ("longhua", "colleague")
SIDES = {"dongli": HELPER, "longhua": RECIPIENT, "colleague": RECIPIENT}

amounts, parts = st.integers(4, 30), st.integers(1, 9)
days = st.sampled_from(DAYS)
people = st.sampled_from([*HELPER, *RECIPIENT])
any_of = st.integers(0, 999)
vouchers = st.sampled_from(["", "", "津财 1", "津财１", "津财2"])  # the second and the third are one
_WRITTEN = str.maketrans("１", "1", " ")


class Ledger(RuleBasedStateMachine):
    desk: ClassVar[Desk]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.model = Model()

    @property
    def users(self) -> dict[str, User]:
        return self.desk.users

    def teardown(self) -> None:
        try:
            assert reconcile().findings == []
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def does(self, expected: bool, verb: Any, **given: Any) -> Any:
        """Try the verb; it must pass exactly when the model expects it to."""
        made, refused = None, None
        try:
            with transaction.atomic():
                made = verb(**given)
        except (Refusal, IntegrityError) as error:
            refused = error
        assert (refused is None) == expected, f"{verb.__name__}: {refused or 'passed'}"
        return made

    def pick(self, number: int, stages: tuple[str, ...]) -> Line:
        fitting = [one for one in self.model.lines if one.stage in stages]
        return fitting[number % len(fitting)]

    def entry(self, line: Line) -> LedgerEntry:
        return LedgerEntry.objects.select_related("commitment__pairing").get(pk=line.id)

    def flowing(self) -> list[int]:
        """Promises out of which can be spent; any others where there are none."""
        open_ones = [pk for pk, (flows, registered) in self.model.promises.items() if flows and registered]
        return open_ones or list(self.model.promises)

    def promise(self, number: int) -> tuple[Commitment, bool, bool]:
        ids = list(self.model.promises)
        pk = ids[number % len(ids)]
        return Commitment.objects.select_related("pairing").get(pk=pk), *self.model.promises[pk]

    @precondition(lambda self: len(self.model.promises) < 2)
    @rule(flows=st.sampled_from([True, True, False]))
    def register(self, flows: bool) -> None:
        title = f"第 {len(self.model.promises)} 项"
        if flows:
            made = self.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(10), title=title)
        else:
            made = self.desk.register("PURCHASE", amount_yuan=Decimal(10), title=title)
        self.model.promises[made.pk] = (flows, True)

    @precondition(lambda self: self.model.promises)
    @rule(which=any_of, amount=amounts, day=days, by=people, voucher=vouchers)
    def arrive(self, which: int, amount: int, day: dt.date, by: str, voucher: str) -> None:
        self.report(which, amount, day, by, voucher)

    @precondition(lambda self: self.model.promises)
    @rule(which=any_of, amount=amounts, day=days)
    def arrive_for_sure(self, which: int, amount: int, day: dt.date) -> None:
        """What usually happens: reported by the one side, confirmed by the other."""
        line = self.report(which, amount, day, "dongli", "")
        if line:
            self.reply(line, "longhua", 0)

    def report(self, which: int, amount: int, day: dt.date, by: str, voucher: str) -> Line | None:
        commitment, _, registered = self.promise(which)
        given = {"commitment": commitment, "amount_yuan": Decimal(amount), "occurred_date": day, "reference": voucher}
        made = self.does(registered, actions.report_arrival, by=self.users[by], **given)
        if not made:
            return None
        line = Line(made.pk, commitment.pk, "ARRIVED", amount, day, by, voucher.translate(_WRITTEN))
        self.model.lines.append(line)
        if line.voucher and self.model.owners.setdefault(line.voucher, line) is not line:
            line.duplicate = "OPEN"
        return line

    @precondition(lambda self: self.arrivals())
    @rule(which=any_of, by=people, off=st.sampled_from([0, 0, -1, 2]))
    def answer(self, which: int, by: str, off: int) -> None:
        self.reply(self.pick(which, ("ARRIVED",)), by, off)

    def reply(self, line: Line, by: str, off: int) -> None:
        allowed = SIDES[by] != SIDES[line.by] and line.seen is None and not line.reversed
        said: dict[str, Any] = {"answer": "CONFIRMED"}
        if off:
            said = {"answer": "DISPUTED", "amount_yuan": Decimal(line.value + off), "reason": "对不上"}
        if self.does(allowed, actions.confirm, entry=self.entry(line), by=self.users[by], **said):
            line.seen = line.value + off
            line.amount_matter = "OPEN" if off else ""

    @precondition(lambda self: self.matters())
    @rule(which=any_of, by=people)
    def explain(self, which: int, by: str) -> None:
        matter, line, name = self.matter(which)
        if self.does(getattr(line, name) == "OPEN", self._explain, matter=matter, by=self.users[by]):
            setattr(line, name, by)

    def _explain(self, matter: Discrepancy, by: User) -> bool:
        settling.explain(discrepancy=matter, explanation="手续费", by=by)
        return True

    @precondition(lambda self: self.matters())
    @rule(which=any_of, by=st.sampled_from(["dongli", "longhua", "coordinator"]), agree=st.booleans())
    def settle(self, which: int, by: str, agree: bool) -> None:
        matter, line, name = self.matter(which)
        said = getattr(line, name)
        other_side = by in SIDES and SIDES[by] != SIDES.get(said)
        allowed = said in SIDES and (by == "coordinator" if name == "duplicate" else other_side)
        if self.does(allowed, self._settle, matter=matter, agree=agree, by=self.users[by]):
            setattr(line, name, "SETTLED" if agree else "OPEN")

    def _settle(self, matter: Discrepancy, agree: bool, by: User) -> bool:
        settling.answer_explanation(discrepancy=matter, agree=agree, reason="核实过", by=by)
        return True

    @precondition(lambda self: self.model.promises)
    @rule(which=any_of, amount=parts, day=days, by=st.sampled_from(["longhua", "longhua", "colleague", "dongli"]))
    def spend(self, which: int, amount: int, day: dt.date, by: str) -> None:
        pk = self.flowing()[which % len(self.flowing())]
        commitment, flows, registered = self.promise(list(self.model.promises).index(pk))
        line = Line(0, commitment.pk, "SPENT", amount, day, by)
        self.model.lines.append(line)
        allowed = by in RECIPIENT and flows and registered and self.model.holds(commitment.pk)
        self.model.lines.remove(line)
        given = {"commitment": commitment, "amount_yuan": Decimal(amount), "occurred_date": day, "by": self.users[by]}
        made = self.does(allowed, actions.spend, **given)
        if made:
            line.id = made.pk
            self.model.lines.append(line)

    @precondition(lambda self: self.model.lines)
    @rule(which=any_of, amount=parts, day=days, by=st.sampled_from(["longhua", "colleague", "colleague", "dongli"]))
    def accept(self, which: int, amount: int, day: dt.date, by: str) -> None:
        line = self.pick(which, ("ARRIVED", "SPENT", "ACCEPTED"))
        flows, registered = self.model.promises[line.promise]
        there = line.sure if line.stage == "ARRIVED" else line.value if not line.reversed else 0
        allowed = (
            by in RECIPIENT
            and by != line.by
            and registered
            and line.stage == ("SPENT" if flows else "ARRIVED")
            and day >= line.day
            and self.model.accepted(line) + amount <= there
        )
        given = {"entry": self.entry(line), "amount_yuan": Decimal(amount), "occurred_date": day, "by": self.users[by]}
        made = self.does(allowed, actions.accept, evidence="报告", **given)
        if made:
            self.model.lines.append(Line(made.pk, line.promise, "ACCEPTED", amount, day, by, accepts=line))

    @precondition(lambda self: self.model.lines)
    @rule(which=any_of, by=people)
    def reverse(self, which: int, by: str) -> None:
        line = self.pick(which, ("ARRIVED", "SPENT", "ACCEPTED"))
        if line.stage == "ARRIVED" and line.both:
            asked = any(one is line and status == "REQUESTED" for one, status, _ in self.model.requests.values())
            allowed = not asked and not line.reversed
        else:
            allowed = SIDES[by] == SIDES[line.by] and self.can_go(line)
        made = self.does(allowed, settling.reverse, entry=self.entry(line), reason="记错", by=self.users[by])
        if isinstance(made, ReversalRequest):
            self.model.requests[made.pk] = (line, "REQUESTED", by)
        elif made:
            self.gone(line)

    @precondition(lambda self: self.model.requests)
    @rule(which=any_of, by=people, agree=st.booleans())
    def answer_reversal(self, which: int, by: str, agree: bool) -> None:
        pk = list(self.model.requests)[which % len(self.model.requests)]
        line, status, asked_by = self.model.requests[pk]
        allowed = status == "REQUESTED" and SIDES[by] != SIDES[asked_by]
        if allowed and agree:
            allowed = self.can_go(line)
        request = ReversalRequest.objects.select_related("entry__commitment__pairing").get(pk=pk)
        if self.does(allowed, self._answer_reversal, request=request, agree=agree, by=self.users[by]):
            self.model.requests[pk] = (line, "ANSWERED", asked_by)
            if agree:
                self.gone(line)

    def _answer_reversal(self, request: ReversalRequest, agree: bool, by: User) -> bool:
        settling.answer_reversal(request=request, agree=agree, reason="核实过", by=by)
        return True

    @precondition(lambda self: len(self.model.lines) > 3)
    @rule(which=any_of, by=people)
    def withdraw(self, which: int, by: str) -> None:
        commitment, flows, registered = self.promise(which)
        standing = [one for one in self.model.lines if one.promise == commitment.pk and not one.reversed]
        allowed = by in HELPER and registered and not standing
        if self.does(allowed, self._withdraw, commitment=commitment, by=self.users[by]):
            self.model.promises[commitment.pk] = (flows, False)

    def _withdraw(self, commitment: Commitment, by: User) -> bool:
        actions.withdraw(commitment=commitment, reason="登记有误", by=by)
        return True

    def can_go(self, line: Line) -> bool:
        """Whether nothing rests on the entry."""
        if line.reversed or self.model.accepted(line) or not self.model.promises[line.promise][1]:
            return False
        line.reversed = True
        holds = self.model.holds(line.promise)
        line.reversed = False
        return holds

    def gone(self, line: Line) -> None:
        line.reversed = True
        for name in ("amount_matter", "duplicate"):
            if getattr(line, name) not in ("", "SETTLED"):
                setattr(line, name, "CORRECTED")
        self.model.owners = {key: one for key, one in self.model.owners.items() if one is not line}

    def arrivals(self) -> bool:
        return any(one.stage == "ARRIVED" for one in self.model.lines)

    def matters(self) -> list[tuple[Line, str]]:
        names = ("amount_matter", "duplicate")
        return [(line, name) for line in self.model.lines for name in names if getattr(line, name)]

    def matter(self, number: int) -> tuple[Discrepancy, Line, str]:
        found = self.matters()
        line, name = found[number % len(found)]
        kind = "DUPLICATE" if name == "duplicate" else "AMOUNT"
        row = Discrepancy.objects.select_related("entry__commitment__pairing").get(entry_id=line.id, kind=kind)
        return row, line, name

    @invariant()
    def sums_are_those_of_the_model(self) -> None:
        kept = {row.pk: row for row in CommitmentTotals.objects.filter(pk__in=self.model.promises)}
        for promise in self.model.promises:
            row = kept[promise]
            figures = (row.arrived, row.confirmed, row.spent, row.accepted)
            assert tuple(map(int, figures)) == self.model.sums(promise)

    @invariant()
    def no_day_has_more_spent_than_both_sides_were_sure_of(self) -> None:
        """And every figure of every day, past days too, is the model's."""
        for day in LOOKED_AT:
            for row in with_balance(Commitment.objects.filter(pk__in=self.model.promises), day):
                stood: Any = row  # annotated
                figures = (stood.arrived_then, stood.confirmed_then, stood.spent_then, stood.accepted_then)
                assert min(figures) >= 0
                assert stood.spent_then <= stood.confirmed_then
                told = (*figures, stood.balance, stood.idle, stood.idle_long)
                assert tuple(map(int, told)) == self.model.then(row.pk, day), day

    @invariant()
    def one_voucher_has_one_owner(self) -> None:
        owners = dict(Voucher.objects.values_list("key", "entry_id"))
        assert owners == {key: line.id for key, line in self.model.owners.items()}

    @invariant()
    def nothing_vanishes(self) -> None:
        """Every entry ever made is there as it was made, and so is whatever took it back."""
        rows = LedgerEntry.objects.filter(commitment__in=self.model.promises).exclude(stage="AGREED")
        made = {row.pk: row for row in rows.filter(reverses=None)}
        assert {pk: (row.stage, int(row.value), row.occurred_date) for pk, row in made.items()} == {
            line.id: (line.stage, line.value, line.day) for line in self.model.lines
        }
        back = {row.reverses_id: -int(row.value) for row in rows.exclude(reverses=None)}
        assert back == {line.id: line.value for line in self.model.lines if line.reversed}


def play(desk: Desk, **changes: Any) -> None:
    """Let the machine run: as often as the profile asks, in the order that every run of the tests has."""
    sample: dict[str, Any] = {"max_examples": RUNS, "stateful_step_count": STEPS, "derandomize": True}
    asked = {} if settings.get_current_profile_name() == "thorough" else sample
    usual: dict[str, Any] = {
        "deadline": None,
        "database": None,
        "phases": [Phase.generate],
        "suppress_health_check": list(HealthCheck),
    }
    Ledger.desk = desk
    run_state_machine_as_test(Ledger, settings=settings(**{**usual, **asked, **changes}))


def test_ledger_agrees_with_its_model_whatever_happens(desk: Desk) -> None:
    play(desk)


# A rule's function, and what its words become when the rule is dropped.
DROPPED = [
    ("commitments_recount", "left_over < 0", "FALSE"),
    ("commitments_entry_counted", "DELETE FROM commitments_voucher WHERE entry_id = NEW.reverses_id", "NULL"),
]


@pytest.mark.parametrize(("function", "words", "instead"), DROPPED)
def test_negative_control_machine_stumbles_once_a_rule_is_dropped(
    desk: Desk, function: str, words: str, instead: str
) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
            (rule,) = cursor.fetchone() or ("",)
            assert rule.count(words) == 1
            cursor.execute(rule.replace(words, instead))
        with pytest.raises(AssertionError):
            play(desk, max_examples=400, stateful_step_count=STEPS, derandomize=True)
        transaction.set_rollback(True)


def test_reconciliation_finds_what_was_changed_behind_its_back(desk: Desk) -> None:
    with transaction.atomic():
        desk.back(desk.entry("money", "ARRIVED", "7"))
        spent = desk.entry("money", "SPENT", "60", occurred_date=desk.arrived().occurred_date)
        desk.accept(spent, "50")
        desk.answer(desk.entry("bought", "ARRIVED", "100"), "98")
        for name in ("money", "other"):
            desk.entry(name, "ARRIVED", "5", reference="V-1")
        assert reconcile().findings == []
        with connection.cursor() as cursor:
            cursor.execute("UPDATE commitments_totals SET spent = 59 WHERE commitment_id = %s", [spent.commitment_id])
        (finding,) = reconcile().findings
        assert finding == {"commitment": spent.commitment_id, "figure": "spent", "kept": "59.00", "recounted": "60.00"}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE commitments_totals SET spent = 60 WHERE commitment_id = %s", [spent.commitment_id])
            cursor.execute("UPDATE commitments_totals SET unspent_since = unspent_since - 1 WHERE confirmed > spent")
        assert {one["figure"] for one in reconcile().findings} == {"unspent_since"}
        transaction.set_rollback(True)
