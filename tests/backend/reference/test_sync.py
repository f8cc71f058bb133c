"""A table is brought to the wanted rows by touching only those that differ."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from backend.places.models import Area, FactStatus, PoorCounty
from backend.reference.sync import Changes, sync
from tests.backend.places import examples

pytestmark = pytest.mark.django_db

FIELDS = ("designated_name", "exit_year", "supervised_2020", "status", "source")


@pytest.fixture
def counties() -> list[Area]:
    _, prefecture = examples.guizhou()
    return [examples.area(f"52272{n}", f"{n}县", parent=prefecture) for n in range(1, 4)]


def wanted(area: Area, **given: Any) -> PoorCounty:
    defaults: dict[str, Any] = {"designated_name": area.name, "exit_year": 2019, "supervised_2020": False}
    return PoorCounty(area=area, status=FactStatus.UNVERIFIED, source="", **{**defaults, **given})


def run(*rows: PoorCounty, delete: bool = False) -> Changes:
    return sync(PoorCounty.objects.all(), rows, key=("area_id",), fields=FIELDS, delete=delete)


def test_missing_rows_are_created(counties: list[Area]) -> None:
    assert run(*map(wanted, counties)) == Changes(created=3)
    assert PoorCounty.objects.count() == 3


def test_equal_rows_are_left_alone(counties: list[Area]) -> None:
    run(*map(wanted, counties))
    before = list(PoorCounty.objects.values_list("pk", flat=True))
    assert run(*map(wanted, counties)) == Changes(unchanged=3)
    assert list(PoorCounty.objects.values_list("pk", flat=True)) == before


def test_row_that_differs_is_corrected_and_keeps_its_identity(counties: list[Area]) -> None:
    run(*map(wanted, counties))
    before = PoorCounty.objects.get(area=counties[0]).pk
    changed = [wanted(counties[0], exit_year=2020), *map(wanted, counties[1:])]
    assert run(*changed) == Changes(updated=1, unchanged=2)
    after = PoorCounty.objects.get(area=counties[0])
    assert (after.pk, after.exit_year) == (before, 2020)


def test_row_nobody_wants_goes_only_when_asked(counties: list[Area]) -> None:
    run(*map(wanted, counties))
    assert run(wanted(counties[0])) == Changes(unchanged=1)
    assert PoorCounty.objects.count() == 3
    assert run(wanted(counties[0]), delete=True) == Changes(deleted=2, unchanged=1)
    assert PoorCounty.objects.count() == 1


def test_two_wanted_rows_with_one_key_are_refused(counties: list[Area]) -> None:
    with pytest.raises(ValueError, match="PoorCounty: two rows for"):
        run(wanted(counties[0]), wanted(counties[0], exit_year=2020))


def test_copied_rows_meet_the_same_constraints(counties: list[Area]) -> None:
    with pytest.raises(IntegrityError, match="poor_county_exit_2016_to_2020"):
        run(wanted(counties[0], exit_year=2050))
