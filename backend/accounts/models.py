"""The account: one person, one role, one scope."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from backend.parties.models import JOINING_KINDS, Party
from backend.places.models import Area
from backend.web.problems import explain


class Role(models.TextChoices):
    COORDINATOR = "COORDINATOR", "协调员"
    PARTNER = "PARTNER", "帮扶方政府"
    CENTRAL_UNIT = "CENTRAL_UNIT", "中央单位"
    COMPANY = "COMPANY", "企业"
    FEDERATION = "FEDERATION", "工商联"
    RECIPIENT = "RECIPIENT", "受援县"
    AUDITOR = "AUDITOR", "审计监督"
    ADMINISTRATOR = "ADMINISTRATOR", "管理员"


# Roles that act for an organisation; the others oversee a region (or the whole country when it is empty).
ORGANISATION_ROLES = (Role.PARTNER, Role.CENTRAL_UNIT, Role.COMPANY, Role.FEDERATION, Role.RECIPIENT)

# The kinds of party that a role acts for. A log-in sees what its party may see, so the database checks this too.
PARTY_KINDS: dict[Role, tuple[Party.Kind, ...]] = {
    Role.PARTNER: (Party.Kind.GOVERNMENT,),
    Role.RECIPIENT: (Party.Kind.GOVERNMENT,),
    Role.CENTRAL_UNIT: (Party.Kind.CENTRAL_UNIT,),
    Role.COMPANY: JOINING_KINDS,
    Role.FEDERATION: (Party.Kind.FEDERATION,),
}


def _party_fits_role() -> pgtrigger.Trigger:
    fitting = " OR ".join(
        f"(NEW.role = '{role.value}' AND kind IN ({', '.join(repr(kind.value) for kind in kinds)}))"
        for role, kinds in PARTY_KINDS.items()
    )
    return pgtrigger.Trigger(
        name="party_fits_role",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("role", "party_id"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Q(new__party__isnull=False),
        func=f"""
            IF NOT EXISTS (SELECT FROM parties_party WHERE id = NEW.party_id AND ({fitting})) THEN
                RAISE EXCEPTION 'party % does not fit the role %', NEW.party_id, NEW.role
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'user_party_fits_role';
            END IF;
            RETURN NEW;
        """,
    )


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
    region = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="overseers", verbose_name="管理地区"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name="所属单位"
    )
    is_demo = models.BooleanField("演示", default=False)

    REQUIRED_FIELDS = ["display_name", "role"]

    class Meta:
        verbose_name = verbose_name_plural = "账户"
        constraints = [
            models.CheckConstraint(
                name="user_scope_fits_role",
                condition=Q(role__in=ORGANISATION_ROLES, party__isnull=False, region__isnull=True)
                | (~Q(role__in=ORGANISATION_ROLES) & Q(party__isnull=True)),
                violation_error_message="代表单位的角色须指明单位、不指定地区；其余角色不得指明单位",
            ),
            models.CheckConstraint(
                name="user_invented_is_marked",
                condition=Q(is_demo=False) | Q(display_name__contains="演示"),
                violation_error_message="演示账户的姓名须含“演示”二字",
            ),
        ]
        triggers = [_party_fits_role()]

    def clean(self) -> None:
        """Say in words what the trigger `party_fits_role` would refuse."""
        super().clean()
        if self.party is not None and self.party.kind not in PARTY_KINDS.get(Role(self.role), ()):
            kind = self.party.get_kind_display()
            raise ValidationError({"party": f"角色“{self.get_role_display()}”不能代表{kind}"})

    def __str__(self) -> str:
        return f"{self.display_name}（{self.get_role_display()}）"

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR


explain("user_party_fits_role", "这个角色不能代表这类单位", field="party", status=400)
