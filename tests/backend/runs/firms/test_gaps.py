"""Gaps, withdrawals, comparisons and trade-offs of runs over pairs that nobody lists: as if every pair were listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import matching
from backend.jobs import actions as jobs
from backend.programmes import actions as programmes
from backend.runs import comparing, robustness, swaps
from backend.runs.firms.opened import Names, OpenedFirms
from backend.runs.models import Run, code_of
from backend.runs.stored import Stored
from matching.columns import Column
from matching.fair import fairest
from matching.fair_all import beside
from tests.backend.firm_world import FIRM_POLICY, FirmWorld, build_firms, firm, need
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
        for one, other in zip(short.choices, full.choices, strict=True):
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


def changed_policy(made: FirmWorld, changes: dict[str, Any]) -> None:
    given = FIRM_POLICY | changes
    made.policy = programmes.publish_policy(channel=made.channel, based_on=None, by=None, **given)


def traded_off(made: FirmWorld, run: Run) -> Any:
    """What the job that is asked for leaves."""
    path = f"/api/runs/{run.pk}/tradeoffs"
    assert made.world.client("coordinator").post(path).status_code == 202
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    return get(made, f"{run.pk}/tradeoffs").json()["result"]


@pytest.mark.django_db
def test_price_of_fairness_is_that_with_every_pair_listed(made: FirmWorld) -> None:
    """Two firms on one village fit better than a firm on each; the run, which values coverage little, has them so."""
    firm(made.world, "乙水公司", "dongli", "E", ("WATER",), 1)
    changed_policy(made, {"helper_max": 1, "recipient_max": 2, "coverage_deep": [2, 0], "coverage_poor": [1, 0]})
    run = execute(made)
    assert run.suggestions.filter(recipient__name="龙湾村").count() == 2
    found = traded_off(made, run)
    problem = listed(run)
    own = np.sort([problem.find_edge(code_of(one.helper), one.recipient.code) for one in run.suggestions.all()])
    expected = beside(problem, fairest(problem), own)
    same = ("price", "fit", "best_fit", "run_fit", "run_coverage", "levels")  # of several fairest choices, any
    assert [found["fairness"][name] for name in same] == [expected[name] for name in same]
    assert found["fairness"]["price"] > 0
    assert found["curve"] == []


@pytest.mark.django_db
def test_what_waits_for_verification_has_no_curve_over_so_many_pairs(made: FirmWorld) -> None:
    pairing(made, "津水公司", "龙湾村", status="UNVERIFIED")
    assert traded_off(made, execute(made))["curve"] is None


@pytest.mark.django_db
def test_second_firm_that_counts_leaves_fairness_unproven_and_is_refused(made: FirmWorld) -> None:
    changed_policy(made, {"recipient_max": 2, "coverage_deep": [40000, 100], "coverage_poor": [20000, 0]})
    run = execute(made)
    answer = made.world.client("coordinator").post(f"/api/runs/{run.pk}/tradeoffs")
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("这次运行里，一个村有了一家企业之后")
