"""Each side sees its own pairings, a coordinator or auditor those of the region, and a government those of the
governments below it."""

from __future__ import annotations

import functools
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet

from backend.accounts.models import Role, User
from backend.accounts.scopes import governed_area, oversees, scope, within_region
from backend.pairings.decision_models import Decision, SecondLook
from backend.pairings.models import Acknowledgement, Contact, Pairing, PairingQuerySet, Side, SubPairing
from backend.pairings.review_models import Assignment, Publication, SuggestionNote
from backend.places.models import Area, path_of
from backend.web.kept import Kept, Parameter
from backend.web.reading import once

FEW = 1000  # pairings that are named one by one


def concerned(user: Any, prefix: str = "") -> Q | None:
    """The condition on pairings (reached over `prefix`) that concern the log-in; None where none can.

    A side has few pairings, and what hangs on them is many: told which they are, the database begins with them.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    if oversees(user) and user.region is None:
        return Q(**{f"{prefix}pk__isnull": False})  # the whole country, in a form that may be combined
    few = once(("concerned", user.pk), lambda: _keys(user))
    if few is None:
        return None
    return Q(**{f"{prefix}pk__in": few if len(few) <= FEW else _united(_ways(user)).values("pk")})


def _keys(user: User) -> list[int] | None:
    """Which pairings concern the log-in, cut off after FEW; None where none can."""
    ways = _ways(user)
    return _worded(tuple(ways))(**ways) if ways else None


@functools.cache
def _worded(ways: tuple[str, ...]) -> Kept[int]:
    given = {way: Parameter(way, CharField() if way.endswith("startswith") else BigIntegerField()) for way in ways}
    return Kept(lambda: _united(given).values_list("pk", flat=True)[: FEW + 1])


def _united(ways: dict[str, Any]) -> QuerySet[Pairing]:
    """The pairings that a log-in reaches by any of these ways, one of them perhaps twice.

    Of a helper's and a recipient's side each its own question, united: an OR over both would make the database look at
    every party there is before it knew which pairings are meant.
    """
    first, *others = [Pairing.objects.filter(**{way: value}).order_by() for way, value in ways.items()]
    return first.union(*others, all=True)


def _ways(user: User) -> dict[str, Any]:
    """Conditions on pairings, any of which makes one concern the log-in."""
    below = "path__startswith"
    if oversees(user) and user.region is not None:
        region = path_of(user.region)
        return {f"recipient__{below}": region, f"helper__area__{below}": region}
    area = governed_area(user)
    if user.role == Role.RECIPIENT:
        return {f"recipient__{below}": path_of(area)} if area else {}
    own: dict[str, Any] = {"helper": user.party_id} if user.party_id else {}
    return own | ({f"helper__area__{below}": path_of(area)} if area else {})


PUBLISHED = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE, Pairing.Status.COMPLETED, Pairing.Status.ENDED)
_PUBLIC = Q(status__in=PUBLISHED) | Q(status=Pairing.Status.UNVERIFIED, origin=Pairing.Origin.SOURCED)


def published(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Relations whose sums anybody may know: those that both sides confirmed, and those that were in force."""
    return rows.filter(status__in=PUBLISHED)


def readable(user: Any, rows: PairingQuerySet) -> PairingQuerySet:
    """What anybody may know of who helps whom (relations agreed on, in force or ended, and collected facts with their
    mark), and whatever concerns the log-in itself.

    For reports that show no more of a pairing than that; everything that hangs on a pairing asks `visible`.
    """
    mine = concerned(user)
    return rows.filter(_PUBLIC if mine is None else _PUBLIC | mine)


@scope(Pairing)
def pairings(user: Any, rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    reach = concerned(user)
    return rows.none() if reach is None else rows.filter(reach)


@scope(Acknowledgement)
def acknowledgements(user: Any, rows: QuerySet[Acknowledgement]) -> QuerySet[Acknowledgement]:
    reach = concerned(user, "pairing__")
    return rows.none() if reach is None else rows.filter(reach)


@scope(Decision)
def decisions(user: Any, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    if not oversees(user):
        return rows.none()
    return rows.filter(within_region(user, "about__recipient") | within_region(user, "about__helper__area"))


@scope(SecondLook)
def second_looks(user: Any, rows: QuerySet[SecondLook]) -> QuerySet[SecondLook]:
    return rows.filter(decision__in=decisions(user, Decision.objects.all()))


@scope(Assignment)
def assignments(user: Any, rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    if not oversees(user):
        return rows.none()
    return rows.filter(within_region(user, "suggestion__recipient") | within_region(user, "suggestion__helper__area"))


@scope(Publication)
def publications(user: Any, rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Coordinators of a region see the publications that touch it."""
    if not oversees(user):
        return rows.none()
    return rows.filter(pk__in=pairings(user, Pairing.objects.filter(publication__isnull=False)).values("publication"))


@scope(SuggestionNote)
def suggestion_notes(user: Any, rows: QuerySet[SuggestionNote]) -> QuerySet[SuggestionNote]:
    if not oversees(user):
        return rows.none()
    return rows.filter(within_region(user, "suggestion__recipient") | within_region(user, "suggestion__helper__area"))


def side_of(user: Any, pairing: Pairing) -> Side | None:
    """The side of this pairing that the log-in itself speaks for; None for everybody else, coordinators included."""
    if user.party_id is None:
        return None
    if user.party_id == pairing.helper_id:
        return Side.HELPER
    area = governed_area(user) if user.role == Role.RECIPIENT else None
    return Side.RECIPIENT if area is not None and _speaks_for(area, pairing) else None


def _speaks_for(area: Area, pairing: Pairing) -> bool:
    """A place speaks through its own government, a township or village through its county's."""
    if area.level != Area.Level.COUNTY or area.pk == pairing.recipient_id:
        return area.pk == pairing.recipient_id
    return path_of(pairing.recipient).startswith(path_of(area))


def spoken_for(user: User) -> list[int]:
    """The pairings on whose side the log-in speaks, cut off after FEW."""
    if user.role != Role.RECIPIENT:
        way: dict[str, Any] = {"helper": user.party_id} if user.party_id else {}
    elif (area := governed_area(user)) is None:
        way = {}
    elif area.level == Area.Level.COUNTY:
        way = {"recipient__path__startswith": path_of(area)}
    else:
        way = {"recipient": area.pk}
    return _worded(tuple(way))(**way) if way else []


@scope(Contact)
def contacts(user: Any, rows: QuerySet[Contact]) -> QuerySet[Contact]:
    reach = concerned(user, "pairing__")
    return rows.none() if reach is None else rows.filter(reach)


@scope(SubPairing)
def sub_pairings(user: Any, rows: QuerySet[SubPairing]) -> QuerySet[SubPairing]:
    reach = concerned(user, "pairing__")
    return rows.none() if reach is None else rows.filter(reach)
