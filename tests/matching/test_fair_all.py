"""The fairest choice over pairs that nobody lists is that with every pair listed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching import Problem
from matching.__main__ import main
from matching.fair import fairest, ratios
from matching.fair_all import all_at_once, beside, beside_all, fairest_all
from matching.implicit import Implicit
from matching.implicit_files import write_implicit
from matching.settled import read_picked
from matching.solve import UnsupportedPolicy, value_of
from tests.matching import instances
from tests.matching.test_explain_all import Case, cases
from tests.matching.test_price_out import everything


def first_only(problem: Problem) -> Problem:
    """All coverage by the first helper, worth little beside fit."""
    start = np.arange(problem.recipients + 1, dtype=problem.coverage_start.dtype)
    return replace(problem, coverage_start=start, coverage=np.arange(problem.recipients, dtype=np.int64) % 3 * 5)


def valued(case: Case) -> Implicit:
    return replace(case.one, problem=first_only(case.one.problem))


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_ratios_and_fit_are_those_with_every_pair_listed(feature: str) -> None:
    covered = price = 0
    for case in cases(feature, 8):
        one = valued(case)
        listed = one.listing(everything(one))
        problem, found = fairest_all(one)
        expected = fairest(listed)
        assert (found.ratios, found.fit, found.best_fit) == (expected.ratios, expected.fit, expected.best_fit)
        assert sorted(ratios(problem, found.picked)) == list(found.ratios)
        covered += sum(found.ratios) > 0
        price += found.price
    assert covered > 0
    assert price > 0 or feature != "everything"


def test_told_beside_another_choice_of_the_same_problem() -> None:
    for case in cases("coverage", 4):
        listed = first_only(case.listed)
        picked = np.sort([case.listed.find_edge(*pair) for pair in case.solution.pairs])
        fair = fairest(listed)
        told = beside(listed, fair, picked)
        coverage, fit, stability = value_of(listed, picked)
        assert (told["run_coverage"], told["run_fit"]) == (coverage, fit + stability)
        assert (told["price"], told["moved"]) == (fair.price, len({*fair.picked.tolist()} ^ {*picked.tolist()}))
        assert sum(one["fair"] for one in told["levels"]) == sum(one["run"] for one in told["levels"])
        assert [one["ratio"] for one in told["levels"]] == sorted({one["ratio"] for one in told["levels"]})


def test_command_tells_it_from_the_folders(tmp_path: Path) -> None:
    (case,) = cases("coverage", 1)
    one = valued(case)
    problem, solution, told = (str(tmp_path / name) for name in ("problem", "solution", "fair.json"))
    write_implicit(one, tmp_path / "problem")
    assert main(["solve", problem, "-o", solution]) == 0
    assert main(["fair", problem, solution, "-o", told]) == 0
    picked = read_picked(one, tmp_path / "solution")
    found = json.loads((tmp_path / "fair.json").read_text(encoding="utf-8"))
    assert found == beside_all(one, picked)
    listed = one.listing(everything(one))
    helper, recipient = np.divmod(picked, one.problem.recipients)
    edges = np.searchsorted(one.key(listed.edge_helper, listed.edge_recipient), one.key(helper, recipient))
    expected = beside(listed, fairest(listed), edges)
    assert {**found, "moved": 0, "coverage": 0} == {**expected, "moved": 0, "coverage": 0}  # of several, any
    (tmp_path / "solution" / "prices.csv").write_text("kind,side,id,tier,price\n", encoding="utf-8")
    assert main(["fair", problem, solution]) == 1


def test_further_helpers_that_count_are_refused() -> None:
    (case,) = cases("coverage", 1)
    start = case.one.problem.coverage_start
    longest = int(np.diff(start).argmax())
    assert start[longest + 1] - start[longest] > 1
    coverage = case.one.problem.coverage.copy()
    coverage[start[longest] : start[longest + 1]] = 7
    two_steps = replace(case.one, problem=replace(case.one.problem, coverage=coverage))
    assert not all_at_once(two_steps.problem)
    with pytest.raises(UnsupportedPolicy, match="first helper"):
        fairest_all(two_steps)
