"""Who vouches for a party: the nearest federation around its seat that somebody logs in for, else the coordinators."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Length

from backend.accounts.models import Role, User
from backend.accounts.scopes import within_region
from backend.parties.models import Party
from backend.places.models import Area, inside, path_of


def _around(seat_path: Any) -> QuerySet[Party]:
    """Federations that can answer, for the seat itself or a place around it."""
    answering = Party.objects.federations().filter(Exists(User.objects.filter(party=OuterRef("pk"), is_active=True)))
    seat = ExpressionWrapper(seat_path, output_field=CharField())
    return answering.annotate(seat=seat).filter(seat__startswith=F("area__path"))


def authority_of(party: Party) -> Party | None:
    """The federation whose verdict it is; None: the coordinators of the region."""
    if party.area is None:
        return None
    rows = _around(Value(path_of(party.area))).select_related("area")
    return rows.order_by(Length("area__path").desc()).first()


def answers_for(user: Any, prefix: str = "") -> Q:
    """The parties (reached over `prefix`) whose verdict is this log-in's."""
    return _answers(user, f"{prefix}area")


def seats() -> QuerySet[Area]:
    """Where a party can have its seat: counties, and cities that have none below them."""
    below = Area.objects.current().filter(parent=OuterRef("pk"), level=Area.Level.COUNTY)
    return Area.objects.current().filter(Q(level=Area.Level.COUNTY) | (Q(level=Area.Level.PREFECTURE) & ~Exists(below)))


def seats_of(user: Any) -> QuerySet[Area]:
    """Those whose parties' verdict is this log-in's."""
    return seats().filter(_answers(user, ""))


def _answers(user: Any, seat: str) -> Q:
    role, around = getattr(user, "role", None), _around(OuterRef(f"{seat}__path" if seat else "path"))
    if role == Role.FEDERATION and user.party and user.party.area:
        nearer = around.filter(inside(user.party.area, "area")).exclude(pk=user.party_id)
        return inside(user.party.area, seat) & Q(~Exists(nearer))
    if role == Role.COORDINATOR:
        return within_region(user, seat) & Q(~Exists(around))
    return Q(pk__in=[])


def oversees_party(user: Any, prefix: str = "") -> Q:
    """The parties whose inner life the log-in watches over: those seated in its region, or around its federation."""
    role, seat = getattr(user, "role", None), f"{prefix}area"
    if role in (Role.COORDINATOR, Role.AUDITOR):
        return within_region(user, seat) or Q(pk__isnull=False)
    if role == Role.FEDERATION and user.party and user.party.area:
        return inside(user.party.area, seat)
    return Q(pk__in=[])
