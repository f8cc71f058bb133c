"""What is said of a pair that nobody listed equals what is said when every pair is listed, and solved again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

import matching
from matching import BANNED, FREE, LOCKED, Problem, Solution, settled
from matching.__main__ import main
from matching.explain import Alternative
from matching.explain_all import ExplainerAll, key_of
from matching.implicit import Implicit
from matching.implicit_files import write_implicit
from matching.price_out import solve_all
from matching.resolve import Pair
from matching.resolve_all import leave, what_if
from matching.settled import SETTLED, Settled, load, read_settled, settle
from matching.solve import value_of
from matching.verify import Unreadable
from tests.matching import instances
from tests.matching.test_classes import crowded
from tests.matching.test_price_out import everything, implicit

CASES = 6  # solved instances of each feature
ASKED = 3  # pairs of each
MAKERS: tuple[Callable[[int, frozenset[str]], Implicit], ...] = (crowded, implicit)


class Case:
    """An optimum over pairs that nobody listed, and the same problem with every pair listed."""

    def __init__(self, one: Implicit, solution: Solution, pick: random.Random) -> None:
        self.one, self.solution, self.pick = one, solution, pick
        self.listed: Problem = one.listing(everything(one))
        self.settled = settle(one, solution)

    def pair(self, edge: int) -> tuple[str, str]:
        listed = self.listed
        return str(listed.helper_ids[listed.edge_helper[edge]]), str(listed.recipient_ids[listed.edge_recipient[edge]])

    def some(self, most: int) -> list[int]:
        return self.pick.sample(range(self.listed.edges), min(most, self.listed.edges))

    def solved_with(self, states: dict[int, int]) -> Solution:
        return matching.solve(self.listed.with_edge_state(states), "ortools")

    def worth(self, pairs: set[tuple[str, str]]) -> int:
        """Of these pairs, which must meet every bound."""
        edges = np.array(sorted(self.listed.find_edge(*pair) for pair in pairs), np.int64)
        state = np.full(self.listed.edges, BANNED, np.int8)
        state[edges] = LOCKED
        assert matching.solve(replace(self.listed, edge_state=state)).status == "optimal"
        return sum(value_of(self.listed, edges))


def cases(feature: str, most: int = CASES) -> Iterator[Case]:
    """As many as are wanted, with crowds of alike rows and without in turn."""
    found = 0
    for seed in count():
        one = MAKERS[found % len(MAKERS)](seed, instances.FEATURES[feature])
        solution = solve_all(one)
        if solution.status == "optimal" and len(everything(one)) > ASKED:
            yield Case(one, solution, random.Random(seed))  # noqa: S311  (not for secrets)
            found += 1
        if found == most:
            return


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_every_loss_equals_a_full_new_solve(feature: str) -> None:
    """Also that of every alternative told; and the chain of swaps leads to a solution worth exactly that."""
    checked = impossible = 0
    for case in cases(feature):
        for edge in case.some(ASKED):
            pair, picked = case.pair(edge), case.pair(edge) in case.solution.pairs
            why = ExplainerAll(case.settled).why(*pair)
            assert (why.picked, why.score) == (picked, case.listed.edge_score[edge])
            assert why.state == matching.problem.STATES[case.listed.edge_state[edge]]
            for told in (*why.helper_alternatives, *why.recipient_alternatives):
                assert told.pair != pair
                assert told.loss == forced(case, told)
            if why.state != "free":
                continue
            checked += 1
            again = case.solved_with({edge: BANNED if picked else LOCKED})
            if again.status == "infeasible":
                impossible += 1
                assert (why.change.loss, why.change.removed, why.change.added) == (None, (), ())
                continue
            assert why.change.loss == case.solution.objective - again.objective
            gone, come = set(why.change.removed), set(why.change.added)
            assert pair == (why.change.removed if picked else why.change.added)[0]
            assert gone <= set(case.solution.pairs)
            assert not come & set(case.solution.pairs)
            assert case.worth((set(case.solution.pairs) - gone) | come) == again.objective
    assert checked >= CASES
    if feature != "maxima":
        assert impossible > 0


def forced(case: Case, told: Alternative) -> int | None:
    """What an alternative costs, by a full new solve."""
    edge = case.listed.find_edge(*told.pair)
    assert told.pair not in case.solution.pairs
    assert told.score == case.listed.edge_score[edge]
    assert case.listed.edge_state[edge] != BANNED
    again = case.solved_with({edge: LOCKED})
    return None if again.status == "infeasible" else case.solution.objective - again.objective


@pytest.mark.parametrize("feature", ["coverage", "everything"])
def test_best_alternatives_are_the_best_of_all(feature: str) -> None:
    """One of those that are alike is told of; nothing of another kind would cost less."""
    seen = 0
    for case in cases(feature):
        for edge in case.some(1):
            helper, recipient = case.pair(edge)
            why = ExplainerAll(case.settled).why(helper, recipient, alternatives=2)
            for told, mine in ((why.helper_alternatives, 0), (why.recipient_alternatives, 1)):
                others = [
                    forced(case, Alternative(case.pair(other), int(case.listed.edge_score[other]), None))
                    for other in range(case.listed.edges)
                    if case.pair(other)[mine] == (helper, recipient)[mine]
                    and case.pair(other) not in {*case.solution.pairs, (helper, recipient)}
                    and case.listed.edge_state[other] != BANNED
                ]
                possible = sorted(loss for loss in others if loss is not None)
                assert [one.loss for one in told if one.loss is not None][:1] == possible[:1]
                seen += len(told) == 2
    assert seen > 5


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_pins_bans_and_releases_are_answered_as_by_a_fresh_solve(feature: str) -> None:
    checked = impossible = 0
    for case in cases(feature, 2 * CASES):
        edges = case.some(case.pick.randint(1, 4))
        changes = [Pair(case.pick.choice(["pin", "ban", "release"]), *case.pair(edge)) for edge in edges]
        states = {"pin": LOCKED, "ban": BANNED, "release": FREE}
        again = case.solved_with({edge: states[one.verb] for edge, one in zip(edges, changes, strict=True)})
        answer = what_if(case.settled, changes)
        checked += 1
        if again.status == "infeasible":
            impossible += 1
            assert answer.blocked in changes
            continue
        assert (answer.objective, answer.blocked) == (again.objective, None)
        pairs = (set(case.solution.pairs) - set(answer.removed)) | set(answer.added)
        assert case.worth(pairs) == again.objective
        for one in changes:
            if one.verb != "release":
                assert ((one.helper, one.recipient) in pairs) == (one.verb == "pin")
    assert checked == 2 * CASES
    if feature != "maxima":
        assert impossible > 0


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_helper_that_leaves_leaves_the_optimum_of_the_others(feature: str) -> None:
    """Solved again with every pair of the helper banned; its own least number of pairs stands."""
    moved = blocked = 0
    for case in cases(feature, 2 * CASES):
        listed = case.listed
        for row in case.pick.sample(range(listed.helpers), min(ASKED, listed.helpers)):
            own = np.flatnonzero(listed.edge_helper == row).tolist()
            again = case.solved_with(dict.fromkeys(own, BANNED))
            answer = leave(case.settled, str(listed.helper_ids[row]))
            if again.status == "infeasible":
                blocked += 1
                assert answer.blocked is not None
                assert answer.blocked.helper == listed.helper_ids[row]
                continue
            assert (answer.objective, answer.blocked) == (again.objective, None)
            pairs = (set(case.solution.pairs) - set(answer.removed)) | set(answer.added)
            assert case.worth(pairs) == again.objective
            assert not [pair for pair in pairs if pair[0] == listed.helper_ids[row]]
            moved += bool(answer.added)
    assert moved > 0
    if feature != "maxima":
        assert blocked > 0
    with pytest.raises(KeyError, match="no helper"):
        leave(case.settled, "nobody")


def asked_of(one: Settled, case: Case) -> list[object]:
    return [ExplainerAll(one).why(*case.pair(edge)) for edge in range(min(ASKED, case.listed.edges))]


def test_answers_are_the_same_from_the_file_from_the_folders_and_without_scores_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in cases("everything", 4):
        wanted = asked_of(case.settled, case)
        case.settled.save(tmp_path / "settled.npz")
        assert asked_of(load(tmp_path / "settled.npz"), case) == wanted
        digest = write_implicit(case.one, tmp_path / "in")
        matching.write_solution(case.solution, tmp_path / "out", digest, explained=False)
        assert asked_of(read_settled(tmp_path / "in", tmp_path / "out"), case) == wanted
        monkeypatch.setattr(settled, "_CACHED", 0)
        assert asked_of(settle(case.one, case.solution), case) == wanted
        monkeypatch.undo()


def test_prices_that_prove_nothing_are_refused(tmp_path: Path) -> None:
    """Of a pair that nobody listed too: 5 points more at a helper's door than anybody was told."""
    one = crowded(3, instances.FEATURES["coverage"])
    solution = solve_all(one)
    price = solution.node_prices.copy()
    price[-1] += 10**6
    with pytest.raises(ValueError, match="do not prove this solution optimal"):
        settle(one, replace(solution, node_prices=price))
    digest = write_implicit(one, tmp_path / "in")
    matching.write_solution(replace(solution, node_prices=price), tmp_path / "out", digest, explained=False)
    with pytest.raises(Unreadable, match="does not fit the problem: the prices do not prove"):
        read_settled(tmp_path / "in", tmp_path / "out")


def test_command_lays_the_optimum_out_and_answers_from_the_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_implicit(of_two(), tmp_path / "in")
    folders = [str(tmp_path / "in"), str(tmp_path / "out")]
    assert main(["solve", folders[0], "-o", folders[1]]) == 0
    assert ExplainerAll(load(tmp_path / "out" / SETTLED)).refuse("A", "x").loss == 2
    capsys.readouterr()
    assert main(["why", *folders, "B", "x", "--language", "en"]) == 0
    said = capsys.readouterr().out
    assert said == "If B–x were forced, the objective would fall by 2; A–x would end.\n"
    assert main(["why", *folders, "A", "y"]) == 2
    assert "'A' – 'y' is not an eligible pair" in capsys.readouterr().err


def of_two() -> Implicit:
    problem = matching.build([{"id": "A", "max": 1}, {"id": "B", "max": 1}], [{"id": "x", "max": 1}, {"id": "y"}], [])
    return Implicit(
        problem, np.zeros(2, np.int32), np.array([0, -1], np.int32), np.array([[0, 0]], np.int32),
        np.array([[5], [3]], np.int64), np.ones((2, 1), np.int64),
    )  # fmt: skip


def two() -> Settled:
    return settle(of_two(), solve_all(of_two()))


def test_somebody_alike_takes_the_place_for_nothing() -> None:
    """Refused or forced, a pair whose rows have others like them costs nothing; the chain names who takes turns."""
    problem = matching.build([{"id": one, "max": 1} for one in "ABC"], [{"id": one, "max": 1} for one in "xy"], [])
    block, ones = np.zeros(3, np.int32), np.ones((3, 1), np.int64)
    one = Implicit(problem, block, block[:2], np.array([[0, 0]], np.int32), 7 * ones, ones[:2])
    standing = settle(one, solve_all(one))
    first, second = solve_all(one).pairs
    explainer = ExplainerAll(standing)
    refused = explainer.refuse(*first)
    assert (refused.loss, len(refused.removed), len(refused.added)) == (0, 1, 1)
    other = first[0], second[1]
    assert explainer.force(*other).loss == 0
    assert set(explainer.force(*other).removed) == {first, second}


def test_what_is_no_eligible_pair_is_named() -> None:
    one = two()
    for pair, words in (
        (("Z", "x"), "no helper 'Z'"),
        (("A", "z"), "no recipient 'z'"),
        (("A", "y"), "'A' – 'y' is not an eligible pair"),
    ):
        with pytest.raises(KeyError) as refusal:
            key_of(one, *pair)
        assert refusal.value.args == (words,)


def test_refusing_and_forcing_ask_for_a_pair_that_is_and_for_one_that_is_not() -> None:
    explainer = ExplainerAll(two())
    assert explainer.refuse("A", "x").loss == 2
    assert explainer.force("B", "x").removed == (("A", "x"),)
    with pytest.raises(ValueError, match="'B' – 'x' is not picked"):
        explainer.refuse("B", "x")
    with pytest.raises(ValueError, match="'A' – 'x' is picked already"):
        explainer.force("A", "x")


def test_only_an_optimum_can_be_asked_about() -> None:
    problem = matching.build([{"id": "A", "min": 1}], [{"id": "x"}], [])
    one = Implicit(
        problem, np.full(1, -1, np.int32), np.full(1, -1, np.int32), np.zeros((0, 2), np.int32),
        np.zeros((1, 1), np.int64), np.zeros((1, 1), np.int64),
    )  # fmt: skip
    with pytest.raises(ValueError, match="only an optimal solution can be asked about"):
        settle(one, solve_all(one))
