"""How much each change to the standing pairs gains: the best solution within k changes, and the curve over all k.

A change is a pair in the solution but not standing, or standing but not in the solution. Paying a price for every
change turns the limit into part of the objective: each price gives one point of the upper hull of the curve, exactly,
and a line that no solution can pass. All corners of the hull are found by asking at the slope between two known ones
(Eisner & Severance 1976); between corners, swaps that cost nothing at that price are combined to reach k. Where none
of them does, the answer says that it is not proven and how much more is conceivable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

import numpy as np
from numpy.typing import NDArray

from matching import engines, faces, prices
from matching import network as networks
from matching.problem import Ints, Problem

# Flows spent on numbers of changes between two corners before their answers stand as not proven.
SEARCH = {"one answer": 60, "whole curve": 500}


class TooFewChanges(ValueError):
    """No solution lies within the allowed number of changes; `least` is the fewest that any needs."""

    def __init__(self, allowed: int, least: int) -> None:
        super().__init__(f"at_most_changes is {allowed}, but the bounds cannot be met with fewer than {least} changes")
        self.allowed, self.least = allowed, least


@dataclass(frozen=True)
class Within:
    """The best solution found within `k` changes.

    `picked` (P,) indexes the edges in ascending order. No solution within k changes is worth more than `bound`;
    `proven` says whether this one reaches it. `rate` = (p, q) and `node_prices` (N,) are the certificate: with values
    times q and a price p on each change, the prices prove the bound.
    """

    k: int
    picked: Ints
    objective: int
    changes: int
    bound: int
    rate: tuple[int, int]
    node_prices: NDArray[np.object_]

    @property
    def proven(self) -> bool:
        return self.objective == self.bound


@dataclass(frozen=True)
class _Point:
    flow: Ints
    changes: int
    value: int


@dataclass(frozen=True)
class _Line:
    """A side of the hull from `low` to `high`: no solution lies above it. `price` (N,) proves it at `rate`."""

    low: _Point
    high: _Point
    rate: tuple[int, int]
    price: NDArray[np.object_]

    def bound(self, k: int) -> int:
        p, q = self.rate
        return self.high.value if k >= self.high.changes else (q * self.low.value + p * (k - self.low.changes)) // q


def at_most(problem: Problem, k: int, engine: str | None = None) -> Within:
    """The best solution that differs from the incumbent in at most k pairs.

    Cost: one minimum-cost flow per bisection of the hull around k. Raises Infeasible, TooFewChanges, CostOverflow.
    """
    _, run = engines.choose(engine, problem.edges)
    return within(problem, k, run)


def within(problem: Problem, k: int, run: faces.Run) -> Within:
    """`at_most` by a given engine."""
    sweep = _Sweep(problem, run, SEARCH["one answer"])
    low, high = sweep.fewest(), sweep.best()
    if k < low.low.changes:
        raise TooFewChanges(k, low.low.changes)
    if k == low.low.changes:
        return sweep.answer(low, low.low, k)
    if k >= high.high.changes:
        return sweep.answer(high, high.high, k)
    line = sweep.side(low.low, high.high, k)
    return sweep.answer(line, sweep.best_within(line, sweep.along(line), k), k)


def curve(problem: Problem, engine: str | None = None) -> list[Within]:
    """The answer for every k, from the fewest changes possible to those of the unrestricted optimum.

    Cost: two minimum-cost flows per corner of the hull, and at most 500 more between corners. Raises Infeasible and
    CostOverflow.
    """
    _, run = engines.choose(engine, problem.edges)
    sweep = _Sweep(problem, run, SEARCH["whole curve"])
    low, high = sweep.fewest(), sweep.best()
    first, last = low.low, high.high
    if first.changes == last.changes:
        return [sweep.answer(high, last, last.changes)]
    answers = [sweep.answer(low, first, first.changes)]
    for line in sweep.sides(first, last):
        points = sweep.along(line)
        answers += [
            sweep.answer(line, sweep.best_within(line, points, k), k)
            for k in range(line.low.changes + 1, line.high.changes + 1)
        ]
    return answers


def _exact(price: Ints) -> NDArray[np.object_]:
    """The same numbers as Python integers, which cannot overflow."""
    return np.array(price.tolist(), object)


class _Sweep:
    """The hull of (changes, value) over all solutions of one problem, side by side."""

    def __init__(self, problem: Problem, run: faces.Run, search: int) -> None:
        self.problem, self.run, self.search = problem, run, search
        self.net = networks.build(problem)
        self.incumbents = int(problem.edge_incumbent.sum())
        # Maximising `kept` minimises changes: they are the incumbents' number minus it.
        self.kept = np.zeros(len(self.net.tail), np.int64)
        self.kept[: self.net.edges] = np.where(problem.edge_incumbent, 1, -1)

    def point(self, flow: Ints) -> _Point:
        return _Point(flow, self.incumbents - int((self.kept * flow).sum()), int((self.net.value * flow).sum()))

    def fewest(self) -> _Line:
        """The fewest changes, then the most value; the rate is high enough to prove both."""
        flow, (first, second) = faces.lexicographic(self.net, [self.kept, self.net.value], self.run)
        p = int(np.abs(self.net.value).max(initial=0)) + 2 * int(np.abs(second).max(initial=0)) + 1
        point = self.point(flow)
        return _Line(point, point, (p, 1), _exact(first) * p + second)

    def best(self) -> _Line:
        """The most value, then the fewest changes."""
        flow, (first, _) = faces.lexicographic(self.net, [self.net.value, self.kept], self.run)
        point = self.point(flow)
        return _Line(point, point, (0, 1), _exact(first))

    def side(self, low: _Point, high: _Point, k: int) -> _Line:
        """The side of the hull above low.changes < k < high.changes."""
        while True:
            found = self._ask(low, high)
            if isinstance(found, _Line):
                return found
            low, high = (found, high) if found.changes <= k else (low, found)

    def sides(self, low: _Point, high: _Point) -> list[_Line]:
        """Every side of the hull between two of its corners."""
        done: list[_Line] = []
        waiting = [(low, high)]
        while waiting:
            ends = waiting.pop()
            found = self._ask(*ends)
            if isinstance(found, _Line):
                done.append(found)
            else:
                waiting += [(found, ends[1]), (ends[0], found)]
        return done

    def _ask(self, low: _Point, high: _Point) -> _Line | _Point:
        """The line between two points when nothing lies above it, else the point farthest above."""
        p, q = high.value - low.value, high.changes - low.changes
        p, q = p // gcd(p, q), q // gcd(p, q)
        value = q * self.net.value + p * self.kept
        faces.guard(self.net, value)
        net = replace(self.net, value=value)
        flow = self.run(net)
        if int((value * (flow - low.flow)).sum()):
            return self.point(flow)
        price: NDArray[np.object_] = _exact(prices.recover(net, flow))
        return _Line(low, high, (p, q), price)

    def along(self, line: _Line) -> list[_Point]:
        """Points on the line: its low end plus any of the swaps that lead to its high end, one for each k reached."""
        swaps = self._swaps(line.high.flow - line.low.flow)
        reached = {line.low.changes: line.low}
        for swap in swaps:
            step = -int((self.kept * swap).sum())
            for changes, point in list(reached.items()):
                if changes + step not in reached:
                    reached[changes + step] = self.point(point.flow + swap)
        return [*reached.values(), line.high]

    def best_within(self, line: _Line, points: list[_Point], k: int) -> _Point:
        """The best of the points within k changes, or one on the bound if a short search finds it.

        The bound is rounded down to a whole number, so that solutions just under the line may reach it: branch and
        bound over single pairs at the line's rate, leaving every branch that the rate shows to stay below the bound.
        """
        best = max((one for one in points if one.changes <= k), key=lambda one: one.value)
        target = line.bound(k)
        waiting = [(self.net.lower, self.net.upper)] if best.value < target else []
        while waiting and self.search:
            self.search -= 1
            lower, upper = waiting.pop()
            found = self._branch(line, target, k, lower, upper)
            if found is None:
                continue
            if found.changes <= k and found.value > best.value:
                best = found
                if best.value == target:
                    break
            waiting += self._split(line, found, k, lower, upper)
        return best

    def _branch(self, line: _Line, target: int, k: int, lower: Ints, upper: Ints) -> _Point | None:
        """The best point at the line's rate within these bounds, None when nothing there can reach the target."""
        p, q = line.rate
        try:
            flow = self.run(replace(self.net, value=q * self.net.value + p * self.kept, lower=lower, upper=upper))
        except engines.Infeasible:
            return None
        point = self.point(flow)
        return point if q * point.value + p * (k - point.changes) >= q * target else None

    def _split(self, line: _Line, point: _Point, k: int, lower: Ints, upper: Ints) -> list[tuple[Ints, Ints]]:
        """Two halves of the bounds by a pair open in them; the half that leads towards k comes last, first out."""
        edges = slice(0, self.net.edges)
        standing = self.problem.edge_incumbent
        free = lower[edges] < upper[edges]
        changed = (point.flow[edges] == 1) != standing
        apart = line.low.flow[edges] != line.high.flow[edges]
        open_edges = np.flatnonzero(free & (changed if point.changes > k else ~changed & apart))
        if not len(open_edges):
            return []
        edge = int(open_edges[np.argmax(apart[open_edges])])
        halves = []
        for picked in (not standing[edge], bool(standing[edge])):
            low, high = lower.copy(), upper.copy()
            low[edge] = high[edge] = int(picked)
            halves.append((low, high))
        return halves if point.changes > k else halves[::-1]

    def _swaps(self, difference: Ints) -> list[Ints]:
        """The difference of two flows as cycles (A,) of single units, any of which can be applied alone."""
        left = difference.copy()
        leaving: dict[int, list[int]] = {}
        for arc in np.repeat(np.flatnonzero(left), np.abs(left[left != 0])).tolist():
            leaving.setdefault(int((self.net.tail if left[arc] > 0 else self.net.head)[arc]), []).append(arc)
        swaps = []
        while leaving:
            swaps.append(self._cycle(difference, leaving))
        return swaps

    def _cycle(self, difference: Ints, leaving: dict[int, list[int]]) -> Ints:
        """Take one simple cycle out of the arcs that leave each node."""
        node = next(iter(leaving))
        way: list[int] = []
        seen = {node: 0}
        while True:
            arc = leaving[node][len(leaving[node]) - 1]
            way.append(arc)
            node = int((self.net.head if difference[arc] > 0 else self.net.tail)[arc])
            if node in seen:
                break
            seen[node] = len(way)
        swap = np.zeros(len(difference), np.int64)
        for arc in way[seen[node] :]:
            forward = difference[arc] > 0
            swap[arc] += 1 if forward else -1
            tail = int((self.net.tail if forward else self.net.head)[arc])
            leaving[tail].pop()
            if not leaving[tail]:
                del leaving[tail]
        return swap

    def answer(self, line: _Line, point: _Point, k: int) -> Within:
        picked = np.flatnonzero(point.flow[: self.net.edges]).astype(np.int64)
        return Within(k, picked, point.value, point.changes, line.bound(k), line.rate, line.price)


__all__ = ["TooFewChanges", "Within", "at_most", "curve", "within"]
