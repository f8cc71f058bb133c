"""Enqueueing, claiming, executing, cancelling and sweeping jobs, on PostgreSQL's SKIP LOCKED."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from typing import Any, Protocol

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, OrderBy, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now

from backend.jobs.lease import Cancelled, Heartbeat, Lease, LeaseLost, lease_end
from backend.jobs.models import REQUESTER, Job
from backend.lifecycle.actions import SYSTEM_LABEL, Actor
from backend.lifecycle.history import acting
from backend.web.problems import Conflict, Refusal

__all__ = ["Cancelled", "Lease", "LeaseLost", "cancel", "claim", "enqueue", "register", "sweep", "wake", "work_on"]

logger = logging.getLogger(__name__)

CANCELLED_AS_ASKED = "已按要求取消"
WAKE_TASK = "jobs.work_on_next"
_SWEEP_WAKES = 10


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
    if kind in _handlers:
        raise RuntimeError(f"{kind} has a handler already")
    _handlers[kind] = Handler(work, ended)


def enqueue(kind: str, payload: dict[str, Any], *, by: Actor | None, max_attempts: int = 5) -> Job:
    """Write the job row in the caller's transaction and wake a worker once that has committed."""
    job = Job.objects.create(
        kind=kind,
        payload=payload,
        requested_by_id=by.pk if by else None,
        requested_by_label=str(by) if by else SYSTEM_LABEL,
        max_attempts=max_attempts,
    )
    transaction.on_commit(wake)
    return job


def wake() -> None:
    """Send a wake-up call; when the broker is down the sweep will find the row.

    The call goes stale after a few sweeps: while every worker is busy, calls must not pile up in the broker.
    """
    try:
        current_app.send_task(WAKE_TASK, retry=False, expires=3 * settings.JOB_SWEEP_SECONDS)
    except Exception:  # noqa: BLE001  (any broker failure: kombu and its transports raise what they like)
        logger.warning("broker unreachable; the sweep will pick the job up")


def _claimable() -> Q:
    return Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, lease_until__lt=Now())


def _turn() -> tuple[Any, ...]:
    """The order in which waiting jobs are taken."""
    of_the_same = Job.objects.annotate(whose=REQUESTER).filter(whose=Coalesce(OuterRef("requested_by_id"), 0))
    at_work = of_the_same.filter(status=Job.Status.RUNNING, lease_until__gte=Now()).order_by().values("whose")
    served = of_the_same.filter(started_at__isnull=False).order_by("-started_at").values("started_at")[:1]
    return (
        Coalesce(Subquery(at_work.annotate(count=Count("pk")).values("count")), 0),
        OrderBy(Subquery(served), nulls_first=True),
        "created_at",
        "id",
    )


def claim() -> Lease | None:
    """Take the next waiting job, or one whose lease ran out; None when there is none.

    Whoever has the fewest jobs at work comes first, then whoever was served the longest ago, then the oldest job: with
    twenty jobs of one person waiting, the next person's first is the second to be taken.

    A job that was cancelled while its worker was dead, or has used up its attempts, is ended on the way instead.
    """
    while True:
        with transaction.atomic():
            waiting = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(_claimable())
            job = waiting.order_by(*_turn()).first()
            if job is None:
                return None
            if job.cancel_requested_at is not None:
                _end(job, Job.Status.CANCELLED, CANCELLED_AS_ASKED)
            elif job.attempts >= job.max_attempts:
                _end(job, Job.Status.FAILED, f"尝试 {job.attempts} 次均未完成")
            else:
                return _take(job)


def _take(job: Job) -> Lease:
    token = job.attempts + 1
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.RUNNING,
        attempts=token,
        lease_until=lease_end(),
        leased_by=f"{socket.gethostname()}:{os.getpid()}",
        heartbeat_at=Now(),
        started_at=Coalesce("started_at", Now()),
    )
    job.refresh_from_db()
    return Lease(job, token)


def work_on(lease: Lease) -> None:
    """Run the job's handler under a heartbeat and end the job whatever happens.

    When the database goes away meanwhile nothing can be written: the lease runs out and the next attempt begins.
    """
    job = lease.job
    handler = _handlers.get(job.kind)
    if handler is None:
        _end_if_mine(lease, Job.Status.FAILED, f"没有处理程序：{job.kind}")
        return
    with Heartbeat(lease), acting(None, actor=job.requested_by_id, label=job.requested_by_label, job=job.pk):
        try:
            handler.work(lease)
        except LeaseLost:
            logger.warning("lost the lease of %s; another attempt has it", job)
        except Cancelled:
            _end_if_mine(lease, Job.Status.CANCELLED, CANCELLED_AS_ASKED)
        except (OperationalError, InterfaceError):
            logger.warning("the database went away under %s; its lease will run out", job, exc_info=True)
            connection.close_if_unusable_or_obsolete()
        except Refusal as refusal:  # in words that tell people what to do
            logger.info("job refused: %s: %s", job, refusal)
            _end_if_mine(lease, Job.Status.FAILED, str(refusal))
        except Exception as error:
            logger.exception("job failed: %s", job)
            _end_if_mine(lease, Job.Status.FAILED, f"{type(error).__name__}: {error}")
        else:
            _end_if_mine(lease, Job.Status.FAILED, "处理程序没有交出结果")


def _end_if_mine(lease: Lease, status: str, error: str) -> None:
    with transaction.atomic():
        job = lease.mine().select_for_update().first()
        if job is not None:
            _end(job, status, error)


def _end(job: Job, status: str, error: str) -> None:
    """End the job and tell its room; the caller holds the row's lock.

    A room that fails to take the news must not keep the row alive: it would be claimed, and fail, for ever.
    """
    Job.objects.filter(pk=job.pk).update(status=status, error=error, lease_until=None, finished_at=Now())
    job.refresh_from_db()
    handler = _handlers.get(job.kind)
    if handler is None:
        return
    try:
        with transaction.atomic():
            handler.ended(job, status, error)
    except Exception:
        logger.exception("the room of %s could not take its end", job)


def cancel(job_id: int) -> Job:
    """Ask for a job to stop: at once while it waits, at its next step while it runs.

    Raises Conflict when it has ended already.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.status == Job.Status.QUEUED:
            _end(job, Job.Status.CANCELLED, CANCELLED_AS_ASKED)
        elif job.status == Job.Status.RUNNING:
            Job.objects.filter(pk=job.pk).update(cancel_requested_at=Coalesce("cancel_requested_at", Now()))
            job.refresh_from_db()
        else:
            raise Conflict(f"任务已结束（{job.get_status_display()}），不能取消")
        return job


def sweep() -> int:
    """Wake a worker for each job that nobody holds, a handful at a time; return how many were woken."""
    waiting = Job.objects.filter(_claimable())[:_SWEEP_WAKES].count()
    for _ in range(waiting):
        wake()
    return waiting
