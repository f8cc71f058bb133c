"""Independent parts of a problem, which can be solved apart: one after another, or as separate tasks of a queue.

Helpers and recipients hang together through eligible pairs and through groups whose bounds can bite. A group that
bounds nothing, inside no group that does, ties nobody together and is left out of the parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.problem import BANNED, Groups, Index, Ints, Problem, TierBounds, no_groups, no_tiers

ENOUGH = 20_000  # edges; smaller components share a part, since every call of a solver has a price of its own
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Part:
    """A problem of its own, and where its rows stand in the whole; all index arrays are ascending.

    Rows that cannot matter stand in no part: groups that tie nobody together, banned pairs between parts, and tier
    bounds without a minimum on a tier that the part does not have.
    """

    problem: Problem
    helpers: Rows
    recipients: Rows
    edges: Rows
    helper_groups: Rows
    recipient_groups: Rows
    tiers: Rows


@dataclass(frozen=True)
class Labels:
    """The component of every row: helpers (H,), recipients (R,), groups; −1 for a group that ties nobody together."""

    count: int
    helpers: Index
    recipients: Index
    helper_groups: Index
    recipient_groups: Index


def label(problem: Problem) -> Labels:
    """Number the components in the order of their first helper (then recipient, then group).

    Cost: linear in the eligible pairs.
    """
    h, r, hg = problem.helpers, problem.recipients, len(problem.helper_groups)
    count = h + r + hg + len(problem.recipient_groups)
    links = [_edges(problem)]
    loose = []
    for groups, of, first_member, first_group in (
        (problem.helper_groups, problem.helper_group, 0, h + r),
        (problem.recipient_groups, problem.recipient_group, h, h + r + hg),
    ):
        free = _ties_nobody(groups, problem.edges)
        loose.append(free)
        links += [_upward(of, free, first_member, first_group), _upward(groups.parent, free, first_group, first_group)]
    tail, head = (np.concatenate(ends) for ends in zip(*links, strict=True))
    # Of the types that the search works in, so that nothing is copied over.
    graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(count, count))
    _, found = connected_components(graph, directed=False)
    groups_found = np.where(np.concatenate(loose), -1, found[h + r :])
    kept, numbers = np.unique(np.concatenate([found[: h + r], groups_found]), return_inverse=True)
    without = int(len(kept) > 0 and kept[0] == -1)
    numbered: Index = (numbers - without).astype(np.int32)
    ends = pairwise((0, h, h + r, h + r + hg, count))
    return Labels(len(kept) - without, *(numbered[low:high] for low, high in ends))


def _edges(problem: Problem) -> tuple[Index, Index]:
    able = problem.edge_state != BANNED
    return problem.edge_helper[able], problem.edge_recipient[able] + np.int32(problem.helpers)


def _ties_nobody(groups: Groups, edges: int) -> NDArray[np.bool_]:
    """Groups whose bounds cannot bite, nested in none whose bounds can."""
    free: NDArray[np.bool_] = (groups.min == 0) & (groups.max >= edges)
    while True:
        inside = free & ((groups.parent < 0) | free[groups.parent]) if len(free) else free
        if (inside == free).all():
            return free
        free = inside


def _upward(parent: Index, free: NDArray[np.bool_], first: int, first_group: int) -> tuple[Index, Index]:
    """Links between rows and the groups they stand in, where the group ties its members together."""
    bound = np.flatnonzero(parent >= 0).astype(np.int32)
    bound = bound[~free[parent[bound]]] if len(free) else bound
    return bound + np.int32(first), parent[bound] + np.int32(first_group)


def split(problem: Problem, enough: int = ENOUGH) -> list[Part]:
    """The problem in independent parts of at least `enough` eligible pairs each, where its components allow it.

    Returns one part that is the problem itself when it hangs together. `enough=0` gives one part per component.
    """
    labels = label(problem)
    inside = labels.helpers[problem.edge_helper]
    size = np.bincount(inside, minlength=labels.count)
    part_of = _pack(size, enough)
    count = int(part_of[-1]) + 1 if labels.count else 1
    if count == 1:
        return [whole(problem)]
    # A banned edge may lead into another component; nobody will pick it, so no part needs it.
    kept = np.where(inside == labels.recipients[problem.edge_recipient], part_of[inside], -1)
    rows = [
        _by_part(part_of[labels.helpers], count),
        _by_part(part_of[labels.recipients], count),
        _by_part(kept, count),
        _by_part(_lookup(part_of, labels.helper_groups), count),
        _by_part(_lookup(part_of, labels.recipient_groups), count),
        _by_part(np.where(_within_reach(problem, labels), part_of[labels.helpers][problem.tiers.helper], -1), count),
    ]
    return [cut_out(problem, *one) for one in zip(*rows, strict=True)]


def _within_reach(problem: Problem, labels: Labels) -> NDArray[np.bool_]:
    """Tier bounds that matter in their component: those with a minimum, and those on a tier that is there."""
    width = max(len(problem.tier_names), 1)
    tiered = np.flatnonzero(problem.recipient_tier >= 0)
    there = labels.recipients[tiered].astype(np.int64) * width + problem.recipient_tier[tiered]
    tiers = problem.tiers
    return (tiers.min > 0) | np.isin(labels.helpers[tiers.helper].astype(np.int64) * width + tiers.tier, there)


def _pack(size: Ints, enough: int) -> Rows:
    """The part of each component: consecutive components share one until it is large enough."""
    part_of = np.zeros(len(size), np.intp)
    part = filled = 0
    for component, edges in enumerate(size.tolist()):
        if component and filled >= enough:
            part, filled = part + 1, 0
        part_of[component] = part
        filled += edges
    return part_of


def _lookup(part_of: Rows, component: Index) -> Rows:
    return np.where(component < 0, -1, part_of[component]) if len(component) else component.astype(np.intp)


def _by_part(part: Rows, count: int) -> list[Rows]:
    """Row numbers of each part, ascending; rows of part −1 belong nowhere."""
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(count + 1))
    return [order[low:high] for low, high in pairwise(ends.tolist())]


def whole(problem: Problem) -> Part:
    """The problem as its only part."""
    sizes = (
        problem.helpers,
        problem.recipients,
        problem.edges,
        len(problem.helper_groups),
        len(problem.recipient_groups),
        len(problem.tiers),
    )
    return Part(problem, *(np.arange(size) for size in sizes))


def cut_out(
    problem: Problem, helpers: Rows, recipients: Rows, edges: Rows, hgroups: Rows, rgroups: Rows, tiers: Rows
) -> Part:
    length = np.diff(problem.coverage_start)[recipients]
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    values = np.repeat(problem.coverage_start[recipients] - start[:-1], length) + np.arange(start[-1])
    new_helper = _renumber(helpers, problem.helpers)
    piece = replace(
        problem,
        helper_ids=problem.helper_ids[helpers],
        helper_min=problem.helper_min[helpers],
        helper_max=problem.helper_max[helpers],
        helper_group=_renumber(hgroups, len(problem.helper_groups))[problem.helper_group[helpers]],
        recipient_ids=problem.recipient_ids[recipients],
        recipient_min=problem.recipient_min[recipients],
        recipient_max=problem.recipient_max[recipients],
        recipient_tier=problem.recipient_tier[recipients],
        recipient_group=_renumber(rgroups, len(problem.recipient_groups))[problem.recipient_group[recipients]],
        coverage_start=start,
        coverage=problem.coverage[values],
        edge_helper=new_helper[problem.edge_helper[edges]],
        edge_recipient=_renumber(recipients, problem.recipients)[problem.edge_recipient[edges]],
        edge_score=problem.edge_score[edges],
        edge_state=problem.edge_state[edges],
        edge_incumbent=problem.edge_incumbent[edges],
        helper_groups=_some_groups(problem.helper_groups, hgroups),
        recipient_groups=_some_groups(problem.recipient_groups, rgroups),
        tiers=_some_tiers(problem.tiers, tiers, new_helper),
        input_sha256="",
        helper_extra={name: column.take(helpers) for name, column in problem.helper_extra.items()},
        recipient_extra={name: column.take(recipients) for name, column in problem.recipient_extra.items()},
        edge_extra={name: column.take(edges) for name, column in problem.edge_extra.items()},
    )
    return Part(piece, helpers, recipients, edges, hgroups, rgroups, tiers)


def _renumber(kept: Rows, size: int) -> Index:
    """New numbers by old ones; −1 for those left out, and in the last place, where an old −1 looks."""
    numbers = np.full(size + 1, -1, np.int32)
    numbers[kept] = np.arange(len(kept), dtype=np.int32)
    return numbers


def _some_groups(groups: Groups, kept: Rows) -> Groups:
    if not len(kept):
        return no_groups()
    parent = _renumber(kept, len(groups))[groups.parent[kept]]
    return Groups(groups.ids[kept], parent, groups.min[kept], groups.max[kept])


def _some_tiers(tiers: TierBounds, kept: Rows, new_helper: Index) -> TierBounds:
    if not len(kept):
        return no_tiers()
    return TierBounds(new_helper[tiers.helper[kept]], tiers.tier[kept], tiers.min[kept], tiers.max[kept])


__all__ = ["Labels", "Part", "cut_out", "label", "split", "whole"]
