"""Townships and villages come on demand, and only below a county that is there."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from backend.places.models import Area, FactStatus
from backend.reference import loader
from backend.reference.files import read
from backend.reference.load_villages import FILE, load_villages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def test_file_holds_every_township_and_village() -> None:
    rows = read(FILE)
    towns = {row["code"] for row in rows if row["parent"]}
    villages = [row["code"] for row in rows if not row["parent"]]
    assert (len(towns), len(villages), len(set(villages))) == (12_546, 168_367, 168_367)
    assert {code[:9] for code in villages} <= towns
    poor = set(Area.objects.current().poor().values_list("code", flat=True))
    assert len({row["parent"] for row in rows if row["parent"]} & poor) == 831


def test_villages_of_a_county_are_loaded_once() -> None:
    first, again = load_villages(["522729"]), load_villages(["522729"])
    assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
    county = Area.objects.current().get(code="522729")
    below = Area.objects.within(county).exclude(pk=county.pk)
    assert below.count() == first.created > 50
    village = below.filter(level=Area.Level.VILLAGE).select_related("parent__parent").first()
    assert village is not None
    assert village.full_name.startswith("贵州省黔南布依族苗族自治州长顺县")
    assert village.parent is not None
    assert village.parent.parent == county
    assert set(below.values_list("status", flat=True)) == {FactStatus.UNVERIFIED}


def test_villages_leave_the_reference_load_alone() -> None:
    load_villages(["522729"])
    load = loader.load(force=True)
    assert load is not None
    assert not any(changes[verb] for changes in load.changes.values() for verb in ("created", "updated", "deleted"))


def test_unknown_county_is_refused_before_anything_is_written() -> None:
    with pytest.raises(CommandError, match="no villages are known of 110101"):
        call_command("load_villages", "522729", "110101")
    assert not Area.objects.filter(level=Area.Level.VILLAGE).exists()
