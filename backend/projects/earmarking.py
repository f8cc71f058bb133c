"""Meaning a helper's committed money for a need, and taking that back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from backend.accounts.models import User
from backend.commitments.models import Commitment
from backend.lifecycle.actions import record
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.projects.models import Earmark, Plan, Project
from backend.web.problems import Invalid, NotAllowed


def earmark(*, commitment: Commitment, need: Need, amount_yuan: Decimal, reason: str = "", by: User) -> Earmark:
    """Say that so much of a commitment is for a need; a negative amount takes back, with a reason.

    Raises NotAllowed for anybody but the helper. The database refuses more than the commitment has left or the need
    lacks, a need of another place or kind, one that is not published or is a project already, and a commitment that
    was made for one need from the beginning.
    """
    if side_of(by, commitment.pairing) != Side.HELPER:
        raise NotAllowed("承诺的资金由帮扶方安排")
    if amount_yuan < 0 and not reason.strip():
        raise Invalid("收回时请写明理由", field="reason")
    with transaction.atomic():
        made = Earmark.objects.create(
            commitment=commitment, need=need, amount_yuan=amount_yuan, reason=reason.strip(), by=by
        )
        verb = "earmarked" if amount_yuan > 0 else "earmark_taken_back"
        told = {"need": need.pk, "amount_yuan": str(amount_yuan)}
        record(commitment, verb, by=by, reason=reason.strip(), payload=told)
        return made


def standing(rows: QuerySet[Commitment]) -> QuerySet[Plan]:
    """What stands of the earmarks of these commitments, one row for a commitment and a need."""
    return Plan.objects.filter(commitment__in=rows, earmarked__gt=0)


def unclaimed(**whose: Any) -> QuerySet[Any]:
    """Money kept for published needs of which the county has made no project yet: `need`, its `title`, the `helper` who
    keeps `amount`, and `since` when; the oldest first. `whose` narrows the earmarks down. Cost: one query, over the
    earmarks themselves: the view of plans would be made up for the whole country first."""
    live = Project.objects.filter(need=OuterRef("need")).exclude(status__in=Project.OVER)
    open_pairings = (Pairing.Status.AGREED, Pairing.Status.IN_FORCE)
    rows = Earmark.objects.filter(
        ~Exists(live), need__status=Need.Status.PUBLISHED, commitment__pairing__status__in=open_pairings, **whose
    )
    told = rows.order_by().values("need", title=F("need__title"), helper=F("commitment__pairing__helper__name"))
    summed = told.annotate(amount=Sum("amount_yuan"), since=Max("at", filter=Q(amount_yuan__gt=0)))
    return summed.filter(amount__gt=0).order_by("since", "need")
