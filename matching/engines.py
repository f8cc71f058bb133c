"""Minimum-cost-flow engines behind one signature, chosen by name or by size.

Every engine gets a `Network` and returns an integral optimal flow (A,), or raises `Infeasible` with the cut that proves
that there is none. An unknown name raises; nothing is silently replaced.
"""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

from matching.network import Network
from matching.problem import Ints

Engine = Callable[[Network], Ints]

SMALL = 200  # eligible pairs; below this networkx is as fast and is the reference


class UnknownEngine(LookupError):
    """No engine of that name; the message lists those there are."""


class EngineFailure(RuntimeError):
    """The solver stopped without an answer, which its contract excludes; the message carries its status."""


class Infeasible(ValueError):
    """No flow meets all bounds. `inside` (N,) marks a node set into which more is forced than can leave, or out of
    which more is demanded than can enter: a violator of Hoffman's circulation theorem (1960). `shortfall` is by how
    much."""

    def __init__(self, inside: NDArray[np.bool_], shortfall: int) -> None:
        super().__init__(f"the bounds contradict each other: {shortfall} pairs are missing")
        self.inside, self.shortfall = inside, shortfall


def solve_with_networkx(network: Network) -> Ints:
    """Optimal flow by networkx's network simplex: slow, exact, the oracle of the others."""
    graph = nx.MultiDiGraph()
    supply = _supply(network)
    graph.add_nodes_from((node, {"demand": -int(supply[node])}) for node in range(network.nodes))
    free = network.upper - network.lower
    for arc in range(len(network.tail)):
        graph.add_edge(
            int(network.tail[arc]),
            int(network.head[arc]),
            key=arc,
            capacity=int(free[arc]),
            weight=-int(network.value[arc]),
        )
    try:
        _, flow = nx.network_simplex(graph)
    except nx.NetworkXUnfeasible:
        raise find_cut(network) from None
    extra = np.zeros(len(network.tail), np.int64)
    for heads in flow.values():
        for arcs in heads.values():
            for arc, amount in arcs.items():
                extra[arc] = amount
    return network.lower + extra


def solve_with_ortools(network: Network) -> Ints:
    """Optimal flow by OR-Tools' cost-scaling push–relabel (Goldberg 1997), on whole arrays."""
    solver = min_cost_flow.SimpleMinCostFlow()
    open_arcs = np.flatnonzero(network.upper > network.lower)
    solver.add_arcs_with_capacity_and_unit_cost(
        network.tail[open_arcs],
        network.head[open_arcs],
        (network.upper - network.lower)[open_arcs],
        -network.value[open_arcs],
    )
    supply = _supply(network)
    nodes = np.arange(network.nodes, dtype=np.int32)
    solver.set_nodes_supplies(nodes, supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        raise find_cut(network)
    if status != solver.OPTIMAL:
        raise EngineFailure(f"OR-Tools stopped with status {status}")
    flow = network.lower.copy()
    if len(open_arcs):
        flow[open_arcs] += solver.flows(np.arange(len(open_arcs), dtype=np.int32))
    return flow


ENGINES: dict[str, Engine] = {"networkx": solve_with_networkx, "ortools": solve_with_ortools}


def choose(name: str | None, edges: int) -> tuple[str, Engine]:
    """The engine of that name, or by the number of eligible pairs when the name is None. Raises UnknownEngine."""
    if name is None:
        name = "networkx" if edges <= SMALL else "ortools"
    try:
        return name, ENGINES[name]
    except KeyError:
        raise UnknownEngine(f"no engine {name!r}; there are: {', '.join(sorted(ENGINES))}") from None


def _supply(network: Network) -> Ints:
    """What the lower bounds bring to each node: they are sent first, the rest must balance it. Shape (N,)."""
    bound = np.flatnonzero(network.lower)
    lower = network.lower[bound]
    arriving = np.bincount(network.head[bound], weights=lower, minlength=network.nodes)
    leaving = np.bincount(network.tail[bound], weights=lower, minlength=network.nodes)
    return (arriving - leaving).astype(np.int64)  # exact: sums of bounds stay far below 2^53


def find_cut(network: Network) -> Infeasible:
    """The minimum cut that shows why the lower bounds cannot be met, as an exception to raise.

    Raises EngineFailure when there is no such cut, which would mean that the engine was wrong.
    """
    found = cut_of(network)
    if found is None:
        raise EngineFailure("the engine called a feasible problem infeasible")
    return found


def cut_of(network: Network) -> Infeasible | None:
    """The minimum cut that shows why the lower bounds cannot be met, None when they can."""
    supply = _supply(network)
    source, sink = network.nodes, network.nodes + 1
    surplus, deficit = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
    solver = max_flow.SimpleMaxFlow()
    free = network.upper - network.lower
    for tail, head, capacity in (
        (network.tail, network.head, free),
        (np.full(len(surplus), source), surplus, supply[surplus]),
        (deficit, np.full(len(deficit), sink), -supply[deficit]),
    ):
        solver.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), capacity)
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise EngineFailure("OR-Tools found no maximum flow")
    shortfall = int(supply[surplus].sum()) - int(solver.optimal_flow())
    if shortfall <= 0:
        return None
    inside = np.zeros(network.nodes + 2, np.bool_)
    inside[np.asarray(solver.get_source_side_min_cut(), dtype=np.int64)] = True
    return Infeasible(inside[: network.nodes], shortfall)
