"""What is read from the register of a firm and a village, and how the reasons put it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backend.parties.models import Party
from backend.places.models import AreaFlag
from backend.programmes import firm_frame
from backend.runs.firms import facts, sentences
from backend.runs.firms.scoring import Scoring
from tests.backend.firm_world import FirmWorld, build_firms, need
from tests.backend.world import YEAR, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def villages(world: World) -> FirmWorld:
    return build_firms(world)


def scoring(made: FirmWorld, load: dict[int, int] | None = None) -> Scoring:
    firms = facts.firms(Party.objects.filter(kind="ENTERPRISE").in_good_standing(), YEAR, load)
    return Scoring(firms, facts.villages(YEAR), made.policy.weights, made.policy.prefer_near)


def told(made: FirmWorld, firm: str, village: str, *, wanted: bool = False) -> dict[str, dict[str, Any]]:
    found = scoring(made)
    h = np.flatnonzero(found.firms.ids == made.firms[firm].pk)
    r = np.flatnonzero(found.villages.ids == made.villages[village].pk)
    rows = sentences.explained(found, h, r, np.array([wanted]))
    assert sum(row["weight"] * row["points"] for row in rows[0]) // 100 == found.score(h, r, np.array([wanted]))[0]
    return {row["code"]: row for row in rows[0]}


def test_own_needs_of_a_village_decide_alone(villages: FirmWorld) -> None:
    need(villages.world, villages.villages["龙湾村"], "WATER")
    need(villages.world, villages.villages["龙湾村"], "TRANSPORT")
    need(villages.world, villages.villages["上庄村"], "HEALTH")
    water = told(villages, "津水公司", "龙湾村")["need"]
    assert (water["points"], water["missing"]) == (5000, False)
    assert water["zh"] == "本村公布的 2 项未满足需求中，1 项是企业所能做的（饮水安全）"
    assert told(villages, "津水公司", "上庄村")["need"]["points"] == 0


def test_needs_of_the_county_speak_for_a_village_without_any_at_half_weight(villages: FirmWorld) -> None:
    need(villages.world, villages.villages["龙湾村"], "WATER")
    need(villages.world, villages.world.areas["longhua"], "HEALTH", reviewed_by=None)
    said = told(villages, "津水公司", "上庄村")["need"]
    assert said["points"] == 5000
    assert said["zh"] == "本村尚未公布需求；所在县公布的 2 项未满足需求中，1 项是企业所能做的（饮水安全），按一半力度计"
    assert told(villages, "青岛食品", "上庄村")["need"]["points"] == 2500


def test_need_that_is_met_counts_no_more(villages: FirmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models import DecimalField, Value

    need(villages.world, villages.villages["龙湾村"], "WATER")
    monkeypatch.setattr(
        facts, "with_promised", lambda rows: rows.annotate(gap_yuan=Value(0, output_field=DecimalField()))
    )
    said = told(villages, "津水公司", "龙湾村")["need"]
    assert (said["points"], said["missing"]) == (5000, True)
    assert said["zh"] == "本村和所在县都没有公布尚有缺口的需求，按中性计"


def test_firm_that_offers_nothing_yet_is_neutral(villages: FirmWorld) -> None:
    need(villages.world, villages.villages["河口村"], "WATER")
    said = told(villages, "玛曲牧业", "河口村")["need"]
    assert (said["points"], said["missing"]) == (5000, True)
    assert said["zh"] == "企业尚未填写能做什么，按中性计"


def test_depth_says_what_no_list_tells_of_the_village(villages: FirmWorld) -> None:
    said = told(villages, "玛曲牧业", "河口村")["depth"]
    assert said["points"] == 9000
    assert said["zh"] == "本村是否建档立卡贫困村，尚无资料，按中性计；受援县属于三区三州（四省藏区），按深度贫困优先"
    AreaFlag.objects.create(
        area=villages.villages["河口村"], kind="DEEP_VILLAGE", value="YES", status="SOURCED", source="省公告"
    )
    assert told(villages, "玛曲牧业", "河口村")["depth"]["points"] == 10_000


def test_flag_without_a_source_stays_unknown(villages: FirmWorld) -> None:
    AreaFlag.objects.create(area=villages.villages["河口村"], kind="POOR_VILLAGE", value="NO", status="UNVERIFIED")
    assert told(villages, "玛曲牧业", "河口村")["depth"]["points"] == 9000


def test_village_without_position_lies_where_its_county_lies(villages: FirmWorld) -> None:
    said = told(villages, "津水公司", "龙湾村")
    assert said["distance"]["zh"] == "企业所在县与本村（或所在县）直线约 250 千米，就近优先"
    assert said["ties"]["zh"] == "企业与本村分属两省（区、市），有协作关系时可以结对"
    assert told(villages, "玛曲牧业", "河口村")["ties"]["points"] == 10_000


def test_capacity_is_what_the_firm_said_less_what_it_has(villages: FirmWorld) -> None:
    said = told(villages, "津水公司", "龙湾村")["capacity"]
    assert (said["points"], said["zh"]) == (5000, "企业填报可帮 2 个村，已帮 0 个，还可再帮 2 个")
    full = scoring(villages, {villages.firms["津水公司"].pk: 2})
    at = np.flatnonzero(full.firms.ids == villages.firms["津水公司"].pk)
    assert full.points(at, np.array([0]))["capacity"].tolist() == [0]


def test_wish_of_the_firm_counts(villages: FirmWorld) -> None:
    assert told(villages, "津水公司", "龙湾村")["interest"]["points"] == 0
    said = told(villages, "津水公司", "龙湾村", wanted=True)["interest"]
    assert (said["points"], said["zh"]) == (10_000, "企业已表示愿意帮扶本村")


def test_facts_take_a_fixed_number_of_questions(villages: FirmWorld, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        facts.villages(YEAR)
    with django_assert_max_num_queries(3):
        facts.firms(Party.objects.filter(kind="ENTERPRISE"), YEAR)


@pytest.mark.parametrize(
    ("firm", "village", "allowed"),
    [
        ("津水公司", "龙湾村", True),  # 天津市 → 承德市
        ("津水公司", "河口村", True),  # 天津市 → 甘肃省
        ("津水公司", "坪上村", True),  # in 甘肃省 too, whoever else its city belongs to
        ("青岛食品", "坪上村", True),  # 青岛市 → 陇南市
        ("青岛食品", "河口村", False),
        ("青岛食品", "龙湾村", False),
        ("玛曲牧业", "坪上村", True),  # at home
        ("玛曲牧业", "龙湾村", False),
    ],
)
def test_firm_helps_at_home_and_where_its_province_or_city_helps(
    villages: FirmWorld, firm: str, village: str, allowed: bool
) -> None:
    frame = firm_frame.of_year(YEAR)
    seat, place = villages.firms[firm].area, villages.villages[village]
    assert seat is not None
    seat.refresh_from_db()
    place.refresh_from_db()
    assert frame.allows(seat.path, place.path) is allowed


def test_firm_without_a_seat_may_help_nowhere(villages: FirmWorld) -> None:
    place = villages.villages["龙湾村"]
    place.refresh_from_db()
    assert not firm_frame.of_year(YEAR).allows("", place.path)
