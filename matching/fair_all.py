"""Fair coverage over pairs that nobody lists, where a first helper gives a recipient all the coverage it can have.

Every ratio is then nothing or the whole, and the fairest choice leaves as few recipients as can be with nothing. How
few is one problem for `price_out.solve_all`, in which only a first helper counts; the most fit among those choices is
another, in which it counts beside fit: where that leaves as few, nothing as fair has more fit.
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

    Cost: three national optima, one of them without scores. Raises UnsupportedPolicy where further helpers count,
    ValueError for bounds that contradict each other, and what `solve_all` raises.
    """
    given = implicit.problem
    if not all_at_once(given):
        raise UnsupportedPolicy("over pairs that are not listed, fairness wants all coverage by the first helper")
    fair = _fair(implicit, engine, progress)
    best = _solved(implicit, 0, engine, progress)
    listed = replace(fair.problem, coverage=given.coverage)
    _, fit, stability = value_of(listed, fair.picked)
    sorted_ratios = tuple(sorted(ratios(listed, fair.picked)))
    prices = fair.node_prices.astype(object)
    return listed, Fairness(fair.picked, sorted_ratios, fit + stability, best.fit + best.stability, prices)


def _fair(implicit: Implicit, engine: str | None, progress: Progress | None) -> Solution:
    """A first helper is worth some pairs at first, which is nearly always enough, and then ever more.

    Values that outweigh everything from the start would do as well, but hide the scores from the search for pairs.
    """
    most = _solved(scoreless(implicit), 1, engine, progress).coverage
    worth = 4 * _highest(implicit)
    while True:
        found = _solved(implicit, worth, engine, progress)
        if found.coverage == most * worth:
            return found
        worth *= 4


def scoreless(implicit: Implicit) -> Implicit:
    """The same bounds and eligible pairs, of which none is worth anything: rows that differ in worth only are alike."""
    problem, nothing = implicit.problem, np.zeros((implicit.problem.helpers, 0), np.int64)
    return replace(
        implicit,
        problem=replace(
            problem, edge_score=np.zeros_like(problem.edge_score), policy=replace(problem.policy, stability=0)
        ),
        helper_features=nothing,
        recipient_features=np.zeros((problem.recipients, 0), np.int64),
        offset=0,
    )


def _highest(implicit: Implicit) -> int:
    """No pair is worth more, in absolute value; at least one."""
    formula = implicit.largest_sum() // implicit.divisor + 1 + abs(implicit.offset)
    listed = int(np.abs(implicit.problem.edge_score).max(initial=0))
    return max(formula, listed) + abs(implicit.problem.policy.stability)


def _solved(implicit: Implicit, worth: int, engine: str | None, progress: Progress | None) -> Solution:
    """The optimum where each recipient that has coverage to gain gains so much by its first helper."""
    coverage = np.where(implicit.problem.coverage > 0, worth, 0)
    found = solve_all(
        replace(implicit, problem=replace(implicit.problem, coverage=coverage.astype(np.int64))), engine, progress
    )
    if found.status != "optimal":
        raise ValueError("where the bounds contradict each other, no choice is fair")
    return found


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


__all__ = ["all_at_once", "beside", "beside_all", "fairest_all", "scoreless"]
