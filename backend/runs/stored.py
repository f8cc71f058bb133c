"""The stored folder of a run, opened to be asked questions: whatever is said about a run comes from its files."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

import matching
from backend.runs.conflicts import told_conflict
from backend.runs.models import Run, RunFile
from backend.runs.storing import digest_of
from backend.web.problems import Conflict
from matching import resolve
from matching.explain import Explainer, Why
from matching.problem import Ints, find
from matching.readback import read_solution

KEPT = 8  # opened runs a process remembers; one of county size takes some 20 MB
Pair = tuple[str, str]  # codes of helper and recipient


class Doctored(Conflict):
    """The files of a run are not those that were stored: nothing may be said on their strength (409)."""

    default_code = "doctored"


@dataclass(frozen=True)
class Repaired:
    """The optimum under some changes: what it is worth, and by which pairs it differs from the run's.

    Sums are None where no set of pairs can meet them all; `conflict` then says why, as a run does.
    """

    objective: int | None
    coverage: int | None
    fit: int | None
    stability: int | None
    removed: tuple[Pair, ...] = ()
    added: tuple[Pair, ...] = ()
    conflict: dict[str, Any] | None = None


class Opened(Protocol):
    """What every opened run answers, of whatever size; pairs are named by codes."""

    @property
    def names(self) -> Mapping[str, str]:
        """What everybody in it is called, by code."""

    @property
    def objective(self) -> int: ...

    @property
    def problem(self) -> matching.Problem:
        """With the pairs that were picked among its edges; the others may be missing."""

    @property
    def picked(self) -> Ints:
        """The edges (P,) of the problem that were picked, in ascending order."""

    @property
    def pairs(self) -> Sequence[Pair]:
        """The same by codes."""

    @property
    def choices(self) -> tuple[Ints, Ints, Ints]:
        """How many helpers each recipient (R,) could have, how many of those have room for one more, and the sum of
        their rows: where there is one only, its row."""

    def why(self, helper: str, recipient: str, most: int) -> Why:
        """Explain a pair, with the best few alternatives of each side. Raises KeyError where it is not eligible."""

    def state(self, helper: str, recipient: str) -> int:
        """Whether a pair is free, locked or banned. Raises KeyError where it is not eligible."""

    def helped(self, recipient: str) -> int:
        """How many helpers the run gives a recipient."""

    def what_if(self, changes: Sequence[resolve.Pair]) -> Repaired:
        """The optimum after these pins, bans and releases."""

    def without(self, helper: str) -> Repaired:
        """The optimum when a helper takes part in nothing any more, pairs in force included. Raises KeyError."""


@dataclass(frozen=True)
class Stored:
    """A run's problem and proven solution, and what everybody in it is called, by code."""

    problem: matching.Problem
    solution: matching.Solution
    names: Mapping[str, str]

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.problem, self.solution)

    @property
    def objective(self) -> int:
        return self.solution.objective

    @property
    def picked(self) -> Ints:
        return self.solution.picked

    @property
    def pairs(self) -> Sequence[Pair]:
        return self.solution.pairs

    @cached_property
    def choices(self) -> tuple[Ints, Ints, Ints]:
        problem, able = self.problem, self._able
        ours, theirs = problem.edge_helper[able], problem.edge_recipient[able]

        def summed(of_helper: Ints) -> Ints:
            found = np.zeros(problem.recipients, np.int64)
            np.add.at(found, theirs, of_helper[ours])
            return found

        return each_of(problem, self.picked, summed)

    @property
    def _able(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.problem.edge_state != matching.BANNED
        return found

    def why(self, helper: str, recipient: str, most: int) -> Why:
        return self.explainer.why(helper, recipient, most)

    def state(self, helper: str, recipient: str) -> int:
        return int(self.problem.edge_state[self.problem.find_edge(helper, recipient)])

    @cached_property
    def _helpers(self) -> Counter[str]:
        return Counter(recipient for _, recipient in self.solution.pairs)

    def helped(self, recipient: str) -> int:
        return self._helpers[recipient]

    def what_if(self, changes: Sequence[resolve.Change]) -> Repaired:
        """Also after other bounds."""
        found = matching.Standing(self.solution).apply(*changes)
        if found.status == "infeasible":
            return Repaired(None, None, None, None, conflict=told_conflict(found.problem, self.names))
        old, new = dict.fromkeys(self.solution.pairs), dict.fromkeys(found.pairs)
        removed, added = (tuple(one for one in a if one not in b) for a, b in ((old, new), (new, old)))
        return Repaired(found.objective, found.coverage, found.fit, found.stability, removed, added)

    def without(self, helper: str) -> Repaired:
        """Its own least number of pairs is lifted."""
        problem, at = self.problem, find(self.problem.helper_ids, helper)
        if at < 0:
            raise KeyError(helper)
        recipients = problem.recipient_ids[problem.edge_recipient[self._able & (problem.edge_helper == at)]]
        bans = [resolve.Pair("ban", helper, recipient) for recipient in recipients.tolist()]
        return self.what_if([resolve.Bound("helper", helper, min=0), *bans])


def each_of(problem: matching.Problem, picked: Ints, summed: Callable[[Ints], Ints]) -> tuple[Ints, Ints, Ints]:
    """`Opened.choices`, by a sum (R,) over the helpers that each recipient could have, of something of each (H,)."""
    load = np.bincount(problem.edge_helper[picked], minlength=problem.helpers)
    rows = np.arange(problem.helpers, dtype=np.int64)
    return summed(np.ones_like(rows)), summed((load < problem.helper_max).astype(np.int64)), summed(rows)


def open_run(run: Run) -> Stored:
    """Open a READY run of counties, at the cost of reading and verifying its files once per process.

    Raises Conflict for a run without suggestions, Doctored when a file is missing or other than what was stored, or
    the certificate does not hold any more.
    """
    check_ready(run)
    return _read(run.pk, run.folder, digests_of(run))


def check_ready(run: Run) -> None:
    """Raises Conflict for a run without suggestions."""
    if run.status != Run.Status.READY:
        raise Conflict(f"这次运行的状态是“{run.get_status_display()}”，没有可以说明的结果")


def digests_of(run: Run) -> tuple[tuple[str, str], ...]:
    """The names of the stored files, and their digests."""
    return tuple(run.files.values_list("name", "sha256"))


def check_files(run: Run) -> None:
    """Raises Doctored unless every stored file is what it was."""
    check_stored(run.pk, run.folder, digests_of(run))


def check_file(pk: int, folder: Path, name: str) -> None:
    """Raises Doctored unless this file of a run is what it was. Cost: one query and a reading of the file."""
    check_stored(
        pk, folder, tuple(RunFile.objects.filter(run=pk, name=name).values_list("name", "sha256")) or ((name, ""),)
    )


def check_stored(pk: int, folder: Path, digests: tuple[tuple[str, str], ...]) -> None:
    """Raises Doctored unless each of these files of a run is what it was."""
    for name, sha256 in digests:
        path = folder / name
        if not path.is_file() or digest_of(path) != sha256:
            raise _doctored(pk, f"存档文件 {name} 缺失，或与入库时登记的指纹不一致")


def _doctored(pk: int, what: str) -> Doctored:
    return Doctored(f"第 {pk} 次运行的{what}，不能据此作出说明。请联系管理员从备份恢复，或重新运行")


@lru_cache(maxsize=KEPT)
def _read(pk: int, folder: Path, digests: tuple[tuple[str, str], ...]) -> Stored:
    check_stored(pk, folder, digests)
    # A file more than were stored would be read as well: it shows in the digest that the solution names.
    verdict = matching.verify(folder / "problem", folder / "solution")
    if not verdict.ok:
        raise _doctored(pk, f"最优性证明未通过复核（{'；'.join(verdict.refutations[:3])}）")
    problem = matching.read_problem(folder / "problem")
    with (folder / "names.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    return Stored(problem, read_solution(problem, folder / "solution"), names)
