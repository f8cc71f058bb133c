"""What an inbox is made of, and whose pairings a log-in speaks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import BigIntegerField, CharField, DateField, Model, QuerySet

from backend.accounts.models import Role, User
from backend.pairings.models import Side
from backend.pairings.scopes import spoken_for
from backend.web.kept import Kept, Parameter

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
    return _of(rows, keys).select_related(*along)


def _of(rows: QuerySet[M], keys: list[int]) -> QuerySet[M]:
    """What the filters asked need not be asked again of rows that are known."""
    return rows.model._default_manager.order_by(*rows.query.order_by).filter(pk__in=keys) if keys else rows.none()


@dataclass(frozen=True)
class Mine:
    """For whom a log-in speaks: which pairings, on which side, and who it is."""

    keys: list[int]
    side: Side
    user: int


USER = Parameter("user", BigIntegerField())
SIDE = Parameter("side", CharField())
TODAY = Parameter("today", DateField())


class Kind(Generic[M]):
    """What of one kind waits for a side: `rows`, filtered by KEYS and the parameters above, and how they are told.

    An inbox is a dozen such questions, nearly all of them answered with nothing, and wording one costs more than asking
    it: so each is worded once. Cost: as `few`.
    """

    def __init__(
        self, rows: Callable[[], QuerySet[M]], told: Callable[[QuerySet[M]], QuerySet[M]] = lambda rows: rows
    ) -> None:
        self._told = told
        self.keys = Kept(lambda: rows().values_list("pk", flat=True)[:LIMIT])

    def __call__(self, mine: Mine, **given: Any) -> Iterable[M]:
        keys = self.keys(**vars(mine), **given)
        return self._told(_of(self.keys.worded[0], keys)) if keys else ()


def own(user: User) -> Mine | None:
    """For whom this log-in speaks; None where it speaks in no pairing."""
    keys = spoken_for(user)
    return Mine(keys, Side.RECIPIENT if user.role == Role.RECIPIENT else Side.HELPER, user.pk) if keys else None
