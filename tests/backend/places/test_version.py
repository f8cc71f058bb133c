"""The facts' version moves with every change of a fact, whoever makes it, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from backend.places.models import Area, AreaFlag, Indicator, IndicatorValue
from backend.places.version import facts_version
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Area:
    guizhou, _ = examples.guizhou()
    return examples.area("522729", "长顺县", parent=guizhou)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _value(county: Area) -> IndicatorValue:
    return examples.value(county, examples.indicator(), 3)


CHANGES: dict[str, Callable[[Area], object]] = {
    "value made": _value,
    "value changed": lambda county: IndicatorValue.objects.update(value=4),
    "value changed by hand": lambda county: sql("UPDATE places_indicatorvalue SET value = 5"),
    "value deleted": lambda county: IndicatorValue.objects.all().delete(),
    "indicator": lambda county: Indicator.objects.update(position=9),
    "flag": lambda county: AreaFlag.objects.create(area=county, kind="DEEP_POVERTY", value="UNKNOWN"),
    "poor county": examples.poor,
    "area": lambda county: Area.objects.filter(pk=county.pk).update(is_eastern_helper=True),
}


@pytest.mark.parametrize("change", CHANGES)
def test_version_moves_with_every_change_of_a_fact(county: Area, change: str) -> None:
    if change != "value made":
        _value(county)
    before = facts_version()
    CHANGES[change](county)
    assert facts_version() > before


def test_version_of_a_change_that_was_rolled_back_never_comes_again(county: Area) -> None:
    before = facts_version()
    with transaction.atomic():
        Area.objects.update(is_statutory=False)
        seen = facts_version()
        transaction.set_rollback(True)
    assert facts_version() == before
    Area.objects.update(is_statutory=True)
    assert facts_version() not in (before, seen)


def test_what_the_database_writes_by_itself_moves_nothing(county: Area) -> None:
    before = facts_version()
    sql("UPDATE places_area SET path = '' WHERE level = 'PROVINCE'")
    assert facts_version() == before
