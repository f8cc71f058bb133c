"""What happened to a place, or between a helper and its places, newest first, derived from the records themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from backend.accounts.scopes import visible
from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.lifecycle.models import Event
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.pairings.scopes import PUBLISHED, concerned, published, readable
from backend.parties.models import Party
from backend.places.models import Area, inside
from backend.projects.models import Source
from backend.reports.projects import public
from backend.web.problems import Invalid

PAGE = 20


class Moment(models.TextChoices):
    """What a timeline tells of. Those of `DAYS` know a day, the others a time."""

    PAIRING_BEGUN = "PAIRING_BEGUN", "结对开始"
    PAIRING_ENDED = "PAIRING_ENDED", "结对结束"
    PAIRING_PROPOSED = "PAIRING_PROPOSED", "提出结对"
    PAIRING_CONFIRMED = "PAIRING_CONFIRMED", "双方确认结对"
    NEED_PUBLISHED = "NEED_PUBLISHED", "公布需求"
    NEED_MET = "NEED_MET", "需求已满足"
    COMMITMENT_REGISTERED = "COMMITMENT_REGISTERED", "登记承诺"
    ARRIVAL_CONFIRMED = "ARRIVAL_CONFIRMED", "确认到位"
    PROJECT_AGREED = "PROJECT_AGREED", "双方同意立项"
    PROJECT_COMPLETED = "PROJECT_COMPLETED", "项目完工验收"


DAYS = (Moment.PAIRING_BEGUN, Moment.PAIRING_ENDED, Moment.PROJECT_COMPLETED)


@dataclass(frozen=True)
class Cursor:
    """The last line of a page; the next page begins after it."""

    at: dt.datetime
    moment: str
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.moment}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises Invalid for text that no page ended with."""
        try:
            at, moment, pk = text.split("~")
            cursor = cls(dt.datetime.fromisoformat(at), Moment(moment).value, int(pk))
        except ValueError:
            cursor = None
        if cursor is None or cursor.at.tzinfo is None or not 0 <= cursor.pk < 2**63:
            raise Invalid("请用上一页给出的位置继续", field="before")
        return cursor


def of_place(area: Area, user: Any, before: Cursor | None) -> tuple[list[dict[str, Any]], str | None]:
    """One page of what happened to `area` and inside it, as far as `user` may know, and where the next one begins."""
    needs = visible(Need, user).filter(inside(area, "area"))
    relations = readable(user, Pairing.objects.filter(inside(area, "recipient")))
    return _page([*_of_relations(relations, user), *_of_needs(needs)], before)


def of_helper(party: Party, user: Any, before: Cursor | None) -> tuple[list[dict[str, Any]], str | None]:
    """The same of what `party` gives, to whomever."""
    relations = readable(user, Pairing.objects.filter(helper=party))
    return _page(list(_of_relations(relations, user)), before)


Part = tuple[Moment, "QuerySet[Any]"]
_FIELDS = (
    "pk", "when", "through", "giver", "place", "kind_of", "unit_of", "count", "yuan", "words", "doubtful", "target",
    "opens",
)  # fmt: skip


def _page(parts: list[Part], before: Cursor | None) -> tuple[list[dict[str, Any]], str | None]:
    """Each part is asked for a page of its own; the newest of all of them are the page."""
    found = [line for moment, rows in parts for line in _lines(moment, rows, before)]
    found.sort(key=lambda line: (line["at"], line["moment"], line["pk"]), reverse=True)
    page = found[:PAGE]
    last = page[-1] if len(found) > PAGE else None
    return page, str(Cursor(last["at"], last["moment"], last["pk"])) if last else None


def _lines(moment: Moment, rows: QuerySet[Any], before: Cursor | None) -> Iterator[dict[str, Any]]:
    if before is not None:
        later = Q(pk__lt=before.pk) if moment == before.moment else Q(pk__isnull=moment > before.moment)
        rows = rows.filter(Q(when__lt=before.at) | (Q(when=before.at) & later))
    for row in islice(rows.order_by("-when", "-pk").values(*_FIELDS), PAGE + 1):
        if not row["opens"]:
            row["words"] = ""  # what the two sides called it is theirs
        yield {"moment": moment.value, "at": row.pop("when"), "is_day": moment in DAYS, **row}


def _of_relations(relations: QuerySet[Pairing], user: Any) -> Iterator[Part]:
    mine = concerned(user)
    told = _tell(relations, "", mine)
    dated = told.exclude(Pairing.UNDATED)
    lasting = (*PUBLISHED, Pairing.Status.UNVERIFIED)
    yield Moment.PAIRING_BEGUN, dated.filter(status__in=lasting).annotate(when=_midnight("start_date"))
    over = told.filter(status__in=lasting, end_date__lt=timezone.localdate())
    yield Moment.PAIRING_ENDED, over.annotate(when=_midnight("end_date"))
    waiting = told.filter(status=Pairing.Status.PROPOSED)
    yield Moment.PAIRING_PROPOSED, waiting.annotate(when=F("created_at"))
    agreed = told.filter(pk__in=relations.confirmed().values("pk"))  # type: ignore[attr-defined]
    yield Moment.PAIRING_CONFIRMED, agreed.annotate(when=Max("acknowledgements__at"))
    # Asked for first: nested in the questions below, they make the database go through every entry of the country.
    public = list(published(relations).values_list("pk", flat=True))
    promises = Commitment.objects.filter(pairing__in=public, status=Commitment.Status.REGISTERED)
    yield (
        Moment.COMMITMENT_REGISTERED,
        _tell(promises, "pairing__", concerned(user, "pairing__"), promise="", words="title").annotate(
            when=F("created_at")
        ),
    )
    arrivals = Confirmation.objects.filter(
        ~Exists(LedgerEntry.objects.filter(reverses=OuterRef("entry"))),
        answer=Confirmation.Answer.CONFIRMED,
        entry__commitment__pairing__in=public,
        entry__commitment__status=Commitment.Status.REGISTERED,
    )
    theirs = concerned(user, "entry__commitment__pairing__")
    yield (
        Moment.ARRIVAL_CONFIRMED,
        _tell(
            arrivals, "entry__commitment__pairing__", theirs,
            promise="entry__commitment__", words="entry__commitment__title", target="entry__commitment_id",
        ).annotate(when=F("at")),
    )  # fmt: skip
    yield from _of_projects(relations)


def _of_projects(relations: QuerySet[Pairing]) -> Iterator[Part]:
    """Told by the published need that a project carries out, which everybody may open."""
    plan = Source.objects.filter(project=OuterRef("pk")).order_by().values("project").annotate(sum=Sum("planned_yuan"))
    told = public(relations).annotate(
        through=F("pairing__channel__code"), giver=F("pairing__helper__name"), place=F("need__area__full_name"),
        kind_of=_TEXT, unit_of=Value("YUAN", CharField()), count=_NO_COUNT, yuan=Subquery(plan.values("sum")),
        words=F("need__title"), doubtful=Value(False), target=F("need_id"), opens=Value(True),
    )  # fmt: skip
    yield Moment.PROJECT_AGREED, told.annotate(when=Max("consents__at"))
    done = told.filter(completed_date__isnull=False)
    yield Moment.PROJECT_COMPLETED, done.annotate(when=_midnight("completed_date"))


def _of_needs(needs: QuerySet[Need]) -> Iterator[Part]:
    told = needs.annotate(
        through=_TEXT, giver=_TEXT, place=F("area__full_name"), kind_of=_TEXT, unit_of=_TEXT, count=_NO_COUNT,
        yuan=F("cost_yuan"), words=F("title"), doubtful=Value(False), target=F("pk"), opens=Value(True),
    )  # fmt: skip
    yield Moment.NEED_PUBLISHED, told.filter(published_at__isnull=False).annotate(when=F("published_at"))
    met = Event.objects.filter(
        subject_type="needs.need", subject_id=Cast(OuterRef("pk"), CharField()), to_status=Need.Status.MET
    )
    yield Moment.NEED_MET, told.filter(status=Need.Status.MET).annotate(when=Subquery(met.values("at")[:1]))


_TEXT = Value("", CharField())
_NO_COUNT = Value(None, IntegerField())
_NO_MONEY = Value(None, DecimalField(max_digits=18, decimal_places=2))


def _tell(
    rows: QuerySet[Any], pairing: str, mine: Q | None, *, promise: str | None = None, words: str = "",
    target: str = "pk",
) -> Any:  # fmt: skip
    """The columns of a line: `pairing` leads from a row to its pairing, `promise` to its commitment where the row has
    a figure of one, and `mine` says who may open it."""
    counted = promise is not None
    return rows.annotate(
        through=F(f"{pairing}channel__code"),
        giver=F(f"{pairing}helper__name"),
        place=F(f"{pairing}recipient__full_name"),
        kind_of=F(f"{promise}kind") if counted else _TEXT,
        unit_of=F(f"{promise}unit") if counted else _TEXT,
        count=F("quantity") if counted else _NO_COUNT,
        yuan=F("amount_yuan") if counted else _NO_MONEY,
        words=F(words) if words else _TEXT,
        doubtful=Case(
            When(Q(**{f"{pairing}status": Pairing.Status.UNVERIFIED}), then=Value(True)), default=Value(False)
        ),
        target=F(target),
        opens=Value(False) if mine is None else Case(When(mine, then=Value(True)), default=Value(False)),
    )


def _midnight(field: str) -> Cast:
    """A day as the moment it begins (UTC: days of different records only have to sort)."""
    return Cast(field, DateTimeField())
