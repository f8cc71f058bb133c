"""How far everything lies from one node in the residual graph of classes, over all eligible pairs and not only listed
ones.

A pair that is not listed carries nothing, so it is one more way from a helper to a recipient, at what its score lacks
of the prices. These ways are looked at block by block, as matrices, and only from nodes whose distance fell; so nothing
has to be listed first, and nothing is left out. Nodes pass on their distances in widening rings (Dijkstra 1959, many at
a time).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching import scan
from matching.network import Network
from matching.paths import sorted_arcs, spans
from matching.problem import Index, Ints, Problem
from matching.settled import Grid

FAR = 2**62 - 1  # where there is no way
_WIDER = 4  # a ring reaches a quarter farther than the one before it, or to the nearest node that waits
_PIECE = 4_000_000  # pairs looked at together

Limit = Callable[[Ints], int]


@dataclass(frozen=True)
class Rows:
    """The rows of both sides: their blocks, −1 for none, and the eligible pairs of blocks (K, 2)."""

    helper_block: Index
    recipient_block: Index
    eligible: Index


@dataclass(frozen=True)
class Area:
    """Helpers of one block and recipients of another and of one tier; the nodes from which the ones reach the others;
    their scores; and which pairs (row, column) do not count, since they are listed."""

    helpers: Ints
    tails: Ints
    recipients: Ints
    heads: Ints
    scores: Grid
    listed: tuple[Ints, Ints]


class Reach:
    """The residual graph of a flow (A,) that the prices (N,) prove optimal.

    `grid(helpers, recipients)` tells the scores of a whole rectangle within one pair of blocks.
    """

    def __init__(
        self, problem: Problem, rows: Rows, net: Network, flow: Ints, price: Ints, grid: Callable[[Ints, Ints], Grid]
    ) -> None:
        """Raises ValueError where the prices do not prove the flow over the listed pairs."""
        self.net, self.price = net, price
        more, less = np.flatnonzero(flow < net.upper), np.flatnonzero(flow > net.lower)
        tail = np.concatenate([net.tail[more], net.head[less]])
        head = np.concatenate([net.head[more], net.tail[less]])
        cost = np.concatenate([-net.value[more], net.value[less]]) + price[tail] - price[head]
        if cost.min(initial=0) < 0:
            raise ValueError("the prices do not prove this solution optimal")
        self._out, self._into = (sorted_arcs(net.nodes, *ends, cost) for ends in ((tail, head), (head, tail)))
        self.areas = list(_areas(problem, rows, net, grid))
        self._from, self._to = (self._areas_of(of) for of in ("tails", "heads"))

    def _areas_of(self, ends: str) -> list[list[Area]]:
        """The areas, those together whose nodes on this side are the same."""
        found: dict[bytes, list[Area]] = {}
        for area in self.areas:
            found.setdefault(getattr(area, ends).tobytes(), []).append(area)
        return list(found.values())

    def distances(self, start: int, limit: Limit, *, onward: bool) -> Ints:
        """How far each node is from the start, or, not onward, the start from it; (N,), FAR where not at all.

        `limit` is told what is known and says below what it must be exact; from there on, it may be too much.
        """
        side = _Side(self, start, onward)
        while side.grow(lambda: limit(side.label)):
            pass
        return side.label

    def between(self, start: int, target: int, most: int) -> tuple[int, Ints]:
        """(length, potential (N,)) of the shortest way when it is shorter than `most`, else (most, potential).

        The search runs from both ends until what is known reaches together as far as the length: no shorter way can be
        left (Pohl 1971). With r and s for the two radii, r + s = length, the potential is min(distance from the start,
        r) + max(length − distance to the target, r), and some constant. No residual arc raises it by more than it
        costs: where both terms rise along an arc, start – arc – target is itself a way, so not shorter. So it moves the
        prices to what proves the flow once the unit has gone round, and every arc of a shortest way raises it by
        exactly what it costs.
        """
        here, there = _Side(self, start, onward=True), _Side(self, target, onward=False)

        def length() -> int:
            return min(most, int((here.label + there.label).min()))

        while here.radius + there.radius < length():
            side, other = (here, there) if here.work() <= there.work() else (there, here)
            side.grow(lambda other=other: length() - other.radius)  # type: ignore[misc]
        found = length()
        reach = min(here.radius, found)
        return found, np.minimum(here.label, reach) + np.maximum(found - there.label, reach)

    def pass_on(self, label: Ints, nodes: Ints, onward: bool) -> None:
        """Lower the labels of the neighbours of these nodes."""
        arcs, areas = (self._out, self._from) if onward else (self._into, self._to)
        given = label.copy()  # what is passed on is what was known before
        at, count = spans(arcs.first, nodes)
        np.minimum.at(label, arcs.head[at], np.repeat(given[nodes], count) + arcs.cost[at])
        active = np.zeros(self.net.nodes, np.bool_)
        active[nodes] = True
        for some in areas:
            places = np.flatnonzero(active[some[0].tails if onward else some[0].heads])
            for area in some if len(places) else ():
                self._over(area, places, given, label, onward)

    def _over(self, area: Area, places: Ints, given: Ints, label: Ints, onward: bool) -> None:
        """From the helpers, or to the recipients, at these places of an area."""
        near, far = (area.tails, area.heads) if onward else (area.heads, area.tails)
        sign, axis = (1, 0) if onward else (-1, 1)
        step = max(1, _PIECE // len(far))
        for first in range(0, len(places), step):
            some = places[first : first + step]
            begin = given[near[some]] + sign * self.price[near[some]]
            found = self._reached(area, some, begin, onward)
            reach = found.min(axis=axis) - sign * self.price[far]
            better = np.flatnonzero((reach < label[far]) & (reach < FAR // 4))
            label[far[better]] = reach[better]

    def _reached(self, area: Area, some: Ints, begin: Ints, onward: bool) -> Ints:
        rows, columns = (some, None) if onward else (None, some)
        found = (begin[:, None] if onward else begin) - area.scores.take(rows, columns)
        hit = _places(area.listed[0 if onward else 1], some)
        able = np.flatnonzero(hit >= 0)
        ends = (hit[able], area.listed[1][able]) if onward else (area.listed[0][able], hit[able])
        found[ends] = FAR // 2
        return found

    def costs(self, area: Area, rows: Ints | None, columns: Ints | None) -> Ints:
        """What the formula makes it cost to go from these helpers of an area to these recipients (n, m), listed or
        not."""
        tails, heads = (
            ends if some is None else ends[some] for ends, some in ((area.tails, rows), (area.heads, columns))
        )
        found: Ints = self.price[tails, None] - area.scores.take(rows, columns)
        found -= self.price[heads]
        return found


class _Side:
    """Distances from the start, or, not onward, to it. All nodes nearer than `radius` have passed on theirs."""

    def __init__(self, reach: Reach, start: int, onward: bool) -> None:
        self.reach, self.onward, self.radius = reach, onward, 0
        self.label = np.full(reach.net.nodes, FAR, np.int64)
        self._waits = np.zeros(reach.net.nodes, np.bool_)
        self.label[start], self._waits[start] = 0, True

    def work(self) -> int:
        """How many nodes the next ring begins with."""
        return len(_below(self.label, self._waits, self._ring()))

    def grow(self, limit: Callable[[], int]) -> bool:
        """Pass on the distances within the next ring, as far as they are below the limit; whether there were any."""
        if not len(_below(self.label, self._waits, most := limit())):
            self.radius = max(self.radius, most)
            return False
        ring = self._ring()
        while len(near := _below(self.label, self._waits, min(ring, limit()))):
            self._waits[near] = False
            before = self.label.copy()
            self.reach.pass_on(self.label, near, self.onward)
            self._waits |= self.label < before
        self.radius = max(self.radius, min(ring, limit()))
        return True

    def _ring(self) -> int:
        waiting = self.label[self._waits]
        return max(self.radius + self.radius // _WIDER, int(waiting.min(initial=FAR - 1)) + 1)


def _below(label: Ints, waits: NDArray[np.bool_], limit: int) -> Ints:
    """Nodes that wait and are nearer than this."""
    waiting = np.flatnonzero(waits)
    return waiting[label[waiting] < limit]


def _places(some: Ints, of: Ints) -> Ints:
    """Where each stands among these ascending numbers; −1 where it does not."""
    at = np.minimum(np.searchsorted(of, some), len(of) - 1)
    return np.where(of[at] == some, at, -1)


def _areas(problem: Problem, rows: Rows, net: Network, grid: Callable[[Ints, Ints], Grid]) -> Iterator[Area]:
    # Without bounds on tiers a helper reaches recipients of all tiers from the same node.
    tiers = np.unique(problem.recipient_tier).tolist() if len(problem.tiers) else [-1]
    tier_of = problem.recipient_tier if len(problem.tiers) else np.full(problem.recipients, -1, np.int32)
    ours, theirs = (problem.edge_helper.astype(np.int64), problem.edge_recipient.astype(np.int64))
    blocks = rows.helper_block[ours], rows.recipient_block[theirs]
    for one, other in np.unique(rows.eligible, axis=0):
        helpers, block = np.flatnonzero(rows.helper_block == one), np.flatnonzero(rows.recipient_block == other)
        if min(one, other) < 0 or not len(helpers) or not len(block):
            continue
        inside = np.flatnonzero((blocks[0] == one) & (blocks[1] == other))
        for tier in tiers:
            recipients = block[tier_of[block] == tier]
            if not len(recipients):
                continue
            here = inside[tier_of[theirs[inside]] == tier]
            yield Area(
                helpers, scan.tails(net, problem.tiers, helpers, tier), recipients, net.first_recipient + recipients,
                grid(helpers, recipients),
                (np.searchsorted(helpers, ours[here]), np.searchsorted(recipients, theirs[here])),
            )  # fmt: skip


__all__ = ["FAR", "Area", "Limit", "Reach", "Rows"]
