"""Why a helper and a poor county fit: each reason as points for every candidate. The words are in `sentences`.

Every reason gives 0–10 000 points; what is not known gives the neutral 5 000 and says so. A score is the weighted mean
in whole points, computed in integers so that the same facts give the same score everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.places.depth import Tier
from backend.programmes.models import Reason
from backend.runs.facts import Counties, Floats

FULL, NEUTRAL = 10_000, 5_000
FAR_KM = 3_500.0  # about the longest distance between an eastern and a western county
EARTH_KM = 6_371.0
STILL_POOR = 0.8  # the most hardship alone can give: a recognised deep-poverty county stays ahead
# What tells of a county's hardship, best first; the first that is known decides.
HARDSHIP = ("rural_disposable_income", "gdp_per_registered_head")
INDUSTRIES = ("gdp_primary", "gdp_secondary", "gdp_tertiary")
Points = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Eligible pairs and what their reasons look at. Shapes: `helper`, `recipient` (E,) index the counties.

    `quota` (H,) is how many pairs a helper may have in all, `room` how many more than those in force; `ties` (E,) is 2
    where the helper's city already has a pair in the recipient's prefecture, 1 where only their provinces have, else 0.
    """

    helpers: Counties
    recipients: Counties
    helper: NDArray[np.int32]
    recipient: NDArray[np.int32]
    room: NDArray[np.int64]
    quota: NDArray[np.int64]
    ties: NDArray[np.int8]
    prefer_near: bool


@dataclass(frozen=True)
class Scored:
    """`points[reason]` (E,), whether it is `missing[reason]` (E,), and the weighted `score` (E,)."""

    points: Mapping[str, Points]
    missing: Mapping[str, NDArray[np.bool_]]
    weights: Mapping[str, int]
    score: Points


def score(candidates: Candidates, weights: Mapping[str, int]) -> Scored:
    """Score every candidate. `weights` are whole percents summing to 100; a reason without weight counts nothing."""
    points, missing = {}, {}
    for reason in Reason.values:
        raw = _REASONS[reason](candidates)
        missing[reason] = np.isnan(raw)
        points[reason] = _points(raw)
    total = sum(
        (weights.get(reason, 0) * points[reason] for reason in points), np.zeros(len(candidates.helper), np.int64)
    )
    return Scored(points, missing, dict(weights), total // 100)


def _points(raw: Floats) -> Points:
    known = np.rint(np.clip(np.nan_to_num(raw), 0, 1) * FULL)
    return np.where(np.isnan(raw), NEUTRAL, known).astype(np.int64)


# --- the reasons: each returns (E,) in 0…1, NaN where a fact is missing -----------------------------------------


def _depth(c: Candidates) -> Floats:
    """Deep counties first; among the others, the greater the hardship the higher."""
    deep = np.array([c.recipients.tier(i) == Tier.DEEP for i in range(len(c.recipients))], np.bool_)
    return np.where(deep, 1.0, STILL_POOR * hardship(c.recipients))[c.recipient]


def _strength(c: Candidates) -> Floats:
    """The stronger the helper, the harder the county it suits: 1 minus the distance of their ranks."""
    strong = c.helpers.measures["fiscal_revenue_per_head"].rank
    return 1 - np.abs(strong[c.helper] - hardship(c.recipients)[c.recipient])


def _likeness(c: Candidates) -> Floats:
    """1 minus half the L1 distance of the shares of the three industries in GDP."""
    ours, theirs = shares(c.helpers), shares(c.recipients)
    likeness: Floats = 1 - np.abs(ours[:, c.helper] - theirs[:, c.recipient]).sum(axis=0) / 2
    return likeness


def _distance(c: Candidates) -> Floats:
    near = 1 - np.clip(distance_km(c), 0, FAR_KM) / FAR_KM
    return near if c.prefer_near else 1 - near


def _capacity(c: Candidates) -> Floats:
    """The rank of the helper's budget revenue, times the share of its quota that is still free."""
    free = np.maximum(c.room, 0) / np.maximum(c.quota, 1)
    return (c.helpers.measures["fiscal_revenue"].rank * free)[c.helper]


def _ties(c: Candidates) -> Floats:
    return c.ties / 2.0


_REASONS: dict[str, Callable[[Candidates], Floats]] = {
    Reason.DEPTH: _depth,
    Reason.STRENGTH: _strength,
    Reason.LIKENESS: _likeness,
    Reason.DISTANCE: _distance,
    Reason.CAPACITY: _capacity,
    Reason.TIES: _ties,
}


# --- what they look at -------------------------------------------------------------------------------------------


def hardship(counties: Counties) -> Floats:
    """How hard the place of each county is (N,): 1 for the lowest figure of its year, 0 for the highest."""
    found = np.full(len(counties), np.nan)
    for code in reversed(HARDSHIP):
        rank = counties.measures[code].rank
        found = np.where(np.isnan(rank), found, 1 - rank)
    return found


def hardship_measure(counties: Counties, at: int) -> str | None:
    """The indicator that tells of the hardship of one county, None when none is known."""
    return next((code for code in HARDSHIP if not np.isnan(counties.measures[code].rank[at])), None)


def shares(counties: Counties, at: slice | int = slice(None)) -> Floats:
    """The shares of the three industries in GDP (3, N), or of one county (3,); NaN where one of them is unknown."""
    parts = np.stack([counties.measures[code].value[at] for code in INDUSTRIES])
    total = parts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(total > 0, parts / total, np.nan)
    return found


def distance_km(c: Candidates, edges: slice = slice(None)) -> Floats:
    """Great-circle distance of the two places of each of these candidates, by the haversine formula."""
    helper, recipient = c.helper[edges], c.recipient[edges]
    lon1, lat1 = np.radians(c.helpers.lon[helper]), np.radians(c.helpers.lat[helper])
    lon2, lat2 = np.radians(c.recipients.lon[recipient]), np.radians(c.recipients.lat[recipient])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    result: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return result
