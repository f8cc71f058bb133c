"""Fair coverage over pairs that nobody lists, where a first helper gives a recipient all the coverage it can have.

Every ratio is then nothing or the whole, and the fairest choice has the fewest recipients with nothing: one value for a
first helper, larger than all that fit could weigh against it, makes that an ordinary problem for `price_out.solve_all`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from matching.fair import Fairness, ratios
from matching.implicit import Implicit
from matching.price_out import solve_all
from matching.problem import Ints, Problem
from matching.solve import Progress, Solution, UnsupportedPolicy, value_of


def all_at_once(problem: Problem) -> bool:
    """Whether no recipient gains coverage by a second helper."""
    later = np.ones(len(problem.coverage), np.bool_)
    later[problem.coverage_start[:-1][np.diff(problem.coverage_start) > 0]] = False
    return not problem.coverage[later].any()


def fairest_all(
    implicit: Implicit, engine: str | None = None, progress: Progress | None = None
) -> tuple[Problem, Fairness]:
    """As `fair.fairest`, over all eligible pairs; `picked` indexes the problem, which lists those that mattered.

    Cost: two national optima. Raises UnsupportedPolicy where further helpers count, ValueError for bounds that
    contradict each other, and what `solve_all` raises.
    """
    given = implicit.problem
    if not all_at_once(given):
        raise UnsupportedPolicy("over pairs that are not listed, fairness wants all coverage by the first helper")
    fair = _solved(implicit, np.where(given.coverage > 0, _outweighs(implicit), 0), engine, progress)
    best = _solved(implicit, np.zeros_like(given.coverage), engine, progress)
    listed = replace(fair.problem, coverage=given.coverage)
    _, fit, stability = value_of(listed, fair.picked)
    sorted_ratios = tuple(sorted(ratios(listed, fair.picked)))
    prices = fair.node_prices.astype(object)
    return listed, Fairness(fair.picked, sorted_ratios, fit + stability, best.fit + best.stability, prices)


def _solved(implicit: Implicit, coverage: Ints, engine: str | None, progress: Progress | None) -> Solution:
    valued = replace(implicit, problem=replace(implicit.problem, coverage=coverage.astype(np.int64)))
    found = solve_all(valued, engine, progress)
    if found.status != "optimal":
        raise ValueError("where the bounds contradict each other, no choice is fair")
    return found


def _outweighs(implicit: Implicit) -> int:
    """More than fit can differ between any two choices."""
    problem = implicit.problem
    formula = implicit.largest_sum() // implicit.divisor + 1 + abs(implicit.offset)
    most = max(formula, int(np.abs(problem.edge_score).max(initial=0))) + abs(problem.policy.stability)
    pairs = min(int(np.minimum(problem.recipient_max, problem.helpers).sum()), int(problem.helper_max.sum()))
    return 2 * most * pairs + 1


def beside_all(implicit: Implicit, picked: Ints, progress: Progress | None = None) -> dict[str, Any]:
    """What `beside` tells of the fairest choice over all eligible pairs and of another one with these keys."""
    listed, fair = fairest_all(implicit, progress=progress)
    mine = implicit.key(listed.edge_helper[fair.picked], listed.edge_recipient[fair.picked])
    problem = implicit.listing(np.union1d(mine, picked))
    every = implicit.key(problem.edge_helper, problem.edge_recipient)
    return beside(problem, replace(fair, picked=np.searchsorted(every, mine)), np.searchsorted(every, picked))


def beside(problem: Problem, fair: Fairness, picked: Ints) -> dict[str, Any]:
    """The fairest choice beside another one of the same problem, whose edges both `picked`: what each gives, as data.

    {price, fit, best_fit, coverage, run_fit, run_coverage, moved, levels: [{ratio, fair, run}]}: fit counts stability,
    as the price of fairness does; `moved` are pairs in one choice only; `ratio` is in basis points, with how many
    recipients have it under either choice, worst first.
    """
    run_coverage, run_fit, run_stability = value_of(problem, picked)
    return {
        "price": fair.price,
        "fit": fair.fit,
        "best_fit": fair.best_fit,
        "coverage": value_of(problem, fair.picked)[0],
        "run_fit": run_fit + run_stability,
        "run_coverage": run_coverage,
        "moved": len(np.setxor1d(fair.picked, picked)),
        "levels": _levels(fair.ratios, ratios(problem, picked)),
    }


def _levels(fair: Iterable[Fraction], own: Iterable[Fraction]) -> list[dict[str, int]]:
    counts = Counter(fair), Counter(own)
    return [
        {"ratio": round(level * 10_000), "fair": counts[0][level], "run": counts[1][level]}
        for level in sorted(counts[0] | counts[1])
    ]


__all__ = ["all_at_once", "beside", "beside_all", "fairest_all"]
