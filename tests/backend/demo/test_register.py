"""The invented register: marked, sound, the same to the letter every time, and only where a demonstration is meant."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from stdnum.cn import uscc

from backend.demo.register import seed
from backend.needs.models import Need
from backend.parties.models import DEMO_MARK, Party
from tests.backend.world import World

pytestmark = pytest.mark.django_db
SIZE: dict[str, Any] = {"villages": False, "firms": 40, "needs": 25, "seed": 7}


@pytest.fixture(autouse=True)
def demonstration(settings: Any, world: World) -> None:
    settings.DEMO = True


def firms() -> list[tuple[Any, ...]]:
    fields = ("uscc", "name", "pinyin", "initials", "area__code", "industry")
    return list(Party.objects.filter(kind="ENTERPRISE", is_demo=True).order_by("uscc").values_list(*fields))


def wishes() -> list[tuple[Any, ...]]:
    fields = ("area__code", "title", "category", "quantity", "cost_yuan", "deadline_date", "status")
    return list(Need.objects.filter(is_demo=True).order_by("title").values_list(*fields))


def test_same_seed_gives_the_same_rows_and_a_second_run_changes_nothing() -> None:
    first = seed(**SIZE)
    assert (first["firms"].created, first["needs"].created) == (40, 25)
    said = firms(), wishes()
    again = seed(**SIZE)
    assert (again["firms"].unchanged, again["needs"].unchanged) == (40, 25)
    assert (firms(), wishes()) == said
    assert len({row[0] for row in said[0]}) == 40


def test_everything_invented_is_marked_and_every_code_is_sound() -> None:
    seed(**SIZE)
    rows = Party.objects.filter(kind="ENTERPRISE", is_demo=True)
    assert all(party.name.startswith(f"{DEMO_MARK}示例") and uscc.is_valid(party.uscc) for party in rows)
    assert set(rows.values_list("standing", "status")) == {("VERIFIED", "UNVERIFIED")}
    assert all(party.capabilities.count() == party.capacities.count() == 1 for party in rows)
    needs = Need.objects.filter(is_demo=True)
    assert all(need.title.startswith(DEMO_MARK) for need in needs)
    assert set(needs.values_list("status", flat=True)) == {"PUBLISHED"}


def test_nothing_is_invented_where_no_demonstration_is_meant(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("seed_register", firms=1, needs=1)
    assert firms() == wishes() == []
