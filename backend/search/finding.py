"""Finding records of every kind by one typed text, the best first.

Each kind is asked in steps, from the exact code to a name that merely holds the text, and no further than is shown.
Only when nothing is called so are names looked for that sound alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Case, F, Model, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Length, Round

from backend.accounts.scopes import visible
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.places.depth import with_tier
from backend.places.models import DIVISIONS, Area
from backend.places.naming import ladder, sounds_like
from backend.places.successors import current_areas

SHOWN = 6
_NEAR_ENOUGH = 0.5  # one letter left out of a name of nine; PostgreSQL's own 0.6 is too strict for that
_WEIGHED = 2_000  # so many candidates are sorted; of 60 000 villages called 村委会 nobody looks for the best
M = TypeVar("M", bound=Model)


class Kind(TextChoices):
    AREA = "AREA", "地区"
    PARTY = "PARTY", "单位"
    NEED = "NEED", "需求"
    PAIRING = "PAIRING", "结对关系"


@dataclass(frozen=True)
class Hit:
    """One record: its name, where or what it is, its own code (areas and firms), and the code of the division it is in.

    `formerly` is the name and code by which an area was found that goes by another one now.
    """

    id: int
    title: str
    detail: str
    code: str = ""
    place: str = ""
    tier: str | None = None
    formerly: str = ""
    is_demo: bool = False


@dataclass(frozen=True)
class Group:
    """The best hits of a kind; `more`: there are others."""

    kind: Kind
    hits: list[Hit]
    more: bool


@dataclass(frozen=True)
class Found:
    """What answers. `alike`: nothing is called so, but these sound alike."""

    alike: bool
    groups: list[Group]


@dataclass(frozen=True)
class _Rows:
    """Rows of a kind in their order among equals, and the columns they are found by.

    `first` is a cheap order by which too many candidates are cut.
    """

    rows: QuerySet[Any]
    first: tuple[Any, ...]
    order: tuple[Any, ...]
    name: str
    code: str = ""
    within: str = ""


Look = Callable[[_Rows, str], list[Any]]


def search(text: str, user: Any) -> Found:
    """Everything `user` may see that is called `text`. Cost: at most five queries a kind, or five when nothing is
    called so and one more each."""
    exact = _groups(text, user, _in_steps)
    return Found(alike=False, groups=exact) if exact else Found(alike=True, groups=_groups(text, user, _alike))


def _in_steps(where: _Rows, text: str) -> list[Any]:
    """Their keys step by step, and only then what is shown of them: most steps find nothing."""
    keys: list[int] = []
    whole: QuerySet[Any] = where.rows.model._default_manager.all()
    for step in ladder(text, where.name, code=where.code, within=where.within):
        if len(keys) <= SHOWN:
            others = where.rows.filter(step).exclude(pk__in=keys).order_by(*where.first)
            sorted_ = whole.filter(pk__in=others.values("pk")[:_WEIGHED]).order_by(*where.order)
            keys += sorted_.values_list("pk", flat=True)[: SHOWN + 1 - len(keys)]
    shown = where.rows.in_bulk(keys) if keys else {}
    return [shown[key] for key in keys]


def _alike(where: _Rows, text: str) -> list[Any]:
    near, how_near = sounds_like(text)
    rows = where.rows.filter(near).annotate(near=Round(how_near, 1)).order_by("-near", *where.order)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(_NEAR_ENOUGH)])
        return list(rows[: SHOWN + 1])


def _groups(text: str, user: Any, look: Look) -> list[Group]:
    areas = look(_areas(user), text)
    parties = look(_parties(user), text)
    needs = look(_needs(user), text)
    pairings = _pairings(user, areas[:SHOWN], parties[:SHOWN])
    found: list[tuple[Kind, list[Hit]]] = [
        (Kind.AREA, _places(areas)),
        (Kind.PARTY, [_party(party) for party in parties]),
        (Kind.NEED, [_need(need) for need in needs]),
        (Kind.PAIRING, [_pairing(pairing) for pairing in pairings]),
    ]
    return [Group(kind, hits[:SHOWN], more=len(hits) > SHOWN) for kind, hits in found if hits]


# --- what is asked, and who may see it --------------------------------------------------------------------------------


def _areas(user: Any) -> _Rows:
    """In force before ended, counties before villages, those of the programme before others."""
    ended = Case(When(valid_to_year=None, then=Value(0)), default=Value(1))
    order = (ended, Length("code"), F("poor_county").asc(nulls_last=True), "-is_eastern_helper", Length("name"), "code")
    rows = with_tier(visible(Area, user).select_related("parent__parent"))  # type: ignore[arg-type]
    return _Rows(rows, (Length("code"), "code"), order, "name", "code", "full_name")


def _parties(user: Any) -> _Rows:
    return _Rows(visible(Party, user).select_related("area"), (), (Length("name"), "id"), "name", "uscc")


def _needs(user: Any) -> _Rows:
    return _Rows(visible(Need, user).select_related("area"), (), (Length("title"), "-id"), "title")


def _pairings(user: Any, areas: Iterable[Area], parties: Iterable[Party]) -> list[Pairing]:
    """Pairings of the places and parties that were found, newest first."""
    concerned = Q(recipient__in=[area.pk for area in areas]) | Q(helper__in=[party.pk for party in parties])
    rows = visible(Pairing, user).filter(concerned).select_related("helper", "recipient")
    return list(rows.order_by("-start_date", "-id")[: SHOWN + 1])


# --- what is shown ----------------------------------------------------------------------------------------------------


def _places(areas: Iterable[Area]) -> list[Hit]:
    """Each area once; one that ended gives way to what it became."""
    hits: dict[int, Hit] = {}
    for area in areas:
        for now in current_areas(area) or [area]:
            formerly = "" if now.pk == area.pk else f"{area.name}（{area.code}）"
            tier = area.tier if now.pk == area.pk else None  # type: ignore[attr-defined]
            hits.setdefault(now.pk, Hit(now.pk, now.name, now.full_name, now.code, _page(now), tier, formerly))
    return list(hits.values())


def _page(area: Area) -> str:
    """The code of the division whose page tells of the place: a village is told of by its county."""
    while area.level not in DIVISIONS and area.parent is not None:
        area = area.parent
    return area.code


def _party(party: Party) -> Hit:
    seat = f" · {party.area.full_name}" if party.area else ""
    detail = party.get_kind_display() + seat
    place = party.area.code if party.area else ""
    return Hit(party.pk, party.name, detail, party.uscc or "", place, is_demo=party.is_demo)


def _need(need: Need) -> Hit:
    detail = f"{need.area.full_name} · {need.get_status_display()}"
    return Hit(need.pk, need.title, detail, place=need.area.code, is_demo=need.is_demo)


def _pairing(pairing: Pairing) -> Hit:
    detail = f"{pairing.start_date.year} 年起 · {pairing.get_status_display()}"
    title = f"{pairing.helper.name} → {pairing.recipient.full_name}"
    return Hit(pairing.pk, title, detail, place=pairing.recipient.code, is_demo=pairing.helper.is_demo)


__all__ = ["Found", "Group", "Hit", "Kind", "search"]
