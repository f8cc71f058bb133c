"""The reasons of one candidate in words that a county official reads, in Chinese and in English.

Every figure comes with its unit and year; one that waits for verification says so, one that is missing is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from backend.places.depth import SUPERVISED, Depth, Tier
from backend.places.models import AreaFlag
from backend.programmes.models import Reason
from backend.runs.facts import Counties, Measure, city_of, province_of
from backend.runs.scoring import Candidates, Scored, distance_km, hardship_measure, shares


class Said(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Case:
    """One candidate: the helper at `h` and the recipient at `r` of edge `edge`."""

    c: Candidates
    h: int
    r: int
    edge: int


def explain(c: Candidates, scored: Scored, edge: int) -> list[dict[str, Any]]:
    """The reasons of one candidate as numbers and sentences, in the order of display."""
    case = Case(c, int(c.helper[edge]), int(c.recipient[edge]), edge)
    return [
        {
            "code": reason,
            "points": int(scored.points[reason][edge]),
            "weight": int(scored.weights.get(reason, 0)),
            "missing": bool(scored.missing[reason][edge]),
            **_SENTENCES[reason](case)._asdict(),
        }
        for reason in Reason.values
    ]


# --- figures -----------------------------------------------------------------------------------------------------

_NAMES = {
    "rural_disposable_income": Said("农村居民人均可支配收入", "Rural disposable income per head"),
    "gdp_per_registered_head": Said("人均地区生产总值（按户籍人口计算）", "GDP per registered resident"),
    "fiscal_revenue_per_head": Said("人均一般公共预算收入", "budget revenue per head"),
}


def _when(measure: Measure, at: int) -> Said:
    year = f"{measure.year[at]:.0f}"
    return Said(f"{year} 年", year) if measure.verified[at] else Said(f"{year} 年，待核实", f"{year}, unverified")


def _per_head(counties: Counties, at: int, code: str) -> Said:
    """Such as 农村居民人均可支配收入 8,745 元（2016 年）."""
    one = counties.measures[code]
    when, name = _when(one, at), _NAMES[code]
    return Said(f"{name.zh} {one.value[at]:,.0f} 元（{when.zh}）", f"{name.en} {one.value[at]:,.0f} yuan ({when.en})")


# --- one sentence per reason -------------------------------------------------------------------------------------


def _say_depth(case: Case) -> Said:
    return say_depth(case.c.recipients, case.r)


def say_depth(counties: Counties, at: int) -> Said:
    """Why a county counts as deep, or how hard its place is among the others."""
    depth = counties.depth[at]
    if depth is not None and depth.tier == Tier.DEEP:
        return _say_deep(depth)
    code = hardship_measure(counties, at)
    if code is None:
        return Said(
            "受援县缺农村居民收入与人均地区生产总值数据，按中性计",
            "Neither rural income nor GDP per head of the county is known: scored neutrally",
        )
    one, figure = counties.measures[code], _per_head(counties, at, code)
    return Said(
        f"受援县{figure.zh}，在同年有数据的 {one.peers[at]} 个受援县中由低到高居第 {one.place[at]} 位，"
        f"越低越优先{_deep_list_unknown(depth)}",
        f"{figure.en}, number {one.place[at]} from below among {one.peers[at]} counties: the lower, the more points",
    )


_DEEP_EN = {
    AreaFlag.Kind.THREE_REGIONS: "lies in the Three Regions and Three Prefectures",
    AreaFlag.Kind.DEEP_POVERTY: "is a deep-poverty county recognised by its province",
    SUPERVISED: "was supervised by the state in 2020",
}


def _say_deep(depth: Depth) -> Said:
    by_code = {reason.code: reason.sentence for reason in depth.reasons}
    region = by_code.pop(AreaFlag.Kind.THREE_REGIONS, None)
    clauses = [region] if region else []
    if by_code:
        lists = "、".join(by_code.values())
        clauses.append(f"为 {lists}" if lists[0].isdigit() else f"为{lists}")
    english = [_DEEP_EN[reason.code] for reason in depth.reasons]
    return Said(
        f"受援县{'，'.join(clauses)}，按深度贫困优先",
        f"The county {' and '.join(english)}: deep poverty comes first",
    )


def _deep_list_unknown(depth: Depth | None) -> str:
    unknown = depth is not None and AreaFlag.Kind.DEEP_POVERTY in depth.unknown
    return "；是否列入省级深度贫困县名单，尚无资料" if unknown else ""


def _say_strength(case: Case) -> Said:
    ours, code = case.c.helpers.measures["fiscal_revenue_per_head"], hardship_measure(case.c.recipients, case.r)
    if np.isnan(ours.rank[case.h]):
        return Said(
            "帮扶方缺人均一般公共预算收入数据，按中性计", "The helper's budget revenue is unknown: scored neutrally"
        )
    if code is None:
        return Said("受援县缺收入数据，按中性计", "The county's hardship is unknown: scored neutrally")
    theirs = case.c.recipients.measures[code]
    mine = _per_head(case.c.helpers, case.h, "fiscal_revenue_per_head")
    figure = _per_head(case.c.recipients, case.r, code)
    stronger, harder = (f"{share * 100:.0f}%" for share in (ours.rank[case.h], 1 - theirs.rank[case.r]))
    return Said(
        f"帮扶方{mine.zh}，财力强于 {stronger} 的帮扶方；受援县{figure.zh}，困难程度高于 {harder} 的受援县；"
        "两者越接近越相称",
        f"Helper's {mine.en}, stronger than {stronger} of the helpers; {figure.en}, harder than {harder} of the"
        " counties: the closer, the better they suit",
    )


def _say_likeness(case: Case) -> Said:
    ours, theirs = shares(case.c.helpers, case.h), shares(case.c.recipients, case.r)
    lacking = [who for who, known in (("帮扶方", ours), ("受援县", theirs)) if np.isnan(known).any()]
    if lacking:
        return Said(
            f"{'与'.join(lacking)}缺三次产业数据，按中性计", "Shares of the three industries unknown: scored neutrally"
        )
    a, b = (":".join(f"{share * 100:.0f}" for share in one) for one in (ours, theirs))
    like = f"{(1 - np.abs(ours - theirs).sum() / 2) * 100:.0f}%"
    ya, yb = (
        _when(side.measures["gdp_primary"], at) for side, at in ((case.c.helpers, case.h), (case.c.recipients, case.r))
    )
    return Said(
        f"三次产业结构：帮扶方 {a}（{ya.zh}），受援县 {b}（{yb.zh}），相近程度 {like}",
        f"Shares of the three industries: helper {a} ({ya.en}), county {b} ({yb.en}), {like} alike",
    )


def _say_distance(case: Case) -> Said:
    km = distance_km(case.c, slice(case.edge, case.edge + 1))[0]
    if np.isnan(km):
        return Said("缺坐标，距离按中性计", "Coordinates unknown: scored neutrally")
    wish = (
        Said("就近优先", "the nearer, the more points")
        if case.c.prefer_near
        else Said("本政策以远者为先", "the farther, the more points")
    )
    return Said(f"两地直线距离约 {km:,.0f} 千米，{wish.zh}", f"About {km:,.0f} km apart: {wish.en}")


def _say_capacity(case: Case) -> Said:
    room, quota = int(max(case.c.room[case.h], 0)), int(case.c.quota[case.h])
    revenue = case.c.helpers.measures["fiscal_revenue"]
    if np.isnan(revenue.rank[case.h]):
        money = Said("帮扶方缺一般公共预算收入数据，按中性计；", "Budget revenue unknown: scored neutrally; ")
    else:
        when, amount = _when(revenue, case.h), revenue.value[case.h]
        money = Said(
            f"帮扶方一般公共预算收入 {amount / 10_000:,.1f} 亿元（{when.zh}），",
            f"Helper's budget revenue {amount / 100_000:,.2f} billion yuan ({when.en}); ",
        )
    left = (
        Said(f"尚有余力再结对 {room} 个县", f"room for {room} more")
        if room
        else Said("已达上限，不再新增", "no room for more")
    )
    return Said(f"{money.zh}现有结对 {quota - room} 个，{left.zh}", f"{money.en}{quota - room} pairs now, {left.en}")


def _say_ties(case: Case) -> Said:
    level = int(case.c.ties[case.edge])
    ours, theirs = case.c.helpers.areas[case.h], case.c.recipients.areas[case.r]
    if level == 0:
        return Said("两地之间尚无已核实的县级结对", "No verified county pairs between the two regions yet")
    a, b = (city_of(ours), city_of(theirs)) if level == 2 else (province_of(ours), province_of(theirs))
    return Said(f"{a.name}与{b.name}之间已有县级结对，有协作基础", f"{a.name} and {b.name} already have county pairs")


_SENTENCES: dict[str, Callable[[Case], Said]] = {
    Reason.DEPTH: _say_depth,
    Reason.STRENGTH: _say_strength,
    Reason.LIKENESS: _say_likeness,
    Reason.DISTANCE: _say_distance,
    Reason.CAPACITY: _say_capacity,
    Reason.TIES: _say_ties,
}
