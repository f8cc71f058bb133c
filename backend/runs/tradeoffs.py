"""What a run gives up: the gain of each further change to what stands, and what the fairest choice would cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db import transaction

import matching
from backend.accounts.models import User
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.runs.models import Run, Suggestion, Tradeoffs
from backend.runs.stored import Stored, open_run
from matching.changes import curve
from matching.fair import Fairness, fairest, ratios
from matching.problem import Ints
from matching.solve import value_of

KIND = "run.tradeoffs"


def asked(run: Run) -> Job | None:
    """The job that was asked for last."""
    return Job.objects.filter(kind=KIND, payload__run=run.pk).order_by("-pk").first()


def ask(*, run: Run, by: User) -> None:
    """Have them computed, unless they are or soon will be. Raises Conflict for a run without suggestions, Doctored."""
    open_run(run)
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)  # two at once ask once
        last = asked(run)
        waiting = last is not None and last.status in (Job.Status.QUEUED, Job.Status.RUNNING)
        if not waiting and not Tradeoffs.objects.filter(run=run).exists():
            jobs.enqueue(KIND, {"run": run.pk}, by=by)


def compute(lease: jobs.Lease) -> None:
    """The work of the job. Cost: some seconds at county size, nearly all of it the curve."""
    run = Run.objects.get(pk=lease.job.payload["run"])
    stored = open_run(run)
    lease.stage("公平", 50)
    fairness = told_fairness(stored, fairest(stored.problem))
    lease.stage("变动", 200, f"{int(stored.problem.edge_incumbent.sum())} 对待核实关系")
    kept = run.suggestions.filter(state=Suggestion.State.LOCKED).count()
    points = told_curve(stored.problem, kept)
    with transaction.atomic():
        lease.finish()
        Tradeoffs.objects.create(run=run, curve=points, fairness=fairness)


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


def told_fairness(stored: Stored, fair: Fairness) -> dict[str, Any]:
    """The fairest choice beside the run's own. Fit counts stability, as the library's price of fairness does."""
    problem, solution = stored.problem, stored.solution
    own = ratios(problem, solution.picked)
    return {
        "price": fair.price,
        "fit": fair.fit,
        "best_fit": fair.best_fit,
        "coverage": value_of(problem, fair.picked)[0],
        "run_fit": solution.fit + solution.stability,
        "run_coverage": solution.coverage,
        "moved": _moved(fair.picked, solution.picked),
        "levels": _levels(fair.ratios, own),
    }


def _moved(one: Ints, other: Ints) -> int:
    """Pairs that are in one choice only."""
    return len(set(one.tolist()) ^ set(other.tolist()))


def _levels(fair: Iterable[Fraction], own: Iterable[Fraction]) -> list[dict[str, int]]:
    """Counties by the share of their coverage, in basis points, worst first: under the fairest choice and the run's."""
    counts = Counter(fair), Counter(own)
    return [
        {"ratio": round(level * 10_000), "fair": counts[0][level], "run": counts[1][level]}
        for level in sorted(counts[0] | counts[1])
    ]
