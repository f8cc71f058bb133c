"""What a run gives up: the gain of each further change to what stands, and what the fairest choice would cost."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import matching
from backend.accounts.models import User
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.programmes.models import FirmReason
from backend.runs.firms import solving
from backend.runs.firms.opened import open_any
from backend.runs.models import Run, Suggestion, Tradeoffs
from backend.runs.stored import open_run
from backend.web.problems import Conflict
from matching.changes import curve
from matching.fair import fairest
from matching.fair_all import all_at_once, beside

KIND = "run.tradeoffs"


def asked(run: Run) -> Job | None:
    """The job that was asked for last."""
    return Job.objects.filter(kind=KIND, payload__run=run.pk).order_by("-pk").first()


def ask(*, run: Run, by: User) -> None:
    """Have them computed, unless they are or soon will be. Raises Conflict for a run without suggestions or of firms
    whose villages gain coverage by further helpers, Doctored."""
    if not all_at_once(open_any(run).problem) and run.channel.reasons is FirmReason:
        raise Conflict("这次运行里，一个村有了一家企业之后再增加企业仍得覆盖分：上亿对候选之下，不能证明哪种方案最公平")
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)  # two at once ask once
        last = asked(run)
        waiting = last is not None and last.status in (Job.Status.QUEUED, Job.Status.RUNNING)
        if not waiting and not Tradeoffs.objects.filter(run=run).exists():
            jobs.enqueue(KIND, {"run": run.pk}, by=by)


def compute(lease: jobs.Lease) -> None:
    """The work of the job. Cost: some seconds at county size, nearly all of it the curve; of all firms and villages
    some minutes, three optima in a process of their own."""
    run = Run.objects.get(pk=lease.job.payload["run"])
    lease.stage("公平", 50)
    if run.channel.reasons is FirmReason:
        standing = open_any(run).problem.edge_incumbent.any()
        fairness = solving.fairest(run.folder, _Told(lease))
        points: list[dict[str, Any]] | None = None if standing else []
    else:
        stored = open_run(run)
        fairness = beside(stored.problem, fairest(stored.problem), stored.picked)
        lease.stage("变动", 200, f"{int(stored.problem.edge_incumbent.sum())} 对待核实关系")
        kept = run.suggestions.filter(state=Suggestion.State.LOCKED).count()
        points = told_curve(stored.problem, kept)
    with transaction.atomic():
        lease.finish()
        Tradeoffs.objects.create(run=run, curve=points, fairness=fairness)


class _Told(solving.Told):
    """Nobody knows how long it will be."""

    def at(self, said: str, seconds: float) -> tuple[str, int]:
        return "公平", 50 + round(900 * seconds / (seconds + 120))


def ended(job: Job, status: str, error: str) -> None:
    """Nothing hangs on a job that failed or was cancelled: its row says so, and it may be asked for again."""


def told_curve(problem: matching.Problem, kept: int) -> list[dict[str, Any]]:
    """The best total within each number of changes to the pairs on record; nothing where none are.

    A pair in force is no change, though the library, which knows nothing of what is in force, counts the `kept` ones.
    """
    if not problem.edge_incumbent.any():
        return []
    return [
        {"changes": one.k - kept, "objective": one.objective, "bound": one.bound, "proven": one.proven}
        for one in curve(problem)
    ]
