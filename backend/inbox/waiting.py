"""What waits for a log-in, read off the records: no second list that could disagree with them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DecimalField, F, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from backend.accounts.models import ORGANISATION_ROLES, Role, User
from backend.accounts.scopes import governed_area, visible
from backend.agreements.models import Agreement
from backend.agreements.scopes import signatory_of
from backend.commitments import balances, steps
from backend.commitments.models import Commitment, Discrepancy, LedgerEntry, ReversalRequest, Stage
from backend.inbox import entering, projects, reviews
from backend.inbox.items import LIMIT, Item, few, own, side
from backend.needs.actions import Step, open_steps
from backend.needs.models import Need
from backend.pairings.models import Pairing, SubPairing
from backend.places.models import Area, inside

IDLE_SHOWN = 10
_AMOUNT: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
KINDS = (
    "PAIRING_PROPOSED", "ARRIVAL_TO_CONFIRM", "RUN_TO_REVIEW", "RUN_TO_PUBLISH", "NEED_TO_REVIEW", "NEED_TO_PUBLISH",
    "NEED_RETURNED", "PAIRING_UNCONFIRMED", "SUB_PAIRING_PROPOSED", "REGISTRATION_TO_VERIFY", "REGISTRATION_REFUSED",
    "RUN_TO_CONFIRM", "RUN_ASSIGNED", "PROPOSAL_TAKEN_BACK", "AGREEMENT_TO_SIGN", "DISCREPANCY",
    "REVERSAL_TO_ANSWER", "ACCEPTANCE_DUE", "IDLE_WARNING", "IDLE_ALARM", "INTEREST_OPEN", "VILLAGES_TO_SEE",
    "PROJECT_TO_CONSENT", "PROJECT_TO_ACCEPT", "MILESTONE_LATE",
    "NEED_EARMARKED",
)  # fmt: skip


def of(user: User) -> list[dict[str, Any]]:
    """What waits for this log-in, oldest first. Cost: about ten queries."""
    kinds = (
        reviews.waiting, reviews.proposals, _silent, _sub_proposals, _agreements, _arrivals, _ledger, _needs,
        entering.registrations, entering.interests, entering.villages,
        projects.waiting,
    )  # fmt: skip
    items = [item for kind in kinds for item in kind(user)]
    return [asdict(item) for item in sorted(items, key=lambda item: item.since)[:LIMIT]]


def _silent(user: User) -> list[Item]:
    """For a side: pairings by a publication that it never answered; for a coordinator: all that wait for too long."""
    mine = {} if user.role == Role.COORDINATOR else own(user)
    if mine is None:
        return []
    rows = visible(Pairing.objects.unconfirmed(), user).filter(**mine)
    if mine:
        rows = rows.exclude(acknowledgements__side=side(user)).exclude(status=Pairing.Status.PROPOSED)
    count = rows.count()
    oldest = rows.select_related("helper", "recipient").order_by("asked_at").first() if count else None
    if oldest is None or oldest.unconfirmed_since is None:
        return []
    title = f"{oldest.helper.name} 结对帮扶 {oldest.recipient.full_name}"
    days = settings.PAIRING_UNCONFIRMED_DAYS
    return [
        Item(
            "PAIRING_UNCONFIRMED",
            oldest.unconfirmed_since,
            title if count == 1 else f"{count} 条结对超过 {days} 天未经双方确认",
            "逾期未确认的结对不计入有效覆盖",
            f"/pairings/{oldest.pk}" if count == 1 else "/pairings?unconfirmed=true",
            oldest.pk,
        )
    ]


def _sub_proposals(user: User) -> list[Item]:
    mine = own(user, "pairing__")
    if mine is None:
        return []
    rows = (
        visible(SubPairing, user)
        .filter(status=SubPairing.Status.PROPOSED, **mine)
        .exclude(proposed_by_side=side(user))
        .order_by("id")
    )
    return [
        Item(
            "SUB_PAIRING_PROPOSED",
            row.created_at,
            f"{row.helper_unit} 结对帮扶 {row.recipient_unit}",
            f"{row.get_kind_display()}，请核对后确认或提出异议",
            f"/pairings/{row.pairing_id}",
            row.pk,
        )
        for row in few(rows)
    ]


def _agreements(user: User) -> list[Item]:
    """On offer, and not yet signed for the side that this log-in signs for."""
    rows = visible(Agreement, user).filter(status=Agreement.Status.OFFERED).order_by("id")
    items = []
    for row in few(rows, "pairing__helper", "pairing__recipient", "unit").prefetch_related("signatures"):
        side = signatory_of(user, row)
        if side and not any((one.round, one.side) == (row.round, side) for one in row.signatures.all()):
            parties = str(row.pairing) if row.pairing else row.helper.name
            items.append(Item("AGREEMENT_TO_SIGN", row.created_at, row.title, parties, f"/agreements/{row.pk}", row.pk))
    return items


def _arrivals(user: User) -> list[Item]:
    mine = own(user, "commitment__pairing__")
    if mine is None:
        return []
    rows = (
        visible(LedgerEntry, user)
        .filter(stage=Stage.ARRIVED, confirmation=None, reverses=None, reversed_by=None, **mine)
        .exclude(reported_by_side=side(user))
        .order_by("id")
    )
    # Of most sides many wait: seven columns, not four whole records of each.
    told = rows.values_list(
        "created_at", "commitment__pairing__helper__name", "amount_yuan", "commitment__title", "occurred_date",
        "commitment", "pk",
    )  # fmt: skip
    return [
        Item(
            "ARRIVAL_TO_CONFIRM",
            since,
            f"{helper} 报告{'资金' if yuan else ''}到位",
            f"{title}，{day:%Y-%m-%d}",
            f"/commitments/{commitment}",
            entry,
            None if yuan is None else str(yuan),
        )
        for since, helper, yuan, title, day, commitment, entry in told[:LIMIT]
    ]


def _ledger(user: User) -> list[Item]:
    """Matters of the ledger: differences, reversals to answer, spending to accept, money lying idle."""
    items = [] if user.role not in (Role.COORDINATOR, *ORGANISATION_ROLES) else _discrepancies(user)
    mine = own(user, "commitment__pairing__")
    if mine is None:
        return items
    if user.role == Role.RECIPIENT:
        items += _acceptances(user, mine)
    return items + _reversals(user) + _idle(user)


def _on(commitment: Commitment, kind: str, since: datetime, what: str, subject: int, yuan: Any = None) -> Item:
    pairing = commitment.pairing
    title = f"{commitment.title}（{commitment.year}）：{what}"
    detail = f"{pairing.helper.name} → {pairing.recipient.full_name}"
    return Item(
        kind, since, title, detail, f"/commitments/{commitment.pk}", subject, None if yuan is None else str(yuan)
    )


_ALONG = ("entry__commitment__pairing__helper", "entry__commitment__pairing__recipient")


def _discrepancies(user: User) -> list[Item]:
    """Open ones wait for both sides to explain, explained ones for whoever may agree."""
    unsettled = Discrepancy.objects.filter(status__in=Discrepancy.UNSETTLED)
    rows = visible(unsettled, user).order_by("id")
    return [
        _on(row.entry.commitment, "DISCREPANCY", row.created_at, row.get_kind_display(), row.pk, row.entry.amount_yuan)
        for row in few(rows, *_ALONG, "explained_by__party__area")
        if steps.of_discrepancy(row, row.entry.commitment, user)
    ]


def _reversals(user: User) -> list[Item]:
    asked = ReversalRequest.objects.filter(status=ReversalRequest.Status.REQUESTED)
    rows = visible(asked, user).order_by("id")
    return [
        _on(row.entry.commitment, "REVERSAL_TO_ANSWER", row.created_at, "申请冲销", row.pk, row.entry.amount_yuan)
        for row in few(rows, *_ALONG, "requested_by__party__area")
        if steps.of_request(row, row.entry.commitment, user)
    ]


def _acceptances(user: User, mine: dict[str, Any]) -> list[Item]:
    """What a colleague spent, or what was done, and nobody accepted in full yet."""
    done = Q(stage=Stage.SPENT) | Q(stage=Stage.ARRIVED, commitment__flows=False, confirmation__answer="CONFIRMED")
    value, accepted = Coalesce(F("amount_yuan"), F("quantity"), output_field=_AMOUNT), Q(acceptances__reversed_by=None)
    rows = (
        visible(LedgerEntry, user)
        .filter(done, reverses=None, reversed_by=None, **mine)
        .exclude(reported_by=user)
        .alias(
            accepted=Sum(
                Coalesce("acceptances__amount_yuan", "acceptances__quantity", output_field=_AMOUNT), filter=accepted
            )
        )
        .filter(Q(accepted=None) | Q(accepted__lt=value))
        .order_by("id")
    )
    return [
        _on(row.commitment, "ACCEPTANCE_DUE", row.created_at, "待验收", row.pk, row.amount_yuan)
        for row in few(rows, "commitment__pairing__helper", "commitment__pairing__recipient")
    ]


def _idle(user: User) -> list[Item]:
    """Money that has lain for more than a year, since the day it did: one by one while they are few, else how many
    there are, lest they crowd out what waits for an answer."""
    today = timezone.localdate()
    mine = own(user, "pairing__") or {}
    rows = visible(Commitment, user).filter(status=Commitment.Status.REGISTERED, **mine)
    since = F("totals__unspent_since")
    alarmed = Q(totals__unspent_since__lte=balances.years_before(today, balances.ALARMED_YEARS))
    lying = rows.filter(totals__unspent_since__lte=balances.years_before(today, balances.WARNED_YEARS)).aggregate(
        count=Count("pk"), alarmed=Count("pk", filter=alarmed),
        first=Min(since), first_warned=Min(since, filter=~alarmed),
    )  # fmt: skip
    if lying["count"] <= IDLE_SHOWN:
        found = balances.idle(rows, today).select_related("pairing__helper", "pairing__recipient")
        return [_lying(row) for row in found] if lying["count"] else []
    return [
        Item(kind, _years_after(day, years), f"{count} 笔资金{what}", _WHERE_BALANCES, _balances(user), 0)
        for (kind, years, what), count, day in (
            (_ALARM, lying["alarmed"], lying["first"]),
            (_WARNING, lying["count"] - lying["alarmed"], lying["first_warned"]),
        )
        if count
    ]


_ALARM, _WARNING = ("IDLE_ALARM", 2, "闲置超过两年"), ("IDLE_WARNING", 1, "闲置超过一年")
_WHERE_BALANCES = "各笔结余和闲置时间见资金结余"


def _lying(row: Any) -> Item:
    """`row` is a commitment of `balances.idle`."""
    (kind, years, what), amount = (_ALARM, row.idle_long) if row.idle_long > 0 else (_WARNING, row.idle)
    return _on(row, kind, _years_after(row.totals.unspent_since, years), what, row.pk, amount)


def _years_after(day: date, years: int) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=365 * years), time()))


def _balances(user: User) -> str:
    """Where all that is left of a side's money is told."""
    area = governed_area(user)
    own_county = user.role == Role.RECIPIENT and area is not None and area.level == Area.Level.COUNTY
    return f"/counties/{area.code}/balance" if own_county and area else "/commitments/year"


def _needs(user: User) -> list[Item]:
    """Needs that this log-in may review, publish or correct now."""
    area = governed_area(user)
    if user.role != Role.RECIPIENT or area is None:
        return []
    here = Need.objects.filter(area__in=Area.objects.filter(inside(area)))  # nested, as in the scope of needs
    for_others = Q(status__in=(Need.Status.PROPOSED, Need.Status.REVIEWED)) & ~Q(proposed_by=user)
    for_me = Q(status=Need.Status.RETURNED, proposed_by=user)
    rows = visible(here, user).filter(for_others | for_me).order_by("id")
    items = []
    for row in few(rows, "area__parent__parent"):
        kind = _due(row, user)
        if kind:
            detail = f"{row.area.full_name}，{row.get_status_display()}"
            items.append(Item(kind, row.created_at, row.title, detail, f"/needs/{row.pk}", row.pk))
    return items


def _due(need: Need, user: User) -> str | None:
    """What the need waits for from this very person, if anything."""
    steps = open_steps(need, user)
    if Step.PUBLISH in steps:
        return "NEED_TO_PUBLISH"
    mine = need.proposed_by_id == user.pk
    if Step.REVIEW in steps and not mine:
        return "NEED_TO_REVIEW"
    return "NEED_RETURNED" if mine and need.status == Need.Status.RETURNED else None
