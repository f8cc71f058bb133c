"""Coverage through any channel, on the real lists: what is recorded, and what rests on unverified rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.pairings.models import Pairing
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.reports.counties import poor_counties
from backend.reports.reach import Level, reach, standing, strongest, totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

YEAR = 2020


def line(recorded: int, region: int, unverified: int, none: int) -> dict[str, int]:
    """Counties by level; nobody has confirmed anything in a fresh load."""
    return {
        "CONFIRMED": 0, "RECORDED": recorded, "REGION": region, "UNCONFIRMED": 0, "UNVERIFIED": unverified, "NONE": none
    }  # fmt: skip


# Partial, as the lists are: see backend/reference/data/README.md.
COUNTY_PAIRING = line(35, 0, 67, 730)
DESIGNATED = line(32, 0, 373, 427)
PAIRED_AID = line(3, 0, 179, 650)
EAST_WEST = line(0, 448, 25, 359)
ANY = line(69, 402, 248, 113)
ANY_DEEP = line(32, 102, 149, 7)
# Nothing but unverified rows says that anybody helps these.
DOUBTFUL = [
    "克孜勒苏柯尔克孜自治州", "博尔塔拉蒙古自治州", "巴音郭楞蒙古自治州", "昌吉回族自治州", "果洛藏族自治州",
    "海北藏族自治州", "海南藏族自治州", "海西蒙古族藏族自治州", "玉树藏族自治州", "黔南布依族苗族自治州",
]  # fmt: skip


def counties(**query: Any) -> dict[str, Any]:
    response = APIClient().get("/api/counties", {"page_size": 1000, **query})
    assert response.status_code == 200, response.json()
    told: dict[str, Any] = response.json()
    return told


def test_every_line_of_the_coverage_adds_up_to_the_832_counties() -> None:
    tiers = {county.pk: county.tier for county in poor_counties()}
    reached = reach(standing(AnonymousUser(), YEAR), poor_counties())
    channels = list(Channel.objects.values_list("code", flat=True))
    lines = {line["channel"]: line for line in totals(tiers, reached, channels)}
    assert set(lines) == {*channels, None}
    assert {sum(line["all"].values()) for line in lines.values()} == {832}
    assert {sum(line["deep"].values()) for line in lines.values()} == {290}
    assert lines["county_pairing"]["all"] == COUNTY_PAIRING
    assert lines["designated_assistance"]["all"] == DESIGNATED
    assert lines["paired_aid"]["all"] == PAIRED_AID
    assert lines["east_west_cooperation"]["all"] == EAST_WEST
    assert lines[None]["all"] == ANY
    assert lines[None]["deep"] == ANY_DEEP


def test_all_30_autonomous_prefectures_are_reached_and_which_of_them_only_by_unverified_rows() -> None:
    prefectures = Area.objects.current().filter(level="PREFECTURE", name__endswith="自治州")
    reached = reach(standing(AnonymousUser(), YEAR), prefectures)
    names = dict(prefectures.values_list("pk", "name"))
    levels = {names[pk]: strongest(reached.get(pk, {}).values()) for pk in names}
    assert len(levels) == 30
    assert Level.NONE not in levels.values()
    doubtful = sorted(name for name, level in levels.items() if level == Level.UNVERIFIED)
    assert doubtful == DOUBTFUL


def test_list_agrees_with_the_totals_and_says_what_reaches_a_county() -> None:
    nobody = counties(helped_by="none")
    assert nobody["count"] == ANY["NONE"] == counties(level="NONE")["count"]
    assert {row["level"] for row in nobody["results"]} == {"NONE"}
    assert counties(helped_by="designated_assistance")["count"] == 405
    assert counties(helped_by="designated_assistance", level="RECORDED")["count"] == DESIGNATED["RECORDED"]
    assert counties(helped_by="designated_assistance", level="NONE")["count"] == 0
    [county] = counties(search="fnmzzzx")["results"]  # 丰宁满族自治县, by its initials
    assert (county["code"], county["tier"]) == ("130826", "deep")
    # 天津市 helps 承德市.
    assert {one["channel"]: one["level"] for one in county["channels"]} == {"east_west_cooperation": "REGION"}


def test_relation_that_nobody_answered_in_time_covers_nobody() -> None:
    """A day before the limit it counts; a day after, what is recorded for a county or its region does not."""
    days = settings.PAIRING_UNCONFIRMED_DAYS
    for age, designated in ((days - 1, DESIGNATED), (days + 1, {**DESIGNATED, "RECORDED": 0, "UNCONFIRMED": 32})):
        Pairing.objects.update(asked_at=timezone.now() - dt.timedelta(days=age))
        reached = reach(standing(AnonymousUser(), YEAR), poor_counties())
        tiers = {county.pk: county.tier for county in poor_counties()}
        lines = {one["channel"]: one["all"] for one in totals(tiers, reached, ["designated_assistance"])}
        assert lines["designated_assistance"] == designated
    assert counties(level="RECORDED")["count"] == counties(level="REGION")["count"] == 0
    [county] = counties(search="fnmzzzx")["results"]
    assert county["level"] == "UNCONFIRMED"


def test_file_says_each_channel_in_words() -> None:
    response = APIClient().get(
        "/api/counties", {"export": "csv", "helped_by": "designated_assistance", "parent": "130000"}
    )
    file = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = {row["代码"]: row for row in csv.DictReader(io.StringIO(file))}
    assert (
        rows["130825"]["各渠道"] == "携手奔小康行动：已登记；中央单位定点扶贫：仅有待核实；东西部扶贫协作：登记到省市"
    )
    assert rows["130825"]["任一渠道"] == "已登记"


def test_overseer_of_a_region_counts_its_counties_and_those_it_helps() -> None:
    """Hebei has 45 poor counties and helps 阿里 and 巴州; Shandong has none and helps in four provinces."""
    client = APIClient()
    for code, inside, concerned in (("130000", 45, 52), ("370000", 0, 62)):
        region = Area.objects.current().get(code=code)
        client.force_authenticate(User.objects.create(username=code, role=Role.COORDINATOR, region=region))
        told = next(one for one in client.get("/api/coverage/channels").json() if one["channel"] is None)
        assert (poor_counties().below(code).count(), sum(told["all"].values())) == (inside, concerned)


def test_unknown_filters_are_refused() -> None:
    assert APIClient().get("/api/counties", {"level": "SOME"}).status_code == 400
    assert counties(helped_by="gold")["count"] == 0


def test_list_costs_the_same_however_many_counties(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(7):
        counties()
