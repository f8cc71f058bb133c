"""Why a helper county and a poor county fit: each reason as points for every candidate, and as a sentence for one.

Every reason gives 0–10 000 points; what is not known gives the neutral 5 000 and says so. A score is the weighted mean
in whole points, computed in integers so that the same facts give the same score everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.places.depth import Tier
from backend.programmes.models import Reason
from backend.runs.facts import Counties, Floats

FULL, NEUTRAL = 10_000, 5_000
FAR_KM = 3_500.0  # about the longest distance between an eastern and a western county
EARTH_KM = 6_371.0
Points = NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Eligible pairs and what their reasons look at. Shapes: `helper`, `recipient` (E,) index the counties.

    `room` (H,) is how many more pairs a helper may take, `quota` how many in all; `ties` (E,) is 2 where the helper's
    city already has a pair in the recipient's prefecture, 1 where only their provinces have, 0 otherwise.
    """

    helpers: Counties
    recipients: Counties
    helper: NDArray[np.int32]
    recipient: NDArray[np.int32]
    room: NDArray[np.int64]
    quota: NDArray[np.int64]
    ties: NDArray[np.int8]
    prefer_near: bool


@dataclass(frozen=True)
class Scored:
    """`points[reason]` (E,), whether it is `missing[reason]` (E,), and the weighted `score` (E,)."""

    points: Mapping[str, Points]
    missing: Mapping[str, NDArray[np.bool_]]
    weights: Mapping[str, int]
    score: Points


def score(candidates: Candidates, weights: Mapping[str, int]) -> Scored:
    """Score every candidate. `weights` are whole percents summing to 100; a reason without weight counts nothing."""
    points, missing = {}, {}
    for reason in Reason.values:
        raw = _REASONS[reason](candidates)
        missing[reason] = np.isnan(raw)
        points[reason] = np.where(missing[reason], NEUTRAL, np.rint(np.clip(np.nan_to_num(raw), 0, 1) * FULL)).astype(
            np.int64
        )
    total = sum(
        (weights.get(reason, 0) * points[reason] for reason in points), np.zeros(len(candidates.helper), np.int64)
    )
    return Scored(points, missing, dict(weights), total // 100)


# --- the reasons: each returns (E,) in 0…1, NaN where a fact is missing -----------------------------------------


def _depth(c: Candidates) -> Floats:
    """Deep counties first; among the others, the poorer the farmers the higher."""
    deep = np.array([c.recipients.tier(i) == Tier.DEEP for i in range(len(c.recipients))], np.bool_)
    hardship = 1 - _rank(c.recipients.values["rural_disposable_income"])
    return np.where(deep, 1.0, 0.8 * hardship)[c.recipient]


def _strength(c: Candidates) -> Floats:
    """The stronger the helper, the harder the county it suits: 1 minus the distance of their ranks."""
    strong = _rank(c.helpers.values["fiscal_revenue_per_head"])
    hard = 1 - _rank(c.recipients.values["rural_disposable_income"])
    return 1 - np.abs(strong[c.helper] - hard[c.recipient])


def _likeness(c: Candidates) -> Floats:
    """1 minus half the L1 distance of the shares of the three industries in GDP."""
    ours, theirs = _shares(c.helpers), _shares(c.recipients)
    likeness: Floats = 1 - np.abs(ours[:, c.helper] - theirs[:, c.recipient]).sum(axis=0) / 2
    return likeness


def _distance(c: Candidates) -> Floats:
    near = 1 - np.clip(distance_km(c), 0, FAR_KM) / FAR_KM
    return near if c.prefer_near else 1 - near


def _capacity(c: Candidates) -> Floats:
    """Half for the rank of the helper's budget revenue, half for the share of its quota that is still free."""
    free = np.maximum(c.room, 0) / np.maximum(c.quota, 1)
    return ((_rank(c.helpers.values["fiscal_revenue"]) + free) / 2)[c.helper]


def _ties(c: Candidates) -> Floats:
    return c.ties / 2.0


_REASONS: dict[str, Callable[[Candidates], Floats]] = {
    Reason.DEPTH: _depth,
    Reason.STRENGTH: _strength,
    Reason.LIKENESS: _likeness,
    Reason.DISTANCE: _distance,
    Reason.CAPACITY: _capacity,
    Reason.TIES: _ties,
}


def _rank(values: Floats) -> Floats:
    """Share of the known values below each one, 0…1; NaN stays NaN. Equal values get equal ranks."""
    known = np.sort(values[~np.isnan(values)])
    if len(known) < 2:
        return np.full(len(values), np.nan)
    low, high = np.searchsorted(known, values, "left"), np.searchsorted(known, values, "right")
    ranks = (low + high - 1) / 2 / (len(known) - 1)
    return np.where(np.isnan(values), np.nan, ranks)


def _shares(counties: Counties) -> Floats:
    parts = np.stack([counties.values[code] for code in ("gdp_primary", "gdp_secondary", "gdp_tertiary")])
    total = parts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares: Floats = np.where(total > 0, parts / total, np.nan)
    return shares


def distance_km(c: Candidates) -> Floats:
    """Great-circle distance of the two county seats (E,), by the haversine formula."""
    lon1, lat1 = np.radians(c.helpers.lon[c.helper]), np.radians(c.helpers.lat[c.helper])
    lon2, lat2 = np.radians(c.recipients.lon[c.recipient]), np.radians(c.recipients.lat[c.recipient])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    result: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return result


# --- the same reasons in words, for one candidate ----------------------------------------------------------------


def explain(c: Candidates, scored: Scored, edge: int) -> list[dict[str, Any]]:
    """The reasons of one candidate as numbers and sentences, in the order of display."""
    h, r = int(c.helper[edge]), int(c.recipient[edge])
    return [
        {
            "code": reason,
            "points": int(scored.points[reason][edge]),
            "weight": int(scored.weights.get(reason, 0)),
            "missing": bool(scored.missing[reason][edge]),
            **dict(zip(("zh", "en"), _SENTENCES[reason](c, h, r, edge), strict=True)),
        }
        for reason in Reason.values
    ]


Sentence = tuple[str, str]


def _fact(counties: Counties, at: int, code: str, per: float = 1.0) -> tuple[str, str] | None:
    value = counties.values[code][at]
    return None if np.isnan(value) else (f"{value / per:,.0f}", f"{counties.years[code][at]:.0f}")


def _say_depth(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    depth = c.recipients.depth[r]
    if depth and depth.tier == Tier.DEEP:
        why = "、".join(reason.sentence for reason in depth.reasons)
        return f"{why}，按深度贫困优先", "The county is of the deep-poverty tier and comes first"
    income = _fact(c.recipients, r, "rural_disposable_income")
    if income is None:
        return "缺农村居民人均可支配收入，按中性计", "Rural income unknown, scored neutrally"
    return (
        f"农村居民人均可支配收入 {income[0]} 元（{income[1]} 年），收入越低得分越高",
        f"Rural income {income[0]} yuan per head ({income[1]}); the lower, the more points",
    )


def _say_strength(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    ours = _fact(c.helpers, h, "fiscal_revenue_per_head")
    theirs = _fact(c.recipients, r, "rural_disposable_income")
    if ours is None or theirs is None:
        lacking = "帮扶方财力" if ours is None else "受援县收入"
        return f"缺{lacking}数据，按中性计", "Facts missing, scored neutrally"
    return (
        f"帮扶方人均一般公共预算收入 {ours[0]} 元（{ours[1]} 年），受援县农民人均收入 {theirs[0]} 元"
        f"（{theirs[1]} 年）：力量越强，越宜帮更困难的县",
        f"Helper's budget revenue {ours[0]} yuan per head ({ours[1]}), farmers' income {theirs[0]} yuan ({theirs[1]}):"
        " the stronger the helper, the harder the county it suits",
    )


def _say_likeness(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    ours, theirs = _shares(c.helpers)[:, h], _shares(c.recipients)[:, r]
    if np.isnan(ours).any() or np.isnan(theirs).any():
        return "缺三次产业数据，按中性计", "Industry shares unknown, scored neutrally"
    a, b = (":".join(f"{share * 100:.0f}" for share in one) for one in (ours, theirs))
    return f"三次产业结构：帮扶方 {a}，受援县 {b}", f"Shares of the three industries: helper {a}, recipient {b}"


def _say_distance(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    pair = Candidates(
        c.helpers, c.recipients, np.array([h], np.int32), np.array([r], np.int32), c.room, c.quota, c.ties[:1], True
    )
    km = distance_km(pair)[0]
    if np.isnan(km):
        return "缺坐标，按中性计", "Coordinates unknown, scored neutrally"
    wish = "就近优先" if c.prefer_near else "不以就近为先"
    return f"直线距离约 {km:,.0f} 千米，{wish}", f"About {km:,.0f} km apart"


def _say_capacity(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    room, quota = int(max(c.room[h], 0)), int(c.quota[h])
    revenue = _fact(c.helpers, h, "fiscal_revenue", per=10_000)
    money = (
        f"帮扶方一般公共预算收入 {revenue[0]} 亿元（{revenue[1]} 年），"
        if revenue
        else "缺帮扶方财政收入数据，按中性计；"
    )
    return (
        f"{money}现有结对 {quota - room} 个，按政策还可结对 {room} 个",
        f"{quota - room} pairs now, room for {room} more under the policy",
    )


def _say_ties(c: Candidates, h: int, r: int, edge: int) -> Sentence:
    level = int(c.ties[edge])
    ours, theirs = c.helpers.areas[h], c.recipients.areas[r]
    city, prefecture = (area.parent.name if area.parent else area.name for area in (ours, theirs))
    if level == 2:
        return f"{city}与{prefecture}之间已有县级结对", f"{city} and {prefecture} already have county pairs"
    if level == 1:
        return "两省（市）之间已有县级结对", "Their provinces already have county pairs"
    return "两地之间尚无县级结对", "No county pairs between the two regions yet"


_SENTENCES: dict[str, Callable[[Candidates, int, int, int], Sentence]] = {
    Reason.DEPTH: _say_depth,
    Reason.STRENGTH: _say_strength,
    Reason.LIKENESS: _say_likeness,
    Reason.DISTANCE: _say_distance,
    Reason.CAPACITY: _say_capacity,
    Reason.TIES: _say_ties,
}
