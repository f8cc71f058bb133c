"""The demonstration: marked, repeatable, refused where it must not be, and a journey that can be walked."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

import matching
from backend.accounts.models import Role, User
from backend.demo import loader
from backend.demo.cast import NEEDS, OFFERS, PARTNER_CODE, PLAYERS, RECIPIENT_CODE
from backend.lifecycle.models import Event
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.parties.models import DEMO_MARK, Party
from backend.places.depth import Tier, depth_of
from backend.places.models import Area
from backend.programmes import eligibility
from backend.programmes.actions import working_year
from backend.programmes.models import COUNTY_PAIRING, DESIGNATED, FIRMS_VILLAGES, Channel, Policy
from backend.runs.snapshot import freeze

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_there_is_one_log_in_for_every_role() -> None:
    loader.load()
    accounts = User.objects.filter(is_demo=True)
    assert set(accounts.values_list("role", flat=True)) == set(Role.values)
    assert sorted(accounts.values_list("username", flat=True)) == sorted(player.username for player in PLAYERS)
    assert all(account.display_name.startswith(DEMO_MARK) for account in accounts)


def test_invented_parties_are_marked_and_real_ones_are_not() -> None:
    loader.load()
    assert all(party.name.startswith(DEMO_MARK) for party in Party.objects.filter(is_demo=True))
    for username in ("partner", "recipient", "approver"):
        party = User.objects.get(username=username).party
        assert party is not None
        assert (party.kind, party.is_demo) == (Party.Kind.GOVERNMENT, False)


def test_every_log_in_opens_with_the_published_password(settings: Any) -> None:
    loader.load()
    for player in PLAYERS:
        body = {"username": player.username, "password": settings.DEMO_PASSWORD}
        response = APIClient().post("/api/session", body)
        assert response.status_code == 201, player.username
        assert response.json()["user"]["is_demo"] is True


def test_second_load_changes_nothing() -> None:
    loader.load()
    before = list(User.objects.order_by("pk").values())
    events = Event.objects.count()
    assert loader.load() == []
    assert list(User.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events


def test_closed_log_in_stays_closed() -> None:
    loader.load()
    User.objects.filter(username="company").update(is_active=False)
    loader.load()
    assert not User.objects.get(username="company").is_active


def test_every_account_has_its_event() -> None:
    loader.load()
    told = Event.objects.filter(subject_type="accounts.user", verb="account_created")
    assert sorted(told.values_list("subject_id", flat=True)) == sorted(
        str(pk) for pk in User.objects.values_list("pk", flat=True)
    )


def test_published_passwords_are_refused_where_demo_is_off(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off: demonstration log-ins have a published password"):
        run("load_demo")
    with pytest.raises(CommandError, match="DEMO is off: there are no demonstration log-ins"):
        run("demo_accounts")
    assert not User.objects.filter(is_demo=True).exists()


def test_commands_say_what_they_did_and_who_there_is() -> None:
    everyone = ", ".join(player.username for player in PLAYERS)
    assert run("load_demo") == f"Demonstration log-ins created: {everyone}\n"
    assert run("load_demo") == "Demonstration log-ins are there.\n"
    listed = run("demo_accounts").splitlines()
    assert listed[0] == "coordinator\t协调员\t全国"
    assert listed[1] == "reviewer\t协调员\t全国"
    assert listed[2] == "partner\t帮扶方政府\t天津市宁河区人民政府"
    assert listed[-1] == "password of each: xieshou-demo"
    assert len(listed) == len(PLAYERS) + 1


def test_partner_and_recipient_are_not_paired_yet_and_may_be() -> None:
    channel = Channel.objects.get(code=COUNTY_PAIRING)
    helper, recipient = (Area.objects.current().get(code=code) for code in (PARTNER_CODE, RECIPIENT_CODE))
    graph = eligibility.of_counties(channel, working_year(channel))
    allowed_by = graph.pair_for(helper, recipient)
    assert allowed_by is not None
    assert allowed_by.status == "SOURCED"
    assert not Pairing.objects.filter(helper__area=helper, recipient=recipient).exists()
    depth = depth_of(recipient)
    assert depth is not None
    assert depth.tier == Tier.DEEP


def test_optimal_run_under_the_first_policy_suggests_the_pair_of_the_log_ins() -> None:
    channel = Channel.objects.get(code=COUNTY_PAIRING)
    policy = Policy.objects.current(COUNTY_PAIRING)
    assert policy is not None
    problem = freeze(channel, policy, working_year(channel), policy.exceptions.all()).problem
    solution = matching.solve(problem)
    assert solution.status == "optimal"
    picked = {
        (str(problem.helper_ids[problem.edge_helper[edge]]), str(problem.recipient_ids[problem.edge_recipient[edge]]))
        for edge in solution.picked
    }
    assert (PARTNER_CODE, RECIPIENT_CODE) in picked


def test_needs_are_marked_and_one_waits_for_the_approver() -> None:
    loader.load()
    needs = Need.objects.order_by("id")
    assert set(needs.values_list("is_demo", flat=True)) == {True}
    assert [need.status for need in needs] == ["PUBLISHED"] * (len(NEEDS) - 1) + ["PROPOSED"]
    assert {need.area.code for need in needs} == {RECIPIENT_CODE}
    loader.load()
    assert Need.objects.count() == len(NEEDS)


def test_invented_unit_is_designated_to_the_recipient_by_nothing_real() -> None:
    loader.load()
    loader.load()
    unit = User.objects.get(username="central_unit").party
    [pairing] = Pairing.objects.filter(helper=unit)
    assert (pairing.channel.code, pairing.recipient.code) == (DESIGNATED, RECIPIENT_CODE)
    assert (pairing.fact_status, pairing.source[: len(DEMO_MARK)]) == ("UNVERIFIED", DEMO_MARK)


def test_company_is_verified_by_its_federation_and_says_what_it_can_do() -> None:
    loader.load()
    company = Party.objects.get(kind="ENTERPRISE", is_demo=True)
    federation = User.objects.get(username="federation")
    assert (company.standing, company.registration.decided_by) == ("VERIFIED", federation)
    assert company.area == federation.party.area
    assert company.capabilities.count() == len(OFFERS)
    year = working_year(Channel.objects.get(code=FIRMS_VILLAGES))
    assert company.capacities.get(year=year).villages  # the year that new pairings are made for
    before = Event.objects.count()
    User.objects.filter(username="auditor").update(username="once_an_auditor")
    assert [account.username for account in loader.load()] == ["auditor"]
    assert Event.objects.count() == before + 1
