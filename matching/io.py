"""The exchange format: a folder of UTF-8 CSV files, strict on the way in and whole on the way out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.assemble import EDGE_COLUMNS, HELPER_COLUMNS, RECIPIENT_COLUMNS, assemble
from matching.csvfiles import Cells, Lookup, read_table, whole, write_json, write_table
from matching.gap_words import as_data
from matching.gaps import cheapest_relaxation, minimal_conflict
from matching.problem import NO_LIMIT, STATES, Policy, Problem
from matching.solve import Solution
from matching.tables import Names, ProblemError

INPUT_FILES = (
    "blocks.csv", "edges.csv", "groups.csv", "helper_features.csv", "helpers.csv", "policy.json",
    "recipient_features.csv", "recipients.csv", "scoring.json", "tiers.csv",
)  # fmt: skip
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
        read_table(folder / "helpers.csv"),
        read_table(folder / "recipients.csv"),
        read_table(folder / "edges.csv"),
        read_table(folder / "groups.csv"),
        read_table(folder / "tiers.csv"),
        _policy(folder / "policy.json"),
    )
    object.__setattr__(problem, "input_sha256", input_sha256(folder))
    return problem


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
    with whole(Path(folder)) as partial:
        write_problem_files(problem, partial)
        return input_sha256(partial)


def write_problem_files(problem: Problem, folder: Path, tell: Callable[[], None] = lambda: None) -> None:
    """Write the files of a problem into a folder that is there; `tell` is called every few thousand rows."""
    write_table(folder / "helpers.csv", *_helper_columns(problem), tell)
    write_table(folder / "recipients.csv", *_recipient_columns(problem), tell)
    write_table(folder / "edges.csv", *_edge_columns(problem), tell)
    _write_groups_and_tiers(problem, folder)
    policy = problem.policy
    write_json(
        folder / "policy.json",
        {
            "stability": policy.stability,
            "fair": policy.fair,
            "at_most_changes": policy.at_most_changes,
            "tie_break": policy.tie_break,
        },
    )


def _helper_columns(problem: Problem) -> tuple[list[str], list[Cells]]:
    columns: list[Cells] = [
        problem.helper_ids,
        problem.helper_min,
        _limits(problem.helper_max),
        Lookup(_named(problem.helper_groups.ids), problem.helper_group),
    ]
    return [*HELPER_COLUMNS, *problem.helper_extra], [*columns, *problem.helper_extra.values()]


def _recipient_columns(problem: Problem) -> tuple[list[str], list[Cells]]:
    values, ends = problem.coverage.tolist(), problem.coverage_start.tolist()
    columns: list[Cells] = [
        problem.recipient_ids,
        problem.recipient_min,
        _limits(problem.recipient_max),
        Lookup(_named(problem.tier_names), problem.recipient_tier),
        Lookup(_named(problem.recipient_groups.ids), problem.recipient_group),
        [";".join(map(str, values[low:high])) for low, high in pairwise(ends)],
    ]
    return [*RECIPIENT_COLUMNS, *problem.recipient_extra], [*columns, *problem.recipient_extra.values()]


def _edge_columns(problem: Problem) -> tuple[list[str], list[Cells]]:
    columns: list[Cells] = [
        Lookup(_named(problem.helper_ids), problem.edge_helper),
        Lookup(_named(problem.recipient_ids), problem.edge_recipient),
        problem.edge_score,
        Lookup(_named(STATES), problem.edge_state),
        problem.edge_incumbent.astype(np.int8),
    ]
    return [*EDGE_COLUMNS, *problem.edge_extra], [*columns, *problem.edge_extra.values()]


def _write_groups_and_tiers(problem: Problem, folder: Path) -> None:
    sides = [("helper", problem.helper_groups), ("recipient", problem.recipient_groups)]
    rows = [
        (side, *row)
        for side, groups in sides
        for row in zip(
            groups.ids.tolist(),
            _named(groups.ids)[groups.parent].tolist(),
            groups.min.tolist(),
            _limits(groups.max),
            strict=True,
        )
    ]
    if rows:
        write_table(folder / "groups.csv", ["side", "id", "parent", "min", "max"], list(zip(*rows, strict=True)))
    tiers = problem.tiers
    if len(tiers):
        write_table(
            folder / "tiers.csv",
            ["helper", "tier", "min", "max"],
            [
                problem.helper_ids[tiers.helper],
                Lookup(_named(problem.tier_names), tiers.tier),
                tiers.min,
                _limits(tiers.max),
            ],
        )


def write_solution(
    solution: Solution, folder: Path | str, input_sha256: str | None = None, *, explained: bool = True
) -> None:
    """Write a solution folder, whole or not at all: pairs, prices, summary, and the conflict when there is one.

    `explained=False` leaves out the smallest conflict and the cheapest cure, which speak of the listed pairs alone.
    """
    problem, digest = solution.problem, input_sha256 or solution.problem.input_sha256
    with whole(Path(folder)) as partial:
        if solution.status == "optimal":
            columns: list[Cells] = [
                Lookup(_named(problem.helper_ids), problem.edge_helper[solution.picked]),
                Lookup(_named(problem.recipient_ids), problem.edge_recipient[solution.picked]),
                problem.edge_score[solution.picked],
                Lookup(_named(STATES), problem.edge_state[solution.picked]),
            ]
            write_table(partial / "pairs.csv", ["helper", "recipient", "score", "state"], columns)
            write_table(partial / "prices.csv", ["kind", "side", "id", "tier", "price"], _price_columns(solution))
        if solution.conflict:
            conflict = solution.conflict
            write_json(
                partial / "conflict.json",
                {
                    "shortfall": conflict.shortfall,
                    "recipients": conflict.recipients,
                    "helpers": conflict.helpers,
                    "helper_groups": conflict.helper_groups,
                    "recipient_groups": conflict.recipient_groups,
                    "tiers": conflict.tiers,
                    **(as_data(minimal_conflict(problem), cheapest_relaxation(problem)) if explained else {}),
                },
            )
        write_json(partial / "solution.json", summary(solution, digest))


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
        **({"change_rate": solution.change_rate} if solution.change_rate else {}),
    }


def _price_columns(solution: Solution) -> list[Sequence[Any]]:
    return [*zip(*node_names(solution.problem), strict=True), solution.node_prices.tolist()]


def node_names(problem: Problem) -> list[tuple[str, str, str, str]]:
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


def _named(names: Sequence[str] | Names) -> NDArray[np.object_]:
    """Names to be looked up; −1 finds the empty one at the end."""
    return np.array([*map(str, names), ""], np.object_)


def _limits(limits: Any) -> list[Any]:
    return ["" if one == NO_LIMIT else one for one in limits.tolist()]
