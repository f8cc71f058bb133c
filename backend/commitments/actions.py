"""Registering commitments, reporting arrivals, confirming them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.commitments.models import Commitment, Confirmation, LedgerEntry, Stage
from backend.lifecycle.actions import record
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.web.problems import Conflict, Invalid, NotAllowed

OPEN = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE)


def register(
    *,
    pairing: Pairing,
    kind: str,
    mode: str,
    year: int,
    title: str,
    amount_yuan: Decimal,
    need: Need | None = None,
    by: User,
) -> Commitment:
    """Register what the helper commits under a pairing; the agreed amount becomes the first ledger entry.

    Raises NotAllowed for anybody but the helper, Conflict while the pairing is not confirmed by both sides or when the
    need is not open, Invalid for a year outside the pairing's period; the database refuses a need of another county.
    """
    if side_of(by, pairing) != Side.HELPER:
        raise NotAllowed("只有帮扶方可以登记承诺")
    if pairing.status not in OPEN:
        raise Conflict(f"结对关系的状态是“{pairing.get_status_display()}”，双方确认后才能登记承诺", field="pairing")
    last = pairing.end_date.year if pairing.end_date else year
    if not pairing.start_date.year <= year <= last:
        raise Invalid(f"年度应在结对期间（{pairing.start_date.year} 至 {last}）之内", field="year")
    if need is not None and need.status != Need.Status.PUBLISHED:
        raise Conflict(f"这条需求的状态是“{need.get_status_display()}”，不能再认领", field="need")
    with transaction.atomic():
        commitment = Commitment.objects.create(
            pairing=pairing,
            kind=kind,
            mode=mode,
            year=year,
            title=title,
            need=need,
            amount_yuan=amount_yuan,
            registered_by=by,
        )
        LedgerEntry.objects.create(
            commitment=commitment,
            stage=Stage.AGREED,
            amount_yuan=amount_yuan,
            occurred_date=timezone.localdate(),
            reported_by_side=Side.HELPER,
            reported_by=by,
        )
        record(commitment, "registered", by=by, to_status=commitment.status, payload={"amount_yuan": str(amount_yuan)})
        return commitment


def report_arrival(
    *, commitment: Commitment, amount_yuan: Decimal, occurred_date: dt.date, reference: str = "", by: User
) -> LedgerEntry:
    """Report that money arrived; it counts as confirmed only when the recipient says so.

    Raises NotAllowed for anybody but the helper, Invalid for a date in the future.
    """
    if side_of(by, commitment.pairing) != Side.HELPER:
        raise NotAllowed("只有帮扶方可以报告资金到位")
    if occurred_date > timezone.localdate():
        raise Invalid("到位日期不能晚于今天", field="occurred_date")
    with transaction.atomic():
        entry = LedgerEntry.objects.create(
            commitment=commitment,
            stage=Stage.ARRIVED,
            amount_yuan=amount_yuan,
            occurred_date=occurred_date,
            reference=reference,
            reported_by_side=Side.HELPER,
            reported_by=by,
        )
        record(commitment, "arrival_reported", by=by, payload={"entry": entry.pk, "amount_yuan": str(amount_yuan)})
        return entry


def confirm(
    *, entry: LedgerEntry, answer: str, amount_yuan: Decimal | None = None, reason: str = "", by: User
) -> Confirmation:
    """Answer an arrival reported by the other side: received in full, or a difference with the amount seen.

    Raises NotAllowed for anybody but the other side, Invalid for a dispute without amount or reason, Conflict for a
    second answer.
    """
    side = side_of(by, entry.commitment.pairing)
    if side is None or side == entry.reported_by_side:
        raise NotAllowed("应由对方确认这笔款项")
    if entry.stage != Stage.ARRIVED or entry.reverses_id:
        raise Conflict("只有到位的款项需要确认")
    if answer == Confirmation.Answer.CONFIRMED:
        amount_yuan = entry.amount_yuan
    elif amount_yuan is None:
        raise Invalid("请填写实际收到的金额", field="amount_yuan")
    elif not reason.strip():
        raise Invalid("金额有差异时请说明情况", field="reason")
    elif amount_yuan == entry.amount_yuan:
        raise Invalid("金额与对方报告的一致，没有差异，请直接确认收到", field="amount_yuan")
    with transaction.atomic():
        confirmation = Confirmation.objects.create(
            entry=entry, answer=answer, amount_yuan=amount_yuan, reason=reason.strip(), by=by
        )
        record(
            entry.commitment,
            f"arrival_{answer.lower()}",
            by=by,
            reason=reason.strip(),
            payload={"entry": entry.pk, "amount_yuan": str(amount_yuan)},
        )
        return confirmation
