"""The right to work on a job, and the heartbeat that keeps it.

Source of the scheme: leases (Gray & Cheriton 1989) with a fencing token (Kleppmann 2016). The token is the number of
the attempt: whoever writes a result must still hold it, so a worker that was thought dead cannot write a second one.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils import timezone

from backend.jobs.models import Job

logger = logging.getLogger(__name__)


class LeaseLost(RuntimeError):
    """This worker was thought dead and its job is somebody else's now: nothing may be written any more."""


class Cancelled(RuntimeError):
    """Someone asked for the job to be cancelled."""


def lease_end() -> CombinedExpression:
    """When a lease taken now runs out, by the database's clock: workers on other machines have clocks of their own."""
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)


@dataclass
class Lease:
    """The right to work on a job until another attempt takes it over."""

    job: Job
    token: int
    told: int | None = None
    unwanted: bool = False

    def mine(self) -> QuerySet[Job]:
        """The job's row while this lease still counts, no row afterwards."""
        return Job.objects.filter(pk=self.job.pk, status=Job.Status.RUNNING, attempts=self.token)

    def stage(self, name: str, progress: int, note: str = "") -> None:
        """Say where the work stands (`progress` in permille). Raises Cancelled or LeaseLost when it should stop."""
        self.check()
        entry = {"name": name, "at": timezone.now().isoformat(), "note": note}
        stages = [one for one in self.job.stages if one["name"] != name] + [entry]
        if not self.mine().update(stage=name, progress=progress, stages=stages):
            raise LeaseLost(str(self.job))
        self.job.stages, self.told = stages, None

    def tell(self, progress: int) -> None:
        """Say how far the work is (in permille) from inside a transaction, whose own writes nobody sees yet: the
        heartbeat, on a connection of its own, writes it down within a second. Raises Cancelled once it has seen that
        the job is not wanted any more."""
        self.told = progress
        if self.unwanted:
            raise Cancelled(str(self.job))

    def check(self) -> None:
        """Stop here when cancelled or overtaken; one indexed query, so fit for loops whose rounds take longer."""
        asked = list(self.mine().values_list("cancel_requested_at", flat=True))
        if not asked:
            raise LeaseLost(str(self.job))
        if asked[0] is not None:
            raise Cancelled(str(self.job))

    def finish(self) -> None:
        """End the job well; call it in the transaction that writes the result, so that both happen or neither.

        Raises LeaseLost when another attempt has the job: the transaction must not commit.
        """
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("finish() belongs into the transaction that writes the result")
        done = self.mine().update(
            status=Job.Status.SUCCEEDED, progress=1000, finished_at=Now(), lease_until=None, heartbeat_at=Now()
        )
        if not done:
            raise LeaseLost(str(self.job))

    def renew(self) -> bool:
        """Extend the lease; False when it is no longer ours."""
        told = {} if self.told is None else {"progress": self.told}
        self.unwanted = self.mine().filter(cancel_requested_at__isnull=False).exists()
        return bool(self.mine().update(lease_until=lease_end(), heartbeat_at=Now(), **told))


class Heartbeat:
    """Renews the lease from a thread with a connection of its own, at a third of the lease's length or every second."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of job {lease.job.pk}", daemon=True)

    def __enter__(self) -> None:
        # Inside a transaction (a test's) the other connection would not see the job and take it for lost.
        if not connection.in_atomic_block:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._done.wait(min(1, settings.JOB_LEASE_SECONDS / 3)):
                try:
                    if not self._lease.renew():
                        return
                except DatabaseError:  # the next beat may find the database back, before the lease runs out
                    logger.warning("no heartbeat for %s: the database does not answer", self._lease.job)
                    connection.close()
        finally:
            connection.close()
