"""Committed money meets needs: proposed exactly and deepest first, accepted as earmarks that are never too much."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from backend.accounts.models import User
from backend.commitments import actions as ledger
from backend.commitments.models import Commitment
from backend.lifecycle.models import Event
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.needs.promises import with_promised
from backend.places.models import AreaFlag
from backend.programmes.models import Channel
from backend.projects import actions, allocation, earmarking, money
from backend.projects.models import Earmark
from backend.web.problems import Invalid, NotAllowed
from tests.architecture.conftest import NEED
from tests.backend.projects.conftest import Site
from tests.backend.projects.test_life import refused

pytestmark = pytest.mark.django_db


def need(site: Site, title: str, cost: str | None, **given: Any) -> Need:
    return site.another_need(title=title, cost_yuan=None if cost is None else Decimal(cost), **given)


def earmark(site: Site, lacking: Need, amount: str, **given: Any) -> Earmark:
    usual = {"commitment": site.promise, "need": lacking, "amount_yuan": Decimal(amount), "by": site.users["dongli"]}
    return earmarking.earmark(**{**usual, **given})


def lines(site: Site) -> list[tuple[str, str, str]]:
    found = allocation.proposal(site.users["dongli"], 2020)
    return [(one.commitment.title, one.need.title, str(one.amount_yuan)) for one in found.lines]


@pytest.fixture
def alone(site: Site) -> Site:
    """Nothing but `promise` (1000) is free, and no need has an estimate."""
    Need.objects.filter(status="PUBLISHED").update(cost_yuan=None)
    other = Commitment.objects.get(pk=site.desk.made["other"].pk)
    ledger.withdraw(commitment=other, reason="另作安排", by=site.users["dongli"])
    return site


def test_money_goes_to_what_is_due_first_and_never_beyond_a_gap(alone: Site) -> None:
    need(alone, "后修的路", "700.00", deadline_date=dt.date(2099, 12, 31))
    need(alone, "先通的水", "600.01", deadline_date=dt.date(2099, 3, 31))
    found = allocation.proposal(alone.users["dongli"], 2020)
    assert lines(alone) == [("FISCAL_AID", "先通的水", "600.01"), ("FISCAL_AID", "后修的路", "399.99")]
    assert [(one.subject.title, str(one.amount_yuan), one.reachable) for one in found.uncovered] == [
        ("后修的路", "300.01", True)
    ]
    assert found.unallotted == []
    proof = found.proofs[-1]
    assert proof.amount_yuan == proof.cut_yuan + proof.elsewhere_yuan == 1000


def test_deeper_county_comes_before_an_earlier_date(alone: Site) -> None:
    """One sum for the whole prefecture, whose counties differ in depth."""
    world, fengning = alone.world, alone.world.areas["fengning"]
    AreaFlag.objects.create(area=fengning, kind="DEEP_POVERTY", value="YES", status="SOURCED", source="名单")
    Channel.objects.filter(pk=world.channel.pk).update(recipient_levels=["COUNTY", "PREFECTURE"])
    prefecture = world.pair("dongli", "chengde", status="AGREED", origin="MANUAL")
    alone.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(500), pairing=prefecture, title="全市")
    need(alone, "浅而急", "1200.00", deadline_date=dt.date(2098, 1, 31))
    there = {"title": "深而缓", "cost_yuan": Decimal(400)}
    deep = needs.propose(area=fengning, by=alone.users["fengning"], **{**NEED, **there})
    second = User.objects.create(
        username="f2", display_name="同事", role="RECIPIENT", party=world.governments["fengning"]
    )
    needs.publish(need=deep, by=second)
    assert lines(alone) == [
        ("全市", "深而缓", "400.00"),
        ("FISCAL_AID", "浅而急", "1000.00"),
        ("全市", "浅而急", "100.00"),
    ]
    found = allocation.proposal(alone.users["dongli"], 2020)
    assert [(one.tier, str(one.amount_yuan)) for one in found.proofs] == [("deep", "400.00"), ("poor", "1500.00")]
    assert all(one.amount_yuan == one.cut_yuan + one.elsewhere_yuan for one in found.proofs)


def test_money_for_one_purpose_meets_no_other(alone: Site) -> None:
    water = need(alone, "饮水", "5000.00")
    other = next(value for value in Need.Category.values if value != water.category)
    alone.desk.register(
        "SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(300), title="专款", sector=other, by=alone.users["dongli"]
    )
    found = allocation.proposal(alone.users["dongli"], 2020)
    assert lines(alone) == [("FISCAL_AID", "饮水", "1000.00")]
    assert [(one.subject.title, str(one.amount_yuan), one.reachable) for one in found.unallotted] == [
        ("专款", "300.00", False)
    ]
    special = found.unallotted[0].subject
    refused("earmark_where_it_fits", lambda: earmark(alone, water, "1", commitment=special))


def test_what_is_promised_planned_or_allotted_already_is_not_proposed_again(alone: Site) -> None:
    alone.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(300), title="水", need=alone.need)
    project = alone.consented()  # 400 of `promise` are planned for it
    lacking = need(alone, "还缺", "5000.00")
    assert lines(alone) == [("FISCAL_AID", "还缺", "600.00")]
    money.allot(project=project, entry=alone.arrival, amount_yuan=Decimal(500), by=alone.users["longhua"])
    assert lines(alone) == [("FISCAL_AID", "还缺", "500.00")]
    earmark(alone, lacking, "100")
    assert lines(alone) == [("FISCAL_AID", "还缺", "400.00")]
    actions.stop(project=project, reason="洪水", by=alone.users["longhua"])
    assert lines(alone) == [("FISCAL_AID", "还缺", "900.00")]


@pytest.mark.parametrize("who", ["longhua", "coordinator"])
def test_nothing_is_proposed_to_those_who_promised_nothing(alone: Site, who: str) -> None:
    need(alone, "水", "10.00")
    found = allocation.proposal(alone.users[who], 2020)
    assert (found.lines, found.unallotted, found.uncovered, found.proofs) == ([], [], [], [])


# --- earmarks --------------------------------------------------------------------------------------------------


def test_earmark_is_a_promise_to_the_need_and_on_record(alone: Site) -> None:
    lacking = need(alone, "水", "600.00")
    earmark(alone, lacking, "250.50")
    row: Any = with_promised(Need.objects.filter(pk=lacking.pk)).get()
    assert (str(row.promised_yuan), str(row.gap_yuan)) == ("250.50", "349.50")
    event = Event.objects.filter(subject_type="commitments.commitment", verb="earmarked").get()
    assert event.payload == {"need": lacking.pk, "amount_yuan": "250.50"}


def test_earmarks_stay_within_the_commitment_and_within_the_gap(alone: Site) -> None:
    small, large = need(alone, "小", "100.00"), need(alone, "大", "5000.00")
    refused("earmark_within_the_gap", lambda: earmark(alone, small, "100.01"))
    earmark(alone, small, "100")
    refused("earmarked_within_the_agreed", lambda: earmark(alone, large, "900.01"))
    earmark(alone, large, "900")
    unestimated = need(alone, "未估算", None)
    refused("earmark_within_the_gap", lambda: earmark(alone, unestimated, "0.01"))


def test_project_draws_on_the_earmark_of_its_need_and_on_nobody_elses(alone: Site) -> None:
    mine, others = need(alone, "本项目", "900.00"), need(alone, "别的", "700.00")
    earmark(alone, mine, "300")
    earmark(alone, others, "600")
    planned = [{"commitment": alone.promise, "planned_yuan": Decimal("400.01")}]
    refused("planned_within_the_agreed", lambda: alone.proposed(need=mine, sources=planned))
    planned[0]["planned_yuan"] = Decimal("400.00")
    alone.proposed(need=mine, sources=planned)
    refused("earmark_of_an_open_need", lambda: earmark(alone, mine, "1"))


def test_negative_control_without_the_rule_the_commitment_is_meant_twice(alone: Site) -> None:
    small, large = need(alone, "小", "1000.00"), need(alone, "大", "5000.00")
    earmark(alone, small, "1000")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE projects_earmark DISABLE TRIGGER pgtrigger_within_the_agreed_74e0d")
    earmark(alone, large, "1000")
    assert sum(one.amount_yuan for one in Earmark.objects.all()) == 2000


def test_earmark_is_taken_back_for_a_reason_and_within_itself(alone: Site) -> None:
    lacking = need(alone, "水", "600.00")
    earmark(alone, lacking, "100")
    with pytest.raises(Invalid, match="收回时请写明理由"):
        earmark(alone, lacking, "-50")
    refused("earmark_taken_back_within_itself", lambda: earmark(alone, lacking, "-100.01", reason="另用"))
    refused("earmark_taken_back_for_a_reason", lambda: Earmark.objects.create(
        commitment=alone.promise, need=lacking, amount_yuan=-1, by=alone.users["dongli"]))  # fmt: skip
    earmark(alone, lacking, "-100", reason="另用")
    assert lines(alone) == [("FISCAL_AID", "水", "600.00")]


def test_commitment_that_a_need_counts_on_is_not_withdrawn(site: Site) -> None:
    other = Commitment.objects.get(pk=site.desk.made["other"].pk)
    lacking = need(site, "水", "600.00")
    earmark(site, lacking, "100", commitment=other)
    by = site.users["dongli"]
    refused("commitment_stands_with_its_earmarks", lambda: ledger.withdraw(commitment=other, reason="另用", by=by))
    needs.withdraw(need=lacking, reason="已解决", by=site.users["longhua"])  # what was meant for it is free again
    ledger.withdraw(commitment=other, reason="另用", by=by)


@pytest.mark.parametrize("who", ["longhua", "coordinator"])
def test_money_is_earmarked_by_the_helper_alone(alone: Site, who: str) -> None:
    lacking = need(alone, "水", "600.00")
    with pytest.raises(NotAllowed, match="承诺的资金由帮扶方安排"):
        earmark(alone, lacking, "1", by=alone.users[who])
    row = {"commitment": alone.promise, "need": lacking, "amount_yuan": "1.00", "by": alone.users[who]}
    refused("earmark_by_the_helper", lambda: Earmark.objects.create(**row))


@pytest.mark.parametrize("which", ["people", "bought"])
def test_only_money_that_is_handed_over_is_earmarked(alone: Site, which: str) -> None:
    lacking = need(alone, "水", "600.00")
    refused("earmark_of_free_money", lambda: earmark(alone, lacking, "1", commitment=alone.desk.made[which]))


def test_money_promised_to_one_need_is_not_earmarked_for_another(alone: Site) -> None:
    bound = alone.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(300), title="水", need=alone.need)
    lacking = need(alone, "路", "600.00")
    refused("earmark_of_free_money", lambda: earmark(alone, lacking, "1", commitment=bound))


# --- over HTTP -------------------------------------------------------------------------------------------------


def test_helper_accepts_a_line_and_the_county_finds_it_when_it_proposes(alone: Site) -> None:
    lacking = need(alone, "水", "600.00")
    client = alone.world.client("dongli")
    told = client.get("/api/allocation?year=2020").json()
    [line] = told["lines"]
    assert (line["tier"], line["amount_yuan"], line["gap_yuan"]) == ("poor", "600.00", "600.00")
    assert (told["proposed_yuan"], told["unallotted_yuan"], told["uncovered_yuan"]) == ("600.00", "400.00", "0.00")
    body = {"commitment": line["commitment"]["id"], "need": line["need"]["id"], "amount_yuan": line["amount_yuan"]}
    key = {"idempotency-key": uuid.uuid4().hex}
    for _ in range(2):  # sent again, once
        answer = client.post("/api/earmarks", body, format="json", headers=key)
        assert answer.status_code == 201, answer.json()
    assert [one["earmarked"] for one in answer.json()] == ["600.00"]
    [seen] = alone.world.client("longhua").get(f"/api/earmarks?need={lacking.pk}").json()
    assert (seen["earmarked"], seen["project"], seen["may_take_back"]) == ("600.00", None, False)
    assert client.get("/api/allocation?year=2020").json()["lines"] == []


@pytest.mark.parametrize("query", ["allocation?year=20x0", "earmarks?need=x", "earmarks?year=-1"])
def test_question_that_is_no_number_is_refused(alone: Site, query: str) -> None:
    assert alone.world.client("dongli").get(f"/api/{query}").status_code == 400


def kept(site: Site, who: str = "longhua") -> list[tuple[str, str | None, str]]:
    items = site.world.client(who).get("/api/inbox").json()
    return [(one["title"], one["amount_yuan"], one["link"]) for one in items if one["kind"] == "NEED_EARMARKED"]


def test_county_is_told_of_money_kept_for_its_need_until_it_proposes_the_project(alone: Site) -> None:
    lacking = need(alone, "先通的水", "600.00")
    earmark(alone, lacking, "400.00")
    earmark(alone, lacking, "100.00")
    assert kept(alone) == [("先通的水", "500.00", f"/projects/new?need={lacking.pk}")]
    assert kept(alone, "colleague") == kept(alone)
    assert kept(alone, "dongli") == kept(alone, "fengning") == []
    sources = [{"commitment": alone.promise, "planned_yuan": Decimal(500)}]
    alone.proposed(need=lacking, sources=sources)
    assert kept(alone) == []


def test_county_is_not_told_of_money_that_was_taken_back(alone: Site) -> None:
    lacking = need(alone, "先通的水", "600.00")
    earmark(alone, lacking, "400.00")
    earmark(alone, lacking, "-400.00", reason="另作安排")
    assert kept(alone) == []
    earmark(alone, lacking, "250.00")
    assert [amount for _, amount, _ in kept(alone)] == ["250.00"]
