"""What waits for whom, read off the records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from backend.commitments import actions as commitments
from tests.backend.world import World, key


def titles(world: World, who: str) -> list[str]:
    return [one["title"] for one in world.client(who).get("/api/inbox").json()]


def test_proposal_waits_for_both_sides_until_each_has_answered(world: World) -> None:
    pairing = world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    assert titles(world, "dongli") == ["天津市东丽区人民政府 结对帮扶 河北省承德市隆化县"]
    assert titles(world, "longhua") == titles(world, "dongli")
    assert titles(world, "xiqing") == titles(world, "fengning") == []
    world.client("dongli").post(
        f"/api/pairings/{pairing.pk}/acknowledgement",
        {"answer": "ACKNOWLEDGED"},
        format="json",
        HTTP_IF_MATCH='"1"',
    )
    assert titles(world, "dongli") == []
    assert len(titles(world, "longhua")) == 1


def test_arrival_waits_for_the_recipient_until_it_is_answered(world: World) -> None:
    pairing = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    body = {
        "pairing": pairing.pk,
        "kind": "FISCAL_AID",
        "mode": "TRAINING",
        "year": 2020,
        "title": "培训",
        "amount_yuan": "100",
    }
    commitment = world.client("dongli").post("/api/commitments", body, format="json", **key()).json()["id"]
    arrival = {"amount_yuan": "60", "occurred_date": "2020-02-01"}
    world.client("dongli").post(f"/api/commitments/{commitment}/arrivals", arrival, format="json", **key())
    waiting = world.client("longhua").get("/api/inbox").json()
    assert [(one["kind"], one["amount_yuan"]) for one in waiting] == [("ARRIVAL_TO_CONFIRM", "60.00")]
    assert titles(world, "dongli") == []
    url = f"/api/ledger-entries/{waiting[0]['subject_id']}/confirmation"
    world.client("longhua").post(url, {"answer": "CONFIRMED"}, format="json", **key())
    for who in ("dongli", "longhua"):  # confirmed in 2020 and not spent since
        (idle,) = world.client(who).get("/api/inbox").json()
        assert (idle["kind"], idle["amount_yuan"], idle["since"][:10]) == ("IDLE_ALARM", "60.00", "2022-01-31")


def test_much_idle_money_does_not_crowd_out_what_waits_for_an_answer(world: World) -> None:
    pairing = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    promised = {"kind": "FISCAL_AID", "mode": "TRAINING", "year": 2020, "amount_yuan": Decimal(100)}
    for number in range(1, 13):
        one = commitments.register(pairing=pairing, title=f"培训 {number}", by=world.users["dongli"], **promised)
        arrived = {"amount_yuan": Decimal(number), "occurred_date": dt.date(2020, 2, 1)}
        entry = commitments.report_arrival(commitment=one, by=world.users["dongli"], **arrived)
        commitments.confirm(entry=entry, answer="CONFIRMED", by=world.users["longhua"])
    day = dt.date.today() - dt.timedelta(days=500)
    one = commitments.register(pairing=pairing, title="培训 13", by=world.users["dongli"], **promised)
    entry = commitments.report_arrival(
        commitment=one, amount_yuan=Decimal(50), occurred_date=day, by=world.users["dongli"]
    )
    commitments.confirm(entry=entry, answer="CONFIRMED", by=world.users["longhua"])
    told = world.client("longhua").get("/api/inbox").json()
    assert [(one["kind"], one["title"], one["since"][:10]) for one in told] == [
        ("IDLE_ALARM", "12 笔资金闲置超过两年", "2022-01-31"),
        ("IDLE_WARNING", "1 笔资金闲置超过一年", (day + dt.timedelta(days=365)).isoformat()),
    ]
    assert {one["link"] for one in told} == {"/counties/130825/balance"}
    assert world.client("dongli").get("/api/inbox").json()[-1]["link"] == "/commitments/year"


def test_run_waits_for_coordinators_while_suggestions_are_open(world: World) -> None:
    run = world.run()
    (item,) = world.client("coordinator").get("/api/inbox").json()
    assert item["kind"] == "RUN_TO_REVIEW"
    assert item["link"] == f"/runs/{run.pk}"
    assert f"{run.counts['pairs']} 条建议待审阅" in item["title"]
    for suggestion in run.suggestions.all():
        body = {"verdict": "REFUSED", "reason": "暂缓"}
        world.client("coordinator").post(f"/api/suggestions/{suggestion.pk}/decision", body, format="json")
    assert titles(world, "coordinator") == []
