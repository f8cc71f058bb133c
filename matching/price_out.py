"""The optimum over all pairs that blocks make eligible, by listing few of them: column generation.

Solve over a list, look for unlisted pairs that gain at the prices found, list the best of them, repeat until there are
none; the prices then prove the optimum over all pairs (Dantzig & Wolfe 1960; for the assignment problem Balinski 1986).
What decides the number of rounds is the first list. The best pairs of everyone make a bad one, because all want the
same; so prices are estimated first, on a small sample of the market in which every pair can be listed. Rows that are
alike are solved as one (see `matching.classes`): among many equals, no list of pairs of theirs would be short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from matching import components, engines, network, prices, scan
from matching.classes import Classes, classes_of
from matching.components import Part
from matching.estimate import estimate, in_layout
from matching.implicit import Implicit
from matching.network import Network
from matching.problem import FREE, NO_LIMIT, Ints, Problem
from matching.solve import (
    PROOF_ALL,
    PROOF_LISTED,
    Clock,
    Progress,
    Solution,
    UnsupportedPolicy,
    conflict_of,
    infeasible,
    merge,
    solve,
    value_of,
)

_ENTER = 4  # pairs that a helper or a recipient may add to the list in one round
_PIECE = 1_000_000  # pairs looked at together
_LISTED = 1_000_000  # pairs of classes: no more than these are all listed at once


def solve_all(
    implicit: Implicit, engine: str | None = None, progress: Progress | None = None, start: Ints | None = None
) -> Solution:
    """Solve to optimality proven over all eligible pairs; the problem of the solution lists those that mattered.

    `start` are keys of pairs (see `Implicit.key`) to begin with instead of an estimate; which, makes no difference to
    the objective. `progress(stage, fraction)` is told of each round of each independent part; what it raises ends the
    work. Returns an infeasible Solution only when the bounds contradict each other over all pairs. Raises
    UnsupportedPolicy for `fair` and `at_most_changes`, and what `solve` raises.
    """
    policy = implicit.problem.policy
    if policy.fair or policy.at_most_changes is not None:
        raise UnsupportedPolicy("fair and at_most_changes are not solved over pairs that are not listed")
    tell = progress or (lambda stage, fraction: None)
    own = implicit.key(implicit.problem.edge_helper, implicit.problem.edge_recipient)
    parts = list(_parts(implicit, own))
    solutions, keys = [], [own]
    sizes = [piece.pairs() + 1 for _, piece in parts]
    for number, (part, piece) in enumerate(parts):
        told = _rounds(tell, f"part {number + 1} of {len(parts)}", sum(sizes[:number]), sizes[number], sum(sizes))
        solution = _solve_part(piece, engine, None if start is None else _inside(implicit, part, piece, start), told)
        solutions.append(solution)
        listed = solution.problem
        keys.append(implicit.key(part.helpers[listed.edge_helper], part.recipients[listed.edge_recipient]))
    problem = implicit.listing(np.unique(np.concatenate(keys)))
    every = implicit.key(problem.edge_helper, problem.edge_recipient)
    placed = [
        replace(part, edges=np.searchsorted(every, mine)) for (part, _), mine in zip(parts, keys[1:], strict=True)
    ]
    merged = merge(problem, placed, solutions)
    tell("done", 1.0)
    if merged.status == "optimal":
        return replace(merged, proof=PROOF_ALL)
    # What is said of a conflict speaks of listed pairs; with all of them listed it is true of all.
    return solve(implicit.listing(_all(implicit)), engine) if implicit.pairs() <= _PIECE else merged


def _rounds(tell: Progress, name: str, before: int, mine: int, whole: int) -> Callable[[str], None]:
    """Progress of a part by rounds; nobody knows how many there will be, so each takes a share of what is left."""
    steps = 0

    def told(what: str) -> None:
        nonlocal steps
        tell(f"{name}, {what}", (before + mine * (1 - 0.7**steps)) / whole)
        steps += 1

    return told


# --- independent parts --------------------------------------------------------------------------------------------


def _parts(implicit: Implicit, own: Ints) -> Iterator[tuple[Part, Implicit]]:
    """The parts that no eligible pair and no bounded group ties together, each as a problem of its own."""
    problem = implicit.problem
    groups = (problem.helper_groups, problem.recipient_groups)
    if any((one.min > 0).any() or (one.max < NO_LIMIT).any() for one in groups):
        yield components.whole(problem), implicit
        return
    stars = _stars(implicit)
    tied = implicit.listing(stars)
    every = implicit.key(tied.edge_helper, tied.edge_recipient)
    mine = np.isin(every, own)
    # A ban on the pair that stands for a block does not part the block.
    ties = replace(tied, edge_state=np.where(np.isin(every, stars), np.int8(FREE), tied.edge_state))
    for part in components.split(ties, enough=1):  # whoever has no pairs at all shares a part with others
        kept = mine[part.edges]
        names = ("edge_helper", "edge_recipient", "edge_score", "edge_incumbent")
        piece = replace(
            part.problem,
            edge_state=tied.edge_state[part.edges][kept],
            **{name: getattr(part.problem, name)[kept] for name in names},
        )
        yield (
            part,
            replace(
                implicit,
                problem=piece,
                eligible=implicit.eligible[np.isin(implicit.eligible[:, 0], implicit.helper_block[part.helpers])],
                helper_block=implicit.helper_block[part.helpers],
                recipient_block=implicit.recipient_block[part.recipients],
                helper_features=implicit.helper_features[part.helpers],
                recipient_features=implicit.recipient_features[part.recipients],
            ),
        )


def _all(implicit: Implicit) -> Ints:
    """Keys of all pairs that the blocks make eligible."""
    keys = [np.zeros(0, np.int64)]
    for ours, theirs in np.unique(implicit.eligible, axis=0):
        helpers = np.flatnonzero((implicit.helper_block == ours) & (ours >= 0))
        recipients = np.flatnonzero((implicit.recipient_block == theirs) & (theirs >= 0))
        keys.append(implicit.key(np.repeat(helpers, len(recipients)), np.tile(recipients, len(helpers))))
    return np.unique(np.concatenate(keys))


def _stars(implicit: Implicit) -> Ints:
    """Keys of pairs that tie together what all pairs of the blocks do: everyone with the first of the other block."""
    keys = [np.zeros(0, np.int64)]
    for ours, theirs in np.unique(implicit.eligible, axis=0):
        helpers = np.flatnonzero((implicit.helper_block == ours) & (ours >= 0))
        recipients = np.flatnonzero((implicit.recipient_block == theirs) & (theirs >= 0))
        if len(helpers) and len(recipients):
            keys += [implicit.key(helpers, recipients[:1]), implicit.key(helpers[:1], recipients)]
    return np.unique(np.concatenate(keys))


def _inside(implicit: Implicit, part: Part, piece: Implicit, keys: Ints) -> Ints:
    """Those of the whole's keys that lie in a part, as keys of the part."""
    helper, recipient = np.divmod(keys, max(implicit.problem.recipients, 1))
    h, r = np.searchsorted(part.helpers, helper), np.searchsorted(part.recipients, recipient)
    mine = (h < len(part.helpers)) & (r < len(part.recipients))
    mine[mine] &= (part.helpers[h[mine]] == helper[mine]) & (part.recipients[r[mine]] == recipient[mine])
    return np.unique(piece.key(h[mine], r[mine]))


# --- one part -----------------------------------------------------------------------------------------------------


def _solve_part(implicit: Implicit, engine: str | None, start: Ints | None, tell: Callable[[str], None]) -> Solution:
    tell("classes")
    classes = classes_of(implicit)
    small = classes.implicit
    own = small.key(small.problem.edge_helper, small.problem.edge_recipient)
    tell("first list")
    keys = np.union1d(own, _first(classes) if start is None else classes.keys(start))
    seconds: dict[str, float] = {}
    for number in count(1):  # every round lists a pair that was not; there are only so many
        tell(f"round {number} over {len(keys)} pairs")
        found = _round(classes, keys, engine, seconds)
        tell("looking at all")
        with Clock(seconds, "look"):
            more = _crossing(small, found.net, found.cut.inside, keys) if found.cut else _gaining(small, found, keys)
        if not len(more):
            break
        keys = np.union1d(keys, more)
    return _of_members(classes, found, seconds)


@dataclass(frozen=True)
class _Round:
    """An optimum over the listed pairs of classes, or the `cut` that shows that there is none."""

    problem: Problem
    net: Network
    engine: str
    flow: Ints
    price: Ints
    cut: engines.Infeasible | None = None


def _round(classes: Classes, keys: Ints, engine: str | None, seconds: dict[str, float]) -> _Round:
    with Clock(seconds, "network"):
        problem = classes.implicit.listing(keys)
        net = network.build(problem, sizes=classes.sizes)
    name, run = engines.choose(engine, problem.edges)
    none = np.zeros(0, np.int64)
    try:
        with Clock(seconds, "solve"):
            flow = run(net)
    except engines.Infeasible as refusal:
        return _Round(problem, net, name, none, none, refusal)
    with Clock(seconds, "prices"):
        return _Round(problem, net, name, flow, prices.recover(net, flow))


def _of_members(classes: Classes, found: _Round, seconds: dict[str, float]) -> Solution:
    """What was found for classes, said of their members."""
    implicit, nodes = classes.given, classes.nodes(found.net)
    if found.cut:
        cut = engines.Infeasible(found.cut.inside[nodes], found.cut.shortfall)
        conflict = conflict_of(implicit.problem, network.build(implicit.problem), cut)
        return infeasible(implicit.problem, conflict, found.engine, seconds)
    with Clock(seconds, "members"):
        chosen = classes.spread(found.problem, found.flow[: found.net.edges])
        considered = implicit.key(
            classes.helpers.first[found.problem.edge_helper], classes.recipients.first[found.problem.edge_recipient]
        )  # one pair for each of classes
        problem = implicit.listing(np.union1d(chosen, considered))
        picked = np.searchsorted(implicit.key(problem.edge_helper, problem.edge_recipient), chosen)
    values = value_of(problem, picked)
    return Solution(problem, "optimal", picked, *values, found.price[nodes], PROOF_LISTED, found.engine, seconds)


def _first(classes: Classes) -> Ints:
    """Keys of the pairs of classes to begin with: all where they are few, else the best at estimated prices."""
    given, small = classes.given, classes.implicit
    if small.pairs() <= _LISTED:
        return _all(small)
    helper, recipient = estimate(given)
    net = network.build(small.problem)
    return scan.best(
        small, net, in_layout(net, small, helper[classes.helpers.first], recipient[classes.recipients.first])
    )


def _gaining(implicit: Implicit, at: _Round, keys: Ints) -> Ints:
    """Keys of the pairs to list next: the few that gain most of every helper and of every recipient."""
    found = scan.gains(implicit, at.net, at.price, keys)
    chosen = np.zeros(len(found.gain), np.bool_)
    lots = np.random.default_rng(len(keys)).permutation(len(found.gain))  # or all would ask for the same among equals
    for side in (found.helper, found.recipient):
        order = np.lexsort((lots, -found.gain, side))
        ranked = side[order]
        first = np.searchsorted(ranked, ranked)
        chosen[order[np.arange(len(order)) - first < _ENTER]] = True
    return np.unique(implicit.key(found.helper[chosen], found.recipient[chosen]))


def _crossing(implicit: Implicit, net: Network, inside: NDArray[np.bool_], keys: Ints) -> Ints:
    """Keys of unlisted pairs that lead out of a set in conflict; none only when there is no such pair at all.

    The set takes in more than can leave it over listed pairs and bounds (Hoffman 1960); only a pair from a helper
    inside to a recipient outside can make room.
    """
    problem, found = implicit.problem, [np.zeros(0, np.int64)]
    for tier in np.unique(problem.recipient_tier).tolist():
        from_here = inside[scan.tails(net, problem.tiers, np.arange(problem.helpers), tier)]
        to_there = ~inside[net.first_recipient : net.first_tier] & (problem.recipient_tier == tier)
        for ours, theirs in np.unique(implicit.eligible, axis=0):
            helpers = np.flatnonzero(from_here & (implicit.helper_block == ours) & (ours >= 0))
            recipients = np.flatnonzero(to_there & (implicit.recipient_block == theirs) & (theirs >= 0))
            for some in _spread(helpers, recipients):
                new = np.setdiff1d(implicit.key(*some), keys)
                found.append(new)
                if len(new):
                    break
    return np.unique(np.concatenate(found))


def _spread(helpers: Ints, recipients: Ints) -> Iterator[tuple[Ints, Ints]]:
    """A few pairs for each of both sides; then, for whoever still asks, all there are, piece by piece."""
    if not len(helpers) or not len(recipients):
        return
    row = np.arange(max(len(helpers), len(recipients)))
    shift = np.repeat(np.arange(_ENTER), len(row))
    row = np.tile(row, _ENTER)
    yield helpers[row % len(helpers)], recipients[(row + shift) % len(recipients)]
    step = max(1, _PIECE // len(recipients))
    for first in range(0, len(helpers), step):
        some = helpers[first : first + step]
        yield np.repeat(some, len(recipients)), np.tile(recipients, len(some))


__all__ = ["solve_all"]
