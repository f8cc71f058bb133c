"""Who plays in the demonstration.

The partner and the recipient are the two governments of a pair that nobody has made yet and that the optimal run under
the first policy puts at the top of its list. A newcomer can therefore walk the whole journey with these log-ins: start
a run, accept the pair, confirm it from both sides, register a commitment, report and confirm an arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.accounts.models import Role
from backend.needs.models import Need
from backend.parties.codes import Industry
from backend.parties.help import HelpCategory, HelpMode
from backend.parties.models import DEMO_MARK, Party

PARTNER_CODE = "120117"  # 天津市宁河区
RECIPIENT_CODE = "130826"  # 河北省承德市丰宁满族自治县


@dataclass(frozen=True)
class InventedParty:
    """A party that does not exist; nobody could take its name for a real one."""

    kind: Party.Kind
    name: str
    seat: str | None
    industry: Industry | str = ""
    uscc: str | None = None


# The code is sound, but there is no place 999900: no firm can have it.
COMPANY = InventedParty(
    Party.Kind.ENTERPRISE, f"{DEMO_MARK}示例农产品加工有限公司", PARTNER_CODE, Industry.C, "91999900DEM000001Q"
)
FEDERATION = InventedParty(Party.Kind.FEDERATION, f"{DEMO_MARK}宁河区工商业联合会", PARTNER_CODE)
UNIT = InventedParty(Party.Kind.CENTRAL_UNIT, f"{DEMO_MARK}示例中央单位", None)
INVENTED = (COMPANY, FEDERATION, UNIT)


@dataclass(frozen=True)
class Player:
    """One log-in. `acts_for` is the code of the area whose real government, or the invented party, it speaks for."""

    username: str
    role: Role
    title: str
    acts_for: str | InventedParty | None = None

    @property
    def display_name(self) -> str:
        return DEMO_MARK + self.title


PLAYERS = (
    Player("coordinator", Role.COORDINATOR, "全国协调员"),
    Player("reviewer", Role.COORDINATOR, "全国复核员"),
    Player("partner", Role.PARTNER, "宁河区经办人", PARTNER_CODE),
    Player("recipient", Role.RECIPIENT, "丰宁县经办人", RECIPIENT_CODE),
    Player("approver", Role.RECIPIENT, "丰宁县审定人", RECIPIENT_CODE),
    Player("company", Role.COMPANY, "企业经办人", COMPANY),
    Player("federation", Role.FEDERATION, "宁河区工商联经办人", FEDERATION),
    Player("central_unit", Role.CENTRAL_UNIT, "中央单位经办人", UNIT),
    Player("auditor", Role.AUDITOR, "审计人员"),
    Player("admin", Role.ADMINISTRATOR, "管理员"),
)


# What the company says it can do, and how much of it in a year.
OFFERS: tuple[dict[str, Any], ...] = (
    {"category": HelpCategory.CONSUMPTION, "mode": HelpMode.PURCHASE, "quantity": Decimal(300), "unit": "吨",
     "description": "按保底价收购错季蔬菜和杂粮", "proof": "收购意向书 演示-2020-01"},
    {"category": HelpCategory.EMPLOYMENT, "mode": "", "quantity": Decimal(60), "unit": "人",
     "description": "分拣、包装岗位，包吃住", "proof": ""},
    {"category": HelpCategory.SKILLS, "mode": HelpMode.TRAINING, "quantity": None, "unit": "",
     "description": "冷链和分级技术培训", "proof": ""},
)  # fmt: skip
VILLAGES_A_YEAR, BUDGET_WAN = 3, 80

# The invented unit's county, so that its log-in has something to keep: no publication says so.
DESIGNATED_SINCE, DESIGNATED_BY = 2019, f"{DEMO_MARK}虚构的定点扶贫关系"


@dataclass(frozen=True)
class InventedNeed:
    """What a real county might need; nobody there has said so."""

    title: str
    category: HelpCategory
    causes: tuple[Need.Cause, ...]
    quantity: str
    unit: str
    cost_wan: int | None
    target: str
    link: Need.BenefitLink
    beneficiaries: int | None


# One for each kind of help; entered by the recipient, published by the approver, the last one left to be published.
NEEDS = (
    InventedNeed(
        "村级饮水管网延伸", Need.Category.WATER, (Need.Cause.WATER,), "18.5", "公里", 320,
        "6 个村 1 200 户喝上自来水", Need.BenefitLink.SERVICE, 2600,
    ),
    InventedNeed(
        "县医院驻点专科医生", Need.Category.HEALTH, (Need.Cause.ILLNESS, Need.Cause.DISABILITY), "6", "人", None,
        "驻点满一年，县内就诊率提高到九成", Need.BenefitLink.SERVICE, 8000,
    ),
    InventedNeed(
        "错季蔬菜冷库", Need.Category.INDUSTRY, (Need.Cause.CAPITAL, Need.Cause.SKILL), "3", "座", 560,
        "储存 2 000 吨，带动 300 户增收", Need.BenefitLink.ORDERS, 950,
    ),
    InventedNeed(
        "护工和家政技能培训", Need.Category.SKILLS, (Need.Cause.SKILL,), "400", "人", 48,
        "结业 400 人，其中 280 人转移就业", Need.BenefitLink.JOBS, 400,
    ),
    InventedNeed(
        "通村道路硬化", Need.Category.TRANSPORT, (Need.Cause.ROADS,), "12", "公里", 680,
        "4 个自然村通硬化路，雨季不断行", Need.BenefitLink.SERVICE, 1500,
    ),
)  # fmt: skip
