"""Enqueueing, claiming, keeping and ending jobs.

Source of the scheme: a lease with a fencing token (Gray & Cheriton 1989; Kleppmann 2016), on PostgreSQL's SKIP LOCKED.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.jobs.models import Job
from backend.lifecycle.actions import Actor
from backend.web.problems import Conflict

logger = logging.getLogger(__name__)


class LeaseLost(RuntimeError):
    """This worker was thought dead and its job is somebody else's now: nothing may be written any more."""


class Cancelled(RuntimeError):
    """Someone asked for the job to be cancelled."""


class Work(Protocol):
    def __call__(self, lease: Lease) -> None: ...


class Ended(Protocol):
    def __call__(self, job: Job, status: str, error: str) -> None: ...


@dataclass(frozen=True)
class Handler:
    """`work` does the job and must end it through `lease.finish()` inside its last transaction; `ended` tells the room
    that the job failed or was cancelled, in the same transaction."""

    work: Work
    ended: Ended


_handlers: dict[str, Handler] = {}


def register(kind: str, *, work: Work, ended: Ended) -> None:
    """Name the handler of a kind of job; called from `ready()` of the room that owns the kind."""
    _handlers[kind] = Handler(work, ended)


@dataclass
class Lease:
    """The right to work on a job until another attempt takes it over."""

    job: Job
    token: int
    _lost: threading.Event = field(default_factory=threading.Event)
    _cancel: threading.Event = field(default_factory=threading.Event)

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, status=Job.Status.RUNNING, attempts=self.token)

    def stage(self, name: str, progress: int, note: str = "") -> None:
        """Say where the work stands (`progress` in permille). Raises Cancelled or LeaseLost when it should stop."""
        self.check()
        entry = {"name": name, "at": timezone.now().isoformat(), "note": note}
        stages = [one for one in self.job.stages if one["name"] != name] + [entry]
        if not self._mine().update(stage=name, progress=progress, stages=stages):
            raise LeaseLost(str(self.job))
        self.job.stages = stages

    def check(self) -> None:
        """Stop here when cancelled or overtaken; cheap, for loops."""
        if self._lost.is_set():
            raise LeaseLost(str(self.job))
        if self._cancel.is_set() or self._mine().filter(cancel_requested_at__isnull=False).exists():
            raise Cancelled(str(self.job))

    def finish(self) -> None:
        """End the job well; call it in the transaction that writes the result, so that both happen or neither."""
        now = timezone.now()
        if not self._mine().update(status=Job.Status.SUCCEEDED, progress=1000, finished_at=now, lease_until=None):
            raise LeaseLost(str(self.job))

    def renew(self) -> None:
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not self._mine().update(lease_until=until):
            self._lost.set()
        elif self._mine().filter(cancel_requested_at__isnull=False).exists():
            self._cancel.set()


def enqueue(kind: str, payload: dict[str, Any], *, by: Actor | None, max_attempts: int = 5) -> Job:
    """Write the job row in the caller's transaction and wake a worker once that has committed."""
    job = Job.objects.create(
        kind=kind, payload=payload, requested_by_id=by.pk if by else None, max_attempts=max_attempts
    )
    transaction.on_commit(wake)
    return job


def wake() -> None:
    """Send a wake-up call; when the broker is down the sweep will find the row."""
    from backend.jobs.tasks import work_on_next  # the task module imports this one

    try:
        work_on_next.apply_async(retry=False)
    except Exception:  # noqa: BLE001  (any broker failure: kombu and its transports raise what they like)
        logger.warning("broker unreachable; the sweep will pick the job up")


def _claimable() -> Q:
    return Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, lease_until__lt=timezone.now())


def claim() -> Lease | None:
    """Take the oldest waiting job, or one whose lease ran out; None when there is none.

    A job that has used up its attempts is ended as FAILED instead.
    """
    while True:
        with transaction.atomic():
            job = Job.objects.select_for_update(skip_locked=True).filter(_claimable()).order_by("created_at").first()
            if job is None:
                return None
            if job.attempts >= job.max_attempts:
                _end(job, Job.Status.FAILED, f"尝试 {job.attempts} 次均未完成")
                continue
            job.attempts += 1
            job.status = Job.Status.RUNNING
            job.lease_until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
            job.started_at = job.started_at or timezone.now()
            job.save(update_fields=["attempts", "status", "lease_until", "started_at"])
            return Lease(job, job.attempts)


def work_on(lease: Lease) -> None:
    """Run the job's handler under a heartbeat and end the job whatever happens."""
    handler = _handlers.get(lease.job.kind)
    if handler is None:
        _end_if_mine(lease, Job.Status.FAILED, f"没有处理程序：{lease.job.kind}")
        return
    with _Heartbeat(lease), pghistory.context(job=lease.job.pk, actor=lease.job.requested_by_id):
        try:
            handler.work(lease)
        except LeaseLost:
            logger.warning("lost the lease of %s; another attempt has it", lease.job)
        except Cancelled:
            _end_if_mine(lease, Job.Status.CANCELLED, "已按要求取消")
        except Exception as error:
            logger.exception("job failed: %s", lease.job)
            _end_if_mine(lease, Job.Status.FAILED, f"{type(error).__name__}: {error}")


def _end_if_mine(lease: Lease, status: str, error: str) -> None:
    with transaction.atomic():
        job = lease._mine().select_for_update().first()
        if job is not None:
            _end(job, status, error)


def _end(job: Job, status: str, error: str) -> None:
    job.status, job.error, job.lease_until, job.finished_at = status, error, None, timezone.now()
    job.save(update_fields=["status", "error", "lease_until", "finished_at"])
    if handler := _handlers.get(job.kind):
        handler.ended(job, status, error)


def cancel(job_id: int) -> Job:
    """Ask for a job to stop: at once while it waits, at its next step while it runs.

    Raises Conflict when it has ended already.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.status == Job.Status.QUEUED:
            _end(job, Job.Status.CANCELLED, "已按要求取消")
        elif job.status == Job.Status.RUNNING:
            job.cancel_requested_at = job.cancel_requested_at or timezone.now()
            job.save(update_fields=["cancel_requested_at"])
        else:
            raise Conflict(f"任务已结束（{job.get_status_display()}），不能取消")
        return job


def sweep() -> int:
    """Wake one worker per job that nobody holds; return how many there are."""
    waiting = Job.objects.filter(_claimable()).count()
    for _ in range(min(waiting, 10)):
        wake()
    return waiting


class _Heartbeat:
    """Renews the lease from a thread of its own connection, at a third of the lease's length."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        # Inside a test's transaction another connection would not see the job.
        self.alive = not connection.in_atomic_block
        if self.alive:
            self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.done.set()
        if self.alive:
            self.thread.join()

    def _beat(self) -> None:
        try:
            while not self.done.wait(settings.JOB_LEASE_SECONDS / 3):
                self.lease.renew()
        finally:
            connection.close()
