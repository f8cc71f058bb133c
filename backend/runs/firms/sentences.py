"""The reasons of one firm and one village in words, in Chinese and in English.

A case holds the few facts that the words need, so that a stored suggestion is told as it was computed, whatever is
known today; what concerns the county is told once for all its villages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.parties.codes import Industry
from backend.parties.help import HelpCategory
from backend.programmes.models import FirmReason as R
from backend.runs.firms.facts import CATEGORIES, UNKNOWN, UNSAID, YES
from backend.runs.firms.scoring import Scoring, distance_km, provinces
from backend.runs.scoring import shares
from backend.runs.sentences import Said, say_depth

VILLAGE, COUNTY = "VILLAGE", "COUNTY"
_ENGLISH = {
    HelpCategory.INDUSTRY: "industry", HelpCategory.EMPLOYMENT: "employment", HelpCategory.SKILLS: "skills training",
    HelpCategory.EDUCATION: "education", HelpCategory.HEALTH: "health", HelpCategory.HOUSING: "housing",
    HelpCategory.WATER: "drinking water", HelpCategory.TRANSPORT: "transport",
    HelpCategory.POWER_NETWORK: "power and network", HelpCategory.RELOCATION: "relocation",
    HelpCategory.ECOLOGY: "ecology", HelpCategory.FINANCE: "finance", HelpCategory.CONSUMPTION: "purchases",
    HelpCategory.TALENT: "talent", HelpCategory.SAFETY_NET: "safety net",
}  # fmt: skip
_SECTORS = (
    Said("第一产业", "primary industry"),
    Said("第二产业", "industry and construction"),
    Said("第三产业", "services"),
)


@dataclass(frozen=True)
class Case:
    """What the words about one pair need. `evidence`: whose needs spoke, VILLAGE, COUNTY or nobody's.

    `needs` counts them, `served` those in `categories`, which the firm offers; `offers` whether it offers anything.
    `share` is the part of the firm's sector in the county's GDP, in percent; `km`, `capacity` None where unknown.
    """

    county: str
    evidence: str
    needs: int
    served: int
    categories: tuple[str, ...]
    offers: bool
    deep: int
    poor: int
    industry: str
    sector: int
    share: int | None
    km: int | None
    near: bool
    capacity: int | None
    load: int
    home: bool
    wanted: bool


def cases(scoring: Scoring, firm: Any, village: Any, wanted: Any = None) -> list[Case]:
    """Of these pairs (n,), given by their places in `scoring`."""
    f, v = scoring.firms, scoring.villages
    sector, industries, km = f.sector, shares(v.counties) * 100, distance_km(f, firm, v, village)
    homes, theirs = provinces(f.seat[firm]), provinces(v.path[village])
    made = []
    for i, (h, r) in enumerate(zip(firm.tolist(), village.tolist(), strict=True)):
        county = int(v.county[r])
        own = bool(v.needs[r].any())
        counts = v.needs[r] if own else v.county_needs[county]
        met = np.flatnonzero((counts > 0) & f.can[h])
        share = industries[sector[h], county] if sector[h] != UNSAID else np.nan
        made.append(
            Case(
                county=v.counties.areas[county].code,
                evidence=VILLAGE if own else COUNTY if counts.any() else "",
                needs=int(counts.sum()),
                served=int(counts[met].sum()),
                categories=tuple(CATEGORIES[one] for one in met),
                offers=bool(f.can[h].any()),
                deep=int(v.deep[r]),
                poor=int(v.poor[r]),
                industry=str(f.industry[h]),
                sector=int(sector[h]),
                share=None if np.isnan(share) else round(float(share)),
                km=None if np.isnan(km[i]) else round(float(km[i])),
                near=scoring.prefer_near,
                capacity=None if f.villages[h] < 0 else int(f.villages[h]),
                load=int(f.load[h]),
                home=bool(homes[i]) and homes[i] == theirs[i],
                wanted=wanted is not None and bool(wanted[i]),
            )
        )
    return made


def of_counties(scoring: Scoring) -> dict[str, Said]:
    """What is said of the depth of each county, by code."""
    counties = scoring.villages.counties
    return {area.code: say_depth(counties, at) for at, area in enumerate(counties.areas)}


def explain(
    case: Case, points: Mapping[str, int], weights: Mapping[str, int], missing: Mapping[str, bool], county: Said
) -> list[dict[str, Any]]:
    """The reasons of one pair as numbers and sentences, in the order of display: as for pairs of counties."""
    return [
        {
            "code": reason,
            "points": int(points[reason]),
            "weight": int(weights.get(reason, 0)),
            "missing": bool(missing[reason]),
            **_SENTENCES[reason](case, county)._asdict(),
        }
        for reason in R.values
    ]


def explained(scoring: Scoring, firm: Any, village: Any, wanted: Any = None) -> list[list[dict[str, Any]]]:
    """The reasons of these pairs (n,), each as `explain` tells them. Meant for a page of pairs."""
    points, missing = scoring.points(firm, village, wanted), scoring.missing(firm, village)
    at = scoring.villages.county[village].tolist()
    told = {one: say_depth(scoring.villages.counties, one) for one in set(at)}
    return [
        explain(
            case,
            {reason: int(one[i]) for reason, one in points.items()},
            scoring.weights,
            {reason: bool(one[i]) for reason, one in missing.items()},
            told[at[i]],
        )
        for i, case in enumerate(cases(scoring, firm, village, wanted))
    ]


# --- one sentence per reason -------------------------------------------------------------------------------------


def _say_need(case: Case, county: Said) -> Said:
    if not case.offers:
        return Said("企业尚未填写能做什么，按中性计", "The firm has not said what it offers: scored neutrally")
    if not case.evidence:
        return Said(
            "本村和所在县都没有公布尚有缺口的需求，按中性计",
            "Neither the village nor its county has published an open need: scored neutrally",
        )
    whose = Said("本村", "the village") if case.evidence == VILLAGE else Said("本村尚未公布需求；所在县", "the county")
    weaker = Said("", "") if case.evidence == VILLAGE else Said("，按一半力度计", ", at half weight")
    if not case.served:
        return Said(
            f"{whose.zh}公布的 {case.needs} 项未满足需求中，没有企业所能做的{weaker.zh}",
            f"None of the {case.needs} open needs of {whose.en} is what the firm offers{weaker.en}",
        )
    zh = "、".join(str(HelpCategory(one).label) for one in case.categories)
    en = ", ".join(_ENGLISH[HelpCategory(one)] for one in case.categories)
    return Said(
        f"{whose.zh}公布的 {case.needs} 项未满足需求中，{case.served} 项是企业所能做的（{zh}）{weaker.zh}",
        f"The firm offers what {case.served} of the {case.needs} open needs of {whose.en} ask for ({en}){weaker.en}",
    )


def _say_depth(case: Case, county: Said) -> Said:
    if case.deep == YES:
        own = Said("本村是深度贫困村", "On the list of deep-poverty villages")
    elif case.poor == YES:
        own = Said("本村是建档立卡贫困村", "A registered poor village")
    elif case.poor == UNKNOWN:
        own = Said("本村是否建档立卡贫困村，尚无资料，按中性计", "Unknown whether a registered poor village: neutral")
    else:
        own = Said("本村不是建档立卡贫困村", "Not a registered poor village")
    return Said(f"{own.zh}；{county.zh}", f"{own.en}; {county.en}")


def _say_likeness(case: Case, county: Said) -> Said:
    if case.sector == UNSAID:
        return Said("企业尚未填写行业，按中性计", "The firm has not said its industry: scored neutrally")
    trade, sector = Industry(case.industry).label, _SECTORS[case.sector]
    if case.share is None:
        return Said(
            "所在县缺三次产业数据，按中性计", "The county's shares of the three industries are unknown: neutral"
        )
    return Said(
        f"企业属{trade}；{sector.zh}占所在县地区生产总值的 {case.share}%，占比越高基础越好",
        f"{sector.en.capitalize()}, the firm's own, makes {case.share}% of the county's GDP: the more, the better",
    )


def _say_distance(case: Case, county: Said) -> Said:
    if case.km is None:
        return Said("缺坐标，距离按中性计", "Coordinates unknown: scored neutrally")
    wish = (
        Said("就近优先", "the nearer, the more points")
        if case.near
        else Said("本政策以远者为先", "the farther, the more points")
    )
    return Said(
        f"企业所在县与本村（或所在县）直线约 {case.km:,} 千米，{wish.zh}", f"About {case.km:,} km apart: {wish.en}"
    )


def _say_capacity(case: Case, county: Said) -> Said:
    if case.capacity is None:
        return Said("企业尚未填写今年可帮几个村，按中性计", "The firm has not said how many it can carry: neutral")
    room = max(case.capacity - case.load, 0)
    left = Said(f"还可再帮 {room} 个", f"room for {room} more") if room else Said("已满", "no room for more")
    return Said(
        f"企业填报可帮 {case.capacity} 个村，已帮 {case.load} 个，{left.zh}",
        f"The firm can carry {case.capacity} villages and has {case.load}: {left.en}",
    )


def _say_ties(case: Case, county: Said) -> Said:
    if case.home:
        return Said("企业与本村在同一省（区、市）", "Firm and village lie in the same province")
    return Said("企业与本村分属两省（区、市），有协作关系时可以结对", "Firm and village lie in two provinces")


def _say_interest(case: Case, county: Said) -> Said:
    if case.wanted:
        return Said("企业已表示愿意帮扶本村", "The firm said that it would like to help this village")
    return Said("企业尚未对本村表示意愿", "The firm has not said anything about this village")


_SENTENCES: dict[str, Callable[[Case, Said], Said]] = {
    R.NEED: _say_need,
    R.DEPTH: _say_depth,
    R.LIKENESS: _say_likeness,
    R.DISTANCE: _say_distance,
    R.CAPACITY: _say_capacity,
    R.TIES: _say_ties,
    R.INTEREST: _say_interest,
}
