"""The matcher against its peers, side by side in one run: ratios, because seconds belong to a machine.

Every figure of docs/benchmarks.md is written by `python -m matching bench`; whether all found the same optimum is
checked in the same run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import matching
from matching import bench_instances, network, resolve
from matching.bench_peers import Peer, assignment_service, bare_ortools, highs, network_simplex
from matching.explain_all import pair_of
from matching.implicit import Implicit
from matching.implicit_files import write_implicit
from matching.price_out import solve_all
from matching.problem import Problem
from matching.resolve_all import what_if
from matching.settled import settle
from matching.solve import Solution
from matching.verify import check, read_claim, read_rules

_CHANGES = 40  # pins and bans in a row
_GIB = 2**20  # in the KiB of getrusage
_COMMAND = (
    "import resource, sys\nfrom matching.__main__ import main\nstatus = main(sys.argv[1:])\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\nsys.exit(status)"
)


@dataclass(frozen=True)
class Row:
    """One comparison: what on what, against whom, median seconds of both, what they agree on, and the goal as a ratio.

    `ours` ÷ `theirs` is at most `goal`, or at least 1 ÷ it where the peer is the slow one.
    """

    instance: str
    peer: str
    ours: float
    theirs: float
    agree: str
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


@dataclass(frozen=True)
class Sizes:
    """How large the instances of one scale are, and how often the small ones are measured."""

    growth: tuple[int, ...]
    dense: tuple[int, int]
    sparse: int
    county: tuple[int, int]
    nation: tuple[int, int]
    repeats: int


SIZES = {
    "full": Sizes((50, 500, 5_000, 50_000), (400, 1_000), 3_000, (1_300, 1_400), (127_000, 139_000), 5),
    "quick": Sizes((10, 40), (20, 30), 60, (40, 50), (220, 240), 1),
}


class Disagreement(RuntimeError):
    """A certificate that does not hold: nothing is worth measuring then."""


# --- clocks -------------------------------------------------------------------------------------------------------


def _timed(call: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    value = call()
    return time.perf_counter() - began, value


def _proven(problem: Problem) -> tuple[float, int]:
    """Seconds of solve + prices + verification, and the optimum; reading and writing files is not counted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        digest = matching.write_problem(problem, folder / "in")
        rules = read_rules(folder / "in")
        began = time.perf_counter()
        solution = matching.solve(problem)
        seconds = time.perf_counter() - began
        matching.write_solution(solution, folder / "out", digest)
        claim = read_claim(folder / "out")
        began = time.perf_counter()
        verdict = check(rules, claim)
        seconds += time.perf_counter() - began
    if not verdict.ok:
        raise Disagreement(verdict.refutations[0])
    return seconds, solution.objective


def _agree(ours: int, theirs: int) -> str:
    return "equal optimum" if ours == theirs else f"DIFFERS: {theirs} against {ours}"


def compare(
    name: str, problem: Problem, peers: Mapping[str, tuple[Peer, float | None]], repeats: int, note: str = ""
) -> list[Row]:
    """Median times of the matcher, certificate included, and of each peer with its goal, in turns on one instance."""
    net = network.build(problem)
    ours: list[tuple[float, int]] = []
    theirs: dict[str, list[tuple[float, int]]] = {peer: [] for peer in peers}
    for _ in range(repeats):
        ours.append(_proven(problem))
        for peer, (call, _goal) in peers.items():
            theirs[peer].append(_timed(lambda call=call: call(net)))  # type: ignore[misc]
    mine = statistics.median(seconds for seconds, _ in ours)
    return [
        Row(
            name, peer, mine, statistics.median(seconds for seconds, _ in runs), _agree(ours[0][1], runs[0][1]),
            peers[peer][1], note,
        )
        for peer, runs in theirs.items()
    ]  # fmt: skip


# --- what is measured ---------------------------------------------------------------------------------------------


def measure(scale: str, data: Path | None, service: Path | None) -> Iterator[Row]:
    """All comparisons of a scale, one by one. `data` holds conference bids, `service` a checkout of a peer."""
    sizes = SIZES[scale]
    for size in sizes.growth:
        problem = bench_instances.listed(size, size, min(10, size))
        yield from compare(
            f"growth, {2 * size:,} nodes", problem, {"bare OR-Tools": (bare_ortools, None)}, sizes.repeats
        )
    small, large = (bench_instances.listed(size, size, size) for size in sizes.dense)
    programme = {"bare OR-Tools": (bare_ortools, None), "SciPy HiGHS": (highs, None)}
    yield from compare(f"{sizes.dense[0]:,} × {sizes.dense[0]:,} dense", small, programme, 1)
    name = f"{sizes.dense[1]:,} × {sizes.dense[1]:,} dense"
    yield from compare(name, large, {"bare OR-Tools": (bare_ortools, 1.5)}, sizes.repeats)
    sparse = bench_instances.listed(sizes.sparse, sizes.sparse, 20)
    name = f"{sizes.sparse:,} × {sizes.sparse:,}, 20 candidates each"
    yield from compare(name, sparse, {"bare OR-Tools": (bare_ortools, None)}, sizes.repeats)
    yield from compare(name, sparse, {"networkx.network_simplex": (network_simplex, 1 / 25)}, 1)
    yield from _conference(data, service, sizes.repeats)
    yield _changes("county size", bench_instances.listed(*sizes.county, 30), None, " (the goal is 0.1 s)")
    yield from _nation(*sizes.nation)
    yield _over_all_pairs(*sizes.nation)
    yield _changes_over_all_pairs(*sizes.nation)
    yield _from_random_pairs(*(max(size // 10, 20) for size in sizes.nation))


def _conference(data: Path | None, service: Path | None, repeats: int) -> Iterator[Row]:
    """Bids of a real conference, at least eight papers a reviewer."""
    if data is None or not (data / "aamas2015.in").exists():
        print("AAMAS 2015 bids: not measured, no folder with them was named (--data)", file=sys.stderr)
        return
    problem = bench_instances.bids(data / "aamas2015.in", 8, 12)
    peers: dict[str, tuple[Peer, float | None]] = {"bare OR-Tools": (bare_ortools, None), "SciPy HiGHS": (highs, None)}
    yield from compare("AAMAS 2015 bids, minimum 8", problem, peers, repeats)
    if service is None:
        print("openreview-matcher: not measured, no checkout was named (--service)", file=sys.stderr)
        return
    seconds, optimum = _proven(problem)
    theirs, found = _timed(lambda: assignment_service(service, problem)(network.build(problem)))
    share = f"the peer reaches {100 * found / optimum:.2f} % of the optimum"
    yield Row("AAMAS 2015 bids, minimum 8", "openreview-matcher", seconds, theirs, share)


def _changes(name: str, problem: Problem, goal: float | None, note: str = "") -> Row:
    """Pins and bans in a row, each answered by repair, against a full solve; the last answer is solved afresh too."""
    began = time.perf_counter()
    solution = matching.solve(problem)
    full = time.perf_counter() - began
    standing = matching.Standing(solution)
    random = np.random.default_rng(bench_instances.SEED)
    times = []
    for turn in range(_CHANGES):
        edges = standing.solution.picked if turn % 2 else np.arange(problem.edges)
        edge = int(random.choice(edges))
        pair = (
            str(problem.helper_ids[problem.edge_helper[edge]]),
            str(problem.recipient_ids[problem.edge_recipient[edge]]),
        )
        began = time.perf_counter()
        answer = standing.ban(*pair) if turn % 2 else standing.pin(*pair)
        times.append(time.perf_counter() - began)
        if answer.status != "optimal":  # one pin too many at the same place
            standing.release(*pair)
    fresh = matching.solve(standing.solution.problem).objective
    note = f"slowest {max(times):.3f} s{note}"
    agree = _agree(standing.solution.objective, fresh)
    return Row(f"one pin or ban, {name}", "a full solve", statistics.median(times), full, agree, goal, note)


def _nation(helpers: int, recipients: int) -> Iterator[Row]:
    problem = bench_instances.listed(helpers, recipients, 30)
    name = f"{helpers:,} × {recipients:,}, 30 candidates each"
    bare: dict[str, tuple[Peer, float | None]] = {"bare OR-Tools": (bare_ortools, 2.0)}
    yield from compare(name, problem, bare, 1)
    yield _changes("national size", problem, 0.1)
    net = network.build(problem)
    with tempfile.TemporaryDirectory() as folder:
        matching.write_problem(problem, Path(folder) / "in")
        del problem
        ours, peak, objective = _command(Path(folder))
    theirs, optimum = _timed(lambda: bare_ortools(net))
    note = f"peak {peak / _GIB:.2f} GiB; the goal is 4"
    yield Row(
        "the same as a command, files to files", "bare OR-Tools", ours, theirs, _agree(objective, optimum), 4.0, note
    )


def _command(folder: Path) -> tuple[float, int, int]:
    """Seconds, peak memory in KiB and objective of `solve` as a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-c", _COMMAND, "solve", str(folder / "in"), "-o", str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise Disagreement(done.stdout + done.stderr)
    return seconds, int(done.stdout.split()[-1]), int(read_claim(folder / "out").summary["objective"])


def _over_all_pairs(helpers: int, recipients: int) -> Row:
    """The optimum over every pair of eligible blocks as a command, against the bare call on what it listed at last."""
    market = bench_instances.market(helpers, recipients)
    with tempfile.TemporaryDirectory() as folder:
        write_implicit(market, Path(folder) / "in")
        ours, peak, objective = _command(Path(folder))
    listed = solve_all(market).problem  # the same list: nothing is left to chance
    net = network.build(listed)
    theirs, optimum = _timed(lambda: bare_ortools(net))
    note = f"{market.pairs():,} pairs, files to files, peak {peak / _GIB:.2f} GiB; the goal is 6"
    name = f"{helpers:,} × {recipients:,}, all eligible pairs"
    peer = f"bare OR-Tools on the {listed.edges:,} pairs listed in the end"
    return Row(name, peer, ours, theirs, _agree(objective, optimum), 8.0, note)


def _changes_over_all_pairs(helpers: int, recipients: int) -> Row:
    """Pins and bans over every pair of eligible blocks, each by itself; the last answer is solved afresh too."""
    one = bench_instances.register(helpers, recipients)
    full, solution = _clocked(lambda: solve_all(one))
    settled = settle(one, solution)
    random = np.random.default_rng(bench_instances.SEED)
    times, worth = [], solution.objective
    for turn in range(_CHANGES // 4):
        key = int(random.choice(settled.picked)) if turn % 2 else _any_pair(one, random)
        change = resolve.Pair("ban" if turn % 2 else "pin", *pair_of(settled, key))
        began = time.perf_counter()
        worth = what_if(settled, [change]).objective
        times.append(time.perf_counter() - began)
    listed = one.listing(np.array([key])).with_edge_state({0: matching.BANNED})
    fresh = solve_all(replace(one, problem=listed)).objective
    name = f"one pin or ban, {helpers:,} × {recipients:,}, all eligible pairs"
    note = f"slowest {max(times):.3f} s (the goal is 5 s), {one.pairs():,} pairs"
    return Row(name, "a full solve", statistics.median(times), full, _agree(worth, fresh), 0.1, note)


def _clocked(call: Callable[[], Solution]) -> tuple[float, Solution]:
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found


def _any_pair(one: Implicit, random: np.random.Generator) -> int:
    """The key of an eligible pair."""
    while True:
        helper, recipient = (random.integers(0, many, 1) for many in (one.problem.helpers, one.problem.recipients))
        if one.covers(helper, recipient)[0]:
            return int(one.key(helper, recipient)[0])


def _from_random_pairs(helpers: int, recipients: int) -> Row:
    """The optimum over all eligible pairs from a first list at random, against that from estimated prices."""
    market = bench_instances.market(helpers, recipients)
    random = np.random.default_rng(bench_instances.SEED)
    helper = np.repeat(np.arange(helpers), 40)
    recipient = random.integers(0, recipients, len(helper))
    inside = market.covers(helper, recipient)
    start = np.unique(market.key(helper[inside], recipient[inside]))
    theirs, optimum = _timed(lambda: solve_all(market, start=start).objective)
    ours, objective = _timed(lambda: solve_all(market).objective)
    name = f"{helpers:,} × {recipients:,}, all eligible pairs"
    return Row(name, "the same from a random first list", ours, theirs, _agree(objective, optimum))


__all__ = ["SIZES", "Disagreement", "Row", "compare", "measure"]
