"""What was promised. Its figures (agreed, arrived, confirmed, spent, accepted) are sums of its ledger, never merged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, DecimalField, F, Q, Value, When
from django.db.models.functions import Coalesce

from backend.commitments import kinds
from backend.lifecycle.triggers import moves_guarded
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain

FIGURES = ("agreed", "arrived", "confirmed", "spent", "accepted")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def with_amounts(self) -> Self:
        """Annotate `agreed`, `arrived`, `confirmed`, `spent` and `accepted` in yuan.

        They are None for what is counted in people or pieces, so that a sum over rows can never add those to money;
        `row.totals` has the figures in the row's own unit. Cost: one join, however long the ledgers are.
        """
        field: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
        zero = Value(Decimal("0.00"), output_field=field)
        return self.annotate(
            **{
                name: Case(
                    When(unit=kinds.Unit.YUAN, then=Coalesce(F(f"totals__{name}"), zero)),
                    default=None,
                    output_field=field,
                )
                for name in FIGURES
            }
        )

    def registered(self) -> Self:
        """Those that count: not withdrawn."""
        return self.filter(status=Commitment.Status.REGISTERED)


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


def _withdrawn_empty() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="withdrawn_empty",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__status="WITHDRAWN"),
        func="""
            IF EXISTS (
                SELECT FROM commitments_ledgerentry entry
                WHERE entry.commitment_id = NEW.id AND entry.stage <> 'AGREED' AND entry.reverses_id IS NULL
                  AND NOT EXISTS (SELECT FROM commitments_ledgerentry back WHERE back.reverses_id = entry.id)
            ) THEN
                RAISE EXCEPTION 'commitment % has entries that stand', NEW.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawn_commitment_is_empty';
            END IF;
            RETURN NEW;
        """,
    )


@pghistory.track()
@moves_guarded
class Commitment(models.Model):
    """What a helper promised under one pairing for one year, in the unit of its kind.

    Exactly one of `amount_yuan` and `quantity` is filled. `unit` and `flows` repeat what `kinds.SPECS` says of the
    kind, for the rules of the ledger; a CHECK holds them to it. Fields that the kind does not have are blank.
    """

    Kind = kinds.Kind
    Mode = kinds.Mode

    class Status(models.TextChoices):
        REGISTERED = "REGISTERED", "已登记"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    TRANSITIONS = {Status.REGISTERED: {Status.WITHDRAWN}, Status.WITHDRAWN: set()}

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="commitments", db_index=False)
    kind = models.CharField("类别", max_length=20, choices=kinds.Kind)
    unit = models.CharField("计量单位", max_length=11, choices=kinds.Unit, default=kinds.Unit.YUAN)
    flows = models.BooleanField("资金拨付", default=True)
    mode = models.CharField("帮扶方式", max_length=20, choices=kinds.Mode, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name="对应的需求"
    )
    amount_yuan = models.DecimalField("协议金额（元）", max_digits=18, decimal_places=2, null=True, blank=True)
    quantity = models.PositiveIntegerField("协议数量", null=True, blank=True)
    plan = models.CharField("计划内外", max_length=8, choices=kinds.Plan, blank=True, default="")
    sector = models.CharField("资金投向", max_length=14, choices=Need.Category, blank=True, default="")
    direction = models.CharField("方向", max_length=12, choices=kinds.Direction, blank=True, default="")
    speciality = models.CharField("专业领域", max_length=11, choices=kinds.Speciality, blank=True, default="")
    trainees = models.CharField("培训对象", max_length=11, choices=kinds.Trainees, blank=True, default="")
    benefit_link = models.CharField("带贫减贫机制", max_length=10, choices=Need.BenefitLink, blank=True, default="")
    poor_people = models.PositiveIntegerField("带动贫困人口", null=True, blank=True)
    months = models.PositiveSmallIntegerField("稳定就业月数", null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.REGISTERED)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="commitment_amount_is_plausible",
                condition=Q(amount_yuan__isnull=True) | Q(amount_yuan__gt=0, amount_yuan__lte=LARGEST_YUAN),
            ),
            models.CheckConstraint(
                name="commitment_in_the_unit_of_its_kind",
                condition=Q(unit="YUAN", amount_yuan__isnull=False, quantity__isnull=True)
                | (~Q(unit="YUAN") & Q(amount_yuan__isnull=True, quantity__gt=0)),
            ),
            models.CheckConstraint(name="commitment_unit_fits_kind", condition=kinds.unit_fits()),
            models.CheckConstraint(name="commitment_mode_fits_kind", condition=kinds.mode_fits()),
            *(
                models.CheckConstraint(name=f"commitment_{name}_fits_kind", condition=kinds.detail_fits(name))
                for name in kinds.DETAILS
            ),
            models.UniqueConstraint(
                fields=["pairing", "year", "kind", "title"],
                condition=Q(status="REGISTERED"),
                name="commitment_registered_once",
            ),
        ]
        indexes = [
            models.Index(fields=["year", "kind"], name="commitment_year_kind"),
            models.Index(fields=["pairing", "id"], name="commitment_of_pairing"),  # a side's own, newest first
        ]
        triggers = [_need_of_the_recipient(), _withdrawn_empty()]

    def __str__(self) -> str:
        return f"{self.title}（{self.year}）"

    @property
    def spec(self) -> kinds.Spec:
        return kinds.SPECS[self.kind]


explain("commitment_amount_is_plausible", "金额应大于 0 且不超过 100 亿元", field="amount_yuan", status=400)
explain("commitment_in_the_unit_of_its_kind", "这一类别的计量单位不同，请按单位填写", field="quantity", status=400)
explain("commitment_mode_fits_kind", "这一类别的帮扶方式不对", field="mode", status=400)
for _name in kinds.DETAILS:
    explain(f"commitment_{_name}_fits_kind", "这一类别须填写此项，或没有此项", field=_name, status=400)
explain("commitment_needs_confirmed_pairing", "结对关系已不是双方确认的状态，不能登记承诺", field="pairing")
explain("commitment_need_of_the_recipient", "这条需求不属于这条结对的受援县", field="need", status=400)
explain("commitment_registered_once", "这条结对本年度已登记过同名同类的承诺，请勿重复登记", field="title")
explain("withdrawn_commitment_is_empty", "这项承诺已有入账，请先冲销再撤回")
