"""Putting an optimal flow right again after a few arcs changed, instead of solving from scratch.

The out-of-kilter method (Fulkerson 1961), one arc at a time: while an arc carries less or more than its bounds or its
price want, the cheapest way round is found in the residual graph and flow is sent along it. Prices move with every
search, so the result keeps its proof. The search runs from both ends and looks only at nodes nearer than the loss it
establishes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.network import Network
from matching.paths import order_by, spans, starts
from matching.problem import Index, Ints

FAR = 2**62 - 1  # farther than any sum of costs on a path; twice this still fits 64 bits
_WIDER = 4  # a ring reaches a quarter farther than the one before it, or to the nearest node that waits


class Blocked(ValueError):
    """The bounds of an arc cannot be met together with all others."""


@dataclass(frozen=True)
class _Star:
    """Arcs by one of their ends: those of node v are `arcs[first[v]:first[v + 1]]`."""

    arcs: Index
    first: Ints

    def of(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The arcs of these nodes, and the node that each belongs to."""
        at, count = spans(self.first, nodes)
        return self.arcs[at].astype(np.int64), np.repeat(nodes, count)


class Repair:
    """A flow (A,) and prices (N,) that prove each other, kept so while bounds of single arcs change.

    Building it costs one sort of the arcs by either end; `set_bounds` costs a search through the neighbourhood that the
    change concerns. `lower`, `upper`, `flow` and `price` belong to this object.
    """

    def __init__(self, network: Network, flow: Ints, price: Ints) -> None:
        self.tail, self.head, self.value = network.tail, network.head, network.value
        self.lower, self.upper = network.lower.copy(), network.upper.copy()
        self.flow, self.price = flow.copy(), price.copy()
        self.leaving = _Star(order_by(network.tail).astype(np.int32), starts(network.tail, network.nodes))
        self.entering = _Star(order_by(network.head).astype(np.int32), starts(network.head, network.nodes))
        self._from, self._to = _Side(self, onward=True), _Side(self, onward=False)
        self._journal: list[tuple[Ints, Ints, Ints]] = []
        self.mark()

    def set_bounds(self, arc: int, lower: int, upper: int) -> None:
        """Give one arc other bounds and make the flow optimal again.

        Raises Blocked when no flow meets all bounds; only `take_back` then leads to something that is optimal.
        """
        self._note(self.lower, arc)
        self._note(self.upper, arc)
        self.lower[arc], self.upper[arc] = lower, upper
        while step := self._out_of_kilter(arc):
            self._go_round(arc, more=step > 0)

    def mark(self) -> None:
        """Remember the present state for `take_back`."""
        self._journal = [(self.price, np.arange(len(self.price)), self.price.copy())]

    def take_back(self) -> None:
        """Return to the state of the last `mark`."""
        for array, at, old in reversed(self._journal):
            array[at] = old
        self.mark()

    def gain(self, arcs: Ints) -> Ints:
        """What one more unit on each of these arcs is worth at the present prices."""
        gain: Ints = self.value[arcs] + self.price[self.head[arcs]] - self.price[self.tail[arcs]]
        return gain

    def _note(self, array: Ints, at: Ints | int) -> None:
        rows = np.atleast_1d(np.asarray(at, np.int64))
        self._journal.append((array, rows, array[rows]))

    def _gain(self, arc: int) -> int:
        return int(self.value[arc] + self.price[self.head[arc]] - self.price[self.tail[arc]])

    def _out_of_kilter(self, arc: int) -> int:
        """By how many units the arc wants more (positive) or less (negative)."""
        gain, flow = self._gain(arc), int(self.flow[arc])
        lower, upper = int(self.lower[arc]), int(self.upper[arc])
        wanted = upper if gain > 0 else lower if gain < 0 else min(max(flow, lower), upper)
        return wanted - flow

    def _go_round(self, arc: int, *, more: bool) -> None:
        """Send flow from one end of the arc to the other on the cheapest way outside it, if that pays or must be."""
        source, target = int(self.head[arc]), int(self.tail[arc])
        if not more:
            source, target = target, source
        bounds = self.lower[arc], self.upper[arc]
        forced = not bounds[0] <= self.flow[arc] <= bounds[1]
        limit = FAR if forced else abs(self._gain(arc))
        self.lower[arc] = self.upper[arc] = self.flow[arc]  # out of the search's way
        length, way = self._search(source, target, limit)
        self.lower[arc], self.upper[arc] = bounds
        self._move_prices(length)
        if way:
            self._send(arc, way, more=more)
        elif forced:
            raise Blocked(f"no way round arc {arc}")

    def _send(self, arc: int, way: list[int], *, more: bool) -> None:
        """Send along the way what fits and is still wanted at the new prices, and the same through the arc."""
        signed = np.array(way, np.int64)
        arcs, up = np.abs(signed) - 1, signed > 0
        room = np.where(up, self.upper[arcs] - self.flow[arcs], self.flow[arcs] - self.lower[arcs])
        amount = min(int(room.min()), abs(self._out_of_kilter(arc)))
        self._note(self.flow, np.append(arcs, arc))
        self.flow[arcs] += np.where(up, amount, -amount)
        self.flow[arc] += amount if more else -amount

    def _search(self, source: int, target: int, limit: int) -> tuple[int, list[int]]:
        """(length, signed arcs) of the cheapest way when it is shorter than `limit`, else (limit, []).

        Both sides grow until their radii add up to the length: no shorter way can be left (Pohl 1971).
        """
        here, there = self._from, self._to
        here.begin(source)
        there.begin(target)
        best, middle = limit, -1
        while here.radius + there.radius < best:
            side, other = (here, there) if here.work <= there.work else (there, here)
            side.grow(best, other)
            both = here.label + there.label
            nearest = int(both.argmin())
            if both[nearest] < best:
                best, middle = int(both[nearest]), nearest
        return best, [] if middle < 0 else self._without_loops(here.way(middle)[::-1] + there.way(middle))

    def _without_loops(self, way: list[int]) -> list[int]:
        """The two halves of a way may share nodes, at no cost; whatever lies between is left out."""
        at: dict[int, int] = {}
        kept: list[int] = []
        for signed in way:
            arc = abs(signed) - 1
            ends = int(self.tail[arc]), int(self.head[arc])
            start, end = ends if signed > 0 else ends[::-1]
            at.setdefault(start, len(kept))
            kept.append(signed)
            if end in at:
                kept = kept[: at[end]]
                at = {node: place for node, place in at.items() if place <= len(kept)}
        return kept

    def _move_prices(self, length: int) -> None:
        """Add to each price how much nearer to the target than to the source it lies, cut off at the two radii.

        With r + s = length, min(distance from source, r) + max(length - distance to target, r) keeps every residual
        arc from gaining: where both terms rise along an arc, source – arc – target is itself a way, so not shorter.
        """
        here, there = self._from, self._to
        if length < FAR:
            reach = min(here.radius, length)
            self.price -= np.maximum(reach - here.label, 0)
            self.price += np.maximum(length - reach - there.label, 0)


class _Side:
    """One half of the search: distances from the source, or to the target.

    Every node nearer than `radius` has its final label and has passed it on. Nodes pass on their labels in widening
    rings. `work` is the number of arcs at which the next ring begins.
    """

    def __init__(self, repair: Repair, *, onward: bool) -> None:
        self.repair, self.onward, self.radius, self.work = repair, onward, 0, 0
        self.label: Ints = np.full(len(repair.price), FAR, np.int64)
        self._by: Ints = np.zeros(len(repair.price), np.int64)
        self._waits: NDArray[np.bool_] = np.zeros(len(repair.price), np.bool_)
        self._ring = 0

    def begin(self, node: int) -> None:
        """Start at this node."""
        self.label.fill(FAR)
        self._by.fill(0)
        self._waits.fill(False)
        self.label[node], self._waits[node], self.radius = 0, True, 0
        self._widen(0)

    def grow(self, best: int, other: _Side) -> None:
        """Pass on the labels within the next ring.

        Labels that cannot be part of a way shorter than `best` are not given, so nothing is sought beyond
        `best` - `other.radius`.
        """
        most = best - other.radius
        ring = min(self._ring, most)
        while len(near := self._waiting(ring)):
            self._waits[near] = False
            self._pass_on(near, best, other)
        self.radius = ring
        self._widen(most)

    def way(self, node: int) -> list[int]:
        """The signed arcs from this node to where the side began: arc + 1 taken up, -(arc + 1) given back."""
        way = []
        while signed := int(self._by[node]):
            way.append(signed)
            ends = self.repair.tail if (signed > 0) == self.onward else self.repair.head
            node = int(ends[abs(signed) - 1])
        return way

    def _waiting(self, below: int) -> Ints:
        """Nodes whose label has not been passed on, as far as it is below this."""
        waiting = np.flatnonzero(self._waits)
        return waiting[self.label[waiting] < below]

    def _widen(self, most: int) -> None:
        """Choose the next ring; when no node waits, nothing is left up to `most`."""
        waiting = self._waiting(FAR)
        if not len(waiting):
            self.radius, self.work = most, 0
            return
        label = self.label[waiting]
        self._ring = max(self.radius + self.radius // _WIDER, int(label.min()) + 1)
        near = waiting[label < self._ring]
        stars = (self.repair.leaving, self.repair.entering)
        self.work = sum(int((star.first[near + 1] - star.first[near]).sum()) for star in stars)

    def _pass_on(self, nodes: Ints, best: int, other: _Side) -> None:
        """Lower the labels of the neighbours of these nodes."""
        signed, ends, reach = self._moves(nodes)
        to_go = np.minimum(other.label[ends], other.radius)
        better = np.flatnonzero((reach < self.label[ends]) & (reach + to_go < best))
        signed, ends, reach = signed[better], ends[better], reach[better]
        np.minimum.at(self.label, ends, reach)
        won = reach == self.label[ends]
        self._by[ends[won]] = signed[won]
        self._waits[ends] = True

    def _moves(self, nodes: Ints) -> tuple[Ints, Ints, Ints]:
        """Residual arcs out of these nodes (into them, for the side of the target): signed, other end, label there."""
        repair = self.repair
        up, down = (repair.leaving, repair.entering) if self.onward else (repair.entering, repair.leaving)
        more, before = up.of(nodes)
        less, behind = down.of(nodes)
        able = np.flatnonzero(repair.flow[more] < repair.upper[more])
        back = np.flatnonzero(repair.flow[less] > repair.lower[less])
        more, less = more[able], less[back]
        near, far = (repair.head, repair.tail) if self.onward else (repair.tail, repair.head)
        return (
            np.concatenate([more + 1, -less - 1]),
            np.concatenate([near[more], far[less]]),
            np.concatenate(
                [self.label[before[able]] - repair.gain(more), self.label[behind[back]] + repair.gain(less)]
            ),
        )
