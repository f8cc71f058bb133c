"""Decisions, pairings and acknowledgements."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, Expression, F, OuterRef, Q, Subquery, Value
from django.utils import timezone

from backend.lifecycle.triggers import append_only, moves_guarded
from backend.pairings import decision_models as decision_models  # its tables belong to this room
from backend.pairings.review_models import Publication
from backend.pairings.triggers import (
    accepted_before_and_unanswered_after,
    answer_to_what_is_asked,
    contact_of_a_living_pairing,
    fits_its_channel,
    inside_its_pairing,
)
from backend.parties.models import Party
from backend.places.facts import FactStatus
from backend.places.models import Area
from backend.programmes.models import Channel, DateRange
from backend.runs.models import Suggestion
from backend.web.problems import explain


class Side(models.TextChoices):
    HELPER = "HELPER", "帮扶方"
    RECIPIENT = "RECIPIENT", "受援方"


def answer_overdue() -> dt.datetime:
    """Whoever was asked before this moment and has not answered left it for too long."""
    return timezone.now() - dt.timedelta(days=settings.PAIRING_UNCONFIRMED_DAYS)


class PairingQuerySet(models.QuerySet["Pairing"]):
    def in_year(self, year: int) -> Self:
        """Pairings whose period touches the year."""
        return self.in_period(dt.date(year, 1, 1), dt.date(year, 12, 31))

    def in_period(self, first: dt.date | Expression, last: dt.date | Expression) -> Self:
        """Pairings whose own period touches the one from the `first` to the `last` day."""
        return self.filter(Q(end_date__isnull=True) | Q(end_date__gte=first), start_date__lte=last)

    def recorded(self) -> Self:
        """Pairings that count as recorded: proposed or further, and not ended, objected to or unverified."""
        return self.filter(status__in=Pairing.ACTIVE)

    def with_confirmation(self) -> Self:
        """Annotate `is_confirmed`: both sides acknowledged it in their own log-ins."""

        def answered(side: str) -> Exists:
            return Exists(Acknowledgement.objects.filter(pairing=OuterRef("pk"), side=side, answer="ACKNOWLEDGED"))

        return self.annotate(is_confirmed=Q(answered(Side.HELPER)) & Q(answered(Side.RECIPIENT)))

    def put_to_both(self) -> Self:
        """Pairings that stand as proposals or further: neither taken back nor waiting for verification."""
        return self.exclude(status__in=Pairing.NOT_ASKED)

    def confirmed(self) -> Self:
        """Pairings that both sides acknowledged."""
        return self.with_confirmation().filter(Q(is_confirmed=True))

    def unconfirmed(self, asked_before: Expression | None = None) -> Self:
        """Active pairings that a side left unanswered for longer than it may: recorded, but not effective.

        `asked_before` stands for `answer_overdue()` in a query that is kept beyond this moment.
        """
        latest = asked_before or answer_overdue()
        return self.with_confirmation().filter(Q(is_confirmed=False), status__in=Pairing.ACTIVE, asked_at__lt=latest)

    def effective(self, asked_before: Expression | None = None) -> Self:
        """Pairings that count: recorded, and not left unanswered by a side for longer than it may (see there)."""
        return self.recorded().exclude(pk__in=Pairing.objects.unconfirmed(asked_before).values("pk"))

    def with_last_contact(self) -> Self:
        """Annotate `last_contact_date`, the day of the latest contact that stands, None where there was none.

        Asked row by row, not by grouping: a page needs it for its fifty rows, not for all that were sorted.
        """
        standing = Contact.objects.filter(pairing=OuterRef("pk"), void_reason="").order_by("-contact_date")
        return self.annotate(last_contact_date=Subquery(standing.values("contact_date")[:1]))


@pghistory.track()
@moves_guarded
class Pairing(models.Model):
    """A dated relation: this helper helps this place through this channel.

    PROPOSED → (both sides acknowledge) AGREED → (both sign an agreement) IN_FORCE → COMPLETED, or ENDED with a reason;
    either side may object, and what nobody answered may be taken back. A county's exit from the list of poor counties
    ends nothing. Facts read in publications arrive as IN_FORCE when sourced and as UNVERIFIED otherwise; those are
    shown as such and lock nothing. `asked_at` is when both sides were asked to answer.
    """

    class Status(models.TextChoices):
        UNVERIFIED = "UNVERIFIED", "待核实"
        PROPOSED = "PROPOSED", "待双方确认"
        AGREED = "AGREED", "双方已确认"
        IN_FORCE = "IN_FORCE", "执行中"
        OBJECTED = "OBJECTED", "有异议"
        WITHDRAWN = "WITHDRAWN", "已撤回"
        COMPLETED = "COMPLETED", "期满完成"
        ENDED = "ENDED", "已结束"

    ACTIVE = (Status.PROPOSED, Status.AGREED, Status.IN_FORCE)
    NOT_ASKED = (Status.WITHDRAWN, Status.UNVERIFIED)

    # A published relation whose years no source tells begins where the register opens, and has no end.
    REGISTER_OPENS = dt.date(2016, 1, 1)
    UNDATED = Q(origin="SOURCED", start_date=REGISTER_OPENS, end_date__isnull=True)

    TRANSITIONS = {
        Status.UNVERIFIED: {Status.PROPOSED, Status.WITHDRAWN},
        Status.PROPOSED: {Status.AGREED, Status.OBJECTED, Status.WITHDRAWN, Status.UNVERIFIED},
        Status.AGREED: {Status.IN_FORCE, Status.ENDED},
        Status.IN_FORCE: {Status.COMPLETED, Status.ENDED},
        Status.OBJECTED: {Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
        Status.COMPLETED: set(),
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
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="pairings")
    fact_status = models.CharField(max_length=12, choices=FactStatus, blank=True)
    source = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    end_reason = models.TextField(blank=True)
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
            models.CheckConstraint(
                name="pairing_ended_on_a_day_for_a_reason",
                condition=~Q(status="ENDED") | (~Q(end_reason="") & Q(end_date__isnull=False)),
            ),
            models.CheckConstraint(
                name="pairing_completed_at_its_end", condition=~Q(status="COMPLETED") | Q(end_date__isnull=False)
            ),
            models.CheckConstraint(
                name="pairing_taken_back_for_a_reason", condition=~Q(status="WITHDRAWN") | ~Q(end_reason="")
            ),
            models.CheckConstraint(
                name="pairing_from_a_suggestion_was_published",
                condition=Q(suggestion__isnull=True, publication__isnull=True)
                | Q(suggestion__isnull=False, publication__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=~Q(status__in=["WITHDRAWN", "UNVERIFIED"]),
                name="suggestion_published_once",
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
        triggers = [fits_its_channel(), accepted_before_and_unanswered_after()]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient.full_name}"

    @property
    def years_known(self) -> bool:
        """The same of one row: whether the years are facts."""
        sourced = self.origin == self.Origin.SOURCED
        return not (sourced and self.start_date == self.REGISTER_OPENS and self.end_date is None)

    @property
    def unconfirmed_since(self) -> dt.datetime | None:
        """Since when it counts as unconfirmed, of a row `with_confirmation`: derived, so that nobody can forget it."""
        due = self.asked_at + dt.timedelta(days=settings.PAIRING_UNCONFIRMED_DAYS)
        waiting: bool = self.status in Pairing.ACTIVE and not self.is_confirmed  # type: ignore[attr-defined]
        return due if waiting and due < timezone.now() else None


explain("pairing_ended_on_a_day_for_a_reason", "结束结对关系须写明日期和理由", field="reason", status=400)
explain("pairing_completed_at_its_end", "没有约定期限的结对关系不能按期满办结", field="reason")
explain("pairing_dates_in_order", "结束日期不能早于开始日期", field="end_date", status=400)
explain("pairing_helper_fits_channel", "这类单位不能在这一渠道帮扶", field="helper", status=400)
explain("pairing_recipient_fits_channel", "这一级地区不在这一渠道的受援范围之内", field="recipient", status=400)
explain(
    "pairing_of_authority_is_recorded", "这一渠道的结对关系由上级确定，系统只记录，不能在此提出或改动", field="channel"
)
explain("pairing_taken_back_for_a_reason", "请写明撤回的理由", field="reason", status=400)
explain("suggestion_published_once", "这条建议已经发布，请刷新后查看")
explain("published_suggestion_is_accepted", "只有已采纳的建议可以发布")
explain("taken_back_unanswered", "已有一方答复，这条结对提议不能撤回，请刷新后查看")
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
        triggers = [append_only(), answer_to_what_is_asked()]

    def __str__(self) -> str:
        return f"{self.pairing_id} {self.side} {self.answer}"


explain("one_answer_per_side", "本方已经答复过这条结对，请刷新后查看")
explain("answer_to_a_standing_proposal", "这条结对提议已撤回，不需要再答复，请刷新后查看")
explain("objection_has_a_reason", "提出异议时请写明理由", field="reason", status=400)


@pghistory.track()
class Contact(models.Model):
    """Both sides met or spoke: one event, typed once by either, counted once for both.

    `participants` counts 人次 of both sides together, None where nobody counted. A mistaken entry is voided with a
    reason and stays on record.
    """

    class Kind(models.TextChoices):
        HELPER_VISITS = "HELPER_VISITS", "帮扶方来访"
        RECIPIENT_VISITS = "RECIPIENT_VISITS", "受援方回访"
        JOINT_MEETING = "JOINT_MEETING", "联席会议"
        CALL = "CALL", "电话或视频"

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField("形式", max_length=16, choices=Kind)
    contact_date = models.DateField("日期")
    participants = models.PositiveIntegerField("参加人次", null=True, blank=True)
    note = models.CharField("内容", max_length=500, blank=True)
    recorded_by_side = models.CharField(max_length=9, choices=Side)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-contact_date", "-id"]
        constraints = [
            models.CheckConstraint(
                name="contact_participants_plausible",
                condition=Q(participants__isnull=True) | Q(participants__gt=0, participants__lte=10_000),
            ),
            models.UniqueConstraint(
                fields=["pairing", "kind", "contact_date"], condition=Q(void_reason=""), name="one_contact_one_record"
            ),
        ]
        triggers = [contact_of_a_living_pairing()]

    def __str__(self) -> str:
        return f"{self.contact_date} {self.get_kind_display()}"


explain("contact_participants_plausible", "参加人次应在 1 至 10000 之间", field="participants", status=400)
explain("contact_has_happened", "日期不能晚于今天", field="contact_date", status=400)
explain("contact_of_an_agreed_pairing", "双方确认结对之后才能登记往来")
explain(
    "one_contact_one_record", "这一天的同类往来已经登记过（可能由对方登记），同一次往来只记一次", field="contact_date"
)


@pghistory.track()
@moves_guarded
class SubPairing(models.Model):
    """A township, village, community, school or hospital of the helper that helps one of the recipient.

    Proposed by either side, acknowledged by the other. Units are named as their sign says; their areas lie inside
    those of the pairing, and so does the period.
    """

    class Kind(models.TextChoices):
        TOWNSHIP = "TOWNSHIP", "乡镇（街道）结对"
        VILLAGE = "VILLAGE", "村结对"
        COMMUNITY = "COMMUNITY", "社区结对"
        SCHOOL = "SCHOOL", "学校结对"
        HOSPITAL = "HOSPITAL", "医院结对"

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", "待对方确认"
        AGREED = "AGREED", "双方已确认"
        OBJECTED = "OBJECTED", "对方有异议"
        WITHDRAWN = "WITHDRAWN", "已撤回"
        ENDED = "ENDED", "已结束"

    ACTIVE = (Status.PROPOSED, Status.AGREED)

    TRANSITIONS = {
        Status.PROPOSED: {Status.AGREED, Status.OBJECTED, Status.WITHDRAWN},
        Status.AGREED: {Status.ENDED},
        Status.OBJECTED: set(),
        Status.WITHDRAWN: set(),
        Status.ENDED: set(),
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="sub_pairings")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    helper_unit = models.CharField("帮扶方单位", max_length=80)
    helper_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name="帮扶方所在地区")
    recipient_unit = models.CharField("受援方单位", max_length=80)
    recipient_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name="受援方所在地区")
    start_date = models.DateField("起")
    end_date = models.DateField("止", null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by_side = models.CharField(max_length=9, choices=Side)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="sub_pairing_dates_in_order",
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="sub_pairing_names_units", condition=~Q(helper_unit="") & ~Q(recipient_unit="")
            ),
            models.CheckConstraint(
                name="sub_pairing_answered_by_another",
                condition=~Q(status__in=["AGREED", "ENDED"])
                | (Q(answered_by__isnull=False) & ~Q(answered_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="sub_pairing_ended_on_a_day_for_a_reason",
                condition=~Q(status="ENDED") | (~Q(end_reason="") & Q(end_date__isnull=False)),
            ),
            ExclusionConstraint(
                name="one_active_sub_pairing",
                expressions=[
                    (F("pairing"), "="),
                    (F("kind"), "="),
                    (F("helper_unit"), "="),
                    (F("recipient_unit"), "="),
                    (DateRange(F("start_date"), F("end_date"), Value("[]")), "&&"),
                ],
                condition=Q(status__in=["PROPOSED", "AGREED"]),
            ),
        ]
        triggers = [inside_its_pairing()]

    def __str__(self) -> str:
        return f"{self.helper_unit} → {self.recipient_unit}"


explain("sub_pairing_dates_in_order", "结束日期不能早于开始日期", field="end_date", status=400)
explain("sub_pairing_names_units", "请写明双方单位的名称", field="helper_unit", status=400)
explain("sub_pairing_answered_by_another", "提出和确认不能是同一个人")
explain("sub_pairing_ended_on_a_day_for_a_reason", "结束结对须写明日期和理由", field="reason", status=400)
explain("one_active_sub_pairing", "这两个单位在这一时期已有结对，不能重复登记", field="recipient_unit")
explain("sub_pairing_under_an_agreed_pairing", "双方确认县级结对之后，才能登记其下的单位结对", field="pairing")
explain("sub_pairing_inside_the_helper", "帮扶单位应在帮扶方的地区之内", field="helper_area", status=400)
explain("sub_pairing_inside_the_recipient", "受援单位应在受援县之内", field="recipient_area", status=400)
explain("sub_pairing_within_the_period", "单位结对的期间应在县级结对的期间之内", field="start_date", status=400)
