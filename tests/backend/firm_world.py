"""Firms and villages in the small country: 天津市 helps 承德市 and 甘肃省, 青岛市 helps 陇南市, everybody at home."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backend.needs.models import Need
from backend.parties.models import Capability, Party, YearCapacity
from backend.places.models import Area, FactStatus
from backend.programmes import actions as programmes
from backend.programmes.models import FIRMS_VILLAGES, Channel, Policy
from tests.backend.places import examples
from tests.backend.world import YEAR, World, vouch_for

FIRM_POLICY: dict[str, Any] = {
    "name": "测试政策",
    "weights": {
        "need": 30, "depth": 20, "likeness": 10, "distance": 15, "capacity": 5, "ties": 10, "interest": 10,
    },
    "prefer_near": True,
    "helper_min": 0,
    "helper_max": 20,
    "recipient_min": 0,
    "recipient_max": 1,
    "coverage_deep": [40000],
    "coverage_poor": [20000],
    "stability": 0,
    "note": "",
}  # fmt: skip


@dataclass
class FirmWorld:
    """Villages and firms by short names, on top of the country."""

    world: World
    channel: Channel
    policy: Policy
    villages: dict[str, Area]
    firms: dict[str, Party]


def build_firms(world: World) -> FirmWorld:
    """龙湾 and 上庄 lie in 隆化县, 河口 in 玛曲县 (deep), 坪上 in 武都区. One firm each in 天津, 青岛 and 玛曲."""
    channel = Channel.objects.create(
        code=FIRMS_VILLAGES, name_zh="万企帮万村", name_en="10 000 Enterprises", helper="企业", recipient="村",
        cardinality="多对多", fixed_by="双方自愿", helper_kinds=["ENTERPRISE", "CHAMBER"], helper_levels=[],
        recipient_levels=["COUNTY", "TOWNSHIP", "VILLAGE"], relation="MANY_TO_MANY", settled_by="CHOICE",
        suggests="PAIRS", explanation="测试", position=9,
    )  # fmt: skip
    villages = {}
    for county, names in (("longhua", ("龙湾村", "上庄村")), ("maqu", ("河口村",)), ("wudu", ("坪上村",))):
        code = world.areas[county].code
        town = examples.area(f"{code}100", "城关镇", parent=world.areas[county], is_statutory=False)
        for number, name in enumerate(names, start=1):
            villages[name] = examples.area(f"{code}100{200 + number}", name, parent=town, is_statutory=False)
    firms = {
        name: firm(world, name, seat, industry, offers, can_carry)
        for name, seat, industry, offers, can_carry in (
            ("津水公司", "dongli", "E", ("WATER",), 2),
            ("青岛食品", "huangdao", "C", ("INDUSTRY", "CONSUMPTION"), 1),
            ("玛曲牧业", "maqu", "A", (), 1),
        )
    }
    policy = programmes.publish_policy(channel=channel, based_on=None, by=None, **FIRM_POLICY)
    return FirmWorld(world, channel, policy, villages, firms)


def firm(
    world: World, name: str, seat: str, industry: str, offers: tuple[str, ...], can_carry: int | None, **given: Any
) -> Party:
    """A verified firm with what it offers and can carry."""
    made = Party.objects.create(
        kind="ENTERPRISE", name=name, area=world.areas[seat], industry=industry, status=FactStatus.UNVERIFIED, **given
    )
    vouch_for(made, world.users["coordinator"])
    Capability.objects.bulk_create(Capability(party=made, category=category) for category in offers)
    if can_carry is not None:
        YearCapacity.objects.create(party=made, year=YEAR, villages=can_carry)
    return made


def need(world: World, area: Area, category: str, **given: Any) -> Need:
    """A published need."""
    defaults: dict[str, Any] = {
        "title": f"{area.name}{category}", "detail": "", "category": category, "causes": [],
        "quantity": Decimal(1), "unit": "项", "cost_yuan": Decimal("100000.00"), "deadline_date": dt.date(2099, 1, 1),
        "performance_target": "见效", "benefit_link": "SERVICE", "status": "PUBLISHED",
        "proposed_by": world.users["longhua"], "reviewed_by": world.users["second"],
        "approved_by": world.users["coordinator"], "published_at": timezone.now(),
    }  # fmt: skip
    return Need.objects.create(area=area, **{**defaults, **given})
