"""The highest least numbers that can be met equal those of a search with every pair listed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import matching
from matching import Problem
from matching.implicit import Implicit
from matching.minima import attainable
from tests.matching import instances
from tests.matching.test_explain_all import cases
from tests.matching.test_price_out import everything

BOUNDED = {"helper groups", "recipient groups", "tiers", "everything"}


def asking(one: Implicit, ours: int, theirs: int) -> Implicit:
    """Everybody must have so many, or as many as it may."""
    problem = one.problem
    minima = {
        "helper_min": np.minimum(problem.helper_max, ours),
        "recipient_min": np.minimum(problem.recipient_max, theirs),
    }
    return replace(one, problem=replace(problem, **minima))


def met(listed: Problem, most: tuple[int, int]) -> dict[tuple[int, int], int]:
    """By the caps with which the bounds can be met, what they take away."""
    found = {}
    for ours, theirs in product(*(range(one + 1) for one in most)):
        mine, others = np.minimum(listed.helper_min, ours), np.minimum(listed.recipient_min, theirs)
        if matching.solve(replace(listed, helper_min=mine, recipient_min=others)).status == "optimal":
            found[ours, theirs] = int((listed.helper_min - mine).sum() + (listed.recipient_min - others).sum())
    return found


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_caps_are_the_highest_and_take_away_least(feature: str) -> None:
    lowered = impossible = 0
    for case, asked in product(cases(feature, 6), ((1, 1), (2, 1), (1, 2))):
        one = asking(case.one, *asked)
        listed = one.listing(everything(one))
        most = int(listed.helper_min.max()), int(listed.recipient_min.max())
        possible, found = met(listed, most), attainable(one)
        if not possible:
            impossible += 1
            assert found is None
            continue
        assert found == max(possible)
        if feature not in BOUNDED:
            assert possible[found] == min(possible.values())
        lowered += found != most
    assert lowered + impossible > 0
