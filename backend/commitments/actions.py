"""Registering commitments and keeping their ledger: arrivals, answers, spending, acceptance, withdrawal.

Whether the figures fit is decided by PostgreSQL, under the lock of the commitment; here is who may do what, and words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.commitments import kinds
from backend.commitments.models import Commitment, Confirmation, LedgerEntry, Posting, Stage
from backend.lifecycle.actions import move, record
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.web.problems import Conflict, Invalid, NotAllowed, Refusal

OPEN = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE)


class Figure(TypedDict):
    """An amount of yuan or a quantity of the commitment's unit; the other one is None."""

    amount_yuan: Decimal | None
    quantity: int | None


def register(
    *,
    pairing: Pairing,
    kind: str,
    year: int,
    title: str,
    amount_yuan: Decimal | None = None,
    quantity: int | None = None,
    mode: str = "",
    need: Need | None = None,
    by: User,
    origin: dict[str, Any] | None = None,
    **details: Any,
) -> Commitment:
    """Register what the helper commits under a pairing; the agreed figure becomes the first ledger entry.

    `details` are the fields of `kinds.DETAILS` that the kind asks for; `origin` is what the event says beside, such as
    the import it came by. Where money answers a need, its sector is the need's category. Raises NotAllowed for anybody
    but the helper, Conflict while the pairing is not confirmed by both sides or when the need is not open, Invalid for
    a year outside the pairing's period and for fields that do not fit the kind; the database refuses a need of another
    county.
    """
    for refusal in unfit_pairing(pairing, year, by):
        raise refusal
    if need is not None and need.status != Need.Status.PUBLISHED:
        raise Conflict(f"这条需求的状态是“{need.get_status_display()}”，不能再认领", field="need")
    spec = kinds.SPECS[kind]
    if need is not None and "sector" in spec.fields:
        details["sector"] = need.category
    figure = Figure(amount_yuan=amount_yuan, quantity=quantity)
    for refusal in unfit_content(kind, mode, figure, details, by):
        raise refusal
    with transaction.atomic():
        commitment = Commitment.objects.create(
            pairing=pairing,
            kind=kind,
            unit=spec.unit,
            flows=spec.flows,
            mode=mode or spec.mode,
            year=year,
            title=title,
            need=need,
            registered_by=by,
            **figure,
            **details,
        )
        agreed_date = min(timezone.localdate(), dt.date(year, 12, 31))  # what is entered late belongs to its year
        _enter(commitment, Stage.AGREED, figure, agreed_date, Side.HELPER, by)
        told = _told(figure) | (origin or {})
        record(commitment, "registered", by=by, to_status=commitment.status, payload=told)
        return commitment


def unfit_pairing(pairing: Pairing, year: int, by: User) -> Iterator[Refusal]:
    """Why the log-in can register nothing under the pairing for the year."""
    if side_of(by, pairing) != Side.HELPER:
        yield NotAllowed("只有帮扶方可以登记承诺")
    if pairing.status not in OPEN:
        words = f"结对关系的状态是“{pairing.get_status_display()}”，双方确认后才能登记承诺"
        yield Conflict(words, field="pairing")
    if not has_year(pairing, year):
        last = pairing.end_date.year if pairing.end_date else "今"
        yield Invalid(f"年度应在结对期间（{pairing.start_date.year} 至 {last}）之内", field="year")


def has_year(pairing: Pairing, year: int) -> bool:
    last = pairing.end_date.year if pairing.end_date else year
    return pairing.start_date.year <= year <= last


def unfit_content(kind: str, mode: str, figure: Figure, details: dict[str, Any], by: User) -> Iterator[Refusal]:
    """What the kind has no place for or lacks, each with its field."""
    spec = kinds.SPECS[kind]
    if by.party is None or by.party.kind not in spec.helpers:
        yield Invalid(f"“{kinds.Kind(kind).label}”不由本单位这一类帮扶方登记", field="kind")
    if spec.mode == kinds.CHOOSE and not mode:
        yield Invalid("请选择帮扶方式", field="mode")
    if spec.mode != kinds.CHOOSE and mode not in ("", spec.mode):
        yield Invalid("这一类别的帮扶方式是固定的，请勿填写", field="mode")
    for name in kinds.DETAILS:
        given = details.get(name) not in (None, "")
        if given and name not in spec.fields:
            yield Invalid("这一类别没有这一项", field=name)
        if not given and name in spec.needs:
            yield Invalid("这一类别须填写此项", field=name)
    yield from _unfit_figure(spec.unit, figure)


def _unfit_figure(unit: str, figure: Figure) -> Iterator[Refusal]:
    right, wrong = ("amount_yuan", "quantity") if unit == kinds.Unit.YUAN else ("quantity", "amount_yuan")
    given: dict[str, Any] = {**figure}
    if given[wrong] is not None:
        yield Invalid(f"这一类别按“{kinds.Unit(unit).label}”计，请勿填写此项", field=wrong)
    if given[right] is None:
        yield Invalid(f"请填写数额（{kinds.Unit(unit).label}）", field=right)


def _figure(unit: str, amount_yuan: Decimal | None, quantity: int | None) -> Figure:
    """What was given, in the unit it should be in. Raises Invalid otherwise, naming the field."""
    figure = Figure(amount_yuan=amount_yuan, quantity=quantity)
    for refusal in _unfit_figure(unit, figure):
        raise refusal
    return figure


def _told(figure: Figure) -> dict[str, Any]:
    """The figure as an event tells it."""
    return {name: str(value) for name, value in figure.items() if value is not None}


def _enter(
    commitment: Commitment, stage: Stage, figure: Figure, occurred_date: dt.date, side: Side, by: User, **more: Any
) -> LedgerEntry:
    if occurred_date > timezone.localdate():
        raise Invalid("日期不能晚于今天", field="occurred_date")
    return LedgerEntry.objects.create(
        commitment=commitment,
        stage=stage,
        occurred_date=occurred_date,
        reported_by_side=side,
        reported_by=by,
        **figure,
        **more,
    )


def report_arrival(
    *,
    commitment: Commitment,
    amount_yuan: Decimal | None = None,
    quantity: int | None = None,
    occurred_date: dt.date,
    reference: str = "",
    posting: dict[str, Any] | None = None,
    by: User,
) -> LedgerEntry:
    """Report that something arrived or was done; it counts as confirmed only when the other side says so.

    Either side may report. `posting` (unit, post, duty, end_date, names) is due for kinds that send people. A voucher
    that was claimed before opens a discrepancy, and the entry counts nowhere until that is settled. Raises NotAllowed
    for anybody but the two sides, Invalid for a date in the future, a wrong unit or a missing post.
    """
    side = side_of(by, commitment.pairing)
    if side is None:
        raise NotAllowed("只有结对双方可以报告到位")
    figure = _figure(commitment.unit, amount_yuan, quantity)
    if commitment.spec.postings != bool(posting):
        raise Invalid("请填写任职单位和职务" if commitment.spec.postings else "这一类别不登记任职", field="unit")
    with transaction.atomic():
        entry = _enter(commitment, Stage.ARRIVED, figure, occurred_date, side, by, reference=reference.strip())
        if posting:
            Posting.objects.create(entry=entry, start_date=occurred_date, **posting)
        record(commitment, "arrival_reported", by=by, payload={"entry": entry.pk, **_told(figure)})
        for again in entry.discrepancies.select_related("earlier"):  # opened by the database
            told = {"entry": entry.pk, "earlier": again.earlier_id}
            record(commitment, "duplicate_flagged", by=None, reason=f"凭证号 {entry.reference}", payload=told)
        return entry


def confirm(
    *,
    entry: LedgerEntry,
    answer: str,
    amount_yuan: Decimal | None = None,
    quantity: int | None = None,
    reason: str = "",
    by: User,
) -> Confirmation:
    """Answer an arrival reported by the other side: received in full, or a difference with the figure seen.

    A difference opens a discrepancy. Raises NotAllowed for anybody but the other side, Invalid for a dispute without
    figure or reason, Conflict for a second answer.
    """
    side = side_of(by, entry.commitment.pairing)
    if side is None or side == entry.reported_by_side:
        raise NotAllowed("应由对方确认这笔款项")
    if entry.stage != Stage.ARRIVED or entry.reverses_id:
        raise Conflict("只有到位的款项需要确认")
    figure = Figure(amount_yuan=entry.amount_yuan, quantity=entry.quantity)
    if answer == Confirmation.Answer.DISPUTED:
        figure = _seen(entry, amount_yuan, quantity, reason)
    with transaction.atomic():
        confirmation = Confirmation.objects.create(entry=entry, answer=answer, reason=reason.strip(), by=by, **figure)
        record(
            entry.commitment,
            f"arrival_{answer.lower()}",
            by=by,
            reason=reason.strip(),
            payload={"entry": entry.pk, **_told(figure)},
        )
        return confirmation


def _seen(entry: LedgerEntry, amount_yuan: Decimal | None, quantity: int | None, reason: str) -> Figure:
    if amount_yuan is None and quantity is None:
        field = "amount_yuan" if entry.amount_yuan is not None else "quantity"
        raise Invalid("请填写实际收到的数额", field=field)
    figure = _figure(entry.commitment.unit, amount_yuan, quantity)
    if not reason.strip():
        raise Invalid("金额有差异时请说明情况", field="reason")
    if figure == {"amount_yuan": entry.amount_yuan, "quantity": entry.quantity}:
        field = "amount_yuan" if amount_yuan is not None else "quantity"
        raise Invalid("金额与对方报告的一致，没有差异，请直接确认收到", field=field)
    return figure


def spend(
    *,
    commitment: Commitment,
    amount_yuan: Decimal,
    occurred_date: dt.date,
    reference: str = "",
    evidence: str = "",
    by: User,
) -> LedgerEntry:
    """Record what the recipient spent of confirmed money.

    Raises NotAllowed for anybody but the recipient, Conflict for kinds through which no money flows and (from the
    database) for more than both sides confirmed, on that day or in all.
    """
    if side_of(by, commitment.pairing) != Side.RECIPIENT:
        raise NotAllowed("只有受援方可以记录支出")
    if not commitment.flows:
        raise Conflict("这一类别没有支出环节，完成后直接验收")
    figure = Figure(amount_yuan=amount_yuan, quantity=None)
    papers = {"reference": reference.strip(), "evidence": evidence.strip()}
    with transaction.atomic():
        entry = _enter(commitment, Stage.SPENT, figure, occurred_date, Side.RECIPIENT, by, **papers)
        record(commitment, "spent", by=by, payload={"entry": entry.pk, **_told(figure)})
        return entry


def accept(
    *,
    entry: LedgerEntry,
    amount_yuan: Decimal | None = None,
    quantity: int | None = None,
    occurred_date: dt.date,
    evidence: str,
    by: User,
) -> LedgerEntry:
    """Accept (验收) a spending, or what was done where no money flows, in full or in part.

    Raises NotAllowed for anybody but the recipient, Conflict (also from the database) for whoever recorded it, for more
    than is left of it, and for an entry that does not stand.
    """
    if side_of(by, entry.commitment.pairing) != Side.RECIPIENT:
        raise NotAllowed("只有受援方可以验收")
    if entry.reported_by_id == by.pk:
        raise Conflict("记录支出和验收不能是同一个人，请由另一位同事验收")
    if not evidence.strip():
        raise Invalid("验收须写明佐证材料，如验收报告编号", field="evidence")
    figure = _figure(entry.commitment.unit, amount_yuan, quantity)
    papers = {"accepts": entry, "evidence": evidence.strip()}
    with transaction.atomic():
        made = _enter(entry.commitment, Stage.ACCEPTED, figure, occurred_date, Side.RECIPIENT, by, **papers)
        record(entry.commitment, "accepted", by=by, payload={"entry": made.pk, "accepts": entry.pk, **_told(figure)})
        return made


def withdraw(*, commitment: Commitment, reason: str, by: User) -> None:
    """Take back a promise of which nothing has arrived. Raises NotAllowed for anybody but the helper, Invalid without
    a reason, Conflict (from the database) while entries stand."""
    if side_of(by, commitment.pairing) != Side.HELPER:
        raise NotAllowed("只有帮扶方可以撤回承诺")
    if commitment.status != Commitment.Status.REGISTERED:
        raise Conflict("这项承诺已经撤回")
    if not reason.strip():
        raise Invalid("撤回时请写明原因", field="reason")
    move(commitment, Commitment.Status.WITHDRAWN, by=by, reason=reason.strip())
