"""What two sides have to settle: a difference between their figures, one voucher claimed twice, a reversal to agree.

Rows of `Discrepancy` are opened by the database itself, when an arrival is disputed or repeats a voucher.
"""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.commitments.models.ledger import LedgerEntry
from backend.lifecycle.triggers import moves_guarded
from backend.web.problems import explain


def _another_party(status: str, first: str, second: str, constraint: str, exempt: str = "FALSE") -> pgtrigger.Trigger:
    """Moving to `status` takes two organisations: that of `first` and that of `second`."""
    return pgtrigger.Trigger(
        name="another_party",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__status=status),
        func=f"""
            IF NOT ({exempt}) AND NOT commitments_two_parties(NEW.{first}_id, NEW.{second}_id) THEN
                RAISE EXCEPTION 'one organisation cannot agree with itself'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
            END IF;
            RETURN NEW;
        """,
    )


def _released_by_coordinator() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="released_by_coordinator",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__status="SETTLED", new__kind="DUPLICATE"),
        func="""
            IF NOT EXISTS (SELECT FROM accounts_user WHERE id = NEW.agreed_by_id AND role = 'COORDINATOR') THEN
                RAISE EXCEPTION 'a voucher claimed twice is released by a coordinator'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'duplicate_released_by_coordinator';
            END IF;
            RETURN NEW;
        """,
    )


def _user(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


@pghistory.track()
@moves_guarded
class Discrepancy(models.Model):
    """A figure that is not settled yet, with a life of its own, seen by both sides.

    AMOUNT: the other side saw another figure. OPEN → one side explains (EXPLAINED) → the other agrees (SETTLED: the
    smaller of the two figures counts as confirmed) or does not (OPEN again); or the entry is reversed (CORRECTED).
    DUPLICATE: the voucher was claimed before. The entry counts nowhere until it is explained and a coordinator
    releases it, since both sides of a pairing gain by counting twice; or it is reversed.
    """

    class Kind(models.TextChoices):
        AMOUNT = "AMOUNT", "双方数字不一致"
        DUPLICATE = "DUPLICATE", "凭证重复登记"

    class Status(models.TextChoices):
        OPEN = "OPEN", "待说明"
        EXPLAINED = "EXPLAINED", "已说明，待同意"
        SETTLED = "SETTLED", "已按说明了结"
        CORRECTED = "CORRECTED", "已冲销更正"

    TRANSITIONS = {
        Status.OPEN: {Status.EXPLAINED, Status.CORRECTED},
        Status.EXPLAINED: {Status.OPEN, Status.SETTLED, Status.CORRECTED},
        Status.SETTLED: set(),
        Status.CORRECTED: set(),
    }
    UNSETTLED = (Status.OPEN, Status.EXPLAINED)

    kind = models.CharField(max_length=9, choices=Kind)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="discrepancies")
    earlier = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="claimed_again")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN, db_default="OPEN")
    explanation = models.CharField("说明", max_length=1000, blank=True, default="", db_default="")
    explained_by = _user(null=True)
    agreed_by = _user(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["id"]
        verbose_name = "核对事项"
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind"], name="one_discrepancy_of_a_kind"),
            models.CheckConstraint(
                name="duplicate_names_the_earlier",
                condition=Q(kind="AMOUNT", earlier__isnull=True) | Q(kind="DUPLICATE", earlier__isnull=False),
            ),
            models.CheckConstraint(
                name="explained_by_somebody",
                condition=~Q(status__in=["EXPLAINED", "SETTLED"])
                | (Q(explained_by__isnull=False) & ~Q(explanation="")),
            ),
            models.CheckConstraint(
                name="settled_by_two_people",
                condition=~Q(status="SETTLED") | (Q(agreed_by__isnull=False) & ~Q(agreed_by=F("explained_by"))),
            ),
        ]
        triggers = [
            _another_party(
                "SETTLED", "explained_by", "agreed_by", "settled_by_the_other_party", "NEW.kind = 'DUPLICATE'"
            ),
            _released_by_coordinator(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry_id}"


explain("explained_by_somebody", "请写明情况说明", field="explanation", status=400)
explain("settled_by_two_people", "说明和同意不能是同一个人")
explain("settled_by_the_other_party", "应由对方单位表示同意")
explain("duplicate_released_by_coordinator", "重复凭证须由协调员核实后放行")


@pghistory.track()
@moves_guarded
class ReversalRequest(models.Model):
    """One side asks to reverse an arrival that both sides confirmed; the other side agrees or refuses."""

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED", "待对方同意"
        AGREED = "AGREED", "已同意"
        REFUSED = "REFUSED", "不同意"

    TRANSITIONS = {
        Status.REQUESTED: {Status.AGREED, Status.REFUSED},
        Status.AGREED: set(),
        Status.REFUSED: set(),
    }

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="reversal_requests")
    reason = models.CharField("冲销原因", max_length=1000)
    status = models.CharField(max_length=9, choices=Status, default=Status.REQUESTED)
    requested_by = _user()
    answered_by = _user(null=True)
    answer_reason = models.CharField("答复说明", max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        verbose_name = "冲销申请"
        constraints = [
            models.CheckConstraint(name="reversal_request_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="reversal_refused_with_a_reason", condition=~Q(status="REFUSED") | ~Q(answer_reason="")
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(status="REQUESTED"), name="one_open_reversal_request"
            ),
        ]
        triggers = [_another_party("AGREED", "requested_by", "answered_by", "reversal_agreed_by_the_other_party")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.get_status_display()}"


explain("reversal_request_has_a_reason", "冲销时请写明原因", field="reason", status=400)
explain("reversal_refused_with_a_reason", "不同意时请写明理由", field="reason", status=400)
explain("one_open_reversal_request", "这笔入账已有待对方同意的冲销申请")
explain("reversal_agreed_by_the_other_party", "应由对方单位同意")
