"""What a closed project leaves behind."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.lifecycle.triggers import append_only
from backend.projects import triggers
from backend.projects.models.project import Project
from backend.web.problems import explain


class Asset(models.Model):
    """One record of an asset; a correction is another record that says which one it corrects, and why.

    `value_yuan` is written by the database: what of the project's money was accepted. Money of a closed project moves
    no more. The place is the need's.
    """

    class AssetClass(models.TextChoices):
        OPERATING = "OPERATING", "经营性资产"
        PUBLIC = "PUBLIC", "公益性资产"
        HOUSEHOLD = "HOUSEHOLD", "到户类资产"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assets")
    asset_class = models.CharField("资产类别", max_length=9, choices=AssetClass)
    name = models.CharField("资产名称", max_length=120)
    owner = models.CharField("权属", max_length=80)
    maintainer = models.CharField("管护责任人", max_length=80)
    value_yuan = models.DecimalField("资产价值", max_digits=18, decimal_places=2)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField("更正理由", max_length=1000, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "项目资产"
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(corrects__isnull=True), name="one_asset_of_a_project"
            ),
            models.CheckConstraint(
                name="asset_says_whose_it_is", condition=~Q(name="") & ~Q(owner="") & ~Q(maintainer="")
            ),
            models.CheckConstraint(name="asset_has_a_value", condition=Q(value_yuan__gt=0)),
            models.CheckConstraint(
                name="asset_corrected_for_a_reason",
                condition=Q(corrects__isnull=True, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            append_only(),
            pgtrigger.Trigger(
                name="worth_what_was_accepted", when=pgtrigger.Before, operation=pgtrigger.Insert,
                declare=[("of_project", "projects_project"), ("earlier", "projects_asset")],
                func=f"""
                    SELECT * INTO of_project FROM projects_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
                    IF projects_side(NEW.by_id, of_project.pairing_id) IS DISTINCT FROM 'RECIPIENT' THEN
                        {triggers.refuse("not the county", "asset_by_the_county")}
                    END IF;
                    IF NEW.corrects_id IS NOT NULL THEN
                        SELECT * INTO earlier FROM projects_asset WHERE id = NEW.corrects_id;
                        IF earlier.project_id IS DISTINCT FROM NEW.project_id OR of_project.status <> 'CLOSED' THEN
                            {triggers.refuse("of another project", "asset_corrects_its_own")}
                        END IF;
                        NEW.value_yuan := earlier.value_yuan;
                        RETURN NEW;
                    END IF;
                    IF of_project.status <> 'COMPLETED' THEN
                        {triggers.refuse("not completed", "asset_of_a_completed_project")}
                    END IF;
                    PERFORM FROM commitments_commitment WHERE id IN (
                        SELECT commitment_id FROM projects_money WHERE project_id = NEW.project_id)
                    ORDER BY id FOR NO KEY UPDATE;
                    IF EXISTS (SELECT FROM projects_money WHERE project_id = NEW.project_id
                               AND (stage = 'SPENT' OR NOT flows) AND accepted_yuan <> amount_yuan) THEN
                        {triggers.refuse("not accepted", "closed_when_all_is_accepted")}
                    END IF;
                    NEW.value_yuan := coalesce(
                        (SELECT sum(accepted_yuan) FROM projects_money WHERE project_id = NEW.project_id), 0);
                    RETURN NEW;
                """,  # noqa: S608  (names of our own)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


explain("one_asset_of_a_project", "这个项目已登记资产，请在资产清单中更正")
explain("projects_asset_corrects_id_key", "这条资产记录已更正过，请刷新后查看")
explain("asset_says_whose_it_is", "请写明资产名称、权属和管护责任人", field="owner", status=400)
explain("asset_has_a_value", "这个项目没有已验收的资金，不能结项；没有实施的请中止")
explain("asset_corrected_for_a_reason", "更正时请写明理由", field="reason", status=400)
explain("asset_by_the_county", "资产由受援县登记", status=403)
explain("asset_corrects_its_own", "只能更正同一项目的资产记录")
explain("asset_of_a_completed_project", "完工验收之后才能结项")
explain("closed_when_all_is_accepted", "还有支出没有验收，请先在台账中验收")
