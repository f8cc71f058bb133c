"""A second person's look at an acceptance, taking an acceptance back, and who is to review what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.lifecycle.actions import record, record_all
from backend.pairings.decision_models import Decision, SecondLook
from backend.pairings.models import Pairing
from backend.pairings.review_models import Assignment
from backend.runs.models import Run, Suggestion
from backend.web.copying import create_all
from backend.web.problems import Conflict, Invalid

Outcome = SecondLook.Outcome


def confirm(*, suggestion: Suggestion, reason: str = "", by: User) -> SecondLook:
    """Confirm an acceptance as the second person, so that it may be published.

    Raises Conflict when nothing is accepted, when the policy asks for no second person and when `by` accepted it.
    """
    require_role(by, Role.COORDINATOR, to="复核采纳")
    if not suggestion.run.policy.four_eyes:
        raise Conflict("这次运行的政策不要求第二人复核，采纳后即可发布")
    with transaction.atomic():
        decision = _standing(suggestion)
        if decision.by_id == by.pk:
            raise Conflict("采纳和复核须由两个人完成，请由另一位协调员复核")
        return _look(decision, Outcome.CONFIRMED, reason, by)


def undo(*, suggestion: Suggestion, reason: str, by: User) -> SecondLook:
    """Make an accepted suggestion undecided again: taken back by whoever accepted it, sent back by anybody else.

    Both stay on record. Raises Invalid without a reason, Conflict when nothing is accepted or it is published.
    """
    require_role(by, Role.COORDINATOR, to="退回或收回采纳")
    if not reason.strip():
        raise Invalid("请写明理由，它会与原来的决定一起留存", field="reason")
    with transaction.atomic():
        decision = _standing(suggestion)
        if Pairing.objects.put_to_both().filter(suggestion=suggestion).exists():
            raise Conflict("这条建议已经发布，请先撤回发布的提议")
        outcome = Outcome.TAKEN_BACK if decision.by_id == by.pk else Outcome.SENT_BACK
        return _look(decision, outcome, reason, by)


def _standing(suggestion: Suggestion) -> Decision:
    """The acceptance that stands, under its lock: publishing and other looks come before or after."""
    found = Decision.objects.select_for_update().filter(suggestion=suggestion, verdict=Decision.Verdict.ACCEPTED)
    decision = found.first()
    if decision is None:
        raise Conflict("这条建议现在没有有效的采纳，请刷新后查看")
    return decision


def _look(decision: Decision, outcome: str, reason: str, by: User) -> SecondLook:
    look = SecondLook.objects.create(decision=decision, outcome=outcome, reason=reason.strip(), by=by)
    told = {"run": decision.about.run_id, "decision": decision.pk}
    record(decision.about, outcome.lower(), by=by, reason=reason.strip(), payload=told)
    return look


def with_assignee(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Annotate `assignee` and `assignee_name`, None where a suggestion is open to all."""
    newest = Assignment.objects.filter(suggestion=OuterRef("pk")).order_by("-pk")
    return rows.annotate(
        assignee=Subquery(newest.values("to")[:1]), assignee_name=Subquery(newest.values("to__display_name")[:1])
    )


def undecided(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Suggestions that somebody still has to decide on."""
    return rows.filter(state=Suggestion.State.FREE, decision__isnull=True)


def assigned(rows: QuerySet[Suggestion], user: User) -> QuerySet[Suggestion]:
    """Suggestions that this person is to review and that are still undecided.

    What was ever given to the person is found first, by its index: a run may hold a hundred thousand that never were.
    """
    ever = undecided(visible(rows, user)).filter(pk__in=Assignment.objects.filter(to=user).values("suggestion"))
    return with_assignee(ever).filter(Q(assignee=user.pk))


def assign(*, run: Run, rows: QuerySet[Suggestion], to: User | None, by: User) -> int:
    """Say who is to review the undecided ones among these suggestions of a run, None leaving them open to all; how many
    changed hands.

    It locks nothing: others may decide, and see to whom it was given. All of them or none. Raises Conflict where
    nothing is undecided, Invalid for somebody who does not oversee every one of them.
    """
    require_role(by, Role.COORDINATOR, to="分派审阅任务")
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)  # two people assigning at once: one after the other
        given = with_assignee(undecided(Suggestion.objects.filter(run=run, pk__in=rows.order_by().values("pk"))))
        found = dict(given.values_list("pk", "assignee"))  # type: ignore[misc]
        if not found:
            raise Conflict("所选建议都已有决定，不需要分派")
        if to is not None and visible(given, to).count() < len(found):
            raise Invalid(f"所选建议不都在{to.display_name}的管理范围之内，请缩小所选范围", field="to")
        moving = [key for key, holder in found.items() if holder != (to.pk if to else None)]
        create_all([Assignment(suggestion_id=key, to=to, by=by) for key in moving])
        told = {"run": run.pk, "to": to.username if to else None}
        record_all(Suggestion, moving, "assigned", by=by, payload=told)
        return len(moving)


@dataclass(frozen=True)
class Reviewer:
    """A coordinator who may be asked to review, and how many suggestions of the run still wait for that person."""

    user: User
    open: int


def reviewers(run: Run, by: User) -> list[Reviewer]:
    """Coordinators in whose region a suggestion of the run lies, with what they hold as far as `by` sees it."""

    def touched(side: str) -> Exists:
        return Exists(run.suggestions.filter(**{f"{side}__path__startswith": OuterRef("region__path")}))

    people = User.objects.filter(role=Role.COORDINATOR, is_active=True)
    reached = Q(region=None) | Q(touched("recipient")) | Q(touched("helper__area"))
    given = Assignment.objects.filter(suggestion__run=run).values("suggestion")
    held = with_assignee(undecided(visible(run.suggestions.filter(pk__in=given), by)))
    counts = Counter(held.values_list("assignee", flat=True))  # type: ignore[misc]
    return [Reviewer(one, counts[one.pk]) for one in people.filter(reached).order_by("display_name", "pk")]
