"""The job row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

# Whose turn a job takes: a person's, or that of the platform itself.
REQUESTER = Coalesce("requested_by_id", 0)


class Job(models.Model):
    """One piece of background work.

    QUEUED → (claimed: lease + attempt number) RUNNING → SUCCEEDED | FAILED | CANCELLED; a RUNNING job whose lease ran
    out is claimed again with the next attempt number. That number is the fencing token: whoever writes the result must
    still hold it.
    """

    class Status(models.TextChoices):
        QUEUED = "QUEUED", "排队中"
        RUNNING = "RUNNING", "进行中"
        SUCCEEDED = "SUCCEEDED", "已完成"
        FAILED = "FAILED", "失败"
        CANCELLED = "CANCELLED", "已取消"

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    stage = models.CharField(max_length=60, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="0–1000 ‰")
    stages = models.JSONField(default=list, help_text="[{name, at, note}] in the order they were reached")
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True, help_text="host:process of the latest attempt")
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    requested_by_id = models.BigIntegerField(null=True)
    requested_by_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=1000), name="job_progress_in_permille"),
            models.CheckConstraint(
                condition=Q(status="RUNNING", lease_until__isnull=False) | ~Q(status="RUNNING"),
                name="running_job_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["QUEUED", "RUNNING"], finished_at__isnull=True)
                | (~Q(status__in=["QUEUED", "RUNNING"]) & Q(finished_at__isnull=False)),
                name="ended_job_says_when",
            ),
        ]
        indexes = [
            models.Index(REQUESTER, "started_at", name="job_served"),
            models.Index(fields=["created_at"], name="job_waiting", condition=Q(status__in=["QUEUED", "RUNNING"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} {self.status}"
