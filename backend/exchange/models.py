"""An uploaded file, the rows it holds while they wait, and what they became."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.jobs.models import Job
from backend.lifecycle.triggers import append_only, moves_guarded
from backend.parties.models import Party
from backend.places.models import Area
from backend.web.problems import explain


@moves_guarded
class Import(models.Model):
    """One file on its way into a list.

    READING → REFUSED (not read) | FAULTY | READY → COMMITTING → COMMITTED → UNDOING → UNDONE. A file belongs to whoever
    uploaded it; `party` and `region` are theirs at that time, and colleagues of the same ones see it.
    """

    class Status(models.TextChoices):
        READING = "READING", "核对中"
        REFUSED = "REFUSED", "无法读取"
        FAULTY = "FAULTY", "有错误"
        READY = "READY", "可以入库"
        COMMITTING = "COMMITTING", "入库中"
        COMMITTED = "COMMITTED", "已入库"
        UNDOING = "UNDOING", "撤销中"
        UNDONE = "UNDONE", "已撤销"
        DISCARDED = "DISCARDED", "已放弃"
        FAILED = "FAILED", "处理失败"

    TRANSITIONS = {
        Status.READING: {Status.REFUSED, Status.FAULTY, Status.READY, Status.DISCARDED, Status.FAILED},
        Status.FAULTY: {Status.DISCARDED},
        Status.READY: {Status.COMMITTING, Status.DISCARDED},
        Status.COMMITTING: {Status.COMMITTED, Status.FAULTY, Status.READY},
        Status.COMMITTED: {Status.UNDOING},
        Status.UNDOING: {Status.UNDONE, Status.COMMITTED},
        Status.REFUSED: set(),
        Status.UNDONE: set(),
        Status.DISCARDED: set(),
        Status.FAILED: set(),
    }

    listed = models.CharField("清单", max_length=40)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveIntegerField("大小", help_text="bytes")
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=32, unique=True, help_text="random name in UPLOADS_DIR")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="单位")
    region = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="地区")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+", help_text="the latest work on it")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.READING)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    layout = models.JSONField(null=True, help_text="{row, titles, columns: {key: position}, units}")
    row_count = models.PositiveIntegerField("行数", null=True)
    faulty_count = models.PositiveIntegerField("有错误的行数", null=True)
    summary = models.JSONField(default=list, help_text="[{column, rule, message, count}], the most frequent faults")
    problems = models.JSONField(default=list, help_text="[{rule, message, cell}] of the file as a whole")
    notes = models.JSONField(default=list, help_text="what was left out, in sentences")
    error = models.TextField(blank=True, help_text="why the latest step did not succeed")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("入库时间", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = verbose_name_plural = "导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["listed", "-id"], name="import_by_list")]
        constraints = [
            # The same file enters a list once, however often and in parallel it is sent.
            models.UniqueConstraint(
                name="import_once",
                fields=["listed", "sha256", "party", "region"],
                nulls_distinct=False,
                condition=Q(status__in=("COMMITTING", "COMMITTED", "UNDOING")),
            ),
            models.CheckConstraint(
                name="import_without_faults",
                condition=~Q(status__in=("READY", "COMMITTING", "COMMITTED", "UNDOING", "UNDONE"))
                | Q(faulty_count=0, row_count__gt=0),
            ),
            models.CheckConstraint(
                name="import_committed_says_when",
                condition=~Q(status__in=("COMMITTED", "UNDOING", "UNDONE")) | Q(committed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_names_its_content",
                condition=Q(sha256__regex="^[0-9a-f]{64}$", stored__regex="^[0-9a-f]{32}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @property
    def path(self) -> Path:
        """Where the uploaded bytes are; nothing of the file's own name is in it."""
        return settings.UPLOADS_DIR / self.stored


explain("import_once", "这个文件已经导入过，没有重复导入")


class StagedRow(models.Model):
    """A row of the file as it was read, what was understood, and what is wrong with it."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    raw = models.JSONField(help_text="cells of the row, in the forms of `reading`")
    values = models.JSONField(help_text="by column key; a cell that was not understood is missing")
    faults = models.JSONField(default=list, help_text="[{column, rule, message}]")

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(name="staged_row_once", fields=["batch", "number"])]
        indexes = [models.Index(name="staged_row_faulty", fields=["batch", "number"], condition=~Q(faults=[]))]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class MadeRow(models.Model):
    """What a row of the file became: the key of a record of the list."""

    batch = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="made")
    number = models.PositiveIntegerField("行号")
    subject_id = models.BigIntegerField()

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(name="made_row_once", fields=["batch", "number"])]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number} → {self.subject_id}"
