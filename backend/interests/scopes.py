"""Interests are seen by the party itself, by those who watch over it or over the village, and by the place."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import governed_area, oversees, scope, within_region
from backend.interests.models import Interest
from backend.joining.scopes import known
from backend.places.models import Area, inside


@scope(Interest)
def interests(user: Any, rows: QuerySet[Interest]) -> QuerySet[Interest]:
    if not getattr(user, "is_authenticated", False):
        return rows.none()
    if oversees(user):
        region = within_region(user, "area") | within_region(user, "party__area")
        return rows.filter(region)
    area = governed_area(user) if user.role == Role.RECIPIENT else None
    # Nested: joined inside an OR, every village of the country would be looked at.
    there = Q(area__in=Area.objects.filter(inside(area))) if area else Q(pk__in=[])
    return rows.filter(known(user, "party__") | there)
