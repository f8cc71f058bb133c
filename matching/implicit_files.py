"""Blocks and features in a problem folder: four more files beside those of `matching.io`, read just as strictly.

- `helper_features.csv`, `recipient_features.csv`: `id,block` and then one column per feature, the same in both; whole
  numbers, empty = 0; an empty block is eligible with nobody; whoever is left out has no block and features 0.
- `blocks.csv`: `helper_block,recipient_block`, the blocks whose helpers and recipients may pair.
- `scoring.json` (optional): `{"divisor": 1, "offset": 0}`; a pair scores Σ features multiplied // divisor + offset.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from matching.columns import Column
from matching.csvfiles import Lookup, read_table, whole, write_json, write_table
from matching.implicit import Implicit
from matching.io import input_sha256, read_problem, write_problem_files
from matching.problem import Index, Ints
from matching.tables import Names, ProblemError, Table

BLOCKS = "blocks.csv"
_FEATURE_LIMIT = 2**31  # in absolute value
_OFFSET_LIMIT = 10**9


def is_implicit(folder: Path | str) -> bool:
    """Whether the folder makes pairs eligible by blocks."""
    return (Path(folder) / BLOCKS).exists()


def read_implicit(folder: Path | str) -> Implicit:
    """Read and check a problem folder with blocks. Raises ProblemError with file, line, column and value found."""
    folder = Path(folder)
    problem = read_problem(folder)
    ours, theirs = (_table(folder / f"{side}_features.csv") for side in ("helper", "recipient"))
    names = _features(ours)
    if (other := _features(theirs)) != names:
        odd = sorted(set(names) ^ set(other) or set(names))[0]
        raise ProblemError(theirs.file, 1, odd, None, "both files must have the same features in the same order")
    blocks = _table(folder / BLOCKS)
    known = Column.of(sorted({*ours.text("block").tolist(), *theirs.text("block").tolist()} - {""}))
    divisor, offset = _scoring(folder / "scoring.json")
    helper_block, helper_features = _side(ours, problem.helper_ids, known, names)
    recipient_block, recipient_features = _side(theirs, problem.recipient_ids, known, names)
    eligible = np.stack([_block(blocks, f"{side}_block", known) for side in ("helper", "recipient")], axis=1)
    eligible = eligible[(eligible >= 0).all(axis=1)]  # with a block that somebody is in
    try:
        return Implicit(
            problem,
            helper_block,
            recipient_block,
            eligible,
            helper_features,
            recipient_features,
            divisor,
            offset,
        )
    except ValueError as refusal:
        raise ProblemError("helper_features.csv", None, None, None, str(refusal)) from None


def _table(path: Path) -> Table:
    if not path.is_file():
        raise ProblemError(path.name, None, None, None, f"this file is required beside {BLOCKS}")
    return read_table(path)


def _features(table: Table) -> list[str]:
    return list(table.others(("id", "block")))


def _side(table: Table, ids: Names, known: Column, features: list[str]) -> tuple[Index, Ints]:
    """Blocks (n,) and features (n, F) in the order of the ids."""
    rows = table.names("id", required=True).find_in(Column.of(ids.tolist()))
    for row in np.flatnonzero(rows < 0)[:1]:
        raise table.fail(int(row), "id", "unknown id")
    order = np.argsort(rows, kind="stable")
    for at in np.flatnonzero(rows[order][1:] == rows[order][:-1])[:1]:
        raise table.fail(int(order[at + 1]), "id", "this id stands twice")
    block = np.full(len(ids), -1, np.int32)
    block[rows] = table.text("block").find_in(known)
    numbers = np.zeros((len(ids), len(features)), np.int64)
    for place, name in enumerate(features):
        numbers[rows, place] = table.ints(name, 0, low=-_FEATURE_LIMIT, high=_FEATURE_LIMIT)
    return block, numbers


def _block(table: Table, column: str, known: Column) -> Index:
    """Numbers of blocks; −1 for one that nobody is in."""
    return table.names(column, required=True).find_in(known)


def _scoring(path: Path) -> tuple[int, int]:
    if not path.exists():
        return 1, 0
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError(path.name, None, None, None, "is not JSON") from None
    if not isinstance(raw, dict):
        raise ProblemError(path.name, 1, None, type(raw).__name__, "must be an object")
    for name, low in (("divisor", 1), ("offset", -_OFFSET_LIMIT)):
        value = raw.get(name, 1 if name == "divisor" else 0)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _OFFSET_LIMIT:
            raise ProblemError(path.name, None, name, value, f"must be a whole number from {low} to {_OFFSET_LIMIT}")
    return raw.get("divisor", 1), raw.get("offset", 0)


def write_implicit(implicit: Implicit, folder: Path | str, tell: Callable[[], None] = lambda: None) -> str:
    """Write a problem folder with blocks, whole or not at all; return its SHA-256.

    `tell` is called every few thousand rows; what it raises ends the work.
    """
    with whole(Path(folder)) as partial:
        write_problem_files(implicit.problem, partial, tell)
        problem = implicit.problem
        for side, ids, block, features in (
            ("helper", problem.helper_ids, implicit.helper_block, implicit.helper_features),
            ("recipient", problem.recipient_ids, implicit.recipient_block, implicit.recipient_features),
        ):
            names = np.array([*(str(number) for number in range(int(block.max(initial=-1)) + 1)), ""])
            header = ["id", "block", *(f"feature{number + 1}" for number in range(features.shape[1]))]
            write_table(partial / f"{side}_features.csv", header, [ids, Lookup(names, block), *features.T], tell)
        write_table(partial / BLOCKS, ["helper_block", "recipient_block"], list(implicit.eligible.T))
        write_json(partial / "scoring.json", {"divisor": implicit.divisor, "offset": implicit.offset})
        tell()
        return input_sha256(partial)


__all__ = ["BLOCKS", "is_implicit", "read_implicit", "write_implicit"]
