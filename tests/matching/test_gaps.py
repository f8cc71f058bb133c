"""Every conflict is minimal, every relaxation works and none is cheaper; both are told in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matching
from matching import BANNED, FREE, LOCKED, NO_LIMIT, Problem
from matching.__main__ import main
from matching.gap_words import Words, say_conflict, say_relaxation
from matching.gaps import Bound, Relaxation, Relaxed, apply, cheapest_relaxation, gaps, minimal_conflict
from tests.matching.instances import FEATURES, problem
from tests.matching.oracle import every_subset, rules

NAMES = ["minima", "locks", "tiers", "helper groups", "recipient groups", "everything"]


def infeasible(name: str, count: int) -> list[Problem]:
    found: list[Problem] = []
    seed = 0
    while len(found) < count:
        one = problem(seed, FEATURES[name])
        if every_subset(one)[0] is None:
            found.append(one)
        seed += 1
    return found


def keeping_only(instance: Problem, kept: set[tuple[str, str, str, str]]) -> Problem:
    """The problem in which only these bounds (and the eligible and banned pairs) are left."""

    def low(kind: str, ids: list[str], values: np.ndarray, other: list[str] | None = None) -> np.ndarray:
        other = other or [""] * len(ids)
        return np.array(
            [v if (kind, i, o, "min") in kept else 0 for i, o, v in zip(ids, other, values, strict=True)], int
        )

    def high(kind: str, ids: list[str], values: np.ndarray, other: list[str] | None = None) -> np.ndarray:
        other = other or [""] * len(ids)
        return np.array(
            [v if (kind, i, o, "max") in kept else NO_LIMIT for i, o, v in zip(ids, other, values, strict=True)], int
        )

    h, r, t = instance.helper_ids.tolist(), instance.recipient_ids.tolist(), instance.tiers
    hg, rg = instance.helper_groups, instance.recipient_groups
    th, tt = instance.helper_ids[t.helper].tolist(), [instance.tier_names[k] for k in t.tier]
    pairs = [(h[a], r[b]) for a, b in zip(instance.edge_helper, instance.edge_recipient, strict=True)]
    state = np.array(
        [
            FREE if s == LOCKED and ("pair", a, b, "locked") not in kept else s
            for (a, b), s in zip(pairs, instance.edge_state, strict=True)
        ],
        np.int8,
    )
    return replace(
        instance,
        helper_min=low("helper", h, instance.helper_min),
        helper_max=high("helper", h, instance.helper_max),
        recipient_min=low("recipient", r, instance.recipient_min),
        recipient_max=high("recipient", r, instance.recipient_max),
        helper_groups=replace(
            hg, min=low("helper_group", hg.ids.tolist(), hg.min), max=high("helper_group", hg.ids.tolist(), hg.max)
        ),
        recipient_groups=replace(
            rg,
            min=low("recipient_group", rg.ids.tolist(), rg.min),
            max=high("recipient_group", rg.ids.tolist(), rg.max),
        ),
        tiers=replace(t, min=low("helper_tier", th, t.min, tt), max=high("helper_tier", th, t.max, tt)),
        edge_state=state,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_conflict_is_one_and_dropping_any_member_ends_it(name: str) -> None:
    for instance in infeasible(name, 60):
        conflict = minimal_conflict(instance)
        assert conflict is not None
        assert conflict.minimal
        assert conflict.shortfall > 0
        assert conflict.needed == sum(one.value for one in conflict.bounds if one.end != "max")
        members = {(one.kind, one.id, one.other, one.end) for one in conflict.bounds}
        assert every_subset(keeping_only(instance, members))[0] is None
        for member in members:
            assert every_subset(keeping_only(instance, members - {member}))[0] is not None


@pytest.mark.parametrize("name", NAMES)
def test_every_relaxation_works_and_none_is_cheaper(name: str) -> None:
    for instance in infeasible(name, 60):
        relaxation = cheapest_relaxation(instance)
        assert every_subset(apply(instance, relaxation))[0] is not None
        assert relaxation.cost == least_violation(instance)
        assert (apply(instance, relaxation).edge_state == instance.edge_state).all()


def least_violation(instance: Problem) -> int:
    """The fewest units by which any subset with the locked and without the banned pairs breaks the bounds."""
    subsets = (np.arange(2**instance.edges)[:, None] >> np.arange(instance.edges)) & 1
    ok = (subsets[:, instance.edge_state == LOCKED] == 1).all(axis=1)
    ok &= (subsets[:, instance.edge_state == BANNED] == 0).all(axis=1)
    bound = rules(instance)
    totals = subsets[ok] @ bound.rows.T
    missing, excess = np.maximum(bound.low - totals, 0), np.maximum(totals - bound.high, 0)
    return int((missing + excess).sum(axis=1).min())


@pytest.mark.parametrize("name", NAMES)
def test_feasible_problems_have_no_conflict_and_need_no_relaxation(name: str) -> None:
    checked = 0
    for seed in range(200):
        instance = problem(seed, FEATURES[name])
        if every_subset(instance)[0] is not None:
            assert minimal_conflict(instance) is None
            assert cheapest_relaxation(instance) == Relaxation((), 0)
            checked += 1
    assert checked > 20


def crowded() -> Problem:
    """Four counties that only two districts can help, whose maxima add up to three; a third helps elsewhere."""
    return matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B", "max": 2}, {"id": "C", "max": 5}],
        recipients=[*({"id": one, "min": 1} for one in "wxyz"), {"id": "q", "min": 1}],
        edges=[{"helper": h, "recipient": r} for h in "AB" for r in "wxyz"] + [{"helper": "C", "recipient": "q"}],
    )


def test_conflict_of_counties_and_districts_is_said_in_both_languages() -> None:
    conflict = minimal_conflict(crowded())
    names = {"A": "东丽区", "B": "西青区"}
    assert conflict is not None
    assert say_conflict(conflict, Words("zh", names, {"helper": "区", "recipient": "县"})) == (
        "这 4 个县（w、x、y、z）只能由这 2 个区（东丽区、西青区）帮扶，"
        "而它们的上限合计为 3，所需下限合计为 4，还差 1 对。"
    )
    assert say_conflict(conflict, Words("en")) == (
        "These 4 recipients (w, x, y, z) can be helped only by these 2 helpers (A, B), whose maxima add up to 3,"
        " while the minima need 4: 1 short."
    )


def test_search_that_reaches_its_limit_gives_a_true_conflict_and_says_so() -> None:
    """Two conflicts in one cut: with no effort left both are told, with enough of it only one."""
    instance = matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        recipients=[{"id": one, "min": 1} for one in "wxyz"],
        edges=[{"helper": h, "recipient": r} for h, both in (("A", "wx"), ("B", "yz")) for r in both],
    )
    rough, exact = minimal_conflict(instance, effort=0), minimal_conflict(instance)
    assert rough is not None
    assert exact is not None
    assert (rough.minimal, len(rough.bounds), rough.shortfall) == (False, 6, 2)
    assert (exact.minimal, len(exact.bounds), exact.shortfall) == (True, 3, 1)
    assert say_conflict(rough).endswith("还差 2 对。其中可能有更小的冲突。")
    assert say_conflict(rough, Words("en")).endswith(": 2 short. A smaller conflict may be among these.")


def test_county_nobody_can_help_is_said_so() -> None:
    alone = matching.build([{"id": "A", "max": 1}], [{"id": "x", "min": 1}], [])
    found = gaps(alone)
    assert found.conflict is not None
    assert found.conflict.bounds == (Bound("recipient", "x", "", "min", 1),)
    assert say_conflict(found.conflict) == "这 1 个受援方（x）的下限合计为 1；而没有可选的结对，还差 1 对。"
    assert found.relaxation == Relaxation((Relaxed(Bound("recipient", "x", "", "min", 1), 0),), 1)
    assert found.relaxation is not None
    assert say_relaxation(found.relaxation) == ["将受援方 x的下限由 1 降到 0"]
    assert say_relaxation(found.relaxation, Words("en")) == ["lower the minimum of recipient x from 1 to 0"]
    assert found.without_candidates == ("x",)


def test_locked_pairs_beyond_a_maximum_are_named_and_never_relaxed() -> None:
    instance = matching.build(
        [{"id": "A", "max": 1}],
        [{"id": "x"}, {"id": "y"}],
        [{"helper": "A", "recipient": "x", "state": "locked"}, {"helper": "A", "recipient": "y", "state": "locked"}],
    )
    conflict = minimal_conflict(instance)
    assert conflict is not None
    assert say_conflict(conflict) == "必须保留的 2 对（A–x、A–y）；而这 1 个帮扶方（A）的上限合计为 1，还差 1 对。"
    assert cheapest_relaxation(instance).changes == (Relaxed(Bound("helper", "A", "", "max", 1), 2),)


def test_feasible_problem_names_who_is_uncovered_and_who_depends_on_one_helper() -> None:
    instance = matching.build(
        [{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        [{"id": "x"}, {"id": "y"}, {"id": "z"}],
        [
            {"helper": "A", "recipient": "x", "score": 5},
            {"helper": "B", "recipient": "x", "score": 1},
            {"helper": "B", "recipient": "y", "score": 9},
        ],
    )
    found = gaps(instance)
    assert found.feasible
    assert found.uncovered == ("z",)
    assert found.without_candidates == ("z",)
    assert found.single_helper == (("y", "B"),)


def test_relaxation_of_another_problem_is_refused() -> None:
    stray = Relaxation((Relaxed(Bound("helper", "nobody", "", "max", 1), 2),), 1)
    with pytest.raises(KeyError, match="no helper 'nobody'"):
        apply(crowded(), stray)


def test_command_says_what_is_in_conflict_and_what_would_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matching.write_problem(crowded(), tmp_path / "in")
    assert main(["gaps", str(tmp_path / "in")]) == 1
    told = capsys.readouterr().out
    assert "这 4 个受援方（w、x、y、z）只能由这 2 个帮扶方（A、B）帮扶" in told
    assert "最省的放宽（共 1）：" in told
    assert main(["gaps", str(tmp_path / "in"), "--language", "en", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in data["minimal"]["bounds"]] == ["w", "x", "y", "z", "A", "B"]
    assert data["relaxation"]["cost"] == 1


def test_conflict_file_holds_the_minimal_conflict_and_the_relaxation(tmp_path: Path) -> None:
    matching.write_problem(crowded(), tmp_path / "in")
    assert main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 1
    conflict = json.loads((tmp_path / "out" / "conflict.json").read_text(encoding="utf-8"))
    assert conflict["minimal"]["needed"] == 4
    assert conflict["minimal"]["room"] == 3
    assert conflict["minimal"]["sentence"]["zh"].startswith("这 4 个受援方（w、x、y、z）只能由")
    (change,) = conflict["relaxation"]["changes"]
    moved = {key: change[key] for key in ("kind", "id", "other", "end", "from", "to")}
    bound = Bound(moved["kind"], moved["id"], moved["other"], moved["end"], moved["from"])
    assert every_edge_solved(apply(crowded(), Relaxation((Relaxed(bound, moved["to"]),), 1)))


def every_edge_solved(instance: Problem) -> bool:
    return matching.solve(instance).status == "optimal"


def test_command_for_a_feasible_problem_names_dependence_on_one_helper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matching.write_problem(
        matching.build([{"id": "A"}], [{"id": "x"}], [{"helper": "A", "recipient": "x"}]), tmp_path / "p"
    )
    assert main(["gaps", str(tmp_path / "p"), "--language", "en"]) == 0
    assert "x depends on A alone" in capsys.readouterr().out


def test_command_explains_a_pair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edges = [("A", "x", 9), ("A", "y", 5), ("B", "x", 4), ("B", "y", 3)]
    instance = matching.build(
        [{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        [{"helper": h, "recipient": r, "score": s} for h, r, s in edges],
    )
    matching.write_problem(instance, tmp_path / "in")
    assert main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    assert main(["why", str(tmp_path / "in"), str(tmp_path / "out"), "A", "x"]) == 0
    assert "如不采纳 A–x，总目标减少 3 分" in capsys.readouterr().out
    assert main(["why", str(tmp_path / "in"), str(tmp_path / "out"), "A", "nobody"]) == 2
    assert "no recipient 'nobody'" in capsys.readouterr().err


def test_command_explains_nothing_from_a_refuted_solution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance = matching.build([{"id": "A"}], [{"id": "x"}], [{"helper": "A", "recipient": "x", "score": 4}])
    matching.write_problem(instance, tmp_path / "in")
    assert main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 0
    prices = tmp_path / "out" / "pairs.csv"
    prices.write_text("helper,recipient,score,state\n", encoding="utf-8")
    assert main(["why", str(tmp_path / "in"), str(tmp_path / "out"), "A", "x"]) == 1
    assert "refuted" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "many"), [("county", "counties"), ("helper", "helpers")])
def test_english_nouns_are_told_in_their_plural(word: str, many: str) -> None:
    words = Words("en", nouns={"recipient": word})
    assert [words.noun("recipient", count) for count in (1, 2)] == [word, many]
