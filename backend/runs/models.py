"""Runs, their stored files, and the suggestions they made."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.jobs.models import Job
from backend.lifecycle.triggers import append_only, moves_guarded
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel, Policy


@moves_guarded
class Run(models.Model):
    """One run of the matcher over one channel and year, under one version of a policy.

    REQUESTED → RUNNING → READY | INFEASIBLE | FAILED | CANCELLED. Only a run whose certificate was verified is READY.
    """

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED", "已提交"
        RUNNING = "RUNNING", "计算中"
        READY = "READY", "待审阅"
        INFEASIBLE = "INFEASIBLE", "条件冲突"
        FAILED = "FAILED", "失败"
        CANCELLED = "CANCELLED", "已取消"

    TRANSITIONS = {
        Status.REQUESTED: {Status.RUNNING, Status.FAILED, Status.CANCELLED},
        Status.RUNNING: {Status.READY, Status.INFEASIBLE, Status.FAILED, Status.CANCELLED},
        Status.READY: set(),
        Status.INFEASIBLE: set(),
        Status.FAILED: set(),
        Status.CANCELLED: set(),
    }

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="runs")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField("年度")
    status = models.CharField(max_length=12, choices=Status, default=Status.REQUESTED)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="run")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs")
    counts = models.JSONField(default=dict, help_text="sizes of the problem: helpers, recipients, candidates …")
    objective = models.BigIntegerField(null=True)
    coverage = models.BigIntegerField(null=True)
    fit = models.BigIntegerField(null=True)
    stability = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=40, blank=True)
    engine = models.CharField(max_length=20, blank=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.JSONField(default=dict)
    conflict = models.JSONField(null=True)
    error = models.TextField(blank=True)
    certificate_verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="ready_run_is_proven",
                condition=~Q(status="READY")
                | Q(
                    certificate_verified_at__isnull=False, objective__isnull=False, input_sha256__regex="^[0-9a-f]{64}$"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.year} #{self.pk}"

    @property
    def folder(self) -> Path:
        """Where the problem and the solution are stored in the exchange format."""
        return settings.RUNS_DIR / str(self.pk)


class RunFile(models.Model):
    """A stored file with its digest: what was computed can be recomputed and compared."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80, help_text="problem/edges.csv …")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_file_once")]

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """A pair of the optimal solution, with its reasons. Never changed: decisions about it live in `pairings`."""

    class State(models.TextChoices):
        FREE = "FREE", "新建议"
        LOCKED = "LOCKED", "已有关系"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="suggestions")
    helper = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    score = models.IntegerField(help_text="0–10 000")
    state = models.CharField(max_length=8, choices=State)
    tier = models.CharField(max_length=8)
    reasons = models.JSONField(help_text="[{code, points, weight, missing, zh, en}]")
    note = models.CharField(max_length=200, blank=True)
    rank = models.PositiveIntegerField()

    class Meta:
        ordering = ["run", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "helper", "recipient"], name="suggestion_once_per_run")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient}"
