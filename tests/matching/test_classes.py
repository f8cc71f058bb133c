"""Alike rows are solved as one and shared out again: the same optimum, every bound of each member, the same proof."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matching
from matching import price_out
from matching.classes import classes_of
from matching.implicit import Implicit
from matching.implicit_files import write_implicit
from matching.price_out import solve_all
from tests.matching import instances
from tests.matching.test_price_out import all_listed

FEATURE = st.sampled_from(sorted(instances.FEATURES))


def crowded(seed: int, features: frozenset[str]) -> Implicit:
    """A random problem in which every row comes several times over, and few pairs are listed."""
    pick = random.Random(f"crowd {seed}")  # noqa: S311  (not for secrets)
    rows = instances.rows(seed, features)
    times = {row["id"]: pick.choice([1, 2, 2, 3, 5]) for row in [*rows["helpers"], *rows["recipients"]]}

    def copies(these: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        return [row | {name: f"{row[name]}-{i}"} for row in these for i in range(times[row[name]])]

    problem = matching.build(
        **rows
        | {
            "helpers": copies(rows["helpers"], "id"),
            "recipients": copies(rows["recipients"], "id"),
            "tiers": copies(rows["tiers"], "helper"),
            "edges": [
                row | {"helper": f"{row['helper']}-0", "recipient": f"{row['recipient']}-0"}
                for row in rows["edges"]
                if pick.random() < 0.2
            ],
        }
    )

    def numbers(names: Any) -> np.ndarray:
        of = {one: [pick.randint(-1, 3) for _ in range(2)] for one in times}
        return np.array([of[one.rpartition("-")[0]] for one in names.tolist()], np.int64).reshape(-1, 2)

    return Implicit(
        problem, np.zeros(problem.helpers, np.int32), np.zeros(problem.recipients, np.int32),
        np.array([[0, 0]], np.int32), numbers(problem.helper_ids), numbers(problem.recipient_ids),
        divisor=pick.randint(1, 2), offset=pick.randint(-1, 2),
    )  # fmt: skip


@given(seed=st.integers(0, 10**6), feature=FEATURE)
@settings(max_examples=150, deadline=None)
def test_optimum_of_classes_is_that_of_their_members(seed: int, feature: str) -> None:
    one = crowded(seed, instances.FEATURES[feature])
    wanted, found = all_listed(one), solve_all(one)
    assert found.status == wanted.status
    assert found.objective == wanted.objective
    if found.conflict and wanted.conflict:
        assert found.conflict.shortfall > 0


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_checker_accepts_what_was_shared_out(feature: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where not all pairs of classes are listed at once."""
    solved = 0
    for few in (0, 10**6):
        monkeypatch.setattr(price_out, "_LISTED", few)
        for seed in range(15):
            one = crowded(seed, instances.FEATURES[feature])
            solution = solve_all(one)
            if solution.status == "infeasible":
                continue
            sha256 = write_implicit(one, tmp_path / "in")
            matching.write_solution(solution, tmp_path / "out", sha256, explained=False)
            assert matching.verify(tmp_path / "in", tmp_path / "out").refutations == []
            solved += len(classes_of(one).helpers.size) < one.problem.helpers
    assert solved > 3


SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=4)


@given(ours=SIZES, theirs=SIZES, data=st.data())
@settings(deadline=None)
def test_members_of_a_class_fare_alike(ours: list[int], theirs: list[int], data: st.DataObject) -> None:
    """As many pairs between two classes as wanted, no pair twice, and no member two ahead, in all or in a tier."""
    classes = classes_of(_market(ours, theirs))
    small = classes.implicit
    listed = small.listing(np.arange(len(ours) * len(theirs)))
    most = (classes.helpers.size[listed.edge_helper] * classes.recipients.size[listed.edge_recipient]).tolist()
    flow = np.array([data.draw(st.integers(0, one)) for one in most], np.int64)
    keys = classes.spread(listed, flow)
    assert len(np.unique(keys)) == len(keys) == flow.sum()
    helper, recipient = np.divmod(keys, classes.given.problem.recipients)
    between = small.key(classes.helpers.of[helper], classes.recipients.of[recipient])
    assert (np.bincount(between, minlength=len(flow)) == flow).all()
    tier = classes.given.problem.recipient_tier[recipient]
    for of, rows in ((classes.helpers.of, helper), (classes.recipients.of, recipient)):
        _assert_even(of, rows)
    for one in np.unique(tier):
        _assert_even(classes.helpers.of, helper[tier == one])


def _assert_even(of: np.ndarray, rows: np.ndarray) -> None:
    degree = np.bincount(rows, minlength=len(of))
    for number in range(of.max() + 1):
        assert np.ptp(degree[of == number]) <= 1


def _market(ours: list[int], theirs: list[int]) -> Implicit:
    """Classes of these sizes, told apart by a feature, recipients of two tiers in turn."""
    of, other = (np.repeat(np.arange(len(one)), one) for one in (ours, theirs))
    problem = matching.build(
        [{"id": f"h{i:02}"} for i in range(len(of))],
        [{"id": f"r{i:02}", "tier": ("deep", "poor")[place % 2]} for i, place in enumerate(other.tolist())],
        [],
    )
    return Implicit(
        problem, np.zeros(len(of), np.int32), np.zeros(len(other), np.int32), np.array([[0, 0]], np.int32),
        of[:, None].astype(np.int64), other[:, None].astype(np.int64),
    )  # fmt: skip


def test_rows_that_differ_in_anything_stand_apart() -> None:
    """Features, bounds, coverage, blocks and a listed pair of one's own: each alone makes a class of its own."""
    problem = matching.build(
        [{"id": f"h{i}", "max": 3 if i == 1 else 2} for i in range(6)],
        [{"id": f"r{i}", "coverage": [7, 3] if i == 1 else [7]} for i in range(6)],
        [{"helper": "h2", "recipient": "r2", "score": 4}],
    )
    block, features = np.zeros(6, np.int32), np.ones((6, 1), np.int64)
    one = Implicit(problem, block, block, np.array([[0, 0]], np.int32), features, features)
    classes = classes_of(one)
    assert classes.helpers.of.tolist() == classes.recipients.of.tolist() == [0, 1, 2, 0, 0, 0]
    block, features = block.copy(), features.copy()
    block[3], features[4] = -1, 9
    apart = classes_of(replace(one, helper_block=block, recipient_features=features))
    assert apart.helpers.of.tolist() == [0, 1, 2, 3, 0, 0]
    assert apart.recipients.of.tolist() == [0, 1, 2, 0, 3, 0]
    assert Counter(apart.helpers.size.tolist()) == {1: 3, 3: 1}
