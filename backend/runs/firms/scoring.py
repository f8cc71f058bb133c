"""Why a firm and a village fit, as whole numbers that multiply: nobody can list a billion pairs.

Every reason is Σ features of the firm × features of the village, and gives 0–10 000 points; what is not known gives
the neutral 5 000. The score is the weighted mean of the points, rounded down once; the very same numbers serve the
matcher, the ranking for one firm, and the words. See docs/decisions/firms-and-villages-scored-by-products.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.places.depth import Tier
from backend.programmes.models import FirmReason as R
from backend.runs.facts import Ints
from backend.runs.firms.facts import UNKNOWN, UNSAID, YES, Firms, Villages
from backend.runs.scoring import FULL, NEUTRAL, hardship, shares

# Distance alone is no whole number of points: it is counted in parts of a point, as the cosine between two places.
PARTS = 100_000
FAR_KM, EARTH_KM = 5_500.0, 6_371.0  # no two places in China lie farther apart
_SPHERE = round(float(np.sqrt(FULL * PARTS / (1 - np.cos(FAR_KM / EARTH_KM)))))  # radius; its square, less the cosine
_SWAY = FULL // 4  # how far needs of the county alone move the points from the middle: half as far as the village's own
_COUNTY_DEEP, _COUNTY_HARD, _COUNTY_UNKNOWN = 8_000, 6_000, 4_000  # the county's part of depth …
_VILLAGE_DEEP, _VILLAGE_POOR, _VILLAGE_UNKNOWN = 2_000, 1_500, 1_000  # … and the village's
_PER_VILLAGE = 2_500  # of room: four villages or more are full points
DIVISOR = 100 * PARTS  # whole percents times parts of a point


@dataclass(frozen=True)
class Features:
    """One side's features (N, F) by reason; firms' and villages' multiply to points × `unit`."""

    by_reason: Mapping[str, Ints]

    def weighed(self, weights: Mapping[str, int] | None = None) -> Ints:
        """All in one matrix (N, F), each times the weight of its reason; unweighed without any."""
        return np.concatenate(
            [one * (1 if weights is None else weights.get(reason, 0)) for reason, one in self.by_reason.items()], axis=1
        )


@dataclass(frozen=True)
class Scoring:
    """Firms and villages under one policy. Scores need no list of pairs; ask for those you want.

    A firm's `wanted` villages are those it said it would like to help.
    """

    firms: Firms
    villages: Villages
    weights: Mapping[str, int]
    prefer_near: bool

    @cached_property
    def ours(self) -> Features:
        return Features(firm_features(self.firms, self._provinces))

    @cached_property
    def theirs(self) -> Features:
        return Features(village_features(self.villages, self._provinces, self.prefer_near))

    @cached_property
    def _provinces(self) -> list[str]:
        """Those that have firms and villages: being of one is a feature of its own."""
        return sorted({*provinces(self.firms.seat)} & {*provinces(self.villages.path)} - {""})

    @cached_property
    def matrices(self) -> tuple[Ints, Ints]:
        """Features whose products, divided by `DIVISOR` and rounded down, are the scores: (H, F) and (R, F)."""
        used = [reason for reason in self.ours.by_reason if self.weights.get(reason, 0)]
        ours, theirs = (
            Features({reason: side.by_reason[reason] for reason in used}) for side in (self.ours, self.theirs)
        )
        return ours.weighed(self.weights), theirs.weighed()

    def score(self, firm: NDArray[np.int_], village: NDArray[np.int_], wanted: NDArray[np.bool_] | None = None) -> Ints:
        """Of these pairs (n,), given by their places."""
        ours, theirs = self.matrices
        total = np.einsum("ij,ij->i", ours[firm], theirs[village])
        return self._rounded(total, wanted)

    def scores_of(self, firm: int, wanted: NDArray[np.bool_] | None = None) -> Ints:
        """Of one firm with every village (R,). Cost: one product, some 50 ms for 168 000."""
        ours, theirs = self.matrices
        return self._rounded(theirs @ ours[firm], wanted)

    def _rounded(self, total: Ints, wanted: NDArray[np.bool_] | None) -> Ints:
        if wanted is not None:
            total = total + wanted * (self.weights.get(R.INTEREST, 0) * FULL * PARTS)
        rounded: Ints = total // DIVISOR
        return rounded

    def points(
        self, firm: NDArray[np.int_], village: NDArray[np.int_], wanted: NDArray[np.bool_] | None = None
    ) -> dict[str, Ints]:
        """Points by reason (n,) of these pairs; weighed, summed and divided by 100 they are the score exactly.

        Distance alone comes in fractions: its points are rounded down, or up where the score says so.
        """
        exact = {
            reason: np.einsum("ij,ij->i", ours[firm], self.theirs.by_reason[reason][village])
            for reason, ours in self.ours.by_reason.items()
        }
        found = {reason: total // PARTS for reason, total in exact.items()}
        found[R.INTEREST] = np.zeros(len(firm), np.int64) if wanted is None else wanted * FULL
        shown = sum((self.weights.get(reason, 0) * one for reason, one in found.items()), np.zeros(len(firm), np.int64))
        found[R.DISTANCE] = found[R.DISTANCE] + (shown // 100 < self.score(firm, village, wanted))
        return found

    def missing(self, firm: NDArray[np.int_], village: NDArray[np.int_]) -> dict[str, NDArray[np.bool_]]:
        """Which reasons (n,) rest on nothing known and are neutral."""
        f, v = self.firms, self.villages
        told = (v.needs.sum(axis=1) > 0) | (v.county_needs.sum(axis=1) > 0)[v.county]
        offers = f.can.sum(axis=1) > 0
        hard = _county_depth(v) != _COUNTY_UNKNOWN
        industry = ~np.isnan(shares(v.counties).sum(axis=0))
        placed, there = (~np.isnan(side.lon) & ~np.isnan(side.lat) for side in (f, v))
        said = (v.deep != UNKNOWN) | (v.poor != UNKNOWN)
        nothing = np.zeros(len(firm), np.bool_)
        return {
            R.NEED: ~(offers[firm] & told[village]),
            R.DEPTH: ~(hard[v.county] | said)[village],
            R.LIKENESS: ~((f.sector != UNSAID)[firm] & industry[v.county][village]),
            R.DISTANCE: ~(placed[firm] & there[village]),
            R.CAPACITY: (f.villages < 0)[firm],
            R.TIES: (f.seat == "")[firm],
            R.INTEREST: nothing,
        }


def provinces(paths: NDArray[np.str_]) -> list[str]:
    return [path.partition(".")[0] for path in paths.tolist()]


# --- the firm's side: whole numbers (H, F) by reason ------------------------------------------------------------


def firm_features(firms: Firms, shared: list[str]) -> dict[str, Ints]:
    """Features of firms. `shared` are provinces that both sides have."""
    able, sector, placed = firms.can.sum(axis=1) > 0, firms.sector, _placed(firms.lon, firms.lat)
    room = np.maximum(firms.villages - firms.load, 0)
    capacity = np.where(firms.villages < 0, NEUTRAL, np.minimum(room * _PER_VILLAGE, FULL))
    home = provinces(firms.seat)
    return {
        R.NEED: _columns(able, ~able, *firms.can.T),
        R.DEPTH: _columns(np.ones(len(firms))),
        R.LIKENESS: _columns(*(sector == one for one in range(3)), sector == UNSAID),
        R.DISTANCE: _columns(placed, ~placed, *_on_sphere(firms.lon, firms.lat)),
        R.CAPACITY: _columns(capacity),
        R.TIES: _columns(np.ones(len(firms)), *_one_hot(home, shared)),
    }


# --- the village's side, in parts of a point --------------------------------------------------------------------


def village_features(villages: Villages, shared: list[str], prefer_near: bool) -> dict[str, Ints]:
    """Features of villages, to be multiplied with those of firms in the same order."""
    one = np.ones(len(villages), np.int64)
    base, needs = _wanted(villages)
    industries = np.nan_to_num(np.rint(shares(villages.counties) * FULL), nan=NEUTRAL)[:, villages.county]
    home = _one_hot(provinces(villages.path), shared)
    return {
        R.NEED: _columns(base, one * NEUTRAL, *needs.T) * PARTS,
        R.DEPTH: _columns(depth(villages)) * PARTS,
        R.LIKENESS: _columns(*industries, one * NEUTRAL) * PARTS,
        R.DISTANCE: _distance(villages, prefer_near),
        R.CAPACITY: _columns(one) * PARTS,
        R.TIES: _columns(one * NEUTRAL, *(flag * (FULL - NEUTRAL) for flag in home)) * PARTS,
    }


def _wanted(villages: Villages) -> tuple[Ints, Ints]:
    """What a firm that offers nothing wanted gets (R,), and what each category adds that it offers (R, C).

    A village's own needs decide alone: their share that the firm can meet. Without any, those of its county speak with
    half the weight, from a quarter to three quarters of the points; without those, all is neutral.
    """
    own = villages.needs.sum(axis=1) > 0
    county = villages.county_needs[villages.county]
    counts = np.where(own[:, None], villages.needs, county)
    total = counts.sum(axis=1, keepdims=True)
    reach = np.where(own, FULL, 2 * _SWAY)
    base = np.where(own, 0, np.where(total[:, 0] > 0, NEUTRAL - _SWAY, NEUTRAL))
    return base, counts * reach[:, None] // np.maximum(total, 1)


def depth(villages: Villages) -> Ints:
    """Points of depth (R,): the county's part, and what lists say of the village itself."""
    known = np.where(villages.poor == YES, _VILLAGE_POOR, np.where(villages.poor == UNKNOWN, _VILLAGE_UNKNOWN, 0))
    own: Ints = np.where(villages.deep == YES, _VILLAGE_DEEP, known)
    return _county_depth(villages)[villages.county] + own


def deep_tier(villages: Villages) -> NDArray[np.bool_]:
    """Which villages (R,) count as deep: listed themselves, or of a deep county and not known to be off the list."""
    county = np.array([one is not None and one.tier == Tier.DEEP for one in villages.counties.depth], np.bool_)
    found: NDArray[np.bool_] = (villages.deep == YES) | (county[villages.county] & (villages.deep == UNKNOWN))
    return found


def _county_depth(villages: Villages) -> Ints:
    deep = np.array([one is not None and one.tier == Tier.DEEP for one in villages.counties.depth], np.bool_)
    hard = hardship(villages.counties)
    found = np.where(np.isnan(hard), _COUNTY_UNKNOWN, np.rint(np.nan_to_num(hard) * _COUNTY_HARD))
    return np.where(deep, _COUNTY_DEEP, found).astype(np.int64)


def _distance(villages: Villages, prefer_near: bool) -> Ints:
    """With `_on_sphere` of the firm: 10 000 points less the square of the chord between them, or the reverse."""
    x, y, z = _on_sphere(villages.lon, villages.lat)
    placed = _placed(villages.lon, villages.lat)
    near, sign = FULL * PARTS - _SPHERE**2, 1 if prefer_near else -1
    base = near if prefer_near else FULL * PARTS - near
    return _columns(
        np.where(placed, base, NEUTRAL * PARTS), np.full(len(villages), NEUTRAL * PARTS), sign * x, sign * y, sign * z
    )


# --- helpers ----------------------------------------------------------------------------------------------------


def _placed(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = ~(np.isnan(lon) | np.isnan(lat))
    return found


def _on_sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[Ints, Ints, Ints]:
    """Whole coordinates on a sphere, cut off towards its centre so that no product exceeds its square; 0 if unknown."""
    placed = _placed(lon, lat)
    east, north = (np.radians(np.where(placed, side, 0.0)) for side in (lon, lat))
    unit = np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)
    x, y, z = (np.where(placed, np.trunc(one * _SPHERE), 0).astype(np.int64) for one in unit)
    return x, y, z


def distance_km(
    firms: Firms, firm: NDArray[np.int_], villages: Villages, village: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Between the places of these pairs (n,), NaN where one is unknown."""
    lon1, lat1 = np.radians(firms.lon[firm]), np.radians(firms.lat[firm])
    lon2, lat2 = np.radians(villages.lon[village]), np.radians(villages.lat[village])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    result: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return result


def _columns(*columns: NDArray[np.generic]) -> Ints:
    return np.column_stack([column.astype(np.int64) for column in columns])


def _one_hot(values: list[str], shared: list[str]) -> list[NDArray[np.bool_]]:
    table = np.array(values, np.str_)
    return [table == one for one in shared]
