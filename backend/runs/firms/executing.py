"""The work of a run of firms and villages: freeze, solve in a process of its own, store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from backend.jobs.lease import Lease
from backend.lifecycle.actions import move
from backend.runs.firms import solving, suggesting
from backend.runs.firms.freezing import Frozen, freeze, write_words
from backend.runs.models import Run
from backend.runs.storing import CertificateRefuted, how, store_files
from matching.implicit_files import write_implicit
from matching.minima import attainable

_NAMED = 10  # of a conflict's sides
_LEFT = 0.985  # of a stage after each of its steps


def work(run: Run, lease: Lease, folder: Path) -> None:
    """Freeze, solve, verify and store one run, writing into `folder`."""
    lease.stage("快照", 20)
    frozen = freeze(
        run.channel,
        run.policy,
        run.year,
        list(run.policy.exceptions.all()),
        list(run.directives.select_related("by")),
        tell=_Steps(lease, 20, 130),
    )
    lease.stage("候选", 130, f"{frozen.counts['candidates']} 对候选")
    write_words(frozen, folder, _Steps(lease, 130, 160))
    lease.stage("候选", 160, "写入问题文件")
    sha256 = write_implicit(frozen.implicit, folder / "problem", _Steps(lease, 160, 200))
    lease.stage("求解", 200)
    ended = solving.solve(folder, Told(lease))
    claim = json.loads((folder / "solution" / "solution.json").read_text(encoding="utf-8"))
    if claim["input_sha256"] != sha256:
        raise CertificateRefuted("the solution belongs to another problem")
    if ended == solving.INFEASIBLE:
        _store_conflict(lease, run, frozen, claim, folder)
        return
    lease.stage("入库", 900, f"{claim['pairs']} 对")
    _store(lease, run, frozen, claim, folder)


class _Steps:
    """Progress of work of which nobody knows how many steps it has: each takes a share of what is left."""

    def __init__(self, lease: Lease, low: int, high: int) -> None:
        self.lease, self.low, self.high, self.steps = lease, low, high, 0

    def __call__(self) -> None:
        self.steps += 1
        self.lease.tell(self.high - round((self.high - self.low) * _LEFT**self.steps))


class Told(solving.Told):
    """In the words of a stage."""

    verifying = False

    def at(self, said: str, seconds: float) -> tuple[str, int]:
        what, _, share = said.partition(" … ")
        self.verifying = self.verifying or what == "verify"  # what is said after it is the verdict
        done = float(share.rstrip("%")) / 100 if share.rstrip("%").replace(".", "").isdigit() else 0.0
        return ("验证", 850) if self.verifying else ("求解", 200 + round(650 * done))


def _store(lease: Lease, run: Run, frozen: Frozen, claim: dict[str, Any], folder: Path) -> None:
    pairs = suggesting.read_pairs(frozen, folder / "solution", _Steps(lease, 900, 910))
    costless = suggesting.costless_of(pairs, folder / "solution")
    now = timezone.now()
    with transaction.atomic():
        new = suggesting.store(run, frozen, pairs, costless, lambda done: lease.tell(910 + round(70 * done)))
        _check_references()
        lease.tell(985)
        store_files(run, folder)
        lease.tell(990)
        lease.finish()  # from here on nothing can be told; nothing that takes long is left
        move(
            run,
            Run.Status.READY,
            by=run.requested_by,
            counts=frozen.counts | {"pairs": len(pairs[0]), "new": new},
            objective=claim["objective"],
            coverage=claim["coverage"],
            fit=claim["fit"],
            stability=claim["stability"],
            proof=claim["proof"],
            certificate_verified_at=now,
            **how(claim["engine"], claim["seconds"], claim["input_sha256"], now),
        )


def _check_references() -> None:
    """Now, and not at the end of the transaction: those of 130 000 suggestions take seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # what follows is checked at the end again


def _store_conflict(lease: Lease, run: Run, frozen: Frozen, claim: dict[str, Any], folder: Path) -> None:
    """Keep who is in conflict, by name as far as a person reads on."""
    found = json.loads((folder / "solution" / "conflict.json").read_text(encoding="utf-8"))
    names = _names(folder)
    sides = {
        side: [{"code": one, "name": names[one]} for one in found[side][:_NAMED]] for side in ("recipients", "helpers")
    }
    message = (
        f"{len(found['recipients'])} 个村与 {len(found['helpers'])} 家企业的上下限不能同时满足，"
        f"差 {found['shortfall']} 对。请放宽政策中每家企业或每个村的下限"
    )
    english = (
        f"The bounds of {len(found['recipients'])} villages and {len(found['helpers'])} firms contradict each other by"
        f" {found['shortfall']} pairs: lower the minima of the policy"
    )
    told = {
        "message": message,
        "message_en": english,
        "shortfall": found["shortfall"],
        "proven_minimal": False,
        "cure": _cure(frozen, _Steps(lease, 900, 990)),
        **sides,
    }
    now = timezone.now()
    with transaction.atomic():
        lease.finish()
        store_files(run, folder)
        move(
            run,
            Run.Status.INFEASIBLE,
            by=run.requested_by,
            counts=frozen.counts,
            conflict=told,
            **how(claim["engine"], claim["seconds"], claim["input_sha256"], now),
        )


def _cure(frozen: Frozen, tell: Callable[[], None]) -> dict[str, Any]:
    """The highest least numbers for everybody that can be met, as `conflicts` tells a cure; without a `code`, since
    they are the policy's own. No changes where least numbers are not what stands in the way."""
    problem = frozen.implicit.problem
    was = int(problem.helper_min.max(initial=0)), int(problem.recipient_min.max(initial=0))
    found = attainable(frozen.implicit, tell) or was
    sides = (("HELPER", "每家企业", "each firm"), ("RECIPIENT", "每个村", "each village"))
    return {
        "cost": sum(was) - sum(found),
        "changes": [
            {
                "side": side, "code": "", "name": name, "end": "min", "was": old, "to": new,
                "zh": f"{name}至少结对的数目由 {old} 改为 {new}",
                "en": f"lower the least number of pairs of {in_english} from {old} to {new}",
            }
            for (side, name, in_english), old, new in zip(sides, was, found, strict=True) if new < old
        ],
    }  # fmt: skip


def _names(folder: Path) -> dict[str, str]:
    with (folder / "names.csv").open(encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(",", 1) for line in file)
