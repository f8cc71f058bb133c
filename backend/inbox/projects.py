"""What projects wait for: a word of one's side, a colleague's acceptance, a milestone that is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.scopes import visible
from backend.inbox.items import LIMIT, Item, few, own, side
from backend.projects import earmarking
from backend.projects.figures import late
from backend.projects.models import Milestone, Project

_ALONG = ("need", "pairing__helper", "pairing__recipient")


def waiting(user: User) -> list[Item]:
    """Cost: four queries, of a helper one; another one for each kind that waits."""
    mine = own(user, "pairing__")
    if mine is None:
        return []
    items = _consents(user, mine)
    return items if user.role != Role.RECIPIENT else items + _acceptances(user, mine) + _late(user) + _kept(user)


def _consents(user: User, mine: dict[str, Any]) -> list[Item]:
    """Proposals without the word of one's side, which is never the proposer's."""
    rows = (
        visible(Project, user)
        .filter(status=Project.Status.PROPOSED, **mine)
        .exclude(consents__side=side(user))
        .exclude(proposed_by=user)
        .order_by("id")
    )
    return [_on(row, "PROJECT_TO_CONSENT", row.created_at, "请看方案后同意或退回") for row in few(rows, *_ALONG)]


def _acceptances(user: User, mine: dict[str, Any]) -> list[Item]:
    """Results that a colleague reported, with every milestone reached."""
    rows = (
        visible(Project, user)
        .filter(status=Project.Status.UNDERWAY, reported_by__isnull=False, **mine)
        .exclude(reported_by=user)
        .exclude(milestones__done_date__isnull=True)
        .order_by("id")
    )
    told = few(rows, *_ALONG)
    return [_on(row, "PROJECT_TO_ACCEPT", row.created_at, "同事已填报完成情况，请验收") for row in told]


def _late(user: User) -> list[Item]:
    """One line for each project, since the first milestone that is late."""
    mine = own(user, "project__pairing__") or {}
    rows = (
        visible(Milestone, user)
        .filter(late(), **mine)
        .values("project", "project__need__title")
        .annotate(since=Min("due_date"), count=Count("pk"))
        .order_by("since")
    )
    return [
        Item(
            "MILESTONE_LATE",
            timezone.make_aware(datetime.combine(row["since"] + timedelta(days=1), time())),
            row["project__need__title"],
            f"{row['count']} 个节点逾期，最早应于 {row['since']:%Y-%m-%d} 完成",
            f"/projects/{row['project']}",
            row["project"],
        )
        for row in rows[:LIMIT]
    ]


def _kept(user: User) -> list[Item]:
    """Money that a helper keeps for a need, until the county proposes the project or the money is taken back."""
    mine = own(user, "commitment__pairing__") or {}
    return [
        Item(
            "NEED_EARMARKED",
            row["since"],
            row["title"],
            f"{row['helper']}为这项需求留了资金，等您立项",
            f"/projects/new?need={row['need']}",
            row["need"],
            str(row["amount"]),
        )
        for row in earmarking.unclaimed(**mine)[:LIMIT]
    ]


def _on(project: Project, kind: str, since: datetime, what: str) -> Item:
    pairing = project.pairing
    detail = f"{pairing.helper.name} → {pairing.recipient.full_name}，{what}"
    return Item(kind, since, project.need.title, detail, f"/projects/{project.pk}", project.pk)
