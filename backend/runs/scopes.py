"""Runs are the workshop of coordinators and auditors; nobody else sees suggestions before they are proposals."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import Role
from backend.accounts.scopes import oversees, scope, within_region
from backend.runs.models import Directive, Run, RunFile, Scenario, ScenarioChange, Suggestion, Tradeoffs


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


@scope(Tradeoffs)
def tradeoffs(user: Any, rows: QuerySet[Tradeoffs]) -> QuerySet[Tradeoffs]:
    """Sums of the whole run, like those on the run itself."""
    return rows if oversees(user) else rows.none()


@scope(Directive)
def directives(user: Any, rows: QuerySet[Directive]) -> QuerySet[Directive]:
    if not oversees(user):
        return rows.none()
    helping = within_region(user, "helper") | within_region(user, "firm__area")
    return rows.filter(within_region(user, "recipient") | helping)


@scope(Scenario)
def scenarios(user: Any, rows: QuerySet[Scenario]) -> QuerySet[Scenario]:
    """What somebody merely tries is theirs alone."""
    return rows.filter(by=user) if oversees(user) else rows.none()


@scope(ScenarioChange)
def scenario_changes(user: Any, rows: QuerySet[ScenarioChange]) -> QuerySet[ScenarioChange]:
    return rows.filter(scenario__by=user) if oversees(user) else rows.none()
