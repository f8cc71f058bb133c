"""What projects wait for: a word of one's side, a colleague's acceptance, a milestone that is late."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from backend.inbox.items import LIMIT, SIDE, TODAY, USER, Item, Kind, Mine
from backend.pairings.models import Side
from backend.projects import earmarking
from backend.projects.figures import late
from backend.projects.models import Milestone, Project
from backend.web.kept import KEYS, Kept


def waiting(mine: Mine) -> list[Item]:
    """Cost: four queries, of a helper one; another one for each kind that waits."""
    items = _consents(mine)
    return items + _acceptances(mine) + _late(mine) + _kept(mine) if mine.side == Side.RECIPIENT else items


def _told(rows: QuerySet[Project]) -> QuerySet[Project]:
    return rows.select_related("need", "pairing__helper", "pairing__recipient")


# Proposals without the word of one's side, which is never the proposer's.
_CONSENTS = Kind(
    lambda: (
        Project.objects.filter(status=Project.Status.PROPOSED, pairing__pk__among=KEYS)
        .exclude(consents__side=SIDE)
        .exclude(proposed_by=USER)
        .order_by("id")
    ),
    _told,
)


def _consents(mine: Mine) -> list[Item]:
    return [_on(row, "PROJECT_TO_CONSENT", row.created_at, "请看方案后同意或退回") for row in _CONSENTS(mine)]


# Results that a colleague reported, with every milestone reached.
_ACCEPTANCES = Kind(
    lambda: (
        Project.objects.filter(status=Project.Status.UNDERWAY, reported_by__isnull=False, pairing__pk__among=KEYS)
        .exclude(reported_by=USER)
        .exclude(milestones__done_date__isnull=True)
        .order_by("id")
    ),
    _told,
)


def _acceptances(mine: Mine) -> list[Item]:
    return [_on(row, "PROJECT_TO_ACCEPT", row.created_at, "同事已填报完成情况，请验收") for row in _ACCEPTANCES(mine)]


_LATE = Kept(
    lambda: (
        Milestone.objects.filter(late(TODAY), project__pairing__pk__among=KEYS)
        .values_list("project", "project__need__title")
        .annotate(since=Min("due_date"), count=Count("pk"))
        .order_by("since")[:LIMIT]
    )
)


def _late(mine: Mine) -> list[Item]:
    """One line for each project, since the first milestone that is late."""
    return [
        Item(
            "MILESTONE_LATE",
            timezone.make_aware(datetime.combine(since + timedelta(days=1), time())),
            title,
            f"{count} 个节点逾期，最早应于 {since:%Y-%m-%d} 完成",
            f"/projects/{project}",
            project,
        )
        for project, title, since, count in _LATE(**vars(mine), today=timezone.localdate())
    ]


_KEPT = Kept(lambda: earmarking.unclaimed(commitment__pairing__pk__among=KEYS)[:LIMIT])


def _kept(mine: Mine) -> list[Item]:
    """Money that a helper keeps for a need, until the county proposes the project or the money is taken back."""
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
        for row in _KEPT(**vars(mine))
    ]


def _on(project: Project, kind: str, since: datetime, what: str) -> Item:
    pairing = project.pairing
    detail = f"{pairing.helper.name} → {pairing.recipient.full_name}，{what}"
    return Item(kind, since, project.need.title, detail, f"/projects/{project.pk}", project.pk)
