"""Which channels reach a place, and how firmly: coverage by any channel (DOMAIN §7.1, 7.2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from backend.pairings.models import Pairing, PairingQuerySet
from backend.pairings.scopes import readable
from backend.places.depth import Tier
from backend.places.models import AreaQuerySet, ids_on, inside


class Level(models.TextChoices):
    """How firmly a channel reaches a county, strongest first. What a side left unanswered for too long, and whatever is
    unverified, covers nobody (DOMAIN §7.11)."""

    CONFIRMED = "CONFIRMED", "双方确认"
    RECORDED = "RECORDED", "已登记"
    REGION = "REGION", "登记到省市"
    UNCONFIRMED = "UNCONFIRMED", "逾期未确认"
    UNVERIFIED = "UNVERIFIED", "仅有待核实"
    NONE = "NONE", "没有记录"


COVERING = (Level.CONFIRMED, Level.RECORDED, Level.REGION)
_RANK = {level: rank for rank, level in enumerate(Level)}

Reached = dict[str, Level]  # by channel code; a channel that does not reach the place is absent


def strongest(levels: Iterable[Level]) -> Level:
    """The firmest of several; NONE of none."""
    return min(levels, key=_RANK.__getitem__, default=Level.NONE)


def standing(user: Any, year: int) -> PairingQuerySet:
    """The relations of a year, recorded or still unverified, as far as `user` may know."""
    of_year = Pairing.objects.in_year(year).with_confirmation()
    return readable(user, of_year.filter(status__in=[*Pairing.ACTIVE, Pairing.Status.UNVERIFIED]))


def reach(relations: PairingQuerySet, areas: AreaQuerySet) -> dict[int, Reached]:
    """By the id of each of `areas`: the channels through which `relations` reach it.

    A relation reaches the place it names, whatever lies inside that place (level REGION), and whatever place it lies
    in: who helps a village reaches its county. Areas that nothing reaches have no entry. Cost: two queries.
    """
    paths = {pk: ids_on(path) for pk, path in areas.values_list("pk", "path")}
    below: dict[int, list[int]] = defaultdict(list)  # ids of `areas` under each area above them
    for pk, path in paths.items():
        for above in path[:-1]:
            below[above].append(pk)
    found: dict[int, Reached] = defaultdict(dict)
    told: Any = relations.order_by().distinct()  # `is_confirmed` is annotated
    late = Pairing.objects.unconfirmed().order_by().values("pk")
    told = told.annotate(is_overdue=models.Q(pk__in=late))
    rows = told.values_list("channel__code", "status", "is_confirmed", "is_overdue", "recipient__path")
    for channel, status, confirmed, overdue, path in rows:
        level, place = _level(status, confirmed, overdue), ids_on(path)
        for pk in paths.keys() & set(place):
            _note(found[pk], channel, level)
        for pk in below.get(place[-1], ()):
            _note(found[pk], channel, Level.REGION if level in COVERING else level)
    return dict(found)


def _level(status: str, confirmed: bool, overdue: bool) -> Level:
    if status == Pairing.Status.UNVERIFIED:
        return Level.UNVERIFIED
    if overdue:
        return Level.UNCONFIRMED
    return Level.CONFIRMED if confirmed else Level.RECORDED


def _note(reached: Reached, channel: str, level: Level) -> None:
    reached[channel] = strongest([reached.get(channel, Level.NONE), level])


def totals(tiers: Mapping[int, str], reached: Mapping[int, Reached], channels: Iterable[str]) -> list[dict[str, Any]]:
    """Counties by level, for each channel and (under the code None) through any channel: all of them, and the deep.

    `tiers` names the counties that count. The levels of one line add up to the number of counties.
    """
    return [
        {
            "channel": channel,
            "all": _counted(tiers, reached, channel),
            "deep": _counted({pk: tier for pk, tier in tiers.items() if tier == Tier.DEEP}, reached, channel),
        }
        for channel in (*channels, None)
    ]


def _counted(counties: Iterable[int], reached: Mapping[int, Reached], channel: str | None) -> dict[str, int]:
    counts = Counter(level_of(reached.get(pk, {}), channel) for pk in counties)
    return {level.value: counts[level] for level in Level}


def level_of(reached: Reached, channel: str | None) -> Level:
    """The level through one channel, or through any of them."""
    return strongest(reached.values()) if channel is None else reached.get(channel, Level.NONE)


def concerning(user: Any, counties: AreaQuerySet, year: int) -> AreaQuerySet:
    """Of `counties`, those in the user's region and those that helpers seated there reach, through whatever channel."""
    if user.region is None:
        return counties
    from_here = standing(user, year).filter(inside(user.region, "helper__area"))
    return counties.filter(inside(user.region) | models.Q(pk__in=reach(from_here, counties)))
