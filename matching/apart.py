"""A settled optimum in which some rows stand apart from those that are alike, so that something may be said of them.

Whatever is asked about a pair, its two rows are no longer like any other. With each in a class of its own the pair is
an edge that carries one unit at most, and one unit sent round on a shortest way repairs the optimum when it must carry
more or less (successive shortest paths, Ahuja, Magnanti & Orlin 1993, section 9.7).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching import components, network
from matching.chain import Members, chain
from matching.classes import Side
from matching.problem import BANNED, FREE, LOCKED, Ints, Problem, TierBounds, no_tiers
from matching.reach import FAR, Reach, Rows
from matching.residual import flow_over
from matching.settled import Grid, Settled


@dataclass(frozen=True)
class Way:
    """One unit sent round: what it costs beyond the value of the pair, and the keys of the pairs that come and go."""

    cost: int
    removed: tuple[int, ...]
    added: tuple[int, ...]


class Apart:
    """The optimum with the rows of the `named` pairs (keys) apart; moves that are made are kept.

    The helper whose row is `leaving` is eligible for no pair but those that are named or listed: among them must be all
    that it has.
    """

    def __init__(self, settled: Settled, named: Ints, leaving: int | None = None) -> None:
        self.settled = settled
        self.named = np.union1d(named, settled.own)
        helper, recipient = settled.rows(named)
        self.helpers, self.helper_like = _alone(settled.helpers, helper)
        self.recipients, self.recipient_like = _alone(settled.recipients, recipient)
        self._block = settled.small.helper_block[self.helper_like]
        if leaving is not None:
            self._block[self.helpers.of[leaving]] = -1
        self._small, self._tier_like = self._rows_of_classes()
        self.price = self._prices()
        self.problem = settled.listing(named)
        self.keys = settled.key(self.problem.edge_helper, self.problem.edge_recipient)
        self.picked = np.isin(self.keys, settled.picked)
        self._lay_out()

    # --- classes --------------------------------------------------------------------------------------------------

    def _rows_of_classes(self) -> tuple[Problem, Ints]:
        """A problem with one row per class and no pairs; and which bound on a tier each of its own is like."""
        small, like = self.settled.small.problem, self.helper_like
        none = np.zeros(0, np.intp)
        above, below = (np.arange(len(one)) for one in (small.helper_groups, small.recipient_groups))
        made = components.cut_out(small, like, self.recipient_like, none, above, below, none).problem
        tiers = small.tiers
        if not len(tiers):
            return replace(made, tiers=no_tiers()), none
        first, last = np.searchsorted(tiers.helper, like, "left"), np.searchsorted(tiers.helper, like, "right")
        of = np.repeat(np.arange(len(like)), last - first)
        at = np.concatenate([none, *(np.arange(low, high) for low, high in zip(first, last, strict=True))])
        bounds = TierBounds(of.astype(np.int32), tiers.tier[at], tiers.min[at], tiers.max[at])
        return replace(made, tiers=bounds), at

    def _prices(self) -> Ints:
        given = self.settled.price
        net = network.build(self.settled.small.problem)
        return np.concatenate(
            [
                given[: net.first_helper],
                given[net.first_helper + self.helper_like],
                given[net.first_recipient + self.recipient_like],
                given[net.first_tier + self._tier_like],
            ]
        )

    def _lay_out(self) -> None:
        """The network of classes under the pairs as they are now."""
        problem, small = self.problem, self.settled.small
        helper, recipient = self.helpers.of[problem.edge_helper], self.recipients.of[problem.edge_recipient]
        told = np.flatnonzero(self.picked | np.isin(self.keys, self.named))
        key = helper[told] * len(self.recipient_like) + recipient[told]
        self._class_keys, first, number = np.unique(key, return_index=True, return_inverse=True)
        carried = np.bincount(number, weights=self.picked[told], minlength=len(first)).astype(np.int64)
        some = told[first]
        of_classes = replace(
            self._small,
            edge_helper=helper[some].astype(np.int32),
            edge_recipient=recipient[some].astype(np.int32),
            edge_score=problem.edge_score[some],
            edge_state=problem.edge_state[some],
            edge_incumbent=problem.edge_incumbent[some],
        )
        self.net = network.build(of_classes, sizes=(self.helpers.size, self.recipients.size))
        flow = flow_over(self.net, of_classes, carried)
        rows = Rows(self._block, small.recipient_block[self.recipient_like], small.eligible)
        self.reach = Reach(of_classes, rows, self.net, flow, self.price, self._grid)

    def _grid(self, helpers: Ints, recipients: Ints) -> Grid:
        return self.settled.grid(self.helper_like[helpers], self.recipient_like[recipients])

    # --- one pair -------------------------------------------------------------------------------------------------

    def edge(self, key: int) -> int:
        """Where a named pair stands among the edges of `problem`."""
        return int(np.searchsorted(self.keys, key))

    def state(self, key: int) -> int:
        """Whether a named pair is free, locked or banned."""
        return int(self.problem.edge_state[self.edge(key)])

    def arc(self, key: int) -> int:
        """The arc of a named pair in the network of classes."""
        helper, recipient = self.settled.rows(np.array([key]))
        mine = self.helpers.of[helper] * len(self.recipient_like) + self.recipients.of[recipient]
        return int(np.searchsorted(self._class_keys, mine[0]))

    def gain(self, arc: int) -> int:
        """What one unit more on an arc is worth at the prices."""
        net, price = self.net, self.price
        return int(net.value[arc] + price[net.head[arc]] - price[net.tail[arc]])

    def way(self, key: int, *, more: bool) -> Way | None:
        """The shortest way on which a named pair carries one more or one less; None when there is none."""
        found, _ = self._search(key, FAR, more=more)
        return found

    def become(self, key: int, state: int) -> bool:
        """Make a named pair free, locked or banned, and pairs and prices follow; False, and all as it was, where the
        bounds leave no way.

        What gives room must come before what takes it.
        """
        if self.state(key) == state:
            return True
        carries, gain = bool(self.picked[self.edge(key)]), self.gain(self.arc(key))
        forced = state == (BANNED if carries else LOCKED)
        pays = state == FREE and (gain < 0 if carries else gain > 0)
        if forced or pays:
            found, potential = self._search(key, FAR if forced else abs(gain), more=not carries)
            if found is None and forced:
                return False
            self.price = self.price + (potential - potential[0])
            if found:
                self._keep(key, found, more=not carries)
        self.problem = self.problem.with_edge_state({self.edge(key): state})
        self._lay_out()
        return True

    def _search(self, key: int, most: int, *, more: bool) -> tuple[Way | None, Ints]:
        """The shortest way below `most`, and the potential (N,) by which prices move with it, or without it."""
        arc = self.arc(key)
        ends = int(self.net.head[arc]), int(self.net.tail[arc])
        start, target = ends if more else ends[::-1]
        length, potential = self.reach.between(start, target, most)
        if length >= most:
            return None, potential
        removed, added = self._chain(start, target, key, potential)
        return Way(length, removed, added), potential

    def _chain(self, start: int, target: int, key: int, potential: Ints) -> tuple[tuple[int, ...], tuple[int, ...]]:
        members = Members(self.problem, self.picked, self.helpers, self.recipients, self.net, self.price)
        ends = members.ends(self.edge(key))
        if members.node_of[ends[0]] != start:
            ends = ends[::-1]
        return chain(members, self.reach, potential, *ends)

    def _keep(self, key: int, way: Way, *, more: bool) -> None:
        """The pairs as they are after the way."""
        gone, come = [*way.removed], [*way.added]
        (come if more else gone).append(key)
        standing = np.union1d(np.setdiff1d(self.keys[self.picked], gone), come).astype(np.int64)
        self.problem = self.settled.listing(standing, self.problem)
        self.keys = self.settled.key(self.problem.edge_helper, self.problem.edge_recipient)
        self.picked = np.isin(self.keys, standing)


def _alone(side: Side, rows: Ints) -> tuple[Side, Ints]:
    """The classes with each of these rows in one of its own, and which class each was before."""
    of, size, first, like = side.of.copy(), side.size.tolist(), side.first.tolist(), list(range(len(side.size)))
    for row in np.unique(rows).tolist():
        if size[old := int(side.of[row])] == 1:
            continue
        size[old] -= 1
        of[row] = len(size)
        size.append(1)
        first.append(row)
        like.append(old)
    return Side(of, np.array(first, np.int64), np.array(size, np.int64)), np.array(like, np.int64)


__all__ = ["Apart", "Way"]
