"""Who may see the rows of the rooms below this one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import Role, User
from backend.accounts.scopes import scope
from backend.lifecycle.models import Event
from backend.parties.models import Party
from backend.places.models import Area


@scope(Area)
def areas(user: Any, rows: QuerySet[Area]) -> QuerySet[Area]:
    """Divisions and their published figures are public."""
    return rows


@scope(Party)
def parties(user: Any, rows: QuerySet[Party]) -> QuerySet[Party]:
    """The parties' own endpoint asks the same method: it lies below this room and cannot ask `visible`."""
    return rows.visible_to(user)  # type: ignore[attr-defined, no-any-return]


@scope(User)
def users(user: Any, rows: QuerySet[User]) -> QuerySet[User]:
    """Accounts are seen by administrators; everybody else sees their own."""
    if not user.is_authenticated:
        return rows.none()
    return rows if user.role == Role.ADMINISTRATOR else rows.filter(pk=user.pk)


@scope(Event)
def events(user: Any, rows: QuerySet[Event]) -> QuerySet[Event]:
    """Events are read through the record they tell of, which the endpoint checks first."""
    return rows if user.is_authenticated else rows.none()
