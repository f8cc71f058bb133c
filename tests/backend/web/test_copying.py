"""Many new rows at once: what a field or the database writes by itself is written, and its rules hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.lifecycle.actions import record_all
from backend.lifecycle.models import Event
from backend.needs.models import Need
from backend.web.copying import create_all
from tests.backend.world import World


def need(world: World, number: int, **changes: Any) -> Need:
    content: dict[str, Any] = {
        "area": world.areas["longhua"], "title": f"第{number}条水渠", "category": "WATER", "causes": ["WATER", "LAND"],
        "quantity": Decimal("1.5"), "unit": "公里", "deadline_date": date(2099, 1, 1), "benefit_link": "SERVICE",
        "performance_target": "灌溉 40 亩", "proposed_by": world.users["longhua"],
    }  # fmt: skip
    return Need(**content | changes)


def test_rows_get_their_keys_in_order_and_what_fields_write_by_themselves(world: World) -> None:
    began = timezone.now()
    made = create_all([need(world, number) for number in range(3)])
    stored = list(Need.objects.order_by("pk"))
    assert [(one.pk, one.title) for one in made] == [(one.pk, one.title) for one in stored]
    assert stored[0].causes == ["WATER", "LAND"]
    assert (stored[1].initials, stored[1].pinyin) == ("d1tsq", "di1tiaoshuiqu")
    assert stored[2].created_at >= began
    made[0].title = "改名"
    made[0].save()  # what was made is known to be stored
    assert Need.objects.count() == 3
    assert need_after(world).pk > made[2].pk


def need_after(world: World) -> Need:
    later = need(world, 9)
    later.save()
    return later


def test_rules_of_the_database_hold_and_none_of_the_rows_stays(world: World) -> None:
    rows = [need(world, 1), need(world, 2, performance_target="")]
    with pytest.raises(IntegrityError, match="need_has_target"), transaction.atomic():
        create_all(rows)
    assert not Need.objects.exists()
    assert create_all([]) == []


def test_one_event_about_each_of_many_in_their_order(world: World) -> None:
    user = world.users["longhua"]
    record_all(Need, [7, 5, 6], "proposed", by=user, reason="因", to_status="PROPOSED", payload={"import": 3})
    events = Event.objects.filter(subject_type="needs.need").order_by("pk")
    assert [one.subject_id for one in events] == ["7", "5", "6"]
    told = {(one.actor_id, one.actor_label, one.verb, one.from_status, one.to_status, one.reason) for one in events}
    assert told == {(user.pk, str(user), "proposed", "", "PROPOSED", "因")}
    assert [one.payload for one in events] == [{"import": 3}] * 3
    record_all(Need, [], "proposed", by=None)
    assert events.count() == 3
