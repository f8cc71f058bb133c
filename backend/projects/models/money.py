"""What a project is to cost, and which entries of the ledger are its own. No amount here is a second ledger."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.commitments.models import Commitment, LedgerEntry, Stage
from backend.lifecycle.triggers import append_only
from backend.projects import triggers
from backend.projects.models.project import Project
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain


class Source(models.Model):
    """Planned money: of one commitment of the pairing, or the county's own (no commitment)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sources")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, related_name="project_sources")
    planned_yuan = models.DecimalField("计划金额", max_digits=18, decimal_places=2)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "commitment"], name="one_source_of_a_project", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="source_is_plausible", condition=Q(planned_yuan__gt=0, planned_yuan__lte=LARGEST_YUAN)
            ),
        ]
        triggers = [
            triggers.of_an_open_proposal(),
            triggers.money_of_the_pairing(),
            triggers.within_the_agreed("planned_within_the_agreed"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.planned_yuan}"


explain("one_source_of_a_project", "同一资金来源只填一行", field="sources", status=400)
explain("source_is_plausible", "计划金额应大于 0 且不超过 100 亿元", field="sources", status=400)
explain("source_money_of_the_pairing", "资金来源应是这条结对之下登记的资金承诺", field="sources", status=400)
explain("commitment_stands_with_its_projects", "已有项目以这项承诺为资金来源，不能撤回")
explain("planned_within_the_agreed", "这项承诺的协议金额已安排给其他项目或需求，余额不足", field="sources")


class Allotment(models.Model):
    """So much of a ledger entry belongs to a project; taken back, in whole or in part, by a negative one with its
    reason.

    Of a confirmed arrival any part; a spending, and what is done without money flowing, belongs to one project whole.
    Acceptances follow what they accept. Rules and lock order: migration 0002.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="allotments")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="allotments")
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2)
    reason = models.CharField("收回理由", max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="allotment_is_plausible",
                condition=~Q(amount_yuan=0) & Q(amount_yuan__gte=-LARGEST_YUAN, amount_yuan__lte=LARGEST_YUAN),
            ),
            models.CheckConstraint(
                name="allotment_taken_back_for_a_reason", condition=Q(amount_yuan__gt=0) | ~Q(reason="")
            ),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="fits_its_entry", when=pgtrigger.Before, operation=pgtrigger.Insert,
                declare=[("of_project", "projects_project"), ("entry", "commitments_ledgerentry"),
                         ("promise", "commitments_commitment"), ("worth", "numeric"), ("mine", "numeric"),
                         ("everybodys", "numeric")],
                func=f"""
                    SELECT * INTO of_project FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
                    SELECT * INTO entry FROM commitments_ledgerentry WHERE id = NEW.entry_id;
                    SELECT * INTO promise FROM commitments_commitment WHERE id = entry.commitment_id FOR NO KEY UPDATE;
                    IF of_project.status NOT IN ('CONSENTED', 'UNDERWAY', 'COMPLETED') THEN
                        {triggers.refuse("no consent", "money_of_a_consented_project")}
                    END IF;
                    IF projects_side(NEW.by_id, of_project.pairing_id) IS DISTINCT FROM 'RECIPIENT' THEN
                        {triggers.refuse("not the county", "allotment_by_the_county")}
                    END IF;
                    SELECT CASE WHEN stage = 'ARRIVED' THEN confirmed ELSE value END INTO worth
                    FROM commitments_standing WHERE id = NEW.entry_id AND stage IN ('ARRIVED', 'SPENT');
                    IF worth IS NULL OR promise.unit <> 'YUAN' OR promise.pairing_id <> of_project.pairing_id THEN
                        {triggers.refuse("no money of the pairing", "allotment_of_standing_money")}
                    END IF;
                    SELECT coalesce(sum(amount_yuan) FILTER (WHERE project_id = NEW.project_id), 0) + NEW.amount_yuan,
                           coalesce(sum(amount_yuan), 0) + NEW.amount_yuan
                    INTO mine, everybodys FROM projects_allotment WHERE entry_id = NEW.entry_id;
                    IF mine < 0 THEN {triggers.refuse("more than it has", "taken_back_within_the_allotted")} END IF;
                    IF everybodys > worth THEN
                        {triggers.refuse("more than arrived", "allotted_within_the_confirmed")}
                    END IF;
                    IF (entry.stage = '{Stage.SPENT}' OR NOT promise.flows) AND mine NOT IN (0, worth) THEN
                        {triggers.refuse("half a spending", "allotment_of_a_whole_spending")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  (names of our own)
            ),
            pgtrigger.Trigger(
                name="keeps_the_balance", when=pgtrigger.After, operation=pgtrigger.Insert,
                func="PERFORM projects_keep_balance(NEW.project_id); RETURN NULL;",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_id} {self.amount_yuan}"


explain("allotment_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("allotment_taken_back_for_a_reason", "收回时请写明理由", field="reason", status=400)
explain("money_of_a_consented_project", "双方同意之后、结项之前，项目才能安排和使用资金")
explain("allotment_by_the_county", "项目资金由受援县安排", status=403)
explain("allotment_of_standing_money", "只能安排这条结对之下双方已确认、仍然有效的资金", field="entry")
explain("taken_back_within_the_allotted", "收回不能超过已安排给这个项目的金额", field="amount_yuan")
explain("allotted_within_the_confirmed", "这笔到位资金的余额不足", field="amount_yuan")
explain("allotment_of_a_whole_spending", "一笔支出应整笔归入一个项目", field="amount_yuan")
explain("project_spent_within_arrived", "支出不能超过已安排给这个项目的到位资金，请先安排资金", field="amount_yuan")
explain("entry_of_a_closed_project", "这笔入账属于已结项的项目，资产价值已据此登记，不能再改")


class ProjectMoney(models.Model):
    """View: what stands of each ledger entry that belongs to a project, net of what was taken back, and what of it has
    been accepted. The only definition of a project's figures."""

    id = models.BigIntegerField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.DO_NOTHING, related_name="money")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.DO_NOTHING, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.DO_NOTHING, related_name="+")
    flows = models.BooleanField()
    stage = models.CharField(max_length=10, choices=Stage)
    occurred_date = models.DateField()
    amount_yuan = models.DecimalField(max_digits=20, decimal_places=2)
    accepted_yuan = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        managed = False
        db_table = "projects_money"
        ordering = ["occurred_date", "id"]

    def __str__(self) -> str:
        return f"{self.stage} {self.amount_yuan}"
