"""The four marks of a pairing, 人员、责任、工作、效果到位: earned by records, never ticked by hand.

The records lie in several rooms, some above this one. Each room names what it can tell as a `Provider` in the setting
PAIRING_EVIDENCE. A mark of which no provider knows anything is unknown, never missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.module_loading import import_string

from backend.pairings.models import Contact, Pairing


class Mark(TextChoices):
    """Earned by: somebody sent and in post; an agreement or letter signed for the year; a contact within
    PAIRING_CONTACT_DAYS or money spent in the year; an acceptance recorded in the year."""

    PEOPLE = "PEOPLE", "人员到位"
    DUTY = "DUTY", "责任到位"
    WORK = "WORK", "工作到位"
    EFFECT = "EFFECT", "效果到位"


class State(TextChoices):
    EARNED = "EARNED", "已到位"
    MISSING = "MISSING", "未到位"
    UNKNOWN = "UNKNOWN", "未知"


@dataclass(frozen=True)
class Evidence:
    """One record that earns a mark, and its day."""

    mark: Mark
    date: dt.date
    detail: str


@dataclass(frozen=True)
class Provider:
    """What one room can tell: for which marks it keeps records, and those of a pairing as of a day."""

    marks: frozenset[Mark]
    find: Callable[[Pairing, dt.date], Iterable[Evidence]]


@dataclass(frozen=True)
class Standing:
    mark: Mark
    state: State
    evidence: list[Evidence]


def as_of(pairing: Pairing) -> dt.date:
    """The day for which a pairing is judged: today, or its last day once that is over."""
    today = timezone.localdate()
    return min(today, pairing.end_date) if pairing.end_date else today


def marks_of(pairing: Pairing) -> list[Standing]:
    """How the pairing stands in each of the four. Cost: a query or two for each provider."""
    providers: list[Provider] = [import_string(name) for name in settings.PAIRING_EVIDENCE]
    known = {mark for provider in providers for mark in provider.marks}
    found = [one for provider in providers for one in provider.find(pairing, as_of(pairing))]
    standings = []
    for mark in Mark:
        evidence = sorted((one for one in found if one.mark == mark), key=lambda one: one.date, reverse=True)
        state = State.EARNED if evidence else State.MISSING if mark in known else State.UNKNOWN
        standings.append(Standing(mark, state, evidence))
    return standings


def _contacts(pairing: Pairing, day: dt.date) -> list[Evidence]:
    """The latest contact, when it is recent enough."""
    earliest = day - dt.timedelta(days=settings.PAIRING_CONTACT_DAYS)
    latest = Contact.objects.filter(pairing=pairing, void_reason="", contact_date__gte=earliest).first()
    return [Evidence(Mark.WORK, latest.contact_date, latest.get_kind_display())] if latest else []


CONTACTS = Provider(frozenset({Mark.WORK}), _contacts)
