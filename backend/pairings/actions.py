"""Deciding on suggestions, recording pairings made by hand, and answering for one side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.interests import actions as interests
from backend.lifecycle.actions import move, record
from backend.pairings.decision_models import Decision
from backend.pairings.models import Acknowledgement, Pairing, Side
from backend.pairings.review_models import SuggestionNote
from backend.pairings.scopes import side_of
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes import eligibility, firm_frame
from backend.programmes.fitting import require_fit
from backend.programmes.models import Channel, FirmReason, RegionPair
from backend.runs.models import Suggestion
from backend.web.problems import Conflict, Invalid, NotAllowed, StaleStatus, constraint_of


def accept(*, suggestion: Suggestion, reason: str = "", by: User) -> Decision:
    """Take a suggestion up; both sides hear of it once it is published.

    Raises StaleStatus when somebody decided first (the message says who, what and when), Conflict for a pair that is in
    force already.
    """
    with transaction.atomic():
        return _decide(suggestion, Decision.Verdict.ACCEPTED, reason, by)


def refuse(*, suggestion: Suggestion, reason: str, by: User) -> Decision:
    """Turn a suggestion down; the reason is kept and the pair is banned from the next run of that year.

    Raises Invalid without a reason, StaleStatus when somebody decided first.
    """
    if not reason.strip():
        raise Invalid("不采纳时请写明理由", field="reason")
    with transaction.atomic():
        return _decide(suggestion, Decision.Verdict.REFUSED, reason.strip(), by)


def _decide(suggestion: Suggestion, verdict: str, reason: str, by: User) -> Decision:
    require_role(by, Role.COORDINATOR, to="审阅匹配建议")
    if suggestion.state == Suggestion.State.LOCKED:
        raise Conflict("这是已有的结对关系，不需要审阅")
    try:
        with transaction.atomic():  # a savepoint: the unique index decides between two coordinators
            decision = Decision.objects.create(
                about=suggestion, suggestion=suggestion, verdict=verdict, reason=reason, by=by
            )
    except IntegrityError as error:
        if constraint_of(error) != "pairings_decision_suggestion_id_key":
            raise
        first = Decision.objects.select_related("by").get(suggestion=suggestion)
        raise StaleStatus(
            f"{first.by.display_name}已于 {first.at.astimezone():%Y-%m-%d %H:%M:%S}"
            f" 决定“{first.get_verdict_display()}”，请刷新后查看",
            decided_by=first.by.display_name,
            verdict=first.verdict,
        ) from None
    record(suggestion, verdict.lower(), by=by, reason=reason, payload={"run": suggestion.run_id})
    return decision


def write_note(*, suggestion: Suggestion, text: str, by: User) -> SuggestionNote:
    """Leave a remark on a suggestion for the other coordinators."""
    require_role(by, Role.COORDINATOR, to="批注匹配建议")
    with transaction.atomic():
        note = SuggestionNote.objects.create(suggestion=suggestion, text=text.strip(), by=by)
        record(suggestion, "noted", by=by, payload={"run": suggestion.run_id, "note": note.pk})
        return note


def propose(
    *,
    helper: Party,
    recipient: Area,
    channel: Channel,
    start_date: dt.date,
    end_date: dt.date | None,
    by: User,
) -> Pairing:
    """Record a pairing that people agreed on without the matcher; both sides still have to confirm it.

    Without an end it lasts as long as the region pair it lies in. Raises Invalid for a channel whose relations are not
    made here, a side that has no place in the channel, a pair outside the region pairs, the coordinator's region or the
    period of the region pair, Conflict (409) for an overlapping duplicate.
    """
    require_role(by, Role.COORDINATOR, to="录入结对关系")
    if not channel.matchable:
        raise Invalid(f"{channel.name_zh}的结对关系由{channel.fixed_by}确定，系统只记录，不在此录入", field="channel")
    require_fit(channel, helper, recipient)
    last = None
    if channel.reasons is FirmReason:
        _inside_firm_frame(helper, recipient, start_date.year)
    else:
        last = _last_day(_frame(helper, recipient, channel, start_date.year), start_date, end_date)
    if not overseen(by, helper, recipient):
        raise Invalid("双方都不在您的管理范围之内，不能录入", field="recipient")
    with transaction.atomic():
        return create(
            helper=helper,
            recipient=recipient,
            channel=channel,
            start_date=start_date,
            end_date=end_date or last,
            origin=Pairing.Origin.MANUAL,
            by=by,
        )


def _frame(helper: Party, recipient: Area, channel: Channel, year: int) -> RegionPair:
    """The region pair that allows the two to be paired in a year. Raises Invalid, naming the side at fault."""
    graph = eligibility.of_counties(channel, year)
    if not graph.blocks:
        raise Invalid(f"{year} 年没有省市协作关系，不能结对", field="start_date")
    frame = graph.pair_for(helper.area, recipient) if helper.area else None
    if frame is None:
        raise Invalid(f"{helper.name}与{recipient.full_name}不在同一省市协作关系之内，不能结对", field="recipient")
    return frame


def _last_day(frame: RegionPair, start_date: dt.date, end_date: dt.date | None) -> dt.date | None:
    """How long the region pair lasts. Raises Invalid for a period outside its own."""
    if start_date < frame.valid_from:
        raise Invalid(f"省市协作关系从 {frame.valid_from} 开始，结对不能更早", field="start_date")
    if frame.valid_to is not None and end_date is not None and end_date > frame.valid_to:
        raise Invalid(f"省市协作关系到 {frame.valid_to} 为止，结对不能更晚", field="end_date")
    return frame.valid_to


def _inside_firm_frame(helper: Party, recipient: Area, year: int) -> None:
    """Raises Invalid unless the firm may help there."""
    seat = helper.area.path if helper.area else ""
    if not firm_frame.of_year(year).allows(seat, recipient.path):
        raise Invalid(
            f"{helper.name}只能帮扶本省，或所在省、市对口协作地区的村；{recipient.full_name}不在其中", field="recipient"
        )


def overseen(by: User, helper: Party, recipient: Area) -> bool:
    """Whether one of the sides lies in the region that the coordinator looks over."""
    if by.region is None:
        return True
    sides = Area.objects.filter(pk__in=[recipient.pk, helper.area_id])
    return sides.within(by.region).exists()


def create(*, by: User, **fields: Any) -> Pairing:
    """Put a new pairing to both sides, in the caller's transaction; an interest of the helper in it is taken up."""
    pairing = Pairing.objects.create(status=Pairing.Status.PROPOSED, **fields)
    record(pairing, "proposed", by=by, to_status=pairing.status, payload={"origin": pairing.origin})
    interests.take_up(**interest_in(pairing), by=by)
    return pairing


def interest_in(pairing: Pairing) -> dict[str, Any]:
    """By what an interest in the pair is found: the sides and the year in which it was to begin."""
    year = pairing.suggestion.run.year if pairing.suggestion else pairing.start_date.year
    return {"party": pairing.helper_id, "area": pairing.recipient_id, "year": year, "pairing": pairing.pk}


def answer(*, pairing: Pairing, answer: str, reason: str = "", by: User) -> Acknowledgement:
    """Acknowledge or object on behalf of the side that the log-in belongs to.

    With both sides' acknowledgement a proposed pairing is agreed; one objection stops it. A pairing in force by a
    publication is answered too, and stays in force whatever the answer: who made it ends it. The caller holds the
    pairing's row lock, so that two sides answering at once are put in order and the second sees the first.
    Raises NotAllowed for anybody who is on neither side, Invalid for an objection without reason, StaleStatus when the
    pairing does not wait for answers.
    """
    side = side_of(by, pairing)
    if side is None:
        raise NotAllowed("只有结对双方可以确认或提出异议")
    if pairing.status not in (Pairing.Status.PROPOSED, Pairing.Status.IN_FORCE):
        raise StaleStatus(f"这条结对现在的状态是“{pairing.get_status_display()}”，不需要再确认")
    objects = answer == Acknowledgement.Answer.OBJECTED
    if objects and not reason.strip():
        raise Invalid("提出异议时请写明理由", field="reason")
    row = Acknowledgement.objects.create(pairing=pairing, side=side, answer=answer, reason=reason.strip(), by=by)
    record(pairing, f"{side.lower()}_{answer.lower()}", by=by, reason=reason.strip())
    if pairing.status == Pairing.Status.IN_FORCE:
        return row
    if objects:
        move(pairing, Pairing.Status.OBJECTED, by=by, reason=reason.strip())
    elif pairing.acknowledgements.filter(answer=Acknowledgement.Answer.ACKNOWLEDGED).count() == len(Side):
        move(pairing, Pairing.Status.AGREED, by=by)
    return row
