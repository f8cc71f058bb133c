"""Prices prove what is optimal, whatever the network, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

import matching
from matching import network, prices
from matching.engines import Infeasible, solve_with_ortools
from matching.paths import NegativeCycle, order_by, settle, sorted_arcs
from matching.problem import Ints
from tests.matching.instances import FEATURES, problem


def bound(net: network.Network, price: Ints) -> int:
    """The most any circulation can be worth under these prices."""
    reduced = net.value + price[net.head] - price[net.tail]
    return int(np.where(reduced > 0, reduced * net.upper, reduced * net.lower).sum())


@pytest.mark.parametrize("name", FEATURES)
def test_prices_prove_every_optimal_flow(name: str) -> None:
    proven = 0
    for seed in range(400):
        net = network.build(problem(seed, FEATURES[name]))
        try:
            flow = solve_with_ortools(net)
        except Infeasible:
            continue
        price = prices.recover(net, flow)
        assert price[0] == 0
        assert bound(net, price) == int((net.value * flow).sum())
        proven += 1
    assert proven > 50


def chain(links: int, swap: int) -> matching.Problem:
    """Only one solution; each recipient must be `swap` cheaper than the one before it, so prices run far away."""
    return matching.build(
        helpers=[{"id": f"h{i:03d}", "min": 1, "max": 1} for i in range(links)],
        recipients=[{"id": f"r{i:03d}", "min": 1 if i else 0, "max": 1, "coverage": [9]} for i in range(links)],
        edges=[{"helper": f"h{i:03d}", "recipient": f"r{i:03d}", "score": 5} for i in range(links)]
        + [{"helper": f"h{i:03d}", "recipient": f"r{i + 1:03d}", "score": 5 + swap} for i in range(links - 1)],
    )


def test_prices_far_beyond_every_value_are_found() -> None:
    net = network.build(chain(60, swap=5))
    flow = solve_with_ortools(net)
    price = prices.recover(net, flow)
    assert np.ptp(price) >= 59 * 5 > 20 * int(net.value.max())
    assert bound(net, price) == int((net.value * flow).sum())


def test_flow_that_a_swap_would_improve_has_no_prices() -> None:
    instance = matching.build(
        [{"id": "a", "max": 1}, {"id": "b", "max": 1}],
        [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        [
            {"helper": one, "recipient": other, "score": score}
            for one, other, score in (("a", "x", 5), ("a", "y", 9), ("b", "x", 9), ("b", "y", 5))
        ],
    )
    net = network.build(instance)
    best = solve_with_ortools(net)
    worse = best.copy()
    worse[: net.edges] = 1 - best[: net.edges]
    prices.recover(net, best)
    with pytest.raises(prices.NotOptimal, match="a cycle of swaps still gains"):
        prices.recover(net, worse)


def test_labels_on_a_negative_cycle_are_refused() -> None:
    arcs = sorted_arcs(2, np.array([0, 1], np.int32), np.array([1, 0], np.int32), np.array([1, -2]))
    with pytest.raises(NegativeCycle, match="do not settle"):
        settle(arcs, np.zeros(2, np.int64))


def test_order_by_sorts_stably_below_and_above_sixteen_bits() -> None:
    random = np.random.default_rng(3)
    for high in (1, 50, 2**16, 2**31 - 1):
        key = random.integers(0, high, 5000).astype(np.int32)
        assert (order_by(key) == np.argsort(key, kind="stable")).all()
    assert len(order_by(np.array([], np.int32))) == 0
