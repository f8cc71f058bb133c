"""Rows of the tracked models of joining, trying out, agreeing and meeting; each number makes another one."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from backend.accounts.models import Role, User
from backend.agreements.models import Agreement, Target
from backend.interests.models import Interest
from backend.joining.models import Invitation, Registration
from backend.needs.models import Need
from backend.pairings.models import Contact, Pairing, SubPairing
from backend.parties.models import Capability, ContactPerson, Party, YearCapacity
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.projects.models import Milestone, Project
from backend.reference import load_programmes
from backend.runs import actions as runs
from backend.runs.models import Run, Scenario, ScenarioChange
from tests.backend.places import examples
from tests.backend.world import YEAR, World, vouch_for


def _firm(number: int) -> Party:
    return Party.objects.create(kind="ENTERPRISE", name=f"第{number}家公司", status="UNVERIFIED")


def _pairing(world: World) -> Pairing:
    found = Pairing.objects.filter(helper=world.governments["dongli"], recipient=world.areas["longhua"]).first()
    return found or world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")


def agreement(world: World, number: int) -> Agreement:
    return Agreement(
        pairing=_pairing(world),
        kind="ANNUAL",
        title=f"第{number}份协议",
        start_date=dt.date(YEAR, 1, number),
        end_date=dt.date(YEAR, 12, 31),
        drafted_by_side="HELPER",
        drafted_by=world.users["dongli"],
    )


def target(world: World, number: int) -> Target:
    draft = agreement(world, number)
    draft.save()
    return Target(agreement=draft, indicator=Target._meta.get_field("indicator").choices[0][0], quantity=number)


def contact(world: World, number: int) -> Contact:
    return Contact(
        pairing=_pairing(world),
        kind="CALL",
        contact_date=dt.date(YEAR, 1, number),
        recorded_by_side="HELPER",
        recorded_by=world.users["dongli"],
    )


def sub_pairing(world: World, number: int) -> SubPairing:
    return SubPairing(
        pairing=_pairing(world),
        kind="SCHOOL",
        helper_unit="东丽小学",
        helper_area=world.areas["dongli"],
        recipient_unit=f"隆化第{number}小学",
        recipient_area=world.areas["longhua"],
        start_date=dt.date(YEAR, 1, 1),
        end_date=dt.date(YEAR, 12, 31),
        proposed_by_side="HELPER",
        proposed_by=world.users["dongli"],
    )


def capability(world: World, number: int) -> Capability:
    return Capability(party=_firm(number), category="WATER")


def contact_person(world: World, number: int) -> ContactPerson:
    return ContactPerson(party=_firm(number), name="联系人", phone="13800000000")


def capacity(world: World, number: int) -> YearCapacity:
    return YearCapacity(party=_firm(number), year=YEAR, villages=number)


def registration(world: World, number: int) -> Registration:
    return Registration(party=_firm(number), submitted_at=timezone.now())


def invitation(world: World, number: int) -> Invitation:
    return Invitation(
        party=world.governments["dongli"],
        role=Role.PARTNER,
        display_name="受邀人",
        token_sha256=f"{number:064x}",
        expires_at=timezone.now() + dt.timedelta(days=7),
        invited_by=world.users["coordinator"],
    )


def interest(world: World, number: int) -> Interest:
    """Of a village of its own each."""
    load_programmes.channels()
    party = _firm(number)
    person = User.objects.create(username=f"wishes{number}", display_name="经办人", role=Role.COMPANY, party=party)
    vouch_for(party, world.users["coordinator"])
    township = Area.objects.filter(code="130825100").first()
    township = township or examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    village = examples.area(f"130825100{number:03d}", f"第{number}村", parent=township)
    channel = Channel.objects.get(code="wqbwc")
    return Interest(party=party, area=village, channel=channel, year=YEAR, expressed_by=person)


def scenario(world: World, number: int) -> Scenario:
    run = Run.objects.first() or runs.request(policy=world.policy, year=YEAR, by=world.users["coordinator"])
    person = User.objects.create(username=f"tries{number}", display_name="推演人", role=Role.COORDINATOR)
    return Scenario(run=run, by=person)


def scenario_change(world: World, number: int) -> ScenarioChange:
    trial = scenario(world, number)
    trial.save()
    return ScenarioChange(
        scenario=trial, verb="PIN", helper=world.areas["dongli"], recipient=world.areas["longhua"], reason="试试"
    )


def project(world: World, number: int) -> Project:
    """Of a need of its own, which somebody else of the county published."""
    colleague, _ = User.objects.get_or_create(
        username="colleague", role=Role.RECIPIENT, party=world.governments["longhua"]
    )
    need = Need.objects.create(
        area=world.areas["longhua"], title=f"第{number}项", category="WATER", quantity="1.00", unit="处",
        deadline_date="2099-01-01", performance_target="通水", benefit_link="SERVICE", status="PUBLISHED",
        proposed_by=world.users["longhua"], approved_by=colleague, published_at=timezone.now(),
    )  # fmt: skip
    return Project(
        pairing=_pairing(world), need=need, construction_type="NEW", responsible_unit="县水务局",
        start_date="2020-06-01", end_date="2020-10-31", proposed_by=world.users["longhua"],
    )  # fmt: skip


def milestone(world: World, number: int) -> Milestone:
    of = project(world, number)
    of.save()
    return Milestone(project=of, name=f"第{number}步", due_date="2020-06-01")
