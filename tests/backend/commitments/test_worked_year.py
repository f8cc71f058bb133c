"""The worked year of the field, entered verb by verb; its report comes out the same, on both sides and in parts.

2019, 天津市河北区 → 玛曲县 and 清水县 (DOMAIN §1.3): 6 688 万元, 61 % to industry; 47 projects; 5 firms with an actual
investment of 3 165 万元; 5 000 万元 of consumption; 170 人次 of training, 116 businesses started.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from backend.accounts.models import Role, User
from backend.commitments import actions, kinds
from backend.commitments.models import Commitment
from backend.commitments.reconciling import reconcile
from backend.pairings.models import Pairing
from backend.parties.models import Party
from tests.backend.places import examples
from tests.backend.world import World, build

pytestmark = pytest.mark.django_db

WAN = 10_000
YEAR = 2019
ARRIVED, SPENT, ACCEPTED = dt.date(YEAR, 5, 10), dt.date(YEAR, 9, 20), dt.date(YEAR, 12, 15)
PAIRS = ("maqu", "qingshui")
PROJECTS = [("INDUSTRY", 136)] * 30 + [("EDUCATION", 103)] * 16 + [("HEALTH", 960)]
FIRMS = [1000, 900, 700, 400, 165]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The whole of it, entered once."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        _people(world)
        _enter(world)
        yield world
        transaction.set_rollback(True)


def _people(world: World) -> None:
    """The three governments, with two people in each county: what one records the other accepts."""
    tianshui = examples.area("620500", "天水市", parent=world.areas["gansu"])
    world.areas["hebei_district"] = examples.area("120105", "河北区", parent=world.areas["tianjin"])
    world.areas["qingshui"] = examples.area("620521", "清水县", parent=tianshui)
    for name in ("hebei_district", *PAIRS):
        area = world.areas[name]
        government, _ = Party.objects.get_or_create(
            kind="GOVERNMENT", area=area, defaults={"name": f"{area.full_name}人民政府", "status": "UNVERIFIED"}
        )
        world.governments[name] = government
        role = Role.PARTNER if name == "hebei_district" else Role.RECIPIENT
        for who in (name, f"{name} colleague"):
            world.users[who] = User.objects.create(
                username=f"worked {who}", display_name=who, role=role, party=government
            )


def _enter(world: World) -> None:
    period = {"start_date": dt.date(YEAR, 1, 1), "end_date": dt.date(YEAR, 12, 31)}
    pairings = [world.pair("hebei_district", name, **period) for name in PAIRS]
    for number, (sector, wan) in enumerate(PROJECTS):
        mode = "PRODUCTION_REWARD" if sector == "INDUSTRY" else "WORK_FOR_RELIEF"
        project = {"title": f"项目 {number}", "mode": mode, "sector": sector, "plan": "IN_PLAN"}
        _done(world, pairings[number % 2], "FISCAL_AID", wan, **project)
    for number, wan in enumerate(FIRMS):
        firm = {"title": f"企业 {number}", "benefit_link": "JOBS", "poor_people": 80}
        _done(world, pairings[number % 2], "GUIDED_FIRM", wan, **firm)
    _done(world, pairings[0], "PURCHASE", 2000)
    _done(world, pairings[1], "ASSISTED_SALES", 3000)
    for pairing, trained, started in zip(pairings, (90, 80), (60, 56), strict=True):
        _done(world, pairing, "TRAINING", trained, trainees="PIONEERS")
        _done(world, pairing, "STARTUP", started)


def _done(world: World, pairing: Pairing, kind: str, figure: int, **given: Any) -> None:
    """One figure (万元 for money) through all its stages, each by the side and the person whose it is."""
    spec, money = kinds.SPECS[kind], kinds.SPECS[kind].unit == kinds.Unit.YUAN
    amount: dict[str, Any] = {"amount_yuan": Decimal(figure) * WAN} if money else {"quantity": figure}
    helper = world.users["hebei_district"]
    county = PAIRS[0] if pairing.recipient_id == world.areas[PAIRS[0]].pk else PAIRS[1]
    clerk, colleague = world.users[county], world.users[f"{county} colleague"]
    promise = {"title": kinds.Kind(kind).label, **given}
    made = actions.register(pairing=pairing, kind=kind, year=YEAR, by=helper, **amount, **promise)
    entry = actions.report_arrival(commitment=made, occurred_date=ARRIVED, by=helper, **amount)
    actions.confirm(entry=entry, answer="CONFIRMED", by=clerk)
    if spec.flows:
        entry = actions.spend(commitment=made, occurred_date=SPENT, by=clerk, **amount)
    actions.accept(entry=entry, occurred_date=ACCEPTED, evidence="验收报告", by=colleague, **amount)


def report(world: World, who: str) -> dict[str, Any]:
    said: dict[str, Any] = world.client(who).get(f"/api/commitments/summary?year={YEAR}").json()
    return said


def lines(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["kind"]: line for line in said["kinds"]}


def wan(line: dict[str, Any], figure: str) -> Decimal:
    return Decimal(line[figure]) / WAN


def test_report_says_what_was_entered(year: World) -> None:
    said = report(year, "hebei_district")
    found = lines(said)
    funds = found["FISCAL_AID"]
    assert (funds["count"], funds["done"]) == (47, 47)
    assert [wan(funds, stage) for stage in ("agreed", "arrived", "confirmed", "spent", "accepted")] == [6688] * 5
    shares = {line["sector"]: round(Decimal(line["share"])) for line in said["sectors"]}
    assert (shares["INDUSTRY"], said["direct_share"]) == (61, "0.0")
    assert (found["GUIDED_FIRM"]["done"], wan(found["GUIDED_FIRM"], "confirmed")) == (5, Decimal(3165))
    assert wan(found["PURCHASE"], "confirmed") + wan(found["ASSISTED_SALES"], "confirmed") == 5000
    assert (found["TRAINING"]["unit"], Decimal(found["TRAINING"]["confirmed"])) == ("PERSON_TIME", Decimal(170))
    assert (found["STARTUP"]["unit"], Decimal(found["STARTUP"]["confirmed"])) == ("PIECE", Decimal(116))
    assert said["counties"] == 2
    assert {line["completion"] for line in said["kinds"]} == {"100.0"}


def test_whole_is_the_sum_of_what_each_county_sees(year: World) -> None:
    whole, parts = report(year, "hebei_district"), [report(year, name) for name in PAIRS]
    assert [part["counties"] for part in parts] == [1, 1]
    for kind, line in lines(whole).items():
        for figure in ("count", "agreed", "arrived", "confirmed", "spent", "accepted"):
            of_parts = [lines(part)[kind][figure] for part in parts if kind in lines(part)]
            assert sum(map(Decimal, of_parts)) == Decimal(line[figure]), (kind, figure)


def test_both_sides_read_the_same_balance_on_any_day(year: World) -> None:
    def balances(who: str, day: dt.date) -> list[Decimal]:
        client = year.client(who)
        codes = [year.areas[name].code for name in PAIRS] if who == "hebei_district" else [year.areas[who].code]
        return [
            Decimal(client.get(f"/api/counties/{code}/balance?as_of={day}").json()["totals"]["balance"]) / WAN
            for code in codes
        ]

    before = ARRIVED - dt.timedelta(days=1)
    for day, whole in ((before, 0), (ARRIVED, 6688), (SPENT, 0)):
        of_counties = [amount for name in PAIRS for amount in balances(name, day)]
        assert balances("hebei_district", day) == of_counties
        assert sum(of_counties) == whole


def test_nightly_recount_agrees(year: World) -> None:
    outcome = reconcile()
    assert (outcome.findings, outcome.commitments) == ([], Commitment.objects.count())
