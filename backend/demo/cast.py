"""Who plays in the demonstration.

The partner and the recipient are the two governments of a pair that nobody has made yet and that the optimal run under
the first policy puts at the top of its list. A newcomer can therefore walk the whole journey with these log-ins: start
a run, accept the pair, confirm it from both sides, register a commitment, report and confirm an arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.accounts.models import Role
from backend.parties.models import DEMO_MARK, Party

PARTNER_CODE = "120117"  # 天津市宁河区
RECIPIENT_CODE = "130826"  # 河北省承德市丰宁满族自治县


@dataclass(frozen=True)
class InventedParty:
    """A party that does not exist; nobody could take its name for a real one."""

    kind: Party.Kind
    name: str
    seat: str | None


COMPANY = InventedParty(Party.Kind.ENTERPRISE, f"{DEMO_MARK}示例农产品加工有限公司", PARTNER_CODE)
UNIT = InventedParty(Party.Kind.CENTRAL_UNIT, f"{DEMO_MARK}示例中央单位", None)
INVENTED = (COMPANY, UNIT)


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
    Player("partner", Role.PARTNER, "宁河区经办人", PARTNER_CODE),
    Player("recipient", Role.RECIPIENT, "丰宁县经办人", RECIPIENT_CODE),
    Player("company", Role.COMPANY, "企业经办人", COMPANY),
    Player("central_unit", Role.CENTRAL_UNIT, "中央单位经办人", UNIT),
    Player("auditor", Role.AUDITOR, "审计人员"),
    Player("admin", Role.ADMINISTRATOR, "管理员"),
)
