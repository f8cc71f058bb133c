"""A federation enters its list at once: every fault by row, then all rows or none."""

from __future__ import annotations

from typing import Any

import pytest

from backend.joining.enrolling import enrol, look_up, prepare_enterprise
from backend.lifecycle.models import Event
from backend.parties.models import Party
from backend.web.problems import Conflict, Invalid, NotAllowed
from tests.backend.joining.conftest import FIRM, code, joined
from tests.backend.world import World

pytestmark = pytest.mark.django_db


def row(number: int, **changes: str) -> dict[str, str]:
    return {"name": f"第{number}食品厂", "uscc": code(number), "area": "120110", "industry": "C", **changes}


def test_rows_are_checked_without_a_query_each_and_written_together(
    world: World, django_assert_max_num_queries: Any
) -> None:
    rows = [row(number) for number in range(10, 310)]
    with django_assert_max_num_queries(2):
        known = look_up(rows)
        prepared = [prepare_enterprise(one, known) for one in rows]
    assert all(one.faults == [] for one in prepared)
    with django_assert_max_num_queries(14):
        made = enrol([one.party for one in prepared], by=world.users["dongli_federation"])
    assert Party.objects.filter(standing="VERIFIED", pk__in=[party.pk for party in made]).count() == 300
    assert Event.objects.filter(verb="enrolled").count() == 300


def test_each_fault_names_its_field(world: World) -> None:
    joined(world)
    rows = [
        row(2),
        row(2),  # the same code twice in one list
        row(3, uscc=FIRM["uscc"]),  # registered already
        row(4, area="120000"),
        row(5, name="厂"),
        row(6, industry="Z", kind="GOVERNMENT"),
        row(7, uscc="91"),
    ]
    known = look_up(rows)
    faults = [[field for field, _ in prepare_enterprise(one, known).faults] for one in rows]
    assert faults == [[], ["uscc"], ["uscc"], ["area"], ["name"], ["kind", "industry"], ["uscc"]]


def test_rows_elsewhere_or_taken_meanwhile_undo_the_whole_list(world: World) -> None:
    rows = [row(2), row(3, area="120111")]
    known = look_up(rows)
    parties = [prepare_enterprise(one, known).party for one in rows]
    with pytest.raises(Invalid, match="第3食品厂所在的天津市西青区不由您核实"):
        enrol(parties, by=world.users["dongli_federation"])
    with pytest.raises(NotAllowed, match="只有工商联、协调员可以录入企业"):
        enrol(parties, by=world.users["dongli"])
    assert not Party.objects.joining().exists()
    fresh = [prepare_enterprise(row(2), look_up([row(2)])).party]
    joined(world, uscc=code(2))
    with pytest.raises(Conflict, match="刚刚由别人登记了"):
        enrol(fresh, by=world.users["dongli_federation"])
    assert Party.objects.joining().count() == 1
