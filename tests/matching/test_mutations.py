"""A solution that was changed anywhere is refuted, unless what it then says is still true."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import matching
from tests.matching.instances import FEATURES, problem
from tests.matching.oracle import every_subset

SEEDS = [seed for seed in range(60) if matching.solve(problem(seed, FEATURES["everything"])).status == "optimal"][:12]
Cells = list[list[str]]


@pytest.fixture(params=SEEDS)
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    instance = problem(request.param, FEATURES["everything"])
    digest = matching.write_problem(instance, tmp_path / "problem")
    matching.write_solution(matching.solve(instance), tmp_path / "solution", digest)
    assert matching.verify(tmp_path / "problem", tmp_path / "solution").ok
    return tmp_path / "problem", tmp_path / "solution"


def read(path: Path) -> Cells:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, cells: Cells) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(cells)


def refuted(problem_folder: Path, solution_folder: Path) -> bool:
    try:
        return not matching.verify(problem_folder, solution_folder).ok
    except matching.Unreadable:
        return True


def changed(cells: Cells, column: int) -> Iterator[Cells]:
    """The table with one cell of a column of numbers changed, for each row and two changes."""
    for row in range(1, len(cells)):
        for step in (-1, 1):
            copy = [list(one) for one in cells]
            copy[row][column] = str(int(copy[row][column] or 0) + step)
            yield copy


def test_every_changed_number_of_the_summary_is_caught(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "solution.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    for name in ("objective", "coverage", "fit", "stability", "pairs"):
        for step in (-1, 1, 1000):
            path.write_text(json.dumps(summary | {name: summary[name] + step}), encoding="utf-8")
            assert refuted(*folders), name
    for name, value in (("status", "infeasible"), ("proof", "all eligible pairs"), ("input_sha256", "0" * 64)):
        path.write_text(json.dumps(summary | {name: value}), encoding="utf-8")
        assert refuted(*folders), name


def test_every_pair_left_out_or_doubled_or_misstated_is_caught(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "pairs.csv"
    cells = read(path)
    for row in range(1, len(cells)):
        write(path, cells[:row] + cells[row + 1 :])
        assert refuted(*folders), f"without {cells[row]}"
        write(path, [*cells, cells[row]])
        assert refuted(*folders), f"twice {cells[row]}"
        misstated = [list(one) for one in cells]
        misstated[row][3] = "banned"
        write(path, misstated)
        assert refuted(*folders), f"misstated {cells[row]}"
    for copy in changed(cells, 2):
        write(path, copy)
        assert refuted(*folders), "a changed score"


def test_every_pair_added_is_caught(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "pairs.csv"
    cells = read(path)
    present = {(row[0], row[1]) for row in cells}
    for helper, recipient, score, state, _ in read(folders[0] / "edges.csv")[1:]:
        if (helper, recipient) not in present:
            write(path, [*cells, [helper, recipient, score, state]])
            assert refuted(*folders), f"added {helper} – {recipient}"


def test_pairs_exchanged_are_caught_unless_just_as_good(folders: tuple[Path, Path]) -> None:
    """Swapping one pair for another is accepted only when every subset agrees that the result is optimal too."""
    path = folders[1] / "pairs.csv"
    cells = read(path)
    instance = matching.read_problem(folders[0])
    _, winners = every_subset(instance)
    index = {
        (str(instance.helper_ids[h]), str(instance.recipient_ids[r])): i
        for i, (h, r) in enumerate(zip(instance.edge_helper, instance.edge_recipient, strict=True))
    }
    for row in range(1, len(cells)):
        for helper, recipient, score, state, _ in read(folders[0] / "edges.csv")[1:]:
            other = [*cells[:row], [helper, recipient, score, state], *cells[row + 1 :]]
            chosen = frozenset(index[one[0], one[1]] for one in other[1:])
            write(path, other)
            if not refuted(*folders):
                assert chosen in winners
                assert len(chosen) == len(other) - 1


def test_no_changed_price_proves_anything_false(folders: tuple[Path, Path]) -> None:
    """A price may move within the optimal face; a verdict that still holds must still meet the true optimum."""
    path = folders[1] / "prices.csv"
    best, _ = every_subset(matching.read_problem(folders[0]))
    cells = read(path)
    caught = 0
    for copy in changed(cells, 4):
        write(path, copy)
        verdict = matching.verify(*folders)
        caught += not verdict.ok
        assert verdict.bound >= (best or 0), "a bound below the optimum would be false"
        assert not verdict.ok or verdict.bound == best
    for row in range(1, len(cells)):
        write(path, cells[:row] + cells[row + 1 :])
        assert refuted(*folders), "a missing price"
    assert caught


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("helpers.csv", 1),
        ("helpers.csv", 2),
        ("recipients.csv", 1),
        ("recipients.csv", 2),
        ("edges.csv", 2),
        ("edges.csv", 4),
    ],
)
def test_every_changed_input_is_caught_by_its_digest_and_never_proven_wrongly(
    folders: tuple[Path, Path], file: str, column: int
) -> None:
    path, summary_path = folders[0] / file, folders[1] / "solution.json"
    summary = json.loads(summary_path.read_text(encoding="utf-8"))
    for copy in changed(read(path), column):
        write(path, copy)
        assert refuted(*folders), "another input"
        # A forger also adapts the digest: then the pairs must be right for the changed input, or be refuted.
        forged = summary | {"input_sha256": matching.input_sha256(folders[0])}
        summary_path.write_text(json.dumps(forged), encoding="utf-8")
        if not refuted(*folders):
            instance = matching.read_problem(folders[0])
            best, winners = every_subset(instance)
            assert summary["objective"] == best
            chosen = {(row[0], row[1]) for row in read(folders[1] / "pairs.csv")[1:]}
            named = {
                frozenset(
                    (
                        str(instance.helper_ids[instance.edge_helper[e]]),
                        str(instance.recipient_ids[instance.edge_recipient[e]]),
                    )
                    for e in winner
                )
                for winner in winners
            }
            assert frozenset(chosen) in named
        summary_path.write_text(json.dumps(summary), encoding="utf-8")
