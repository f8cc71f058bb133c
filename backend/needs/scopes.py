"""What is published is public; what is not is seen by those who govern the place, and by those who oversee it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import governed_area, oversees, scope, within_region
from backend.needs.models import Need
from backend.places.models import Area, inside

PUBLIC = (Need.Status.PUBLISHED, Need.Status.MET)


@scope(Need)
def needs(user: Any, rows: QuerySet[Need]) -> QuerySet[Need]:
    return rows.filter(Q(status__in=PUBLIC) | _own(user))


def _own(user: Any) -> Q:
    if oversees(user):
        return within_region(user, "area") or Q(pk__isnull=False)
    area = governed_area(user) if getattr(user, "role", None) == Role.RECIPIENT else None
    # Nested: joined inside an OR, every village of the country would be looked at.
    return Q(area__in=Area.objects.filter(inside(area))) if area else Q(pk__in=[])
