"""What anybody may know of a relation, its money and its life; and what only its two sides may."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.commitments import actions as commitments
from backend.commitments.models import Commitment
from backend.pairings import actions as pairings
from backend.pairings.models import Pairing
from tests.backend.world import World

TITLE = "冷库建设"


@pytest.fixture
def agreed(world: World) -> Pairing:
    """A pairing that both sides confirmed, with money agreed, arrived and confirmed."""
    pairing = world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL", fact_status="", source="")
    for side in ("dongli", "longhua"):
        pairings.answer(pairing=pairing, answer="ACKNOWLEDGED", by=world.users[side])
    commitment = commitments.register(
        pairing=pairing, kind=Commitment.Kind.FISCAL_AID, mode=Commitment.Mode.DIRECT, year=2020, title=TITLE,
        amount_yuan=Decimal("1000.00"), by=world.users["dongli"],
    )  # fmt: skip
    entry = commitments.report_arrival(
        commitment=commitment,
        amount_yuan=Decimal("400.00"),
        occurred_date=dt.date(2020, 6, 1),
        by=world.users["dongli"],
    )
    commitments.confirm(entry=entry, answer="CONFIRMED", by=world.users["longhua"])
    return pairing


def get(path: str, client: APIClient | None = None, **query: Any) -> Any:
    response = (client or APIClient()).get(f"/api/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def statuses(world: World, who: str | None) -> list[str]:
    rows = get("relations", world.client(who) if who else None, area="130825")["results"]
    return sorted(row["status"] for row in rows)


def test_public_knows_what_is_in_force_ended_or_on_record_and_nothing_else(world: World) -> None:
    for at, status in enumerate(Pairing.Status.values):
        days = {"start_date": dt.date(1991 + at, 1, 1), "end_date": dt.date(1991 + at, 12, 31)}
        world.pair("dongli", "longhua", status=status, end_reason="期满", **days)
    world.pair("xiqing", "longhua", status="UNVERIFIED", origin="MANUAL")  # somebody's own note, no publication
    seen = ["AGREED", "COMPLETED", "ENDED", "IN_FORCE", "UNVERIFIED"]
    assert statuses(world, None) == statuses(world, "huangdao") == seen
    assert statuses(world, "dongli") == sorted(Pairing.Status.values)


def test_public_is_told_no_names_and_no_reasons(world: World, agreed: Pairing) -> None:
    [told] = get("relations", area="130825")["results"]
    assert (told["is_confirmed"], told["may_open"]) == (True, False)
    assert get("relations", world.client("longhua"), area="130825")["results"][0]["may_open"] is True
    everything = str([told, get("areas/130825/money"), get("areas/130825/timeline")])
    assert "经办人" not in everything
    assert TITLE not in everything


def test_relations_reach_a_county_through_its_prefecture_and_a_prefecture_through_its_counties(world: World) -> None:
    world.pair("dongli", "longhua")
    world.pair("dongli", "fengning")
    names = {row["recipient"]["code"] for row in get("relations", area="130800")["results"]}
    assert names == {"130825", "130826"}
    assert [row["recipient"]["code"] for row in get("relations", area="130825")["results"]] == ["130825"]
    assert get("relations", helper_area="120110")["count"] == 2


def test_money_of_a_place_is_told_by_stage_and_its_own_apart_from_that_of_places_inside(
    world: World, agreed: Pairing
) -> None:
    [line] = get("areas/130825/money")
    assert {name: line[name] for name in ("agreed", "arrived", "confirmed", "spent", "accepted")} == {
        "agreed": "1000.00", "arrived": "400.00", "confirmed": "400.00", "spent": "0.00", "accepted": "0.00",
    }  # fmt: skip
    assert (line["year"], line["channel"], line["is_own"], line["is_demo"]) == (2020, "county_pairing", True, False)
    assert [row["is_own"] for row in get("areas/130000/money")] == [False]
    assert get(f"parties/{agreed.helper_id}/money")[0]["agreed"] == "1000.00"
    assert get("areas/130826/money") == []


def test_money_of_an_objected_pairing_is_not_published(world: World, agreed: Pairing) -> None:
    world.pair("xiqing", "fengning", status="OBJECTED")
    assert get("areas/130826/money") == []


def test_timeline_tells_what_happened_newest_first(world: World, agreed: Pairing) -> None:
    moments = get("areas/130825/timeline")["results"]
    assert [one["moment"] for one in moments] == [
        "PAIRING_CONFIRMED", "COMMITMENT_REGISTERED", "ARRIVAL_CONFIRMED", "PAIRING_ENDED", "PAIRING_BEGUN",
    ] or {one["moment"] for one in moments[:3]} == {  # one transaction, one time
        "PAIRING_CONFIRMED", "COMMITMENT_REGISTERED", "ARRIVAL_CONFIRMED",
    }  # fmt: skip
    begun = moments[-1]
    assert (begun["at"][:10], begun["is_day"], begun["channel"]) == ("2020-01-01", True, "county_pairing")
    mine = get("areas/130825/timeline", world.client("longhua"))["results"]
    assert TITLE in {one["title"] for one in mine}
    assert {one["moment"] for one in get(f"parties/{agreed.helper_id}/timeline")["results"]} == {
        one["moment"] for one in moments
    }


def test_timeline_tells_each_promise_in_its_own_unit(world: World, agreed: Pairing) -> None:
    commitments.register(
        pairing=agreed, kind=Commitment.Kind.TRAINING, year=2020, title=TITLE, quantity=170, trainees="PIONEERS",
        by=world.users["dongli"],
    )  # fmt: skip
    moments = get("areas/130825/timeline")["results"]
    told = [one for one in moments if one["moment"] == "COMMITMENT_REGISTERED"]
    assert {(one["kind"], one["unit"], one["quantity"], one["yuan"]) for one in told} == {
        ("TRAINING", "PERSON_TIME", 170, None), ("FISCAL_AID", "YUAN", None, "1000.00"),
    }  # fmt: skip


def test_proposal_is_in_the_timeline_of_its_sides_only(world: World) -> None:
    world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    assert get("areas/130825/timeline")["results"] == []
    assert [one["moment"] for one in get("areas/130825/timeline", world.client("longhua"))["results"]] == [
        "PAIRING_PROPOSED"
    ]


def test_relation_whose_years_nobody_states_begins_on_no_day(world: World) -> None:
    world.pair("dongli", "longhua", start_date=dt.date(2016, 1, 1), end_date=None)
    [told] = get("relations", area="130825")["results"]
    assert told["years_known"] is False
    assert get("areas/130825/timeline")["results"] == []


def test_pages_of_a_timeline_join_without_gap_or_repetition(world: World) -> None:
    for year in range(1950, 1980):
        days = {"start_date": dt.date(year, 1, 1), "end_date": dt.date(year, 12, 31)}
        world.pair("dongli", "longhua", status="COMPLETED", **days)
    told: list[dict[str, Any]] = []
    page = get("areas/130825/timeline")
    while page["next"]:
        told += page["results"]
        page = get("areas/130825/timeline", before=page["next"])
    told += page["results"]
    times = [one["at"] for one in told]
    assert len(told) == 60
    assert times == sorted(times, reverse=True)
    assert len({(one["moment"], one["target"]) for one in told}) == 60


@pytest.mark.parametrize("before", ["x", "2020-01-01~PAIRING_BEGUN~1", "2020-01-01T00:00:00+00:00~OTHER~1"])
def test_place_where_no_page_ended_is_refused(world: World, before: str) -> None:
    response = APIClient().get("/api/areas/130825/timeline", {"before": before})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "before")


def test_unknown_place_is_not_there(world: World) -> None:
    assert APIClient().get("/api/areas/999999/money").status_code == 404
    assert APIClient().get("/api/areas/999999/timeline").status_code == 404
