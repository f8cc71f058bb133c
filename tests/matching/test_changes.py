"""Within k changes nothing better exists where the answer says so, and its bound always holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matching
from matching import Policy, Problem
from matching.__main__ import main
from matching.changes import TooFewChanges, Within, at_most, curve
from matching.engines import Infeasible
from matching.verify import check
from tests.matching.instances import FEATURES, problem
from tests.matching.test_fair import feasible_subsets, vector
from tests.matching.verdicts import claim_of, rules_of

NAMES = {
    "minima": FEATURES["minima"],
    "coverage": frozenset({"minima", "coverage", "stability"}),
    "everything": FEATURES["everything"],
}


def worth(instance: Problem, picked: np.ndarray) -> int:
    covered = 0
    for r in range(instance.recipients):
        values = instance.coverage[instance.coverage_start[r] : instance.coverage_start[r + 1]].tolist()
        covered += sum(values[: int(picked[instance.edge_recipient == r].sum())])
    kept = instance.policy.stability * int(picked[instance.edge_incumbent].sum())
    return covered + int((instance.edge_score * picked).sum()) + kept


def by_changes(instance: Problem) -> dict[int, int]:
    """The best objective at exactly each number of changes, over all subsets."""
    best: dict[int, int] = {}
    for one in feasible_subsets(instance):
        changes = int((one != instance.edge_incumbent).sum())
        best[changes] = max(worth(instance, one), best.get(changes, -(10**9)))
    return best


def is_right(instance: Problem, answer: Within, best: dict[int, int]) -> None:
    truth = max(value for changes, value in best.items() if changes <= answer.k)
    picked = vector(instance, answer.picked)
    assert answer.changes == int((picked != instance.edge_incumbent).sum()) <= answer.k
    assert answer.objective == worth(instance, picked)
    assert answer.objective <= truth <= answer.bound
    if answer.proven:
        assert answer.objective == truth


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_of_the_curve_is_right_and_says_whether_it_is_proven(name: str) -> None:
    proven = answers = 0
    for seed in range(120):
        instance = problem(seed, NAMES[name])
        best = by_changes(instance)
        if not best:
            with pytest.raises(Infeasible):
                curve(instance)
            continue
        found = curve(instance)
        top = max(best.values())
        assert [one.k for one in found] == list(
            range(min(best), min(changes for changes, value in best.items() if value == top) + 1)
        )
        for answer in found:
            is_right(instance, answer, best)
            proven += answer.proven
            answers += 1
        assert found[0].proven
        assert found[-1].proven
        assert found[-1].objective == top
    assert answers > 20
    assert proven > 0.85 * answers, (proven, answers)


@pytest.mark.parametrize("name", NAMES)
def test_single_answers_are_right_and_those_that_solve_gives_are_verified(name: str) -> None:
    solved = 0
    for seed in range(30):
        instance = problem(seed, NAMES[name])
        best = by_changes(instance)
        for k in range(6) if best else ():
            limited = replace(instance, policy=replace(instance.policy, at_most_changes=k))
            if k < min(best):
                with pytest.raises(TooFewChanges) as refusal:
                    matching.solve(limited)
                assert (refusal.value.allowed, refusal.value.least) == (k, min(best))
                continue
            answer = at_most(instance, k, "ortools")
            is_right(instance, answer, best)
            if not answer.proven:
                with pytest.raises(matching.UnsupportedPolicy, match=f"at_most_changes {k}: .* is not proven"):
                    matching.solve(limited)
                continue
            solution = matching.solve(limited)
            assert solution.objective == max(value for changes, value in best.items() if changes <= k)
            assert check(rules_of(limited), claim_of(solution)).refutations == []
            solved += 1
    assert solved > 10


def test_false_claims_about_changes_are_refuted() -> None:
    instance = matching.build(
        [{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        [
            {"helper": "A", "recipient": "x", "score": 1, "incumbent": 1},
            {"helper": "B", "recipient": "y", "score": 1, "incumbent": 1},
            {"helper": "A", "recipient": "y", "score": 9},
            {"helper": "B", "recipient": "x", "score": 3},
        ],
        policy=Policy(at_most_changes=3),
    )
    solution = matching.solve(replace(instance, policy=Policy(at_most_changes=4)))
    assert solution.objective == 12
    refutations = check(rules_of(instance), claim_of(solution)).refutations
    assert "changes: 4 pairs differ from the incumbent, at most 3 may" in refutations
    right = matching.solve(instance)
    assert right.pairs == [("A", "y")]
    assert check(rules_of(instance), claim_of(right)).refutations == []
    for rate in [(0, 1), (1, 0), (-1, 1), None, (10**6, 1)]:
        assert not check(rules_of(instance), claim_of(replace(right, change_rate=rate))).ok


def test_command_says_that_too_few_changes_are_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance = matching.build(
        [{"id": "A"}],
        [{"id": "x", "min": 1}],
        [{"helper": "A", "recipient": "x"}],
        policy=Policy(at_most_changes=0),
    )
    matching.write_problem(instance, tmp_path / "in")
    assert main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 1
    assert "at_most_changes is 0, but the bounds cannot be met with fewer than 1 changes" in capsys.readouterr().out
