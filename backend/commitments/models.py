"""Commitments and their ledger.

The four amounts of a commitment (agreed, arrived, spent, accepted) are never merged: each is the sum of its own
append-only entries. Units: yuan, two decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DecimalField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from backend.lifecycle.triggers import append_only, moves_guarded
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.parties.help import HelpMode
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain

ZERO = Decimal("0.00")


class Stage(models.TextChoices):
    AGREED = "AGREED", "协议数"
    ARRIVED = "ARRIVED", "到位"
    SPENT = "SPENT", "支出"
    ACCEPTED = "ACCEPTED", "验收"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def with_amounts(self) -> Self:
        """Annotate `agreed`, `arrived`, `spent`, `accepted` and `confirmed` (arrivals that the recipient confirmed)."""

        def total(stage: str) -> Any:
            entries = LedgerEntry.objects.filter(commitment=OuterRef("pk"), stage=stage).order_by()
            return _sum(entries.values("commitment").annotate(total=Sum("amount_yuan")))

        confirmed = Confirmation.objects.filter(
            entry__commitment=OuterRef("pk"), answer=Confirmation.Answer.CONFIRMED
        ).order_by()
        return self.annotate(
            agreed=total(Stage.AGREED),
            arrived=total(Stage.ARRIVED),
            spent=total(Stage.SPENT),
            accepted=total(Stage.ACCEPTED),
            confirmed=_sum(confirmed.values("entry__commitment").annotate(total=Sum("amount_yuan"))),
        )


def _sum(rows: Any) -> Any:
    field: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
    return Coalesce(Subquery(rows.values("total"), output_field=field), ZERO, output_field=field)


def _need_of_the_recipient() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="need_of_the_recipient",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("need_id", "pairing_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__need__isnull=False),
        func="""
            IF NOT EXISTS (
                SELECT FROM needs_need need
                JOIN places_area place ON place.id = need.area_id
                JOIN pairings_pairing pairing ON pairing.id = NEW.pairing_id
                JOIN places_area recipient ON recipient.id = pairing.recipient_id
                WHERE need.id = NEW.need_id AND place.path LIKE recipient.path || '%'
            ) THEN
                RAISE EXCEPTION 'the need is not one of the recipient'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_need_of_the_recipient';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
@moves_guarded
class Commitment(models.Model):
    """What a helper promised under one pairing for one year."""

    class Kind(models.TextChoices):
        FISCAL_AID = "FISCAL_AID", "财政援助资金"
        SOCIAL_AID = "SOCIAL_AID", "社会帮扶资金"

    Mode = HelpMode

    class Status(models.TextChoices):
        REGISTERED = "REGISTERED", "已登记"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    TRANSITIONS = {Status.REGISTERED: {Status.WITHDRAWN}, Status.WITHDRAWN: set()}

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    mode = models.CharField("帮扶方式", max_length=20, choices=Mode)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name="对应的需求"
    )
    amount_yuan = models.DecimalField("协议金额（元）", max_digits=18, decimal_places=2)
    status = models.CharField(max_length=12, choices=Status, default=Status.REGISTERED)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="commitment_amount_is_plausible", condition=Q(amount_yuan__gt=0, amount_yuan__lte=LARGEST_YUAN)
            ),
            models.UniqueConstraint(
                fields=["pairing", "year", "kind", "title"],
                condition=Q(status="REGISTERED"),
                name="commitment_registered_once",
            ),
        ]
        triggers = [_need_of_the_recipient()]

    def __str__(self) -> str:
        return f"{self.title}（{self.year}）"


explain("commitment_amount_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("commitment_needs_confirmed_pairing", "结对关系已不是双方确认的状态，不能登记承诺", field="pairing")
explain("commitment_need_of_the_recipient", "这条需求不属于这条结对的受援县", field="need", status=400)
explain("commitment_registered_once", "这条结对本年度已登记过同名同类的承诺，请勿重复登记", field="title")


class LedgerEntry(models.Model):
    """One amount at one stage. Never changed or deleted; a mistake is corrected by an entry that reverses it."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="entries")
    stage = models.CharField(max_length=10, choices=Stage)
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2)
    occurred_date = models.DateField("发生日期")
    reference = models.CharField("凭证号", max_length=60, blank=True)
    reported_by_side = models.CharField(max_length=9, choices=Side)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="entry_amount_is_plausible",
                condition=Q(reverses__isnull=True, amount_yuan__gt=0, amount_yuan__lte=LARGEST_YUAN)
                | Q(reverses__isnull=False, amount_yuan__lt=0, amount_yuan__gte=-LARGEST_YUAN),
            ),
            models.UniqueConstraint(
                fields=["stage", "reference"],
                condition=~Q(reference="") & Q(reverses__isnull=True),
                name="one_voucher_one_entry",
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.amount_yuan} 元"


explain("entry_amount_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("one_voucher_one_entry", "这个凭证号已记过账，同一笔钱不能记两次", field="reference")
explain("entry_needs_registered_commitment", "这项承诺已撤回，不能再记账", field="commitment")
explain("spent_within_arrived", "支出不能超过已到位的金额", field="amount_yuan")


class Confirmation(models.Model):
    """The other side's answer to a reported entry: confirmed, or disputed with the amount it saw."""

    class Answer(models.TextChoices):
        CONFIRMED = "CONFIRMED", "已收到"
        DISPUTED = "DISPUTED", "有差异"

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="confirmation")
    answer = models.CharField(max_length=10, choices=Answer)
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_has_a_reason", condition=~Q(answer="DISPUTED") | ~Q(reason="")),
            models.CheckConstraint(
                name="confirmed_amount_is_plausible", condition=Q(amount_yuan__gte=0, amount_yuan__lte=LARGEST_YUAN)
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.answer}"


explain("dispute_has_a_reason", "金额有差异时请说明情况", field="reason", status=400)
explain("commitments_confirmation_entry_id_key", "这笔款项已经答复过，请刷新后查看")
