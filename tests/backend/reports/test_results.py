"""The page a helper can show: what everybody may know of its help, and nothing of what only the sides may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.commitments import actions as commitments
from backend.commitments.models import Commitment
from backend.pairings import actions as pairings
from backend.pairings.models import Pairing
from backend.parties.models import Party
from tests.backend.firm_world import FirmWorld, build_firms
from tests.backend.world import World

TITLE = "蓄水池"


@pytest.fixture
def made(world: World) -> FirmWorld:
    built = build_firms(world)
    firm = built.firms["津水公司"]
    world.users["firm"] = User.objects.create(username="firm", display_name="企业", role=Role.COMPANY, party=firm)
    return built


@pytest.fixture
def helping(world: World, made: FirmWorld) -> Pairing:
    """津水公司 and 隆化县, which speaks for 龙湾村, confirmed; of the money some arrived; jobs are to come."""
    pairing = related(made, "龙湾村")
    for who in ("firm", "longhua"):
        pairings.answer(pairing=pairing, answer="ACKNOWLEDGED", by=world.users[who])
    money = promised(world, pairing, kind="WELFARE_INPUT", mode="DIRECT", amount_yuan=Decimal(1000))
    promised(world, pairing, kind="JOBS_PLACED", quantity=12)
    came = {"amount_yuan": Decimal(400), "occurred_date": dt.date(2020, 6, 1), "by": world.users["firm"]}
    entry = commitments.report_arrival(commitment=money, **came)
    commitments.confirm(entry=entry, answer="CONFIRMED", by=world.users["longhua"])
    return pairing


def related(made: FirmWorld, village: str) -> Pairing:
    days = {"start_date": dt.date(2020, 1, 1), "end_date": dt.date(2020, 12, 31)}
    return Pairing.objects.create(
        helper=made.firms["津水公司"], recipient=made.villages[village], channel=made.channel, origin="MANUAL",
        status="PROPOSED", **days,
    )  # fmt: skip


def promised(world: World, pairing: Pairing, **given: Any) -> Commitment:
    return commitments.register(pairing=pairing, year=2020, title=TITLE, by=world.users["firm"], **given)


def results(made: FirmWorld) -> Any:
    answer = APIClient().get(f"/api/parties/{made.firms['津水公司'].pk}/results")
    assert answer.status_code == 200, answer.content
    return answer.json()


def figures(line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(line[name] for name in ("kind", "agreed", "arrived", "confirmed", "accepted"))


def test_everybody_reads_what_was_promised_what_arrived_where_and_who_confirms_it(
    made: FirmWorld, helping: Pairing
) -> None:
    told = results(made)
    assert [(*figures(line), line["places"]) for line in told["kinds"]] == [
        ("WELFARE_INPUT", "1000.00", "400.00", "400.00", "0.00", 1),
        ("JOBS_PLACED", "12.00", "0.00", "0.00", "0.00", 1),
    ]
    [place] = told["places"]
    assert (place["recipient"]["name"], place["status"], place["is_confirmed"]) == ("龙湾村", "AGREED", True)
    assert place["answered_by"] == "河北省承德市隆化县人民政府"
    assert [(line["year"], line["unit"]) for line in place["lines"]] == [(2020, "YUAN"), (2020, "PERSON")]
    assert told["vouched_by"] == "负责该地区的协调员"


def test_page_tells_no_titles_and_no_people(made: FirmWorld, helping: Pairing) -> None:
    everything = str(results(made))
    assert TITLE not in everything
    assert "经办人" not in everything


def test_what_the_other_side_has_not_confirmed_is_on_nobodys_page(
    world: World, made: FirmWorld, helping: Pairing
) -> None:
    related(made, "上庄村")
    assert [place["recipient"]["name"] for place in results(made)["places"]] == ["龙湾村"]


def test_withdrawn_promise_is_not_shown(world: World, made: FirmWorld, helping: Pairing) -> None:
    jobs = Commitment.objects.get(kind="JOBS_PLACED")
    commitments.withdraw(commitment=jobs, reason="记错了", by=world.users["firm"])
    assert [line["kind"] for line in results(made)["kinds"]] == ["WELFARE_INPUT"]


def test_firm_that_nobody_verified_has_no_page(world: World, made: FirmWorld) -> None:
    stranger = Party.objects.create(kind="ENTERPRISE", name="新来的", area=world.areas["dongli"], status="UNVERIFIED")
    assert APIClient().get(f"/api/parties/{stranger.pk}/results").status_code == 404
