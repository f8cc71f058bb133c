"""Registrations are seen by the party itself and those who watch over it; contacts by fewer, invitations by those who
may invite."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import scope
from backend.joining.authority import answers_for, oversees_party
from backend.joining.models import Invitation, Registration
from backend.parties.models import Capability, ContactPerson, Party, YearCapacity


def _own(user: Any, prefix: str) -> Q:
    mine = getattr(user, "party_id", None)
    return Q(**{f"{prefix}pk": mine}) if mine else Q(pk__in=[])


def known(user: Any, prefix: str = "") -> Q:
    """The parties (reached over `prefix`) whose inner life, from standing to history, the log-in may look into."""
    return _own(user, prefix) | oversees_party(user, prefix)


@scope(Registration)
def registrations(user: Any, rows: QuerySet[Registration]) -> QuerySet[Registration]:
    return rows.filter(known(user, "party__"))


@scope(Capability)
def capabilities(user: Any, rows: QuerySet[Capability]) -> QuerySet[Capability]:
    return rows.filter(known(user, "party__") | Q(party__in=Party.objects.visible_to(user)))


@scope(YearCapacity)
def capacities(user: Any, rows: QuerySet[YearCapacity]) -> QuerySet[YearCapacity]:
    return rows.filter(known(user, "party__"))


def told_contacts(user: Any, prefix: str = "") -> Q:
    """The parties (reached over `prefix`) whose contacts the log-in may see: its own, those that its federation vouches
    for, and those that a coordinator watches over; not an auditor's, not anybody else's."""
    concerned = _own(user, prefix) | answers_for(user, prefix)
    return concerned | oversees_party(user, prefix) if getattr(user, "role", None) == Role.COORDINATOR else concerned


@scope(ContactPerson)
def contacts(user: Any, rows: QuerySet[ContactPerson]) -> QuerySet[ContactPerson]:
    return rows.filter(told_contacts(user, "party__"))


@scope(Invitation)
def invitations(user: Any, rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return rows.filter(inviting(user, "party__"))


def inviting(user: Any, prefix: str = "") -> Q:
    """The parties (reached over `prefix`) to which the log-in may invite: all for an administrator, those of the region
    for a coordinator, and for a federation the firms it vouches for."""
    role = getattr(user, "role", None)
    if role == Role.ADMINISTRATOR:
        return Q(pk__isnull=False)
    if role == Role.COORDINATOR:
        return oversees_party(user, prefix)
    if role == Role.FEDERATION:
        return Q(**{f"{prefix}standing": Party.Standing.VERIFIED}) & answers_for(user, prefix)
    return Q(pk__in=[])
