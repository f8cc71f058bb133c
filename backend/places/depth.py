"""The depth tier of a poor county: which of the two floors of coverage applies to it, and why.

`deep` needs one sourced reason: member of 三区三州, on a provincial list of deep-poverty counties, or supervised by
name in 2020. Everything else on the list of 832 is `poor`. An unknown flag is never a reason, and is reported beside
the tier: the known provincial lists are incomplete, so some `poor` counties are in truth deep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from backend.places.models import Area, AreaFlag, AreaQuerySet, FactStatus, PoorCounty


class Tier(models.TextChoices):
    DEEP = "deep", "深度贫困"
    POOR = "poor", "贫困"


DEEP_FLAGS = (AreaFlag.Kind.THREE_REGIONS, AreaFlag.Kind.DEEP_POVERTY)
SUPERVISED = "SUPERVISED_2020"


@dataclass(frozen=True)
class Reason:
    code: str
    sentence: str


@dataclass(frozen=True)
class Depth:
    """The tier, the reasons for `deep`, and the flags that nobody has stated (their kinds)."""

    tier: Tier
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


def assess(county: PoorCounty, flags: Iterable[AreaFlag]) -> Depth:
    """Return the depth of one poor county from its row and its flags; equal to what `with_tier` finds in SQL."""
    reasons: list[Reason] = []
    unknown: list[str] = []
    for flag in sorted(flags, key=lambda flag: flag.kind):
        if flag.kind not in DEEP_FLAGS:
            continue
        if flag.value == AreaFlag.Value.UNKNOWN:
            unknown.append(flag.kind)
        elif flag.value == AreaFlag.Value.YES and flag.status == FactStatus.SOURCED:
            reasons.append(Reason(flag.kind, _sentence(flag)))
    if county.supervised_2020:
        reasons.append(Reason(SUPERVISED, "2020 年国家挂牌督战县"))
    return Depth(Tier.DEEP if reasons else Tier.POOR, tuple(reasons), tuple(unknown))


def _sentence(flag: AreaFlag) -> str:
    if flag.kind == AreaFlag.Kind.THREE_REGIONS:
        return f"属于三区三州（{flag.detail}）"
    return "省级认定的深度贫困县"


def with_tier(areas: AreaQuerySet) -> AreaQuerySet:
    """Annotate `tier` (`deep`, `poor`, or None for areas outside the list of 832)."""
    deep_flag = AreaFlag.objects.filter(
        area=OuterRef("pk"), kind__in=DEEP_FLAGS, value=AreaFlag.Value.YES, status=FactStatus.SOURCED
    )
    return areas.annotate(
        tier=Case(
            When(poor_county__isnull=True, then=None),
            When(Q(poor_county__supervised_2020=True) | Exists(deep_flag), then=Value(Tier.DEEP.value)),
            default=Value(Tier.POOR.value),
            output_field=models.CharField(null=True),
        )
    )


def depth_of(area: Area) -> Depth | None:
    """The depth of `area`, or None when it is not one of the 832. Cost: two queries unless prefetched."""
    county = getattr(area, "poor_county", None)
    return assess(county, area.flags.all()) if county else None
