"""The peers that the matcher is measured against, each called on the very same arrays."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import linprog
from scipy.sparse import csr_array

from matching.network import Network
from matching.problem import Problem

Peer = Callable[[Network], int]


def bare_ortools(net: Network) -> int:
    """The bare OR-Tools call: no certificate. Returns the optimum; raises RuntimeError when there is none."""
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(net.tail, net.head, net.upper - net.lower, -net.value)
    supply = np.bincount(net.head, net.lower, net.nodes) - np.bincount(net.tail, net.lower, net.nodes)
    solver.set_nodes_supplies(np.arange(net.nodes, dtype=np.int32), supply.astype(np.int64))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("OR-Tools found no optimum")
    return int((net.value * net.lower).sum()) - int(solver.optimal_cost())


def network_simplex(net: Network) -> int:
    """networkx on a multigraph of its own making, which it needs."""
    graph = nx.MultiDiGraph()
    supply = np.bincount(net.tail, net.lower, net.nodes) - np.bincount(net.head, net.lower, net.nodes)
    graph.add_nodes_from((node, {"demand": int(demand)}) for node, demand in enumerate(supply))
    columns = (net.tail, net.head, net.upper - net.lower, net.value)
    for tail, head, room, value in zip(*(column.tolist() for column in columns), strict=True):
        graph.add_edge(tail, head, capacity=room, weight=-value)
    cost, _ = nx.network_simplex(graph)
    return int((net.value * net.lower).sum()) - int(cost)


def highs(net: Network) -> int:
    """SciPy's HiGHS on the circulation as a linear programme."""
    arcs, ones = np.arange(len(net.tail)), np.ones(len(net.tail))
    shape = (net.nodes, len(arcs))
    balance = csr_array((ones, (net.head, arcs)), shape=shape) - csr_array((ones, (net.tail, arcs)), shape=shape)
    bounds = np.stack([net.lower, net.upper], axis=1)
    found = linprog(-net.value.astype(float), A_eq=balance, b_eq=np.zeros(net.nodes), bounds=bounds)
    return round(-float(found.fun))


@dataclass
class _Encoder:
    """What the assignment service's solvers read their matrices from."""

    cost_matrix: np.ndarray
    constraint_matrix: np.ndarray


def assignment_service(checkout: Path, problem: Problem) -> Peer:
    """openreview-matcher's MinMaxSolver, from a checkout of its repository, on a dense problem of bids.

    Its package imports a commercial solver; only the two modules needed are loaded.
    """
    sys.path.insert(0, str(checkout))
    for name, folder in (("matcher", checkout / "matcher"), ("matcher.solvers", checkout / "matcher" / "solvers")):
        stub = ModuleType(name)
        stub.__path__ = [str(folder)]
        sys.modules[name] = stub
    solver = importlib.import_module("matcher.solvers.minmax_solver").MinMaxSolver
    shape = (problem.recipients, problem.helpers)
    score = np.zeros(shape)
    score[problem.edge_recipient, problem.edge_helper] = problem.edge_score

    def call(_: Network) -> int:
        run = solver(
            problem.helper_min.tolist(),
            problem.helper_max.tolist(),
            problem.recipient_min.tolist(),
            _Encoder(-score, np.zeros(shape)),
            allow_zero_score_assignments=True,
        )
        picked = np.asarray(run.solve())
        degree = picked.sum(axis=0)
        if not run.solved or (degree < problem.helper_min).any() or (picked.sum(axis=1) < problem.recipient_min).any():
            raise RuntimeError("the assignment service left a bound unmet")
        return int((picked * score).sum())

    return call
