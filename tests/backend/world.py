"""A small country with every kind of region pair, its governments and one log-in per side.

天津市 → 承德市 and → 甘肃省, 青岛市 → 陇南市 (which lies in 甘肃省 and is therefore Qingdao's alone).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.jobs import actions as jobs
from backend.joining.models import Registration
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.places.models import Area, AreaFlag, FactStatus
from backend.programmes import actions as programmes
from backend.programmes.models import COUNTY_PAIRING, Channel, Policy, RegionPair
from backend.runs import actions as runs
from backend.runs.models import Run
from tests.backend.places import examples

YEAR = 2020
SOURCE = "公开资料"
POLICY: dict[str, Any] = {
    "name": "测试政策",
    "weights": {"depth": 30, "strength": 20, "likeness": 15, "distance": 10, "capacity": 15, "ties": 10},
    "prefer_near": True,
    "helper_min": 0,
    "helper_max": 2,
    "recipient_min": 0,
    "recipient_max": 2,
    "coverage_deep": [40000, 8000],
    "coverage_poor": [20000, 2000],
    "stability": 3000,
    "note": "",
}


@dataclass
class World:
    """Everything by short names."""

    channel: Channel
    policy: Policy
    areas: dict[str, Area]
    governments: dict[str, Party]
    users: dict[str, User] = field(default_factory=dict)

    def client(self, who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(self.users[who])
        return client

    def pair(self, helper: str, recipient: str, **given: Any) -> Pairing:
        defaults: dict[str, Any] = {
            "start_date": dt.date(YEAR, 1, 1),
            "end_date": dt.date(YEAR, 12, 31),
            "status": Pairing.Status.IN_FORCE,
            "origin": Pairing.Origin.SOURCED,
            "fact_status": FactStatus.SOURCED,
            "source": SOURCE,
            "channel": self.channel,
        }
        return Pairing.objects.create(
            helper=self.governments[helper],
            recipient=self.areas[recipient],
            **{**defaults, **given},
        )

    def run(self, **changes: Any) -> Run:
        """Ask for a run and work on it at once; with changes, under a new version of the policy."""
        policy = self.policy
        if changes:
            policy = programmes.publish_policy(
                channel=self.channel, based_on=None, by=self.users["coordinator"], **{**POLICY, **changes}
            )
        run = runs.request(policy=policy, year=YEAR, by=self.users["coordinator"])
        lease = jobs.claim()
        assert lease is not None
        jobs.work_on(lease)
        run.refresh_from_db()
        return run


def vouch_for(party: Party, by: User) -> Party:
    """Enter a firm into the register as verified."""
    now = timezone.now()
    Registration.objects.create(party=party, status="VERIFIED", submitted_at=now, decided_by=by, decided_at=now)
    party.refresh_from_db()
    return party


def key() -> dict[str, str]:
    """Headers of one money POST."""
    return {"HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex}


def build() -> World:
    """Create the world in the current transaction."""
    areas = _areas()
    governments = {
        name: Party.objects.create(
            kind=Party.Kind.GOVERNMENT, name=f"{area.full_name}人民政府", area=area, status=FactStatus.UNVERIFIED
        )
        for name, area in areas.items()
        if area.level == Area.Level.COUNTY
    }
    channel = Channel.objects.get_or_create(
        code=COUNTY_PAIRING,
        defaults={
            "name_zh": "携手奔小康",
            "name_en": "County pairing",
            "helper": "东部区县",
            "recipient": "贫困县",
            "cardinality": "多对多",
            "fixed_by": "两省协商",
            "helper_kinds": ["GOVERNMENT"],
            "helper_levels": ["COUNTY", "PREFECTURE"],
            "recipient_levels": ["COUNTY"],
            "relation": "MANY_TO_MANY",
            "settled_by": "AGREEMENT",
            "suggests": "PAIRS",
            "explanation": "测试",
        },
    )[0]
    for helper, recipient in (("tianjin", "chengde"), ("tianjin", "gansu"), ("qingdao", "longnan")):
        RegionPair.objects.create(
            channel=channel,
            helper_area=areas[helper],
            recipient_area=areas[recipient],
            valid_from=dt.date(2016, 1, 1),
            valid_to=dt.date(2020, 12, 31),
            status=FactStatus.SOURCED,
            source=SOURCE,
        )
    policy = programmes.publish_policy(channel=channel, based_on=None, by=None, **POLICY)
    world = World(channel, policy, areas, governments)
    world.users = _users(world)
    return world


def _areas() -> dict[str, Area]:
    tianjin = examples.area("120000", "天津市")
    hebei = examples.area("130000", "河北省")
    chengde = examples.area("130800", "承德市", parent=hebei)
    shandong = examples.area("370000", "山东省")
    qingdao = examples.area("370200", "青岛市", parent=shandong)
    gansu = examples.area("620000", "甘肃省")
    longnan = examples.area("621200", "陇南市", parent=gansu)
    gannan = examples.area("623000", "甘南藏族自治州", parent=gansu)
    areas = {
        "tianjin": tianjin,
        "hebei": hebei,
        "chengde": chengde,
        "shandong": shandong,
        "qingdao": qingdao,
        "gansu": gansu,
        "longnan": longnan,
        "gannan": gannan,
    }
    helpers = {
        "dongli": ("120110", "东丽区", tianjin, 117.31, 39.09),
        "xiqing": ("120111", "西青区", tianjin, 117.0, 39.1),
    }
    helpers["huangdao"] = ("370211", "黄岛区", qingdao, 120.2, 35.96)
    for name, (code, label, parent, lon, lat) in helpers.items():
        areas[name] = examples.area(code, label, parent=parent, is_eastern_helper=True, lon=lon, lat=lat)
    recipients = {
        "longhua": ("130825", "隆化县", chengde, 117.74, 41.31),
        "fengning": ("130826", "丰宁满族自治县", chengde, 116.65, 41.21),
        "maqu": ("623025", "玛曲县", gannan, 102.07, 34.0),
        "wudu": ("621202", "武都区", longnan, 104.93, 33.39),
    }
    for name, (code, label, parent, lon, lat) in recipients.items():
        areas[name] = examples.area(code, label, parent=parent, lon=lon, lat=lat)
        examples.poor(areas[name])
    AreaFlag.objects.create(
        area=areas["maqu"], kind="THREE_REGIONS", value="YES", detail="四省藏区", status="SOURCED", source=SOURCE
    )
    income = examples.indicator("rural_disposable_income", name_zh="农村居民人均可支配收入", unit="元")
    for name, number in (("longhua", 9000), ("fengning", 10500), ("wudu", 8000)):
        examples.value(areas[name], income, number)
    revenue = examples.indicator("fiscal_revenue", name_zh="一般公共预算收入", unit="万元")
    examples.value(areas["dongli"], revenue, 800000)
    examples.value(areas["huangdao"], revenue, 2500000)
    return areas


def _users(world: World) -> dict[str, User]:
    def user(username: str, role: Role, **scope: Any) -> User:
        return User.objects.create(username=username, display_name=f"{username}的经办人", role=role, **scope)

    users = {
        "coordinator": user("coordinator", Role.COORDINATOR),
        "second": user("second", Role.COORDINATOR),
        "gansu": user("gansu", Role.COORDINATOR, region=world.areas["gansu"]),
        "auditor": user("auditor", Role.AUDITOR),
        "administrator": user("administrator", Role.ADMINISTRATOR),
    }
    for name in ("dongli", "xiqing", "huangdao"):
        users[name] = user(name, Role.PARTNER, party=world.governments[name])
    for name in ("longhua", "fengning", "maqu", "wudu"):
        users[name] = user(name, Role.RECIPIENT, party=world.governments[name])
    return users
