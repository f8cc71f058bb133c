"""The proof of optimality: weak duality, checked with integers and no solver.

Give every node of the network a price, any price. Moving value from the end of an arc to its beginning changes no
total, because what flows into a node flows out of it again; so a solution is worth exactly the sum, over its arcs, of
flow × (value + price at the head − price at the tail). Maximising each term on its own, within the arc's bounds alone,
can only give more. Hence for *any* prices

    bound(prices) = Σ over edges, bounds and coverage of the most that each could contribute on its own

is at least what any solution can be worth, and a solution worth exactly that much is optimal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from matching.verify_files import Array, Text, rows_in
from matching.verify_policies import change_rate, fair_values
from matching.verify_rules import Bounded, Claim, Rows, Rules


@dataclass(frozen=True)
class Prices:
    """The claimed price of the root and, in the order of the rules, of every other node."""

    root: int
    helpers: Array
    recipients: Array
    groups: dict[str, Array]
    tiers: Array

    def above(self, side: str, rows: Bounded) -> Array:
        """The prices of the nodes above these: their group's, or the root's where they have none."""
        return np.append(self.groups[side], np.array([self.root], self.helpers.dtype))[rows.above]


def prices_of(rules: Rules, claim: Claim, out: list[str]) -> Prices | None:
    """The claimed prices by node; None, with the reason in `out`, unless every node has exactly one."""
    nodes = _Nodes(rules)
    at = nodes.rows(claim)
    known = at[at >= 0]
    times = np.bincount(known, minlength=nodes.count)
    if (times > 1).any():
        out.append("prices.csv: a price stands twice")
        return None
    if len(known) < len(at) or not times.all():
        out.append(f"prices.csv: {int((times == 0).sum())} prices are missing, {int((at < 0).sum())} are unknown")
        return None
    price = np.empty(nodes.count, claim.price.dtype)
    price[at] = claim.price
    parts = np.split(price, nodes.ends)
    return Prices(int(parts[0][0]), parts[1], parts[2], {"helper": parts[3], "recipient": parts[4]}, parts[5])


class _Nodes:
    """All nodes that must have a price, numbered: root, helpers, recipients, groups of either side, tier bounds."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        sizes = [1, len(rules.helpers), len(rules.recipients), *(len(one) for one in rules.groups.values())]
        self.ends = np.cumsum(sizes)
        self.count = int(self.ends[-1]) + len(rules.tiers)

    def rows(self, claim: Claim) -> Rows:
        """The node that each line of prices.csv speaks of, −1 for none."""
        columns, rules = claim.prices, self.rules
        kind, side, tier = (columns[name].cells() for name in ("kind", "side", "tier"))
        at = np.full(len(kind), -1, np.int64)
        at[(kind == b"root") & (side == b"") & (tier == b"") & (columns["id"].cells() == b"")] = 0
        for base, name, where, known in (
            (self.ends[0], b"helper", b"helper", rules.helpers.ids),
            (self.ends[1], b"recipient", b"recipient", rules.recipients.ids),
            (self.ends[2], b"group", b"helper", rules.groups["helper"].ids),
            (self.ends[3], b"group", b"recipient", rules.groups["recipient"].ids),
        ):
            mine = np.flatnonzero((kind == name) & (side == where) & (tier == b""))
            found = rows_in(known, _some(columns["id"], mine))
            at[mine] = np.where(found < 0, -1, base + found)
        mine = np.flatnonzero((kind == b"helper_tier") & (side == b"helper"))
        at[mine] = self._tier_rows(_some(columns["id"], mine), _some(columns["tier"], mine))
        return at

    def _tier_rows(self, helper: Text, tier: Text) -> Rows:
        rules = self.rules
        h, t = rows_in(rules.helpers.ids, helper), rows_in(rules.tier_names, tier)
        width = max(len(rules.tier_names), 1)
        key = rules.tiers.helper * width + rules.tiers.tier
        order = np.argsort(key)
        wanted = np.where((h < 0) | (t < 0), -1, h * width + t)
        place = np.minimum(np.searchsorted(key[order], wanted), max(len(key) - 1, 0))
        if not len(key):
            return np.full(len(wanted), -1, np.int64)
        return np.where(key[order][place] == wanted, self.ends[4] + order[place], -1)


def _some(column: Text, rows: Rows) -> Text:
    return Text(column.buffer, column.start[rows], column.end[rows])


# --- the bound ----------------------------------------------------------------------------------------------------


def bound(rules: Rules, prices: Prices) -> int:
    """The most that any solution can be worth, by these prices."""
    prices = _exact(rules, prices)
    total = 0
    for side, node, down in (("helper", prices.helpers, 1), ("recipient", prices.groups["recipient"], -1)):
        rows = rules.helpers if side == "helper" else rules.groups["recipient"]
        total += _most(down * (node - prices.above(side, rows)), rows.low, rows.high, rules)
    groups = rules.groups["helper"]
    total += _most(prices.groups["helper"] - prices.above("helper", groups), groups.low, groups.high, rules)
    tiers = rules.tiers
    total += _most(prices.tiers - prices.helpers[tiers.helper], tiers.low, tiers.high, rules)
    return total + _most_coverage(rules, prices) + _most_of_edges(rules, prices)


def _exact(rules: Rules, prices: Prices) -> Prices:
    """Prices whose products and sums below cannot overflow: Python integers where 64 bits might not do."""
    parts = [prices.helpers, prices.recipients, *prices.groups.values(), prices.tiers, rules.score, rules.coverage]
    largest = max([abs(prices.root), abs(rules.stability), *(int(abs(one).max(initial=0)) for one in parts)])
    lows = [rules.helpers.low, rules.recipients.low, *(one.low for one in rules.groups.values()), rules.tiers.low]
    room = 8 * (largest + 1) * (rules.most_pairs + max(int(low.max(initial=0)) for low in lows) + 2)
    if room < 2**62:
        return prices
    return Prices(
        prices.root,
        prices.helpers.astype(object),
        prices.recipients.astype(object),
        {side: one.astype(object) for side, one in prices.groups.items()},
        prices.tiers.astype(object),
    )


def _sum(terms: Array) -> int:
    """An exact sum."""
    return int(terms.sum()) if len(terms) * float(abs(terms).max(initial=0)) < 2**61 else sum(terms.tolist())


def _most(gain: Array, low: Rows, high: Rows, rules: Rules) -> int:
    """Σ over arcs of the greatest gain × flow, for flows between their bounds; no arc carries more than all edges."""
    most = np.maximum(low, np.minimum(high, rules.most_pairs))
    return _sum(gain * np.where(gain > 0, most, low))


def _most_coverage(rules: Rules, prices: Prices) -> int:
    """Σ over recipients of max over low ≤ n ≤ high of (the first n coverage values) + n × gain.

    The values never increase, so each further one is taken while it gains anything.
    """
    rows, start = rules.recipients, rules.coverage_start
    gain = prices.above("recipient", rows) - prices.recipients
    high = np.maximum(rows.low, np.minimum(rows.high, rules.most_pairs))
    length = np.diff(start)
    owner = np.repeat(np.arange(len(rows)), length)
    place = np.arange(len(owner)) - start[:-1][owner]
    step = rules.coverage + gain[owner]
    taken = (place < rows.low[owner]) | ((place < high[owner]) & (step > 0))
    beyond = np.where(gain > 0, np.maximum(high - length, 0), np.maximum(rows.low - length, 0))
    return _sum(step[taken]) + _sum(gain * beyond)


def _most_of_edges(rules: Rules, prices: Prices) -> int:
    """Each free edge its reduced value or nothing, each locked one its reduced value."""
    tail = prices.helpers[rules.edge_helper]
    if len(rules.tiers):
        at = rules.bound_on(rules.edge_helper, rules.edge_recipient)
        tail = np.where(at < 0, tail, prices.tiers[at])
    reduced = rules.score + rules.stability * rules.incumbent + prices.recipients[rules.edge_recipient] - tail
    return _sum(reduced[rules.locked | (~rules.banned & (reduced > 0))])


# --- under a policy -----------------------------------------------------------------------------------------------


def as_fair(rules: Rules) -> Rules:
    """The same rules with coverage values whose greatest sum is the fairest."""
    groups = sum(len(one) for one in rules.groups.values())
    nodes = 1 + len(rules.helpers) + len(rules.recipients) + groups + len(rules.tiers)
    largest = int(np.abs(rules.score + rules.stability * rules.incumbent).max(initial=0))
    values, start = rules.coverage.tolist(), rules.coverage_start.tolist()
    lists = [values[low:high] for low, high in pairwise(start)]
    weighed = [value for one in fair_values(lists, nodes, len(rules.score), largest) for value in one]
    return replace(rules, coverage=np.array(weighed, object))


def bound_within(rules: Rules, limit: int, prices: Prices, stated_rate: Any, out: list[str]) -> int | None:
    """The most that any solution within the limit of changes can be worth, by the claimed prices and rate.

    With values times q and a price p on each change, a solution with c changes carries p · (standing − c) besides q
    times its value, and c is at most the limit. None, with the reason in `out`, when the rate is none.
    """
    rate = change_rate(stated_rate)
    if rate is None:
        out.append(f"solution.json: change_rate {stated_rate!r} is none")
        return None
    p, q = rate
    standing = int(rules.incumbent.sum())
    sign = np.where(rules.incumbent, 1, -1).astype(object)
    value = (rules.score + rules.stability * rules.incumbent).astype(object)
    priced = replace(rules, coverage=q * rules.coverage.astype(object), score=q * value + p * sign, stability=0)
    return (bound(priced, prices) - p * standing + p * min(limit, len(rules.score))) // q
