"""Putting right what is wrong: reversals, explanations, the end of a posting.

Each verb takes the commitment's lock first, as every entry does, so that no two of them wait for each other.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.commitments.models import (
    Commitment,
    Discrepancy,
    LedgerEntry,
    Posting,
    ReversalRequest,
    Stage,
)
from backend.lifecycle.actions import move, record
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.web.problems import Conflict, Invalid, NotAllowed


def reverse(*, entry: LedgerEntry, reason: str, by: User) -> LedgerEntry | ReversalRequest:
    """Take one entry back as a whole; the right figure is then entered anew.

    The side that reported it may; an arrival that both sides stand behind is only asked to be reversed, by either, and
    the other decides. Raises NotAllowed for everybody else, Invalid without a reason, Conflict (from the database) for
    what is agreed, accepted, spent or reversed already.
    """
    side = side_of(by, entry.commitment.pairing)
    if side is None:
        raise NotAllowed("只有结对双方可以冲销")
    if not reason.strip():
        raise Invalid("冲销时请写明原因", field="reason")
    with transaction.atomic():
        _lock(entry.commitment_id)
        if entry.stage == Stage.ARRIVED and both_stand_behind(entry):
            if hasattr(entry, "reversed_by"):
                raise Conflict("这笔入账已经冲销过，请刷新后查看")
            request = ReversalRequest.objects.create(entry=entry, reason=reason.strip(), requested_by=by)
            record(entry.commitment, "reversal_requested", by=by, reason=request.reason, payload={"entry": entry.pk})
            return request
        if side != entry.reported_by_side:
            raise NotAllowed("只有报告方可以冲销这笔入账")
        return _take_back(entry, reason.strip(), side, by)


def _lock(commitment_id: int) -> None:
    Commitment.objects.select_for_update(no_key=True).get(pk=commitment_id)


def both_stand_behind(entry: LedgerEntry) -> bool:
    """Whether the other side confirmed the arrival, or agreed to the explanation of a difference."""
    answer = getattr(entry, "confirmation", None)
    if answer is None:
        return False
    settled = entry.discrepancies.filter(kind=Discrepancy.Kind.AMOUNT, status=Discrepancy.Status.SETTLED)
    return answer.answer == answer.Answer.CONFIRMED or settled.exists()


def _take_back(entry: LedgerEntry, reason: str, side: Side, by: User) -> LedgerEntry:
    made = LedgerEntry.objects.create(
        commitment=entry.commitment,
        stage=entry.stage,
        amount_yuan=None if entry.amount_yuan is None else -entry.amount_yuan,
        quantity=None if entry.quantity is None else -entry.quantity,
        occurred_date=timezone.localdate(),
        reason=reason,
        reported_by_side=side,
        reported_by=by,
        reverses=entry,
    )
    record(entry.commitment, "reversed", by=by, reason=reason, payload={"entry": made.pk, "reverses": entry.pk})
    for open_one in entry.discrepancies.filter(status__in=Discrepancy.UNSETTLED):
        move(open_one, Discrepancy.Status.CORRECTED, by=by, reason=reason)
    return made


def answer_reversal(*, request: ReversalRequest, agree: bool, reason: str = "", by: User) -> None:
    """Agree, which reverses the entry at once, or refuse with a reason.

    Raises NotAllowed for anybody but the side that did not ask, Invalid for a refusal without a reason, StaleStatus
    when somebody was faster.
    """
    entry = request.entry
    side = side_of(by, entry.commitment.pairing)
    if side is None or side == side_of(request.requested_by, entry.commitment.pairing):
        raise NotAllowed("应由对方答复冲销申请")
    if not agree and not reason.strip():
        raise Invalid("不同意时请写明理由", field="reason")
    to = ReversalRequest.Status.AGREED if agree else ReversalRequest.Status.REFUSED
    if request.status != ReversalRequest.Status.REQUESTED:
        raise Conflict(f"这项冲销申请的状态是“{request.get_status_display()}”，请刷新后查看")
    with transaction.atomic():
        _lock(entry.commitment_id)
        move(request, to, by=by, reason=reason.strip(), answered_by=by, answer_reason=reason.strip())
        record(entry.commitment, f"reversal_{to.lower()}", by=by, reason=reason.strip(), payload={"entry": entry.pk})
        if agree:
            _take_back(entry, request.reason, side, by)


def explain(*, discrepancy: Discrepancy, explanation: str, by: User) -> None:
    """Say why the figures differ, or why one voucher stands under two commitments; somebody else has to agree.

    Raises NotAllowed for anybody but the two sides, Conflict unless it is open, Invalid without words.
    """
    commitment = discrepancy.entry.commitment
    if side_of(by, commitment.pairing) is None:
        raise NotAllowed("只有结对双方可以说明情况")
    if discrepancy.status != Discrepancy.Status.OPEN:
        raise Conflict(f"这项核对事项的状态是“{discrepancy.get_status_display()}”，不能再说明")
    if not explanation.strip():
        raise Invalid("请写明情况说明", field="explanation")
    with transaction.atomic():
        _lock(commitment.pk)
        said: dict[str, Any] = {"explanation": explanation.strip(), "explained_by": by}
        move(discrepancy, Discrepancy.Status.EXPLAINED, by=by, reason=explanation.strip(), **said)
        record(commitment, "discrepancy_explained", by=by, reason=explanation.strip(), payload=_about(discrepancy))


def answer_explanation(*, discrepancy: Discrepancy, agree: bool, reason: str = "", by: User) -> None:
    """Agree to an explanation, which settles the matter, or not, which opens it again.

    A difference is settled by the other side, a voucher claimed twice by a coordinator. Raises NotAllowed for
    everybody else, Conflict unless it is explained, Invalid for a refusal without a reason.
    """
    commitment = discrepancy.entry.commitment
    if not may_settle(discrepancy, by, commitment.pairing):
        duplicate = discrepancy.kind == Discrepancy.Kind.DUPLICATE
        raise NotAllowed("重复凭证须由协调员核实后放行" if duplicate else "应由对方对说明表示意见")
    if discrepancy.status != Discrepancy.Status.EXPLAINED:
        raise Conflict(f"这项核对事项的状态是“{discrepancy.get_status_display()}”，请刷新后查看")
    if not agree and not reason.strip():
        raise Invalid("不同意时请写明理由", field="reason")
    with transaction.atomic():
        _lock(commitment.pk)
        if agree:
            move(discrepancy, Discrepancy.Status.SETTLED, by=by, reason=reason.strip(), agreed_by=by)
        else:
            blank: dict[str, Any] = {"explanation": "", "explained_by": None}
            move(discrepancy, Discrepancy.Status.OPEN, by=by, reason=reason.strip(), **blank)
        verb = "discrepancy_settled" if agree else "explanation_refused"
        record(commitment, verb, by=by, reason=reason.strip(), payload=_about(discrepancy))


def may_settle(discrepancy: Discrepancy, user: User, pairing: Pairing) -> bool:
    """Whether this log-in is the one to agree: the side that did not explain, or a coordinator for a duplicate."""
    if discrepancy.kind == Discrepancy.Kind.DUPLICATE:
        return user.role == Role.COORDINATOR
    side = side_of(user, pairing)
    if side is None or discrepancy.explained_by is None:
        return side is not None
    return side != side_of(discrepancy.explained_by, pairing)


def _about(discrepancy: Discrepancy) -> dict[str, object]:
    return {"entry": discrepancy.entry_id, "kind": discrepancy.kind}


def change_end(*, posting: Posting, end_date: dt.date, reason: str, by: User) -> None:
    """Say when a posting ends or ended: earlier or later than foreseen, and why. Raises NotAllowed for anybody but the
    two sides, Invalid without a reason; the database refuses an end before the start."""
    commitment = posting.entry.commitment
    if side_of(by, commitment.pairing) is None:
        raise NotAllowed("只有结对双方可以调整任职期限")
    if not reason.strip():
        raise Invalid("调整期限时请写明原因", field="reason")
    told = {"posting": posting.pk, "from": str(posting.end_date or ""), "to": str(end_date)}
    with transaction.atomic():
        posting.end_date = end_date
        posting.version += 1
        posting.save(update_fields=["end_date", "version"])
        record(commitment, "posting_end_changed", by=by, reason=reason.strip(), payload=told)
