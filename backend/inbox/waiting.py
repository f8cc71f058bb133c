"""What waits for a log-in, read off the records: no second list that could disagree with them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DateField, DateTimeField, DecimalField, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from backend.accounts.models import ORGANISATION_ROLES, Role, User
from backend.accounts.scopes import governed_area, visible
from backend.agreements.models import Agreement
from backend.agreements.scopes import signatory_of
from backend.commitments import balances, steps
from backend.commitments.models import Commitment, Discrepancy, LedgerEntry, ReversalRequest, Stage
from backend.inbox import entering, projects, reviews
from backend.inbox.items import LIMIT, SIDE, USER, Item, Kind, Mine, few, own
from backend.needs.actions import Step, open_steps
from backend.needs.models import Need
from backend.pairings.models import Pairing, Side, SubPairing, answer_overdue
from backend.places.models import Area, inside
from backend.web.kept import KEYS, Kept, Parameter

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
    mine = own(user)
    items = [
        *reviews.waiting(user), *_silent(user, mine), *_agreements(user), *_discrepancies(user), *_needs(user),
        *entering.registrations(user), *entering.interests(user), *entering.villages(user),
    ]  # fmt: skip
    if mine:
        items += [
            *reviews.proposals(mine), *_sub_proposals(mine), *_arrivals(mine), *_reversals(user, mine),
            *_idle(user, mine), *projects.waiting(mine),
        ]  # fmt: skip
    if mine and mine.side == Side.RECIPIENT:
        items += _acceptances(mine)
    return [asdict(item) for item in sorted(items, key=lambda item: item.since)[:LIMIT]]


_ASKED_BEFORE = Parameter("asked_before", DateTimeField())
_UNANSWERED = Kept(
    lambda: (
        Pairing.objects.unconfirmed(_ASKED_BEFORE)
        .filter(pk__among=KEYS)
        .exclude(acknowledgements__side=SIDE)
        .exclude(status=Pairing.Status.PROPOSED)
        .order_by("asked_at")
        .values_list("pk", flat=True)
    )
)


def _silent(user: User, mine: Mine | None) -> list[Item]:
    """For a side: pairings by a publication that it never answered; for a coordinator: all that wait for too long."""
    if user.role == Role.COORDINATOR:
        rows = visible(Pairing.objects.unconfirmed(), user)
        count = rows.count()
        oldest = list(rows.order_by("asked_at").values_list("pk", flat=True)[:1]) if count else []
    else:
        oldest = _UNANSWERED(**vars(mine), asked_before=answer_overdue()) if mine else []
        count = len(oldest)
    if not count:
        return []
    row = Pairing.objects.select_related("helper", "recipient").get(pk=oldest[0])
    title = f"{row.helper.name} 结对帮扶 {row.recipient.full_name}"
    days = settings.PAIRING_UNCONFIRMED_DAYS
    return [
        Item(
            "PAIRING_UNCONFIRMED",
            row.asked_at + timedelta(days=days),
            title if count == 1 else f"{count} 条结对超过 {days} 天未经双方确认",
            "逾期未确认的结对不计入有效覆盖",
            f"/pairings/{row.pk}" if count == 1 else "/pairings?unconfirmed=true",
            row.pk,
        )
    ]


_SUB_PROPOSALS = Kind(
    lambda: (
        SubPairing.objects.filter(pairing__pk__among=KEYS, status=SubPairing.Status.PROPOSED)
        .exclude(proposed_by_side=SIDE)
        .order_by("id")
    )
)


def _sub_proposals(mine: Mine) -> list[Item]:
    return [
        Item(
            "SUB_PAIRING_PROPOSED",
            row.created_at,
            f"{row.helper_unit} 结对帮扶 {row.recipient_unit}",
            f"{row.get_kind_display()}，请核对后确认或提出异议",
            f"/pairings/{row.pairing_id}",
            row.pk,
        )
        for row in _SUB_PROPOSALS(mine)
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


# Of most sides many wait: seven columns, not four whole records of each.
_ARRIVALS = Kept(
    lambda: LedgerEntry.objects.filter(
        commitment__pairing__pk__among=KEYS, stage=Stage.ARRIVED, confirmation=None, reverses=None, reversed_by=None
    )
    .exclude(reported_by_side=SIDE)
    .order_by("id")
    .values_list(
        "created_at", "commitment__pairing__helper__name", "amount_yuan", "commitment__title", "occurred_date",
        "commitment", "pk",
    )[:LIMIT]
)  # fmt: skip


def _arrivals(mine: Mine) -> list[Item]:
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
        for since, helper, yuan, title, day, commitment, entry in _ARRIVALS(**vars(mine))
    ]


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
    if user.role not in (Role.COORDINATOR, *ORGANISATION_ROLES):
        return []
    unsettled = Discrepancy.objects.filter(status__in=Discrepancy.UNSETTLED)
    rows = visible(unsettled, user).order_by("id")
    return [
        _on(row.entry.commitment, "DISCREPANCY", row.created_at, row.get_kind_display(), row.pk, row.entry.amount_yuan)
        for row in few(rows, *_ALONG, "explained_by__party__area")
        if steps.of_discrepancy(row, row.entry.commitment, user)
    ]


_REVERSALS = Kind(
    lambda: ReversalRequest.objects.filter(
        status=ReversalRequest.Status.REQUESTED, entry__commitment__pairing__pk__among=KEYS
    ).order_by("id"),
    lambda rows: rows.select_related(*_ALONG, "requested_by__party__area"),
)


def _reversals(user: User, mine: Mine) -> list[Item]:
    return [
        _on(row.entry.commitment, "REVERSAL_TO_ANSWER", row.created_at, "申请冲销", row.pk, row.entry.amount_yuan)
        for row in _REVERSALS(mine)
        if steps.of_request(row, row.entry.commitment, user)
    ]


def _unaccepted() -> QuerySet[LedgerEntry]:
    """What a colleague spent, or what was done, and nobody accepted in full yet."""
    done = Q(stage=Stage.SPENT) | Q(stage=Stage.ARRIVED, commitment__flows=False, confirmation__answer="CONFIRMED")
    value, accepted = Coalesce(F("amount_yuan"), F("quantity"), output_field=_AMOUNT), Q(acceptances__reversed_by=None)
    taken = Coalesce("acceptances__amount_yuan", "acceptances__quantity", output_field=_AMOUNT)
    return (
        LedgerEntry.objects.filter(done, commitment__pairing__pk__among=KEYS, reverses=None, reversed_by=None)
        .exclude(reported_by=USER)
        .alias(accepted=Sum(taken, filter=accepted))
        .filter(Q(accepted=None) | Q(accepted__lt=value))
        .order_by("id")
    )


_ACCEPTANCES = Kind(
    _unaccepted, lambda rows: rows.select_related("commitment__pairing__helper", "commitment__pairing__recipient")
)


def _acceptances(mine: Mine) -> list[Item]:
    return [
        _on(row.commitment, "ACCEPTANCE_DUE", row.created_at, "待验收", row.pk, row.amount_yuan)
        for row in _ACCEPTANCES(mine)
    ]


def _lying_idle() -> QuerySet[Any, tuple[Any, ...]]:
    """One row, or none: how many commitments have money that lies, how many of them for too long, and since when."""
    since = F("totals__unspent_since")
    alarmed = Q(totals__unspent_since__lte=Parameter("alarmed", DateField()))
    rows = Commitment.objects.filter(
        pairing__pk__among=KEYS,
        status=Commitment.Status.REGISTERED,
        totals__unspent_since__lte=Parameter("warned", DateField()),
    )
    return rows.order_by().values_list("status").annotate(
        count=Count("pk"), alarmed=Count("pk", filter=alarmed),
        first=Min(since), first_warned=Min(since, filter=~alarmed),
    )  # fmt: skip


_LYING_IDLE = Kept(_lying_idle)


def _idle(user: User, mine: Mine) -> list[Item]:
    """Money that has lain for more than a year, since the day it did: one by one while they are few, else how many
    there are, lest they crowd out what waits for an answer."""
    today = timezone.localdate()
    limits = {
        "alarmed": balances.years_before(today, balances.ALARMED_YEARS),
        "warned": balances.years_before(today, balances.WARNED_YEARS),
    }
    for _status, count, alarmed, first, first_warned in _LYING_IDLE(**vars(mine), **limits):
        if count <= IDLE_SHOWN:
            rows = Commitment.objects.filter(pairing__in=mine.keys, status=Commitment.Status.REGISTERED)
            found = balances.idle(rows, today).select_related("pairing__helper", "pairing__recipient")
            return [_lying(row) for row in found]
        return [
            Item(kind, _years_after(day, years), f"{number} 笔资金{what}", _WHERE_BALANCES, _balances(user), 0)
            for (kind, years, what), number, day in (
                (_ALARM, alarmed, first),
                (_WARNING, count - alarmed, first_warned),
            )
            if number
        ]
    return []


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
