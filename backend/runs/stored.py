"""The stored folder of a run, opened to be asked questions: whatever is said about a run comes from its files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import matching
from backend.programmes.models import FirmReason
from backend.runs.models import Run, RunFile
from backend.runs.storing import digest_of
from backend.web.problems import Conflict
from matching.explain import Explainer
from matching.readback import read_solution

KEPT = 8  # opened runs a process remembers; one of county size takes some 20 MB


class Doctored(Conflict):
    """The files of a run are not those that were stored: nothing may be said on their strength (409)."""

    default_code = "doctored"


@dataclass(frozen=True)
class Stored:
    """A run's problem and proven solution, and what everybody in it is called, by code."""

    problem: matching.Problem
    solution: matching.Solution
    names: Mapping[str, str]

    @cached_property
    def explainer(self) -> Explainer:
        return Explainer(self.problem, self.solution)


def open_run(run: Run) -> Stored:
    """Open a READY run, at the cost of reading and verifying its files once per process.

    Raises Conflict for a run without suggestions, Doctored when a file is missing or other than what was stored, or
    the certificate does not hold any more.
    """
    if run.status != Run.Status.READY:
        raise Conflict(f"这次运行的状态是“{run.get_status_display()}”，没有可以说明的结果")
    if run.channel.reasons is FirmReason:
        raise Conflict("企业与村的运行有上亿对候选，不能在页面上逐对推演；请下载存档，用 matching 复核")
    digests = tuple(run.files.values_list("name", "sha256"))
    return _read(run.pk, run.folder, digests)


def check_files(run: Run) -> None:
    """Raises Doctored unless every stored file is what it was."""
    _check(run.pk, run.folder, tuple(run.files.values_list("name", "sha256")))


def check_file(pk: int, folder: Path, name: str) -> None:
    """Raises Doctored unless this file of a run is what it was. Cost: one query and a reading of the file."""
    _check(pk, folder, tuple(RunFile.objects.filter(run=pk, name=name).values_list("name", "sha256")) or ((name, ""),))


def _check(pk: int, folder: Path, digests: tuple[tuple[str, str], ...]) -> None:
    for name, sha256 in digests:
        path = folder / name
        if not path.is_file() or digest_of(path) != sha256:
            raise _doctored(pk, f"存档文件 {name} 缺失，或与入库时登记的指纹不一致")


def _doctored(pk: int, what: str) -> Doctored:
    return Doctored(f"第 {pk} 次运行的{what}，不能据此作出说明。请联系管理员从备份恢复，或重新运行")


@lru_cache(maxsize=KEPT)
def _read(pk: int, folder: Path, digests: tuple[tuple[str, str], ...]) -> Stored:
    _check(pk, folder, digests)
    # A file more than were stored would be read as well: it shows in the digest that the solution names.
    verdict = matching.verify(folder / "problem", folder / "solution")
    if not verdict.ok:
        raise _doctored(pk, f"最优性证明未通过复核（{'；'.join(verdict.refutations[:3])}）")
    problem = matching.read_problem(folder / "problem")
    with (folder / "names.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    return Stored(problem, read_solution(problem, folder / "solution"), names)
