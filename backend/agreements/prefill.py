"""What a new agreement can begin with: what is known already, each thing with where it comes from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.agreements.kinds import YEARLY, Kind
from backend.agreements.models import Agreement
from backend.needs.models import Need
from backend.needs.promises import with_promised
from backend.pairings.models import Pairing
from backend.parties.models import Party

NEEDS_SHOWN = 20

_CLAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    Kind.ANNUAL: (
        (
            "指导思想",
            "坚持精准扶贫、精准脱贫基本方略，新增资金、新增项目、新增举措主要用于深度贫困地区，"
            "确保帮扶成效精准到户到人。",
        ),
        (
            "资金管理",
            "援助资金专款专用。甲方按期拨付，乙方负责项目实施、公告公示和绩效管理，项目须征得甲方同意，"
            "双方按季度核对到位和使用情况。",
        ),
        ("人才交流", "双方互派干部挂职和专业技术人才，明确岗位、职责和任期，为其开展工作提供必要条件。"),
        ("组织保障", "双方主要负责同志每年至少召开一次联席会议，研究部署年度工作。本协议目标完成情况由双方共同确认。"),
    ),
    Kind.FRAMEWORK: (
        ("合作原则", "优势互补、互惠互利、长期合作、共同发展。贫困县退出后，协作期内帮扶政策保持稳定。"),
        ("合作领域", "双方在资金支持、产业合作、劳务协作、人才支援、消费帮扶和社会动员等方面开展协作。"),
        ("年度安排", "双方每年签订年度协作协议书，确定当年量化目标。"),
    ),
    Kind.VILLAGE: (
        ("帮扶方式", "甲方自愿参与“万企帮万村”精准扶贫行动，以产业、就业、公益、技能等方式帮扶乙方建档立卡贫困人口。"),
        ("利益联结", "产业项目应明确与建档立卡贫困户的利益联结方式，保障贫困户持续受益。"),
        ("双方责任", "乙方提供村情户情，协调落实用地、用工等条件；甲方如实登记帮扶台账，接受双方和社会监督。"),
    ),
    Kind.RESPONSIBILITY: (
        ("帮扶责任", "承担定点扶贫县的帮扶责任，主要负责同志每年至少到定点扶贫县调研一次，督促落实脱贫攻坚主体责任。"),
        ("选派干部", "每个定点扶贫县至少选派一名挂职干部和一名驻村第一书记，保持工作连续。"),
        ("作风建设", "严格执行扶贫资金管理规定，力戒形式主义，不增加基层负担。"),
    ),
}  # fmt: skip


def recipient_name(pairing: Pairing) -> str:
    """What the recipient signs as: its government, or the village itself."""
    government = Party.objects.governments().filter(area=pairing.recipient).first()
    return government.name if government else pairing.recipient.full_name


def for_new(*, pairing: Pairing | None, unit: Party | None, kind: str, year: int) -> dict[str, Any]:
    """Title, period, clauses and targets to begin with, and published needs of the recipient to have in view.

    Clauses and targets are last year's where there was a signed agreement of the kind, `from_title` says which; else
    the clauses are the platform's own wording and targets are left to those who agree on them.
    """
    last = _last_signed(pairing, unit, kind, year)
    period = _period(pairing, kind, year)
    own = [{"heading": heading, "text": text} for heading, text in _CLAUSES[kind]]
    return {
        "title": _title(pairing, unit, kind, year),
        "start_date": period[0],
        "end_date": period[1],
        "clauses": last.clauses if last else own,
        "targets": list(last.targets.values("indicator", "quantity", "note")) if last else [],
        "from_title": last.title if last else "",
        "needs": _open_needs(pairing) if pairing else [],
    }


def _last_signed(pairing: Pairing | None, unit: Party | None, kind: str, year: int) -> Agreement | None:
    """The newest signed one of the same two and the same kind before the year; a pairing renewed is another row."""
    rows = Agreement.objects.filter(kind=kind, status=Agreement.Status.SIGNED, start_date__lt=dt.date(year, 1, 1))
    if pairing is not None:
        rows = rows.filter(
            pairing__helper=pairing.helper_id,
            pairing__recipient=pairing.recipient_id,
            pairing__channel=pairing.channel_id,
        )
    else:
        rows = rows.filter(unit=unit)
    return rows.prefetch_related("targets").order_by("-end_date").first()


def _period(pairing: Pairing | None, kind: str, year: int) -> tuple[dt.date, dt.date]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if pairing is None:
        return first, last
    if kind not in YEARLY and pairing.end_date:
        last = pairing.end_date
    return max(first, pairing.start_date), min(last, pairing.end_date or last)


def _title(pairing: Pairing | None, unit: Party | None, kind: str, year: int) -> str:
    if pairing is None:
        return f"{year} 年定点扶贫责任书"
    if kind == Kind.ANNUAL:
        return f"{year} 年{pairing.channel.name_zh}协作协议书"
    return f"{pairing.channel.name_zh}{Kind(kind).label}"


def _open_needs(pairing: Pairing) -> list[dict[str, Any]]:
    rows = with_promised(Need.objects.published().filter(area__path__startswith=pairing.recipient.path))
    shown = rows.order_by("deadline_date")[:NEEDS_SHOWN]
    return [{name: getattr(need, name) for name in ("id", "title", "cost_yuan", "gap_yuan")} for need in shown]
