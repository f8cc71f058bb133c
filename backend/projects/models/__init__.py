"""Projects and what belongs to them."""

from backend.projects.models.asset import Asset
from backend.projects.models.earmark import Earmark, Plan
from backend.projects.models.milestone import Milestone, ProjectFile
from backend.projects.models.money import Allotment, ProjectMoney, Source
from backend.projects.models.project import Consent, Project

__all__ = [
    "Allotment", "Asset", "Consent", "Earmark", "Milestone", "Plan", "Project", "ProjectFile", "ProjectMoney", "Source",
]  # fmt: skip
