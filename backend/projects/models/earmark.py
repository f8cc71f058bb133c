"""Which need a helper's committed money is meant for, before the county proposes the project."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.commitments.models import Commitment
from backend.lifecycle.triggers import append_only
from backend.needs.models import Need
from backend.projects import triggers
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain


class Earmark(models.Model):
    """So much of a commitment is meant for a need; taken back by a negative one with its reason.

    It is the helper's word. The project that the county proposes draws on it, so that the same yuan is not planned
    twice (`projects_plans` takes the greater of the two). Of a need that was withdrawn nothing is held.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="earmarks")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="earmarks")
    amount_yuan = models.DecimalField("安排金额", max_digits=18, decimal_places=2)
    reason = models.CharField("收回理由", max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "资金安排"
        constraints = [
            models.CheckConstraint(
                name="earmark_is_plausible",
                condition=~Q(amount_yuan=0) & Q(amount_yuan__gte=-LARGEST_YUAN, amount_yuan__lte=LARGEST_YUAN),
            ),
            models.CheckConstraint(
                name="earmark_taken_back_for_a_reason", condition=Q(amount_yuan__gt=0) | ~Q(reason="")
            ),
        ]
        triggers = [
            append_only(),
            triggers.earmark_fits(),
            triggers.within_the_agreed("earmarked_within_the_agreed"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} → {self.need_id} {self.amount_yuan}"


explain("earmark_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("earmark_taken_back_for_a_reason", "收回时请写明理由", field="reason", status=400)
explain("earmark_by_the_helper", "承诺的资金由帮扶方安排", status=403)
explain("earmark_of_an_open_need", "只能安排给已公布、还没有立项的需求；已立项的在项目里安排", field="need")
explain("earmark_of_free_money", "只能安排双方已确认的结对之下、没有指定需求的资金承诺", field="commitment")
explain("earmark_where_it_fits", "这条需求不属于受援方，或与承诺的资金投向不符", field="need")
explain("earmark_taken_back_within_itself", "收回不能超过已安排的金额", field="amount_yuan")
explain("earmark_within_the_gap", "这条需求尚缺的资金已不到这个数，请刷新后再安排", field="amount_yuan")
explain("earmarked_within_the_agreed", "这项承诺的余额不足，请刷新后再安排", field="amount_yuan")
explain("commitment_stands_with_its_earmarks", "这项承诺已安排给需求，请先收回安排再撤回")


class Plan(models.Model):
    """View: how much of a commitment is meant for a need: earmarked by the helper, planned by a live project, allotted
    to it after it arrived. Of the three, which say the same yuan at three moments, the greatest counts.
    `commitment` is null for the county's own money."""

    key = models.CharField(max_length=45, primary_key=True)
    commitment = models.ForeignKey(Commitment, on_delete=models.DO_NOTHING, null=True, related_name="plans")
    need = models.ForeignKey(Need, on_delete=models.DO_NOTHING, related_name="plans")
    earmarked = models.DecimalField(max_digits=20, decimal_places=2)
    planned = models.DecimalField(max_digits=20, decimal_places=2)
    allotted = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        managed = False
        db_table = "projects_plans"

    def __str__(self) -> str:
        return self.key
