"""Who is to review which suggestions: said by coordinators, on record, and no lock."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.lifecycle.models import Event
from backend.pairings.actions import accept
from backend.pairings.review_models import Assignment
from backend.runs.models import Run
from tests.backend.pairings.test_publishing import inbox
from tests.backend.pairings.test_second_looks import listed
from tests.backend.pairings.unguarded import without_trigger
from tests.backend.world import World


@pytest.fixture
def run(world: World) -> Run:
    return world.run()


def assign(world: World, run: Run, to: str | None, who: str = "coordinator", **which: Any) -> Any:
    return world.client(who).post(f"/api/runs/{run.pk}/assignments", {"to": to, **which}, format="json")


def held(world: World, run: Run) -> dict[str, int]:
    told = world.client("coordinator").get(f"/api/runs/{run.pk}/assignments").json()
    return {one["username"]: one["open"] for one in told}


def test_assigned_suggestions_are_found_counted_and_wait_for_that_person(world: World, run: Run) -> None:
    one, other = run.suggestions.order_by("rank")[:2]
    answer = assign(world, run, "second", suggestions=[one.pk, other.pk])
    assert (answer.status_code, answer.json()["changed"]) == (201, 2)
    assert held(world, run) == {"coordinator": 0, "gansu": 0, "second": 2}
    assert listed(world, run, "assigned=MINE", "second") == [one.pk, other.pk]
    assert listed(world, run, "assigned=MINE") == []
    assert one.pk not in listed(world, run, "assigned=NOBODY")
    assert "RUN_ASSIGNED" in inbox(world, "second")
    assert "RUN_ASSIGNED" not in inbox(world, "coordinator")
    assert Event.objects.filter(subject_type="runs.suggestion", verb="assigned").count() == 2


def test_assignment_locks_nothing_and_is_seen_by_whoever_decides(world: World, run: Run) -> None:
    one = run.suggestions.order_by("rank")[0]
    assign(world, run, "second", suggestions=[one.pk])
    path = f"/api/suggestions/{one.pk}/decision"
    told = world.client("coordinator").post(path, {"verdict": "ACCEPTED"}, format="json").json()
    assert (told["assignee"], told["assigned_to_me"]) == ("second的经办人", False)
    assert held(world, run)["second"] == 0
    assert "RUN_ASSIGNED" not in inbox(world, "second")


def test_newest_assignment_holds_and_the_earlier_stay_on_record(world: World, run: Run) -> None:
    one = run.suggestions.filter(recipient__code__startswith="62")[0]
    for to, changed in (("second", 1), ("gansu", 1), ("gansu", 0), (None, 1)):
        assert assign(world, run, to, suggestions=[one.pk]).json()["changed"] == changed
    assert held(world, run) == {"coordinator": 0, "gansu": 0, "second": 0}
    names = Assignment.objects.filter(suggestion=one).values_list("to__username", flat=True)
    assert list(names) == ["second", "gansu", None]


def test_filter_assigns_all_that_it_lets_through_and_that_are_undecided(world: World, run: Run) -> None:
    of_gansu = list(run.suggestions.filter(recipient__code__startswith="62").order_by("rank"))
    accept(suggestion=of_gansu[0], by=world.users["coordinator"])
    told = assign(world, run, "gansu", where={"province": "620000", "assigned": "NOBODY"}).json()
    assert told["changed"] == len(of_gansu) - 1
    assert listed(world, run, "assigned=MINE", "gansu") == [row.pk for row in of_gansu[1:]]


def test_what_cannot_be_assigned_is_refused_with_its_field(world: World, run: Run) -> None:
    beyond = run.suggestions.filter(recipient__code__startswith="13")[0]
    far = assign(world, run, "gansu", suggestions=[beyond.pk])
    assert far.json()["errors"][0]["message"] == "所选建议不都在gansu的经办人的管理范围之内，请缩小所选范围"
    assert assign(world, run, "dongli", suggestions=[beyond.pk]).json()["errors"][0]["message"] == "没有协调员“dongli”"
    assert assign(world, run, "second", suggestions=[beyond.pk], who="gansu").status_code == 400
    unknown = assign(world, run, "second", where={"colour": "red"}).json()["errors"][0]
    assert (unknown["field"], unknown["message"]) == ("where", "没有“colour”这个筛选条件")
    assert assign(world, run, "second", where={"tier": "nowhere"}).status_code == 400
    accept(suggestion=beyond, by=world.users["coordinator"])
    decided = assign(world, run, "second", suggestions=[beyond.pk])
    assert (decided.status_code, decided.json()["detail"]) == (409, "所选建议都已有决定，不需要分派")
    assert not Assignment.objects.exists()


def test_nobody_beyond_the_region_is_assigned_whoever_writes(world: World, run: Run) -> None:
    beyond = run.suggestions.filter(recipient__code__startswith="13")[0]
    by = world.users["coordinator"]
    for who in ("gansu", "dongli"):
        with pytest.raises(IntegrityError, match="does not oversee it"), transaction.atomic():
            Assignment.objects.create(suggestion=beyond, to=world.users[who], by=by)
    without_trigger("assignment", "assigned_to_who_oversees_it")
    Assignment.objects.create(suggestion=beyond, to=world.users["gansu"], by=by)
