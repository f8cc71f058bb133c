"""Fewer points, same shape: Visvalingam's algorithm on arcs, and nothing that vanishes by it.

Source: M. Visvalingam, J. D. Whyatt, "Line generalisation by repeated elimination of points" (1993).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, inf, radians

from backend.reference.map.shapes import MICRO, Point, Ring, signed_area
from backend.reference.map.topology import Arc, Topology

KM_PER_DEGREE = 111.32
CORNERS = 3  # a ring needs as many


def triangle_km2(a: Point, b: Point, c: Point) -> float:
    """Area of a small triangle on the ground, in square kilometres."""
    twice = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return abs(twice) / 2 * (KM_PER_DEGREE / MICRO) ** 2 * cos(radians(b[1] / MICRO))


def ring_km2(ring: Ring) -> float:
    """Area of a ring on the ground, good to a few percent for the size of a county."""
    return abs(signed_area(ring)) / 2 * (KM_PER_DEGREE / MICRO) ** 2 * cos(radians(ring[0][1] / MICRO))


def weights(arc: Arc) -> list[float]:
    """The area (km²) each point is worth: infinite for the ends, never less than that of a point removed before it."""
    worth = [inf] * len(arc)
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    heap = [(triangle_km2(*arc[i - 1 : i + 2]), i) for i in range(1, len(arc) - 1)]
    current = {i: area for area, i in heap}
    heapq.heapify(heap)
    floor = 0.0
    while heap:
        area, i = heapq.heappop(heap)
        if current.get(i) != area:
            continue  # superseded when a neighbour went
        del current[i]
        floor = max(floor, area)
        worth[i] = floor
        a, b = before[i], after[i]
        after[a], before[b] = b, a
        for j in (a, b):
            if j in current:
                current[j] = triangle_km2(arc[before[j]], arc[j], arc[after[j]])
                heapq.heappush(heap, (current[j], j))
    return worth


@dataclass
class Generaliser:
    """Chooses which points of a topology stay.

    `tolerance` is the area (km²) below which a bend goes, `island` the area below which a lone island near its
    mainland goes, `grid` the step of the final coordinates in millionths of a degree.
    """

    tolerance: float
    island: float
    grid: int

    def apply(self, topology: Topology, keep_islands: frozenset[str]) -> None:
        """Simplify `topology` in place; shapes in `keep_islands` lose no island."""
        self._drop_islands(topology, keep_islands)
        worth = [weights(arc) for arc in topology.arcs]
        limits = [self.tolerance] * len(topology.arcs)
        for chain in self._rings(topology):
            self._keep_alive(topology, worth, limits, chain)
        topology.arcs = [self._reduced(*one) for one in zip(topology.arcs, worth, limits, strict=True)]
        for chain in self._rings(topology):
            if len(chain) == 1 and not _has_area(topology.ring(chain)):
                topology.arcs[chain[0]] = self._speck(topology.arcs[chain[0]][0])
        topology.prune()

    def _rings(self, topology: Topology) -> Iterator[list[int]]:
        return (ring for polygons in topology.shapes.values() for polygon in polygons for ring in polygon)

    def _reduced(self, arc: Arc, worth: list[float], limit: float) -> Arc:
        """The points worth at least `limit`, on the grid, without repetitions; both ends stay."""
        kept = [self._snapped(point) for point, value in zip(arc, worth, strict=True) if value >= limit]
        return [point for i, point in enumerate(kept) if i in (0, len(kept) - 1) or point != kept[i - 1]]

    def _snapped(self, point: Point) -> Point:
        return round(point[0] / self.grid) * self.grid, round(point[1] / self.grid) * self.grid

    def _keep_alive(self, topology: Topology, worth: list[list[float]], limits: list[float], chain: list[int]) -> None:
        """Lower the tolerance of a ring's arcs until the ring has corners and an area."""
        arcs = {number if number >= 0 else ~number for number in chain}
        while not self._alive(topology, worth, limits, chain) and any(limits[arc] > 0 for arc in arcs):
            for arc in arcs:
                limits[arc] = limits[arc] / 4 if limits[arc] > 1e-9 else 0.0

    def _alive(self, topology: Topology, worth: list[list[float]], limits: list[float], chain: list[int]) -> bool:
        ring: Ring = []
        for number in chain:
            arc = number if number >= 0 else ~number
            points = self._reduced(topology.arcs[arc], worth[arc], limits[arc])
            ring += (points if number >= 0 else points[::-1])[:-1]
        return _has_area(ring)

    def _speck(self, place: Point) -> Arc:
        """The smallest triangle of the grid, for an islet that is smaller and must be seen."""
        x, y = place
        return [(x, y), (x + self.grid, y), (x, y + self.grid), (x, y)]

    def _drop_islands(self, topology: Topology, keep: frozenset[str]) -> None:
        """Small islands near their shape's largest part; distant ones stay, however small: they are claims."""
        uses = Counter(number if number >= 0 else ~number for ring in self._rings(topology) for number in ring)
        for name, polygons in topology.shapes.items():
            if name in keep or len(polygons) == 1:
                continue
            outlines = [topology.ring(polygon[0]) for polygon in polygons]
            mainland = max(range(len(polygons)), key=lambda i: ring_km2(outlines[i]))
            topology.shapes[name] = [
                polygon
                for i, polygon in enumerate(polygons)
                if i == mainland
                or ring_km2(outlines[i]) >= self.island
                or any(uses[number if number >= 0 else ~number] > 1 for number in polygon[0])
                or _far(outlines[i], outlines[mainland])
            ]


def _has_area(ring: Ring) -> bool:
    return len(set(ring)) >= CORNERS and signed_area(ring) != 0


FAR = MICRO // 2


def _far(island: Ring, mainland: Ring) -> bool:
    """More than half a degree outside the mainland's bounding box."""
    x, y = island[0]
    xs, ys = [point[0] for point in mainland], [point[1] for point in mainland]
    return not (min(xs) - FAR <= x <= max(xs) + FAR and min(ys) - FAR <= y <= max(ys) + FAR)
