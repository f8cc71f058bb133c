"""Sending what helpers committed to the needs of their recipients: exact amounts, deepest tier first.

A transport problem per kind of help. What can reach a set of recipients is submodular in the set, so the most for the
deepest tier, then for the two deepest, … are all reached by one and the same flow (Megiddo 1974), and a minimum cut
proves each of them; `check` recomputes these cuts' sums without a solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from matching.engines import EngineFailure

LARGEST = 2**40  # of one amount; keeps every sum and scaled cost of the flow inside 64 bits

Amounts = Mapping[tuple[str, str], int]
Pair = tuple[str, str]


class AllocationError(ValueError):
    """An input that cannot be allocated; the message names the entry."""


@dataclass(frozen=True)
class Transfer:
    """`amount` of `kind` from a helper to a recipient, in the unit of the commitments."""

    helper: str
    recipient: str
    kind: str
    amount: int


@dataclass(frozen=True)
class Reach:
    """What the tiers up to and including `tier` receive of a kind, and the helpers whose commitments prove it is most.

    No more can arrive than `cut` committed altogether plus the gaps of those recipients that someone outside it helps.
    """

    kind: str
    tier: str
    amount: int
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Allocation:
    """Transfers in the order of kind, helper and recipient; `reach` per kind and tier; what is left on both sides.

    `unspent` is by (helper, kind), `unmet` by (recipient, kind); entries of zero are left out.
    """

    transfers: tuple[Transfer, ...]
    reach: tuple[Reach, ...]
    unspent: dict[tuple[str, str], int]
    unmet: dict[tuple[str, str], int]


@dataclass(frozen=True)
class _Kind:
    """One kind's transport problem: `links` index helpers and recipients, `depth` is 0 for the deepest tier."""

    kind: str
    helpers: list[str]
    recipients: list[str]
    links: list[tuple[int, int]]
    committed: list[int]
    gap: list[int]
    depth: list[int]


def allocate(
    committed: Amounts, gaps: Amounts, pairs: Iterable[Pair], tier_of: Mapping[str, str], tiers: Sequence[str]
) -> Allocation:
    """Send committed amounts along the pairs, the deepest tier served as far as it can be, then the next, ….

    `committed` is by (helper, kind), `gaps` (what a verified need still lacks) by (recipient, kind), both in whole
    units such as fen or persons. `tiers` runs from the deepest; a recipient without a tier comes after all of them.
    Returns exact whole amounts, never above a gap or a commitment. Raises AllocationError.
    """
    pairs = sorted(set(pairs))
    _check_input(committed, gaps, tier_of, tiers)
    transfers: list[Transfer] = []
    reach: list[Reach] = []
    for kind in sorted({kind for _, kind in committed} | {kind for _, kind in gaps}):
        problem = _of_kind(kind, committed, gaps, pairs, tier_of, tiers)
        amounts = _transport(problem)
        transfers += [
            Transfer(problem.helpers[h], problem.recipients[r], kind, amount)
            for (h, r), amount in zip(problem.links, amounts, strict=True)
            if amount
        ]
        reach += _reach(problem, amounts, [*tiers, ""])
    return Allocation(
        tuple(transfers), tuple(reach), _left(committed, transfers, "helper"), _left(gaps, transfers, "recipient")
    )


def _check_input(committed: Amounts, gaps: Amounts, tier_of: Mapping[str, str], tiers: Sequence[str]) -> None:
    for what, amounts in (("commitment", committed), ("gap", gaps)):
        for place, amount in amounts.items():
            if isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= LARGEST:
                raise AllocationError(f"{what} of {place}: {amount!r} is no whole number from 0 to {LARGEST}")
    if len(set(tiers)) < len(tiers) or "" in tiers:
        raise AllocationError(f"tiers {list(tiers)}: each must have a name and stand once")
    for recipient, tier in tier_of.items():
        if tier and tier not in tiers:
            raise AllocationError(f"recipient {recipient}: unknown tier {tier!r}")


def _of_kind(
    kind: str,
    committed: Amounts,
    gaps: Amounts,
    pairs: Iterable[Pair],
    tier_of: Mapping[str, str],
    tiers: Sequence[str],
) -> _Kind:
    helpers = sorted(helper for helper, one in committed if one == kind)
    recipients = sorted(recipient for recipient, one in gaps if one == kind)
    hs, rs = {name: i for i, name in enumerate(helpers)}, {name: i for i, name in enumerate(recipients)}
    rank = {tier: i for i, tier in enumerate(tiers)}
    return _Kind(
        kind,
        helpers,
        recipients,
        [(hs[h], rs[r]) for h, r in pairs if h in hs and r in rs],
        [committed[name, kind] for name in helpers],
        [gaps[name, kind] for name in recipients],
        [rank.get(tier_of.get(name, ""), len(tiers)) for name in recipients],
    )


def _transport(problem: _Kind) -> list[int]:
    """The amount on each link.

    A unit to a tier at depth d is worth (number of depths − d): the sum over all prefixes of tiers of what they
    receive. All of these reach their maximum together, so small weights do what a lexicographic order would.
    """
    if not problem.links:
        return []
    solver = min_cost_flow.SimpleMinCostFlow()
    first = len(problem.helpers)
    source, sink = first + len(problem.recipients), first + len(problem.recipients) + 1
    for h, amount in enumerate(problem.committed):
        solver.add_arc_with_capacity_and_unit_cost(source, h, amount, 0)
    deepest = max(problem.depth)
    for r, gap in enumerate(problem.gap):
        solver.add_arc_with_capacity_and_unit_cost(first + r, sink, gap, problem.depth[r] - deepest - 1)
    links = [
        solver.add_arc_with_capacity_and_unit_cost(h, first + r, min(problem.committed[h], problem.gap[r]), 0)
        for h, r in problem.links
    ]
    total = sum(problem.committed)
    solver.add_arc_with_capacity_and_unit_cost(source, sink, total, 0)
    solver.set_node_supply(source, total)
    solver.set_node_supply(sink, -total)
    if (status := solver.solve()) != solver.OPTIMAL:
        raise EngineFailure(f"OR-Tools stopped with status {status}")
    return [int(solver.flow(link)) for link in links]


def _reach(problem: _Kind, amounts: list[int], tiers: Sequence[str]) -> list[Reach]:
    received = np.zeros(len(problem.recipients), np.int64)
    for (_, r), amount in zip(problem.links, amounts, strict=True):
        received[r] += amount
    found = []
    for depth, tier in enumerate(tiers):
        within = [r for r, at in enumerate(problem.depth) if at <= depth]
        cut = _cut(problem, amounts, {r for r in within if received[r] < problem.gap[r]})
        names = tuple(problem.helpers[h] for h in sorted(cut))
        found.append(Reach(problem.kind, tier, int(received[within].sum()), names))
    return found


def _cut(problem: _Kind, amounts: list[int], wanting: set[int]) -> set[int]:
    """The helpers from whom an unserved recipient could still take, directly or by others giving way."""
    helpers_of: dict[int, list[int]] = {}
    sent_by: dict[int, list[int]] = {}
    for (h, r), amount in zip(problem.links, amounts, strict=True):
        helpers_of.setdefault(r, []).append(h)
        if amount:
            sent_by.setdefault(h, []).append(r)
    cut: set[int] = set()
    reached, waiting = set(wanting), list(wanting)
    while waiting:
        for h in helpers_of.get(waiting.pop(), ()):
            if h not in cut:
                cut.add(h)
                new = set(sent_by.get(h, ())) - reached
                reached |= new
                waiting += new
    return cut


def _left(amounts: Amounts, transfers: Iterable[Transfer], side: str) -> dict[tuple[str, str], int]:
    left = dict(amounts)
    for one in transfers:
        left[getattr(one, side), one.kind] -= one.amount
    return {place: amount for place, amount in sorted(left.items()) if amount}


def check(
    allocation: Allocation,
    committed: Amounts,
    gaps: Amounts,
    pairs: Iterable[Pair],
    tier_of: Mapping[str, str],
    tiers: Sequence[str],
) -> list[str]:
    """Everything that is wrong with an allocation, by adding up alone; empty means proven.

    Feasibility: pairs, commitments, gaps. Optimality: for every kind and tier the cut's sum equals what arrived.
    """
    pairs = set(pairs)
    out = _infeasibilities(allocation, committed, gaps, pairs)
    stated = {(one.kind, one.tier): one for one in allocation.reach}
    kinds = {kind for _, kind in committed} | {kind for _, kind in gaps}
    if set(stated) != {(kind, tier) for kind in kinds for tier in [*tiers, ""]} or len(stated) < len(allocation.reach):
        return [*out, "reach: it does not name every kind and tier once"]
    depth = {tier: i for i, tier in enumerate([*tiers, ""])}
    for (kind, tier), one in stated.items():
        within = {r for r, k in gaps if k == kind and depth[tier_of.get(r, "")] <= depth[tier]}
        arrived = sum(t.amount for t in allocation.transfers if t.kind == kind and t.recipient in within)
        outside = {r for h, r in pairs if r in within and h not in one.cut and (h, kind) in committed}
        bound = sum(committed.get((h, kind), 0) for h in set(one.cut)) + sum(gaps[r, kind] for r in outside)
        if not arrived == one.amount == bound:
            out.append(
                f"{kind} to tier {tier or '–'} and deeper: {arrived} arrived, {one.amount} stated, bound {bound}"
            )
    return out


def _infeasibilities(allocation: Allocation, committed: Amounts, gaps: Amounts, pairs: set[Pair]) -> list[str]:
    out = []
    for t in allocation.transfers:
        if (t.helper, t.recipient) not in pairs or t.amount <= 0:
            out.append(f"transfer {t.helper} – {t.recipient} of {t.amount} {t.kind}: no such pair, or nothing sent")
    for side, limits, left in (("helper", committed, allocation.unspent), ("recipient", gaps, allocation.unmet)):
        moved: dict[tuple[str, str], int] = {}
        for t in allocation.transfers:
            place = getattr(t, side), t.kind
            moved[place] = moved.get(place, 0) + t.amount
        for place in moved.keys() | limits.keys() | left.keys():
            rest = limits.get(place, 0) - moved.get(place, 0)
            if rest < 0 or left.get(place, 0) != rest:
                out.append(f"{side} {place}: {rest} left, {left.get(place, 0)} stated")
    return out


__all__ = ["Allocation", "AllocationError", "Reach", "Transfer", "allocate", "check"]
