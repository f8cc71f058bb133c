"""Putting accepted suggestions to both sides together, and taking back what nobody has answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.interests import actions as interests
from backend.lifecycle.actions import move, record
from backend.pairings.actions import create, interest_in
from backend.pairings.decision_models import Decision, SecondLook
from backend.pairings.models import Acknowledgement, Pairing
from backend.pairings.review_models import Publication
from backend.programmes import eligibility
from backend.runs import comparing
from backend.runs.models import Run, Suggestion
from backend.web.problems import Conflict, Invalid, StaleStatus

NAMED = 3  # pairs named in a refusal
CONFIRMED = SecondLook.Outcome.CONFIRMED


def with_publication(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Annotate `is_published` (put to both sides, and not taken back) and `awaits_second`: accepted under a policy that
    asks for four eyes, and not confirmed yet."""
    confirmed = Exists(SecondLook.objects.filter(decision__suggestion=OuterRef("pk"), outcome=CONFIRMED))
    accepted = Q(run__policy__four_eyes=True, decision__verdict=Decision.Verdict.ACCEPTED)
    return rows.annotate(
        is_published=Exists(Pairing.objects.put_to_both().filter(suggestion=OuterRef("pk"))),
        awaits_second=Case(When(accepted & ~Q(confirmed), then=True), default=False, output_field=BooleanField()),
    )


def publishable(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Accepted suggestions that wait to be put to both sides."""
    return with_publication(rows).filter(
        Q(is_published=False, awaits_second=False), decision__verdict=Decision.Verdict.ACCEPTED
    )


def awaiting_second(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Accepted suggestions that a second person has to confirm before they may be published."""
    return with_publication(rows).filter(Q(is_published=False, awaits_second=True))


def baseline(run: Run) -> Run | None:
    """The run that changes are counted from: the last published one of the channel and year, else the one before."""
    earlier = Run.objects.filter(channel=run.channel_id, year=run.year, pk__lt=run.pk)
    published = earlier.filter(Exists(Publication.objects.filter(run=OuterRef("pk"))))
    return published.order_by("-pk").first() or comparing.previous(run)


def publish(*, run: Run, suggestions: Sequence[Suggestion], note: str = "", by: User) -> Publication:
    """Put accepted suggestions of a run to both sides: all of them or none.

    Raises Invalid without any, Conflict for one that nobody accepted or whose sides are paired already, StaleStatus
    when somebody published one of them first.
    """
    require_role(by, Role.COORDINATOR, to="发布结对提议")
    if not suggestions:
        raise Invalid("请至少选择一条已采纳的建议", field="suggestions")
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)  # two publications at once, one after the other
        fresh = Suggestion.objects.filter(pk__in=[one.pk for one in suggestions], run=run)
        rows = list(with_publication(fresh).select_related("helper__area", "recipient__parent__parent", "decision"))
        _check(run, rows)
        publication = Publication.objects.create(run=run, note=note.strip(), by=by)
        graph = eligibility.of_counties(run.channel, run.year)
        for suggestion in rows:
            _propose(publication, suggestion, graph)
        record(
            run, "published", by=by, reason=note.strip(), payload={"publication": publication.pk, "pairs": len(rows)}
        )
        return publication


def _check(run: Run, rows: Sequence[Suggestion]) -> None:
    undecided = [one for one in rows if not accepted(one)]
    if undecided:
        raise Conflict(f"{_named(undecided)}还没有采纳，不能发布")
    unconfirmed = [one for one in rows if one.awaits_second]  # type: ignore[attr-defined]
    if unconfirmed:
        raise Conflict(f"{_named(unconfirmed)}还没有第二人复核，不能发布")
    live = Pairing.objects.put_to_both().filter(suggestion__in=rows).select_related("publication__by")
    done = {pairing.suggestion_id: pairing.publication for pairing in live}
    if done:
        first = next(iter(done.values()))
        who = f"（{first.by.display_name}，{first.at.astimezone():%Y-%m-%d %H:%M:%S}）" if first else ""
        raise StaleStatus(f"{_named([one for one in rows if one.pk in done])}已经发布{who}，请刷新后再选")
    in_force = Pairing.objects.filter(channel=run.channel, status__in=Pairing.ACTIVE).in_year(run.year)
    taken = set(in_force.values_list("helper_id", "recipient_id"))
    paired = [one for one in rows if (one.helper_id, one.recipient_id) in taken]
    if paired:
        raise Conflict(f"{_named(paired)}在这一年已有结对关系，请从所选中去掉后再发布")


def accepted(suggestion: Suggestion) -> bool:
    decision = getattr(suggestion, "decision", None)
    return decision is not None and decision.verdict == Decision.Verdict.ACCEPTED


def _named(rows: Sequence[Suggestion]) -> str:
    names = "、".join(f"{one.helper.name} → {one.recipient.full_name}" for one in rows[:NAMED])
    return names if len(rows) <= NAMED else f"{names} 等 {len(rows)} 条"


def _propose(publication: Publication, suggestion: Suggestion, graph: eligibility.Eligibility) -> None:
    """The pairing a suggestion asks for: a new one, or the unverified record of the same pair put to both sides."""
    run, by = publication.run, publication.by
    pair = {"helper": suggestion.helper, "recipient": suggestion.recipient, "channel": run.channel}
    told: dict[str, Any] = {"suggestion": suggestion, "publication": publication}
    waiting = Pairing.objects.filter(status=Pairing.Status.UNVERIFIED, **pair).in_year(run.year)
    record_of_it = waiting.select_for_update(no_key=True).first()
    if record_of_it:
        move(record_of_it, Pairing.Status.PROPOSED, by=by, verb="proposed", asked_at=timezone.now(), **told)
        interests.take_up(**interest_in(record_of_it), by=by)
        return
    frame = graph.pair_for(suggestion.helper.area, suggestion.recipient) if suggestion.helper.area else None
    create(
        **pair,
        **told,
        start_date=dt.date(run.year, 1, 1),
        end_date=frame.valid_to if frame else None,
        origin=Pairing.Origin.SUGGESTED,
        by=by,
    )


@dataclass
class Standing:
    """What became of the proposals of one publication."""

    publication: Publication
    pairs: int = 0
    open: int = 0
    taken_back: int = 0


def standings(run: Run, user: User) -> list[Standing]:
    """The publications of a run, newest first, with those of their proposals that the log-in may see."""
    found = {one.pk: Standing(one) for one in visible(Publication, user).filter(run=run).select_related("by")}
    answered = Exists(Acknowledgement.objects.filter(pairing=OuterRef("pk")))
    rows = visible(Pairing, user).filter(publication__in=found).annotate(answered=answered)
    for publication, status, has_answer in rows.values_list("publication", "status", "answered"):
        one = found[publication]
        one.pairs += 1
        one.open += status == Pairing.Status.PROPOSED and not has_answer
        one.taken_back += status in Pairing.NOT_ASKED
    return list(found.values())


def take_back(*, publication: Publication, reason: str, by: User) -> int:
    """Take back the proposals of a publication that no side has answered, as far as `by` oversees them; how many.

    A record that waited for verification waits again; a proposal made anew is withdrawn. The suggestions stay accepted
    and may be published again. Raises Invalid without a reason, Conflict when there is nothing to take back.
    """
    require_role(by, Role.COORDINATOR, to="撤回结对提议")
    if not reason.strip():
        raise Invalid("请写明撤回的理由，双方都会看到", field="reason")
    with transaction.atomic():
        locked = visible(Pairing.objects.select_for_update(no_key=True, of=("self",)), by)
        proposed = locked.filter(publication=publication, status=Pairing.Status.PROPOSED)
        asked = list(proposed.select_related("suggestion__run").order_by("pk"))
        # Under the rows' locks, which every answer takes: none can slip in between.
        answered = set(Acknowledgement.objects.filter(pairing__in=asked).values_list("pairing", flat=True))
        rows = [row for row in asked if row.pk not in answered]
        if not rows:
            raise Conflict("这次发布的提议都已有一方答复或已撤回，没有可以撤回的")
        for row in rows:
            made_here = row.origin == Pairing.Origin.SUGGESTED
            to, words = (Pairing.Status.WITHDRAWN, reason.strip()) if made_here else (Pairing.Status.UNVERIFIED, "")
            move(row, to, by=by, verb="taken_back", reason=reason.strip(), end_reason=words)
            interests.release(**interest_in(row), by=by)
        told = {"publication": publication.pk, "pairs": len(rows)}
        record(publication.run, "unpublished", by=by, reason=reason.strip(), payload=told)
        return len(rows)
