"""The matcher against its peers, side by side in one run: ratios, because seconds belong to a machine.

Every figure times solve + prices + verification of the matcher against the bare call of a peer on the same arrays, and
checks that both find the same optimum. `python -m matching.bench -o docs/benchmarks.md` writes the table.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

import matching
from matching import network
from matching.network import Network
from matching.problem import Problem

REPEATS = 3
SEED = 20170623


@dataclass(frozen=True)
class Row:
    """One comparison: who, on what, median seconds of both, and how the objectives compare."""

    instance: str
    peer: str
    ours: float
    theirs: float
    agree: str

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def random_problem(size: int, candidates: int) -> Problem:
    """`size` helpers and as many recipients, each helper eligible for `candidates` of them, from a fixed seed."""
    random = np.random.default_rng(SEED)
    recipients = np.argsort(random.random((size, size)), axis=1)[:, :candidates] if candidates < size else None
    chosen = recipients if recipients is not None else np.tile(np.arange(size), (size, 1))
    names = [f"{i:06d}" for i in range(size)]
    return matching.build(
        helpers=[{"id": f"h{name}", "max": 2} for name in names],
        recipients=[{"id": f"r{name}", "max": 2, "coverage": [20000, 4000]} for name in names],
        edges=[
            {"helper": f"h{names[h]}", "recipient": f"r{names[r]}", "score": int(score)}
            for h, (row, scores) in enumerate(zip(chosen, random.integers(0, 10001, chosen.shape), strict=True))
            for r, score in zip(row, scores, strict=True)
        ],
    )


def bids(path: Path, minimum: int) -> Problem:
    """Conference bids as a problem: 3 reviewers a paper, at least `minimum` and at most 12 papers a reviewer.

    Similarities become scores of a ten-thousandth; the shape of the file is described in shared data's README.
    """
    lines = path.read_text().split("\n")
    papers, reviewers = map(int, lines[0].split())
    scores = np.array([line.split() for line in lines[1 : papers + 1]], float)
    return matching.build(
        helpers=[{"id": f"v{i:05d}", "min": minimum, "max": 12} for i in range(reviewers)],
        recipients=[{"id": f"p{i:05d}", "min": 3, "max": 3} for i in range(papers)],
        edges=[
            {"helper": f"v{r:05d}", "recipient": f"p{p:05d}", "score": round(scores[p, r] * 10_000)}
            for p in range(papers)
            for r in range(reviewers)
        ],
    )


def bare_ortools(net: Network) -> int:
    """The bare OR-Tools call on the same arrays: no certificate, no checks."""
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(net.tail, net.head, net.upper - net.lower, -net.value)
    supply = np.bincount(net.head, net.lower, net.nodes) - np.bincount(net.tail, net.lower, net.nodes)
    solver.set_nodes_supplies(np.arange(net.nodes, dtype=np.int32), supply.astype(np.int64))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("OR-Tools found no optimum")
    return int((net.value * net.lower).sum()) - int(solver.optimal_cost())


def network_simplex(net: Network) -> int:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(net.nodes), demand=0)
    for tail, head, upper, value in zip(
        net.tail.tolist(), net.head.tolist(), net.upper.tolist(), net.value.tolist(), strict=True
    ):
        graph.add_edge(tail, head, capacity=upper, weight=-value)
    cost, _ = nx.network_simplex(graph)
    return -int(cost)


def highs(net: Network) -> int:
    """SciPy's HiGHS on the circulation as a linear programme."""
    arcs = np.arange(len(net.tail))
    ones = np.ones(len(arcs))
    balance = csr_array((ones, (net.head, arcs)), shape=(net.nodes, len(arcs))) - csr_array(
        (ones, (net.tail, arcs)), shape=(net.nodes, len(arcs))
    )
    bounds = np.stack([net.lower, net.upper], axis=1)
    found = linprog(-net.value.astype(float), A_eq=vstack([balance]), b_eq=np.zeros(net.nodes), bounds=bounds)
    return round(-float(found.fun))


def compare(
    name: str, problem: Problem, peers: Mapping[str, Callable[[Network], int]], repeats: int = REPEATS
) -> list[Row]:
    """Median times of the matcher with certificate and of each peer, alternating, on one instance."""
    net = network.build(problem)
    ours = [_timed(lambda: matching.solve(problem).objective) for _ in range(repeats)]
    rows = []
    for peer, call in peers.items():
        theirs = [_timed(lambda call=call: call(net)) for _ in range(repeats)]  # type: ignore[misc]
        agree = "equal optimum" if theirs[0][1] == ours[0][1] else f"DIFFERS: {theirs[0][1]} against {ours[0][1]}"
        rows.append(Row(name, peer, _median(ours), _median(theirs), agree))
    return rows


def _timed(call: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    value = call()
    return time.perf_counter() - began, value


def _median(times: list[tuple[float, int]]) -> float:
    return statistics.median(seconds for seconds, _ in times)


def measure(data: Path | None) -> list[Row]:
    """All comparisons, smallest first; each is announced on standard error."""
    bare = {"bare OR-Tools call": bare_ortools}
    rows: list[Row] = []

    def add(name: str, problem: Problem, peers: Mapping[str, Callable[[Network], int]], repeats: int = REPEATS) -> None:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows.extend(compare(name, problem, peers, repeats))

    for size in (50, 500, 5000, 50_000):
        add(f"growth: {2 * size:,} nodes, 10 candidates each", _sparse(size, 10), bare)
    add("1 000 × 1 000 dense", random_problem(1000, 1000), bare | {"SciPy HiGHS": highs})
    sparse = _sparse(3000, 20)
    add("3 000 × 3 000, 20 candidates each", sparse, bare)
    add("3 000 × 3 000, 20 candidates each", sparse, {"networkx.network_simplex": network_simplex}, repeats=1)
    if data and (data / "aamas2015.in").exists():
        add("AAMAS 2015 bids, minimum 8", bids(data / "aamas2015.in", 8), bare | {"SciPy HiGHS": highs})
    else:
        print("AAMAS 2015 bids: not measured (no data folder)", file=sys.stderr)
    return rows


def _sparse(size: int, candidates: int) -> Problem:
    """Like random_problem without a size × size table."""
    random = np.random.default_rng(SEED)
    picks = [random.choice(size, candidates, replace=False) for _ in range(size)]
    names = [f"{i:06d}" for i in range(size)]
    return matching.build(
        helpers=[{"id": f"h{name}", "max": 2} for name in names],
        recipients=[{"id": f"r{name}", "max": 2, "coverage": [20000, 4000]} for name in names],
        edges=[
            {"helper": f"h{names[h]}", "recipient": f"r{names[r]}", "score": int(random.integers(0, 10001))}
            for h, row in enumerate(picks)
            for r in row
        ],
    )


def report(rows: list[Row]) -> str:
    """The page: how it was measured, on what shape of machine, and the table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Times are medians in one run on one machine; the ratio is what counts.",
        "The matcher's time includes building the network, solving and the prices that prove the optimum;",
        "the peers' is the bare call on the same arrays.",
        f"Machine: {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}.",
        "",
        "| instance | peer | matcher, s | peer, s | matcher ÷ peer | |",
        "|---|---|---:|---:|---:|---|",
        *[
            f"| {row.instance} | {row.peer} | {row.ours:.3f} | {row.theirs:.3f} | {row.ratio:.2f} | {row.agree} |"
            for row in rows
        ],
        "",
        "Not measured yet: the national sizes (127 000 × 139 000, listed and over all eligible pairs),",
        "re-solving after a pin or ban, and the openreview-matcher solvers.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m matching.bench", description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("docs/benchmarks.md"))
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BENCH_DATA", "../shared/data/bench")))
    options = parser.parse_args()
    rows = measure(options.data)
    options.out.write_text(report(rows), encoding="utf-8")
    return int(any(row.agree.startswith("DIFFERS") for row in rows))


if __name__ == "__main__":
    sys.exit(main())
