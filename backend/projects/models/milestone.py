"""The steps of a project, and the photographs and papers that show them."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.lifecycle.triggers import append_only
from backend.projects import triggers
from backend.projects.models.project import Project
from backend.web.files import MEDIA_TYPES
from backend.web.problems import explain

MOST_FILES = 20


# What was agreed is the name and the day; when it was reached is told later.
_ONLY_REACHED = "(OLD.project_id, OLD.name, OLD.due_date) = (NEW.project_id, NEW.name, NEW.due_date)"


@pghistory.track()
class Milestone(models.Model):
    """One step with the day it is due; the county says when it was reached."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    name = models.CharField("节点", max_length=60)
    due_date = models.DateField("计划日期")
    done_date = models.DateField("完成日期", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["due_date", "id"]
        verbose_name = "项目节点"
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="milestone_named_once"),
            models.CheckConstraint(name="milestone_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="milestone_reached_by_somebody",
                condition=Q(done_date__isnull=True, done_by__isnull=True)
                | Q(done_date__isnull=False, done_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["due_date"], condition=Q(done_date__isnull=True), name="milestone_open_by_date")
        ]
        triggers = [triggers.of_an_open_proposal(unless=_ONLY_REACHED), triggers.reached_by_the_county()]

    def __str__(self) -> str:
        return self.name


explain("milestone_named_once", "节点名称不能重复", field="milestones", status=400)
explain("milestone_has_a_name", "请写明节点名称", field="milestones", status=400)
explain("milestone_of_a_project_underway", "项目在实施中才能登记节点")
explain("milestone_reached_by_today", "完成日期不能晚于今天", field="done_date", status=400)
explain("milestone_reached_by_the_county", "节点由受援县登记", status=403)


class ProjectFile(models.Model):
    """A photograph or paper of a milestone or, without one, of the result: never overwritten, its digest on record."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="files")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, related_name="files")
    name = models.CharField("文件名", max_length=160)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        db_table = "projects_file"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "milestone", "sha256"], name="project_file_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="project_file_of_a_known_type", condition=Q(media_type__in=MEDIA_TYPES, size__gt=0)
            ),
        ]
        triggers = [append_only(), triggers.file_of_a_side(MOST_FILES)]

    def __str__(self) -> str:
        return self.name


explain("project_file_once", "这个文件已经上传过", field="file")
explain("project_file_of_work_begun", "开工之后、结项之前可以上传照片和材料", field="file")
explain("project_file_by_a_side", "只有结对双方可以上传照片和材料", status=403)
explain("project_file_of_its_own_milestone", "这个节点不属于这个项目", field="milestone", status=400)
explain("project_files_at_most", f"每个节点最多附 {MOST_FILES} 个文件", field="file")
