"""`solve`: from a problem to a proven solution."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import changes, components, engines, fair, network, prices
from matching.problem import Ints, Problem

Progress = Callable[[str, float], None]
PROOF_LISTED, PROOF_ALL = "listed pairs", "all eligible pairs"


class UnsupportedPolicy(ValueError):
    """The policy asks for something this function does not do; nothing is silently left out."""


@dataclass(frozen=True)
class Conflict:
    """Why there is no solution: nodes whose bounds contradict each other, and by how many pairs.

    Each list holds ids; `tiers` holds (helper, tier).
    """

    shortfall: int
    recipients: tuple[str, ...]
    helpers: tuple[str, ...]
    helper_groups: tuple[str, ...]
    recipient_groups: tuple[str, ...]
    tiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Solution:
    """What `solve` found. `status` is "optimal" or "infeasible".

    `picked` (P,) indexes the problem's edges in ascending order. `node_prices` (N,) are the certificate, in the order
    of `network.build(problem)`; Python integers under a policy, else int64. `change_rate` (p, q) is their part under
    `at_most_changes`: a price p on each change against values times q. objective = coverage + fit + stability.
    """

    problem: Problem
    status: str
    picked: Ints
    coverage: int
    fit: int
    stability: int
    node_prices: NDArray[Any]
    proof: str
    engine: str
    seconds: dict[str, float] = field(default_factory=dict)
    conflict: Conflict | None = None
    change_rate: tuple[int, int] | None = None

    @property
    def objective(self) -> int:
        return self.coverage + self.fit + self.stability

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(helper id, recipient id), in the order of the ids."""
        helpers = self.problem.helper_ids[self.problem.edge_helper[self.picked]]
        recipients = self.problem.recipient_ids[self.problem.edge_recipient[self.picked]]
        return list(zip(helpers.tolist(), recipients.tolist(), strict=True))


def value_of(problem: Problem, picked: Ints) -> tuple[int, int, int]:
    """(coverage, fit, stability) of a set of edges, by their definitions."""
    degree = np.bincount(problem.edge_recipient[picked], minlength=problem.recipients)
    length = np.diff(problem.coverage_start)
    prefix = np.concatenate([[0], np.cumsum(problem.coverage)])
    first = problem.coverage_start[:-1]
    coverage = int((prefix[first + np.minimum(degree, length)] - prefix[first]).sum())
    fit = int(problem.edge_score[picked].sum())
    stability = problem.policy.stability * int(problem.edge_incumbent[picked].sum())
    return coverage, fit, stability


def solve(problem: Problem, engine: str | None = None, progress: Progress | None = None) -> Solution:
    """Solve to proven optimality, each independent part by itself.

    `engine` is "ortools", "networkx" or None (by size). `progress(stage, fraction)` is called at each stage.
    Returns a Solution whose status is "infeasible", with its conflict, when the bounds contradict each other.
    Raises UnknownEngine, CostOverflow, TooFewChanges, and UnsupportedPolicy where a limit of changes cannot be proven.
    """
    tell = progress or (lambda stage, fraction: None)
    name, run = engines.choose(engine, problem.edges)
    seconds: dict[str, float] = {}
    if problem.policy.fair or problem.policy.at_most_changes is not None:
        tell("solve", 0.1)
        return _solve_policy(problem, name, run, seconds)
    tell("split", 0.0)
    with Clock(seconds, "split"):
        parts = components.split(problem)
    solutions, done = [], 0.0
    for part in parts:
        share = part.problem.edges / max(problem.edges, 1)
        solutions.append(_solve_part(part.problem, name, run, _within(tell, done, share)))
        done += share
    merged = merge(problem, parts, solutions)
    tell("done", 1.0)
    return replace(merged, seconds=seconds | merged.seconds)


def _within(tell: Progress, done: float, share: float) -> Progress:
    """Progress of one part as progress of the whole."""
    return lambda stage, fraction: tell(stage, done + fraction * share)


def _solve_part(problem: Problem, name: str, run: engines.Engine, tell: Progress) -> Solution:
    """Solve one problem as one network."""
    seconds: dict[str, float] = {}
    with Clock(seconds, "network"):
        tell("network", 0.0)
        net = network.build(problem)
    try:
        with Clock(seconds, "solve"):
            tell("solve", 0.1)
            flow = run(net)
    except engines.Infeasible:
        return infeasible(problem, conflict_in(problem), name, seconds)
    with Clock(seconds, "prices"):
        tell("prices", 0.7)
        node_prices = prices.recover(net, flow)
    picked = np.flatnonzero(flow[: net.edges]).astype(np.int64)
    coverage, fit, stability = value_of(problem, picked)
    return Solution(problem, "optimal", picked, coverage, fit, stability, node_prices, PROOF_LISTED, name, seconds)


def merge(problem: Problem, parts: Sequence[components.Part], solutions: Sequence[Solution]) -> Solution:
    """The solution of the whole from those of its parts, as `components.split` made them.

    Returns "infeasible" with the conflicts of all parts added up when any part is.
    """
    seconds: dict[str, float] = {}
    for name in dict.fromkeys(name for solution in solutions for name in solution.seconds):
        seconds[name] = round(sum(solution.seconds.get(name, 0.0) for solution in solutions), 4)
    if len(parts) == 1:
        return replace(solutions[0], problem=problem, seconds=seconds)
    engine = "+".join(sorted({solution.engine for solution in solutions}))
    if conflicts := [solution.conflict for solution in solutions if solution.conflict]:
        return infeasible(problem, _add_up(conflicts), engine, seconds)
    picked = np.concatenate([part.edges[one.picked] for part, one in zip(parts, solutions, strict=True)])
    return Solution(
        problem,
        "optimal",
        np.sort(picked).astype(np.int64),
        sum(one.coverage for one in solutions),
        sum(one.fit for one in solutions),
        sum(one.stability for one in solutions),
        _merge_prices(problem, parts, solutions),
        PROOF_LISTED,
        engine,
        seconds,
    )


def _merge_prices(problem: Problem, parts: Sequence[components.Part], solutions: Sequence[Solution]) -> Ints:
    """Every part has its root at 0; what stands in no part costs what the node above it costs."""
    hg, rg = len(problem.helper_groups), len(problem.recipient_groups)
    group_prices, recipient_group_prices = np.zeros(hg, np.int64), np.zeros(rg, np.int64)
    helper, recipient = np.zeros(problem.helpers, np.int64), np.zeros(problem.recipients, np.int64)
    told = []
    for part, solution in zip(parts, solutions, strict=True):
        rows = (part.helper_groups, part.recipient_groups, part.helpers, part.recipients)
        ends = np.cumsum([1, *(len(one) for one in rows)])
        _, *pieces, tiers = np.split(solution.node_prices, ends)
        for into, at, piece in zip(
            (group_prices, recipient_group_prices, helper, recipient), rows, pieces, strict=True
        ):
            into[at] = piece
        told.append((part.tiers, tiers))
    tier = helper[problem.tiers.helper]
    for at, piece in told:
        tier[at] = piece
    return np.concatenate([np.zeros(1, np.int64), group_prices, recipient_group_prices, helper, recipient, tier])


def _add_up(conflicts: Sequence[Conflict]) -> Conflict:
    """Conflicts of independent parts side by side, the ids in order."""
    return Conflict(
        shortfall=sum(one.shortfall for one in conflicts),
        recipients=tuple(sorted(name for one in conflicts for name in one.recipients)),
        helpers=tuple(sorted(name for one in conflicts for name in one.helpers)),
        helper_groups=tuple(sorted(name for one in conflicts for name in one.helper_groups)),
        recipient_groups=tuple(sorted(name for one in conflicts for name in one.recipient_groups)),
        tiers=tuple(sorted(name for one in conflicts for name in one.tiers)),
    )


def _solve_policy(problem: Problem, name: str, run: engines.Engine, seconds: dict[str, float]) -> Solution:
    """Solve under a policy that ties independent parts together."""
    policy = problem.policy
    rate: tuple[int, int] | None = None
    price: NDArray[Any]
    try:
        with Clock(seconds, "solve"):
            if policy.at_most_changes is None:
                picked, price = fair.solve_fair(problem, run)
            elif policy.fair:
                raise UnsupportedPolicy("policy: fair and at_most_changes together are not solved")
            else:
                found = changes.within(problem, policy.at_most_changes, run)
                if not found.proven:
                    raise UnsupportedPolicy(_unproven(found))
                picked, price, rate = found.picked, found.node_prices, found.rate
    except engines.Infeasible:
        return infeasible(problem, conflict_in(problem), name, seconds)
    values = value_of(problem, picked)
    return Solution(problem, "optimal", picked, *values, price, PROOF_LISTED, name, seconds, change_rate=rate)


def _unproven(found: changes.Within) -> str:
    return (
        f"policy.at_most_changes {found.k}: the best found is worth {found.objective}, {found.bound} is conceivable;"
        " it is not proven. matching.changes.curve tells which numbers of changes are"
    )


def infeasible(problem: Problem, conflict: Conflict, engine: str, seconds: dict[str, float]) -> Solution:
    empty = np.array([], np.int64)
    return Solution(problem, "infeasible", empty, 0, 0, 0, empty, "", engine, seconds, conflict)


def conflict_in(problem: Problem) -> Conflict:
    """What contradicts itself in an infeasible problem, component by component.

    One cut through everything would show only one kind of conflict, too much forced or too much demanded; apart, each
    component shows its own.
    """
    found = []
    for part in components.split(problem, enough=0):
        net = network.build(part.problem)
        cut = engines.cut_of(net)
        if cut:
            found.append(conflict_of(part.problem, net, cut))
    return _add_up(found)


def conflict_of(problem: Problem, net: network.Network, refusal: engines.Infeasible) -> Conflict:
    """Name the nodes on the side of the cut that does not hold the root."""
    inside = refusal.inside if not refusal.inside[0] else ~refusal.inside
    named = [net.name_of(problem, int(node)) for node in np.flatnonzero(inside)]
    return Conflict(
        shortfall=refusal.shortfall,
        recipients=tuple(one for kind, _, one, _ in named if kind == "recipient"),
        helpers=tuple(one for kind, _, one, _ in named if kind == "helper"),
        helper_groups=tuple(one for kind, side, one, _ in named if kind == "group" and side == "helper"),
        recipient_groups=tuple(one for kind, side, one, _ in named if kind == "group" and side == "recipient"),
        tiers=tuple((one, tier) for kind, _, one, tier in named if kind == "helper_tier"),
    )


class Clock:
    """Adds the seconds of a block of code to those spent under a name before."""

    def __init__(self, into: dict[str, float], name: str) -> None:
        self.into, self.name = into, name

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        spent = time.perf_counter() - self.began
        self.into[self.name] = round(self.into.get(self.name, 0.0) + spent, 4)


__all__ = [
    "PROOF_ALL",
    "PROOF_LISTED",
    "Clock",
    "Conflict",
    "Solution",
    "UnsupportedPolicy",
    "conflict_in",
    "conflict_of",
    "infeasible",
    "merge",
    "solve",
    "value_of",
]
