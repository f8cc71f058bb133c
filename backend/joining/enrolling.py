"""Entering many firms at once, as a federation that kept its list in Excel does, and taking them out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.joining.authority import answers_for
from backend.joining.models import Registration
from backend.joining.references import references
from backend.lifecycle.actions import record_all
from backend.parties.models import Capability, ContactPerson, Party
from backend.web.copying import create_all
from backend.web.problems import Conflict, Invalid, constraint_of

ENROLLING = (Role.FEDERATION, Role.COORDINATOR)
_BATCH = 1000  # parties a statement
# Of a party as `enrol` leaves it: entered, and then verified by its registration.
_UNTOUCHED = 2
_ENTERED_WITH_IT = (Capability, ContactPerson)


@dataclass
class Entry:
    """A party that is not stored yet, what it offers to do, and who answers for it."""

    party: Party
    offers: Sequence[str] = ()
    contact: ContactPerson | None = None


def enrol(entries: Sequence[Entry], *, by: User, origin: dict[str, Any], tell: Callable[[int], None]) -> list[int]:
    """Enter parties as verified, since whoever enters them vouches for them; the keys in order. All or none.

    Each has its event, which carries `origin`; `tell` hears how many are done.

    Raises NotAllowed for anybody but federations and coordinators, Invalid when a seat is not theirs to vouch for,
    Conflict when somebody registered one of the codes meanwhile.
    Cost: a dozen statements per thousand parties.
    """
    require_role(by, *ENROLLING, to="录入企业")
    keys: list[int] = []
    with transaction.atomic():
        for start in range(0, len(entries), _BATCH):
            keys += _enrol_batch(entries[start : start + _BATCH], by, origin)
            tell(len(keys))
    return keys


def _enrol_batch(entries: Sequence[Entry], by: User, origin: dict[str, Any]) -> list[int]:
    try:
        keys = [party.pk for party in create_all([entry.party for entry in entries])]
    except IntegrityError as error:
        if constraint_of(error) != "party_one_per_uscc":
            raise
        raise Conflict("其中有单位刚刚由别人登记了，请重新核对后再提交", field="uscc") from None
    foreign = Party.objects.filter(pk__in=keys).exclude(answers_for(by)).select_related("area").first()
    if foreign:
        raise Invalid(f"{foreign.name}所在的{foreign.area and foreign.area.full_name}不由您核实", field="area")
    now = timezone.now()
    verdict = {"status": Registration.Status.VERIFIED, "decided_by": by, "decided_at": now, "submitted_at": now}
    registrations = create_all([Registration(party_id=key, **verdict) for key in keys])
    create_all([Capability(party=entry.party, category=offer) for entry in entries for offer in entry.offers])
    create_all([_answering(entry.party, entry.contact) for entry in entries if entry.contact])
    subjects = [row.pk for row in registrations]
    record_all(Registration, subjects, "enrolled", by=by, to_status=Registration.Status.VERIFIED, payload=origin)
    return keys


def _answering(party: Party, contact: ContactPerson) -> ContactPerson:
    contact.party = party
    return contact


def touched(keys: QuerySet[Any]) -> QuerySet[Party]:
    """Of enrolled parties those that have changed since, or that something has come to refer to."""
    others = Q()
    for field in references(frozen=True):
        if field.model not in _ENTERED_WITH_IT:
            others |= Q(Exists(field.model._default_manager.filter(**{field.name: OuterRef("pk")})))
    changed = ~Q(version=_UNTOUCHED) | ~Q(registration__version=1)
    return Party.objects.filter(changed | others, pk__in=keys).order_by("pk")


def take_out(keys: Sequence[int], *, by: User, reason: str, tell: Callable[[int], None]) -> None:
    """Delete enrolled parties that nobody has touched, which frees their codes; history and events keep them.

    Raises Conflict when something refers to one of them.
    """
    with transaction.atomic():
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            registrations = Registration.objects.filter(party__in=batch)
            subjects = list(registrations.values_list("pk", flat=True))
            origin = Registration.Status.VERIFIED
            record_all(Registration, subjects, "taken_out", by=by, from_status=origin, reason=reason)
            for model in _ENTERED_WITH_IT:
                model._default_manager.filter(party__in=batch).delete()
            registrations.delete()
            try:
                Party.objects.filter(pk__in=batch).delete()
            except ProtectedError:
                raise Conflict("其中有单位刚刚有了别的记录，不能撤销") from None
            tell(start + len(batch))
