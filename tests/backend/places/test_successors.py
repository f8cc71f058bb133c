"""An old code leads to the areas of today."""

from __future__ import annotations

import pytest

from backend.places.models import Area, AreaSuccession
from backend.places.successors import current_areas
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


def ended(code: str, name: str, until: int) -> Area:
    province = Area.objects.filter(code="130000").first() or examples.area("130000", "河北省")
    return examples.area(code, name, parent=province, valid_to_year=until)


def began(code: str, name: str, since: int, until: int | None = None) -> Area:
    province = Area.objects.get(code="130000")
    return examples.area(code, name, parent=province, valid_from_year=since, valid_to_year=until)


def became(old: Area, new: Area, year: int) -> None:
    AreaSuccession.objects.create(from_area=old, to_area=new, year=year, kind="RECODED", status="UNVERIFIED")


def test_area_in_force_is_its_own_successor() -> None:
    place = ended("130281", "遵化市", 2016)
    place.valid_to_year = None
    assert current_areas(place) == [place]


def test_chain_is_followed_to_its_end() -> None:
    first = ended("130001", "甲县", 2016)
    second, third = began("130081", "甲市", 2017, 2018), began("130009", "甲区", 2019)
    became(first, second, 2017)
    became(second, third, 2019)
    assert current_areas(first) == [third]


def test_split_leads_to_every_part_in_order_of_code() -> None:
    old = ended("130521", "邢台县", 2019)
    second, first, third = (began(code, f"{code}区", 2020) for code in ("130503", "130502", "130504"))
    for part in (third, second, first):
        became(old, part, 2020)
    assert current_areas(old) == [first, second, third]


def test_end_that_nobody_recorded_leads_nowhere() -> None:
    assert current_areas(ended("130521", "邢台县", 2019)) == []


def test_area_that_comes_back_does_not_loop() -> None:
    first = ended("130001", "甲县", 2016)
    second = began("130081", "甲市", 2017, 2018)
    became(first, second, 2017)
    became(second, first, 2019)
    assert current_areas(first) == []
