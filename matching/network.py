"""The problem as one circulation with lower bounds and arc values.

Root → helper groups → helpers → (helper × tier) → edges → recipients → recipient groups → root. A recipient's concave
coverage becomes parallel unit arcs, one per value: since the values do not increase, filling them in order is optimal
and its minimum can be put on the first ones. Source of the construction: Ahuja, Magnanti & Orlin, Network Flows (1993),
chapters 1 and 14.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.problem import BANNED, LOCKED, NO_LIMIT, Index, Ints, Problem


class CostOverflow(ValueError):
    """The values are too large for exact 64-bit arithmetic on a network of this size; scale them down."""


@dataclass(frozen=True)
class Network:
    """Arcs (A,) between nodes 0..nodes-1; node 0 is the root. All integers.

    Arcs are laid out in runs: edges first (arc i is edge i of the problem), then the others. `value` is maximised.
    Node layout: root, helper groups, recipient groups, helpers, recipients, helper × tier.
    """

    nodes: int
    tail: Index
    head: Index
    lower: Ints
    upper: Ints
    value: Ints
    edges: int
    first_helper_group: int
    first_recipient_group: int
    first_helper: int
    first_recipient: int
    first_tier: int

    def name_of(self, problem: Problem, node: int) -> tuple[str, str, str, str]:
        """(kind, side, id, tier) of a node, as in prices.csv."""
        if node == 0:
            return "root", "", "", ""
        if node < self.first_recipient_group:
            return "group", "helper", str(problem.helper_groups.ids[node - self.first_helper_group]), ""
        if node < self.first_helper:
            return "group", "recipient", str(problem.recipient_groups.ids[node - self.first_recipient_group]), ""
        if node < self.first_recipient:
            return "helper", "helper", str(problem.helper_ids[node - self.first_helper]), ""
        if node < self.first_tier:
            return "recipient", "recipient", str(problem.recipient_ids[node - self.first_recipient]), ""
        k = node - self.first_tier
        tier = problem.tier_names[problem.tiers.tier[k]]
        return "helper_tier", "helper", str(problem.helper_ids[problem.tiers.helper[k]]), tier


def build(problem: Problem, *, spare: bool = False, sizes: tuple[Ints, Ints] | None = None) -> Network:
    """Lay the problem out as a network; no Python loop over edges, recipients or helpers.

    With `spare` there are arcs, closed, for coverage values beyond a recipient's maximum too, so that the layout stays
    the same when a maximum changes. With `sizes` each helper (H,) and recipient (R,) stands for so many alike.

    Raises CostOverflow when |value| × (nodes + 1) does not fit 62 bits, the range in which the solvers are exact.
    """
    hg = 1
    rg = hg + len(problem.helper_groups)
    h = rg + len(problem.recipient_groups)
    r = h + problem.helpers
    t = r + problem.recipients
    nodes = t + len(problem.tiers)
    parts = [
        _edge_arcs(problem, h, r, t),
        _up_arcs(problem.helper_groups.parent, hg, hg, problem.helper_groups.min, problem.helper_groups.max, True),
        _up_arcs(problem.helper_group, hg, h, problem.helper_min, problem.helper_max, True),
        _tier_arcs(problem, h, t),
        _recipient_arcs(problem, rg, r, spare),
        _up_arcs(problem.recipient_groups.parent, rg, rg, problem.recipient_groups.min,
                 problem.recipient_groups.max, False),
    ]  # fmt: skip
    tail, head, lower, upper, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    cap = problem.edges + 1
    if sizes is not None:
        times = _times(problem, sizes, parts[4][0] - r)
        lower, upper, cap = lower * times, upper * times, int(times[: problem.edges].sum()) + 1
    limit = max(int(value.max(initial=0)), -int(value.min(initial=0)))
    if limit * (nodes + 2) >= 2**62:
        raise CostOverflow(f"values up to {limit} on {nodes} nodes exceed exact 64-bit arithmetic")
    # No arc can carry more than all edges together, and one more keeps an absent limit from looking like one that is
    # reached; the maximum keeps an impossible lower bound visible.
    np.minimum(upper, cap, out=upper)
    np.maximum(upper, lower, out=upper)
    return Network(
        nodes,
        tail,
        head,
        lower,
        upper,
        value,
        problem.edges,
        hg,
        rg,
        h,
        r,
        t,
    )


Arcs = tuple[Index, Index, Ints, Ints, Ints]


def _times(problem: Problem, sizes: tuple[Ints, Ints], owner: Index) -> Ints:
    """How many arcs of alike rows each arc stands for; `owner` are the recipients of their arcs."""
    ours, theirs = sizes
    above, below = (np.ones(len(one), np.int64) for one in (problem.helper_groups, problem.recipient_groups))
    edges = ours[problem.edge_helper] * theirs[problem.edge_recipient]
    return np.concatenate([edges, above, ours, ours[problem.tiers.helper], theirs[owner], below])


def _up_arcs(parent: Index, first_group: int, first: int, low: Ints, high: Ints, downward: bool) -> Arcs:
    """One arc between each node first, first+1, … and its group (the root when it has none)."""
    above = np.where(parent < 0, np.int32(0), parent + np.int32(first_group))
    here = np.arange(first, first + len(parent), dtype=np.int32)
    zero = np.zeros(len(parent), np.int64)
    return (above, here, low, high, zero) if downward else (here, above, low, high, zero)


def _edge_arcs(problem: Problem, h: int, r: int, t: int) -> Arcs:
    tail = problem.edge_helper + np.int32(h)
    if len(problem.tiers):
        width = len(problem.tier_names)
        bound = np.full(problem.helpers * width, -1, np.int32)
        bound[problem.tiers.helper.astype(np.int64) * width + problem.tiers.tier] = np.arange(len(problem.tiers))
        tier = problem.recipient_tier[problem.edge_recipient].astype(np.int64)
        at = np.where(tier < 0, -1, bound[problem.edge_helper.astype(np.int64) * width + np.maximum(tier, 0)])
        tail = np.where(at < 0, tail, at + np.int32(t))
    lower = (problem.edge_state == LOCKED).astype(np.int64)
    upper = (problem.edge_state != BANNED).astype(np.int64)
    return tail, problem.edge_recipient + np.int32(r), lower, upper, problem.edge_value


def _tier_arcs(problem: Problem, h: int, t: int) -> Arcs:
    count = len(problem.tiers)
    here = np.arange(t, t + count, dtype=np.int32)
    zero = np.zeros(count, np.int64)
    return problem.tiers.helper + np.int32(h), here, problem.tiers.min, problem.tiers.max, zero


def _recipient_arcs(problem: Problem, rg: int, r: int, spare: bool) -> Arcs:
    """Unit arcs for the coverage values that can be reached (or all), then one arc of value 0 for the rest."""
    above = np.where(problem.recipient_group < 0, np.int32(0), problem.recipient_group + np.int32(rg))
    here = np.arange(r, r + problem.recipients, dtype=np.int32)
    length = np.diff(problem.coverage_start)
    units = length if spare else np.minimum(length, problem.recipient_max)
    owner = np.repeat(np.arange(problem.recipients), units)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(units) - units, units)
    unit_value = problem.coverage[problem.coverage_start[:-1][owner] + rank] if len(owner) else problem.coverage[:0]
    unit_lower = (rank < problem.recipient_min[owner]).astype(np.int64)
    rest_lower = np.maximum(problem.recipient_min - units, 0)
    unit_upper = (rank < problem.recipient_max[owner]).astype(np.int64)
    rest_upper = np.maximum(np.minimum(problem.recipient_max, NO_LIMIT) - units, 0)
    return (
        np.concatenate([here[owner], here]),
        np.concatenate([above[owner], above]),
        np.concatenate([unit_lower, rest_lower]),
        np.concatenate([unit_upper, rest_upper]),
        np.concatenate([unit_value, np.zeros(problem.recipients, np.int64)]),
    )
