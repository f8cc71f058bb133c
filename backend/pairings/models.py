"""Decisions, pairings and acknowledgements."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

from backend.lifecycle.triggers import append_only, moves_guarded
from backend.parties.models import Party
from backend.places.facts import FactStatus
from backend.places.models import Area
from backend.programmes.models import Channel, DateRange
from backend.runs.models import Suggestion
from backend.web.problems import explain


class Decision(models.Model):
    """What a coordinator decided about one suggestion; there is one, and it stays."""

    class Verdict(models.TextChoices):
        ACCEPTED = "ACCEPTED", "采纳"
        REFUSED = "REFUSED", "不采纳"

    suggestion = models.OneToOneField(Suggestion, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refusal_has_a_reason", condition=~Q(verdict="REFUSED") | ~Q(reason="")),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.suggestion} {self.get_verdict_display()}"


explain("refusal_has_a_reason", "不采纳时请写明理由", field="reason", status=400)


class Side(models.TextChoices):
    HELPER = "HELPER", "帮扶方"
    RECIPIENT = "RECIPIENT", "受援方"


class PairingQuerySet(models.QuerySet["Pairing"]):
    def in_year(self, year: int) -> Self:
        """Pairings whose period touches the year."""
        return self.filter(start_date__lte=dt.date(year, 12, 31)).filter(
            Q(end_date__isnull=True) | Q(end_date__gte=dt.date(year, 1, 1))
        )

    def recorded(self) -> Self:
        """Pairings that count as recorded: proposed or further, and not ended, objected to or unverified."""
        return self.filter(status__in=Pairing.ACTIVE)

    def with_confirmation(self) -> Self:
        """Annotate `is_confirmed`: both sides acknowledged it in their own log-ins."""

        def answered(side: str) -> Exists:
            return Exists(Acknowledgement.objects.filter(pairing=OuterRef("pk"), side=side, answer="ACKNOWLEDGED"))

        return self.annotate(is_confirmed=Q(answered(Side.HELPER)) & Q(answered(Side.RECIPIENT)))

    def confirmed(self) -> Self:
        """Pairings that both sides acknowledged."""
        return self.with_confirmation().filter(Q(is_confirmed=True))


@pghistory.track()
@moves_guarded
class Pairing(models.Model):
    """A dated relation: this helper helps this place through this channel.

    PROPOSED → (both sides acknowledge) AGREED → IN_FORCE → ENDED; either side may object. Facts read in publications
    arrive as IN_FORCE when sourced and as UNVERIFIED otherwise; those are shown as such and lock nothing.
    """

    class Status(models.TextChoices):
        UNVERIFIED = "UNVERIFIED", "待核实"
        PROPOSED = "PROPOSED", "待双方确认"
        AGREED = "AGREED", "双方已确认"
        IN_FORCE = "IN_FORCE", "执行中"
        OBJECTED = "OBJECTED", "有异议"
        WITHDRAWN = "WITHDRAWN", "已撤回"
        ENDED = "ENDED", "已结束"

    ACTIVE = (Status.PROPOSED, Status.AGREED, Status.IN_FORCE)

    TRANSITIONS = {
        Status.UNVERIFIED: {Status.PROPOSED, Status.WITHDRAWN},
        Status.PROPOSED: {Status.AGREED, Status.OBJECTED, Status.WITHDRAWN},
        Status.AGREED: {Status.IN_FORCE, Status.ENDED},
        Status.IN_FORCE: {Status.ENDED},
        Status.OBJECTED: {Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
        Status.ENDED: set(),
    }

    class Origin(models.TextChoices):
        SOURCED = "SOURCED", "公开资料"
        SUGGESTED = "SUGGESTED", "系统建议"
        MANUAL = "MANUAL", "人工录入"

    helper = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="pairings")
    recipient = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="pairings")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="pairings")
    start_date = models.DateField("起")
    end_date = models.DateField("止", null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status)
    origin = models.CharField(max_length=10, choices=Origin)
    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, null=True, related_name="pairings")
    fact_status = models.CharField(max_length=12, choices=FactStatus, blank=True)
    source = models.CharField(max_length=300, blank=True)
    last_contact_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PairingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="pairing_dates_in_order",
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="pairing_published_fact_names_its_source",
                condition=~Q(origin="SOURCED") | ~Q(status="IN_FORCE") | ~Q(source=""),
            ),
            ExclusionConstraint(
                name="one_active_pairing",
                expressions=[
                    (F("helper"), "="),
                    (F("recipient"), "="),
                    (F("channel"), "="),
                    (DateRange(F("start_date"), F("end_date"), Value("[]")), "&&"),
                ],
                condition=Q(status__in=["PROPOSED", "AGREED", "IN_FORCE"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient.full_name}"


explain("pairing_dates_in_order", "结束日期不能早于开始日期", field="end_date", status=400)
explain("one_active_pairing", "双方在这一渠道、这一时期已有结对关系，不能重复结对", field="recipient")


class Acknowledgement(models.Model):
    """One side's answer to a proposed pairing, given in its own log-in."""

    class Answer(models.TextChoices):
        ACKNOWLEDGED = "ACKNOWLEDGED", "确认"
        OBJECTED = "OBJECTED", "有异议"

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="acknowledgements")
    side = models.CharField(max_length=9, choices=Side)
    answer = models.CharField(max_length=12, choices=Answer)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pairing", "side"], name="one_answer_per_side"),
            models.CheckConstraint(name="objection_has_a_reason", condition=~Q(answer="OBJECTED") | ~Q(reason="")),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.side} {self.answer}"


explain("one_answer_per_side", "本方已经答复过这条结对，请刷新后查看")
explain("objection_has_a_reason", "提出异议时请写明理由", field="reason", status=400)
