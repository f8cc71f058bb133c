"""Who may be paired with whom: counties inside a region pair.

The most specific region pair decides: a county under a city (or prefecture) that has pairs of its own belongs to those,
every other county to the pairs of its province. A city that is not divided into county-level units helps in its own
name. See docs/decisions/eligibility-by-most-specific-region.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from backend.places.models import Area
from backend.programmes.models import Channel, RegionPair


@dataclass(frozen=True)
class Eligibility:
    """Blocks of the eligibility graph: every county of a block's helpers may help every county of its recipients."""

    blocks: tuple[Block, ...]

    @cached_property
    def helper_ids(self) -> frozenset[int]:
        return frozenset[int]().union(*(block.helper_ids for block in self.blocks))

    @cached_property
    def recipient_ids(self) -> frozenset[int]:
        return frozenset[int]().union(*(block.recipient_ids for block in self.blocks))

    def helped_by(self, areas: Set[int]) -> frozenset[int]:
        """The recipients that these areas, as regions of the arrangement or as helpers, are there for."""
        blocks = (one for one in self.blocks if one.pair.helper_area_id in areas or one.helper_ids & areas)
        return frozenset[int]().union(*(block.recipient_ids for block in blocks))

    def pair_for(self, helper: Area, recipient: Area) -> RegionPair | None:
        """The region pair that allows these two to be paired, None when there is none.

        A prefecture may help in its own name wherever its counties may; a province may not. `helper` comes with its
        parents loaded.
        """
        region = self._region_of(helper)
        for block in self.blocks:
            if block.pair.helper_area_id == region and recipient.pk in block.recipient_ids:
                return block.pair
        return None

    def _region_of(self, helper: Area) -> int | None:
        """The most specific helping region that the area belongs to."""
        regions = {block.pair.helper_area_id for block in self.blocks}
        if helper.level == Area.Level.PROVINCE:
            return None
        if helper.level == Area.Level.COUNTY and helper.pk not in self.helper_ids:
            return None
        return next((area.pk for area in _upwards(helper) if area.pk in regions), None)


@dataclass(frozen=True)
class Block:
    """One region pair with the areas it joins (ids of current county rows)."""

    pair: RegionPair
    helper_ids: frozenset[int]
    recipient_ids: frozenset[int]


def _upwards(area: Area) -> Iterator[Area]:
    above: Area | None = area
    while above is not None:
        yield above
        above = above.parent


def of_counties(channel: Channel, year: int) -> Eligibility:
    """The eligibility graph of county pairs in a year. Cost: four queries."""
    pairs = list(
        RegionPair.objects.in_force(year).filter(channel=channel).select_related("helper_area", "recipient_area")
    )
    helpers = _by_region(Area.objects.current().eastern_helpers(), {pair.helper_area_id for pair in pairs})
    helpers |= {area: {area} for area in _undivided({pair.helper_area for pair in pairs})}
    recipients = _by_region(Area.objects.current().poor(), {pair.recipient_area_id for pair in pairs})
    return Eligibility(
        tuple(
            Block(pair, frozenset(helpers[pair.helper_area_id]), frozenset(recipients[pair.recipient_area_id]))
            for pair in pairs
        )
    )


def _undivided(cities: set[Area]) -> set[int]:
    """Cities without a single county-level unit (东莞, 中山): nobody below them could help in their stead."""
    prefectures = {area.pk for area in cities if area.level == Area.Level.PREFECTURE}
    divided = Area.objects.current().filter(parent_id__in=prefectures).values_list("parent_id", flat=True)
    return prefectures - set(divided)


def _by_region(counties: object, regions: set[int]) -> dict[int, set[int]]:
    """County ids by the region they belong to: their prefecture when it is a region of its own, else their province."""
    found: dict[int, set[int]] = defaultdict(set)
    for county, parent, grandparent in counties.values_list("pk", "parent_id", "parent__parent_id"):  # type: ignore[attr-defined]
        if parent in regions:
            found[parent].add(county)
        elif grandparent in regions:
            found[grandparent].add(county)
    return found
