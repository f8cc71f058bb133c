"""Fair solutions have the best sorted ratios of all subsets, then the most fit; prices prove it, false ones fail."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import matching
from matching import BANNED, LOCKED, Policy, Problem
from matching.engines import Infeasible
from matching.fair import fairest
from matching.solve import value_of
from matching.verify import check
from tests.matching.instances import FEATURES, problem
from tests.matching.oracle import rules
from tests.matching.verdicts import claim_of, rules_of

FAIR = frozenset({"minima", "coverage", "stability"})
NAMES = {"coverage": FAIR, "everything": FEATURES["everything"]}
Rank = tuple[tuple[Fraction, ...], int]


def fair(instance: Problem) -> Problem:
    return replace(instance, policy=replace(instance.policy, fair=True))


def feasible_subsets(instance: Problem) -> np.ndarray:
    subsets = (np.arange(2**instance.edges)[:, None] >> np.arange(instance.edges)) & 1
    bound = rules(instance)
    totals = subsets @ bound.rows.T
    ok = ((totals >= bound.low) & (totals <= bound.high)).all(axis=1)
    ok &= (subsets[:, instance.edge_state == LOCKED] == 1).all(axis=1)
    ok &= (subsets[:, instance.edge_state == BANNED] == 0).all(axis=1)
    return subsets[ok]


def rank(instance: Problem, picked: np.ndarray) -> Rank:
    """Sorted ratios, then fit, from the definitions; `picked` is a 0/1 vector over the edges."""
    ratios = []
    for r in range(instance.recipients):
        values = instance.coverage[instance.coverage_start[r] : instance.coverage_start[r + 1]].tolist()
        if sum(values):
            degree = int(picked[instance.edge_recipient == r].sum())
            ratios.append(Fraction(sum(values[:degree]), sum(values)))
    kept = instance.policy.stability * int(picked[instance.edge_incumbent].sum())
    return tuple(sorted(ratios)), int((instance.edge_score * picked).sum()) + kept


def vector(instance: Problem, picked: np.ndarray) -> np.ndarray:
    found = np.zeros(instance.edges, int)
    found[picked] = 1
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("engine", ["networkx", "ortools"])
def test_ratios_and_fit_equal_an_exhaustive_search_and_are_proven(name: str, engine: str) -> None:
    solved = unlike = 0
    for seed in range(110):
        instance = fair(problem(seed, NAMES[name]))
        subsets = feasible_subsets(instance)
        solution = matching.solve(instance, engine)
        if not len(subsets):
            assert solution.status == "infeasible"
            continue
        best = max(rank(instance, one) for one in subsets)
        assert rank(instance, vector(instance, solution.picked)) == best
        verdict = check(rules_of(instance), claim_of(solution))
        assert verdict.refutations == []
        plain = matching.solve(replace(instance, policy=replace(instance.policy, fair=False)), engine)
        unlike += rank(instance, vector(instance, plain.picked)) != best
        solved += 1
    assert solved > 10
    assert unlike or name == "everything"  # otherwise the instances would not tell fair from plain


def test_price_of_fairness_is_the_fit_that_an_exhaustive_search_loses() -> None:
    paid = checked = 0
    for seed in range(250):
        instance = fair(problem(seed, FAIR))
        subsets = feasible_subsets(instance)
        if not len(subsets):
            with pytest.raises(Infeasible):
                fairest(instance)
            continue
        found = fairest(instance)
        ranks = [rank(instance, one) for one in subsets]
        assert (found.ratios, found.fit) == max(ranks)
        assert found.best_fit == max(fit for _, fit in ranks)
        paid += found.price > 0
        checked += 1
    assert checked > 100
    assert paid > 10


def test_every_other_feasible_set_of_pairs_is_refuted() -> None:
    refuted = 0
    for seed in range(60):
        instance = fair(problem(seed, FAIR))
        solution = matching.solve(instance)
        if solution.status != "optimal":
            continue
        best = rank(instance, vector(instance, solution.picked))
        checker = rules_of(instance)
        for one in feasible_subsets(instance)[:60]:
            picked = np.flatnonzero(one).astype(np.int64)
            coverage, fit, stability = value_of(instance, picked)
            false = replace(solution, picked=picked, coverage=coverage, fit=fit, stability=stability)
            assert check(checker, claim_of(false)).ok == (rank(instance, one) == best)
            refuted += rank(instance, one) != best
    assert refuted > 150


def test_worst_off_county_comes_first_even_when_it_costs_more_elsewhere() -> None:
    instance = matching.build(
        [{"id": "A", "max": 2}, {"id": "B", "max": 1}],
        [{"id": "x", "coverage": [90, 90, 90]}, {"id": "y", "coverage": [1]}],
        [
            {"helper": "A", "recipient": "x", "score": 5},
            {"helper": "B", "recipient": "x", "score": 100},
            {"helper": "B", "recipient": "y", "score": 1},
        ],
        policy=Policy(fair=True),
    )
    solution = matching.solve(instance)
    assert solution.pairs == [("A", "x"), ("B", "y")]
    found = fairest(instance)
    assert found.ratios == (Fraction(1, 3), Fraction(1))
    assert (found.fit, found.best_fit, found.price) == (6, 105, 99)


def test_fair_together_with_a_limit_of_changes_is_refused() -> None:
    instance = problem(1, FAIR)
    both = replace(instance, policy=Policy(fair=True, at_most_changes=2))
    with pytest.raises(matching.UnsupportedPolicy, match="fair and at_most_changes together"):
        matching.solve(both)
