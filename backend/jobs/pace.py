"""How long a job still takes, as far as earlier ones tell, and how many come before it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import cached_property
from statistics import median

from django.utils import timezone

from backend.jobs.models import Job

REMEMBERED = 7  # of the latest jobs of a kind


def seconds_left(job: Job) -> int | None:
    """What jobs of the kind took from this stage on, less the time it has lasted.

    None before a job of the kind has ended well, and once this one takes longer than they did: nobody knows then.
    """
    here = _reached(job, job.stage)
    if job.status != Job.Status.RUNNING or here is None:
        return None
    done = Job.objects.filter(kind=job.kind, status=Job.Status.SUCCEEDED, finished_at__isnull=False)
    took: list[float] = [
        (one.finished_at - at).total_seconds()
        for one in done.order_by("-finished_at")[:REMEMBERED]
        if one.finished_at and (at := _reached(one, job.stage))
    ]
    left = median(took) - (timezone.now() - here).total_seconds() if took else -1
    return round(left) if left >= 0 else None


def _reached(job: Job, stage: str) -> datetime | None:
    return next((datetime.fromisoformat(one["at"]) for one in job.stages if one["name"] == stage), None)


class Line:
    """The line of waiting jobs as it is now, asked for once however many jobs want to know their place."""

    @cached_property
    def _waiting(self) -> list[tuple[int, int | None]]:
        return list(Job.objects.filter(status=Job.Status.QUEUED).values_list("pk", "requested_by_id"))

    @cached_property
    def _at_work(self) -> int:
        return Job.objects.filter(status=Job.Status.RUNNING).count()

    def ahead(self, job: Job) -> int | None:
        """Jobs that come before a waiting one: those at work, one's own older ones, and of everybody else as many as
        get their turn meanwhile. None for a job that does not wait."""
        if job.status != Job.Status.QUEUED:
            return None
        own = sum(pk < job.pk for pk, who in self._waiting if who == job.requested_by_id)
        others = Counter(who for _, who in self._waiting if who != job.requested_by_id)
        return self._at_work + own + sum(min(count, own + 1) for count in others.values())
