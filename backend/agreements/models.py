"""Agreements, their targets, signatures and signed copies."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import ExtractYear, Floor

from backend.agreements.kinds import MONEY, YEARLY, Indicator, Kind, Signatory, Unit, unit_of
from backend.agreements.triggers import (
    copy_of_what_was_offered,
    frozen_once_offered,
    signed_by_two,
    signs_what_is_offered,
    targets_of_a_draft,
    within_its_pairing,
)
from backend.lifecycle.triggers import append_only, moves_guarded
from backend.pairings.models import Pairing, Side
from backend.parties.models import Party
from backend.programmes.models import DateRange
from backend.web.files import MEDIA_TYPES
from backend.web.money import LARGEST_YUAN
from backend.web.problems import explain

LARGEST_COUNT = Decimal(10_000_000)


def _one_at_a_time(name: str, owner: str) -> ExclusionConstraint:
    """Signed agreements of one kind follow each other; another one supersedes first."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (F(owner), "="),
            (F("kind"), "="),
            (DateRange(F("start_date"), F("end_date"), Value("[]")), "&&"),
        ],
        condition=Q(status="SIGNED"),
    )


@pghistory.track()
@moves_guarded
class Agreement(models.Model):
    """What two signatories agree on for a period: clauses in words, targets in figures.

    DRAFT (seen by the side that drafts) → OFFERED (frozen) → SIGNED by both → SUPERSEDED by a later one, or VOID with a
    reason. An offer that is sent back is a draft again; the next offer is another `round`, and signatures count for
    their round only. An agreement hangs on a pairing, a letter of responsibility on a unit.
    `clauses` is a list of {"heading", "text"}.
    """

    Kind = Kind

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "起草中"
        OFFERED = "OFFERED", "待签署"
        SIGNED = "SIGNED", "已签署"
        SUPERSEDED = "SUPERSEDED", "已被取代"
        VOID = "VOID", "已作废"

    TRANSITIONS = {
        Status.DRAFT: {Status.OFFERED, Status.VOID},
        Status.OFFERED: {Status.DRAFT, Status.SIGNED, Status.VOID},
        Status.SIGNED: {Status.SUPERSEDED, Status.VOID},
        Status.SUPERSEDED: set(),
        Status.VOID: set(),
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, null=True, related_name="agreements")
    unit = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="responsibility_letters")
    kind = models.CharField("类别", max_length=14, choices=Kind)
    title = models.CharField("标题", max_length=120)
    start_date = models.DateField("起")
    end_date = models.DateField("止")
    clauses = models.JSONField("条款", default=list)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    round = models.PositiveSmallIntegerField("稿次", default=0)
    drafted_by_side = models.CharField(max_length=9, choices=Side)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="revisions")
    void_reason = models.TextField(blank=True)
    signed_date = models.DateField("签署日期", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_of_a_pairing_or_a_unit",
                condition=Q(kind="RESPONSIBILITY", pairing__isnull=True, unit__isnull=False)
                | (~Q(kind="RESPONSIBILITY") & Q(pairing__isnull=False, unit__isnull=True)),
            ),
            models.CheckConstraint(name="agreement_dates_in_order", condition=Q(end_date__gte=F("start_date"))),
            models.CheckConstraint(
                name="agreement_of_one_year",
                condition=~Q(kind__in=[str(kind) for kind in YEARLY]) | Q(start_date__year=ExtractYear(F("end_date"))),
            ),
            models.CheckConstraint(
                name="agreement_void_for_a_reason", condition=~Q(status="VOID") | ~Q(void_reason="")
            ),
            models.CheckConstraint(
                name="agreement_signed_on_a_day",
                condition=~Q(status__in=["SIGNED", "SUPERSEDED"]) | Q(signed_date__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["pairing", "kind", "start_date"],
                condition=Q(status__in=["DRAFT", "OFFERED"]),
                name="one_agreement_under_way",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "start_date"],
                condition=Q(status__in=["DRAFT", "OFFERED"]),
                name="one_letter_under_way",
            ),
            _one_at_a_time("one_signed_agreement", "pairing"),
            _one_at_a_time("one_signed_letter", "unit"),
        ]
        triggers = [within_its_pairing(), frozen_once_offered(), signed_by_two()]

    def __str__(self) -> str:
        return self.title

    @property
    def helper(self) -> Party:
        """The party that promises; the CHECK sees to it that there is one."""
        party = self.pairing.helper if self.pairing else self.unit
        assert party is not None  # noqa: S101  (agreement_of_a_pairing_or_a_unit)
        return party

    @property
    def year(self) -> int:
        return self.start_date.year


explain("agreement_of_a_pairing_or_a_unit", "责任书由单位签署，其他协议在一条结对之下签署", field="kind", status=400)
explain("agreement_dates_in_order", "结束日期不能早于开始日期", field="end_date", status=400)
explain("agreement_of_one_year", "年度协议和责任书的期间应在同一年之内", field="end_date", status=400)
explain("agreement_void_for_a_reason", "作废时请写明理由", field="reason", status=400)
explain("one_agreement_under_way", "这一时期的同类协议已在起草或签署中，请在其上修改", field="start_date")
explain("one_letter_under_way", "这一年度的责任书已在起草或签署中，请在其上修改", field="start_date")
explain("one_signed_agreement", "这一时期已有签署的同类协议，请以新协议取代它", field="start_date")
explain("one_signed_letter", "这一年度已有签署的责任书，请以新责任书取代它", field="start_date")
explain("agreement_of_an_agreed_pairing", "双方确认结对之后才能起草协议", field="pairing")
explain("agreement_within_the_pairing", "协议的期间应在结对的期间之内", field="start_date", status=400)
explain("agreement_frozen_once_offered", "协议已提交签署，内容不能再改，请先退回修改")
explain("agreement_signed_by_two", "双方都签署之后协议才成立")


@pghistory.track()
class Target(models.Model):
    """One figure that was agreed on. `quantity` is in the indicator's unit; money in yuan."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField("指标", max_length=20, choices=Indicator)
    quantity = models.DecimalField("目标", max_digits=18, decimal_places=2)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "indicator"], name="one_target_per_indicator"),
            models.CheckConstraint(
                name="target_is_plausible",
                condition=Q(indicator__in=MONEY, quantity__gt=0, quantity__lte=LARGEST_YUAN)
                | (~Q(indicator__in=MONEY) & Q(quantity__gt=0, quantity__lte=LARGEST_COUNT)),
            ),
            models.CheckConstraint(
                name="target_of_people_is_whole",
                condition=Q(indicator__in=MONEY) | Q(quantity=Floor(F("quantity"))),
            ),
        ]
        triggers = [targets_of_a_draft()]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.quantity}"

    @property
    def unit(self) -> Unit:
        return unit_of(self.indicator)


explain("one_target_per_indicator", "同一指标只填一行", field="targets", status=400)
explain("target_is_plausible", "目标应大于 0；资金不超过 100 亿元，其他不超过 1000 万", field="targets", status=400)
explain("target_of_people_is_whole", "人数、个数、对数、次数应为整数", field="targets", status=400)


class Signature(models.Model):
    """One side signs one round in its own log-in; `content_sha256` is the digest of the words and figures it saw."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=9, choices=Signatory)
    signatory_name = models.CharField("签署人", max_length=60)
    signatory_post = models.CharField("职务", max_length=60)
    signed_date = models.DateField("签署日期")
    content_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "round", "side"], name="one_signature_per_side"),
            models.UniqueConstraint(fields=["agreement", "round", "by"], name="signed_by_two_people"),
            models.CheckConstraint(
                name="signature_names_a_person", condition=~Q(signatory_name="") & ~Q(signatory_post="")
            ),
        ]
        triggers = [append_only(), signs_what_is_offered()]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side} {self.signatory_name}"


explain("one_signature_per_side", "本方已经签署，请刷新后查看")
explain("signed_by_two_people", "双方不能由同一个人签署")
explain("signature_names_a_person", "请写明签署人的姓名和职务", field="signatory_name", status=400)
explain("signature_of_what_is_offered", "这一稿已不在签署中，请刷新后查看")
explain("signature_has_happened", "签署日期不能晚于今天", field="signed_date", status=400)


class SignedCopy(models.Model):
    """A scan of the signed paper: kept under a random name, never overwritten, its digest on record."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="copies")
    name = models.CharField("文件名", max_length=160)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sha256"], name="one_copy_once"),
            models.CheckConstraint(
                name="copy_of_a_known_type",
                condition=Q(media_type__in=[*MEDIA_TYPES], size__gt=0),
            ),
        ]
        triggers = [append_only(), copy_of_what_was_offered()]

    def __str__(self) -> str:
        return self.name


explain("one_copy_once", "这个文件已经上传过", field="file")
explain("copy_of_what_was_offered", "提交签署之后才能上传签署件")
