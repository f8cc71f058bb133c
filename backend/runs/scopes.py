"""Runs are the workshop of coordinators and auditors; nobody else sees suggestions before they are proposals."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import scope, within_region
from backend.runs.models import Run, RunFile, Suggestion


@scope(Run)
def runs(user: Any, rows: QuerySet[Run]) -> QuerySet[Run]:
    return rows if getattr(user, "role", None) in (Role.COORDINATOR, Role.AUDITOR) else rows.none()


@scope(RunFile)
def files(user: Any, rows: QuerySet[RunFile]) -> QuerySet[RunFile]:
    """The files tell of every region at once, so they are for those who oversee the whole country."""
    national = getattr(user, "role", None) in (Role.COORDINATOR, Role.AUDITOR) and user.region_id is None
    return rows if national else rows.none()


@scope(Suggestion)
def suggestions(user: Any, rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Coordinators of a region see the suggestions that touch it, on either side."""
    if getattr(user, "role", None) not in (Role.COORDINATOR, Role.AUDITOR):
        return rows.none()
    return rows.filter(within_region(user, "recipient") | within_region(user, "helper__area"))
