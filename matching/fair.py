"""Fair coverage: the worst-off recipient's ratio first, then the next worst, … (decreasing minimum), then fit.

A recipient's ratio is the coverage value it has over the whole of its list; one without a positive value has no ratio.
Raising a smallest ratio outweighs everything above it, which is a separable convex cost on the flow (Frank & Murota,
Decreasing minimization on M-convex sets, 2022). Instead of its huge weights the search takes one level of ratios at a
time, each on the optimal face of the last; the weights return as exact integers in the prices, which prove it all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import engines, faces
from matching import network as networks
from matching.network import Network
from matching.problem import Ints, Problem


@dataclass(frozen=True)
class Fairness:
    """A fair choice, and what fairness costs.

    `picked` (P,) indexes the edges in ascending order; `ratios` are all recipients' ratios in ascending order. `fit`
    counts scores and the stability of incumbents kept, `best_fit` is the most any choice could have: the price of
    fairness is the difference.
    """

    picked: Ints
    ratios: tuple[Fraction, ...]
    fit: int
    best_fit: int
    node_prices: NDArray[np.object_]

    @property
    def price(self) -> int:
        return self.best_fit - self.fit


def fairest(problem: Problem, engine: str | None = None) -> Fairness:
    """The pairs with leximin ratios and, among those, the most fit; with the price of fairness in fit.

    Cost: one minimum-cost flow per distinct ratio that the lists allow. Raises Infeasible and CostOverflow.
    """
    _, run = engines.choose(engine, problem.edges)
    picked, price = solve_fair(problem, run)
    net, *_ = _arcs(problem)
    value = _fit(problem, net)
    faces.guard(net, value)
    best = run(replace(net, value=value))
    return Fairness(
        picked,
        tuple(sorted(ratios(problem, picked))),
        int(problem.edge_value[picked].sum()),
        int((value * best).sum()),
        price,
    )


def ratios(problem: Problem, picked: Ints) -> list[Fraction]:
    """The ratio of every recipient that has one, in the order of the recipients."""
    degree = np.bincount(problem.edge_recipient[picked], minlength=problem.recipients)
    return [steps[min(int(degree[r]), len(steps) - 1)] for r, steps in _steps(problem).items()]


def solve_fair(problem: Problem, run: faces.Run) -> tuple[Ints, NDArray[np.object_]]:
    """The edges picked, ascending, and the prices (N,), Python integers, that prove them. Raises Infeasible."""
    net, source, target, levels = _arcs(problem)
    values = [
        (source == level).astype(np.int64) - (target == level) if level < levels else _fit(problem, net)
        for level in range(levels + 1)
    ]
    flow, found = faces.lexicographic(net, values, run)
    weights = [*_weights(problem, net, levels), 1]
    price: NDArray[np.object_] = sum(
        (weight * one.astype(object) for weight, one in zip(weights, found, strict=True)),
        np.zeros(net.nodes, object),
    )
    value: Any = sum(weight * one.astype(object) for weight, one in zip(weights, values, strict=True))
    _prove(net, flow, value, price)
    return np.flatnonzero(flow[: net.edges]).astype(np.int64), price


def _prove(net: Network, flow: Ints, value: NDArray[np.object_], price: NDArray[np.object_]) -> None:
    gain = value + price[net.head] - price[net.tail]
    if ((gain > 0) & (flow < net.upper)).any() or ((gain < 0) & (flow > net.lower)).any():
        raise engines.EngineFailure("the prices of the levels do not add up to a proof")


def _steps(problem: Problem) -> dict[int, list[Fraction]]:
    """The ratio after 0, 1, 2, … helpers, by recipient; those with nothing to cover are left out."""
    found = {}
    for r in range(problem.recipients):
        values = problem.coverage[problem.coverage_start[r] : problem.coverage_start[r + 1]].tolist()
        if total := sum(values):
            steps = [Fraction(0)]
            for value in values:
                steps.append(steps[-1] + Fraction(value, total))
            found[r] = steps
    return found


def _arcs(problem: Problem) -> tuple[Network, Ints, Ints, int]:
    """The network; for each arc the levels of ratio (A,) from and to which a unit on it lifts, −1 for none; and the
    number of the best level, counted from 0."""
    position = np.arange(len(problem.coverage), dtype=np.int64) + 1
    blank = replace(problem.policy, stability=0)
    net = networks.build(
        replace(problem, coverage=position, edge_score=np.zeros(problem.edges, np.int64), policy=blank)
    )
    steps = _steps(problem)
    rank = {ratio: i for i, ratio in enumerate(sorted({one for listed in steps.values() for one in listed}))}
    before, after = (np.full(len(position) + 1, -1, np.int64) for _ in range(2))
    for r, listed in steps.items():
        at = int(problem.coverage_start[r]) + 1
        before[at : at + len(listed) - 1] = [rank[one] for one in listed[:-1]]
        after[at : at + len(listed) - 1] = [rank[one] for one in listed[1:]]
    return net, before[net.value], after[net.value], max(len(rank) - 1, 0)


def _fit(problem: Problem, net: Network) -> Ints:
    value = np.zeros(len(net.tail), np.int64)
    value[: net.edges] = problem.edge_value
    return value


def _weights(problem: Problem, net: Network, levels: int) -> list[int]:
    """The weight of each level but the last: so far apart that no lower one can ever outweigh a higher one.

    The formula is part of the exchange format; `matching.verify_policies` states it.
    """
    base = 8 * (net.nodes + 8)
    last = (base + 2 * net.edges) * int(np.abs(problem.edge_value).max(initial=0)) + 1
    return [last * base ** (levels - 1 - level) for level in range(levels)]


__all__ = ["Fairness", "fairest", "ratios", "solve_fair"]
