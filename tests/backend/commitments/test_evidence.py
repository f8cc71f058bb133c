"""What the ledger says for the marks of a pairing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from backend.commitments import actions
from backend.pairings.marks import marks_of
from tests.backend.world import World


def test_money_spent_in_the_year_earns_work_and_no_acceptance_leaves_effect_missing(world: World) -> None:
    pairing, helper = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL"), world.users["dongli"]

    def states() -> dict[str, str]:
        return {str(one.mark): str(one.state) for one in marks_of(pairing)}

    assert (states()["WORK"], states()["EFFECT"]) == ("MISSING", "MISSING")
    commitment = actions.register(
        pairing=pairing,
        kind="FISCAL_AID",
        mode="DIRECT",
        year=2020,
        title="产业资金",
        amount_yuan=Decimal("10.00"),
        by=helper,
    )
    day, amount, recipient = dt.date(2020, 3, 1), Decimal("10.00"), world.users["longhua"]
    arrival = actions.report_arrival(commitment=commitment, amount_yuan=amount, occurred_date=day, by=helper)
    actions.confirm(entry=arrival, answer="CONFIRMED", by=recipient)
    assert states()["WORK"] == "MISSING"
    actions.spend(commitment=commitment, amount_yuan=Decimal("4.00"), occurred_date=day, by=recipient)
    assert (states()["WORK"], states()["EFFECT"]) == ("EARNED", "MISSING")


def test_somebody_in_post_on_the_day_earns_people_until_they_leave(world: World) -> None:
    pairing, helper = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL"), world.users["dongli"]

    def people() -> list[str]:
        return [one.detail for one in marks_of(pairing)[0].evidence]

    commitment = actions.register(
        pairing=pairing, kind="CADRE", year=2020, title="挂职", quantity=2, direction="TO_RECIPIENT", by=helper
    )
    for unit, until in (("扶贫办", None), ("农业局", dt.date(2020, 12, 30))):  # the pairing's last day is the 31st
        posting = {"unit": unit, "post": "副主任", "end_date": until}
        actions.report_arrival(
            commitment=commitment, quantity=1, occurred_date=dt.date(2020, 3, 1), posting=posting, by=helper
        )
    assert people() == ["扶贫办 副主任"]
