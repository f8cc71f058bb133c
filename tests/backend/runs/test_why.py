"""What the review says of a pair is what the library answers about the stored files, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import matching
from backend.runs import stored
from backend.runs.models import Run
from matching.explain import Explainer
from matching.readback import read_solution
from tests.backend.world import World


def why(world: World, run: Run, helper: str, recipient: str, who: str = "coordinator") -> Any:
    return world.client(who).get(f"/api/runs/{run.pk}/pairs/{helper}/{recipient}/why")


def explainer(run: Run) -> Explainer:
    problem = matching.read_problem(run.folder / "problem")
    return Explainer(problem, read_solution(problem, run.folder / "solution"))


def codes(pairs: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((one["helper"]["code"], one["recipient"]["code"]) for one in pairs)


def test_every_regret_of_the_review_is_the_one_the_library_tells(world: World) -> None:
    world.pair("dongli", "longhua")
    run = world.run(helper_max=1)
    told = explainer(run)
    rows = world.client("coordinator").get(f"/api/runs/{run.pk}/suggestions").json()["results"]
    assert {row["state"] for row in rows} == {"FREE", "LOCKED"}
    for row in rows:
        pair = row["helper"]["area"]["code"], row["recipient"]["code"]
        loss = None if row["state"] == "LOCKED" else told.why(*pair).change.loss
        assert (row["regret"], row["indispensable"]) == (loss, row["state"] == "FREE" and loss is None)


def test_every_number_about_every_pair_is_the_librarys(world: World) -> None:
    run = world.run(helper_max=1)
    told = explainer(run)
    for edge in range(told.problem.edges):
        helper = str(told.problem.helper_ids[told.problem.edge_helper[edge]])
        recipient = str(told.problem.recipient_ids[told.problem.edge_recipient[edge]])
        expected, answer = told.why(helper, recipient), why(world, run, helper, recipient).json()
        assert (answer["picked"], answer["score"], answer["loss"]) == (
            expected.picked, expected.score, expected.change.loss,
        )  # fmt: skip
        assert codes(answer["shift"]["removed"]) == expected.change.removed
        assert codes(answer["shift"]["added"]) == expected.change.added
        for side in ("helper_alternatives", "recipient_alternatives"):
            alternatives = getattr(expected, side)
            assert [(one["score"], one["loss"]) for one in answer[side]] == [(a.score, a.loss) for a in alternatives]
            assert codes(answer[side]) == tuple(a.pair for a in alternatives)


def test_chain_is_told_with_names(world: World) -> None:
    """With one pair each, insisting on what 东丽区 does not have moves 西青区 as well."""
    run = world.run(helper_max=1)
    picked = dict(explainer(run).residual.solution.pairs)
    other = picked["120111"]
    answer = why(world, run, "120110", other).json()
    names = {"130825": "隆化县", "130826": "丰宁满族自治县", "623025": "玛曲县"}
    assert f"东丽区由{names[picked['120110']]}改帮{names[other]}" in answer["sentence"]["zh"]
    assert answer["sentence"]["zh"].startswith(f"如一定要结成这一对，总分减少 {answer['loss']:,} 分：")
    moved = [(one["helper"]["name"], one["joins"] and one["joins"]["name"]) for one in answer["shift"]["moves"]]
    assert ("东丽区", names[other]) in moved


@pytest.mark.parametrize(
    ("helper", "recipient", "obstacle", "words"),
    [
        ("370211", "130825", "NOT_ELIGIBLE", "不在同一省市协作关系之内"),
        ("120110", "130826", "IN_FORCE", "必须保留"),
    ],
)
def test_obstacle_is_named(world: World, helper: str, recipient: str, obstacle: str, words: str) -> None:
    world.pair("dongli", "fengning")
    answer = why(world, world.run(), helper, recipient).json()
    assert (answer["obstacle"], answer["loss"]) == (obstacle, None)
    assert words in answer["sentence"]["zh"]
    assert answer["shift"]["moves"] == []


def test_places_outside_the_region_are_counted_and_not_named(world: World) -> None:
    run = world.run(helper_max=1)
    everything = why(world, run, "120110", "623025").json()["shift"]
    answer = why(world, run, "120110", "623025", who="gansu").json()
    shift = answer["shift"]
    assert shift["beyond"] > 0
    shown = codes(shift["removed"]) + codes(shift["added"])
    assert len(shown) + shift["beyond"] == len(everything["removed"]) + len(everything["added"])
    assert all(recipient[:2] == "62" for _, recipient in shown)
    assert "隆化" not in str(answer)
    assert why(world, run, "120110", "130825", who="gansu").status_code == 404
    assert why(world, run, "120110", "999999").status_code == 404


@pytest.mark.parametrize("name", ["problem/edges.csv", "solution/prices.csv", "problem/tiers.csv"])
def test_doctored_run_is_refused(world: World, name: str) -> None:
    run = world.run()
    path = run.folder / name
    with path.open("a") as file:
        file.write("" if path.stat().st_size else "helper,tier,min,max\n")
        file.write("\n")
    stored._read.cache_clear()
    answer = why(world, run, "120110", "130825")
    assert answer.status_code == 409
    assert f"第 {run.pk} 次运行的" in answer.json()["detail"]
    assert "不能据此作出说明" in answer.json()["detail"]
    if name != "problem/tiers.csv":  # which is none of the files that are handed out
        assert world.client("coordinator").get(f"/api/runs/{run.pk}/archive").status_code == 409


def test_opened_run_is_remembered_by_what_its_files_are(world: World, tmp_path: Path) -> None:
    run = world.run()
    assert stored.open_run(run) is stored.open_run(run)
    shutil.move(run.folder, tmp_path / "elsewhere")
    assert why(world, run, "120110", "130825").status_code == 200
