"""What is offered or signed is seen by whoever sees the pairing; a draft by the side that drafts it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import oversees, scope, visible
from backend.agreements.kinds import Signatory
from backend.agreements.models import Agreement, SignedCopy
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of


@scope(Agreement)
def agreements(user: Any, rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    if not getattr(user, "is_authenticated", False):
        return rows.none()
    in_sight = Q(pairing__in=visible(Pairing, user)) | _letters(user)
    drafts = Q(drafted_by_side=Side.RECIPIENT if user.role == Role.RECIPIENT else Side.HELPER)
    return rows.filter(in_sight, ~Q(status=Agreement.Status.DRAFT) | (Q(pk__in=[]) if oversees(user) else drafts))


def _letters(user: Any) -> Q:
    """One's own letters of responsibility; for those who oversee a region, of the units that help in it."""
    if not oversees(user):
        return Q(unit=user.party_id) if user.party_id else Q(pk__in=[])
    if user.region is None:
        return Q(unit__isnull=False)
    return Q(unit__in=visible(Pairing, user).values("helper"))


@scope(SignedCopy)
def copies(user: Any, rows: QuerySet[SignedCopy]) -> QuerySet[SignedCopy]:
    return rows.filter(agreement__in=visible(Agreement, user))


def signatory_of(user: Any, agreement: Agreement) -> Signatory | None:
    """For whom the log-in signs this agreement; the leading group's word is the national coordinator's."""
    if agreement.pairing is not None:
        side = side_of(user, agreement.pairing)
        return Signatory(side) if side else None
    if user.party_id is not None and user.party_id == agreement.unit_id:
        return Signatory.HELPER
    return Signatory.AUTHORITY if user.role == Role.COORDINATOR and user.region_id is None else None
