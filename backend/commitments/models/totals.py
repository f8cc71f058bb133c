"""What is added up from the ledger. Nobody types any of it: triggers write it, and the reconciliation checks it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from backend.commitments.models.commitment import Commitment
from backend.commitments.models.ledger import LedgerEntry, Stage
from backend.lifecycle.triggers import append_only
from backend.web.problems import explain


def _figure() -> models.DecimalField[Decimal, Decimal]:
    """A sum in the commitment's own unit."""
    return models.DecimalField(max_digits=20, decimal_places=2, default=0)


class CommitmentTotals(models.Model):
    """The figures of one commitment, recounted from its standing entries under its lock, at every change.

    `confirmed` is what both sides stand behind; only that can be spent. What a voucher claimed a second time is in
    none of them until it is released. `unspent_since` is the date of the oldest confirmed arrival of money of which
    something is left, first in, first out; None where nothing is.
    """

    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, primary_key=True, related_name="totals", db_column="commitment_id"
    )
    flows = models.BooleanField()
    agreed = _figure()
    arrived = _figure()
    confirmed = _figure()
    spent = _figure()
    accepted = _figure()
    unspent_since = models.DateField(null=True)

    class Meta:
        db_table = "commitments_totals"
        constraints = [
            models.CheckConstraint(name="confirmed_within_arrived", condition=Q(confirmed__lte=F("arrived"))),
            models.CheckConstraint(name="spent_within_confirmed", condition=Q(spent__lte=F("confirmed"))),
            models.CheckConstraint(
                name="accepted_within_spent",
                condition=Q(flows=True, accepted__lte=F("spent"))
                | Q(flows=False, spent=0, accepted__lte=F("confirmed")),
            ),
            models.CheckConstraint(
                name="unspent_since_some_day",
                condition=Q(flows=True, confirmed__gt=F("spent"), unspent_since__isnull=False)
                | (Q(unspent_since__isnull=True) & (Q(flows=False) | Q(confirmed__lte=F("spent")))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}"


explain("spent_within_confirmed", "支出不能超过双方已确认到位的金额", field="amount_yuan")
explain("accepted_within_spent", "验收不能超过支出（或已确认的完成数）", field="amount_yuan")


class Voucher(models.Model):
    """Who claimed a bank voucher first, across all commitments, kinds and channels. One yuan has one owner."""

    key = models.CharField(max_length=60, primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="voucher")

    class Meta:
        db_table = "commitments_voucher"

    def __str__(self) -> str:
        return self.key


class StandingEntry(models.Model):
    """View: entries that count: not reversed, no reversals, no unreleased duplicates. One definition for all sums.

    `value` is in the commitment's unit; `confirmed` is what both sides stand behind of an arrival, 0 elsewhere.
    """

    id = models.BigIntegerField(primary_key=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.DO_NOTHING, related_name="standing")
    stage = models.CharField(max_length=10, choices=Stage)
    occurred_date = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=2)
    confirmed = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        managed = False
        db_table = "commitments_standing"

    def __str__(self) -> str:
        return f"{self.stage} {self.value}"


class Reconciliation(models.Model):
    """One night's recount of every ledger by a second formula, and where it did not agree with the totals kept."""

    at = models.DateTimeField(auto_now_add=True)
    commitments = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}：{len(self.findings)}"
