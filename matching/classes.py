"""Helpers that are all alike, and recipients that are, solved as one each: classes.

Two rows are alike when swapping them changes nothing: the same block, features, group, bounds, tier and coverage, and
no listed pair of their own. Adding alike rows up loses nothing: the average of an optimum over all swaps is an optimum
in which alike rows fare alike. And `Classes.spread` shares the pairs of classes out among the members so evenly that
every bound of theirs holds. The prices of a class are those of each member, and prove the optimum over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching import components
from matching.implicit import Implicit
from matching.network import Network
from matching.problem import Index, Ints, Problem, TierBounds

_SEED = 20170623  # of the lots among equals; fixed, so that the same input gives the same pairs


@dataclass(frozen=True)
class Side:
    """The class of every row (n,), classes in the order of their first rows (C,), and how many rows each has (C,)."""

    of: Ints
    first: Ints
    size: Ints

    def members(self) -> tuple[Ints, Ints]:
        """Rows sorted by class, in an order of lots within each; and where each class begins (C,)."""
        lots = np.random.default_rng(_SEED).permutation(len(self.of))
        return np.lexsort((lots, self.of)), np.cumsum(self.size) - self.size


@dataclass(frozen=True)
class Classes:
    """A problem with one row per class in `implicit`; bounds are those of one member."""

    given: Implicit
    implicit: Implicit
    helpers: Side
    recipients: Side

    @property
    def sizes(self) -> tuple[Ints, Ints]:
        return self.helpers.size, self.recipients.size

    def keys(self, given: Ints) -> Ints:
        """Keys of the pairs of classes in which these pairs lie."""
        helper, recipient = np.divmod(given, max(self.given.problem.recipients, 1))
        return np.unique(self.implicit.key(self.helpers.of[helper], self.recipients.of[recipient]))

    def nodes(self, net: Network) -> Ints:
        """The node of a class (or group) in `net` that stands for each node of the problem given, in its layout."""
        tiers = np.full(self.implicit.problem.helpers * max(len(self.implicit.problem.tier_names), 1), -1, np.int64)
        mine, theirs = (
            self._tier_keys(of, bounds)
            for of, bounds in (
                (np.arange(len(self.helpers.size)), self.implicit.problem.tiers),
                (self.helpers.of, self.given.problem.tiers),
            )
        )
        tiers[mine] = np.arange(len(mine))
        return np.concatenate(
            [
                np.arange(net.first_helper),
                net.first_helper + self.helpers.of,
                net.first_recipient + self.recipients.of,
                net.first_tier + tiers[theirs],
            ]
        )

    def _tier_keys(self, of: Ints, bounds: TierBounds) -> Ints:
        keys: Ints = of[bounds.helper] * len(self.implicit.problem.tier_names) + bounds.tier
        return keys

    def spread(self, problem: Problem, flow: Ints) -> Ints:
        """Keys of pairs of members: of each listed pair of classes (E,) of `problem` as many as its `flow`.

        The pairs of a class are dealt out to its members in turn, tier by tier, so any two members differ by one at
        most, on the whole and within a tier. Between two classes, members of the one take their turns one after the
        other, each the next few members of the other: all different, since no more flow than there are pairs.
        """
        used = np.flatnonzero(flow)
        ours, theirs = (side[used].astype(np.int64) for side in (problem.edge_helper, problem.edge_recipient))
        order = np.lexsort((theirs, problem.recipient_tier[theirs], ours))
        ours, theirs, amount = ours[order], theirs[order], flow[used][order]
        high, wide = self.helpers.size[ours], self.recipients.size[theirs]
        turn, turns = np.divmod(amount, high)  # each helper takes `turn`, the first `turns` of them one more
        unit = np.arange(amount.sum()) - np.repeat(np.cumsum(amount) - amount, amount)
        high, wide, turn, turns, row_from, column_from = (
            np.repeat(one, amount) for one in (high, wide, turn, turns, _dealt(ours, amount), _dealt(theirs, amount))
        )
        more = turns * (turn + 1)
        row = np.where(unit < more, unit // (turn + 1), turns + (unit - more) // np.maximum(turn, 1))
        (helpers, first), (recipients, begin) = self.helpers.members(), self.recipients.members()
        helper = helpers[np.repeat(first[ours], amount) + (row_from + row) % high]
        recipient = recipients[np.repeat(begin[theirs], amount) + (column_from + unit) % wide]
        return np.sort(self.given.key(helper, recipient))


def _dealt(of: Ints, amount: Ints) -> Ints:
    """How much was dealt to the same class before (n,)."""
    order = np.argsort(of, kind="stable")
    before = np.cumsum(amount[order]) - amount[order]
    found = np.empty_like(before)
    found[order] = before - before[np.searchsorted(of[order], of[order])]
    return found


def classes_of(implicit: Implicit) -> Classes:
    """Sort the rows of both sides into classes. Cost: a sort of either side."""
    problem = implicit.problem
    helpers = _side(
        implicit.helper_block, implicit.helper_features, problem.helper_group, problem.helper_min, problem.helper_max,
        _bounds(problem), named=problem.edge_helper,
    )  # fmt: skip
    recipients = _side(
        implicit.recipient_block, implicit.recipient_features, problem.recipient_group, problem.recipient_min,
        problem.recipient_max, problem.recipient_tier, _coverage(problem), named=problem.edge_recipient,
    )  # fmt: skip
    small = replace(
        implicit,
        problem=first_rows(problem, helpers, recipients),
        helper_block=implicit.helper_block[helpers.first],
        recipient_block=implicit.recipient_block[recipients.first],
        helper_features=implicit.helper_features[helpers.first],
        recipient_features=implicit.recipient_features[recipients.first],
    )
    return Classes(implicit, small, helpers, recipients)


def first_rows(problem: Problem, helpers: Side, recipients: Side) -> Problem:
    """The problem with the first row of each class only, its bounds those of one row."""
    tiers = np.flatnonzero(np.isin(problem.tiers.helper, helpers.first))
    edges, above, below = (
        np.arange(len(one)) for one in (problem.edge_helper, problem.helper_groups, problem.recipient_groups)
    )
    return components.cut_out(problem, helpers.first, recipients.first, edges, above, below, tiers).problem


def _side(*facts: NDArray[np.integer], named: Index) -> Side:
    """Classes of rows with the same facts (n,) or (n, F); those that a listed pair names stand alone."""
    rows = len(facts[0])
    alone = np.zeros(rows, np.int64)
    at = np.unique(named)
    alone[at] = at + 1
    table = np.column_stack([alone, *facts]).astype(np.int64)
    order = np.lexsort(table.T)
    ranked = table[order]
    new = np.ones(rows, np.bool_)
    new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    first = np.minimum.reduceat(order, np.flatnonzero(new)) if rows else order
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    of = np.empty(rows, np.int64)
    of[order] = number[np.cumsum(new) - 1]
    return Side(of, np.sort(first), np.bincount(of, minlength=len(first)))


def _bounds(problem: Problem) -> Ints:
    """Bounds on tiers as facts of the helpers (H, 2 × tiers): −1 where there is none."""
    width = len(problem.tier_names)
    found = np.full((problem.helpers, 2 * width), -1, np.int64)
    found[problem.tiers.helper, problem.tiers.tier] = problem.tiers.min
    found[problem.tiers.helper, width + problem.tiers.tier] = problem.tiers.max
    return found


def _coverage(problem: Problem) -> Ints:
    """Coverage values as facts of the recipients (R, longest list): −1 beyond the end of a list."""
    length = np.diff(problem.coverage_start)
    owner = np.repeat(np.arange(problem.recipients), length)
    found = np.full((problem.recipients, int(length.max(initial=0))), -1, np.int64)
    found[owner, np.arange(len(owner)) - problem.coverage_start[owner]] = problem.coverage
    return found


__all__ = ["Classes", "Side", "classes_of", "first_rows"]
