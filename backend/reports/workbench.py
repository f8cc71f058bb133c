"""The coordinator's figures, each derived from the records in one query."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import BigIntegerField, Count, DateField, DateTimeField, Exists, OuterRef, Q
from django.utils import timezone

from backend.accounts.models import User
from backend.accounts.scopes import visible
from backend.commitments.models import Commitment
from backend.commitments.models.commitment import FIGURES
from backend.commitments.summary import sums_by_stage
from backend.pairings.models import Pairing, answer_overdue
from backend.places.depth import Tier, with_tier
from backend.places.models import Area
from backend.programmes import eligibility
from backend.programmes.models import Channel
from backend.web.kept import Kept, Parameter

MANY, KEPT_SECONDS = 10_000, 5  # of so many commitments, the sums are not added up anew for everybody who looks


def overview(user: User, channel: Channel, year: int) -> dict[str, Any]:
    """Coverage (recorded against mutually confirmed), pairings by status, money by stage."""
    marks = ("is_recorded", "is_confirmed", "is_unconfirmed", "is_unverified")
    alike = Counter(_counties(user, channel, year, "tier", *marks))  # of 832 counties, some twenty kinds

    def count(which: Callable[[str, bool, bool, bool, bool], bool]) -> int:
        return sum(number for county, number in alike.items() if which(*county))

    pairings = visible(Pairing, user).filter(channel=channel).in_year(year)  # type: ignore[attr-defined]
    return {
        "channel": channel.code,
        "year": year,
        "counties": {"poor": alike.total(), "deep": count(lambda tier, *_: tier == Tier.DEEP)},
        "covered": {
            "recorded": count(lambda tier, recorded, *_: recorded),
            "confirmed": count(lambda tier, recorded, confirmed, *_: confirmed),
            "deep_recorded": count(lambda tier, recorded, *_: recorded and tier == Tier.DEEP),
            "deep_confirmed": count(lambda tier, recorded, confirmed, *_: confirmed and tier == Tier.DEEP),
            "unconfirmed_only": count(lambda tier, recorded, confirmed, silent, _: silent and not recorded),
            "unverified_only": count(lambda tier, recorded, confirmed, silent, unread: unread and not recorded),
        },
        "pairings": dict(
            pairings.order_by().values_list("status").annotate(count=Count("pk")).values_list("status", "count")
        ),
        "money": _money(user, channel, year),
    }


def _counties(user: User, channel: Channel, year: int, *columns: str) -> Iterable[tuple[Any, ...]]:
    """These columns of the poor counties of concern to the user, with their tier and how they are covered, by code.

    The question for the whole country is worded once: the marks take longer to word than to find.
    """
    given = {
        "channel": channel.pk, "first": dt.date(year, 1, 1), "last": dt.date(year, 12, 31),
        "asked_before": answer_overdue(),
    }  # fmt: skip
    if user.region is None:
        return _of_the_country(columns)(**given)
    rows: Iterable[tuple[Any, ...]] = _marked(_of_concern(user, channel, year), **given).values_list(*columns)
    return rows


@functools.cache
def _of_the_country(columns: tuple[str, ...]) -> Kept[tuple[Any, ...]]:
    given = {
        "channel": Parameter("channel", BigIntegerField()), "first": Parameter("first", DateField()),
        "last": Parameter("last", DateField()), "asked_before": Parameter("asked_before", DateTimeField()),
    }  # fmt: skip
    return Kept(lambda: _marked(Area.objects.current().poor(), **given).values_list(*columns))


def _marked(counties: Any, channel: Any, first: Any, last: Any, asked_before: Any) -> Any:
    def has(rows: Any) -> Exists:
        return Exists(rows.filter(channel=channel, recipient=OuterRef("pk")).in_period(first, last))

    return (
        with_tier(counties)
        .annotate(
            is_recorded=has(Pairing.objects.effective(asked_before)),
            is_confirmed=has(Pairing.objects.recorded().confirmed()),
            is_unconfirmed=has(Pairing.objects.unconfirmed(asked_before)),
            is_unverified=has(Pairing.objects.filter(status=Pairing.Status.UNVERIFIED)),
        )
        .order_by("code")
    )


def _of_concern(user: User, channel: Channel, year: int) -> Any:
    """Poor counties in the user's region, and those elsewhere that the region is to help or does help."""
    poor = Area.objects.current().poor()
    if user.region is None:
        return poor
    region = frozenset(Area.objects.divisions().within(user.region).values_list("pk", flat=True))
    helped = eligibility.of_counties(channel, year).helped_by(region)
    paired = visible(Pairing, user).filter(channel=channel).in_year(year).values("recipient")  # type: ignore[attr-defined]
    return poor.filter(Q(pk__in=region) | Q(pk__in=helped) | Q(pk__in=paired))


def _money(user: User, channel: Channel, year: int) -> dict[str, Any]:
    """Yuan by stage, of money that is handed over; `confirmed_arrived` is what both sides stand behind of `arrived`.

    Sums over very many commitments are kept for some seconds; `as_of` is when they were added up.
    """
    key = f"money:{user.region_id}:{channel.pk}:{year}"
    kept: dict[str, Any] | None = cache.get(key)
    if kept is not None:
        return kept
    rows = visible(Commitment, user).filter(pairing__channel=channel, year=year, flows=True)
    sums = rows.filter(status=Commitment.Status.REGISTERED).aggregate(count=Count("pk"), **sums_by_stage())
    by_stage = {name: f"{sums[name]:.2f}" for name in FIGURES}
    money = by_stage | {
        "confirmed_arrived": by_stage.pop("confirmed"),
        "as_of": timezone.now().replace(second=0, microsecond=0),
    }
    if sums["count"] >= MANY:
        cache.set(key, money, KEPT_SECONDS)
    return money


def coverage(user: User, channel: Channel, year: int) -> list[dict[str, Any]]:
    """Every poor county of concern to the user, with its tier and helpers: what the map draws.

    Named by columns: there are some two thousand rows, and whole records of them take five times as long to make.
    """
    pairings = (
        visible(Pairing, user)
        .filter(channel=channel)
        .in_year(year)  # type: ignore[attr-defined]
        .filter(status__in=[*Pairing.ACTIVE, Pairing.Status.UNVERIFIED])
        .with_confirmation()
        .order_by("id")
    )
    seat = ("helper__area__code", "helper__area__lon", "helper__area__lat")
    helpers: dict[int, list[dict[str, Any]]] = {}
    for recipient, *told in pairings.values_list("recipient", "pk", "helper__name", *seat, "status", "is_confirmed"):
        helpers.setdefault(recipient, []).append(dict(zip(_HELPER, told, strict=True)))
    figures = ("code", "full_name", "lon", "lat", "tier", "is_recorded", "is_confirmed", "is_unverified")
    counties = _counties(user, channel, year, "pk", *figures)
    return [dict(zip(_COUNTY, told, strict=True)) | {"helpers": helpers.get(pk, [])} for pk, *told in counties]


_HELPER = ("pairing", "name", "code", "lon", "lat", "status", "confirmed")
_COUNTY = ("code", "name", "lon", "lat", "tier", "recorded", "confirmed", "unverified")
