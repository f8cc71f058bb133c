"""Gaps, withdrawals and comparisons of runs over pairs that nobody lists: as if every pair were listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import matching
from backend.runs import comparing, robustness, swaps
from backend.runs.firms.opened import Names, OpenedFirms
from backend.runs.models import code_of
from backend.runs.stored import Stored
from matching.columns import Column
from tests.backend.firm_world import FirmWorld, build_firms, firm, need
from tests.backend.runs.firms.test_asking import listed, told
from tests.backend.runs.firms.test_execution import execute, pairing
from tests.backend.world import World
from tests.matching import instances
from tests.matching.test_explain_all import Case, cases


def opened(case: Case) -> tuple[OpenedFirms, Stored]:
    """The same optimum with nothing listed and with everything."""
    picked = np.array([case.listed.find_edge(*pair) for pair in case.solution.pairs], np.int64)
    solution = replace(case.solution, problem=case.listed, picked=np.sort(picked))
    nobody = Names(case.settled.problem, Column.of([]), Column.of([]))
    return OpenedFirms(case.settled, nobody, case.solution.objective), Stored(case.listed, solution, {})


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_what_is_counted_equals_what_is_counted_with_every_pair_listed(feature: str) -> None:
    uncovered = single = 0
    for case in cases(feature, 12):
        short, full = opened(case)
        for one, other in zip(short.choices(), full.choices(), strict=True):
            assert one.tolist() == other.tolist()
        assert robustness.uncovered(short) == robustness.uncovered(full)
        assert robustness.single_helpers(short) == robustness.single_helpers(full)
        assert comparing.spread(short) == comparing.spread(full)
        assert list(short.pairs) == full.pairs
        uncovered += len(robustness.uncovered(short))
        single += len(robustness.single_helpers(short))
    assert uncovered > 0
    assert single > 0 or feature == "coverage"  # where everybody could have several


@pytest.fixture
def made(world: World) -> FirmWorld:
    built = build_firms(world)
    need(world, built.villages["龙湾村"], "WATER")
    return built


def get(made: FirmWorld, path: str, who: str = "coordinator") -> Any:
    return made.world.client(who).get(f"/api/runs/{path}")


@pytest.mark.django_db
def test_villages_without_a_firm_say_why_and_in_which_county(made: FirmWorld) -> None:
    made.firms["青岛食品"].capacities.all().delete()  # nobody else may help 武都区 but 天津
    run = execute(made)
    gaps = get(made, f"{run.pk}/gaps").json()
    left = {(one["recipient"]["name"], one["why"]) for one in gaps["uncovered"]}
    assert len(left) == gaps["counts"]["uncovered"] == len(made.villages) - run.counts["pairs"] > 0
    assert {why for _, why in left} <= {"NO_ROOM", "RULED_OUT"}
    assert sum(one["uncovered"] for one in gaps["places"]) == len(left)
    assert {one["place"]["name"] for one in gaps["places"]} <= {"隆化县", "玛曲县", "武都区"}
    assert sum(one["pairs"] for one in gaps["loads"]) == run.counts["pairs"]
    assert gaps["counts"]["loads"] == len(gaps["loads"])
    seen = get(made, f"{run.pk}/gaps", "gansu").json()
    assert {one["recipient"]["code"][:2] for one in seen["uncovered"]} <= {"62"}


@pytest.mark.django_db
def test_withdrawal_of_a_firm_is_the_optimum_of_all_others(made: FirmWorld) -> None:
    """Its pair in force included."""
    pairing(made, "津水公司", "上庄村")
    firm(made.world, "丙公司", "dongli", "C", (), 3)
    run = execute(made)
    leaving = code_of(made.firms["津水公司"])
    answer = get(made, f"{run.pk}/withdrawals/party-{made.firms['津水公司'].pk}").json()
    problem = listed(run)
    own = [edge for edge in range(problem.edges) if problem.helper_ids[problem.edge_helper[edge]] == leaving]
    again = matching.solve(problem.with_edge_state(dict.fromkeys(own, matching.BANNED)))
    assert run.objective is not None
    assert answer["loss"] == run.objective - again.objective > 0
    gone = told(answer["shift"]["removed"])
    assert ("津水公司", "上庄村") in gone
    assert {village for name, village in gone if name == "津水公司"} == {
        village
        for name, village in run.suggestions.values_list("helper__name", "recipient__name")
        if name == "津水公司"
    }
    assert get(made, f"{run.pk}/withdrawals/party-0").status_code == 404


@pytest.mark.django_db
def test_two_runs_are_compared_pair_by_pair(made: FirmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    first = execute(made)
    made.firms["津水公司"].capacities.update(villages=1)
    second = execute(made)
    answer = get(made, f"{first.pk}/comparison/{second.pk}").json()
    before, after = (set(one.suggestions.values_list("helper__name", "recipient__name")) for one in (first, second))
    assert before != after
    assert (set(told(answer["shift"]["removed"])), set(told(answer["shift"]["added"]))) == (
        before - after, after - before,
    )  # fmt: skip
    assert answer["kept"] == len(before & after)
    assert answer["spread_a"]["pairs"] == first.counts["pairs"]
    assert [one["counties"] for one in answer["spread_a"]["tiers"]] == [1, 3]  # of 玛曲县, deep, and of the others

    monkeypatch.setattr(swaps, "MOST", 0)
    cut = get(made, f"{first.pk}/comparison/{second.pk}").json()["shift"]
    assert (cut["removed"], cut["moves"], cut["counts"]) == ([], [], answer["shift"]["counts"])
    assert cut["counts"]["removed"] == len(before - after)


@pytest.mark.django_db
def test_trade_offs_still_want_every_pair_listed(made: FirmWorld) -> None:
    run = execute(made)
    answer = made.world.client("coordinator").post(f"/api/runs/{run.pk}/tradeoffs")
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("企业与村的运行有上亿对候选")
