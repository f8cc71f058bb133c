"""Trying pins and bans on a run, and having the outcome proven."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

import matching
from backend.jobs import actions as jobs
from backend.pairings.decision_models import Decision
from backend.runs.models import Run, Scenario, ScenarioChange
from matching.resolve import Pair
from tests.backend.firm_world import build_firms
from tests.backend.world import World


def pairs(shown: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["helper"]["code"], one["recipient"]["code"]) for one in shown}


def change(world: World, run: Run, verb: str, pair: tuple[str, str], who: str = "coordinator", **more: str) -> Any:
    body = {"verb": verb, "helper": pair[0], "recipient": pair[1], **more}
    return world.client(who).post(f"/api/runs/{run.pk}/scenario", body, format="json")


def picked(run: Run) -> set[tuple[str, str]]:
    return {
        (one.helper.area.code, one.recipient.code)
        for one in run.suggestions.select_related("helper__area", "recipient")
    }


def adopt(world: World, run: Run) -> Run:
    response = world.client("coordinator").post(f"/api/runs/{run.pk}/scenario/adoption", {"reason": "两地商定"})
    assert response.status_code == 201, response.json()
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    return Run.objects.get(pk=response.json()["id"])


@pytest.fixture
def run(world: World) -> Run:
    return world.run(helper_max=1)


@pytest.fixture
def free(run: Run) -> tuple[str, str]:
    """A pair of 东丽区 that the run does not suggest."""
    taken = {recipient for helper, recipient in picked(run) if helper == "120110"}
    return "120110", next(code for code in ("130825", "130826", "623025") if code not in taken)


def test_pin_is_answered_with_the_optimum_that_the_library_finds(world: World, run: Run, free: tuple[str, str]) -> None:
    answer = change(world, run, "PIN", free).json()
    problem = matching.read_problem(run.folder / "problem")
    again = matching.solve(problem.with_edge_state({problem.find_edge(*free): matching.LOCKED}))
    assert (answer["objective"], answer["coverage"], answer["fit"]) == (again.objective, again.coverage, again.fit)
    assert answer["loss"] == run.objective - again.objective
    shift = answer["shift"]
    assert free in pairs(shift["added"])
    assert len(picked(run)) - len(shift["removed"]) + len(shift["added"]) == len(again.pairs)
    assert [(one["verb"], one["helper"]["name"]) for one in answer["changes"]] == [("PIN", "东丽区")]


def test_ban_and_release(world: World, run: Run) -> None:
    pair = next(one for one in picked(run) if one[0] == "120110")
    banned = change(world, run, "BAN", pair).json()
    assert pair in pairs(banned["shift"]["removed"])
    released = change(world, run, "RELEASE", pair).json()
    assert (released["loss"], released["changes"], released["shift"]["removed"]) == (0, [], [])


def test_two_people_do_not_disturb_each_other(world: World, run: Run, free: tuple[str, str]) -> None:
    change(world, run, "PIN", free)
    assert world.client("second").get(f"/api/runs/{run.pk}/scenario").json()["changes"] == []
    assert change(world, run, "BAN", free, who="second").json()["changes"][0]["verb"] == "BAN"
    mine = world.client("coordinator").get(f"/api/runs/{run.pk}/scenario").json()["changes"]
    assert [one["verb"] for one in mine] == ["PIN"]


def test_changes_that_cannot_be_are_answered_with_their_conflict(world: World, run: Run) -> None:
    for recipient in ("130825", "130826"):
        answer = change(world, run, "PIN", ("120110", recipient)).json()
    assert (answer["objective"], answer["loss"], answer["shift"]["added"]) == (None, None, [])
    assert "东丽区" in answer["conflict"]["message"]
    assert answer["conflict"]["cure"]["changes"][0]["zh"] == "将帮扶方 天津市东丽区的上限由 1 提高到 2"
    refused = world.client("coordinator").post(f"/api/runs/{run.pk}/scenario/adoption", {"reason": "试试"})
    assert refused.status_code == 409
    assert Run.objects.count() == 1


def test_adopted_scenario_becomes_a_proven_run_with_the_same_answer(
    world: World, run: Run, free: tuple[str, str]
) -> None:
    tried = change(world, run, "PIN", free, reason="两县多年协作").json()
    made = adopt(world, run)
    assert (made.status, made.objective, made.based_on) == (Run.Status.READY, tried["objective"], run)
    assert matching.verify(made.folder / "problem", made.folder / "solution").ok
    suggestion = made.suggestions.get(helper__area__code=free[0], recipient__code=free[1])
    assert (suggestion.state, suggestion.pinned, suggestion.regret) == ("FREE", True, None)
    assert suggestion.note == "coordinator的经办人固定：两县多年协作"
    told = made.directives.get()
    assert (told.verb, told.reason, told.by) == ("PIN", "两县多年协作", world.users["coordinator"])
    scenario = Scenario.objects.get()
    assert (scenario.status, scenario.adopted_as) == (Scenario.Status.ADOPTED, made)


def test_what_a_run_was_told_goes_on_until_it_is_released(world: World, run: Run, free: tuple[str, str]) -> None:
    change(world, run, "PIN", free)
    made = adopt(world, run)
    released = change(world, made, "RELEASE", free).json()
    assert released["objective"] == run.objective
    again = adopt(world, made)
    assert not again.directives.exists()
    assert again.objective == run.objective


def test_what_people_decided_is_not_the_scenarios_to_change(world: World) -> None:
    world.pair("dongli", "fengning")
    run = world.run()
    in_force = change(world, run, "BAN", ("120110", "130826"))
    assert (in_force.status_code, in_force.json()["errors"][0]["field"]) == (400, "verb")
    suggestion = run.suggestions.filter(state="FREE").order_by("rank")[0]
    Decision.objects.create(
        about=suggestion, suggestion=suggestion, verdict="REFUSED", reason="太远", by=world.users["second"]
    )
    again = world.run()
    refused = change(world, again, "PIN", (suggestion.helper.area.code, suggestion.recipient.code))
    assert "此前不采纳" in refused.json()["detail"]
    outside = change(world, run, "PIN", ("370211", "130825"))
    assert outside.json()["errors"][0]["field"] == "recipient"
    foreign = change(world, run, "PIN", ("120110", "130825"), who="gansu")
    assert foreign.json()["errors"][0]["message"] == "双方都不在您的管理范围之内"
    assert not Scenario.objects.exists()


def test_closed_scenario_does_not_change_whoever_writes(world: World, run: Run, free: tuple[str, str]) -> None:
    change(world, run, "PIN", free)
    assert world.client("coordinator").delete(f"/api/runs/{run.pk}/scenario").json()["changes"] == []
    kept = ScenarioChange.objects.get()
    assert kept.scenario.status == Scenario.Status.DISCARDED
    for write in (kept.delete, kept.save):
        with pytest.raises(IntegrityError, match="a scenario that is not open does not change"), transaction.atomic():
            write()
    Scenario.objects.create(run=run, by=world.users["second"])
    with pytest.raises(IntegrityError, match="one_open_scenario"), transaction.atomic():
        Scenario.objects.create(run=run, by=world.users["second"])


def test_repair_agrees_with_a_fresh_solve_over_many_changes(world: World) -> None:
    """The scenario's answer is built from the stored run each time, so the order of changes does not matter."""
    run = world.run()
    problem = matching.read_problem(run.folder / "problem")
    changes = [("BAN", ("120110", "623025")), ("PIN", ("120111", "130826")), ("BAN", ("120111", "130825"))]
    for verb, pair in changes:
        answer = change(world, run, verb, pair).json()
    state = {"PIN": matching.LOCKED, "BAN": matching.BANNED}
    fresh = matching.solve(problem.with_edge_state({problem.find_edge(*p): state[v] for v, p in changes}))
    standing = matching.Standing(matching.solve(problem))
    standing.apply(*(Pair(verb.lower(), *pair) for verb, pair in reversed(changes)))  # type: ignore[arg-type]
    assert answer["objective"] == fresh.objective == standing.solution.objective


def test_copy_of_a_run_is_told_the_same_under_a_policy_of_another_name(
    world: World, run: Run, free: tuple[str, str]
) -> None:
    change(world, run, "PIN", free, reason="两县多年协作")
    told = adopt(world, run)
    renamed = world.run(name="多看距离").policy
    body = {"policy": renamed.pk, "copy_of": told.pk}
    made = Run.objects.get(pk=world.client("second").post("/api/runs", body, format="json").json()["id"])
    assert (made.policy.name, made.year, made.based_on, made.requested_by.username) == (
        "多看距离", told.year, told, "second",
    )  # fmt: skip
    columns = ("verb", "helper", "recipient", "reason", "by", "at")
    assert list(made.directives.values_list(*columns)) == list(told.directives.values_list(*columns)) != []


def test_copy_under_the_policy_of_another_channel_is_refused(world: World, run: Run) -> None:
    firms = build_firms(world)
    refused = world.client("coordinator").post(
        "/api/runs", {"policy": firms.policy.pk, "copy_of": run.pk}, format="json"
    )
    assert refused.json()["errors"][0]["message"] == "政策与所复制的运行不是同一渠道"
