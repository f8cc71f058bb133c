"""What is said of firms and villages is the library's answer about the stored files; pins and bans are tried alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import matching
from backend.jobs import actions as jobs
from backend.pairings.decision_models import Decision
from backend.runs.firms import opened
from backend.runs.models import Directive, Run, RunFile, ScenarioChange, code_of
from matching.explain_all import ExplainerAll
from matching.implicit_files import read_implicit
from matching.settled import SETTLED, read_settled
from tests.backend.firm_world import FirmWorld, build_firms, need
from tests.backend.runs.firms.test_execution import execute, pairing, pairs
from tests.backend.world import World

pytestmark = pytest.mark.django_db
Names = tuple[str, str]  # of a firm and a village


@pytest.fixture
def made(world: World) -> FirmWorld:
    built = build_firms(world)
    need(world, built.villages["龙湾村"], "WATER")
    return built


def why(made: FirmWorld, run: Run, pair: Names, who: str = "coordinator") -> Any:
    firm, village = made.firms[pair[0]].pk, made.villages[pair[1]].code
    return made.world.client(who).get(f"/api/runs/{run.pk}/pairs/party-{firm}/{village}/why")


def change(made: FirmWorld, run: Run, verb: str, pair: Names, who: str = "coordinator") -> Any:
    body = {"verb": verb, "helper": f"party-{made.firms[pair[0]].pk}", "recipient": made.villages[pair[1]].code}
    return made.world.client(who).post(f"/api/runs/{run.pk}/scenario", body, format="json")


def explainer(run: Run) -> ExplainerAll:
    return ExplainerAll(read_settled(run.folder / "problem", run.folder / "solution"))


def listed(run: Run) -> matching.Problem:
    """The run's problem with every eligible pair listed."""
    implicit = read_implicit(run.folder / "problem")
    helper, recipient = (side.ravel() for side in np.indices((implicit.problem.helpers, implicit.problem.recipients)))
    inside = implicit.covers(helper, recipient)
    return implicit.listing(implicit.key(helper[inside], recipient[inside]))


def told(shown: list[dict[str, Any]]) -> list[Names]:
    return [(one["helper"]["name"], one["recipient"]["name"]) for one in shown]


def called(made: FirmWorld, found: tuple[tuple[str, str], ...]) -> list[Names]:
    """Pairs of codes by the names of both."""
    firms = {code_of(one): name for name, one in made.firms.items()}
    villages = {one.code: name for name, one in made.villages.items()}
    return [(firms[firm], villages[village]) for firm, village in found]


def test_every_number_about_every_pair_is_the_librarys(made: FirmWorld) -> None:
    run = execute(made)
    library, asked = explainer(run), 0
    for firm in made.firms:
        for village in made.villages:
            answer = why(made, run, (firm, village)).json()
            try:
                expected = library.why(code_of(made.firms[firm]), made.villages[village].code)
            except KeyError:
                assert answer["obstacle"] == "NOT_ELIGIBLE"
                continue
            asked += 1
            assert (answer["picked"], answer["score"], answer["loss"]) == (
                expected.picked, expected.score, expected.change.loss,
            )  # fmt: skip
            assert told(answer["shift"]["removed"]) == called(made, expected.change.removed)
            assert told(answer["shift"]["added"]) == called(made, expected.change.added)
            for side in ("helper_alternatives", "recipient_alternatives"):
                others = getattr(expected, side)
                assert told(answer[side]) == called(made, tuple(one.pair for one in others))
                assert [one["loss"] for one in answer[side]] == [one.loss for one in others]
    assert asked == run.counts["candidates"]


def test_loss_equals_a_new_solve_over_every_pair(made: FirmWorld) -> None:
    """And the sentence names firm and villages."""
    run = execute(made)
    answer = why(made, run, ("津水公司", "龙湾村")).json()
    problem = listed(run)
    edge = problem.find_edge(code_of(made.firms["津水公司"]), made.villages["龙湾村"].code)
    assert run.objective is not None
    assert answer["loss"] == run.objective - matching.solve(problem.with_edge_state({edge: matching.BANNED})).objective
    assert answer["sentence"]["zh"].startswith(f"如不采纳，总分减少 {answer['loss']:,} 分：津水公司")
    spot = answer["helper"]
    assert (spot["code"], spot["name"]) == (f"party-{made.firms['津水公司'].pk}", "津水公司")


def test_regret_of_a_suggestion_is_told_where_it_is_known_to_be_none(made: FirmWorld, world: World) -> None:
    """A village that is like another, and a firm that could take either: refusing the one costs nothing."""
    from tests.backend.firm_world import firm

    for name in ("甲公司", "乙公司"):
        made.firms[name] = firm(world, name, "maqu", "A", (), 1)
    run = execute(made)
    library = explainer(run)
    known = dict(run.suggestions.values_list("pk", "regret"))
    assert set(known.values()) == {None, 0}
    for one in run.suggestions.filter(regret=0).select_related("helper", "recipient"):
        assert library.refuse(code_of(one.helper), one.recipient.code).loss == 0


@pytest.mark.parametrize(
    ("pair", "obstacle", "words"),
    [
        (("青岛食品", "龙湾村"), "IN_FORCE", "必须保留"),
        (("玛曲牧业", "坪上村"), "", "如一定要结成这一对"),
        (("玛曲牧业", "上庄村"), "NOT_ELIGIBLE", "不在同一省市协作关系之内"),
    ],
)
def test_obstacle_is_named(made: FirmWorld, pair: Names, obstacle: str, words: str) -> None:
    pairing(made, "青岛食品", "龙湾村")
    answer = why(made, execute(made), pair).json()
    assert answer["obstacle"] == obstacle
    assert words in answer["sentence"]["zh"]


def test_pairs_outside_the_region_are_counted_and_not_named(made: FirmWorld) -> None:
    """甘肃 sees its villages and its firms' pairs; what moves in 河北 is a number."""
    run = execute(made)
    assert why(made, run, ("津水公司", "龙湾村"), who="gansu").status_code == 404
    everything = why(made, run, ("津水公司", "河口村")).json()["shift"]
    answer = why(made, run, ("津水公司", "河口村"), who="gansu").json()
    assert answer["shift"]["beyond"] > 0
    shown = told(answer["shift"]["removed"]) + told(answer["shift"]["added"])
    assert len(shown) + answer["shift"]["beyond"] == len(everything["removed"]) + len(everything["added"])
    assert {village for _, village in shown} <= {"河口村", "坪上村"}
    assert "龙湾" not in str(answer)
    assert "上庄" not in str(answer)


def test_nobody_is_told_of_who_is_not_there(made: FirmWorld) -> None:
    run = execute(made)
    client = made.world.client("coordinator")
    for firm, village in (("party-0", made.villages["龙湾村"].code), (f"party-{made.firms['津水公司'].pk}", "1")):
        assert client.get(f"/api/runs/{run.pk}/pairs/{firm}/{village}/why").status_code == 404
    made.firms["青岛食品"].capacities.all().delete()
    assert why(made, execute(made), ("青岛食品", "龙湾村")).status_code == 404


@pytest.mark.parametrize("name", [f"solution/{SETTLED}", "names.csv", "problem/helpers.csv"])
def test_doctored_run_is_refused(made: FirmWorld, name: str) -> None:
    run = execute(made)
    with (run.folder / name).open("ab") as file:
        file.write(b"\n")
    opened._read.cache_clear()
    answer = why(made, run, ("津水公司", "龙湾村"))
    assert answer.status_code == 409
    assert "不能据此作出说明" in answer.json()["detail"]


def test_run_from_before_there_were_questions_says_what_to_do(made: FirmWorld) -> None:
    run = execute(made)
    RunFile.objects.filter(run=run, name=f"solution/{SETTLED}").delete()
    answer = why(made, run, ("津水公司", "龙湾村"))
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("这次运行早于逐对说明的功能")


# --- pins and bans ------------------------------------------------------------------------------------------------

FREE: Names = ("青岛食品", "龙湾村")  # 青岛 does not help 河北
OTHER: Names = ("津水公司", "河口村")


def test_pin_is_answered_with_the_optimum_over_all_pairs(made: FirmWorld) -> None:
    run = execute(made)
    assert OTHER not in pairs(run)
    answer = change(made, run, "PIN", OTHER).json()
    problem = listed(run)
    edge = problem.find_edge(code_of(made.firms[OTHER[0]]), made.villages[OTHER[1]].code)
    again = matching.solve(problem.with_edge_state({edge: matching.LOCKED}))
    assert (answer["objective"], answer["coverage"], answer["fit"]) == (again.objective, again.coverage, again.fit)
    assert run.objective is not None
    assert answer["loss"] == run.objective - again.objective > 0
    assert OTHER in told(answer["shift"]["added"])
    assert [(one["verb"], one["helper"]["name"], one["recipient"]["name"]) for one in answer["changes"]] == [
        ("PIN", *OTHER)
    ]


def test_ban_and_release(made: FirmWorld) -> None:
    run = execute(made)
    banned = change(made, run, "BAN", ("津水公司", "龙湾村")).json()
    assert ("津水公司", "龙湾村") in told(banned["shift"]["removed"])
    released = change(made, run, "RELEASE", ("津水公司", "龙湾村")).json()
    assert (released["loss"], released["changes"], released["shift"]["removed"]) == (0, [], [])


def test_pair_outside_the_frame_cannot_be_pinned(made: FirmWorld) -> None:
    answer = change(made, execute(made), "PIN", FREE)
    assert answer.status_code == 400
    assert "青岛食品与" in answer.json()["errors"][0]["message"]


def test_pin_of_nobody_is_refused(made: FirmWorld) -> None:
    run = execute(made)
    body = {"verb": "PIN", "helper": "party-0", "recipient": made.villages["龙湾村"].code}
    answer = made.world.client("coordinator").post(f"/api/runs/{run.pk}/scenario", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "helper"


def test_pair_in_force_is_not_the_scenarios_to_ban(made: FirmWorld) -> None:
    pairing(made, "津水公司", "龙湾村")
    answer = change(made, execute(made), "BAN", ("津水公司", "龙湾村"))
    assert answer.status_code == 400
    assert "须由双方解除" in str(answer.json())


def test_pins_beyond_what_a_firm_can_carry_are_a_conflict_that_names_it(made: FirmWorld) -> None:
    run = execute(made)
    for village in ("龙湾村", "上庄村"):
        assert change(made, run, "PIN", ("津水公司", village)).json()["conflict"] is None
    conflict = change(made, run, "PIN", OTHER).json()["conflict"]
    assert conflict["message"].startswith("津水公司 → ")
    assert "固定不了：会突破一方的上限" in conflict["message"]
    answer = made.world.client("coordinator").post(f"/api/runs/{run.pk}/scenario/adoption", {"reason": "商定"})
    assert answer.status_code == 409
    assert "没有可行的结对方案" in answer.json()["detail"]


def adopt(made: FirmWorld, run: Run) -> Run:
    response = made.world.client("coordinator").post(f"/api/runs/{run.pk}/scenario/adoption", {"reason": "双方商定"})
    assert response.status_code == 201, response.json()
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    return Run.objects.get(pk=response.json()["id"])


def test_adopted_run_is_worth_what_was_tried_and_tells_who_wanted_it(made: FirmWorld) -> None:
    run = execute(made)
    change(made, run, "BAN", ("青岛食品", "坪上村"))
    tried = change(made, run, "PIN", OTHER).json()
    made_run = adopt(made, run)
    assert (made_run.status, made_run.objective) == (Run.Status.READY, tried["objective"])
    assert (made_run.counts["told"], made_run.counts["locked"], made_run.counts["banned"]) == (2, 0, 0)
    assert OTHER in pairs(made_run)
    assert ("青岛食品", "坪上村") not in pairs(made_run)
    pinned = made_run.suggestions.get(pinned=True)
    assert (pinned.helper.name, pinned.recipient.name, pinned.state) == (*OTHER, "FREE")
    assert "固定：双方商定" in pinned.note
    assert not Decision.objects.exists()
    again = made.world.client("coordinator").get(f"/api/runs/{made_run.pk}/scenario").json()
    assert {one["verb"] for one in again["inherited"]} == {"PIN", "BAN"}
    lifted = change(made, made_run, "RELEASE", OTHER).json()
    assert lifted["loss"] < 0


def test_change_and_directive_name_one_helper_and_one_only(made: FirmWorld) -> None:
    run = execute(made)
    change(made, run, "PIN", OTHER)
    village = made.villages["龙湾村"]
    for helper, firm in ((None, None), (made.world.areas["dongli"], made.firms["津水公司"])):
        given: dict[str, Any] = {"helper": helper, "firm": firm, "recipient": village}
        with pytest.raises(IntegrityError, match="scenario_change_names_one_helper"), transaction.atomic():
            ScenarioChange.objects.update(helper=helper, firm=firm)
        with pytest.raises(IntegrityError, match="directive_names_one_helper"), transaction.atomic():
            Directive.objects.create(
                run=run, verb="PIN", reason="商定", by=made.world.users["coordinator"], at=timezone.now(), **given
            )
