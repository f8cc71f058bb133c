"""The residual graph of a solution: where a pair could go if something changed, and at what loss.

With the solution's prices every residual arc costs nothing or something, never less than nothing, so Dijkstra applies.
A ban or a lock moves one unit; one shortest path then restores the optimum (successive shortest paths, Ahuja, Magnanti
& Orlin 1993, section 9.7), which makes every loss told here exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from matching import network as networks
from matching.problem import Ints, Problem
from matching.solve import Solution

NOWHERE = -9999  # SciPy's mark for "no predecessor"


@dataclass(frozen=True)
class Path:
    """A cheapest way from one node to another. `arcs` are signed: arc + 1 taken up, −(arc + 1) given back."""

    cost: int
    arcs: tuple[int, ...]


class Residual:
    """The residual graph of an optimal solution, kept for many questions.

    Cost: one pass over the arcs to build; each `path` is one Dijkstra, O(A log N).
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self.network = networks.build(problem)
        self.flow = flow_of(self.network, solution)
        net, price = self.network, solution.node_prices
        more, less = np.flatnonzero(self.flow < net.upper), np.flatnonzero(self.flow > net.lower)
        self._tail = np.concatenate([net.tail[more], net.head[less]]).astype(np.int64)
        self._head = np.concatenate([net.head[more], net.tail[less]]).astype(np.int64)
        self._signed = np.concatenate([more + 1, -(less + 1)])
        cost = np.concatenate([-net.value[more], net.value[less]])
        self._reduced = cost + price[self._tail] - price[self._head]
        if self._reduced.min(initial=0) < 0:
            raise ValueError("the prices do not prove this solution optimal")
        key = self._tail * net.nodes + self._head
        self._order = np.lexsort((self._reduced, key))  # by ends, the cheapest of parallel arcs first
        self._key = key[self._order]

    def path(self, source: int, target: int, *, without: int | None = None) -> Path | None:
        """The cheapest residual path, None when there is none; `without` leaves one arc out in both directions."""
        graph, which = self._graph(without)
        cost, before = dijkstra(graph, indices=source, return_predecessors=True)
        if not np.isfinite(cost[target]):
            return None
        arcs = []
        node = target
        while node != source:
            previous = int(before[node])
            arcs.append(int(self._signed[which[previous, node]]))
            node = previous
        price = self.solution.node_prices
        # Reduced costs telescope: the true cost differs by the prices of the two ends.
        return Path(int(cost[target]) - int(price[source]) + int(price[target]), tuple(reversed(arcs)))

    def _graph(self, without: int | None) -> tuple[csr_array, _Cheapest]:
        """The cheapest of parallel arcs, as SciPy's graphs want them."""
        at, key = self._order, self._key
        if without is not None:
            keep = np.abs(self._signed[at]) != without + 1
            at, key = at[keep], key[keep]
        first = np.concatenate([[True], key[1:] != key[:-1]]) if len(at) else np.array([], np.bool_)
        chosen, size = at[first], self.network.nodes
        ends = np.searchsorted(self._tail[chosen], np.arange(size + 1))
        graph = csr_array((self._reduced[chosen].astype(np.float64), self._head[chosen], ends), shape=(size, size))
        return graph, _Cheapest(key[first], chosen, size)


class _Cheapest:
    """Looks up which residual arc joins two nodes."""

    def __init__(self, key: Ints, chosen: Ints, size: int) -> None:
        self._key, self._chosen, self._size = key, chosen, size

    def __getitem__(self, ends: tuple[int, int]) -> int:
        return int(self._chosen[np.searchsorted(self._key, ends[0] * self._size + ends[1])])


def flow_of(net: networks.Network, solution: Solution) -> Ints:
    """The flow (A,) of a set of pairs: edges as picked, everything above them by adding up."""
    pairs = np.zeros(net.edges, np.int64)
    pairs[solution.picked] = 1
    return flow_over(net, solution.problem, pairs)


def flow_over(net: networks.Network, problem: Problem, pairs: Ints) -> Ints:
    """The flow (A,) that carries so much on each edge (E,)."""
    flow = np.zeros(len(net.tail), np.int64)
    flow[: net.edges] = pairs
    used = np.flatnonzero(pairs)
    through = np.zeros(net.nodes, np.int64)
    np.add.at(through, net.head[used], pairs[used])  # into recipients
    np.add.at(through, net.tail[used], pairs[used])  # out of helpers and helper × tier nodes
    _fill_recipients(net, flow, through)
    _carry(net, flow, through, problem)
    return flow


def _fill_recipients(net: networks.Network, flow: Ints, through: Ints) -> None:
    """A recipient's unit arcs in the order of their values, the rest above them."""
    mine = (net.tail >= net.first_recipient) & (net.tail < net.first_tier)
    mine[: net.edges] = False
    arcs = np.flatnonzero(mine)
    # Unit arcs come first and in order; the arc for the rest of the same recipient comes after all of them.
    order = arcs[np.argsort(net.tail[arcs], kind="stable")]
    tails = net.tail[order]
    start = np.concatenate([[True], tails[1:] != tails[:-1]]) if len(order) else np.array([], np.bool_)
    before = np.cumsum(net.upper[order]) - net.upper[order]
    base = np.maximum.accumulate(np.where(start, before, 0)) if len(order) else before
    flow[order] = np.clip(through[tails] - (before - base), 0, net.upper[order])


def _carry(net: networks.Network, flow: Ints, through: Ints, problem: Problem) -> None:
    """Flow between helpers and the root, and between recipient groups and the root, level by level."""
    others = np.ones(len(net.tail), np.bool_)
    others[: net.edges] = False
    others &= ~((net.tail >= net.first_recipient) & (net.tail < net.first_tier))
    arcs = np.flatnonzero(others)
    tier = arcs[net.head[arcs] >= net.first_tier]
    flow[tier] = through[net.head[tier]]
    np.add.at(through, net.tail[tier], flow[tier])
    helper = arcs[(net.head[arcs] >= net.first_helper) & (net.head[arcs] < net.first_recipient)]
    flow[helper] = through[net.head[helper]]
    np.add.at(through, net.tail[helper], flow[helper])
    for parent, first, downward in (
        (problem.helper_groups.parent, net.first_helper_group, True),
        (problem.recipient_groups.parent, net.first_recipient_group, False),
    ):
        if not downward and len(parent):
            recipients = np.flatnonzero((net.tail >= net.first_recipient) & (net.tail < net.first_tier))
            recipients = recipients[recipients >= net.edges]
            into = (net.head[recipients] >= first) & (net.head[recipients] < first + len(parent))
            np.add.at(through, net.head[recipients[into]], flow[recipients[into]])
        for group in _deepest_first(parent):
            node = first + group
            arc = arcs[(net.head[arcs] == node) if downward else (net.tail[arcs] == node)][0]
            flow[arc] = through[node]
            through[net.tail[arc] if downward else net.head[arc]] += flow[arc]


def _deepest_first(parent: NDArray[np.int32]) -> list[int]:
    depth = []
    for group in range(len(parent)):
        steps, at = 0, group
        while parent[at] >= 0:
            steps, at = steps + 1, int(parent[at])
        depth.append(steps)
    return sorted(range(len(parent)), key=lambda group: -depth[group])
