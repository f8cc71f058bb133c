"""`solve`: from a problem to a proven solution."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matching import engines, network, prices
from matching.problem import Ints, Problem

Progress = Callable[[str, float], None]
PROOF_LISTED = "listed pairs"


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
    of `network.build(problem)`. objective = coverage + fit + stability.
    """

    problem: Problem
    status: str
    picked: Ints
    coverage: int
    fit: int
    stability: int
    node_prices: Ints
    proof: str
    engine: str
    seconds: dict[str, float] = field(default_factory=dict)
    conflict: Conflict | None = None

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
    """Solve to proven optimality.

    `engine` is "ortools", "networkx" or None (by size). `progress(stage, fraction)` is called at each stage.
    Returns a Solution whose status is "infeasible", with its conflict, when the bounds contradict each other.
    Raises UnknownEngine, CostOverflow and UnsupportedPolicy.
    """
    tell = progress or (lambda stage, fraction: None)
    _refuse_unsupported(problem)
    seconds: dict[str, float] = {}
    with _Clock(seconds, "network"):
        tell("network", 0.0)
        net = network.build(problem)
        name, run = engines.choose(engine, net)
    try:
        with _Clock(seconds, "solve"):
            tell("solve", 0.1)
            flow = run(net)
    except engines.Infeasible as refusal:
        return _infeasible(problem, net, refusal, name, seconds)
    with _Clock(seconds, "prices"):
        tell("prices", 0.7)
        node_prices = prices.recover(net, flow)
    picked = np.flatnonzero(flow[: net.edges]).astype(np.int64)
    tell("done", 1.0)
    coverage, fit, stability = value_of(problem, picked)
    return Solution(problem, "optimal", picked, coverage, fit, stability, node_prices, PROOF_LISTED, name, seconds)


def _refuse_unsupported(problem: Problem) -> None:
    if problem.policy.fair:
        raise UnsupportedPolicy("policy.fair is not solved by this function")
    if problem.policy.at_most_changes is not None:
        raise UnsupportedPolicy("policy.at_most_changes is not solved by this function")


def _infeasible(
    problem: Problem, net: network.Network, refusal: engines.Infeasible, engine: str, seconds: dict[str, float]
) -> Solution:
    empty = np.array([], np.int64)
    conflict = conflict_of(problem, net, refusal)
    return Solution(problem, "infeasible", empty, 0, 0, 0, empty, "", engine, seconds, conflict)


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


class _Clock:
    def __init__(self, into: dict[str, float], name: str) -> None:
        self.into, self.name = into, name

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.into[self.name] = round(time.perf_counter() - self.began, 4)


__all__ = ["PROOF_LISTED", "Conflict", "Solution", "UnsupportedPolicy", "conflict_of", "solve", "value_of"]
