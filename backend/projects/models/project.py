"""What is carried out for a need with the money of a pairing, and the two consents it stands on."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.lifecycle.triggers import append_only, moves_guarded
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.projects import triggers
from backend.web.problems import explain


@pghistory.track()
@moves_guarded
class Project(models.Model):
    """One published need, carried out under one pairing.

    PROPOSED by the county → CONSENTED once the helper and, by another person, the county agreed (or DECLINED) →
    UNDERWAY → COMPLETED: its result accepted against the target → CLOSED with an asset record; or STOPPED. Name,
    place, target, benefit link and beneficiaries are the need's, which stands as it is while the project lives. Money
    figures are sums of the ledger (`figures.with_money`). Only consented projects take money.
    """

    class ConstructionType(models.TextChoices):
        NEW = "NEW", "新建"
        EXTENSION = "EXTENSION", "改扩建"
        PURCHASE = "PURCHASE", "购置"
        SERVICE = "SERVICE", "培训或服务"

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "待双方同意"
        DECLINED = "DECLINED", "未获同意"
        CONSENTED = "CONSENTED", "双方已同意"
        UNDERWAY = "UNDERWAY", "实施中"
        COMPLETED = "COMPLETED", "已完工验收"
        CLOSED = "CLOSED", "已结项"
        STOPPED = "STOPPED", "已中止"

    TRANSITIONS = {
        Status.PROPOSED: {Status.CONSENTED, Status.DECLINED},
        Status.DECLINED: set(),
        Status.CONSENTED: {Status.UNDERWAY, Status.STOPPED},
        Status.UNDERWAY: {Status.COMPLETED, Status.STOPPED},
        Status.COMPLETED: {Status.CLOSED},
        Status.CLOSED: set(),
        Status.STOPPED: set(),
    }
    OVER = (Status.DECLINED, Status.STOPPED)

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="projects")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="projects", verbose_name="对应的需求")
    construction_type = models.CharField("建设性质", max_length=9, choices=ConstructionType)
    responsible_unit = models.CharField("责任单位", max_length=80)
    start_date = models.DateField("计划开工")
    end_date = models.DateField("计划完工")
    participation = models.CharField("群众参与", max_length=300, blank=True)
    status = models.CharField("状态", max_length=9, choices=Status, default=Status.PROPOSED)
    end_reason = models.CharField("未获同意或中止的理由", max_length=1000, blank=True, default="")
    started_date = models.DateField("开工日期", null=True)
    result_quantity = models.DecimalField("完成数量", max_digits=14, decimal_places=2, null=True)
    result_beneficiaries = models.PositiveIntegerField("实际受益贫困人口", null=True)
    result_note = models.CharField("完成情况", max_length=300, blank=True, default="")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    completed_date = models.DateField("验收日期", null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        verbose_name = "项目"
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=~Q(status__in=("DECLINED", "STOPPED")), name="one_project_of_a_need"
            ),
            models.CheckConstraint(name="project_dates_in_order", condition=Q(end_date__gte=F("start_date"))),
            models.CheckConstraint(name="project_names_its_unit", condition=~Q(responsible_unit="")),
            models.CheckConstraint(
                name="project_ended_for_a_reason",
                condition=~Q(status__in=("DECLINED", "STOPPED")) | ~Q(end_reason=""),
            ),
            models.CheckConstraint(
                name="project_started_on_a_day",
                condition=~Q(status__in=("UNDERWAY", "COMPLETED", "CLOSED")) | Q(started_date__isnull=False),
            ),
            models.CheckConstraint(
                name="project_result_is_told_whole",
                condition=Q(reported_by__isnull=True, result_quantity__isnull=True, result_note="")
                | (Q(reported_by__isnull=False, result_quantity__gte=0) & ~Q(result_note="")),
            ),
            models.CheckConstraint(
                name="project_accepted_by_another_person",
                condition=~Q(status__in=("COMPLETED", "CLOSED"))
                | (
                    Q(reported_by__isnull=False, accepted_by__isnull=False, completed_date__isnull=False)
                    & ~Q(accepted_by=F("reported_by"))
                ),
            ),
        ]
        triggers = [
            triggers.of_a_published_need(),
            triggers.frozen_once_consented(),
            triggers.consented_by_both(),
            triggers.completed_with_proof(),
            triggers.closed_with_an_asset(),
        ]

    def __str__(self) -> str:
        return self.need.title

    @property
    def completion_percent(self) -> Decimal | None:
        """Result against target; more than 100 where more was done than promised."""
        if self.result_quantity is None:
            return None
        return (self.result_quantity * 100 / self.need.quantity).quantize(Decimal("0.1"))


explain("one_project_of_a_need", "这条需求已经立项，请在已有的项目上办理", field="need")
explain("project_of_a_published_need", "只有已公布的需求可以立项", field="need")
explain("project_within_a_pairing", "双方确认结对之后才能立项", field="pairing")
explain("project_need_of_the_recipient", "这条需求不属于这条结对的受援县", field="need", status=400)
explain("project_proposed_by_the_county", "项目由受援县提出", status=403)
explain("project_dates_in_order", "计划完工不能早于计划开工", field="end_date", status=400)
explain("project_names_its_unit", "请写明责任单位", field="responsible_unit", status=400)
explain("project_ended_for_a_reason", "请写明理由", field="reason", status=400)
explain("project_started_on_a_day", "请先登记开工")
explain("project_result_is_told_whole", "请写明完成数量和完成情况", field="result_quantity", status=400)
explain("project_accepted_by_another_person", "填报完成情况和验收不能是同一个人，请由另一位同事验收")
explain("project_frozen_once_consented", "已有一方同意，方案不能再改；须改动时请先说明理由退回，再重新提出")
explain("project_consented_by_both", "帮扶方和受援县都同意之后项目才成立")
explain("project_completed_with_its_milestones", "还有节点没有完成，请先逐项登记完成")
explain("project_completed_with_evidence", "验收前请上传完工照片或验收材料", field="file")
explain("project_closed_with_an_asset", "结项时须登记形成的资产")
explain("need_stands_with_its_project", "这条需求已经立项，名称、数量和绩效目标等不能再改，也不能撤回")


class Consent(models.Model):
    """One side agrees: the helper, and for the county somebody other than the proposer. Never taken back."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="consents")
    side = models.CharField(max_length=9, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "side"], name="one_consent_per_side")]
        triggers = [append_only(), triggers.consents_to_a_whole_plan()]

    def __str__(self) -> str:
        return f"{self.project_id} {self.side}"


explain("one_consent_per_side", "本方已经同意，请刷新后查看")
explain("consent_to_a_proposal", "这个项目已不在等待同意，请刷新后查看")
explain("consent_by_its_own_side", "只能代表本方同意")
explain("approved_by_another_person", "提出和审定不能是同一个人，请由另一位同事审定")
explain("consent_to_a_whole_plan", "方案还没有写明资金来源和实施节点，不能同意")
