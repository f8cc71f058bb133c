"""Why a pair was suggested, why another was not, and what would follow if it were otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.runs import swaps
from backend.runs.stored import Opened, Pair
from backend.runs.swaps import See, Shift
from matching.explain import Alternative, Why

SHOWN = 3  # alternatives of each side


@dataclass(frozen=True)
class Explanation:
    """The matcher's answer about one pair.

    `picked`: whether the run suggests it. `loss` is what the total would fall by if it were refused (a suggestion) or
    insisted on (any other pair), None where that cannot be; `obstacle` then says why: IN_FORCE, BANNED, NOT_ELIGIBLE,
    or BOUNDS.
    """

    pair: Pair
    picked: bool
    score: int | None
    loss: int | None
    obstacle: str
    shift: Shift
    helper_alternatives: tuple[Alternative, ...]
    recipient_alternatives: tuple[Alternative, ...]

    @property
    def codes(self) -> set[str]:
        others = (code for one in (*self.helper_alternatives, *self.recipient_alternatives) for code in one.pair)
        return {*self.pair, *others} | self.shift.codes


def explain(stored: Opened, helper: str, recipient: str, see: See) -> Explanation:
    """Answer for somebody who sees the pairs with a side in the region that `see` knows.

    Cost: some 20 searches, 50 ms, for a run of counties; three searches, about a second, for one of all firms.
    """
    pair = helper, recipient
    try:
        why = stored.why(helper, recipient, SHOWN)
    except KeyError:
        return Explanation(pair, False, None, None, "NOT_ELIGIBLE", swaps.shift(stored, (), (), None), (), ())
    others = (one.pair for one in (*why.helper_alternatives, *why.recipient_alternatives))
    seen = see({code for told in (*why.change.removed, *why.change.added, *others) for code in told})
    fixed = why.state in ("locked", "banned")
    change = why.change
    return Explanation(
        pair,
        why.picked,
        why.score,
        None if fixed else change.loss,
        _obstacle(why),
        swaps.shift(stored, () if fixed else change.removed, () if fixed else change.added, seen),
        _seen(why.helper_alternatives, seen),
        _seen(why.recipient_alternatives, seen),
    )


def _obstacle(why: Why) -> str:
    if why.state in ("locked", "banned"):
        return {"locked": "IN_FORCE", "banned": "BANNED"}[why.state]
    return "BOUNDS" if why.change.loss is None else ""


def _seen(alternatives: tuple[Alternative, ...], seen: frozenset[str] | None) -> tuple[Alternative, ...]:
    return tuple(one for one in alternatives if swaps.visible(one.pair, seen))


def say(told: Explanation, names: Mapping[str, str]) -> dict[str, str]:
    """The explanation as a sentence in each language."""
    zh, en = _OBSTACLES[told.obstacle, told.picked] if told.obstacle else _follows(told, names)
    return {"zh": zh, "en": en}


_OBSTACLES = {
    ("IN_FORCE", True): ("这一对必须保留：是已有的结对关系，或已被固定。", "This pair must stay: in force, or pinned."),
    ("BANNED", False): (
        "这一对已被排除：此前不采纳、有异议，或在方案中排除。",
        "This pair is ruled out: refused, objected to, or banned.",
    ),
    ("NOT_ELIGIBLE", False): (
        "两地不在同一省市协作关系之内，不能结对。",
        "The two do not lie within one arrangement between provinces and cities.",
    ),
    ("BOUNDS", True): (
        "这一对不可缺少：去掉它，各方的上下限就无法同时满足。",
        "This pair is indispensable: without it the bounds cannot all be met.",
    ),
    ("BOUNDS", False): (
        "这一对选不进来：会使一方超出上限，而又没有可以调开的结对。",
        "This pair cannot be chosen: it would break a bound, and no swap makes room.",
    ),
}


def _follows(told: Explanation, names: Mapping[str, str]) -> tuple[str, str]:
    if_zh, if_en = ("如不采纳", "If refused") if told.picked else ("如一定要结成这一对", "If insisted on")
    cost_zh = f"总分减少 {told.loss:,} 分" if told.loss else "总分不变（另有同样好的方案）"
    cost_en = f"the total falls by {told.loss:,}" if told.loss else "the total stays the same"
    clause = swaps.say(told.shift, names)
    return f"{if_zh}，{cost_zh}：{clause['zh']}。", f"{if_en}, {cost_en}: {clause['en']}."
