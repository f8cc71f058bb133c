"""Asking for a run, executing it, cancelling it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction
from django.utils import timezone

import matching
from backend.accounts.models import User
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.lifecycle.actions import move, record
from backend.programmes.actions import working_year
from backend.programmes.models import FirmReason, Policy
from backend.runs import suggesting
from backend.runs.conflicts import told_conflict
from backend.runs.firms import executing
from backend.runs.models import Directive, Run, Suggestion
from backend.runs.snapshot import Snapshot, freeze
from backend.runs.storing import CertificateRefuted, how, store_files
from backend.web.problems import Invalid

KIND = "run.execute"
STAGES = ("快照", "候选", "求解", "验证", "说明", "入库")


def request(*, policy: Policy, year: int | None, based_on: Run | None = None, by: User) -> Run:
    """Ask for a run of the policy's channel; the work starts when this transaction has committed.

    `based_on` is the run that this one changes something about. Raises Invalid for a channel whose relations a matcher
    may not touch.
    """
    channel = policy.channel
    if not channel.matchable:
        raise Invalid(f"{channel.name_zh}的结对关系由{channel.fixed_by}确定，系统不提出建议", field="policy")
    latest = working_year(channel)
    if year is not None and not latest - 4 <= year <= latest:
        raise Invalid(f"年度应在 {latest - 4} 至 {latest} 之间", field="year")
    with transaction.atomic():
        job = jobs.enqueue(KIND, {}, by=by)
        run = Run.objects.create(
            channel=channel, policy=policy, year=year or latest, based_on=based_on, job=job, requested_by=by
        )
        Job.objects.filter(pk=job.pk).update(payload={"run": run.pk})
        record(run, "requested", by=by, to_status=run.status, payload={"policy": policy.version, "year": run.year})
        return run


def repeat(*, run: Run, policy: Policy, by: User) -> Run:
    """Ask for a run like `run` under a version of its channel's policy: the same year, told the same pins and bans.

    Raises Invalid for another channel's policy, and as `request`.
    """
    if policy.channel_id != run.channel_id:
        raise Invalid("政策与所复制的运行不是同一渠道", field="policy")
    with transaction.atomic():
        made = request(policy=policy, year=run.year, based_on=run, by=by)
        Directive.objects.bulk_create(one.copy_to(made) for one in run.directives.all())
        return made


def cancel(*, run: Run, by: User) -> Run:
    """Stop a run that has not ended. Raises Conflict when it has."""
    with transaction.atomic():
        record(run, "cancel_requested", by=by)
        jobs.cancel(run.job_id)
    run.refresh_from_db()
    return run


def execute(lease: jobs.Lease) -> None:
    """The work of a run: freeze, score, solve, verify, store. Safe to begin again after a crash at any point.

    Every attempt writes its files into a folder of its own; they become the run's in the transaction that writes the
    rows and ends the job, so neither a second attempt nor a worker thought dead can touch what a run has stored.
    """
    run = Run.objects.select_related("channel", "policy", "requested_by").get(pk=lease.job.payload["run"])
    if run.status == Run.Status.REQUESTED:
        move(run, Run.Status.RUNNING, by=run.requested_by)
    work = executing.work if run.channel.reasons is FirmReason else _work
    with _workspace(run, lease) as folder:
        work(run, lease, folder)


@contextmanager
def _workspace(run: Run, lease: jobs.Lease) -> Iterator[Path]:
    """A folder that this attempt alone writes into; what killed attempts left behind goes first."""
    for remains in run.folder.parent.glob(f".{run.folder.name}.*"):
        shutil.rmtree(remains, ignore_errors=True)
    folder = run.folder.with_name(f".{run.folder.name}.{lease.token}")
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _work(run: Run, lease: jobs.Lease, folder: Path) -> None:
    lease.stage("快照", 50)
    snapshot = freeze(
        run.channel, run.policy, run.year, run.policy.exceptions.all(), run.directives.select_related("by")
    )
    lease.stage("候选", 300, f"{snapshot.counts['candidates']} 对候选")
    sha256 = matching.write_problem(snapshot.problem, folder / "problem")
    lease.stage("求解", 500, snapshot.problem.summary())
    solution = matching.solve(snapshot.problem)
    matching.write_solution(solution, folder / "solution", sha256)
    _write_names(snapshot, folder / "names.csv")
    lease.stage("验证", 750)
    if solution.status == "infeasible":
        _store_conflict(lease, run, snapshot, solution, sha256, folder)
        return
    verdict = matching.verify(folder / "problem", folder / "solution")
    if not verdict.ok:
        raise CertificateRefuted("；".join(verdict.refutations))
    lease.stage("说明", 800, f"{len(solution.picked)} 对")
    lost = suggesting.losses(solution, lease.check)
    lease.stage("入库", 900, f"{len(solution.picked)} 对")
    _store(lease, run, snapshot, solution, lost, sha256, folder)


def ended(job: Job, status: str, error: str) -> None:
    """Let the run follow a job that failed or was cancelled."""
    run = Run.objects.select_related("requested_by").get(pk=job.payload["run"])
    to = Run.Status.CANCELLED if status == Job.Status.CANCELLED else Run.Status.FAILED
    move(run, to, by=run.requested_by, reason=error, error=error, finished_at=timezone.now())


def _store(
    lease: jobs.Lease,
    run: Run,
    snapshot: Snapshot,
    solution: matching.Solution,
    lost: suggesting.Losses,
    sha256: str,
    folder: Path,
) -> None:
    rows = list(suggesting.suggestions(run, snapshot, solution, lost))
    now = timezone.now()
    with transaction.atomic():
        lease.finish()
        store_files(run, folder)
        Suggestion.objects.bulk_create(rows, batch_size=1000)
        move(
            run,
            Run.Status.READY,
            by=run.requested_by,
            counts=snapshot.counts | {"pairs": len(rows), "new": sum(row.state == "FREE" for row in rows)},
            objective=solution.objective,
            coverage=solution.coverage,
            fit=solution.fit,
            stability=solution.stability,
            proof=solution.proof,
            certificate_verified_at=now,
            **how(solution.engine, solution.seconds, sha256, now),
        )


def _store_conflict(
    lease: jobs.Lease, run: Run, snapshot: Snapshot, solution: matching.Solution, sha256: str, folder: Path
) -> None:
    """Keep why there is no solution, in words; "no solution" never stands alone."""
    told = told_conflict(snapshot.problem, snapshot.names)
    if told is None:
        raise CertificateRefuted("the solver called the problem infeasible without a conflict")
    with transaction.atomic():
        lease.finish()
        store_files(run, folder)
        move(
            run,
            Run.Status.INFEASIBLE,
            by=run.requested_by,
            counts=snapshot.counts,
            conflict=told,
            **how(solution.engine, solution.seconds, sha256, timezone.now()),
        )


def _write_names(snapshot: Snapshot, path: Path) -> None:
    """Codes and names of everybody in the run, for whoever checks the files without the platform."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name"])
        writer.writerows(sorted(snapshot.names.items()))


__all__ = ["KIND", "STAGES", "CertificateRefuted", "cancel", "ended", "execute", "repeat", "request"]
