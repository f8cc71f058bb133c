"""A kept query gives what the query itself gives, each time for what is given then."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, OuterRef

from backend.parties.models import Party
from backend.places.models import Area
from backend.web.kept import Kept, Parameter
from tests.backend.world import World


def _named(world: World) -> Kept[Area]:
    governs = Exists(Party.objects.filter(area=OuterRef("pk"), kind=Party.Kind.GOVERNMENT))
    return Kept(
        lambda: (
            Area.objects.select_related("parent")
            .filter(pk=Parameter("pk", BigIntegerField()), code__startswith=Parameter("start", CharField()))
            .annotate(governed=governs)
        )
    )


@pytest.mark.django_db
def test_rows_are_those_of_the_query_with_all_that_comes_along(world: World, django_assert_num_queries: Any) -> None:
    kept = _named(world)
    for area in world.areas.values():
        with django_assert_num_queries(1):
            (found,) = kept(pk=area.pk, start=area.code[:2])
            assert (found, found.parent, found.full_name) == (area, area.parent, area.full_name)
        assert found.governed is Party.objects.filter(area=area, kind=Party.Kind.GOVERNMENT).exists()  # type: ignore[attr-defined]
        assert kept(pk=area.pk, start="99") == []


@pytest.mark.django_db
def test_list_may_be_of_any_length(world: World) -> None:
    keys = Parameter("keys", BigIntegerField())
    kept = Kept(lambda: Area.objects.filter(pk__among=keys).order_by("-code").values_list("code", "parent__name"))
    areas = sorted(world.areas.values(), key=lambda area: area.code, reverse=True)
    for length in (0, 1, 3):
        some = areas[:length]
        assert kept(keys=[area.pk for area in reversed(some)]) == [
            (area.code, area.parent and area.parent.name) for area in some
        ]


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_mix_what_they_ask(world: World) -> None:
    kept, areas = _named(world), list(world.areas.values())
    usual = sys.getswitchinterval()

    def ask(number: int) -> bool:
        try:
            area = areas[number % len(areas)]
            return kept(pk=area.pk, start=area.code[:2]) == [area]
        finally:
            connection.close()

    sys.setswitchinterval(1e-6)  # take turns as often as can be
    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(ask, range(200)))
    finally:
        sys.setswitchinterval(usual)
