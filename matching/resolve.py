"""A standing optimum: after a pin, a ban or another bound it is repaired by shortest augmenting cycles, not recomputed.

Example::

    standing = Standing(matching.solve(problem))
    standing.ban("A", "x").objective      # the optimum without A – x
    standing.apply(Pair("pin", "B", "x"), Bound("helper", "B", max=3))

Every answer is a Solution with prices of its own, as `solve` would have given it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from matching import network
from matching.problem import BANNED, FREE, LOCKED, NO_LIMIT, Ints, Problem, find
from matching.repair import Blocked, Repair
from matching.residual import flow_of
from matching.solve import Solution, UnsupportedPolicy, conflict_in, infeasible, value_of
from matching.tables import ProblemError

Kind = Literal["helper", "recipient", "helper group", "recipient group", "tier"]
STATES_BY_VERB = {"pin": LOCKED, "ban": BANNED, "release": FREE}


@dataclass(frozen=True)
class Pair:
    """A pair becomes locked ("pin"), banned ("ban") or free again ("release")."""

    verb: Literal["pin", "ban", "release"]
    helper: str
    recipient: str


@dataclass(frozen=True)
class Bound:
    """Other bounds; None leaves one as it is. `id` names a helper for a tier bound, whose `tier` says which."""

    kind: Kind
    id: str
    min: int | None = None
    max: int | None = None
    tier: str = ""


Change = Pair | Bound
_ArcBounds = tuple[int, int, int]  # arc, lower, upper


class Standing:
    """An optimal solution that stays optimal while its problem changes a little; `solution` is the present one."""

    def __init__(self, solution: Solution) -> None:
        """Raises ValueError for an infeasible solution and UnsupportedPolicy under `fair` or `at_most_changes`."""
        problem = solution.problem
        if solution.status != "optimal":
            raise ValueError("only an optimal solution can stand")
        if problem.policy.fair or problem.policy.at_most_changes is not None:
            raise UnsupportedPolicy("a solution under fair or at_most_changes cannot be repaired; solve again")
        self.solution = solution
        self._net = network.build(problem, spare=True)
        self._repair = Repair(self._net, flow_of(self._net, solution), solution.node_prices)

    def pin(self, helper: str, recipient: str) -> Solution:
        return self.apply(Pair("pin", helper, recipient))

    def ban(self, helper: str, recipient: str) -> Solution:
        return self.apply(Pair("ban", helper, recipient))

    def release(self, helper: str, recipient: str) -> Solution:
        return self.apply(Pair("release", helper, recipient))

    def apply(self, *changes: Change) -> Solution:
        """Make all these changes and return the optimum that then stands; when infeasible, what stood stands on."""
        began = time.perf_counter()
        problem = self.solution.problem
        targets: dict[int, tuple[int, int]] = {}
        for change in changes:
            problem, arcs = self._state(problem, change) if isinstance(change, Pair) else self._bound(problem, change)
            targets |= {arc: (lower, upper) for arc, lower, upper in arcs}
        try:
            self._move([(arc, lower, upper) for arc, (lower, upper) in targets.items()])
        except Blocked:
            self._repair.take_back()
            seconds = {"repair": round(time.perf_counter() - began, 4)}
            return infeasible(problem, conflict_in(problem), "repair", seconds)
        self.solution = self._read(problem, began)
        return self.solution

    def _move(self, targets: Sequence[_ArcBounds]) -> None:
        """Widen all bounds first, then narrow them: what is feasible in the end is then feasible all the way."""
        repair = self._repair
        repair.mark()
        for arc, lower, upper in targets:
            repair.set_bounds(arc, min(lower, int(repair.lower[arc])), max(upper, int(repair.upper[arc])))
        for arc, lower, upper in targets:
            repair.set_bounds(arc, lower, upper)

    def _read(self, problem: Problem, began: float) -> Solution:
        repair = self._repair
        picked = np.flatnonzero(repair.flow[: self._net.edges]).astype(np.int64)
        coverage, fit, stability = value_of(problem, picked)
        return replace(
            self.solution, problem=problem, picked=picked, coverage=coverage, fit=fit, stability=stability,
            node_prices=repair.price - repair.price[0], engine="repair",
            seconds={"repair": round(time.perf_counter() - began, 4)},
        )  # fmt: skip

    def _state(self, problem: Problem, change: Pair) -> tuple[Problem, list[_ArcBounds]]:
        edge, state = problem.find_edge(change.helper, change.recipient), STATES_BY_VERB[change.verb]
        return problem.with_edge_state({edge: state}), [(edge, int(state == LOCKED), int(state != BANNED))]

    def _bound(self, problem: Problem, change: Bound) -> tuple[Problem, list[_ArcBounds]]:
        row, (low, high) = _row(problem, change), _bounds_of(problem, change.kind)
        low, high = low.copy(), high.copy()
        low[row] = low[row] if change.min is None else change.min
        high[row] = high[row] if change.max is None else change.max
        if not 0 <= low[row] <= high[row] <= NO_LIMIT:
            raise ProblemError(change.kind, None, None, change.id, f"bounds {low[row]} to {high[row]} cannot be")
        changed = _with_bounds(problem, change.kind, low, high)
        return changed, list(self._arcs(change.kind, row, int(low[row]), int(high[row])))

    def _arcs(self, kind: Kind, row: int, low: int, high: int) -> Iterator[_ArcBounds]:
        net, most = self._net, self._net.edges + 1
        first = {
            "helper": net.first_helper, "recipient": net.first_recipient, "helper group": net.first_helper_group,
            "recipient group": net.first_recipient_group, "tier": net.first_tier,
        }[kind]  # fmt: skip
        side = self._repair.leaving if kind.startswith("recipient") else self._repair.entering
        *units, rest = side.of(np.array([first + row]))[0].tolist()
        for rank, arc in enumerate(units):  # a recipient's coverage values, in their order
            yield arc, int(rank < low), int(rank < high)
        lower = max(low - len(units), 0)
        yield rest, lower, max(min(high - len(units), most), lower)


def _row(problem: Problem, change: Bound) -> int:
    """The row that a change of bounds means. Raises KeyError."""
    ids = {
        "helper": problem.helper_ids, "recipient": problem.recipient_ids, "helper group": problem.helper_groups.ids,
        "recipient group": problem.recipient_groups.ids, "tier": problem.helper_ids,
    }[change.kind]  # fmt: skip
    row = find(ids, change.id)
    if row < 0:
        raise KeyError(f"no {change.kind} {change.id!r}")
    if change.kind != "tier":
        return row
    names = np.array([*problem.tier_names, ""])
    for at in np.flatnonzero((problem.tiers.helper == row) & (names[problem.tiers.tier] == change.tier)):
        return int(at)
    raise KeyError(f"helper {change.id!r} has no bound on tier {change.tier!r}")


def _bounds_of(problem: Problem, kind: Kind) -> tuple[Ints, Ints]:
    match kind:
        case "helper":
            return problem.helper_min, problem.helper_max
        case "recipient":
            return problem.recipient_min, problem.recipient_max
        case "helper group":
            return problem.helper_groups.min, problem.helper_groups.max
        case "recipient group":
            return problem.recipient_groups.min, problem.recipient_groups.max
        case "tier":
            return problem.tiers.min, problem.tiers.max


def _with_bounds(problem: Problem, kind: Kind, low: Ints, high: Ints) -> Problem:
    match kind:
        case "helper":
            return replace(problem, helper_min=low, helper_max=high, input_sha256="")
        case "recipient":
            return replace(problem, recipient_min=low, recipient_max=high, input_sha256="")
        case "helper group":
            return replace(problem, helper_groups=replace(problem.helper_groups, min=low, max=high), input_sha256="")
        case "recipient group":
            groups = replace(problem.recipient_groups, min=low, max=high)
            return replace(problem, recipient_groups=groups, input_sha256="")
        case "tier":
            return replace(problem, tiers=replace(problem.tiers, min=low, max=high), input_sha256="")
