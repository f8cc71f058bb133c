"""What an agreement says, once for all its documents: .docx and PDF are laid out from the same words and figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from backend.agreements.actions import digest
from backend.agreements.kinds import Signatory, Unit, signatories
from backend.agreements.models import Agreement
from backend.agreements.prefill import recipient_name

_WAN = Decimal(10_000)
_NUMERALS = "一二三四五六七八九十"
BLANK_DAY = "　　年　月　日"  # to be written by hand, short enough for its half of the line


@dataclass(frozen=True)
class Signing:
    """One half of the signature block; blank lines where nobody signed yet."""

    role: str
    party: str
    name: str
    post: str
    day: str


@dataclass(frozen=True)
class Row:
    number: str
    indicator: str
    quantity: str
    unit: str
    note: str


@dataclass(frozen=True)
class Content:
    title: str
    mark: str  # what the paper is while it is no signed agreement, "" for one
    parties: list[tuple[str, str]]
    opening: str
    headings: list[tuple[str, str]]  # numbered heading, text
    targets_heading: str
    targets: list[Row]
    signings: list[Signing]
    colophon: str


def numeral(number: int) -> str:
    """一 … 十, 十一 … 二十九: headings of official documents."""
    tens, ones = divmod(number, 10)
    if number <= len(_NUMERALS):
        return _NUMERALS[number - 1]
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}十{_NUMERALS[ones - 1] if ones else ''}"


def of(agreement: Agreement) -> Content:
    """Cost: four queries."""
    roles = _roles(agreement)
    parties = [(f"{letter}方（{Signatory(side).label}）", _party(agreement, side)) for letter, side in roles]
    targets = list(agreement.targets.all())
    clauses = [(clause["heading"], clause["text"]) for clause in agreement.clauses]
    after = 2 if targets else 1
    return Content(
        title=agreement.title,
        mark="" if agreement.signed_date else f"（第 {max(agreement.round, 1)} 稿，{agreement.get_status_display()}）",
        parties=parties,
        opening=_opening(agreement, [name for _, name in parties]),
        targets_heading="一、量化目标" if targets else "",
        targets=[
            Row(str(number), one.get_indicator_display(), *figure(one.quantity, one.unit), one.note)
            for number, one in enumerate(targets, 1)
        ],
        headings=[(f"{numeral(number)}、{heading}", text) for number, (heading, text) in enumerate(clauses, after)],
        signings=[_signing(agreement, letter, side) for letter, side in roles],
        colophon=f"编号 {agreement.pk}，第 {max(agreement.round, 1)} 稿，内容校验 {digest(agreement)[:16]}",
    )


def figure(quantity: Decimal, unit: Unit) -> tuple[str, str]:
    """The figure and its unit as documents write them: money in 万元, nothing rounded away."""
    if unit == Unit.YUAN:
        return f"{(quantity / _WAN).normalize():,f}", "万元"
    return f"{quantity.normalize():,f}", str(unit.label)


def _roles(agreement: Agreement) -> list[tuple[str, Signatory]]:
    return list(zip("甲乙", signatories(agreement.kind), strict=True))


def _party(agreement: Agreement, side: Signatory) -> str:
    if side == Signatory.HELPER:
        return agreement.helper.name
    return recipient_name(agreement.pairing) if agreement.pairing else "国务院扶贫开发领导小组"


def _opening(agreement: Agreement, names: list[str]) -> str:
    period = f"{chinese_date(agreement.start_date)}至{chinese_date(agreement.end_date)}"
    if agreement.pairing is None:
        return f"为落实定点扶贫责任，{names[0]}向{names[1]}签订本责任书。期限自{period}。"
    channel = agreement.pairing.channel.name_zh
    return f"为推进{channel}，{names[0]}与{names[1]}经协商一致，签订本协议。期限自{period}。"


def _signing(agreement: Agreement, letter: str, side: Signatory) -> Signing:
    signed = agreement.signatures.filter(round=agreement.round, side=side).first() if agreement.round else None
    return Signing(
        role=f"{letter}方（盖章）",
        party=_party(agreement, side),
        name=signed.signatory_name if signed else "",
        post=signed.signatory_post if signed else "",
        day=chinese_date(signed.signed_date) if signed else BLANK_DAY,
    )


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
