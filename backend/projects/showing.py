"""Milestones reached, and the photographs and papers that show them. Callers hold the project's row lock."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.lifecycle.actions import record
from backend.projects.models import Milestone, Project, ProjectFile
from backend.projects.steps import Step, allow
from backend.web import files
from backend.web.problems import Conflict, Invalid


def reach(*, milestone: Milestone, done_date: dt.date | None, reason: str = "", by: User) -> None:
    """Say on which day a milestone was reached; None takes that back, with a reason.

    Raises as `steps.allow`, Invalid for a day to come or a missing reason, Conflict when it is said already.
    """
    project = milestone.project
    allow(Step.REACH, project, by)
    if done_date is None and not reason.strip():
        raise Invalid("撤销登记时请写明理由", field="reason")
    if (done_date is None) == (milestone.done_date is None):
        raise Conflict("这个节点还没有登记完成" if done_date is None else "这个节点已经登记完成，请刷新后查看")
    with transaction.atomic():
        Milestone.objects.filter(pk=milestone.pk).update(done_date=done_date, done_by=by if done_date else None)
        told = {"milestone": milestone.pk, "name": milestone.name, "done_date": done_date and str(done_date)}
        record(project, "milestone_reached" if done_date else "milestone_reopened", by=by, reason=reason, payload=told)


def attach(*, project: Project, milestone: Milestone | None, name: str, content: bytes, by: User) -> ProjectFile:
    """Store a file beside a milestone or, without one, beside the result; for good.

    Raises as `steps.allow`, TooLarge, Invalid for what is no PDF, JPEG or PNG; the database refuses the same file twice
    and too many of them.
    """
    allow(Step.ATTACH, project, by)
    brought = files.examine(name, content, "项目照片")
    with transaction.atomic(), files.kept(folder(), brought, content):
        made = ProjectFile.objects.create(project=project, milestone=milestone, by=by, **asdict(brought))
        told = {"milestone": milestone and milestone.name, "name": made.name, "sha256": made.sha256}
        record(project, "file_attached", by=by, payload=told)
    return made


def folder() -> Path:
    kept: Any = settings.PROJECT_FILES_DIR
    return Path(kept)
