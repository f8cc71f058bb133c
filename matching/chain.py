"""From a shortest way between classes to pairs of rows: who leaves whom, and who takes whom instead.

A way between classes says what changes, not for whom. Every way of rows is one of classes, at the same cost; so the
shortest ways of rows are as long, and lead over arcs that are tight: where the potentials of both ends differ by
exactly what the step costs. Among these the one over the fewest pairs is found breadth first.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matching import network
from matching.classes import Side
from matching.network import Network
from matching.paths import Arcs, sorted_arcs, spans
from matching.problem import Ints, Problem
from matching.reach import Area, Reach
from matching.residual import flow_over


class NoWay(RuntimeError):
    """Classes have a way that their rows have not, which the theory excludes."""


class Members:
    """The network of the rows under their pairs, and the node of a class that stands for each of its nodes."""

    def __init__(
        self,
        problem: Problem,
        picked: NDArray[np.bool_],
        helpers: Side,
        recipients: Side,
        classes: Network,
        price: Ints,
    ) -> None:
        self.problem, self.recipients = problem, recipients
        self.net = network.build(problem)
        self.flow = flow_over(self.net, problem, picked.astype(np.int64))
        self.keys = problem.edge_helper.astype(np.int64) * problem.recipients + problem.edge_recipient
        self.node_of = np.concatenate(
            [
                np.arange(classes.first_helper),
                classes.first_helper + helpers.of,
                classes.first_recipient + recipients.of,
                self._tiers(helpers, classes),
            ]
        )
        self.price = price[self.node_of]

    def _tiers(self, helpers: Side, classes: Network) -> Ints:
        """Nodes of bounds on tiers: as many as a class has in the order in which each of its helpers has them."""
        of = helpers.of[self.problem.tiers.helper]
        number = np.arange(len(of)) - np.searchsorted(self.problem.tiers.helper, self.problem.tiers.helper)
        count = np.bincount(of, minlength=len(helpers.size)) // helpers.size
        found: Ints = classes.first_tier + (np.cumsum(count) - count)[of] + number
        return found

    def ends(self, edge: int) -> tuple[int, int]:
        """The nodes between which a pair leads."""
        return int(self.net.tail[edge]), int(self.net.head[edge])

    def helper(self, node: int) -> int:
        """Whose node this is: a helper's, or that of a bound of his on a tier; −1 for any other."""
        net = self.net
        if net.first_helper <= node < net.first_recipient:
            return node - net.first_helper
        return int(self.problem.tiers.helper[node - net.first_tier]) if node >= net.first_tier else -1

    def recipient(self, node: int) -> int:
        """Whose node this is; −1 where it is no recipient's."""
        net = self.net
        return node - net.first_recipient if net.first_recipient <= node < net.first_tier else -1

    def listed(self, helper: int) -> Ints:
        """The recipients of this helper's listed pairs."""
        width = self.problem.recipients
        first, last = np.searchsorted(self.keys, [helper * width, (helper + 1) * width])
        return self.keys[first:last] % width


def chain(
    members: Members, reach: Reach, potential: Ints, start: int, target: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The keys of the pairs that go and of those that come on a shortest way between these nodes of rows, in its order.

    `potential` (N,) of classes is that of `Reach.between`.
    """
    nodes = [target]
    came_from = _Search(members, reach, potential, start, target).came_from
    while nodes[-1] != start:
        nodes.append(int(came_from[nodes[-1]]))
    removed, added, width = [], [], members.problem.recipients
    for one, other in zip(nodes[:0:-1], nodes[-2::-1], strict=True):
        if (h := members.helper(one)) >= 0 and (r := members.recipient(other)) >= 0:
            added.append(h * width + r)
        if (r := members.recipient(one)) >= 0 and (h := members.helper(other)) >= 0:
            removed.append(h * width + r)
    return tuple(removed), tuple(added)


class _Search:
    """Breadth first over tight arcs, one pair at a time; `came_from` (N,) is −1 where it has not been."""

    def __init__(self, members: Members, reach: Reach, potential: Ints, start: int, target: int) -> None:
        self.members, self.reach = members, reach
        self.potential = potential
        self.came_from = np.full(members.net.nodes, -1, np.int64)
        self.came_from[start] = start
        of = members.recipients.of
        self._order = np.argsort(of, kind="stable")
        self._first = np.searchsorted(of[self._order], np.arange(len(members.recipients.size) + 1))
        self._left = members.recipients.size.copy()  # recipients of each class where it has not been
        self._pairs, self._bounds = self._tight()
        near = self._over_bounds(np.array([start]))
        while self.came_from[target] < 0:
            near = np.concatenate([self._over(self._pairs, near), self._over_others(near)])
            if not len(near):
                raise NoWay(f"no way of rows from {start} to {target}")
            near = self._over_bounds(near)

    def _tight(self) -> tuple[Arcs, Arcs]:
        """Listed pairs, and bounds, over which a shortest way may lead."""
        members, net = self.members, self.members.net
        more, less = np.flatnonzero(members.flow < net.upper), np.flatnonzero(members.flow > net.lower)
        tail = np.concatenate([net.tail[more], net.head[less]])
        head = np.concatenate([net.head[more], net.tail[less]])
        cost = np.concatenate([-net.value[more], net.value[less]]) + members.price[tail] - members.price[head]
        level = self.potential[members.node_of]
        tight, pair = level[tail] + cost == level[head], np.concatenate([more, less]) < net.edges
        which = np.flatnonzero(tight & pair), np.flatnonzero(tight & ~pair)
        pairs, bounds = (sorted_arcs(net.nodes, tail[some], head[some], cost[some]) for some in which)
        return pairs, bounds

    def _over_bounds(self, near: Ints) -> Ints:
        """These nodes and all that are reached from them without any pair."""
        found = [near]
        while len(near):
            near = self._over(self._bounds, near)
            found.append(near)
        net, reached = self.members.net, np.concatenate(found)
        mine = reached[(reached >= net.first_recipient) & (reached < net.first_tier)] - net.first_recipient
        np.subtract.at(self._left, self.members.recipients.of[mine], 1)
        return reached

    def _over(self, arcs: Arcs, near: Ints) -> Ints:
        at, count = spans(arcs.first, near)
        head, by = arcs.head[at].astype(np.int64), np.repeat(near, count)
        new = np.flatnonzero(self.came_from[head] < 0)
        head, first = np.unique(head[new], return_index=True)
        self.came_from[head] = by[new][first]
        return head

    def _over_others(self, near: Ints) -> Ints:
        """From helpers to recipients over pairs that are not listed."""
        of: dict[int, list[int]] = {}
        for node in near.tolist():
            if self.members.helper(node) >= 0:
                of.setdefault(int(self.members.node_of[node]), []).append(node)
        active = np.zeros(self.reach.net.nodes, np.bool_)
        active[list(of)] = True
        found = [np.zeros(0, np.int64)]
        for area in self.reach.areas if of else ():
            rows = np.flatnonzero(active[area.tails])
            columns = np.flatnonzero(self._left[area.recipients] > 0)
            if len(rows) and len(columns):
                found += self._inside(area, rows, columns, of)
        return np.concatenate(found)

    def _inside(self, area: Area, rows: Ints, columns: Ints, of: dict[int, list[int]]) -> Iterator[Ints]:
        tails, heads = area.tails[rows], area.heads[columns]
        tight = self.reach.costs(area, rows, columns) + self.potential[tails, None] == self.potential[heads]
        for at in np.flatnonzero(tight.any(axis=0)).tolist():
            nodes = [node for tail in tails[tight[:, at]].tolist() for node in of[tail]]
            yield self._to_class(nodes, int(area.recipients[columns[at]]))

    def _to_class(self, nodes: list[int], number: int) -> Ints:
        """Go from these helpers to whoever is left of a class of recipients."""
        first = self.members.net.first_recipient
        left = self._order[self._first[number] : self._first[number + 1]]
        left = left[self.came_from[first + left] < 0]
        found = [np.zeros(0, np.int64)]
        for node in nodes:
            if not len(left):
                break
            able = ~np.isin(left, self.members.listed(self.members.helper(node)))
            found.append(first + left[able])
            self.came_from[found[-1]] = node
            left = left[~able]
        return np.concatenate(found)


__all__ = ["Members", "NoWay", "chain"]
