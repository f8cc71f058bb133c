"""What a log-in may do now: for buttons and the inbox. The verbs and the database decide again."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from backend.accounts.models import User
from backend.commitments.models import Commitment, Discrepancy, LedgerEntry, ReversalRequest, Stage
from backend.commitments.settling import may_settle
from backend.pairings.models import Side
from backend.pairings.scopes import side_of


class Step(models.TextChoices):
    ARRIVE = "ARRIVE", "报告到位"
    SPEND = "SPEND", "记录支出"
    WITHDRAW = "WITHDRAW", "撤回"
    CONFIRM = "CONFIRM", "答复到位"
    ACCEPT = "ACCEPT", "验收"
    REVERSE = "REVERSE", "冲销"
    ASK_REVERSAL = "ASK_REVERSAL", "申请冲销"
    ANSWER_REVERSAL = "ANSWER_REVERSAL", "答复冲销申请"
    EXPLAIN = "EXPLAIN", "说明情况"
    SETTLE = "SETTLE", "答复说明"
    ATTACH = "ATTACH", "上传佐证材料"


def of_commitment(commitment: Commitment, user: User) -> list[Step]:
    side = side_of(user, commitment.pairing)
    if side is None or commitment.status != Commitment.Status.REGISTERED:
        return []
    steps, totals = [Step.ARRIVE], commitment.totals
    if side == Side.RECIPIENT and commitment.flows and totals.confirmed > totals.spent:
        steps.append(Step.SPEND)
    standing = any(one.stage != Stage.AGREED and stands(one) for one in commitment.entries.all())
    if side == Side.HELPER and not standing:
        steps.append(Step.WITHDRAW)
    return steps


def stands(entry: LedgerEntry) -> bool:
    """Neither a reversal nor reversed."""
    return entry.reverses_id is None and not hasattr(entry, "reversed_by")


def of_entry(entry: LedgerEntry, commitment: Commitment, user: User) -> list[Step]:
    side = side_of(user, commitment.pairing)
    if side is None or entry.stage == Stage.AGREED or not stands(entry):
        return []
    if any(one.status == ReversalRequest.Status.REQUESTED for one in entry.reversal_requests.all()):
        return [Step.ATTACH]  # wait for the answer first
    steps = [Step.ATTACH]
    if entry.stage == Stage.ARRIVED and side != entry.reported_by_side and not hasattr(entry, "confirmation"):
        steps.append(Step.CONFIRM)
    if side == Side.RECIPIENT and entry.reported_by_id != user.pk and left_to_accept(entry, commitment) > 0:
        steps.append(Step.ACCEPT)
    if accepted(entry) == 0:
        both = entry.stage == Stage.ARRIVED and sure(entry) is not None
        if both:
            steps.append(Step.ASK_REVERSAL)
        elif side == entry.reported_by_side:
            steps.append(Step.REVERSE)
    return steps


def sure(entry: LedgerEntry) -> Decimal | None:
    """What both sides stand behind of an arrival; None before they do."""
    answer = getattr(entry, "confirmation", None)
    if answer is None:
        return None
    if answer.answer == answer.Answer.CONFIRMED:
        return entry.value
    settled = any(
        one.kind == Discrepancy.Kind.AMOUNT and one.status == Discrepancy.Status.SETTLED
        for one in entry.discrepancies.all()
    )
    return min(entry.value, answer.value) if settled else None


def accepted(entry: LedgerEntry) -> Decimal:
    return sum((one.value for one in entry.acceptances.all() if stands(one)), Decimal(0))


def left_to_accept(entry: LedgerEntry, commitment: Commitment) -> Decimal:
    """What of a spending (or of what was done, where no money flows) is not accepted yet."""
    if not stands(entry) or entry.stage != (Stage.SPENT if commitment.flows else Stage.ARRIVED):
        return Decimal(0)
    if any(one.kind == Discrepancy.Kind.DUPLICATE and one.status != "SETTLED" for one in entry.discrepancies.all()):
        return Decimal(0)
    there = entry.value if commitment.flows else sure(entry) or Decimal(0)
    return there - accepted(entry)


def of_discrepancy(matter: Discrepancy, commitment: Commitment, user: User) -> list[Step]:
    if matter.status == Discrepancy.Status.OPEN and side_of(user, commitment.pairing) is not None:
        return [Step.EXPLAIN]
    if matter.status == Discrepancy.Status.EXPLAINED and may_settle(matter, user, commitment.pairing):
        return [Step.SETTLE]
    return []


def of_request(request: ReversalRequest, commitment: Commitment, user: User) -> list[Step]:
    side = side_of(user, commitment.pairing)
    asked_by = side_of(request.requested_by, commitment.pairing)
    due = request.status == ReversalRequest.Status.REQUESTED and side is not None and side != asked_by
    return [Step.ANSWER_REVERSAL] if due else []
