"""Independent parts, solved apart, give what the whole gives, with a certificate that holds for the whole."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import matching
from matching import BANNED, NO_LIMIT, Problem
from matching.components import label
from matching.verify import check
from tests.matching.instances import FEATURES, problem, rows
from tests.matching.oracle import every_subset
from tests.matching.verdicts import claim_of, rules_of

NAMES = ["maxima", "tiers", "helper groups", "recipient groups", "everything"]
POLICY = matching.Policy(stability=3)


def apart(instance: Problem, enough: int = 0) -> matching.Solution:
    """Solve every part by itself, as separate tasks would."""
    parts = matching.split(instance, enough)
    return matching.merge(instance, parts, [matching.solve(part.problem) for part in parts])


def two_worlds(first: int, second: int, features: frozenset[str]) -> Problem:
    """Two unrelated instances side by side."""
    joined = rows(first, features)
    other = rows(second, features)
    for table, columns in (
        ("helpers", ("id", "group")),
        ("recipients", ("id", "group")),
        ("edges", ("helper", "recipient")),
        ("groups", ("id", "parent")),
        ("tiers", ("helper",)),
    ):
        for row in other[table]:
            joined[table].append(row | {name: "2" + row[name] for name in columns if row.get(name)})
    return matching.build(**joined | {"policy": POLICY})


def one_world(seed: int, features: frozenset[str]) -> Problem:
    return matching.build(**rows(seed, features) | {"policy": POLICY})


@pytest.mark.parametrize("name", NAMES)
def test_parts_solved_apart_equal_every_subset_of_the_whole(name: str) -> None:
    for seed in range(150):
        instance = problem(seed, FEATURES[name])
        best, winners = every_subset(instance)
        solution = apart(instance)
        assert (solution.status == "optimal") == (best is not None)
        if best is not None:
            assert solution.objective == best
            assert frozenset(solution.picked.tolist()) in winners
            assert check(rules_of(instance), claim_of(solution)).refutations == []


@pytest.mark.parametrize("name", NAMES)
def test_two_worlds_add_up(name: str) -> None:
    for seed in range(50):
        halves = [matching.solve(one_world(one, FEATURES[name])) for one in (seed, seed + 1000)]
        whole = two_worlds(seed, seed + 1000, FEATURES[name])
        solution = apart(whole)
        if any(half.status == "infeasible" for half in halves):
            assert solution.status == "infeasible"
            assert solution.conflict is not None
            assert solution.conflict.shortfall == sum(half.conflict.shortfall for half in halves if half.conflict)
            continue
        assert solution.objective == sum(half.objective for half in halves)
        assert check(rules_of(whole), claim_of(solution)).refutations == []


def test_labels_are_the_connected_components_that_networkx_finds() -> None:
    for seed in range(200):
        instance = problem(seed, FEATURES["everything"])
        graph = nx.Graph()
        graph.add_nodes_from(("helper", one) for one in range(instance.helpers))
        graph.add_nodes_from(("recipient", one) for one in range(instance.recipients))
        able = instance.edge_state != BANNED
        for h, r in zip(instance.edge_helper[able].tolist(), instance.edge_recipient[able].tolist(), strict=True):
            graph.add_edge(("helper", h), ("recipient", r))
        for side, groups, of in (
            ("helper", instance.helper_groups, instance.helper_group),
            ("recipient", instance.recipient_groups, instance.recipient_group),
        ):
            _tie(graph, side, groups, of, instance.edges)
        expected = {frozenset(one) for one in nx.connected_components(graph)}
        labels = label(instance)
        members: dict[int, set[tuple[str, int]]] = {}
        for kind, found in (
            ("helper", labels.helpers),
            ("recipient", labels.recipients),
            ("helper group", labels.helper_groups),
            ("recipient group", labels.recipient_groups),
        ):
            for row, number in enumerate(found.tolist()):
                if number >= 0:
                    members.setdefault(number, set()).add((kind, row))
        assert set(members) == set(range(labels.count))
        assert {frozenset(one) for one in members.values()} == expected


def _tie(graph: nx.Graph, side: str, groups: matching.problem.Groups, of: np.ndarray, edges: int) -> None:
    def chain(group: int) -> list[int]:
        return [] if group < 0 else [group, *chain(int(groups.parent[group]))]

    def bites(group: int) -> bool:
        return any(groups.min[one] > 0 or groups.max[one] < edges for one in chain(group))

    for group in range(len(groups)):
        if bites(group):
            graph.add_node((f"{side} group", group))
            parent = int(groups.parent[group])
            if parent >= 0 and bites(parent):
                graph.add_edge((f"{side} group", group), (f"{side} group", parent))
    for row, group in enumerate(of.tolist()):
        if group >= 0 and bites(group):
            graph.add_edge((side, row), (f"{side} group", group))


def test_small_components_share_a_part_and_every_row_stands_in_one() -> None:
    count = 40
    instance = matching.build(
        helpers=[{"id": f"h{i:02}", "max": 1} for i in range(count)],
        recipients=[{"id": f"r{i:02}"} for i in range(count)],
        edges=[{"helper": f"h{i:02}", "recipient": f"r{i:02}", "score": i} for i in range(count)],
    )
    parts = matching.split(instance, enough=7)
    assert [part.problem.edges for part in parts] == [7, 7, 7, 7, 7, 5]
    assert np.concatenate([part.edges for part in parts]).tolist() == list(range(count))
    assert len(matching.split(instance, enough=0)) == count
    assert len(matching.split(instance)) == 1


def test_columns_that_mean_nothing_go_with_their_rows() -> None:
    instance = matching.build(
        helpers=[{"id": "A", "name": "甲"}, {"id": "B", "name": "乙"}],
        recipients=[{"id": "x", "name": "子"}, {"id": "y", "name": "丑"}],
        edges=[{"helper": "A", "recipient": "y", "why": "near"}, {"helper": "B", "recipient": "x", "why": "far"}],
    )
    first, second = (part.problem for part in matching.split(instance, enough=0))
    for part, expected in ((first, "甲 丑 near"), (second, "乙 子 far")):
        extras = part.helper_extra["name"], part.recipient_extra["name"], part.edge_extra["why"]
        assert " ".join(extra[0] for extra in extras) == expected


def test_problem_that_hangs_together_is_its_own_part() -> None:
    instance = matching.build([{"id": "A"}], [{"id": "x"}], [{"helper": "A", "recipient": "x"}])
    (part,) = matching.split(instance, enough=0)
    assert part.problem is instance


def test_group_without_bounds_ties_nobody_together_but_one_with_bounds_does() -> None:
    def parts(**bounds: int) -> int:
        return len(
            matching.split(
                matching.build(
                    helpers=[{"id": "A", "group": "inner"}, {"id": "B", "group": "inner"}],
                    recipients=[{"id": "x"}, {"id": "y"}],
                    edges=[{"helper": "A", "recipient": "x"}, {"helper": "B", "recipient": "y"}],
                    groups=[
                        {"side": "helper", "id": "inner", "parent": "outer"},
                        {"side": "helper", "id": "outer", **bounds},
                    ],
                ),
                enough=0,
            )
        )

    assert parts() == 2
    assert parts(max=NO_LIMIT) == 2
    assert parts(max=1) == 1
    assert parts(min=1) == 1


def test_nothing_at_all_is_one_empty_part() -> None:
    instance = matching.build([], [], [])
    (part,) = matching.split(instance, enough=0)
    assert part.problem is instance
    assert matching.solve(instance).status == "optimal"


def test_parts_can_be_written_read_solved_and_verified_on_their_own(tmp_path: Path) -> None:
    done = 0
    for seed in range(60):
        instance = two_worlds(seed, seed + 1000, FEATURES["everything"])
        for part in matching.split(instance, enough=0):
            if any(part.problem.tiers.min > 0):
                continue  # such a bound may name a tier that only another part has
            digest = matching.write_problem(part.problem, tmp_path / "in")
            again = matching.read_problem(tmp_path / "in")
            solution = matching.solve(again)
            matching.write_solution(solution, tmp_path / "out", digest)
            if solution.status == "optimal":
                assert matching.verify(tmp_path / "in", tmp_path / "out").ok
                done += 1
    assert done > 60
