"""Every regret and every forced loss equals solving again with that pair banned or locked."""

from __future__ import annotations

import numpy as np
import pytest

import matching
from matching import BANNED, FREE, LOCKED
from matching.explain import Explainer, sentence
from matching.residual import Residual
from matching.solve import value_of
from tests.matching.instances import FEATURES, problem

FEATURE_NAMES = ["minima", "tiers", "helper groups", "recipient groups", "coverage", "everything"]


def solved(name: str, seeds: range) -> list[tuple[matching.Problem, matching.Solution]]:
    found = []
    for seed in seeds:
        instance = problem(seed, FEATURES[name])
        solution = matching.solve(instance, "ortools")
        if solution.status == "optimal":
            found.append((instance, solution))
    return found


@pytest.mark.parametrize("name", FEATURE_NAMES)
def test_flow_of_the_pairs_meets_every_bound_and_balances_every_node(name: str) -> None:
    for instance, solution in solved(name, range(200)):
        residual = Residual(instance, solution)
        net, flow = residual.network, residual.flow
        assert (flow >= net.lower).all()
        assert (flow <= net.upper).all()
        balance = np.bincount(net.head, flow, net.nodes) - np.bincount(net.tail, flow, net.nodes)
        assert not balance.any()
        assert int((net.value * flow).sum()) == solution.objective


@pytest.mark.parametrize("name", FEATURE_NAMES)
def test_every_loss_equals_a_full_new_solve_on_two_hundred_pairs(name: str) -> None:
    checked, seed = 0, 0
    while checked < 200:
        for instance, solution in solved(name, range(seed, seed + 1)):
            explainer = Explainer(instance, solution)
            for edge in np.flatnonzero(instance.edge_state == FREE):
                checked += loss_is_exact(instance, solution, explainer, int(edge))
        seed += 1


def loss_is_exact(instance: matching.Problem, solution: matching.Solution, explainer: Explainer, edge: int) -> bool:
    """Compare with a full solve of the changed problem; whether there was one to compare with."""
    picked = bool(explainer.picked[edge])
    change = explainer.refuse(edge) if picked else explainer.force(edge)
    again = matching.solve(instance.with_edge_state({edge: BANNED if picked else LOCKED}), "ortools")
    if again.status == "infeasible":
        assert change.loss is None
        return False
    assert change.loss == solution.objective - again.objective
    pairs = (set(solution.pairs) - set(change.removed)) | set(change.added)
    indices = np.array(sorted(instance.find_edge(*pair) for pair in pairs), np.int64)
    assert sum(value_of(instance, indices)) == again.objective
    return True


def test_sentences_name_the_swap_in_both_languages() -> None:
    instance = matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        recipients=[{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        edges=[
            {"helper": "A", "recipient": "x", "score": 9},
            {"helper": "A", "recipient": "y", "score": 5},
            {"helper": "B", "recipient": "x", "score": 4},
            {"helper": "B", "recipient": "y", "score": 3},
        ],
    )
    explainer = Explainer(instance, matching.solve(instance))
    names = {"A": "东丽区", "B": "西青区", "x": "隆化县", "y": "丰宁县"}
    refused = explainer.why("A", "x")
    assert refused.change.loss == 3
    assert (
        sentence(refused, names)
        == "如不采纳 东丽区–隆化县，总目标减少 3 分，届时取消 西青区–丰宁县，改为 东丽区–丰宁县、西青区–隆化县。"
    )
    forced = explainer.why("B", "x")
    assert not forced.picked
    assert sentence(forced, names, "en") == (
        "If 西青区–隆化县 were forced, the objective would fall by 3;"
        " 东丽区–隆化县, 西青区–丰宁县 would end and 东丽区–丰宁县 would come instead."
    )
    assert [one.pair for one in refused.helper_alternatives] == [("A", "y")]


def test_unknown_pair_is_named() -> None:
    instance = problem(1, FEATURES["maxima"])
    explainer = Explainer(instance, matching.solve(instance))
    with pytest.raises(KeyError, match="no helper 'nobody'"):
        explainer.why("nobody", "r0")


def test_infeasible_solution_cannot_be_explained() -> None:
    instance = matching.build([{"id": "A", "min": 1}], [{"id": "x"}], [])
    with pytest.raises(ValueError, match=r"see matching\.gaps"):
        Explainer(instance, matching.solve(instance))
