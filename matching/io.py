"""The exchange format: a folder of UTF-8 CSV files, strict on the way in and whole on the way out."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from matching.gap_words import as_data
from matching.gaps import cheapest_relaxation, minimal_conflict
from matching.problem import NO_LIMIT, STATES, Policy, Problem, ProblemError, Table, assemble
from matching.solve import Solution

INPUT_FILES = ("edges.csv", "groups.csv", "helpers.csv", "policy.json", "recipients.csv", "tiers.csv")
_REQUIRED = ("edges.csv", "helpers.csv", "recipients.csv")


def input_sha256(folder: Path) -> str:
    """The SHA-256 of a problem: of the lines that `sha256sum` prints for its files in alphabetical order.

    In a shell: `sha256sum edges.csv groups.csv … | sha256sum`, leaving out the files that are absent.
    """
    lines = []
    for name in INPUT_FILES:
        if (path := folder / name).exists():
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_problem(folder: Path | str) -> Problem:
    """Read and check a problem folder. Raises ProblemError with file, line, column and value found."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ProblemError(str(folder), None, None, None, "is not a folder")
    for name in _REQUIRED:
        if not (folder / name).is_file():
            raise ProblemError(name, None, None, None, "this file is required")
    problem = assemble(
        _read(folder / "helpers.csv"),
        _read(folder / "recipients.csv"),
        _read(folder / "edges.csv"),
        _read(folder / "groups.csv"),
        _read(folder / "tiers.csv"),
        _policy(folder / "policy.json"),
    )
    object.__setattr__(problem, "input_sha256", input_sha256(folder))
    return problem


def _read(path: Path) -> Table:
    """A CSV file as text columns; an absent optional file is an empty table."""
    if not path.exists():
        return Table(path.name, {}, 0)
    data = path.read_bytes()
    if (at := data.find(b"\0")) >= 0:
        raise ProblemError(path.name, data.count(b"\n", 0, at) + 1, None, None, "contains a NUL character")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProblemError(path.name, line, None, data[error.start : error.end], "is not UTF-8") from None
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        rows = list(reader)
    except csv.Error as error:
        raise ProblemError(path.name, reader.line_num, None, None, f"is not CSV: {error}") from None
    if not header:
        raise ProblemError(path.name, 1, None, None, "the file is empty; its header row is missing")
    header = [name.strip() for name in header]
    for name in header:
        if header.count(name) > 1:
            raise ProblemError(path.name, 1, name, name, "this column stands twice")
    return _columns(path.name, header, rows)


def _columns(name: str, header: list[str], rows: list[list[str]]) -> Table:
    width = len(header)
    while rows and not rows[-1]:
        rows.pop()
    for number, row in enumerate(rows):
        if len(row) != width:
            raise ProblemError(name, number + 2, None, ",".join(row), f"has {len(row)} fields, the header {width}")
    columns: Iterable[Sequence[str]] = zip(*rows, strict=True) if rows else [()] * width
    return Table(name, dict(zip(header, columns, strict=True)), len(rows))


def _policy(path: Path) -> Policy:
    if not path.exists():
        return Policy()
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise ProblemError(path.name, line, None, None, "is not JSON") from None
    if not isinstance(raw, dict):
        raise ProblemError(path.name, 1, None, type(raw).__name__, "must be an object")
    known = {"stability": (int,), "fair": (bool,), "at_most_changes": (int, type(None)), "tie_break": (str,)}
    for key, types in known.items():
        if key in raw and (not isinstance(raw[key], types) or (isinstance(raw[key], bool) and bool not in types)):
            wanted = " or ".join(kind.__name__ for kind in types)
            raise ProblemError(path.name, None, key, raw[key], f"must be {wanted}")
    changes = raw.get("at_most_changes")
    if changes is not None and changes < 0:
        raise ProblemError(path.name, None, "at_most_changes", changes, "must not be negative")
    return Policy(**{key: raw[key] for key in known if key in raw})


# --- writing ------------------------------------------------------------------------------------------------


def write_problem(problem: Problem, folder: Path | str) -> str:
    """Write a problem folder, whole or not at all; return its SHA-256."""
    with _whole(Path(folder)) as partial:
        _write(
            partial / "helpers.csv",
            ["id", "min", "max", "group"],
            [
                problem.helper_ids.tolist(),
                problem.helper_min.tolist(),
                _limits(problem.helper_max),
                _names(problem.helper_groups.ids, problem.helper_group),
            ],
        )
        _write(
            partial / "recipients.csv",
            ["id", "min", "max", "tier", "group", "coverage"],
            [
                problem.recipient_ids.tolist(),
                problem.recipient_min.tolist(),
                _limits(problem.recipient_max),
                _names(np.array(problem.tier_names, np.str_), problem.recipient_tier),
                _names(problem.recipient_groups.ids, problem.recipient_group),
                [
                    ";".join(map(str, problem.coverage[a:b].tolist()))
                    for a, b in zip(problem.coverage_start[:-1], problem.coverage_start[1:], strict=True)
                ],
            ],
        )
        _write(
            partial / "edges.csv",
            ["helper", "recipient", "score", "state", "incumbent"],
            [
                problem.helper_ids[problem.edge_helper].tolist(),
                problem.recipient_ids[problem.edge_recipient].tolist(),
                problem.edge_score.tolist(),
                np.array(STATES)[problem.edge_state].tolist(),
                problem.edge_incumbent.astype(np.int8).tolist(),
            ],
        )
        _write_groups_and_tiers(problem, partial)
        policy = problem.policy
        _write_json(
            partial / "policy.json",
            {
                "stability": policy.stability,
                "fair": policy.fair,
                "at_most_changes": policy.at_most_changes,
                "tie_break": policy.tie_break,
            },
        )
        return input_sha256(partial)


def _write_groups_and_tiers(problem: Problem, folder: Path) -> None:
    sides = [("helper", problem.helper_groups), ("recipient", problem.recipient_groups)]
    rows = [
        (side, group, parent, low, high)
        for side, groups in sides
        for group, parent, low, high in zip(
            groups.ids.tolist(),
            _names(groups.ids, groups.parent),
            groups.min.tolist(),
            _limits(groups.max),
            strict=True,
        )
    ]
    if rows:
        _write(folder / "groups.csv", ["side", "id", "parent", "min", "max"], list(zip(*rows, strict=True)))
    tiers = problem.tiers
    if len(tiers):
        _write(
            folder / "tiers.csv",
            ["helper", "tier", "min", "max"],
            [
                problem.helper_ids[tiers.helper].tolist(),
                np.array(problem.tier_names)[tiers.tier].tolist(),
                tiers.min.tolist(),
                _limits(tiers.max),
            ],
        )


def write_solution(solution: Solution, folder: Path | str, input_sha256: str | None = None) -> None:
    """Write a solution folder, whole or not at all: pairs, prices, summary, and the conflict when there is one."""
    problem, digest = solution.problem, input_sha256 or solution.problem.input_sha256
    with _whole(Path(folder)) as partial:
        if solution.status == "optimal":
            helper, recipient = problem.edge_helper[solution.picked], problem.edge_recipient[solution.picked]
            _write(
                partial / "pairs.csv",
                ["helper", "recipient", "score", "state"],
                [
                    problem.helper_ids[helper].tolist(),
                    problem.recipient_ids[recipient].tolist(),
                    problem.edge_score[solution.picked].tolist(),
                    np.array(STATES)[problem.edge_state[solution.picked]].tolist(),
                ],
            )
            _write(partial / "prices.csv", ["kind", "side", "id", "tier", "price"], _price_columns(solution))
        if solution.conflict:
            conflict = solution.conflict
            _write_json(
                partial / "conflict.json",
                {
                    "shortfall": conflict.shortfall,
                    "recipients": conflict.recipients,
                    "helpers": conflict.helpers,
                    "helper_groups": conflict.helper_groups,
                    "recipient_groups": conflict.recipient_groups,
                    "tiers": conflict.tiers,
                    **as_data(minimal_conflict(problem), cheapest_relaxation(problem)),
                },
            )
        _write_json(partial / "solution.json", summary(solution, digest))


def read_solution(problem: Problem, folder: Path | str) -> Solution:
    """The solution of a folder, for a problem read from its own; check it with `verify` before believing it.

    Raises ProblemError when the folder holds no optimal solution of a problem with these rows.
    """
    folder = Path(folder)
    try:
        told = json.loads((folder / "solution.json").read_text(encoding="utf-8"))
        coverage, fit, stability = (int(told[name]) for name in ("coverage", "fit", "stability"))
        status, proof, engine = (str(told[name]) for name in ("status", "proof", "engine"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProblemError("solution.json", None, None, None, f"is no solution: {error}") from None
    if status != "optimal":
        raise ProblemError("solution.json", None, "status", status, "there is nothing to explain; see gaps")
    pairs, prices = _read(folder / "pairs.csv"), _read(folder / "prices.csv")
    try:
        rows = zip(pairs.ids("helper").tolist(), pairs.ids("recipient").tolist(), strict=True)
        picked = np.array(sorted(problem.find_edge(*row) for row in rows), np.int64)
    except KeyError as error:
        raise ProblemError("pairs.csv", None, None, None, str(error.args[0])) from None
    # Stay in the range in which the solver's own prices are: beyond it nothing here was written by it.
    value = prices.ints("price", 0, low=-(2**62), high=2**62)
    names = list(zip(*(prices.text(name).tolist() for name in ("kind", "side", "id", "tier")), strict=True))
    known = {name: i for i, name in enumerate(names)}
    try:
        order = [known[name] for name in _node_names(problem)]
    except KeyError as error:
        raise ProblemError("prices.csv", None, None, error.args[0], "this price is missing") from None
    return Solution(problem, status, picked, coverage, fit, stability, value[order], proof, engine)


def summary(solution: Solution, input_sha256: str) -> dict[str, Any]:
    """The content of solution.json."""
    return {
        "status": solution.status,
        "objective": solution.objective,
        "coverage": solution.coverage,
        "fit": solution.fit,
        "stability": solution.stability,
        "pairs": len(solution.picked),
        "proof": solution.proof,
        "input_sha256": input_sha256,
        "engine": solution.engine,
        "seconds": solution.seconds,
    }


def _price_columns(solution: Solution) -> list[Sequence[Any]]:
    return [*zip(*_node_names(solution.problem), strict=True), solution.node_prices.tolist()]


def _node_names(problem: Problem) -> list[tuple[str, str, str, str]]:
    """(kind, side, id, tier) of every node, in the order of the prices."""
    names: list[tuple[str, str, str, str]] = [("root", "", "", "")]
    names += [("group", "helper", one, "") for one in problem.helper_groups.ids.tolist()]
    names += [("group", "recipient", one, "") for one in problem.recipient_groups.ids.tolist()]
    names += [("helper", "helper", one, "") for one in problem.helper_ids.tolist()]
    names += [("recipient", "recipient", one, "") for one in problem.recipient_ids.tolist()]
    names += [
        ("helper_tier", "helper", str(problem.helper_ids[h]), problem.tier_names[t])
        for h, t in zip(problem.tiers.helper.tolist(), problem.tiers.tier.tolist(), strict=True)
    ]
    return names


def _names(ids: Any, index: Any) -> list[str]:
    known = [*ids.tolist(), ""]
    return [known[i] for i in index.tolist()]


def _limits(limits: Any) -> list[Any]:
    return ["" if one == NO_LIMIT else one for one in limits.tolist()]


def _write(path: Path, header: list[str], columns: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*columns, strict=True))


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _whole:  # noqa: N801  (used as a verb: `with _whole(folder)`)
    """Write into a neighbour folder and rename it into place at the end, so that nobody ever sees half a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")

    def __enter__(self) -> Path:
        shutil.rmtree(self.partial, ignore_errors=True)
        self.partial.mkdir(parents=True)
        return self.partial

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self.partial, ignore_errors=True)
            return
        if self.folder.exists():
            old = self.folder.with_name(f".{self.folder.name}.{os.getpid()}.old")
            self.folder.rename(old)
            self.partial.rename(self.folder)
            shutil.rmtree(old)
        else:
            self.partial.rename(self.folder)
