"""What a party says of itself: what it can do, how much of it in a year, and who answers the telephone.

Each list is replaced as a whole by the party's own people; callers hold the party's row lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from backend.accounts.models import Role, User
from backend.joining.actions import registration_of
from backend.lifecycle.actions import record
from backend.parties.models import Capability, ContactPerson, Party, YearCapacity
from backend.web.problems import NotAllowed

Row = dict[str, Any]

# A recipient's own people word needs, not offers; a federation vouches for others.
SPEAKERS = (Role.COMPANY, Role.CENTRAL_UNIT, Role.PARTNER)

Said = Capability | YearCapacity | ContactPerson


class _Part(NamedTuple):
    """A list that a party keeps: its rows, what each is told apart by, and what a change of it is called."""

    model: type[Said]
    key: tuple[str, ...]
    verb: str


_PARTS = {
    "capabilities": _Part(Capability, ("category", "mode"), "capabilities_stated"),
    "capacities": _Part(YearCapacity, ("year",), "capacities_stated"),
    "contacts": _Part(ContactPerson, ("name", "phone"), "contacts_named"),
}


def may_describe(party: Party, user: Any) -> bool:
    """Whether the log-in speaks for the party: also before anybody has vouched for it."""
    return getattr(user, "role", None) in SPEAKERS and user.party_id == party.pk


def state(part: str, *, party: Party, rows: Sequence[Row], by: User) -> None:
    """Replace the list `part` of _PARTS: add, change and remove what differs, and tell of it in one event.

    Of contacts the event tells how many, not who: it is kept for good, and they are people.
    Raises NotAllowed for anybody but the party's own people.
    """
    if not may_describe(party, by):
        raise NotAllowed("只有本单位的人可以填写本单位的情况")
    model, key, verb = _PARTS[part]
    with transaction.atomic():
        told = _replace(model, key, party, rows)
        if any(told.values()):
            Party.objects.filter(pk=party.pk).update(version=F("version") + 1)
            counts = {name: len(changes) for name, changes in told.items()}
            payload: dict[str, Any] = counts if model is ContactPerson else told
            record(registration_of(party) or party, verb, by=by, payload=payload)


def _replace(model: type[Said], key: tuple[str, ...], party: Party, rows: Sequence[Row]) -> dict[str, list[Any]]:
    """What was added, changed (from, to) and removed."""
    told: dict[str, list[Any]] = {"added": [], "changed": [], "removed": []}
    stored = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.filter(party=party)}
    for content in rows:
        row = stored.pop(tuple(content[name] for name in key), None)
        if row is None:
            model._default_manager.create(party=party, **content)
            told["added"].append(_plain(content))
        elif changes := {name: value for name, value in content.items() if getattr(row, name) != value}:
            before = {name: getattr(row, name) for name in content}
            model._default_manager.filter(pk=row.pk).update(**changes)
            told["changed"].append([_plain(before), _plain(content)])
    for row in stored.values():
        told["removed"].append(_plain({name: getattr(row, name) for name in key}))
        row.delete()
    return told


def _plain(row: Row) -> Row:
    """Numbers as the API writes them, nothing where nothing was said."""
    return {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
        if value not in (None, "")
    }
