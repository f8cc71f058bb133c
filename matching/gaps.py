"""What stands in the way: the smallest set of bounds in conflict, the cheapest relaxation, who is left uncovered.

An infeasible problem has a node set that must take in more than can leave it (Hoffman 1960); a minimum cut finds one,
a deletion filter makes it minimal. The relaxation is one minimum-cost flow where each missing or excess unit costs 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import engines
from matching import network as networks
from matching.network import Network
from matching.problem import BANNED, NO_LIMIT, Ints, Policy, Problem

Mask = NDArray[np.bool_]

# Kinds of bounds in the order of their arcs, with the two arrays of the problem that hold them.
KINDS = ("helper_group", "helper", "helper_tier", "recipient", "recipient_group")
PAIR = "pair"
EFFORT = 100_000_000  # arcs that the search for a minimal conflict may run over: minutes, never hours


@dataclass(frozen=True)
class Bound:
    """One requirement of a problem. `end` is "min", "max" or, for a pair, "locked".

    `id` names the helper, recipient or group; `other` the tier of a "helper_tier" and the recipient of a "pair".
    """

    kind: str
    id: str
    other: str
    end: str
    value: int


@dataclass(frozen=True)
class MinimalConflict:
    """Bounds that cannot all hold, though any of them could be dropped to make the rest feasible.

    `needed` pairs are demanded by the minima and locks among them; the maxima leave room for `room` of them and another
    `crossing` could come from eligible pairs that no maximum counts. needed > room + crossing.
    Not `minimal`: the search reached its limit; the bounds do contradict each other, but perhaps fewer of them would.
    """

    bounds: tuple[Bound, ...]
    needed: int
    room: int
    crossing: int
    minimal: bool = True

    @property
    def shortfall(self) -> int:
        return self.needed - self.room - self.crossing


@dataclass(frozen=True)
class Relaxed:
    """One bound that moves from its `value` to `to`."""

    bound: Bound
    to: int


@dataclass(frozen=True)
class Relaxation:
    """Bounds to move so that a solution exists; no set of moves costs less. Locked and banned pairs never change.

    `cost` is the number of units by which minima fall and maxima rise, all together.
    """

    changes: tuple[Relaxed, ...]
    cost: int


@dataclass(frozen=True)
class Gaps:
    """What stands between a problem and everyone being served.

    Infeasible: `conflict` and `relaxation`. Always: `without_candidates`, recipients with no eligible pair, and
    `single_helper`, (recipient, helper) where there is only that one. Feasible: `uncovered`, recipients to whom the
    proven optimum gives nobody.
    """

    conflict: MinimalConflict | None
    relaxation: Relaxation | None
    uncovered: tuple[str, ...]
    without_candidates: tuple[str, ...]
    single_helper: tuple[tuple[str, str], ...]

    @property
    def feasible(self) -> bool:
        return self.conflict is None


def gaps(problem: Problem) -> Gaps:
    """Say what stands in the way. Cost: a solve when feasible, else that of `minimal_conflict`."""
    from matching.solve import solve  # the writer of solutions asks this module about conflicts

    able = problem.edge_state != BANNED
    candidates = np.bincount(problem.edge_recipient[able], minlength=problem.recipients)
    none = tuple(problem.recipient_ids[candidates == 0].tolist())
    edges = np.flatnonzero(able & (candidates[problem.edge_recipient] == 1))
    edges = edges[np.argsort(problem.edge_recipient[edges], kind="stable")]
    helpers, recipients = (
        problem.helper_ids[problem.edge_helper[edges]],
        problem.recipient_ids[problem.edge_recipient[edges]],
    )
    single = tuple(zip(recipients.tolist(), helpers.tolist(), strict=True))
    conflict = minimal_conflict(problem)
    if conflict:
        return Gaps(conflict, cheapest_relaxation(problem), (), none, single)
    # Who is served depends on the objective alone here: fairness and change limits have answers of their own.
    solution = solve(replace(problem, policy=Policy(stability=problem.policy.stability)))
    degree = np.bincount(problem.edge_recipient[solution.picked], minlength=problem.recipients)
    return Gaps(None, None, tuple(problem.recipient_ids[degree == 0].tolist()), none, single)


# --- the smallest conflict ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Set:
    """Which lower and which upper bounds are enforced. Shapes: (A,), over the arcs of the bare network."""

    low: Mask
    high: Mask

    def without(self, dropped: list[tuple[int, str]]) -> _Set:
        low, high = self.low.copy(), self.high.copy()
        low[[arc for arc, end in dropped if end == "min"]] = False
        high[[arc for arc, end in dropped if end == "max"]] = False
        return _Set(low, high)

    def among(self, some: list[tuple[int, str]]) -> list[tuple[int, str]]:
        return [(arc, end) for arc, end in some if (self.high if end == "max" else self.low)[arc]]


def minimal_conflict(problem: Problem, effort: int = EFFORT) -> MinimalConflict | None:
    """The inclusion-minimal set of bounds in conflict, None for a feasible problem.

    Dropping any member makes the others satisfiable together. Pairs not listed and banned pairs are taken as given.
    One max-flow for each of few members, k log(n / k) of them to find k among n; the search ends after running over
    `effort` arcs, and says so (`minimal`).
    """
    net = bare(problem)
    everything = _Set(net.lower > 0, _limits(problem, net) < NO_LIMIT)
    cut = _violator(net, everything)
    if cut is None:
        return None
    members = _across(net, everything, cut)
    # Whole pieces are dropped where they can be, halved where not; what is needed once is needed in every smaller
    # set, so a single one that could not go is a member. Locks first: a conflict told without them is plainer.
    pieces = _halves(_order(members))
    while pieces and effort > 0:
        piece = members.among(pieces.pop())
        if not piece:
            continue
        effort -= len(net.tail)
        trial = members.without(piece)
        smaller = _violator(net, trial)
        if smaller is not None:
            members, cut = _across(net, trial, smaller), smaller
        elif len(piece) > 1:
            pieces += _halves(piece)
    return _tell(problem, net, members, cut, minimal=not any(members.among(piece) for piece in pieces))


def _halves(some: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The later half and the earlier, which is thus taken first from the end; nothing of nothing."""
    half = (len(some) + 1) // 2
    return [piece for piece in (some[half:], some[:half]) if piece]


def bare(problem: Problem) -> Network:
    """The network of the bounds alone: arcs are edges, then one per bound in the order of KINDS; no values."""
    return networks.build(
        replace(
            problem,
            coverage=problem.coverage[:0],
            coverage_start=np.zeros(problem.recipients + 1, np.int64),
            edge_score=np.zeros(problem.edges, np.int64),
            policy=Policy(),
        )
    )


def _limits(problem: Problem, net: Network) -> Ints:
    """The true maxima by arc, NO_LIMIT where there is none; edges have none that could be dropped."""
    edges = np.full(net.edges, NO_LIMIT, np.int64)
    return np.concatenate([edges, *(_arrays(problem, kind)[1] for kind in KINDS)])


def _arrays(problem: Problem, kind: str) -> tuple[Ints, Ints]:
    if kind in ("helper", "recipient"):
        low, high = f"{kind}_min", f"{kind}_max"
        return getattr(problem, low), getattr(problem, high)
    rows = {"helper_group": problem.helper_groups, "recipient_group": problem.recipient_groups}.get(kind, problem.tiers)
    return rows.min, rows.max


def _violator(net: Network, enforced: _Set) -> Mask | None:
    """A node set into which these bounds force more than can leave, None when they can all hold."""
    lower = np.where(enforced.low, net.lower, 0)
    # More than everything together, so that a dropped maximum is never part of a minimum cut.
    beyond = int(net.lower.sum()) + net.edges + 1
    upper = np.where(enforced.high, net.upper, beyond)
    upper[: net.edges] = net.upper[: net.edges]
    cut = engines.cut_of(replace(net, lower=lower, upper=np.maximum(upper, lower)))
    return None if cut is None else cut.inside


def _across(net: Network, enforced: _Set, inside: Mask) -> _Set:
    """Those of the enforced bounds that the violated set needs."""
    into = ~inside[net.tail] & inside[net.head]
    out = inside[net.tail] & ~inside[net.head]
    return _Set(enforced.low & into, enforced.high & out)


def _order(members: _Set) -> list[tuple[int, str]]:
    return [(int(arc), "min") for arc in np.flatnonzero(members.low)] + [
        (int(arc), "max") for arc in np.flatnonzero(members.high)
    ]


def _tell(problem: Problem, net: Network, members: _Set, inside: Mask, *, minimal: bool) -> MinimalConflict:
    low, high = np.flatnonzero(members.low), np.flatnonzero(members.high)
    bounds = [_name(problem, net, int(arc), "min") for arc in low] + [
        _name(problem, net, int(arc), "max") for arc in high
    ]
    edges = slice(0, net.edges)
    crossing = inside[net.tail[edges]] & ~inside[net.head[edges]] & (net.upper[edges] > 0)
    needed, room = int(net.lower[low].sum()), int(_limits(problem, net)[high].sum())
    return MinimalConflict(tuple(bounds), needed, room, int(crossing.sum()), minimal)


def _name(problem: Problem, net: Network, arc: int, end: str) -> Bound:
    if arc < net.edges:
        helper = problem.helper_ids[problem.edge_helper[arc]]
        return Bound(PAIR, str(helper), str(problem.recipient_ids[problem.edge_recipient[arc]]), "locked", 1)
    at = arc - net.edges
    for kind in KINDS:
        low, high = _arrays(problem, kind)
        if at < len(low):
            ids = _ids(problem, kind)
            other = problem.tier_names[problem.tiers.tier[at]] if kind == "helper_tier" else ""
            return Bound(kind, str(ids[at]), other, end, int((low if end == "min" else high)[at]))
        at -= len(low)
    raise IndexError(f"arc {arc} is no bound")


def _ids(problem: Problem, kind: str) -> NDArray[np.str_]:
    return {
        "helper_group": problem.helper_groups.ids,
        "helper": problem.helper_ids,
        "helper_tier": problem.helper_ids[problem.tiers.helper],
        "recipient": problem.recipient_ids,
        "recipient_group": problem.recipient_groups.ids,
    }[kind]


# --- the cheapest relaxation ----------------------------------------------------------------------------------


def cheapest_relaxation(problem: Problem) -> Relaxation:
    """The fewest units by which minima must fall and maxima rise for a solution to exist; none when one does.

    One minimum-cost flow: a bound's first `min` units are worth 1 each, those above its `max` cost 1 each.
    """
    net = bare(problem)
    bounds = slice(net.edges, len(net.tail))
    cap = net.edges + 1
    low, high = np.minimum(net.lower[bounds], cap), np.minimum(net.upper[bounds], cap)
    size = len(low)
    steps = [(low, 1), (high - low, 0), (np.full(size, cap), -1)]
    one = np.ones(size, np.int64)
    wide = replace(
        net,
        tail=np.concatenate([net.tail[: net.edges], *[net.tail[bounds]] * 3]),
        head=np.concatenate([net.head[: net.edges], *[net.head[bounds]] * 3]),
        lower=np.concatenate([net.lower[: net.edges], np.zeros(3 * size, np.int64)]),
        upper=np.concatenate([net.upper[: net.edges], *(room for room, _ in steps)]),
        value=np.concatenate([np.zeros(net.edges, np.int64), *(value * one for _, value in steps)]),
    )
    flow = engines.solve_with_ortools(wide)[net.edges :].reshape(3, size).sum(axis=0)
    return _moves(problem, net, flow)


def _moves(problem: Problem, net: Network, flow: Ints) -> Relaxation:
    limits = _limits(problem, net)[net.edges :]
    lows = net.lower[net.edges :]
    changes = [
        Relaxed(_name(problem, net, int(at) + net.edges, "min" if flow[at] < lows[at] else "max"), int(flow[at]))
        for at in np.flatnonzero((flow < lows) | (flow > limits))
    ]
    return Relaxation(tuple(changes), sum(abs(one.bound.value - one.to) for one in changes))


def apply(problem: Problem, relaxation: Relaxation) -> Problem:
    """A copy of the problem with these bounds moved. Raises KeyError when it has no such bound."""
    fields: dict[str, Any] = {}
    for change in relaxation.changes:
        bound = change.bound
        at = _row(problem, bound)
        if bound.kind in ("helper", "recipient"):
            name = f"{bound.kind}_{bound.end}"
            fields.setdefault(name, getattr(problem, name).copy())[at] = change.to
        else:
            name = "tiers" if bound.kind == "helper_tier" else f"{bound.kind}s"
            rows = fields.get(name, getattr(problem, name))
            column = getattr(rows, bound.end).copy()
            column[at] = change.to
            fields[name] = replace(rows, **{bound.end: column})
    return replace(problem, **fields, input_sha256="")


def _row(problem: Problem, bound: Bound) -> int:
    same = _ids(problem, bound.kind) == bound.id
    if bound.kind == "helper_tier":
        same &= np.array(problem.tier_names)[problem.tiers.tier] == bound.other
    if not same.any():
        raise KeyError(f"no {bound.kind} {bound.id!r}")
    return int(np.argmax(same))


__all__ = [
    "Bound",
    "Gaps",
    "MinimalConflict",
    "Relaxation",
    "Relaxed",
    "apply",
    "cheapest_relaxation",
    "gaps",
    "minimal_conflict",
]
