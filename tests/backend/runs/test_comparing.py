"""Two runs compared: every number is counted from their stored files."""

from __future__ import annotations

from typing import Any

import pytest

import matching
from backend.programmes.models import Channel
from backend.runs.models import Run
from matching.readback import read_solution
from tests.backend.world import World


def compare(world: World, a: Run, b: Run, who: str = "coordinator") -> Any:
    return world.client(who).get(f"/api/runs/{a.pk}/comparison/{b.pk}")


def solved(run: Run) -> matching.Solution:
    problem = matching.read_problem(run.folder / "problem")
    return read_solution(problem, run.folder / "solution")


def listed(shown: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["helper"]["code"], one["recipient"]["code"]) for one in shown}


@pytest.fixture
def wide(world: World) -> Run:
    return world.run()


@pytest.fixture
def narrow(world: World, wide: Run) -> Run:
    return world.run(helper_max=1, share_evenly=False)


def test_pairs_that_stay_go_and_come_are_those_of_the_two_solutions(world: World, wide: Run, narrow: Run) -> None:
    told = compare(world, wide, narrow).json()
    before, after = set(solved(wide).pairs), set(solved(narrow).pairs)
    assert before != after
    assert (listed(told["shift"]["removed"]), listed(told["shift"]["added"])) == (before - after, after - before)
    assert told["kept"] == len(before & after)
    assert (told["a"]["id"], told["b"]["id"], told["same_policy"]) == (wide.pk, narrow.pk, False)
    back = compare(world, narrow, wide).json()
    assert (back["shift"]["removed"], back["shift"]["added"]) == (told["shift"]["added"], told["shift"]["removed"])
    assert back["spread_a"] == told["spread_b"]


def test_what_a_run_gives_is_counted_from_its_solution(world: World, wide: Run, narrow: Run) -> None:
    for run, spread in zip((wide, narrow), _spreads(compare(world, wide, narrow).json()), strict=True):
        solution = solved(run)
        helped = [recipient for _, recipient in solution.pairs]
        tiers = {tier["tier"]: tier for tier in spread["tiers"]}
        assert {name: tier["counties"] for name, tier in tiers.items()} == {"deep": 1, "poor": 3}  # 玛曲县 is deep
        assert tiers["deep"]["covered"] == int("623025" in helped)
        assert tiers["poor"]["covered"] == len({code for code in helped if code != "623025"})
        for tier in tiers.values():
            assert tier["counties"] == sum(tier["helpers"])
        scores = solution.problem.edge_score[solution.picked].tolist()
        assert spread["bands"] == [sum(score // 1000 == band for score in scores) for band in range(10)]
        assert spread["lowest"] == min(scores)
        assert (spread["pairs"], spread["deep_pairs"]) == (len(helped), helped.count("623025"))
        assert sum(count * pairs for pairs, count in enumerate(spread["loads"])) == len(helped)


def _spreads(told: dict[str, Any]) -> tuple[Any, Any]:
    return told["spread_a"], told["spread_b"]


def test_region_sees_which_pairs_change_at_home_and_how_many_beyond(world: World, wide: Run, narrow: Run) -> None:
    all_of_it, told = (
        compare(world, wide, narrow).json()["shift"],
        compare(world, wide, narrow, "gansu").json()["shift"],
    )
    at_home = {pair for pair in listed(told["removed"]) | listed(told["added"]) if pair[1].startswith("62")}
    assert at_home == listed(told["removed"]) | listed(told["added"])
    changed = len(all_of_it["removed"]) + len(all_of_it["added"])
    assert told["beyond"] == changed - len(at_home) > 0


def test_runs_of_two_channels_and_one_run_twice_are_not_compared(world: World, wide: Run, narrow: Run) -> None:
    assert compare(world, wide, wide).json()["errors"][0]["message"] == "请选择两次不同的运行"
    other = Channel.objects.exclude(pk=world.channel.pk).first() or _other_channel(world)
    Run.objects.filter(pk=narrow.pk).update(channel=other)
    refused = compare(world, wide, narrow)
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (400, "只能比较同一渠道的两次运行")


def _other_channel(world: World) -> Channel:
    other = Channel.objects.get(pk=world.channel.pk)
    other.pk, other.code = None, "another"
    other.save()
    return other


def test_run_that_is_not_ready_has_nothing_to_compare(world: World, wide: Run) -> None:
    impossible = world.run(helper_min=2, helper_max=2, recipient_max=1, share_evenly=False)
    assert impossible.status == Run.Status.INFEASIBLE
    assert compare(world, wide, impossible).status_code == 409


def test_review_marks_what_the_run_before_did_not_have(world: World, narrow: Run, wide: Run) -> None:
    assert wide.pk < narrow.pk
    review = world.client("coordinator").get(f"/api/runs/{wide.pk}/review").json()
    assert review["baseline"] is None
    first = world.client("coordinator").get(f"/api/runs/{wide.pk}/suggestions").json()["results"]
    assert {row["changed"] for row in first} == {None}
    again = world.run()
    assert world.client("coordinator").get(f"/api/runs/{again.pk}/review").json()["baseline"] == narrow.pk
    rows = world.client("coordinator").get(f"/api/runs/{again.pk}/suggestions").json()["results"]
    new = {(row["helper"]["area"]["code"], row["recipient"]["code"]) for row in rows if row["changed"]}
    assert new == set(solved(again).pairs) - set(solved(narrow).pairs)
    shown = world.client("coordinator").get(f"/api/runs/{again.pk}/suggestions?changed=true").json()["results"]
    assert [row["id"] for row in shown] == [row["id"] for row in rows if row["changed"]]
