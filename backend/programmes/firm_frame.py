"""Where a firm may help: in its own province, and wherever its province or city helps.

Firms choose for themselves, so whatever joins its seat to a place opens it: the pair of its city and that of its
province alike. See docs/decisions/firms-inside-the-frame-of-the-counties.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.programmes.models import COUNTY_PAIRING, RegionPair

Block = tuple[str, ...]  # ids of the province and of the regions of the frame that somebody lies in


@dataclass(frozen=True)
class FirmFrame:
    """The region pairs in force, as (helping, helped) ids of areas. Areas come as their `path`."""

    pairs: frozenset[tuple[str, str]]

    def allows(self, seat: str, place: str) -> bool:
        """Whether a firm seated here may help there."""
        return self.joins(self.helping(seat), self.helped(place))

    def helping(self, seat: str) -> Block:
        """The regions that decide where a firm seated here may help; empty without a seat."""
        return _within(seat, {helper for helper, _ in self.pairs})

    def helped(self, place: str) -> Block:
        return _within(place, {recipient for _, recipient in self.pairs})

    def joins(self, helping: Block, helped: Block) -> bool:
        if not helping or not helped:
            return False
        return helping[0] == helped[0] or any((a, b) in self.pairs for a in helping for b in helped)


def _within(path: str, regions: set[str]) -> Block:
    ids = path.rstrip(".").split(".") if path else []
    return tuple(ids[:1] + [one for one in ids[1:] if one in regions])


def of_year(year: int) -> FirmFrame:
    """The frame of a year: that of the county pairs. Cost: one query."""
    pairs = RegionPair.objects.in_force(year).filter(channel__code=COUNTY_PAIRING)
    return FirmFrame(frozenset((str(a), str(b)) for a, b in pairs.values_list("helper_area_id", "recipient_area_id")))


def latest() -> tuple[int | None, FirmFrame]:
    """The working year of the firms' channel and its frame. Cost: one query."""
    pairs = RegionPair.objects.filter(channel__code=COUNTY_PAIRING)
    rows = list(pairs.values_list("helper_area_id", "recipient_area_id", "valid_from", "valid_to"))
    year = max(((to or start).year for _, _, start, to in rows), default=None)
    in_force = (row for row in rows if year and row[2].year <= year and (row[3] is None or row[3].year >= year))
    return year, FirmFrame(frozenset((str(a), str(b)) for a, b, _, _ in in_force))
