"""Runs, their stored files, and the suggestions they made."""

from __future__ import annotations

from pathlib import Path

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.jobs.models import Job
from backend.lifecycle.triggers import append_only, moves_guarded
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel, Policy
from backend.web.problems import explain


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
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="adoptions")
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
    # Of firms and villages, the numbers that the words are made of: see `firms.telling`.
    reasons = models.JSONField(help_text="[{code, points, weight, missing, zh, en}]")
    regret = models.BigIntegerField(null=True, help_text="what the objective loses without it; null where not asked")
    indispensable = models.BooleanField(default=False, help_text="without it the bounds cannot all be met")
    pinned = models.BooleanField(default=False, help_text="somebody wanted it so")
    note = models.CharField(max_length=200, blank=True)
    rank = models.PositiveIntegerField()

    class Meta:
        ordering = ["run", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["run", "helper", "recipient"], name="suggestion_once_per_run"),
            models.CheckConstraint(
                name="suggestion_regret_is_a_loss",
                condition=Q(regret__isnull=True) | Q(regret__gte=0, indispensable=False),
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient}"


class Tradeoffs(models.Model):
    """What a run gives up, computed once from its stored files: see `backend.runs.tradeoffs`."""

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="tradeoffs")
    curve = models.JSONField(
        null=True,
        help_text="[{changes, objective, bound, proven}]; empty where nothing is on record, null where pairs are many",
    )
    fairness = models.JSONField(help_text="{price, fit, best_fit, coverage, run_fit, run_coverage, moved, levels}")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.run}"


def _one_helper(name: str) -> models.CheckConstraint:
    """A government is named by the area it stands for, a firm by itself."""
    return models.CheckConstraint(name=name, condition=Q(helper__isnull=True) ^ Q(firm__isnull=True))


def _code_of_helper(helper: Area | None, firm: Party | None) -> str:
    """As the run's files name it."""
    return helper.code if helper else code_of(firm) if firm else ""


def code_of(party: Party) -> str:
    """The code of a firm in the files of a run."""
    return party.uscc or f"party-{party.pk}"


class Directive(models.Model):
    """What people told a run beside its policy: this pair must, or must not, be among its suggestions."""

    class Verb(models.TextChoices):
        PIN = "PIN", "固定"
        BAN = "BAN", "排除"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="directives")
    verb = models.CharField(max_length=8, choices=Verb)
    helper = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    firm = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "helper", "recipient"], name="directive_once_per_pair"),
            models.UniqueConstraint(fields=["run", "firm", "recipient"], name="directive_once_per_firm_and_village"),
            _one_helper("directive_names_one_helper"),
            models.CheckConstraint(name="directive_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.helper or self.firm} → {self.recipient}"

    @property
    def helper_code(self) -> str:
        return _code_of_helper(self.helper, self.firm)

    def copy_to(self, run: Run) -> Directive:
        """The same, told to another run; not saved."""
        return Directive(
            run=run, verb=self.verb, helper=self.helper, firm=self.firm, recipient=self.recipient, reason=self.reason,
            by=self.by, at=self.at,
        )  # fmt: skip


@pghistory.track()
@moves_guarded
class Scenario(models.Model):
    """Changes that one person tries on top of a run. Nothing in it is a suggestion until a run of its own proves it."""

    class Status(models.TextChoices):
        OPEN = "OPEN", "正在推演"
        ADOPTED = "ADOPTED", "已采用"
        DISCARDED = "DISCARDED", "已放弃"

    TRANSITIONS = {Status.OPEN: {Status.ADOPTED, Status.DISCARDED}, Status.ADOPTED: set(), Status.DISCARDED: set()}

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="scenarios")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scenarios")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    adopted_as = models.OneToOneField(Run, on_delete=models.PROTECT, null=True, related_name="adopted_from")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "by"], condition=Q(status="OPEN"), name="one_open_scenario_per_run_and_person"
            ),
            models.CheckConstraint(
                name="adopted_scenario_names_its_run",
                condition=Q(status="ADOPTED", adopted_as__isnull=False)
                | (~Q(status="ADOPTED") & Q(adopted_as__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.by}"


@pghistory.track()
class ScenarioChange(models.Model):
    """One pair that a scenario pins, bans, or releases from what the run was told."""

    class Verb(models.TextChoices):
        PIN = "PIN", "固定"
        BAN = "BAN", "排除"
        RELEASE = "RELEASE", "放开"

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="changes")
    verb = models.CharField(max_length=8, choices=Verb)
    helper = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    firm = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "helper", "recipient"], name="scenario_change_once_per_pair"),
            models.UniqueConstraint(
                fields=["scenario", "firm", "recipient"], name="scenario_change_once_per_firm_and_village"
            ),
            _one_helper("scenario_change_names_one_helper"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scenario_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM runs_scenario
                        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.scenario_id ELSE NEW.scenario_id END
                          AND status = 'OPEN'
                    ) THEN
                        RAISE EXCEPTION 'a scenario that is not open does not change'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'scenario_is_open';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.helper or self.firm} → {self.recipient}"

    @property
    def helper_code(self) -> str:
        return _code_of_helper(self.helper, self.firm)


explain("one_open_scenario_per_run_and_person", "您在这次运行上已有一个正在推演的方案，请刷新后继续")
explain("scenario_is_open", "这个方案已采用或已放弃，不能再改动，请刷新后查看")
