"""The optimum over pairs that nobody listed equals the one over all of them listed, from whatever list it started."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matching
from matching import Policy, UnsupportedPolicy
from matching.__main__ import main
from matching.implicit import Implicit
from matching.implicit_files import read_implicit, write_implicit
from matching.price_out import solve_all
from matching.solve import Solution
from tests.matching import instances

FEATURES = 2


def implicit(seed: int, features: frozenset[str]) -> Implicit:
    """A random problem whose listed pairs are exceptions among those that its blocks make eligible."""
    pick = random.Random(f"blocks {seed}")  # noqa: S311  (not for secrets)
    rows = instances.rows(seed, features)
    problem = matching.build(**rows | {"edges": [row for row in rows["edges"] if pick.random() < 0.4]})
    blocks = range(pick.randint(1, 3))

    def some(count: int) -> np.ndarray:
        return np.array([pick.choice([*blocks, -1]) for _ in range(count)], np.int32)

    def numbers(count: int) -> np.ndarray:
        return np.array([[pick.randint(-2, 6) for _ in range(FEATURES)] for _ in range(count)], np.int64)

    eligible = [(a, b) for a in blocks for b in blocks if pick.random() < 0.6]
    return Implicit(
        problem, some(problem.helpers), some(problem.recipients), np.array(eligible, np.int32).reshape(-1, 2),
        numbers(problem.helpers), numbers(problem.recipients), divisor=pick.randint(1, 3), offset=pick.randint(-4, 4),
    )  # fmt: skip


def everything(one: Implicit) -> np.ndarray:
    helper, recipient = (side.ravel() for side in np.indices((one.problem.helpers, one.problem.recipients)))
    inside = one.covers(helper, recipient)
    return one.key(helper[inside], recipient[inside])


def all_listed(one: Implicit) -> Solution:
    return matching.solve(one.listing(everything(one)))


@pytest.mark.parametrize("feature", instances.FEATURES)
def test_optimum_equals_that_with_every_pair_listed(feature: str) -> None:
    solved = impossible = beyond = 0
    for seed in range(80):
        one = implicit(seed, instances.FEATURES[feature])
        wanted = all_listed(one)
        nothing = np.zeros(0, np.int64)
        for start in (None, nothing, everything(one)[::2]):
            found = solve_all(one, start=start)
            assert found.status == wanted.status
            assert found.objective == wanted.objective
        if wanted.status == "infeasible":
            impossible += 1
            assert found.conflict is not None
            assert found.conflict.shortfall > 0
            continue
        solved += 1
        assert found.proof == "all eligible pairs"
        beyond += found.objective > matching.solve(one.problem).objective
    assert solved > 5
    assert beyond > 3
    if feature != "maxima":
        assert impossible > 0


def test_listed_pair_is_what_its_row_says() -> None:
    """A ban of the best pair and a lock on the worst stand, though the formula says otherwise."""
    problem = matching.build(
        [{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        [
            {"helper": "A", "recipient": "x", "state": "banned", "score": 100},
            {"helper": "B", "recipient": "y", "state": "locked", "score": -7},
        ],
    )
    block = np.zeros(2, np.int32)
    features = np.array([[9], [1]], np.int64)
    one = Implicit(problem, block, block, np.array([[0, 0]], np.int32), features, features)
    assert solve_all(one).pairs == [("B", "y")]
    free = replace(one, problem=replace(problem, edge_state=np.zeros(2, np.int8)))
    assert solve_all(free).pairs == [("A", "x")]
    assert solve_all(free).objective == 100


def test_ban_between_the_first_of_a_block_parts_nobody_from_the_rest() -> None:
    """Parts are found by tying everybody to the first of a block, whatever is said of that very pair."""
    problem = matching.build(
        [{"id": "A", "max": 1}, {"id": "B", "max": 1}],
        [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        [{"helper": "B", "recipient": "x", "state": "banned", "score": 9}],
    )
    block, features = np.zeros(2, np.int32), np.full((2, 1), 3, np.int64)
    one = Implicit(problem, block, block, np.array([[0, 0]], np.int32), features, features)
    assert solve_all(one).pairs == [("A", "x"), ("B", "y")]


def test_conflict_over_all_pairs_names_who_lacks_whom() -> None:
    problem = matching.build([{"id": "A", "max": 1}], [{"id": "x", "min": 1}, {"id": "y", "min": 1}], [])
    one = Implicit(
        problem, np.zeros(1, np.int32), np.zeros(2, np.int32), np.array([[0, 0]], np.int32),
        np.ones((1, 1), np.int64), np.ones((2, 1), np.int64),
    )  # fmt: skip
    answer = solve_all(one)
    assert answer.status == "infeasible"
    assert answer.conflict is not None
    assert answer.conflict.recipients == ("x", "y")
    assert answer.conflict.shortfall == 1


def test_pairs_are_found_where_thousands_are_worth_the_same() -> None:
    """Every score alike and every price near it: rounding may not hide what gains, nor find what does not."""
    size = 1500
    problem = matching.build([{"id": f"h{i:04}", "max": 1} for i in range(size)],
                             [{"id": f"r{i:04}", "max": 1} for i in range(size)], [])  # fmt: skip
    block, ones = np.zeros(size, np.int32), np.ones((size, 1), np.int64)
    one = Implicit(problem, block, block, np.array([[0, 0]], np.int32), 7 * ones, 11 * ones, divisor=3, offset=-20)
    found = solve_all(one)
    assert (found.objective, len(found.picked)) == (size * 5, size)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"helper_block": np.zeros(3, np.int32)}, "one block per helper and per recipient is wanted"),
        ({"recipient_features": np.ones((1, 2), np.int64)}, "equally many features"),
        ({"eligible": np.zeros(2, np.int32)}, "eligible blocks come in pairs"),
        ({"divisor": 0}, "divisor 0 must be positive"),
        ({"helper_features": np.full((1, 1), 2**52)}, "features too large"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, object], words: str) -> None:
    problem = matching.build([{"id": "A"}], [{"id": "x"}], [])
    block, features = np.zeros(1, np.int32), np.full((1, 1), 2, np.int64)
    good = Implicit(problem, block, block, np.array([[0, 0]], np.int32), features, features)
    with pytest.raises(ValueError, match=words):
        replace(good, **changes)  # type: ignore[arg-type]


def test_policies_that_need_every_pair_are_refused() -> None:
    one = implicit(0, frozenset())
    fair = replace(one, problem=replace(one.problem, policy=Policy(fair=True)))
    with pytest.raises(UnsupportedPolicy, match="not solved over pairs that are not listed"):
        solve_all(fair)


# --- in files -----------------------------------------------------------------------------------------------------


def test_folder_with_blocks_reads_back_the_same(tmp_path: Path) -> None:
    for seed in range(30):
        one = implicit(seed, instances.FEATURES["everything"])
        digest = write_implicit(one, tmp_path / "in")
        again = read_implicit(tmp_path / "in")
        assert again.problem.input_sha256 == digest
        assert again.pairs() == one.pairs()
        helper, recipient = np.divmod(everything(one), one.problem.recipients)
        assert (again.scores(helper, recipient) == one.scores(helper, recipient)).all()


SOLVED = [
    seed for seed in range(40) if all_listed(implicit(seed, instances.FEATURES["everything"])).status == "optimal"
]


@pytest.fixture(params=SOLVED[:8])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    write_implicit(implicit(request.param, instances.FEATURES["everything"]), tmp_path / "in")
    assert main(["solve", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 0
    return tmp_path / "in", tmp_path / "out"


def forged(folders: tuple[Path, Path], **changes: object) -> bool:
    """Whether the checker finds fault, the digest being adapted to the input as it is now."""
    path = folders[1] / "solution.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(summary | {"input_sha256": matching.input_sha256(folders[0])} | changes))
    try:
        return not matching.verify(*folders).ok
    except matching.Unreadable:
        return True


def test_certificate_over_all_pairs_is_not_taken_for_less(folders: tuple[Path, Path]) -> None:
    assert not forged(folders)
    assert forged(folders, proof="listed pairs")


def test_changed_features_blocks_and_scoring_are_refuted_unless_still_optimal(folders: tuple[Path, Path]) -> None:
    source = folders[0]
    told = json.loads((folders[1] / "solution.json").read_text(encoding="utf-8"))
    caught = kept = 0
    for name in ("helper_features.csv", "recipient_features.csv", "blocks.csv"):
        lines = (source / name).read_text().splitlines()
        for row in range(1, len(lines)):
            cells = lines[row].split(",")
            for at in range(1 if "features" in name else 0, len(cells)):
                for new in ("0", "1", "5"):
                    changed = [*cells[:at], new, *cells[at + 1 :]]
                    (source / name).write_text("\n".join([*lines[:row], ",".join(changed), *lines[row + 1 :]]) + "\n")
                    found = forged(folders)
                    caught += found
                    kept += not found
                    if not found:
                        assert all_listed(read_implicit(source)).objective == told["objective"]
        (source / name).write_text("\n".join(lines) + "\n")
    (source / "scoring.json").write_text('{"divisor": 1, "offset": 50}')
    assert forged(folders) or all_listed(read_implicit(source)).objective == told["objective"]
    assert caught
    assert kept


def test_prices_that_undervalue_an_unlisted_pair_are_refuted(tmp_path: Path) -> None:
    """The pairs listed by the solver alone would look optimal; the checker looks at all the others itself."""
    problem = matching.build([{"id": "A", "max": 1}], [{"id": "x", "max": 1}, {"id": "y", "max": 1}], [])
    block, features = np.zeros(2, np.int32), np.array([[3], [8]], np.int64)
    one = Implicit(problem, block[:1], block, np.array([[0, 0]], np.int32), np.ones((1, 1), np.int64), features)
    digest = write_implicit(one, tmp_path / "in")
    poor = matching.solve(one.listing(np.array([0])))
    matching.write_solution(replace(poor, proof="all eligible pairs"), tmp_path / "out", digest)
    verdict = matching.verify(tmp_path / "in", tmp_path / "out")
    assert (verdict.objective, verdict.ok) == (3, False)
    assert verdict.bound >= 8
    matching.write_solution(solve_all(one), tmp_path / "out", digest)
    assert matching.verify(tmp_path / "in", tmp_path / "out").ok


@pytest.mark.parametrize(
    ("file", "text", "line", "column", "reason"),
    [
        ("helper_features.csv", "id,block,depth\nA,north,1\nZ,north,1\n", 3, "id", "unknown id"),
        ("helper_features.csv", "id,block,depth\nA,north,1\nA,south,1\n", 3, "id", "this id stands twice"),
        ("helper_features.csv", "id,block,depth\nA,north,much\n", 2, "depth", "must be a whole number"),
        ("helper_features.csv", "id,block,depth\nA,north,9999999999\n", 2, "depth", "must lie between"),
        ("helper_features.csv", "block,depth\nnorth,1\n", 1, "id", "this column is required"),
        ("recipient_features.csv", "id,block,height\nx,south,1\n", 1, "depth", "must have the same features"),
        ("recipient_features.csv", None, None, None, "this file is required beside blocks.csv"),
        ("blocks.csv", "helper_block\nnorth\n", 1, "recipient_block", "this column is required"),
        ("blocks.csv", "helper_block,recipient_block\nnorth,\n", 2, "recipient_block", "an id may not be empty"),
        ("scoring.json", '{"divisor": 0}', None, "divisor", "must be a whole number from 1"),
        ("scoring.json", '{"offset": 1.5}', None, "offset", "must be a whole number from"),
        ("scoring.json", "[]", 1, None, "must be an object"),
    ],
)
def test_malformed_blocks_are_refused_with_file_line_and_column(
    tmp_path: Path, file: str, text: str | None, line: int | None, column: str | None, reason: str
) -> None:
    good = {
        "helpers.csv": "id,max\nA,1\n",
        "recipients.csv": "id\nx\n",
        "edges.csv": "helper,recipient\n",
        "helper_features.csv": "id,block,depth\nA,north,2\n",
        "recipient_features.csv": "id,block,depth\nx,south,3\n",
        "blocks.csv": "helper_block,recipient_block\nnorth,south\n",
    }
    for name, content in (good | {file: text}).items():
        if content is not None:
            (tmp_path / name).write_text(content)
    with pytest.raises(matching.ProblemError) as refusal:
        read_implicit(tmp_path)
    assert (refusal.value.file, refusal.value.line, refusal.value.column) == (file, line, column)
    assert reason in str(refusal.value)
    assert main(["solve", str(tmp_path), "-o", str(tmp_path / "out")]) == 2
