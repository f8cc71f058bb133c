"""Polygons that share borders → arcs, each border once.

A border between two counties is then simplified once, so that no gap and no overlap can appear beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from backend.reference.map.shapes import Point, Polygon, Ring, signed_area

Arc = list[Point]
T = TypeVar("T")


@dataclass
class Topology:
    """`arcs`, and by name the polygons as rings of arc numbers; ~n means arc n backwards (as in TopoJSON)."""

    arcs: list[Arc] = field(default_factory=list)
    shapes: dict[str, list[list[list[int]]]] = field(default_factory=dict)

    def ring(self, numbers: Sequence[int]) -> Ring:
        """The points of a ring of arcs, open (the first point is not repeated)."""
        return [point for number in numbers for point in self.directed(number)[:-1]]

    def prune(self) -> None:
        """Forget arcs that no shape uses, and number the others anew in the order of their first use."""
        anew: dict[int, int] = {}

        def renumbered(number: int) -> int:
            new = anew.setdefault(number if number >= 0 else ~number, len(anew))
            return new if number >= 0 else ~new

        self.shapes = {
            name: [[[renumbered(number) for number in ring] for ring in polygon] for polygon in polygons]
            for name, polygons in self.shapes.items()
        }
        self.arcs = [self.arcs[old] for old in anew]

    def directed(self, number: int) -> Arc:
        return self.arcs[number] if number >= 0 else self.arcs[~number][::-1]


def dissolve(polygons: Iterable[Polygon]) -> list[Polygon]:
    """Remove the borders between polygons of one shape. Cost: linear in the points.

    Outer rings run counter-clockwise and holes clockwise, so an inner border is walked once in each direction.
    """
    edges: dict[Point, list[Point]] = defaultdict(list)
    for ring in (ring for polygon in polygons for ring in polygon):
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            if a in edges.get(b, ()):
                edges[b].remove(a)
            else:
                edges[a].append(b)
    return nest((ring, ring) for ring in _chained(edges))


def _chained(edges: dict[Point, list[Point]]) -> list[Ring]:
    rings = []
    for start in list(edges):
        while edges[start]:
            ring, here = [start], edges[start].pop()
            while here != start:
                ring.append(here)
                here = edges[here].pop()
            rings.append(ring)
    return rings


def nest(rings: Iterable[tuple[Ring, T]]) -> list[list[T]]:
    """Group rings, each given with what stands for it, into polygons: an outer ring first, then its holes.

    A hole belongs to the smallest outer ring around it.
    """
    by_area = sorted(((signed_area(ring), ring, label) for ring, label in rings), key=lambda one: one[0])
    outer = [(ring, [label]) for area, ring, label in by_area if area > 0]
    for _, hole, label in (one for one in by_area if one[0] < 0):
        home = next((polygon for ring, polygon in outer if contains(ring, hole[0])), None)
        if home is not None:
            home.append(label)
    return [polygon for _, polygon in outer]


def contains(ring: Ring, point: Point) -> bool:
    """Whether `point` lies inside `ring` or on its border (even-odd rule; a vertex counts as inside)."""
    if point in ring:
        return True
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def build(shapes: dict[str, list[Polygon]]) -> Topology:
    """Cut every ring where borders meet, and keep equal pieces once.

    Source: M. Bostock, "How to Infer Topology" (2013): a point is a junction when two rings leave it differently.
    """
    junctions = _junctions(ring for polygons in shapes.values() for polygon in polygons for ring in polygon)
    topology = Topology()
    known: dict[tuple[Point, ...], int] = {}

    def number(arc: Arc) -> int:
        forward, backward = tuple(arc), tuple(reversed(arc))
        if backward in known:
            return ~known[backward]
        if forward not in known:
            known[forward] = len(topology.arcs)
            topology.arcs.append(arc)
        return known[forward]

    for name, polygons in shapes.items():
        topology.shapes[name] = [
            [[number(arc) for arc in _cut(ring, junctions)] for ring in polygon] for polygon in polygons
        ]
    return topology


def _junctions(rings: Iterable[Ring]) -> set[Point]:
    neighbours: dict[Point, frozenset[Point]] = {}
    junctions: set[Point] = set()
    for ring in rings:
        for before, here, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True):
            pair = frozenset((before, after))
            if neighbours.setdefault(here, pair) != pair:
                junctions.add(here)
    return junctions


def _cut(ring: Ring, junctions: set[Point]) -> list[Arc]:
    """The ring as arcs from junction to junction; a ring without any starts at its smallest point."""
    stops = [index for index, point in enumerate(ring) if point in junctions]
    first = stops[0] if stops else ring.index(min(ring))
    turned = ring[first:] + ring[:first]
    ends = [stop - first for stop in stops[1:]] if stops else []
    closed = [*turned, turned[0]]
    bounds = [0, *ends, len(turned)]
    return [closed[a : b + 1] for a, b in pairwise(bounds)]


def outline(topology: Topology, names: Iterable[str]) -> list[list[list[int]]]:
    """The polygons of several shapes taken together, as rings of arc numbers: arcs inside them cancel out."""
    used = [number for name in names for polygon in topology.shapes[name] for ring in polygon for number in ring]
    present = set(used)
    border = [number for number in used if ~number not in present]
    leaving: dict[Point, list[int]] = defaultdict(list)
    for number in border:
        leaving[topology.directed(number)[0]].append(number)
    rings = []
    for number in border:
        start = topology.directed(number)[0]
        if number not in leaving[start]:
            continue
        leaving[start].remove(number)
        chain = [number]
        while (here := topology.directed(chain[-1])[-1]) != start:
            chain.append(leaving[here].pop())
        rings.append(chain)
    return nest((topology.ring(chain), chain) for chain in rings)
