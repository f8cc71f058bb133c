"""The account: one person, one role, one scope."""

from __future__ import annotations

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from backend.parties.models import Party
from backend.places.models import Area


class Role(models.TextChoices):
    COORDINATOR = "COORDINATOR", "协调员"
    PARTNER = "PARTNER", "帮扶方政府"
    CENTRAL_UNIT = "CENTRAL_UNIT", "中央单位"
    COMPANY = "COMPANY", "企业"
    RECIPIENT = "RECIPIENT", "受援县"
    AUDITOR = "AUDITOR", "审计监督"
    ADMINISTRATOR = "ADMINISTRATOR", "管理员"


# Roles that act for an organisation; the others oversee a region (or the whole country when it is empty).
ORGANISATION_ROLES = (Role.PARTNER, Role.CENTRAL_UNIT, Role.COMPANY, Role.RECIPIENT)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login"],
)
class User(AbstractUser):
    """A person's account.

    `region` bounds what a coordinator or auditor oversees (None: the whole country); `party` is the organisation that
    everybody else acts for.
    """

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField("姓名", max_length=60)
    role = models.CharField("角色", max_length=16, choices=Role)
    region = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="overseers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    is_demo = models.BooleanField("演示", default=False)

    REQUIRED_FIELDS = ["display_name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_scope_fits_role",
                condition=Q(role__in=ORGANISATION_ROLES, party__isnull=False, region__isnull=True)
                | (~Q(role__in=ORGANISATION_ROLES) & Q(party__isnull=True)),
            ),
            models.CheckConstraint(
                name="user_invented_is_marked",
                condition=Q(is_demo=False) | Q(display_name__contains="演示"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.get_role_display()}）"

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR
