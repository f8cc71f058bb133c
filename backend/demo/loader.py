"""Bring the cast on stage; those already there are left as they are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.demo.cast import (
    BUDGET_WAN,
    DESIGNATED_BY,
    DESIGNATED_SINCE,
    INVENTED,
    NEEDS,
    OFFERS,
    PLAYERS,
    RECIPIENT_CODE,
    VILLAGES_A_YEAR,
    InventedParty,
    Player,
)
from backend.joining import actions as joining
from backend.joining import describing
from backend.joining.models import Registration
from backend.lifecycle.actions import record
from backend.lifecycle.history import acting
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_MARK, Party
from backend.places.models import Area, FactStatus
from backend.programmes.actions import working_year
from backend.programmes.models import DESIGNATED, FIRMS_VILLAGES, Channel
from backend.reference.load_villages import load_villages


class DemoForbidden(RuntimeError):
    """Log-ins with a published password must not exist where the setting DEMO is off."""


class ReferenceMissing(RuntimeError):
    """The demonstration stands on the reference data, and they are not loaded."""


def load() -> list[User]:
    """Create the log-ins and invented parties that are missing; return the new accounts.

    Raises DemoForbidden where DEMO is off, ReferenceMissing before `load_reference`.
    """
    if not settings.DEMO:
        raise DemoForbidden("DEMO is off: demonstration log-ins have a published password")
    with acting(None, command="load_demo"), transaction.atomic():
        existing = set(
            User.objects.filter(username__in=[p.username for p in PLAYERS]).values_list("username", flat=True)
        )
        missing = [player for player in PLAYERS if player.username not in existing]
        if not missing:
            return []
        if not Party.objects.governments().exists():
            raise ReferenceMissing("the reference data are not loaded: run load_reference first")
        parties = {invented.name: _party(invented) for invented in INVENTED}
        password = make_password(settings.DEMO_PASSWORD)  # one hash for all: it is published anyway, and slow to make
        made = [_account(player, parties, password) for player in missing]
        _company()
        _designated()
        _needs()
        return made


def _company() -> None:
    """The company registered, said what it can do and was verified by its federation; once."""
    company, federation = (User.objects.get(username=name) for name in ("company", "federation"))
    party = Party.objects.get(members=company)
    if not party.uscc or Registration.objects.filter(party=party).exists():
        return  # a company of an earlier demonstration had no code
    registration = Registration.objects.create(party=party, submitted_at=timezone.now())
    record(registration, "registered", by=company, to_status=registration.status)
    years = sorted({timezone.localdate().year, working_year(Channel.objects.get(code=FIRMS_VILLAGES))})
    capacity = {"villages": VILLAGES_A_YEAR, "counties": None, "budget_yuan": Decimal(BUDGET_WAN) * 10_000}
    describing.state("capabilities", party=party, rows=OFFERS, by=company)
    describing.state("capacities", party=party, rows=[{"year": year, **capacity} for year in years], by=company)
    contact = {"name": f"{DEMO_MARK}联系人", "phone": "000-00000000", "post": "办公室"}
    describing.state("contacts", party=party, rows=[contact], by=company)
    joining.verify(party=party, by=federation)


def _designated() -> None:
    """The invented unit is designated to the recipient, as a publication would have it; once."""
    unit, channel = User.objects.get(username="central_unit").party, Channel.objects.get(code=DESIGNATED)
    if unit is None or Pairing.objects.filter(helper=unit).exists():
        return
    pairing = Pairing.objects.create(
        helper=unit,
        recipient=Area.objects.current().get(code=RECIPIENT_CODE),
        channel=channel,
        start_date=dt.date(DESIGNATED_SINCE, 1, 1),
        status=Pairing.Status.IN_FORCE,
        origin=Pairing.Origin.SOURCED,
        fact_status=FactStatus.UNVERIFIED,
        source=DESIGNATED_BY,
    )
    record(pairing, "imported", by=None, to_status=pairing.status)


def _needs() -> None:
    """Needs of the recipient, all published but the last, which waits for the approver; once."""
    if Need.objects.filter(is_demo=True).exists():
        return
    load_villages([RECIPIENT_CODE])
    recipient, approver = (User.objects.get(username=name) for name in ("recipient", "approver"))
    area = Area.objects.current().get(code=RECIPIENT_CODE)
    deadline = dt.date(timezone.localdate().year + 1, 12, 31)
    for invented in NEEDS:
        need = needs.propose(
            area=area,
            by=recipient,
            title=invented.title,
            category=invented.category,
            causes=list(invented.causes),
            quantity=Decimal(invented.quantity),
            unit=invented.unit,
            cost_yuan=invented.cost_wan and Decimal(invented.cost_wan) * 10_000,
            deadline_date=deadline,
            performance_target=invented.target,
            benefit_link=invented.link,
            beneficiaries=invented.beneficiaries,
        )
        if invented is not NEEDS[-1]:
            needs.publish(need=need, by=approver)


def _party(invented: InventedParty) -> Party:
    party, created = Party.objects.get_or_create(
        name=invented.name,
        is_demo=True,
        defaults={
            "kind": invented.kind,
            "area": Area.objects.current().get(code=invented.seat) if invented.seat else None,
            "status": FactStatus.UNVERIFIED,
            "industry": invented.industry,
            "uscc": invented.uscc,
        },
    )
    if created:
        record(party, "invented", by=None)
    return party


def _account(player: Player, parties: dict[str, Party], password: str) -> User:
    account = User.objects.create(
        username=player.username,
        password=password,
        display_name=player.display_name,
        role=player.role,
        party=_acting_for(player, parties),
        is_demo=True,
    )
    record(account, "account_created", by=None)
    return account


def _acting_for(player: Player, parties: dict[str, Party]) -> Party | None:
    if isinstance(player.acts_for, InventedParty):
        return parties[player.acts_for.name]
    if player.acts_for is None:
        return None
    return Party.objects.governments().get(area__code=player.acts_for, area__valid_to_year=None)
