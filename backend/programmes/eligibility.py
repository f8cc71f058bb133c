"""Who may be paired with whom: counties inside a region pair.

The most specific region pair decides: a county under a city (or prefecture) that has pairs of its own belongs to those,
every other county to the pairs of its province. See docs/decisions/eligibility-by-most-specific-region.md.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from backend.places.models import Area
from backend.programmes.models import Channel, RegionPair


@dataclass(frozen=True)
class Eligibility:
    """Blocks of the eligibility graph: every county of a block's helpers may help every county of its recipients."""

    blocks: tuple[Block, ...]

    def pair_for(self, helper: Area, recipient: Area) -> RegionPair | None:
        """The region pair that allows this pair of counties, None when there is none."""
        for block in self.blocks:
            if helper.pk in block.helper_ids and recipient.pk in block.recipient_ids:
                return block.pair
        return None


@dataclass(frozen=True)
class Block:
    """One region pair with the areas it joins (ids of current county rows)."""

    pair: RegionPair
    helper_ids: frozenset[int]
    recipient_ids: frozenset[int]


def of_counties(channel: Channel, year: int) -> Eligibility:
    """The eligibility graph of county pairs in a year. Cost: three queries."""
    pairs = list(
        RegionPair.objects.in_force(year).filter(channel=channel).select_related("helper_area", "recipient_area")
    )
    helpers = _by_region(Area.objects.current().eastern_helpers(), {pair.helper_area_id for pair in pairs})
    recipients = _by_region(Area.objects.current().poor(), {pair.recipient_area_id for pair in pairs})
    return Eligibility(
        tuple(
            Block(pair, frozenset(helpers[pair.helper_area_id]), frozenset(recipients[pair.recipient_area_id]))
            for pair in pairs
        )
    )


def _by_region(counties: object, regions: set[int]) -> dict[int, set[int]]:
    """County ids by the region they belong to: their prefecture when it is a region of its own, else their province."""
    found: dict[int, set[int]] = defaultdict(set)
    for county, parent, grandparent in counties.values_list("pk", "parent_id", "parent__parent_id"):  # type: ignore[attr-defined]
        if parent in regions:
            found[parent].add(county)
        elif grandparent in regions:
            found[grandparent].add(county)
    return found
