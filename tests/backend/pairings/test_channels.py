"""Who may stand in which channel, and what the platform never touches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.programmes.models import Channel, Policy
from backend.reference import load_programmes
from backend.runs import actions as runs
from backend.web.problems import Invalid, constraint_of
from tests.backend.world import POLICY, World

# Every channel but the two that are matched, and the words that tell who decides there.
NOT_MATCHED = [
    ("east_west_cooperation", "党中央、国务院"),
    ("paired_aid", "中央"),
    ("designated_assistance", "国务院扶贫开发领导小组"),
    ("social_forces", "帮扶者自愿"),
]


@pytest.fixture
def channels(world: World) -> dict[str, Channel]:
    """The six channels as they are loaded; helpers of every kind."""
    load_programmes.channels()
    return {channel.code: channel for channel in Channel.objects.all()}


@pytest.mark.parametrize(("code", "who"), NOT_MATCHED)
def test_channel_that_others_decide_takes_no_policy_no_run_and_no_pairing_by_hand(
    world: World, channels: dict[str, Channel], code: str, who: str
) -> None:
    client = world.client("coordinator")
    refused = client.post("/api/policies", {**POLICY, "channel": code, "based_on": None}, format="json")
    words = f"{channels[code].name_zh}的结对关系由{who}确定，系统不提出建议"
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (400, words)

    content = {name: value for name, value in POLICY.items() if name not in ("name", "note")}
    policy = Policy.objects.create(channel=channels[code], version=1, name="x", **content)
    with pytest.raises(Invalid, match=f"由{who}确定，系统不提出建议"):
        runs.request(policy=policy, year=2020, by=world.users["coordinator"])

    pair = {"helper": world.governments["dongli"].pk, "recipient": "130826"}
    body = {**pair, "channel": code, "start_date": "2020-01-01"}
    refused = client.post("/api/pairings", body, format="json")
    words = f"{channels[code].name_zh}的结对关系由{who}确定，系统只记录，不在此录入"
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (400, words)
    assert not Pairing.objects.exists()


def test_helper_and_recipient_of_the_wrong_kind_are_refused_with_the_right_one(
    world: World, channels: dict[str, Channel]
) -> None:
    tianjin = Party.objects.create(
        kind="GOVERNMENT", name="天津市人民政府", area=world.areas["tianjin"], status="UNVERIFIED"
    )
    for changes, field, words in (
        ({"helper": tianjin.pk}, "helper", "携手奔小康行动的帮扶方应是县级、地级人民政府"),
        ({"recipient": "130800"}, "recipient", "携手奔小康行动的受援方应是县级地区，河北省承德市不是"),
    ):
        body = {
            "helper": world.governments["dongli"].pk, "recipient": "130826", "channel": "county_pairing",
            "start_date": "2020-01-01", **changes,
        }  # fmt: skip
        error = world.client("coordinator").post("/api/pairings", body, format="json").json()["errors"][0]
        assert (error["field"], error["message"]) == (field, words)


def attempt(**fields: Any) -> str | None:
    """The name of the constraint that refuses this row."""
    row = {"start_date": dt.date(2016, 1, 1), "status": "UNVERIFIED", "origin": "SOURCED", **fields}
    try:
        with transaction.atomic():
            Pairing.objects.bulk_create([Pairing(**row)])
    except IntegrityError as error:
        return constraint_of(error)
    return None


def test_database_knows_who_may_stand_in_a_channel(world: World, channels: dict[str, Channel]) -> None:
    area, dongli = world.areas, world.governments["dongli"]
    unit = Party.objects.create(kind="CENTRAL_UNIT", name="某部", status="UNVERIFIED")
    designated, counties, aid = (channels[code] for code in ("designated_assistance", "county_pairing", "paired_aid"))
    assert attempt(channel=designated, helper=unit, recipient=area["fengning"]) is None
    assert attempt(channel=designated, helper=dongli, recipient=area["fengning"]) == "pairing_helper_fits_channel"
    assert attempt(channel=designated, helper=unit, recipient=area["chengde"]) == "pairing_recipient_fits_channel"
    assert attempt(channel=counties, helper=unit, recipient=area["fengning"]) == "pairing_helper_fits_channel"
    assert attempt(channel=aid, helper=unit, recipient=area["chengde"]) is None
    assert attempt(channel=aid, helper=unit, recipient=area["hebei"]) == "pairing_recipient_fits_channel"


def test_database_lets_nobody_make_or_turn_what_an_authority_settled(
    world: World, channels: dict[str, Channel]
) -> None:
    unit, fixed = Party.objects.create(kind="CENTRAL_UNIT", name="某部", status="UNVERIFIED"), "designated_assistance"
    row = {"channel": channels[fixed], "helper": unit, "recipient": world.areas["fengning"]}
    rule = "pairing_of_authority_is_recorded"
    assert attempt(**row, origin="MANUAL") == attempt(**row, status="PROPOSED") == rule
    assert attempt(**row) is None
    for change in ({"recipient": world.areas["longhua"]}, {"status": "PROPOSED"}, {"origin": "MANUAL"}):
        with pytest.raises(IntegrityError) as raised, transaction.atomic():
            Pairing.objects.filter(helper=unit).update(**change)
        assert constraint_of(raised.value) == rule


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"helper_kinds": ["PROVINCE"]}, "channel_kinds_are_kinds"),
        ({"helper_kinds": []}, "channel_kinds_are_kinds"),
        ({"recipient_levels": []}, "channel_levels_are_levels"),
        ({"helper_levels": []}, "channel_levels_where_governments_help"),
        ({"settled_by": "AUTHORITY"}, "channel_of_an_authority_suggests_no_pairs"),
    ],
)
def test_channel_that_contradicts_itself_is_refused(world: World, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        Channel.objects.filter(pk=world.channel.pk).update(**change)
    assert constraint_of(raised.value) == rule
