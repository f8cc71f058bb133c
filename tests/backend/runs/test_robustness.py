"""Gaps with their reasons, and what a withdrawal does; every number checked against a fresh solve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matching
from backend.pairings.decision_models import Decision
from backend.runs.models import Run
from tests.backend.world import World


def get(world: World, run: Run, path: str, who: str = "coordinator") -> Any:
    return world.client(who).get(f"/api/runs/{run.pk}/{path}")


def test_counties_without_a_helper_say_why(world: World) -> None:
    run = world.run(helper_max=1, share_evenly=False)
    gaps = get(world, run, "gaps").json()
    picked = {one.recipient.code for one in run.suggestions.select_related("recipient")}
    without = {"130825", "130826", "621202", "623025"} - picked
    assert [(one["recipient"]["code"], one["why"]) for one in gaps["uncovered"]] == [(w, "NO_ROOM") for w in without]
    assert [(one["helper"]["code"], one["recipient"]["code"]) for one in gaps["single_helper"]] == [
        ("370211", "621202")
    ]
    only = run.suggestions.get(recipient__code="621202")
    Decision.objects.create(
        about=only, suggestion=only, verdict="REFUSED", reason="另有安排", by=world.users["coordinator"]
    )
    again = get(world, world.run(), "gaps").json()
    assert [(one["recipient"]["name"], one["why"]) for one in again["uncovered"]] == [("武都区", "RULED_OUT")]


def test_withdrawal_is_answered_with_the_optimum_without_that_helper(world: World) -> None:
    world.pair("dongli", "fengning")
    run = world.run(helper_max=2)
    told = get(world, run, "withdrawals/120110").json()
    problem = matching.read_problem(run.folder / "problem")
    gone = [edge for edge in range(problem.edges) if problem.helper_ids[problem.edge_helper[edge]] == "120110"]
    without = problem.with_edge_state(dict.fromkeys(gone, matching.BANNED))
    fresh = matching.solve(replace(without, helper_min=problem.helper_min * (problem.helper_ids != "120110")))
    assert told["loss"] == run.objective - fresh.objective
    assert {one["helper"]["code"] for one in told["shift"]["removed"]} >= {"120110"}
    left = {one["recipient"]["code"] for one in told["shift"]["removed"]} | {r for _, r in fresh.pairs}
    assert {one["code"] for one in told["shift"]["uncovered"]} == left - {r for _, r in fresh.pairs}
    assert get(world, run, "withdrawals/110101").status_code == 404


def test_region_is_told_of_its_own_gaps_only(world: World) -> None:
    run = world.run()
    seen = get(world, run, "gaps", who="gansu").json()
    assert [one["recipient"]["code"] for one in seen["single_helper"]] == ["621202"]
    everybody = get(world, run, "gaps").json()
    assert sum(one["pairs"] for one in everybody["loads"]) == run.counts["pairs"]
    assert sum(one["pairs"] for one in seen["loads"]) < run.counts["pairs"]
