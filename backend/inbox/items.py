"""What an inbox is made of, and whose pairings a log-in speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from backend.accounts.models import Role, User
from backend.accounts.scopes import governed_area
from backend.pairings.models import Side
from backend.pairings.scopes import spoken_for

LIMIT = 100  # of a kind, and in all
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Item:
    """One thing to do: what kind, since when, about what, and where to do it."""

    kind: str
    since: datetime
    title: str
    detail: str
    link: str
    subject_id: int
    amount_yuan: str | None = None


def few(rows: QuerySet[M], *along: str) -> QuerySet[M]:
    """At most LIMIT of these rows, with what is told along with them, in their order.

    Their keys are asked for first: of most kinds nothing waits, and naming a hundred columns of five tables costs more
    than finding that out. Cost: one query, two where something waits.
    """
    keys = list(rows.values_list("pk", flat=True)[:LIMIT])
    if not keys:
        return rows.none()
    # What the filters asked need not be asked again of rows that are known, unless something is told by it.
    source = rows if rows.query.annotation_select else rows.model._default_manager.order_by(*rows.query.order_by)
    return source.filter(pk__in=keys).select_related(*along)


def own(user: User, pairing: str = "") -> dict[str, Any] | None:
    """The filter for pairings (reached over `pairing`) on whose side this log-in speaks, with the side's name."""
    area = governed_area(user)
    if user.role == Role.RECIPIENT:
        return spoken_for(area, f"{pairing}recipient") if area else None
    return {f"{pairing}helper": user.party_id} if user.party_id else None


def side(user: User) -> Side:
    return Side.RECIPIENT if user.role == Role.RECIPIENT else Side.HELPER
