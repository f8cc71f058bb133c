"""Every engine agrees with looking at every subset, and with HiGHS; every certificate holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matching
from matching.verify import check
from tests.matching.instances import FEATURES, problem, rows
from tests.matching.oracle import every_subset, highs
from tests.matching.verdicts import claim_of, rules_of

SEEDS = 500


def agree(instance: matching.Problem) -> bool:
    """Assert that all solvers say the same; return whether there is a solution."""
    best, winners = every_subset(instance)
    lp = highs(instance)
    assert (None if lp is None else round(lp)) == best
    for engine in matching.ENGINES:
        solution = matching.solve(instance, engine)
        assert (solution.status == "optimal") == (best is not None)
        if best is None:
            assert solution.conflict is not None
            assert solution.conflict.shortfall > 0
            continue
        assert solution.objective == best
        assert frozenset(solution.picked.tolist()) in winners
        verdict = check(rules_of(instance), claim_of(solution))
        assert verdict.refutations == []
        assert verdict.objective == verdict.bound == best
    return best is not None


@pytest.mark.parametrize("name", FEATURES)
def test_engines_equal_both_oracles_on_five_hundred_instances(name: str) -> None:
    solved = [agree(problem(seed, FEATURES[name])) for seed in range(SEEDS)]
    assert sum(solved) >= SEEDS // 10
    if name != "maxima":
        assert sum(solved) < SEEDS, "no infeasible instance among them: the minimums do not bite"


@given(st.integers(min_value=10_000), st.frozensets(st.sampled_from(sorted(FEATURES["everything"]))))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_engines_equal_both_oracles_on_any_mixture_of_features(seed: int, features: frozenset[str]) -> None:
    agree(problem(seed, features))


@pytest.mark.parametrize("seed", range(4))
def test_four_hundred_by_four_hundred_equals_the_linear_optimum(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = 400
    pairs = random.choice(size * size, size * 12, replace=False)
    instance = matching.build(
        helpers=[{"id": f"h{i}", "min": int(random.integers(0, 2)), "max": 3} for i in range(size)],
        recipients=[
            {"id": f"r{i}", "min": int(random.integers(0, 2)), "max": 4, "coverage": [9000, 3000]} for i in range(size)
        ],
        edges=[
            {"helper": f"h{pair // size}", "recipient": f"r{pair % size}", "score": int(random.integers(0, 10001))}
            for pair in pairs
        ],
    )
    linear = highs(instance, integral=False)
    assert linear is not None
    solution = matching.solve(instance)
    assert solution.engine == "ortools"
    assert solution.objective == round(linear)
    assert check(rules_of(instance), claim_of(solution)).refutations == []


def test_row_order_never_changes_the_pairs() -> None:
    random = np.random.default_rng(7)
    for seed in range(100):
        given_rows = rows(seed, FEATURES["everything"])
        straight = matching.solve(matching.build(**given_rows), "ortools")
        for name in ("helpers", "recipients", "edges", "groups", "tiers"):
            random.shuffle(given_rows[name])
        shuffled = matching.solve(matching.build(**given_rows), "ortools")
        assert (straight.status, straight.pairs) == (shuffled.status, shuffled.pairs)


def test_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(matching.UnknownEngine, match="no engine 'gurobi'; there are: networkx, ortools"):
        matching.solve(problem(1, FEATURES["maxima"]), "gurobi")


def test_values_beyond_exact_arithmetic_are_refused() -> None:
    with pytest.raises(matching.ProblemError, match="must lie between"):
        matching.build([{"id": "a"}], [{"id": "b"}], [{"helper": "a", "recipient": "b", "score": 10**12}])
