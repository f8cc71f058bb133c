"""The optimum over all pairs that blocks make eligible, by listing few of them: column generation.

Solve over a list, look for unlisted pairs that gain at the prices found, list the best of them, repeat until there are
none; the prices then prove the optimum over all pairs (Dantzig & Wolfe 1960; for the assignment problem Balinski 1986).
What decides the number of rounds is the first list. The best pairs of everyone make a bad one, because all want the
same; so prices are estimated first, on a small sample of the market in which every pair can be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from matching import components, engines, network, scan
from matching.components import Part
from matching.estimate import estimate
from matching.implicit import Implicit
from matching.network import Network
from matching.problem import NO_LIMIT, Ints
from matching.solve import PROOF_ALL, Progress, Solution, UnsupportedPolicy, conflict_of, merge, solve

_ENTER = 4  # pairs that a helper or a recipient may add to the list in one round
_PIECE = 1_000_000  # pairs looked at together


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
    tied = implicit.listing(_stars(implicit))
    mine = np.isin(implicit.key(tied.edge_helper, tied.edge_recipient), own)
    for part in components.split(tied, enough=0):
        kept = mine[part.edges]
        names = ("edge_helper", "edge_recipient", "edge_score", "edge_state", "edge_incumbent")
        piece = replace(part.problem, **{name: getattr(part.problem, name)[kept] for name in names})
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
    own = implicit.key(implicit.problem.edge_helper, implicit.problem.edge_recipient)
    tell("first list")
    keys = np.union1d(own, _first(implicit) if start is None else start)
    problem = implicit.listing(keys)
    tell(f"round 1 over {len(keys)} pairs")
    solution = solve(problem, engine)
    seconds = solution.seconds
    for number in count(2):  # every round lists a pair that was not; there are only so many
        tell("looking at all")
        net = network.build(problem)
        cut = engines.cut_of(net) if solution.conflict else None
        more = _crossing(implicit, net, cut.inside, keys) if cut else _gaining(implicit, solution, net, keys)
        if not len(more):
            break
        keys = np.union1d(keys, more)
        problem = implicit.listing(keys)
        tell(f"round {number} over {len(keys)} pairs")
        solution = solve(problem, engine)
        seconds = {stage: round(seconds.get(stage, 0.0) + spent, 4) for stage, spent in solution.seconds.items()}
    found = replace(solution, seconds=seconds)
    return replace(found, conflict=conflict_of(problem, net, cut)) if cut else found


def _first(implicit: Implicit) -> Ints:
    """Keys of the pairs that estimated prices find best."""
    net = network.build(implicit.problem)
    return scan.best(implicit, net, estimate(implicit, net))


def _gaining(implicit: Implicit, solution: Solution, net: Network, keys: Ints) -> Ints:
    """Keys of the pairs to list next: the few that gain most of every helper and of every recipient."""
    found = scan.gains(implicit, net, solution.node_prices, keys)
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
        from_here = inside[scan.tails(net, implicit, np.arange(problem.helpers), tier)]
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
