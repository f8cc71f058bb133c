"""Trying changes on top of a run: pin and ban pairs, see what moves, and have the outcome solved and proven."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

import matching
from backend.accounts.models import User
from backend.lifecycle.actions import move, record
from backend.parties.models import Party
from backend.places.models import Area
from backend.runs import actions, swaps
from backend.runs.firms.opened import open_any
from backend.runs.models import Directive, Run, Scenario, ScenarioChange, code_of
from backend.runs.stored import Opened, Repaired
from backend.runs.swaps import See, Shift
from backend.web.problems import Conflict, Invalid, StaleStatus
from matching.resolve import Pair

Verb = ScenarioChange.Verb


@dataclass(frozen=True)
class Answer:
    """What the optimum is under the changes of a scenario, and how it differs from the run's.

    Sums are None where no set of pairs can meet them all; `conflict` then says why, as a run does.
    """

    objective: int | None
    coverage: int | None
    fit: int | None
    stability: int | None
    shift: Shift
    conflict: dict[str, Any] | None
    seconds: float


def opened(run: Run, by: User) -> Scenario | None:
    """The scenario this person is working on, None before the first change."""
    return Scenario.objects.filter(run=run, by=by, status=Scenario.Status.OPEN).first()


def change(*, run: Run, verb: str, helper: Area | Party, recipient: Area, reason: str = "", by: User) -> Scenario:
    """Pin or ban a pair, or release it: take back what this scenario says, or lift what the run was told.

    `helper` is the area that a government stands for, or a firm. Raises Invalid for a pair that cannot be paired or is
    decided already, Conflict for a run that is not READY.
    """
    side = "firm" if isinstance(helper, Party) else "helper"
    code = code_of(helper) if isinstance(helper, Party) else helper.code
    pair = {side: helper, "recipient": recipient}
    inherited = run.directives.filter(**pair).exists()
    _check(open_any(run), verb, (code, helper.name), recipient, told=inherited)
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)  # two first changes at once make one scenario
        scenario = opened(run, by) or Scenario.objects.create(run=run, by=by)
        key: dict[str, Any] = {"scenario": scenario, **pair}
        if verb == Verb.RELEASE and not inherited:
            ScenarioChange.objects.filter(**key).delete()
        else:
            ScenarioChange.objects.update_or_create(**key, defaults={"verb": verb, "reason": reason.strip()})
        record(scenario, verb.lower(), by=by, reason=reason.strip(), payload={"pair": [code, recipient.code]})
        return scenario


def _check(stored: Opened, verb: str, helper: tuple[str, str], recipient: Area, *, told: bool) -> None:
    """Only people undo what people decided: a pair in force or refused is not the scenario's to change."""
    code, name = helper
    try:
        state = stored.state(code, recipient.code)
    except KeyError:
        raise Invalid(f"{name}与{recipient.full_name}不在同一省市协作关系之内", field="recipient") from None
    if told:
        return
    if state == matching.LOCKED and verb != Verb.PIN:
        raise Invalid("这是已有的结对关系，须由双方解除，不能在方案中排除", field="verb")
    if state == matching.BANNED and verb != Verb.BAN:
        raise Invalid("这一对此前不采纳或有异议，不能在方案中固定", field="verb")


def answer(stored: Opened, changes: Iterable[ScenarioChange], see: See) -> Answer:
    """Repair the run's optimum under these changes. Cost: some milliseconds per change, in a run of all firms about a
    second."""
    began = time.perf_counter()
    asked = [Pair(_MATCHER[one.verb], one.helper_code, one.recipient.code) for one in changes]
    return told(stored, stored.what_if(asked), see, began)


def told(stored: Opened, found: Repaired, see: See, began: float) -> Answer:
    """What was found, for one reader."""
    seen = see({code for pair in (*found.removed, *found.added) for code in pair})
    moved = swaps.shift(stored, found.removed, found.added, seen)
    took = time.perf_counter() - began
    return Answer(found.objective, found.coverage, found.fit, found.stability, moved, found.conflict, took)


_MATCHER: dict[str, Any] = {Verb.PIN: "pin", Verb.BAN: "ban", Verb.RELEASE: "release"}


def adopt(*, scenario: Scenario, reason: str, by: User) -> Run:
    """Have the scenario solved, verified and stored as a run of its own, under the same policy and year.

    What the run was told before stays told; `reason` stands for changes that have none. Raises Conflict for a scenario
    without changes or one that cannot be met, Invalid without a reason, StaleStatus when it is not open any more.
    """
    if not reason.strip():
        raise Invalid("请写明采用这个方案的理由，它会与固定、排除一起留存", field="reason")
    with transaction.atomic():
        scenario = _locked(scenario)
        changes = list(scenario.changes.select_related("helper", "firm", "recipient"))
        if not changes:
            raise Conflict("这个方案还没有任何改动")
        if answer(open_any(scenario.run), changes, lambda codes: None).conflict is not None:
            raise Conflict("按这些固定与排除没有可行的结对方案，请先消除冲突")
        run = scenario.run
        made = actions.request(policy=run.policy, year=run.year, based_on=run, by=by)
        kept = {(one.helper_id, one.firm_id, one.recipient_id): one.copy_to(made) for one in run.directives.all()}
        for one in changes:
            key = one.helper_id, one.firm_id, one.recipient_id
            kept.pop(key, None)
            if one.verb != Verb.RELEASE:
                kept[key] = Directive(
                    run=made, verb=one.verb, helper=one.helper, firm=one.firm, recipient=one.recipient,
                    by=scenario.by, reason=one.reason or reason.strip(), at=one.at,
                )  # fmt: skip
        Directive.objects.bulk_create(kept.values())
        move(scenario, Scenario.Status.ADOPTED, by=by, reason=reason.strip(), adopted_as=made)
        return made


def discard(*, scenario: Scenario, by: User) -> None:
    """Lay the scenario aside; its changes stay on record. Raises StaleStatus when it is not open any more."""
    with transaction.atomic():
        move(_locked(scenario), Scenario.Status.DISCARDED, by=by)


def _locked(scenario: Scenario) -> Scenario:
    locked = Scenario.objects.select_for_update(no_key=True, of=("self",)).select_related("run", "by")
    fresh = locked.get(pk=scenario.pk)
    if fresh.status != Scenario.Status.OPEN:
        raise StaleStatus(f"这个方案{fresh.get_status_display()}，请刷新后查看")
    return fresh
