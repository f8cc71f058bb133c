"""Registrations, which somebody vouches for, and invitations, which somebody takes up."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.accounts.models import ORGANISATION_ROLES, Role
from backend.joining.triggers import account_is_the_invited, decided_by_its_authority, standing_follows
from backend.lifecycle.triggers import moves_guarded
from backend.parties.models import Party
from backend.web.problems import explain


@pghistory.track()
@moves_guarded
class Registration(models.Model):
    """How a firm, organisation or chamber came in, and who vouched for it.

    PENDING → VERIFIED, or REFUSED with the reason in `refusal`, corrected and PENDING again. A verified party that
    changes its name, code or seat is pending anew; what turns out to be false is refused later. MERGED is the end.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", "待核实"
        REFUSED = "REFUSED", "已退回"
        VERIFIED = "VERIFIED", "已核实"
        MERGED = "MERGED", "已合并"

    TRANSITIONS = {
        Status.PENDING: {Status.VERIFIED, Status.REFUSED, Status.MERGED},
        Status.REFUSED: {Status.PENDING, Status.MERGED},
        Status.VERIFIED: {Status.PENDING, Status.REFUSED, Status.MERGED},
        Status.MERGED: set(),
    }

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="registration", verbose_name="单位")
    status = models.CharField("登记情况", max_length=8, choices=Status, default=Status.PENDING)
    refusal = models.TextField("退回理由", max_length=1000, blank=True, default="")
    submitted_at = models.DateTimeField("提交时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    decided_at = models.DateTimeField("核实时间", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "登记"
        ordering = ["submitted_at", "id"]
        indexes = [models.Index(fields=["status", "submitted_at"], name="registration_by_status")]
        constraints = [
            models.CheckConstraint(
                name="registration_decided_by_somebody",
                condition=~Q(status__in=("VERIFIED", "REFUSED"))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_pending_is_undecided",
                condition=~Q(status="PENDING") | Q(decided_by__isnull=True, decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="registration_refused_with_a_reason", condition=~Q(status="REFUSED") | ~Q(refusal="")
            ),
        ]
        triggers = [decided_by_its_authority(), *standing_follows()]

    def __str__(self) -> str:
        return f"{self.party} {self.get_status_display()}"


explain(
    "registration_decided_by_its_authority", "只有所在地的工商联或协调员可以核实，本单位的人不能核实本单位", status=403
)
explain("registration_refused_with_a_reason", "退回时请写明理由", field="reason", status=400)


@pghistory.track(exclude=["token_sha256"])
@moves_guarded
class Invitation(models.Model):
    """A link that makes one account for a party, once, until `expires_at`. Only the hash of its token is kept.

    OPEN → ACCEPTED by the account it made, or WITHDRAWN. That it is over is seen from the clock.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "待接受"
        ACCEPTED = "ACCEPTED", "已接受"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    TRANSITIONS: dict[Status, set[Status]] = {
        Status.OPEN: {Status.ACCEPTED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.WITHDRAWN: set(),
    }

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="invitations", verbose_name="单位")
    role = models.CharField("角色", max_length=16, choices=Role)
    display_name = models.CharField("姓名", max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField("状态", max_length=9, choices=Status, default=Status.OPEN)
    expires_at = models.DateTimeField("有效期至")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="邀请人"
    )
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitation", verbose_name="账户"
    )
    created_at = models.DateTimeField("邀请时间", auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "邀请"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_an_account",
                condition=Q(status="ACCEPTED", accepted_by__isnull=False)
                | (~Q(status="ACCEPTED") & Q(accepted_by__isnull=True)),
            ),
            models.CheckConstraint(name="invitation_for_an_organisation", condition=Q(role__in=ORGANISATION_ROLES)),
        ]
        triggers = [account_is_the_invited()]

    def __str__(self) -> str:
        return f"{self.party} {self.display_name}"
