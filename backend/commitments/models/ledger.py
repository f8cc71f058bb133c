"""The ledger: append-only entries, and the other side's answers to them.

The rules that need more than one row are triggers of migration 0007; `docs/decisions/ledger-recounted-under-lock.md`
says why they are as they are.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.commitments import kinds
from backend.commitments.models.commitment import Commitment
from backend.lifecycle.triggers import append_only
from backend.pairings.models import Side
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain


class Stage(models.TextChoices):
    AGREED = "AGREED", "协议数"
    ARRIVED = "ARRIVED", "到位"
    SPENT = "SPENT", "支出"
    ACCEPTED = "ACCEPTED", "验收"


def posted_kinds() -> str:
    """The kinds whose arrivals are people taking up posts, as SQL."""
    return ", ".join(f"'{kind}'" for kind, spec in kinds.SPECS.items() if spec.postings)


class _PeopleHavePosts(pgtrigger.Trigger):
    """At commit, an arrival of people has its posting."""

    name = "people_have_posts"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred
    condition = pgtrigger.Q(new__stage="ARRIVED", new__reverses__isnull=True)

    def get_func(self, model: object) -> str:
        return f"""
            IF EXISTS (
                SELECT FROM commitments_commitment WHERE id = NEW.commitment_id AND kind IN ({posted_kinds()})
            ) AND NOT EXISTS (SELECT FROM commitments_posting WHERE entry_id = NEW.id) THEN
                RAISE EXCEPTION 'people arrived at no post'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'arrival_of_people_has_a_posting';
            END IF;
            RETURN NULL;
        """  # noqa: S608  (names of our own kinds)


class LedgerEntry(models.Model):
    """One amount (yuan) or quantity (the commitment's unit) at one stage. Never changed or deleted: a mistake is
    reversed as a whole, with a reason, and entered anew.

    An acceptance says which spending (or, where no money flows, which arrival) it accepts; the database copies who
    recorded that into `accepts_by`, so that four eyes are a CHECK.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="entries")
    stage = models.CharField(max_length=10, choices=Stage)
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    quantity = models.IntegerField(null=True)
    occurred_date = models.DateField("发生日期")
    reference = models.CharField("凭证号", max_length=60, blank=True)
    evidence = models.CharField("佐证材料", max_length=300, blank=True, default="")
    reason = models.CharField("冲销原因", max_length=1000, blank=True, default="")
    reported_by_side = models.CharField(max_length=9, choices=Side)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    accepts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="acceptances")
    accepts_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="entry_amount_is_plausible",
                condition=Q(amount_yuan__isnull=True)
                | Q(reverses__isnull=True, amount_yuan__gt=0, amount_yuan__lte=LARGEST_YUAN)
                | Q(reverses__isnull=False, amount_yuan__lt=0, amount_yuan__gte=-LARGEST_YUAN),
            ),
            models.CheckConstraint(
                name="entry_quantity_is_plausible",
                condition=Q(quantity__isnull=True)
                | Q(reverses__isnull=True, quantity__gt=0)
                | Q(reverses__isnull=False, quantity__lt=0),
            ),
            models.CheckConstraint(
                name="entry_counts_one_thing",
                condition=Q(amount_yuan__isnull=True, quantity__isnull=False)
                | Q(amount_yuan__isnull=False, quantity__isnull=True),
            ),
            models.CheckConstraint(
                name="entry_by_the_side_of_its_stage",
                condition=Q(stage="ARRIVED")
                | Q(stage="AGREED", reported_by_side="HELPER")
                | Q(stage__in=["SPENT", "ACCEPTED"], reported_by_side="RECIPIENT"),
            ),
            models.CheckConstraint(name="reversal_has_a_reason", condition=Q(reverses__isnull=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="acceptance_says_what_it_accepts",
                condition=Q(stage="ACCEPTED", reverses__isnull=True, accepts__isnull=False)
                | (~Q(stage="ACCEPTED", reverses__isnull=True) & Q(accepts__isnull=True)),
            ),
            models.CheckConstraint(
                name="accepted_by_another_person",
                condition=Q(accepts__isnull=True) | (Q(accepts_by__isnull=False) & ~Q(accepts_by=F("reported_by"))),
            ),
            models.CheckConstraint(
                name="acceptance_has_evidence",
                condition=~Q(stage="ACCEPTED", reverses__isnull=True) | ~Q(evidence=""),
            ),
        ]
        triggers = [append_only(), _PeopleHavePosts()]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.value}"

    @property
    def value(self) -> Decimal:
        """What the entry counts, in the unit of its commitment."""
        return self.amount_yuan if self.amount_yuan is not None else Decimal(self.quantity or 0)


explain("entry_amount_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("entry_quantity_is_plausible", "数量应大于 0", field="quantity", status=400)
explain("entry_in_the_unit_of_its_commitment", "请按这项承诺的计量单位填写", field="quantity", status=400)
explain("entry_by_its_own_side", "只能代表本单位记账")
explain("entry_needs_registered_commitment", "这项承诺已撤回，不能再记账", field="commitment")
explain("entry_stage_fits_kind", "这一类别没有支出环节，完成后直接验收", field="stage")
explain("reversal_of_a_whole_entry", "冲销应针对一笔原始入账的全额")
explain("commitments_ledgerentry_reverses_id_key", "这笔入账已经冲销过，请刷新后查看")
explain("agreed_amount_stands", "协议数不能冲销；尚无入账时可以撤回承诺后重新登记")
explain("accepted_entry_stands", "这笔入账已有验收，请先冲销验收")
explain("arrival_reversed_by_its_reporter", "只有报告方可以冲销这笔到位")
explain("confirmed_arrival_reversed_by_both", "双方已确认的到位须经对方同意才能冲销")
explain("acceptance_of_a_standing_entry", "只能验收仍然有效的支出（或已确认的完成数）")
explain("acceptance_not_before_its_entry", "验收日期不能早于所验收事项的日期", field="occurred_date", status=400)
explain("accepted_within_its_entry", "验收不能超过所验收的金额或数量", field="amount_yuan")
explain("accepted_by_another_person", "记录支出和验收不能是同一个人，请由另一位同事验收")
explain("acceptance_has_evidence", "验收须写明佐证材料，如验收报告编号", field="evidence", status=400)
explain("reversal_has_a_reason", "冲销时请写明原因", field="reason", status=400)
explain("spent_after_arrival", "支出日期早于相应资金确认到位的日期", field="occurred_date")


class Confirmation(models.Model):
    """The other organisation's answer to a reported arrival: confirmed, or disputed with the figure it saw."""

    class Answer(models.TextChoices):
        CONFIRMED = "CONFIRMED", "已收到"
        DISPUTED = "DISPUTED", "有差异"

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="confirmation")
    answer = models.CharField(max_length=10, choices=Answer)
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    quantity = models.IntegerField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_has_a_reason", condition=~Q(answer="DISPUTED") | ~Q(reason="")),
            models.CheckConstraint(
                name="confirmed_amount_is_plausible",
                condition=Q(amount_yuan__isnull=True, quantity__gte=0)
                | Q(quantity__isnull=True, amount_yuan__gte=0, amount_yuan__lte=LARGEST_YUAN),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.answer}"

    @property
    def value(self) -> Decimal:
        """What the other side saw, in the unit of the commitment."""
        return self.amount_yuan if self.amount_yuan is not None else Decimal(self.quantity or 0)


explain("dispute_has_a_reason", "金额有差异时请说明情况", field="reason", status=400)
explain("commitments_confirmation_entry_id_key", "这笔款项已经答复过，请刷新后查看")
explain("answer_to_a_standing_arrival", "只有仍然有效的到位需要确认")
explain("answer_by_the_other_party", "应由对方单位确认，不能自己确认自己的报告")
explain("answer_fits_its_entry", "确认时数额应与报告一致，有差异时应不一致", field="amount_yuan", status=400)
