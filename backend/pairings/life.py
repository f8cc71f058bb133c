"""The life of a pairing once it is agreed: contacts, sub-pairings, its completion or its end.

Callers hold the row lock of the record that they change.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.lifecycle.actions import move, record
from backend.pairings.actions import overseen
from backend.pairings.models import Contact, Pairing, Side, SubPairing
from backend.pairings.scopes import side_of
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.web.problems import Conflict, Invalid, NotAllowed, StaleStatus

ENDABLE = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE)


# --- the end --------------------------------------------------------------------------------------------------------


def why_not_end(pairing: Pairing, user: Any) -> str | None:
    """Why this log-in may not end or complete the pairing; None when it may.

    Whoever made a pairing ends it: what the Centre fixed ends by its document and is never ended here; what provinces
    agreed on, by a coordinator of theirs; what a firm or organisation joined of its own will, by either side too.
    """
    if pairing.status not in ENDABLE:
        return f"结对关系的状态是“{pairing.get_status_display()}”，不能结束"
    channel = pairing.channel
    if channel.settled_by == Channel.Settled.CHOICE and side_of(user, pairing):
        return None
    if channel.settled_by == Channel.Settled.AUTHORITY:
        return f"{channel.name_zh}的结对关系由{channel.fixed_by}确定，不在此结束"
    if user.role != Role.COORDINATOR or not overseen(user, pairing.helper, pairing.recipient):
        return "结对由双方省级协商确定，只有所管地区的协调员可以结束"
    return None


def end(*, pairing: Pairing, end_date: dt.date, reason: str, by: User) -> None:
    """End a pairing before its time; what hangs under it ends with it. An exit of the county is no reason by itself.

    Raises NotAllowed as `why_not_end` says, Invalid for a day outside the pairing's period or without a reason.
    """
    _may_end(pairing, by)
    if not reason.strip():
        raise Invalid("结束结对关系须写明理由", field="reason")
    if end_date < pairing.start_date or (pairing.end_date and end_date > pairing.end_date):
        raise Invalid("结束日期应在结对期间之内", field="end_date")
    words = reason.strip()
    with transaction.atomic():
        for sub in pairing.sub_pairings.select_for_update(no_key=True).filter(status__in=SubPairing.ACTIVE):
            _end_with_its_pairing(sub, end_date, words, by)
        move(pairing, Pairing.Status.ENDED, by=by, reason=words, end_reason=words, end_date=end_date)


def _end_with_its_pairing(sub: SubPairing, end_date: dt.date, words: str, by: User) -> None:
    if sub.status == SubPairing.Status.PROPOSED:
        move(sub, SubPairing.Status.WITHDRAWN, by=by, reason=words)
        return
    day = max(sub.start_date, end_date)  # one that was to begin later ends on the day it would have begun
    move(sub, SubPairing.Status.ENDED, by=by, reason=words, end_reason=words, end_date=day)


def complete(*, pairing: Pairing, by: User) -> None:
    """Say that a pairing ran its whole period. Raises NotAllowed as `why_not_end` says, Conflict before its last day
    or without one."""
    _may_end(pairing, by)
    if pairing.status != Pairing.Status.IN_FORCE:
        raise Conflict("双方签署协议、进入执行之后才能期满办结")
    if pairing.end_date is None or pairing.end_date > timezone.localdate():
        raise Conflict("结对期间尚未届满，不能按期满办结")
    move(pairing, Pairing.Status.COMPLETED, by=by)


def _may_end(pairing: Pairing, by: User) -> None:
    refusal = why_not_end(pairing, by)
    if refusal and pairing.status not in ENDABLE:
        raise StaleStatus(refusal)
    if refusal:
        raise NotAllowed(refusal)


# --- contacts -------------------------------------------------------------------------------------------------------


def record_contact(
    *, pairing: Pairing, kind: str, contact_date: dt.date, participants: int | None, note: str, by: User
) -> Contact:
    """Record that both sides met or spoke; whichever side types it, it counts once for both.

    Raises NotAllowed for anybody who is on neither side; the database refuses the future, a pairing that was never
    agreed, and a second record of the same contact.
    """
    side = _my_side(pairing, by, "登记往来")
    with transaction.atomic():
        contact = Contact.objects.create(
            pairing=pairing,
            kind=kind,
            contact_date=contact_date,
            participants=participants,
            note=note.strip(),
            recorded_by_side=side,
            recorded_by=by,
        )
        told = {"contact": contact.pk, "kind": kind, "contact_date": contact_date.isoformat()}
        record(pairing, "contact_recorded", by=by, reason=contact.note, payload=told)
        return contact


def void_contact(*, contact: Contact, reason: str, by: User) -> None:
    """Take a mistaken entry out of the count; it stays on record. Raises NotAllowed for the side that did not type it,
    Invalid without a reason, StaleStatus when it was voided before."""
    if _my_side(contact.pairing, by, "更正往来") != contact.recorded_by_side:
        raise NotAllowed("这条往来由对方登记，请由对方更正")
    if contact.void_reason:
        raise StaleStatus("这条往来已经作废")
    if not reason.strip():
        raise Invalid("作废时请写明理由", field="reason")
    with transaction.atomic():
        contact.void_reason = reason.strip()
        contact.save(update_fields=["void_reason"])
        told = {"contact": contact.pk, "kind": contact.kind, "contact_date": contact.contact_date.isoformat()}
        record(contact.pairing, "contact_voided", by=by, reason=contact.void_reason, payload=told)


# --- sub-pairings ---------------------------------------------------------------------------------------------------


def propose_sub_pairing(
    *, pairing: Pairing, helper_area: Area | None, recipient_area: Area | None, end_date: dt.date | None,
    by: User, **units: Any,
) -> SubPairing:  # fmt: skip
    """Propose that a unit of the helper helps one of the recipient; the other side acknowledges.

    Areas default to those of the pairing's sides, the end to the pairing's. Raises NotAllowed for anybody who is on
    neither side, Invalid when the helper has no area and none is given; the database refuses units outside of the
    pairing's areas and periods beyond its own.
    """
    side = _my_side(pairing, by, "提出单位结对")
    helping = helper_area or pairing.helper.area
    if helping is None:
        raise Invalid("帮扶方没有登记所在地区，请指明帮扶单位所在地区", field="helper_area")
    with transaction.atomic():
        sub = SubPairing.objects.create(
            pairing=pairing,
            helper_area=helping,
            recipient_area=recipient_area or pairing.recipient,
            end_date=end_date or pairing.end_date,
            proposed_by_side=side,
            proposed_by=by,
            **units,
        )
        record(sub, "proposed", by=by, to_status=sub.status, payload={"pairing": pairing.pk})
        _tell_the_pairing(sub, "proposed", by)
        return sub


def answer_sub_pairing(*, sub: SubPairing, answer: str, reason: str, by: User) -> None:
    """Acknowledge or object for the side that did not propose. Raises NotAllowed for the proposing side and strangers,
    StaleStatus when it does not wait for an answer, Invalid for an objection without reason."""
    side = _my_side(sub.pairing, by, "确认单位结对")
    if side == sub.proposed_by_side:
        raise NotAllowed("本方提出的结对应由对方确认")
    if sub.status != SubPairing.Status.PROPOSED:
        raise StaleStatus(f"这条结对现在的状态是“{sub.get_status_display()}”，不需要再确认")
    agrees = answer == "ACKNOWLEDGED"
    if not agrees and not reason.strip():
        raise Invalid("提出异议时请写明理由", field="reason")
    with transaction.atomic():
        to = SubPairing.Status.AGREED if agrees else SubPairing.Status.OBJECTED
        move(sub, to, by=by, reason=reason.strip(), answered_by=by)
        _tell_the_pairing(sub, to.lower(), by)


def end_sub_pairing(*, sub: SubPairing, end_date: dt.date | None, reason: str, by: User) -> None:
    """End an agreed sub-pairing, or withdraw one's own proposal. Raises NotAllowed for strangers and for the other
    side's proposal, Invalid without a reason or for a day outside its period, StaleStatus when it is over."""
    side = _my_side(sub.pairing, by, "结束单位结对")
    if not reason.strip():
        raise Invalid("请写明理由", field="reason")
    if sub.status == SubPairing.Status.PROPOSED:
        if side != sub.proposed_by_side:
            raise NotAllowed("只有提出的一方可以撤回")
        move(sub, SubPairing.Status.WITHDRAWN, by=by, reason=reason.strip())
        return
    if sub.status != SubPairing.Status.AGREED:
        raise StaleStatus(f"这条结对现在的状态是“{sub.get_status_display()}”，不能结束")
    last = sub.end_date or end_date
    if end_date is None or last is None or not sub.start_date <= end_date <= last:
        raise Invalid("结束日期应在结对期间之内", field="end_date")
    words = reason.strip()
    with transaction.atomic():
        move(sub, SubPairing.Status.ENDED, by=by, reason=words, end_reason=words, end_date=end_date)
        _tell_the_pairing(sub, "ended", by)


def _tell_the_pairing(sub: SubPairing, verb: str, by: User) -> None:
    """The life of a pairing is read off the pairing's own events."""
    record(sub.pairing, f"sub_pairing_{verb}", by=by, payload={"sub_pairing": sub.pk, "title": str(sub)})


def _my_side(pairing: Pairing, by: User, doing: str) -> Side:
    side = side_of(by, pairing)
    if side is None:
        raise NotAllowed(f"只有结对双方可以{doing}")
    return side
