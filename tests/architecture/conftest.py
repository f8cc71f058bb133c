"""One world for all tests of a module: every kind of record, and a log-in of every role and every distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.agreements import actions as agreements
from backend.agreements import copies
from backend.agreements.models import Agreement, SignedCopy
from backend.commitments import actions as commitments
from backend.commitments import papers, settling
from backend.commitments.models import Commitment, Discrepancy, EntryFile, LedgerEntry, Posting, ReversalRequest
from backend.exchange import actions as exchange
from backend.exchange.importable import find
from backend.exchange.models import Import, StagedRow
from backend.interests import actions as interests
from backend.interests.models import Interest
from backend.joining import inviting
from backend.joining.models import Invitation, Registration
from backend.lifecycle.actions import move
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.pairings import actions as pairings
from backend.pairings import life, publishing
from backend.pairings.models import Contact, Pairing, SubPairing
from backend.pairings.review_models import Publication
from backend.parties.models import Capability, ContactPerson, Party
from backend.reference import load_programmes
from backend.runs import scenarios
from backend.runs.models import Run, Suggestion
from tests.architecture import works
from tests.backend import world as worlds
from tests.backend.joining.conftest import code
from tests.backend.places import examples

NEED: dict[str, Any] = {
    "title": "安全饮水管网",
    "category": "WATER",
    "causes": ["WATER"],
    "quantity": Decimal("12.5"),
    "unit": "公里",
    "cost_yuan": Decimal("860000.00"),
    "deadline_date": dt.date(2099, 12, 31),
    "performance_target": "120 户喝上自来水",
    "benefit_link": "SERVICE",
    "beneficiaries": 410,
}


@dataclass
class Ledger:
    """What waits for an answer under a second commitment of the same pairing; `untouched` is a third one."""

    untouched: Commitment
    commitment: Commitment
    sure: LedgerEntry
    spent: LedgerEntry
    request: ReversalRequest
    difference: Discrepancy
    explained: Discrepancy
    posting: Posting


@dataclass
class Stage:
    """`mine` records belong to 东丽区 (helper) and 隆化县 (recipient)."""

    world: worlds.World
    earlier_run: Run
    run: Run
    waiting_run: Run
    accepted: Suggestion
    publication: Publication
    proposed: Pairing
    agreed: Pairing
    contact: Contact
    sub: SubPairing
    drafted: Agreement
    offered: Agreement
    signed: Agreement
    copy: SignedCopy
    commitment: Commitment
    entry: LedgerEntry
    ledger: Ledger
    paper: EntryFile
    published: Need
    draft: Need
    uploaded: Import
    twin: Party
    invitation: Invitation
    token: str
    newcomer: Party
    interest: Interest
    works: works.Works

    @property
    def users(self) -> dict[str, User]:
        return self.world.users


def _people(world: worlds.World) -> None:
    """The roles and the distances that the world does not have yet."""
    unit = Party.objects.create(kind="CENTRAL_UNIT", name="某部", status="UNVERIFIED")
    firm = Party.objects.create(
        kind="ENTERPRISE", name="甲公司", status="UNVERIFIED", area=world.areas["dongli"], uscc="91110000600037341L"
    )
    office = Party.objects.create(
        kind="FEDERATION", name="东丽区工商联", status="UNVERIFIED", area=world.areas["dongli"]
    )
    city = Party.objects.create(
        kind="GOVERNMENT", name="天津市人民政府", status="UNVERIFIED", area=world.areas["tianjin"]
    )
    prefecture = Party.objects.create(
        kind="GOVERNMENT", name="承德市人民政府", status="UNVERIFIED", area=world.areas["chengde"]
    )
    for name, role, scope in (
        ("unit", Role.CENTRAL_UNIT, {"party": unit}),
        ("firm", Role.COMPANY, {"party": firm}),
        ("federation", Role.FEDERATION, {"party": office}),
        ("tianjin", Role.PARTNER, {"party": city}),
        ("chengde", Role.RECIPIENT, {"party": prefecture}),
        ("hebei", Role.COORDINATOR, {"region": world.areas["hebei"]}),
        ("gansu_auditor", Role.AUDITOR, {"region": world.areas["gansu"]}),
        ("approver", Role.RECIPIENT, {"party": world.governments["longhua"]}),
    ):
        world.users[name] = User.objects.create(username=name, display_name=name, role=role, **scope)
    worlds.vouch_for(firm, world.users["federation"])
    world.users["firm"].refresh_from_db()
    ContactPerson.objects.create(party=firm, name="李某", phone="13800000000")


def _newcomer(world: worlds.World) -> Party:
    """A firm that waits for 东丽区's federation."""
    seat = world.areas["dongli"]
    party = Party.objects.create(kind="ENTERPRISE", name="乙公司", status="UNVERIFIED", area=seat, uscc=code(7))
    Registration.objects.create(party=party, submitted_at=timezone.now())
    party.refresh_from_db()
    return party


def _wish(world: worlds.World) -> Interest:
    """Of the firm, which can do something, in a village of 隆化县."""
    load_programmes.channels()
    load_programmes.first_policies()
    township = examples.area("130825100", "隆化镇", parent=world.areas["longhua"])
    world.areas["village"] = examples.area("130825100201", "下洼子村", parent=township)
    world.areas["next_village"] = examples.area("130825100202", "上洼子村", parent=township)
    by = world.users["firm"]
    assert by.party is not None
    Capability.objects.create(party=by.party, category="WATER")
    return interests.express(party=by.party, area=world.areas["village"], by=by)


def _set(world: worlds.World) -> Stage:
    users = world.users
    earlier_run, run = world.run(), world.run()
    assert run.status == Run.Status.READY, run.error
    tried = {"helper": world.areas["dongli"], "recipient": world.areas["longhua"]}
    scenarios.change(run=run, verb="PIN", by=users["coordinator"], **tried)
    accepted, put_to_both = (run.suggestions.filter(recipient=world.areas[name])[0] for name in ("maqu", "wudu"))
    for suggestion in (accepted, put_to_both):
        pairings.accept(suggestion=suggestion, by=users["coordinator"])
    publication = publishing.publish(run=run, suggestions=[put_to_both], by=users["coordinator"])
    waiting_run = worlds.runs.request(policy=world.policy, year=worlds.YEAR, by=users["coordinator"])
    proposed = world.pair(
        "dongli", "longhua", status=Pairing.Status.PROPOSED, origin=Pairing.Origin.MANUAL, **_year(2018)
    )
    agreed = world.pair("dongli", "longhua", status=Pairing.Status.AGREED, origin=Pairing.Origin.MANUAL)
    contact = life.record_contact(
        pairing=agreed,
        kind="CALL",
        contact_date=dt.date(worlds.YEAR, 3, 1),
        participants=None,
        note="",
        by=users["dongli"],
    )
    sub = life.propose_sub_pairing(
        pairing=agreed,
        kind="SCHOOL",
        helper_unit="第一小学",
        helper_area=None,
        recipient_unit="中心小学",
        recipient_area=None,
        start_date=dt.date(worlds.YEAR, 3, 1),
        end_date=None,
        by=users["dongli"],
    )
    drafted, offered, signed, copy = _agreements(world, agreed)
    agreed.refresh_from_db()  # in force by the agreement
    commitment = commitments.register(
        pairing=agreed,
        kind=Commitment.Kind.FISCAL_AID,
        mode=Commitment.Mode.DIRECT,
        year=worlds.YEAR,
        title="产业扶持资金",
        amount_yuan=Decimal("1000.00"),
        by=users["dongli"],
    )
    entry = commitments.report_arrival(
        commitment=commitment,
        amount_yuan=Decimal("400.00"),
        occurred_date=dt.date(worlds.YEAR, 6, 1),
        reference="A-1",
        by=users["dongli"],
    )
    longhua = world.areas["longhua"]
    draft = needs.propose(area=longhua, by=users["longhua"], **NEED)
    published = needs.propose(area=longhua, by=users["longhua"], **NEED)
    needs.publish(need=published, by=users["approver"])
    uploaded = _upload(users["longhua"])
    unit = users["unit"].party
    assert unit is not None
    twin = Party.objects.create(kind="CENTRAL_UNIT", name="某部（旧记录）", status="UNVERIFIED")
    invitation, token = inviting.invite(
        party=unit, role=Role.CENTRAL_UNIT, display_name="钱某", by=users["coordinator"]
    )
    ledger = _ledger(world, agreed)
    receipt = {"name": "回单.pdf", "content": b"%PDF-1.7 receipt one %%EOF"}
    paper = papers.attach(entry=ledger.sure, by=users["dongli"], **receipt)
    return Stage(
        world,
        earlier_run,
        run,
        waiting_run,
        accepted,
        publication,
        proposed,
        agreed,
        contact,
        sub,
        drafted,
        offered,
        signed,
        copy,
        commitment,
        entry,
        ledger,
        paper,
        published,
        draft,
        uploaded,
        twin,
        invitation,
        token,
        _newcomer(world),
        _wish(world),
        works.build(world, agreed),
    )


def _upload(by: User) -> Import:
    """A file of 隆化县 that was read."""
    needs_list = find("needs")
    assert needs_list is not None
    made = exchange.upload(listed=needs_list, name="需求.csv", chunks=[b"\xe5\x9c\xb0"], by=by)
    layout = {"row": 1, "titles": ["地区代码"], "columns": {"area": 0}, "units": {}}
    move(made, Import.Status.READY, by=by, layout=layout, row_count=1, faulty_count=0)
    StagedRow.objects.create(batch=made, number=2, raw=["130825"], values={"area": "130825"})
    return made


def _agreements(world: worlds.World, pairing: Pairing) -> tuple[Agreement, Agreement, Agreement, SignedCopy]:
    """The helper's draft, one on offer and one signed, with its scan."""
    content = {"clauses": [{"heading": "总则", "text": "互利"}], "targets": [], "by": world.users["dongli"]}
    content |= {"pairing": pairing, "unit": None, "end_date": dt.date(worlds.YEAR, 12, 31)}

    def begun(kind: str, month: int) -> Agreement:
        first = dt.date(worlds.YEAR, month, 1)
        return agreements.draft(kind=kind, title="东丽区与隆化县的协议", start_date=first, **content)

    drafted, offered, signed = begun("ANNUAL", 2), begun("ANNUAL", 1), begun("FRAMEWORK", 1)
    for one in (offered, signed):
        agreements.offer(agreement=one, by=world.users["dongli"])
    for who in ("dongli", "longhua"):
        agreements.sign(
            agreement=signed, signatory_name="某", signatory_post="某", signed_date=dt.date(worlds.YEAR, 1, 2),
            by=world.users[who],
        )  # fmt: skip
    copy = copies.keep(agreement=signed, name="扫描.pdf", content=b"%PDF-1.7 %%EOF", by=world.users["dongli"])
    return drafted, offered, signed, copy


def _ledger(world: worlds.World, pairing: Pairing) -> Ledger:
    """Reported by the helper throughout, spent by the county's second log-in."""
    users, day = world.users, dt.date(worlds.YEAR, 6, 1)
    usual: dict[str, Any] = {"pairing": pairing, "year": worlds.YEAR, "by": users["dongli"]}
    money = {"kind": "SOCIAL_AID", "mode": "WORK_FOR_RELIEF", "amount_yuan": Decimal(1000), **usual}
    commitment, untouched = (commitments.register(title=title, **money) for title in ("以工代赈", "未动"))
    people = commitments.register(kind="CADRE", title="挂职", quantity=1, direction="TO_RECIPIENT", **usual)

    def arrived(**answer: Any) -> LedgerEntry:
        given = {"amount_yuan": Decimal(100), "occurred_date": day, "by": users["dongli"]}
        entry = commitments.report_arrival(commitment=commitment, **given)
        commitments.confirm(entry=entry, by=users["longhua"], **answer)
        return entry

    def disputed() -> Discrepancy:
        entry = arrived(answer="DISPUTED", amount_yuan=Decimal(98), reason="手续费")
        return Discrepancy.objects.get(entry=entry)

    sure, asked = arrived(answer="CONFIRMED"), arrived(answer="CONFIRMED")
    spent = commitments.spend(commitment=commitment, amount_yuan=Decimal(60), occurred_date=day, by=users["approver"])
    request = settling.reverse(entry=asked, reason="记错了", by=users["dongli"])
    assert isinstance(request, ReversalRequest)
    difference, explained = disputed(), disputed()
    settling.explain(discrepancy=explained, explanation="银行手续费", by=users["dongli"])
    post = {"unit": "扶贫办", "post": "副主任"}
    entry = commitments.report_arrival(
        commitment=people, quantity=1, occurred_date=day, posting=post, by=users["dongli"]
    )
    return Ledger(untouched, commitment, sure, spent, request, difference, explained, entry.posting)


def _year(year: int) -> dict[str, Any]:
    return {"start_date": dt.date(year, 1, 1), "end_date": dt.date(year, 12, 31)}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Built once and rolled back after the module; each test's own changes end with its own savepoint."""
    names = ("RUNS_DIR", "UPLOADS_DIR", "AGREEMENT_COPIES_DIR", "ENTRY_FILES_DIR", "PROJECT_FILES_DIR")
    before = {name: getattr(settings, name) for name in names}
    folder = tmp_path_factory.mktemp("files")
    for name in names:
        setattr(settings, name, folder / name.lower())
    with django_db_blocker.unblock(), transaction.atomic():
        world = worlds.build()
        _people(world)
        yield _set(world)
        transaction.set_rollback(True)
    for name, path in before.items():
        setattr(settings, name, path)


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """Nobody has knocked at the public doors yet."""
    cache.clear()
