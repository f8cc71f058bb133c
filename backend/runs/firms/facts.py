"""What is known of firms and of villages, as arrays: one row each, unknown as NaN or −1.

Read by few set-based queries, since there are 300 000 of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar

import numpy as np
from django.db.models import Count, Q, QuerySet
from numpy.typing import NDArray

from backend.needs.models import Need
from backend.needs.promises import with_promised
from backend.parties.help import HelpCategory
from backend.parties.models import Capability, Party, YearCapacity
from backend.places.models import Area, AreaFlag, FactStatus
from backend.runs import facts
from backend.runs.facts import Counties, Floats, Ints

CATEGORIES: tuple[str, ...] = tuple(HelpCategory.values)
PRIMARY, SECONDARY, TERTIARY, UNSAID = 0, 1, 2, -1
YES, NO, UNKNOWN = 1, 0, -1
_SECTOR = {"": UNSAID, "A": PRIMARY, "B": SECONDARY, "C": SECONDARY, "D": SECONDARY, "E": SECONDARY}
_KNOWN: dict[str, int] = {AreaFlag.Value.YES: YES, AreaFlag.Value.NO: NO}
Texts = NDArray[np.str_]
Tell = Callable[[], None]  # called on the way, every few thousand rows
Row = TypeVar("Row")
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Firms:
    """Firms in the order of their `codes` (H,); `ids` are keys of `parties`. `can` (H, C) are what each offers.

    `seat` is the path of the area it has its seat in, empty where nobody said. `villages` is how many it said it can
    carry in the year, −1 where it did not; `load` how many it has. `industry` is its section of GB/T 4754.
    """

    ids: Ints
    codes: Texts
    seat: Texts
    lon: Floats
    lat: Floats
    can: NDArray[np.bool_]
    industry: Texts
    villages: Ints
    load: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def sector(self) -> Ints:
        """Of the three industries (H,), −1 where unknown."""
        return np.array([_SECTOR.get(one, TERTIARY) for one in self.industry.tolist()], np.int64)


@dataclass(frozen=True)
class Villages:
    """Villages in the order of their `codes` (R,); `ids` are keys of `places`. `county` (R,) indexes `counties`.

    `needs` (R, C) and `county_needs` (N, C) count published needs with something still lacking, of the village itself
    and of everything in its county. `deep` and `poor` (R,): on the list of deep-poverty villages, registered as poor.
    """

    ids: Ints
    codes: Texts
    county: Ints
    path: Texts
    lon: Floats
    lat: Floats
    needs: Ints
    deep: Ints
    poor: Ints
    counties: Counties
    county_needs: Ints

    def __len__(self) -> int:
        return len(self.ids)


def heard(rows: Iterable[Row], tell: Tell) -> Iterator[Row]:
    """The rows, `tell` called on the way."""
    for number, row in enumerate(rows):
        if number % _AT_ONCE == 0:
            tell()
        yield row


def firms(rows: QuerySet[Party], year: int, load: dict[int, int] | None = None, tell: Tell = lambda: None) -> Firms:
    """The firms of a queryset. `load` counts the villages each helps already. Cost: three queries, 3 s for 127 000."""
    columns = rows.order_by("pk").values_list(
        "pk", "uscc", "area__path", "area__lon", "area__lat", "area__parent__lon", "area__parent__lat", "industry"
    )
    table = list(heard(columns.iterator(chunk_size=_AT_ONCE), tell))
    index = {row[0]: i for i, row in enumerate(table)}
    can = np.zeros((len(table), len(CATEGORIES)), np.bool_)
    category = {code: i for i, code in enumerate(CATEGORIES)}
    offered = Capability.objects.filter(party__in=rows.order_by()).values_list("party_id", "category")
    for party, code in heard(offered.iterator(chunk_size=_AT_ONCE), tell):
        can[index[party], category[code]] = True
    villages = np.full(len(table), -1, np.int64)
    said = YearCapacity.objects.filter(party__in=rows.order_by(), year=year, villages__isnull=False)
    for party, number in heard(said.values_list("party_id", "villages").iterator(chunk_size=_AT_ONCE), tell):
        villages[index[party]] = number or 0
    held = np.array([(load or {}).get(row[0], 0) for row in table], np.int64)
    codes = np.array([row[1] or f"party-{row[0]}" for row in table], np.str_)
    lon, lat = _position([row[3:7] for row in table])
    order = np.argsort(codes)
    return Firms(
        np.array([row[0] for row in table], np.int64)[order],
        codes[order],
        np.array([row[2] or "" for row in table], np.str_)[order],
        lon[order],
        lat[order],
        can[order],
        np.array([row[7] for row in table], np.str_)[order],
        villages[order],
        held[order],
    )


def villages(
    year: int,
    known: Counties | None = None,
    counties: Collection[int] | None = None,
    tell: Tell = lambda: None,
) -> Villages:
    """The villages of the poor counties, or of some `counties` among these.

    `known` are the facts of all poor counties, where somebody has read them already: a county's are ranked among all
    others, whichever are asked for. Cost: nine queries, some seconds for all 168 000.
    """
    known = known or facts.load(Area.objects.current().poor().values_list("pk", flat=True), year)
    at = {area.pk: i for i, area in enumerate(known.areas)}
    tell()
    every = (
        Area.objects.current()
        .filter(Q() if counties is None else Q(parent__parent__in=counties), level=Area.Level.VILLAGE)
        .order_by("code")
        .values_list("pk", "code", "path", "parent__parent_id", "lon", "lat")
    )
    rows = [row for row in heard(every.iterator(chunk_size=_AT_ONCE), tell) if row[3] in at]
    ids = np.array([row[0] for row in rows], np.int64)
    county = np.array([at.get(row[3] or 0) for row in rows], np.int64)
    lon, lat = _position(
        [(*row[4:6], known.lon[i], known.lat[i]) for row, i in zip(rows, county.tolist(), strict=True)]
    )
    tell()
    own, whole = _needs(ids, {str(area.pk): i for i, area in enumerate(known.areas)}, counties, tell)
    tell()
    deep, poor = _flags(ids, AreaFlag.Kind.DEEP_VILLAGE, AreaFlag.Kind.POOR_VILLAGE)
    return Villages(
        ids,
        np.array([row[1] for row in rows], np.str_),
        county,
        np.array([row[2] for row in rows], np.str_),
        lon,
        lat,
        own,
        deep,
        poor,
        known,
        whole,
    )


def _position(rows: list[tuple[float | None, ...]]) -> tuple[Floats, Floats]:
    """Of each row (lon, lat, lon above, lat above): its own position, else that of the area above; NaN for neither."""
    table = np.array(rows, np.float64).reshape(-1, 4)
    own = np.isnan(table[:, :1])
    found: Floats = np.where(own, table[:, 2:], table[:, :2])
    return found[:, 0], found[:, 1]


def _needs(ids: Ints, county_of: dict[str, int], counties: Collection[int] | None, tell: Tell) -> tuple[Ints, Ints]:
    """Open needs by category, of each village and of each county with everything in it; in some counties only, if these
    are named."""
    published = Need.objects.published()
    if counties is not None:
        levels = (f"{above}in" for above in ("pk__", "parent__", "parent__parent__"))
        ways = (Q(area__in=Area.objects.filter(**{level: counties}).values("pk")) for level in levels)
        published = published.filter(reduce(or_, ways))
    open_needs = with_promised(published).filter(Q(gap_yuan__gt=0) | Q(gap_yuan__isnull=True))
    counted = open_needs.order_by().values_list("area_id", "area__path", "category").annotate(count=Count("pk"))
    category = {code: i for i, code in enumerate(CATEGORIES)}
    order = np.argsort(ids)
    own, whole = (np.zeros((size, len(CATEGORIES)), np.int64) for size in (len(ids), len(county_of)))
    for area, path, code, count in heard(counted.iterator(chunk_size=_AT_ONCE), tell):
        place = np.searchsorted(ids, area, sorter=order)
        if place < len(ids) and ids[order[place]] == area:
            own[order[place], category[code]] += count
        for above in path.split("."):
            if above in county_of:
                whole[county_of[above], category[code]] += count
    return own, whole


def _flags(ids: Ints, *kinds: str) -> list[Ints]:
    """What lists of each kind say of each village: YES or NO with a source, else UNKNOWN."""
    found = {kind: np.full(len(ids), UNKNOWN, np.int64) for kind in kinds}
    order = np.argsort(ids)
    rows = AreaFlag.objects.filter(kind__in=kinds, status=FactStatus.SOURCED).values_list("kind", "area_id", "value")
    for kind, area, value in rows:
        place = np.searchsorted(ids, area, sorter=order)
        if place < len(ids) and ids[order[place]] == area:
            found[kind][order[place]] = _KNOWN.get(value, UNKNOWN)
    return list(found.values())
