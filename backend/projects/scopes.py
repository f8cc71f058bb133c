"""A project is seen by whoever its pairing concerns."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.scopes import scope
from backend.pairings.scopes import concerned
from backend.projects.models import Asset, Milestone, Project, ProjectFile


def _by_pairing(user: Any, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    reach = concerned(user, path)
    return rows.none() if reach is None else rows.filter(reach)


@scope(Project)
def projects(user: Any, rows: QuerySet[Project]) -> QuerySet[Project]:
    return _by_pairing(user, rows, "pairing__")


@scope(Asset)
@scope(Milestone)
@scope(ProjectFile)
def of_a_project(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    return _by_pairing(user, rows, "project__pairing__")
