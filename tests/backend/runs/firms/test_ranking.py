"""The ranking for one firm: the scores of a national run, over all that it may help, and what stands there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import Role, User
from backend.interests import actions as interests
from backend.lifecycle.actions import move
from backend.pairings import actions as pairings
from backend.pairings.decision_models import Decision
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.programmes import firm_frame
from backend.programmes.models import RegionPair
from backend.runs import actions as runs
from backend.runs.firms import counties, facts, ranking
from backend.runs.firms.scoring import Scoring
from backend.runs.models import Suggestion
from tests.backend.firm_world import FirmWorld, build_firms, firm, need
from tests.backend.places import examples
from tests.backend.world import YEAR, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World) -> FirmWorld:
    """A log-in for 津水公司; 龙湾 lacks water and health, 上庄 a school, and all else has told nothing."""
    found = build_firms(world)
    need(world, found.villages["龙湾村"], "WATER")
    need(world, found.villages["龙湾村"], "HEALTH")
    need(world, found.villages["上庄村"], "EDUCATION")
    log_in(found, "firm", found.firms["津水公司"])
    return found


def log_in(made: FirmWorld, username: str, party: Party) -> None:
    made.world.users[username] = User.objects.create(
        username=username, display_name=username, role=Role.COMPANY, party=party
    )


def asked(made: FirmWorld, who: str = "firm", name: str = "津水公司", **query: Any) -> Any:
    response = made.world.client(who).get(f"/api/parties/{made.firms[name].pk}/villages", query)
    assert response.status_code == 200, response.content
    return response.json()


def names(said: dict[str, Any]) -> list[str]:
    return [row["area"]["name"] for row in said["results"]]


def found(said: dict[str, Any], name: str) -> dict[str, Any]:
    (row,) = (row for row in said["results"] if row["area"]["name"] == name)
    return dict(row)


def pair(made: FirmWorld, who: str, village: str, **given: Any) -> Pairing:
    usual: dict[str, Any] = {
        "channel": made.channel, "start_date": dt.date(YEAR, 1, 1), "end_date": None,
        "origin": Pairing.Origin.MANUAL, "by": made.world.users["coordinator"],
    }  # fmt: skip
    return pairings.create(helper=made.firms[who], recipient=made.villages[village], **{**usual, **given})


def refuse(made: FirmWorld, who: str, village: str) -> None:
    run = runs.request(policy=made.world.policy, year=YEAR, by=made.world.users["coordinator"])
    type(run).objects.filter(pk=run.pk).update(channel=made.channel)
    suggestion = Suggestion.objects.create(
        run=run, helper=made.firms[who], recipient=made.villages[village], score=1, state="FREE", tier="poor",
        reasons=[], rank=1,
    )  # fmt: skip
    Decision.objects.create(
        about=suggestion, suggestion=suggestion, verdict="REFUSED", reason="太远", by=made.world.users["coordinator"]
    )


# --- what is ranked, and how -----------------------------------------------------------------------------------------


def test_villages_come_best_first_with_points_that_add_up_and_are_put_into_words(made: FirmWorld) -> None:
    said = asked(made)
    assert [row["rank"] for row in said["results"]] == list(range(1, said["count"] + 1))
    assert [row["score"] for row in said["results"]] == sorted((row["score"] for row in said["results"]), reverse=True)
    for row in said["results"]:
        assert sum(one["weight"] * one["points"] for one in row["reasons"]) // 100 == row["score"]
    assert found(said, "龙湾村")["score"] > found(said, "上庄村")["score"]  # whose need the firm cannot meet
    best = found(said, "龙湾村")
    (reason,) = (one for one in best["reasons"] if one["code"] == "need")
    assert reason["points"] == 5000
    assert reason["zh"] == "本村公布的 2 项未满足需求中，1 项是企业所能做的（饮水安全）"
    assert (best["needs"], best["county_needs"], best["helpers"], best["why_not"]) == (2, 3, 0, None)
    assert 200 < best["distance_km"] < 300


@pytest.mark.parametrize("name", ["津水公司", "青岛食品", "玛曲牧业"])
def test_scores_are_those_of_a_run_over_all_firms_and_villages(made: FirmWorld, name: str) -> None:
    """A county's hardship is told among all poor counties, not among those that one firm may help."""
    ranked = ranking.rank(made.firms[name], made.policy)
    assert ranked is not None
    whole = Scoring(
        facts.firms(Party.objects.joining(), YEAR), facts.villages(YEAR), made.policy.weights, made.policy.prefer_near
    )
    at = whole.firms.ids.tolist().index(made.firms[name].pk)
    national = dict(zip(whole.villages.ids.tolist(), whole.scores_of(at).tolist(), strict=True))
    mine = dict(zip(ranked.scoring.villages.ids.tolist(), ranked.scores.tolist(), strict=True))
    assert mine == {village: national[village] for village in mine}
    assert mine


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("津水公司", {"龙湾村", "上庄村", "河口村", "坪上村"}),  # 天津 is there for 承德 and for 甘肃
        ("青岛食品", {"坪上村"}),
        ("玛曲牧业", {"河口村", "坪上村"}),  # its own province
    ],
)
def test_firm_sees_its_own_province_and_what_its_province_or_city_helps(
    made: FirmWorld, name: str, there: set[str]
) -> None:
    ranked = ranking.rank(made.firms[name], made.policy)
    assert ranked is not None
    by_id = {village.pk: name for name, village in made.villages.items()}
    assert {by_id[one] for one in ranked.scoring.villages.ids.tolist()} == there
    assert firm_frame.latest() == (YEAR, firm_frame.of_year(YEAR))


def test_frame_is_the_one_in_force_in_the_latest_year(made: FirmWorld) -> None:
    RegionPair.objects.filter(helper_area=made.world.areas["tianjin"]).update(valid_to=dt.date(2018, 12, 31))
    assert names(asked(made)) == []
    assert asked(made)["year"] == YEAR


# --- what already stands there ---------------------------------------------------------------------------------------


def test_village_that_is_helped_is_marked_and_full_at_the_policys_maximum(made: FirmWorld) -> None:
    pair(made, "青岛食品", "坪上村")
    said = asked(made)
    assert (said["scored"], said["helped"]) == (4, 1)
    taken, free = found(said, "坪上村"), found(said, "龙湾村")
    assert (taken["helpers"], taken["is_full"], taken["is_helping"]) == (1, True, False)
    assert (free["helpers"], free["is_full"]) == (0, False)
    assert "坪上村" not in names(asked(made, helped="false"))
    assert names(asked(made, helped="true")) == ["坪上村"]


def test_help_through_another_channel_counts_as_help_and_fills_nothing(made: FirmWorld) -> None:
    other = type(made.channel).objects.create(
        **{
            **{field.attname: getattr(made.channel, field.attname) for field in made.channel._meta.concrete_fields[1:]},
            "code": "social_forces",
        }
    )
    pair(made, "青岛食品", "坪上村", channel=other)
    taken = found(asked(made), "坪上村")
    assert (taken["helpers"], taken["is_full"]) == (1, False)


def test_pairing_of_another_year_takes_nothing(made: FirmWorld) -> None:
    pair(made, "青岛食品", "坪上村", start_date=dt.date(YEAR - 1, 1, 1), end_date=dt.date(YEAR - 1, 12, 31))
    assert asked(made)["helped"] == 0


def test_own_pairing_is_marked_leaves_less_room_and_is_not_wished_for(made: FirmWorld) -> None:
    pair(made, "津水公司", "龙湾村")
    own, other = (found(asked(made), name) for name in ("龙湾村", "上庄村"))
    assert (own["is_helping"], own["why_not"], other["why_not"]) == (True, "HELPING", None)
    (room,) = (one for one in other["reasons"] if one["code"] == "capacity")
    assert room["zh"] == "企业填报可帮 2 个村，已帮 1 个，还可再帮 1 个"


def test_pair_that_was_refused_or_objected_to_is_left_out(made: FirmWorld) -> None:
    refuse(made, "津水公司", "龙湾村")
    refuse(made, "青岛食品", "上庄村")
    proposal = pair(made, "津水公司", "河口村")
    pairings.answer(pairing=proposal, answer="OBJECTED", reason="另有安排", by=made.world.users["firm"])
    said = asked(made)
    assert sorted(names(said)) == ["上庄村", "坪上村"]
    assert (said["count"], said["scored"]) == (2, 2)


def test_own_interest_is_shown_with_its_points_and_stays_a_reason_until_withdrawn(made: FirmWorld) -> None:
    before = found(asked(made), "上庄村")
    wish = interests.express(party=made.firms["津水公司"], area=made.villages["上庄村"], by=made.world.users["firm"])
    after = found(asked(made), "上庄村")
    assert after["interest"] == {"id": wish.pk, "status": "OPEN", "version": 1}
    assert after["score"] - before["score"] == made.policy.weights["interest"] * 100
    interests.withdraw(interest=wish, by=made.world.users["firm"])
    assert found(asked(made), "上庄村") == before


# --- who looks, and what is lacking ----------------------------------------------------------------------------------


def test_those_who_watch_over_a_firm_look_but_do_not_wish(made: FirmWorld) -> None:
    said = asked(made, "coordinator")
    assert (said["is_own"], said["results"][0]["why_not"]) == (False, "OTHER")
    for who in ("gansu", "dongli", "longhua"):
        response = made.world.client(who).get(f"/api/parties/{made.firms['津水公司'].pk}/villages")
        assert response.status_code == 404, who


def test_firm_that_waits_to_be_verified_may_look_and_is_told_why_it_may_not_wish(made: FirmWorld) -> None:
    newcomer = Party.objects.create(
        kind="ENTERPRISE", name="新公司", area=made.world.areas["dongli"], status="UNVERIFIED"
    )
    newcomer.capabilities.create(category="WATER")
    made.firms["新公司"] = newcomer
    log_in(made, "newcomer", newcomer)
    said = asked(made, "newcomer", "新公司")
    assert said["lacks"] == ["CAPACITY", "VERIFICATION"]
    assert {row["why_not"] for row in said["results"]} == {"NOT_VERIFIED"}


def test_firm_that_has_not_said_what_it_can_do_is_told_that_this_comes_first(made: FirmWorld) -> None:
    log_in(made, "silent", made.firms["玛曲牧业"])
    said = asked(made, "silent", "玛曲牧业")
    assert (said["lacks"], said["count"], said["results"]) == (["CAPABILITY"], 0, [])


def test_without_a_seat_or_a_policy_there_is_nothing_to_rank(made: FirmWorld) -> None:
    made.firms["无址公司"] = firm(made.world, "无址公司", "dongli", "C", ("WATER",), 1)
    log_in(made, "nowhere", made.firms["无址公司"])
    Party.objects.filter(pk=made.firms["无址公司"].pk).update(area=None)
    assert (asked(made, "nowhere", "无址公司")["lacks"], asked(made, "nowhere", "无址公司")["count"]) == (["SEAT"], 0)
    type(made.channel).objects.filter(pk=made.channel.pk).update(code="another")
    said = asked(made)
    assert (said["lacks"], said["policy_version"], said["results"]) == (["POLICY"], None, [])


def test_only_firms_and_organisations_are_ranked_for(made: FirmWorld) -> None:
    government = made.world.governments["dongli"].pk
    assert made.world.client("coordinator").get(f"/api/parties/{government}/villages").status_code == 404


# --- narrowing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"province": "620000"}, {"河口村", "坪上村"}),
        ({"category": "EDUCATION"}, {"上庄村"}),
        ({"within_km": 400}, {"龙湾村", "上庄村"}),
        ({"search": "longwan"}, {"龙湾村"}),
        ({"search": "隆化"}, {"龙湾村", "上庄村"}),
        ({"search": "武都", "category": "WATER"}, set()),
    ],
)
def test_ranking_is_narrowed_and_ranks_stay(made: FirmWorld, query: dict[str, Any], there: set[str]) -> None:
    all_ranks = {row["area"]["name"]: row["rank"] for row in asked(made)["results"]}
    said = asked(made, **query)
    assert {row["area"]["name"]: row["rank"] for row in said["results"]} == {name: all_ranks[name] for name in there}
    assert (said["count"], said["scored"]) == (len(there), 4)


def test_pages_follow_one_another_and_misspelt_filters_are_refused(made: FirmWorld) -> None:
    one, two = (asked(made, page=page, page_size=2) for page in (1, 2))
    assert [row["rank"] for row in (*one["results"], *two["results"])] == [1, 2, 3, 4]
    client, path = made.world.client("firm"), f"/api/parties/{made.firms['津水公司'].pk}/villages"
    for query, field in (({"provinz": "620000"}, "provinz"), ({"page": 9}, "page"), ({"within_km": 0}, "within_km")):
        response = client.get(path, query)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)


# --- what is kept between two answers --------------------------------------------------------------------------------


def test_facts_of_counties_are_read_once_and_anew_after_any_change(made: FirmWorld) -> None:
    first = counties.poor_counties(YEAR)
    with CaptureQueriesContext(connection) as queries:
        assert counties.poor_counties(YEAR) is first
    assert len(queries) == 1
    income = first.measures["rural_disposable_income"].rank.copy()
    longhua = made.world.areas["longhua"]
    longhua.indicator_values.update(value=99_000)
    again = counties.poor_counties(YEAR)
    assert not np.array_equal(again.measures["rural_disposable_income"].rank, income, equal_nan=True)
    longhua.flags.create(kind="DEEP_POVERTY", value="YES", status="SOURCED", source="名单")
    assert counties.poor_counties(YEAR) is not again
    assert examples.poor(made.world.areas["dongli"])
    assert len(counties.poor_counties(YEAR)) == len(first) + 1


def test_need_that_was_met_is_no_reason_in_the_next_answer(made: FirmWorld) -> None:
    before = found(asked(made), "上庄村")
    move(made.villages["上庄村"].needs.get(), "WITHDRAWN", by=made.world.users["longhua"], reason="已解决")
    after = found(asked(made), "上庄村")
    assert (before["needs"], after["needs"]) == (1, 0)
