"""A standing optimum through long chains of changes: after each it is worth what a fresh solve is, and proves it."""

from __future__ import annotations

import random

import pytest

import matching
from matching import NO_LIMIT, Policy, Problem, ProblemError, UnsupportedPolicy
from matching.resolve import Bound, Change, Kind, Pair, Standing
from matching.verify import check
from tests.matching import instances
from tests.matching.verdicts import claim_of, rules_of

CHANGES = 8
STEPS = 120


def any_change(pick: random.Random, problem: Problem) -> Change:
    if pick.random() < 0.6:
        edge = pick.randrange(problem.edges)
        return Pair(
            pick.choice(("pin", "ban", "release")),
            str(problem.helper_ids[problem.edge_helper[edge]]),
            str(problem.recipient_ids[problem.edge_recipient[edge]]),
        )
    kinds: dict[Kind, list[str]] = {
        "helper": problem.helper_ids.tolist(),
        "recipient": problem.recipient_ids.tolist(),
        "helper group": problem.helper_groups.ids.tolist(),
        "recipient group": problem.recipient_groups.ids.tolist(),
        "tier": problem.helper_ids[problem.tiers.helper].tolist(),
    }
    kind = pick.choice([kind for kind, ids in kinds.items() if ids])
    at = pick.randrange(len(kinds[kind]))
    low = pick.choice([0, 0, 1, 2])
    tier = problem.tier_names[problem.tiers.tier[at]] if kind == "tier" else ""
    return Bound(kind, kinds[kind][at], low, pick.choice([low, low + 1, low + 3, NO_LIMIT]), tier)


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_every_change_is_answered_as_by_a_fresh_solve(feature: str) -> None:
    steps = refused = 0
    for seed in range(5_000):
        if steps >= STEPS:
            break
        problem = instances.problem(seed, instances.FEATURES[feature])
        first = matching.solve(problem)
        if first.status != "optimal":
            continue
        pick = random.Random(f"{feature} {seed}")  # noqa: S311  (not for secrets)
        standing = Standing(first)
        for _ in range(CHANGES):
            before = standing.solution
            changes = [any_change(pick, problem) for _ in range(pick.choice([1, 1, 1, 2, 3]))]
            answer = standing.apply(*changes)
            wanted = matching.solve(answer.problem)
            assert answer.status == wanted.status
            steps += 1
            if answer.status == "infeasible":
                refused += 1
                assert answer.conflict == wanted.conflict
                assert standing.solution is before
                continue
            assert answer.objective == wanted.objective
            verdict = check(rules_of(answer.problem), claim_of(answer))
            assert verdict.refutations == []
            assert standing.solution is answer
    assert steps >= STEPS
    if feature != "maxima":
        assert 0 < refused < steps


def three() -> Problem:
    return matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        recipients=[{"id": "x", "min": 1, "max": 1}, {"id": "y", "max": 1}],
        edges=[
            {"helper": "A", "recipient": "x", "score": 9},
            {"helper": "A", "recipient": "y", "score": 8},
            {"helper": "B", "recipient": "x", "score": 5},
        ],
    )


def test_pin_and_ban_move_the_others_out_of_the_way() -> None:
    standing = Standing(matching.solve(three()))
    assert standing.solution.pairs == [("A", "y"), ("B", "x")]
    assert standing.pin("A", "x").pairs == [("A", "x")]
    assert standing.release("A", "x").pairs == [("A", "y"), ("B", "x")]
    assert standing.ban("A", "y").pairs == [("A", "x")]
    assert standing.solution.problem.edge_state.tolist() == [matching.FREE, matching.BANNED, matching.FREE]


def test_infeasible_change_names_its_conflict_and_changes_nothing() -> None:
    standing = Standing(matching.solve(three()))
    answer = standing.apply(Pair("ban", "B", "x"), Pair("ban", "A", "x"))
    assert answer.status == "infeasible"
    assert answer.conflict is not None
    assert (answer.conflict.recipients, answer.conflict.shortfall) == (("x",), 1)
    assert standing.solution.pairs == [("A", "y"), ("B", "x")]
    assert standing.ban("B", "x").pairs == [("A", "x")]


def test_later_of_two_changes_to_one_bound_counts() -> None:
    standing = Standing(matching.solve(three()))
    assert standing.apply(Bound("helper", "A", max=0), Bound("helper", "A", max=2)).objective == 17


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Pair("pin", "Z", "x"), "no helper 'Z'"),
        (Pair("pin", "B", "y"), "'B' – 'y' is not an eligible pair"),
        (Bound("recipient group", "north", max=1), "no recipient group 'north'"),
        (Bound("tier", "A", max=1, tier="deep"), "helper 'A' has no bound on tier 'deep'"),
    ],
)
def test_change_of_what_is_not_there_is_refused(change: Change, words: str) -> None:
    standing = Standing(matching.solve(three()))
    with pytest.raises(KeyError) as refusal:
        standing.apply(change)
    assert refusal.value.args[0] == words


def test_bounds_that_cannot_be_are_refused() -> None:
    standing = Standing(matching.solve(three()))
    with pytest.raises(ProblemError, match="bounds 3 to 1 cannot be"):
        standing.apply(Bound("helper", "A", min=3))


def test_what_cannot_stand_is_refused() -> None:
    impossible = matching.solve(matching.build([{"id": "A", "min": 1}], [{"id": "x"}], []))
    with pytest.raises(ValueError, match="only an optimal solution can stand"):
        Standing(impossible)
    fair = matching.build([{"id": "A"}], [{"id": "x"}], [{"helper": "A", "recipient": "x"}], policy=Policy(fair=True))
    with pytest.raises(UnsupportedPolicy, match="solve again"):
        Standing(matching.solve(fair))
