"""Scores of firms and villages: products of whole numbers that say exactly what the reasons say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from backend.places.depth import Depth, Tier
from backend.places.models import Area
from backend.programmes.models import FirmReason
from backend.runs.facts import Counties, measure
from backend.runs.firms.facts import CATEGORIES, Firms, Villages
from backend.runs.firms.scoring import DIVISOR, FAR_KM, Scoring, distance_km
from matching.implicit import LARGEST_SUM

WEIGHTS = {"need": 27, "depth": 21, "likeness": 11, "distance": 17, "capacity": 7, "ties": 8, "interest": 9}
SIDES = 40


def invented(seed: int, prefer_near: bool = True, weights: dict[str, int] | None = None) -> Scoring:
    """Firms and villages of all kinds, what is unknown included."""
    chance = np.random.default_rng(seed)

    def place(count: int) -> tuple[Any, Any]:
        lon, lat = chance.uniform(80, 130, count), chance.uniform(22, 48, count)
        unknown = chance.random(count) < 0.1
        return np.where(unknown, np.nan, lon), np.where(unknown, np.nan, lat)

    def paths(count: int) -> Any:
        return np.array([f"{chance.integers(1, 5)}.{chance.integers(10, 20)}." for _ in range(count)], np.str_)

    firms = Firms(
        np.arange(SIDES), np.array([f"f{i}" for i in range(SIDES)]), paths(SIDES), *place(SIDES),
        chance.random((SIDES, len(CATEGORIES))) < 0.15, chance.choice(["", *"ABCDEFG"], SIDES),
        chance.integers(-1, 7, SIDES), chance.integers(0, 3, SIDES),
    )  # fmt: skip
    names = ("gdp_primary", "gdp_secondary", "gdp_tertiary", "rural_disposable_income", "gdp_per_registered_head")
    depth = [Depth(tier, (), ()) for tier in chance.choice([Tier.DEEP, Tier.POOR], 6)]
    rows = {code: [(i, 2020, float(chance.integers(1, 900)), True) for i in range(5)] for code in names}
    counties = Counties(
        [Area(code=f"{i:06d}") for i in range(6)], *place(6), {code: measure(6, one) for code, one in rows.items()},
        depth,
    )  # fmt: skip
    needs, county = (chance.poisson(0.1, (size, len(CATEGORIES))) for size in (SIDES, 6))
    villages = Villages(
        np.arange(SIDES), np.array([f"v{i}" for i in range(SIDES)]), chance.integers(0, 6, SIDES), paths(SIDES),
        *place(SIDES), needs, chance.integers(-1, 2, SIDES), chance.integers(-1, 2, SIDES), counties, county,
    )  # fmt: skip
    return Scoring(firms, villages, weights or WEIGHTS, prefer_near)


def every_pair() -> tuple[Any, Any]:
    return np.repeat(np.arange(SIDES), SIDES), np.tile(np.arange(SIDES), SIDES)


@pytest.mark.parametrize("prefer_near", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_points_shown_add_up_to_the_score_shown(seed: int, prefer_near: bool) -> None:
    scoring, (firm, village) = invented(seed, prefer_near), every_pair()
    wanted = np.random.default_rng(seed).random(len(firm)) < 0.3
    points = scoring.points(firm, village, wanted)
    assert list(points) == FirmReason.values
    for reason, found in points.items():
        assert (found >= 0).all(), reason
        assert (found <= 10_000).all(), reason
    shown = sum(WEIGHTS[reason] * found for reason, found in points.items()) // 100
    np.testing.assert_array_equal(shown, scoring.score(firm, village, wanted))


def test_score_of_one_firm_is_the_score_of_its_pairs() -> None:
    scoring = invented(7)
    wanted = np.arange(SIDES) % 3 == 0
    of_one = scoring.scores_of(4, wanted)
    np.testing.assert_array_equal(of_one, scoring.score(np.full(SIDES, 4), np.arange(SIDES), wanted))


def test_scores_are_those_that_the_matcher_multiplies() -> None:
    scoring, (firm, village) = invented(3), every_pair()
    ours, theirs = scoring.matrices
    total = (ours.astype(object) @ theirs.astype(object).T)[firm, village]
    np.testing.assert_array_equal(scoring.score(firm, village), np.array([one // DIVISOR for one in total], np.int64))
    assert np.abs(ours).max() < 2**31
    assert np.abs(theirs).max() < 2**31
    assert int(np.abs(ours).max(0) @ np.abs(theirs).max(0)) < LARGEST_SUM


def test_reasons_say_what_they_say_one_pair_at_a_time() -> None:
    """The same points from the sentences of the decision record, with fractions and no feature in sight."""
    scoring, (firm, village) = invented(11), every_pair()
    points, f, v = scoring.points(firm, village), scoring.firms, scoring.villages
    for at, (h, r) in enumerate(zip(firm.tolist(), village.tolist(), strict=True)):
        assert points["need"][at] == _need(f.can[h], v.needs[r], v.county_needs[v.county[r]]), (h, r)
        room = max(f.villages[h] - f.load[h], 0)
        assert points["capacity"][at] == (5000 if f.villages[h] < 0 else min(2500 * room, 10_000))
        home = f.seat[h].split(".")[0] == v.path[r].split(".")[0]
        assert points["ties"][at] == (10_000 if home else 5000)


def _need(can: Any, own: Any, county: Any) -> int:
    counts, reach, base = (own, 10_000, 0) if own.any() else (county, 5000, 2500)
    if not can.any() or not counts.any():
        return 5000
    met = sum(int(Fraction(int(one) * reach, int(counts.sum()))) for one in counts[can])
    return base + met


def test_distance_is_the_square_of_the_chord() -> None:
    scoring, (firm, village) = invented(5), every_pair()
    km = distance_km(scoring.firms, firm, scoring.villages, village)
    known = ~np.isnan(km)
    chord = 1 - (1 - np.cos(km / 6371)) / (1 - np.cos(FAR_KM / 6371))
    points = scoring.points(firm, village)["distance"]
    assert np.abs(points[known] - chord[known] * 10_000).max() <= 3
    assert (points[~known] == 5000).all()
    far = invented(5, prefer_near=False).points(firm, village)["distance"]
    assert np.abs(points + far - 10_000).max() <= 2


def test_village_on_the_list_is_deeper_than_one_in_a_deep_county() -> None:
    scoring = invented(2)
    v = scoring.villages
    deep = np.array([one is not None and one.tier == Tier.DEEP for one in v.counties.depth])[v.county]
    listed = scoring.points(np.zeros(SIDES, np.int64), np.arange(SIDES))["depth"]
    assert set(listed[deep & (v.deep == 1)].tolist()) == {10_000}
    assert set(listed[deep & (v.deep == -1) & (v.poor == -1)].tolist()) == {9000}
    assert set(listed[deep & (v.deep == 0) & (v.poor == 0)].tolist()) == {8000}
    assert (listed[~deep] <= 8000).all()


def test_reason_without_weight_counts_nothing() -> None:
    scoring, (firm, village) = invented(1, weights={"depth": 100}), every_pair()
    np.testing.assert_array_equal(scoring.score(firm, village), scoring.points(firm, village)["depth"])
