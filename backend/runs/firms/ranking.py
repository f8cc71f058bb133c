"""The villages that fit one firm best, ranked on the spot by the scores of the national run.

Only the villages that the firm may help are read, some fifteen thousand at most; of all that the score looks at nothing
but the facts of the counties is kept between two answers, so each tells what holds now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.interests.models import Interest
from backend.parties.models import Party
from backend.programmes import firm_frame
from backend.programmes.models import Policy
from backend.runs.facts import Floats, Ints, province_of
from backend.runs.firms import facts, sentences
from backend.runs.firms.around import Around, standing_around
from backend.runs.firms.counties import poor_counties
from backend.runs.firms.facts import CATEGORIES
from backend.runs.firms.scoring import Scoring, deep_tier, distance_km

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ranking:
    """The villages a firm may help, at their places in `scoring.villages`: what they score and what stands there.

    `scores`, `helpers`, `of_channel` (R,) are whole numbers, `mine` and `wanted` (R,) say where the firm helps already
    and which it would like to help, `allowed` (R,) which are not ruled out for it. `interests` are by village.
    """

    year: int
    scoring: Scoring
    scores: Ints
    helpers: Ints
    of_channel: Ints
    mine: Flags
    wanted: Flags
    allowed: Flags
    interests: dict[int, Interest]
    most: int

    @cached_property
    def order(self) -> Ints:
        """The places of all that are allowed, best first; equal scores by code."""
        places = np.flatnonzero(self.allowed)
        ranked: Ints = places[np.lexsort((places, -self.scores[places]))]  # villages come in the order of their codes
        return ranked

    @cached_property
    def rank(self) -> Ints:
        """Of every village (R,), from 1; 0 for those ruled out."""
        found = np.zeros(len(self.scores), np.int64)
        found[self.order] = np.arange(1, len(self.order) + 1)
        return found

    @cached_property
    def distance_km(self) -> Floats:
        """From the firm to every village (R,), NaN where unknown."""
        every = np.arange(len(self.scores))
        return distance_km(self.scoring.firms, np.zeros_like(every), self.scoring.villages, every)

    @cached_property
    def deep(self) -> Flags:
        """Which villages (R,) count as deep."""
        return deep_tier(self.scoring.villages)

    @property
    def full(self) -> Flags:
        """Which villages (R,) have as many helpers through the channel as the policy gives them."""
        found: Flags = self.of_channel >= self.most
        return found

    def narrowed(
        self,
        *,
        province: str = "",
        category: str = "",
        within_km: float | None = None,
        helped: bool | None = None,
        called: Sequence[int] | None = None,
    ) -> Ints:
        """The places, best first, of villages in a province, with a need of a category, within a distance, helped by
        somebody or by nobody, and among those `called` so."""
        villages, keep = self.scoring.villages, np.ones(len(self.scores), np.bool_)
        if province:
            codes = np.array([province_of(area).code for area in villages.counties.areas], np.str_)
            keep &= (codes == province)[villages.county]
        if category:
            keep &= villages.needs[:, CATEGORIES.index(category)] > 0
        if within_km is not None:
            keep &= np.nan_to_num(self.distance_km, nan=np.inf) <= within_km
        if helped is not None:
            keep &= (self.helpers > 0) == helped
        if called is not None:
            keep &= np.isin(villages.ids, np.array(called, np.int64))
        return self.order[keep[self.order]]

    def reasons(self, places: Ints) -> list[list[dict[str, Any]]]:
        """Of these villages (n,), as numbers and sentences."""
        return sentences.explained(self.scoring, np.zeros_like(places), places, self.wanted[places])


def rank(party: Party, policy: Policy) -> Ranking | None:
    """Score every village that a firm may help, under a policy of the firms' channel; None while no arrangement between
    provinces says for which year.

    `party` comes with its area. Cost: a dozen queries, half a second for fifteen thousand villages.
    """
    year, frame = firm_frame.latest()
    if year is None:
        return None
    known = poor_counties(year)
    counties = [area.pk for area in known.areas if party.area and frame.allows(party.area.path, area.path)]
    villages = facts.villages(year, known, counties)
    around = standing_around(party, policy.channel, year, counties)
    firms = facts.firms(Party.objects.filter(pk=party.pk), year, {party.pk: around.load})
    scoring = Scoring(firms, villages, policy.weights, policy.prefer_near)
    return _ranking(year, scoring, around, _interests(party, year), policy.recipient_max)


def _ranking(year: int, scoring: Scoring, around: Around, interests: Sequence[Interest], most: int) -> Ranking:
    ids = scoring.villages.ids
    wanted = np.isin(ids, [one.area_id for one in interests if one.status == Interest.Status.OPEN])
    helpers, of_channel = (_counted(ids, one) for one in (around.helpers, around.of_channel))
    return Ranking(
        year,
        scoring,
        scoring.scores_of(0, wanted),
        helpers,
        of_channel,
        np.isin(ids, list(around.mine)),
        wanted,
        ~np.isin(ids, list(around.banned)),
        {one.area_id: one for one in interests},
        most,
    )


def _counted(ids: Ints, numbers: dict[int, int]) -> Ints:
    return np.array([numbers.get(one, 0) for one in ids.tolist()], np.int64)


def _interests(party: Party, year: int) -> list[Interest]:
    """What the party said and stands by."""
    return list(Interest.objects.filter(party=party, year=year, status__in=Interest.STANDING))


__all__ = ["Ranking", "rank"]
