"""What waits around the review of a run: to be reviewed, confirmed, published and answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, DateTimeField, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.scopes import visible
from backend.inbox.items import LIMIT, SIDE, Item, Kind, Mine
from backend.lifecycle.models import Event
from backend.pairings.models import Acknowledgement, Pairing
from backend.pairings.publishing import awaiting_second, publishable
from backend.pairings.reviewing import assigned
from backend.runs.models import Run, Suggestion
from backend.web.kept import KEYS, Parameter

TAKEN_BACK_SHOWN = timedelta(days=30)
_COUNTED_SECONDS = 3600


def waiting(user: User) -> list[Item]:
    """For a coordinator, run by run: what is to be reviewed, what others accepted, and what no side has heard of."""
    if user.role != Role.COORDINATOR:
        return []
    return [*_newest(user), *_assigned(user), *_to_confirm(user), *_to_publish(user)]


def _newest(user: User) -> list[Item]:
    newest = visible(Run, user).filter(status=Run.Status.READY).select_related("channel").order_by("-id").first()
    if newest is None or newest.finished_at is None:
        return []
    free = visible(newest.suggestions.filter(state=Suggestion.State.FREE), user)
    # Suggestions never change, and a run of firms has more than a hundred thousand: counted once, less those decided.
    key = f"free:{newest.pk}:{newest.finished_at.timestamp()}:{user.region_id}"
    count = cache.get_or_set(key, free.count, _COUNTED_SECONDS) or 0
    open_ones = count - free.filter(decision__isnull=False).count()
    if not open_ones:
        return []
    return [
        Item(
            "RUN_TO_REVIEW",
            newest.finished_at,
            f"{newest.channel.name_zh} {newest.year} 年：{open_ones} 条建议待审阅",
            "已证明最优，请逐条采纳或说明不采纳的理由",
            f"/runs/{newest.pk}",
            newest.pk,
        )
    ]


def _assigned(user: User) -> list[Item]:
    """Open suggestions that this very person is to review."""
    rows = assigned(Suggestion.objects.filter(run__status=Run.Status.READY), user)
    detail = "请逐条采纳或说明不采纳的理由"
    since = Max("assignments__at")
    return _by_run("RUN_ASSIGNED", rows, since, "{count} 条建议分派给您审阅", detail, "assigned=MINE")


def _to_confirm(user: User) -> list[Item]:
    """Acceptances of others that wait for a second person."""
    rows = awaiting_second(visible(Suggestion, user).filter(decision__isnull=False).exclude(decision__by=user))
    detail = "政策要求第二人复核，通过后才能发布"
    since = Min("decision__at")
    return _by_run("RUN_TO_CONFIRM", rows, since, "{count} 条采纳待您复核", detail, "decision=AWAITS_SECOND")


def _to_publish(user: User) -> list[Item]:
    """Accepted suggestions that no side has heard of."""
    rows = publishable(visible(Suggestion, user))
    detail = "发布后双方才会收到结对提议"
    return _by_run("RUN_TO_PUBLISH", rows, Min("decision__at"), "{count} 条已采纳，待发布", detail, "decision=ACCEPTED")


def _by_run(
    kind: str, rows: QuerySet[Suggestion], since: Max | Min, counted: str, detail: str, query: str
) -> list[Item]:
    """One line for each run, with where those suggestions are listed."""
    found: QuerySet[Suggestion, dict[str, Any]] = (
        rows.order_by()
        .values("run", "run__channel__name_zh", "run__year")
        .annotate(count=Count("pk", distinct=True), since=since)
        .order_by("since")
    )
    return [
        Item(
            kind,
            row["since"],
            f"{row['run__channel__name_zh']} {row['run__year']} 年：{counted.format(count=row['count'])}",
            detail,
            f"/runs/{row['run']}/review?{query}",
            row["run"],
        )
        for row in found[:LIMIT]
    ]


_SINCE = Parameter("since", DateTimeField())


def _proposed() -> QuerySet[Pairing]:
    answered = Exists(Acknowledgement.objects.filter(pairing=OuterRef("pk"), side=SIDE))
    pair = {name: OuterRef(name) for name in ("helper", "recipient", "channel")}
    anew = Exists(Pairing.objects.put_to_both().filter(**pair, pk__gt=OuterRef("pk")))
    taken_back = Q(~anew, status__in=Pairing.NOT_ASKED, publication__isnull=False, taken_back_at__gte=_SINCE)
    rows = _with_words(Pairing.objects.filter(pk__among=KEYS))
    return rows.filter(Q(~answered, status=Pairing.Status.PROPOSED) | taken_back).order_by("-pk")


def _with_words(rows: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """With when and why each was taken back, if it was."""
    told = Event.objects.filter(
        subject_type="pairings.pairing", subject_id=Cast(OuterRef("pk"), TextField()), verb="taken_back"
    ).order_by("-pk")
    return rows.annotate(taken_back_at=Subquery(told.values("at")[:1]), words=Subquery(told.values("reason")[:1]))


_PROPOSALS = Kind(_proposed, lambda rows: _with_words(rows).select_related("helper", "recipient", "channel"))


def proposals(mine: Mine) -> list[Item]:
    """Proposals that this side has not answered, and those taken back from it.

    The latter are told for thirty days, unless the same pair was proposed anew.
    """
    found = _PROPOSALS(mine, since=timezone.now() - TAKEN_BACK_SHOWN)
    return [_asked(row) if row.status == Pairing.Status.PROPOSED else _told(row) for row in found]


def _asked(row: Pairing) -> Item:
    title = f"{row.helper.name} 结对帮扶 {row.recipient.full_name}"
    detail = f"{row.channel.name_zh}，请核对后确认或提出异议"
    return Item("PAIRING_PROPOSED", row.created_at, title, detail, f"/pairings/{row.pk}", row.pk)


def _told(row: Any) -> Item:
    """`row` is a pairing with when and why it was taken back."""
    title = f"{row.helper.name} 结对帮扶 {row.recipient.full_name}：提议已撤回"
    detail = f"{row.channel.name_zh}，理由：{row.words}。不需要再答复"
    return Item("PROPOSAL_TAKEN_BACK", row.taken_back_at, title, detail, f"/pairings/{row.pk}", row.pk)
