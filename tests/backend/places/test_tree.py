"""The tree from province to village, which the database keeps by itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from backend.places.models import Area, inside
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> dict[str, Area]:
    province, prefecture = examples.guizhou()
    county = examples.area("522729", "长顺县", parent=prefecture)
    township = examples.area("522729100", "长寨街道", parent=county)
    village = examples.area("522729100201", "城关村", parent=township)
    other = examples.area("530000", "云南省")
    return {
        "province": province, "prefecture": prefecture, "county": county, "township": township, "village": village,
        "other": other,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("of", "seen"),
    [
        ("province", {"province", "prefecture", "county", "township", "village"}),
        ("county", {"county", "township", "village"}),
        ("village", {"village"}),
        ("other", {"other"}),
    ],
)
def test_area_holds_everything_below_it(tree: dict[str, Area], of: str, seen: set[str]) -> None:
    names = {area.pk: name for name, area in tree.items()}
    assert {names[area.pk] for area in Area.objects.within(tree[of])} == seen
    assert {names[area.pk] for area in Area.objects.below(tree[of].code)} == seen - {of}


def test_unknown_code_holds_nothing(tree: dict[str, Area]) -> None:
    assert not Area.objects.below("999999").exists()


def test_area_that_moves_takes_everything_below_along(tree: dict[str, Area]) -> None:
    Area.objects.filter(pk=tree["county"].pk).update(parent=tree["other"])
    path = [tree[name].pk for name in ("other", "county", "township", "village")]
    assert Area.objects.get(pk=tree["village"].pk).path == "".join(f"{pk}." for pk in path)
    assert not Area.objects.within(tree["province"]).filter(pk=tree["village"].pk).exists()


def test_every_area_carries_the_name_of_its_province(tree: dict[str, Area]) -> None:
    assert Area.objects.get(pk=tree["village"].pk).province == "贵州省"
    Area.objects.filter(pk=tree["province"].pk).update(name="黔省")
    assert Area.objects.get(pk=tree["village"].pk).province == "黔省"
    Area.objects.filter(pk=tree["county"].pk).update(parent=tree["other"], province="贵州省")
    assert Area.objects.get(pk=tree["village"].pk).province == "云南省"


def test_path_cannot_be_forged(tree: dict[str, Area]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE places_area SET path = %s WHERE id = %s", ["1.", tree["village"].pk])
    assert Area.objects.within(tree["township"]).filter(pk=tree["village"].pk).exists()


def test_row_just_created_does_not_hold_the_country(tree: dict[str, Area]) -> None:
    fresh = examples.area("540000", "西藏自治区")
    assert list(Area.objects.filter(inside(fresh))) == [fresh]


@pytest.mark.parametrize(("code", "above"), [("522729100202", "county"), ("522729101", "prefecture")])
def test_level_stands_under_the_level_above_only(tree: dict[str, Area], code: str, above: str) -> None:
    with pytest.raises(IntegrityError, match="cannot stand under"):
        examples.area(code, "某村", parent=tree[above])
