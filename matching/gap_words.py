"""Conflicts and relaxations in words, Chinese and English; "no solution" never stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from matching.gaps import PAIR, Bound, Gaps, MinimalConflict, Relaxation

SHOWN = 12  # names told one by one; the data holds them all

_ZH = {
    "helper": "帮扶方",
    "recipient": "受援方",
    "helper_group": "帮扶方分组",
    "recipient_group": "受援方分组",
    "helper_tier": "帮扶方层级要求",
}
_EN = {
    "helper": "helper",
    "recipient": "recipient",
    "helper_group": "helper group",
    "recipient_group": "recipient group",
    "helper_tier": "tier bound",
}


@dataclass(frozen=True)
class Words:
    """How ids and sides are called: `names` by id, `nouns` by kind ("helper": "区", "recipient": "县", …)."""

    language: str = "zh"
    names: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(default_factory=dict)

    @property
    def zh(self) -> bool:
        return self.language == "zh"

    def noun(self, kind: str, count: int = 1) -> str:
        word = self.nouns.get(kind) or (_ZH if self.zh else _EN)[kind]
        many = f"{word.removesuffix('y')}ies" if word.endswith("y") else f"{word}s"
        return word if self.zh or count == 1 else many

    def name(self, bound: Bound) -> str:
        first = self.names.get(bound.id, bound.id)
        return f"{first}–{self.names.get(bound.other, bound.other)}" if bound.other else first

    def these(self, kind: str, bounds: Sequence[Bound]) -> str:
        """ "这 2 个区（甲、乙）" or "these 2 districts (A, B)"."""
        count = len(bounds)
        named = ("、" if self.zh else ", ").join(self.name(one) for one in bounds[:SHOWN])
        if self.zh:
            return f"这 {count} 个{self.noun(kind)}（{named}{'等' if count > SHOWN else ''}）"
        which = "this" if count == 1 else f"these {count}"
        return f"{which} {self.noun(kind, count)} ({named}{', …' if count > SHOWN else ''})"


def say_conflict(conflict: MinimalConflict, words: Words = Words()) -> str:
    """The conflict with the numbers that contradict each other, in one sentence; a second one when not minimal."""
    demand, supply = _by_kind(conflict, maxima=False), _by_kind(conflict, maxima=True)
    if not conflict.crossing and {*demand} == {"recipient"} and {*supply} == {"helper"}:
        said = _only(conflict, words, "recipient", "helper")
    elif not conflict.crossing and {*demand} == {"helper"} and {*supply} == {"recipient"}:
        said = _only(conflict, words, "helper", "recipient")
    else:
        said = _in_general(conflict, demand, supply, words)
    if conflict.minimal:
        return said
    perhaps = "其中可能有更小的冲突。" if words.zh else " A smaller conflict may be among these."
    return f"{said}{perhaps}"


def _by_kind(conflict: MinimalConflict, *, maxima: bool) -> dict[str, list[Bound]]:
    kinds: dict[str, list[Bound]] = {}
    for bound in conflict.bounds:
        if (bound.end == "max") == maxima:
            kinds.setdefault(bound.kind, []).append(bound)
    return kinds


def _only(conflict: MinimalConflict, words: Words, needing: str, giving: str) -> str:
    """One side's minima against the other side's maxima, nobody else involved: the common case."""
    needy = words.these(needing, [one for one in conflict.bounds if one.end == "min"])
    giver = words.these(giving, [one for one in conflict.bounds if one.end == "max"])
    needed, room, short = conflict.needed, conflict.room, conflict.shortfall
    if words.zh:
        bond = f"{needy}只能由{giver}帮扶" if needing == "recipient" else f"{needy}只能帮扶{giver}"
        return f"{bond}，而它们的上限合计为 {room}，所需下限合计为 {needed}，还差 {short} 对。"
    bond = f"{needy} can be helped only by {giver}" if needing == "recipient" else f"{needy} can help only {giver}"
    return f"{bond[0].upper()}{bond[1:]}, whose maxima add up to {room}, while the minima need {needed}: {short} short."


def _in_general(
    conflict: MinimalConflict, demand: dict[str, list[Bound]], supply: dict[str, list[Bound]], words: Words
) -> str:
    needs = [_need(kind, bounds, words) for kind, bounds in demand.items()]
    gives = [_room(kind, bounds, words) for kind, bounds in supply.items()]
    if conflict.crossing or not gives:
        gives.append(_crossing(conflict.crossing, bool(gives), words))
    short = conflict.shortfall
    if words.zh:
        return f"{'，'.join(needs)}；而{'，'.join(gives)}，还差 {short} 对。"
    text = f"{', '.join(needs)}; but {', '.join(gives)}: {short} short."
    return text[0].upper() + text[1:]


def _need(kind: str, bounds: list[Bound], words: Words) -> str:
    total = sum(one.value for one in bounds)
    if kind == PAIR:
        named = ("、" if words.zh else ", ").join(words.name(one) for one in bounds[:SHOWN])
        more = len(bounds) > SHOWN
        return (
            f"必须保留的 {total} 对（{named}{'等' if more else ''}）"
            if words.zh
            else f"{total} pairs are locked ({named}{', …' if more else ''})"
        )
    these = words.these(kind, bounds)
    return f"{these}的下限合计为 {total}" if words.zh else f"the minima of {these} add up to {total}"


def _room(kind: str, bounds: list[Bound], words: Words) -> str:
    these, total = words.these(kind, bounds), sum(one.value for one in bounds)
    return f"{these}的上限合计为 {total}" if words.zh else f"the maxima of {these} add up to {total}"


def _crossing(count: int, besides: bool, words: Words) -> str:
    if words.zh:
        return (f"另外只有 {count} 对可选" if besides else f"只有 {count} 对可选") if count else "没有可选的结对"
    if not count:
        return "no pair is eligible"
    return f"only {count} {'other ' if besides else ''}eligible pairs can count"


def say_relaxation(relaxation: Relaxation, words: Words = Words()) -> list[str]:
    """Each move of the relaxation as a sentence."""
    told = []
    for change in relaxation.changes:
        bound, lower = change.bound, change.bound.end == "min"
        who = f"{words.noun(bound.kind)} {words.name(bound)}"
        if words.zh:
            what = "下限" if lower else "上限"
            told.append(f"将{who}的{what}由 {bound.value} {'降' if lower else '提高'}到 {change.to}")
        else:
            what = f"{'lower' if lower else 'raise'} the {'minimum' if lower else 'maximum'}"
            told.append(f"{what} of {who} from {bound.value} to {change.to}")
    return told


def say_gaps(found: Gaps, words: Words = Words()) -> list[str]:
    """Everything `gaps` found, a line each."""
    zh, told = words.zh, []
    if found.conflict:
        told.append(say_conflict(found.conflict, words))
    if found.relaxation:
        cost = found.relaxation.cost
        told.append(f"最省的放宽（共 {cost}）：" if zh else f"The cheapest relaxation ({cost} in all):")
        told += [f"  {line}" for line in say_relaxation(found.relaxation, words)]
    name = words.names.get
    for one in found.without_candidates:
        told.append(f"{name(one, one)} 没有可选的结对" if zh else f"{name(one, one)} has no eligible pair")
    for one in sorted(set(found.uncovered) - set(found.without_candidates)):
        told.append(
            f"{name(one, one)} 在最优方案中没有帮扶方" if zh else f"{name(one, one)} gets nobody in the optimum"
        )
    for one, only in found.single_helper:
        pair = name(one, one), name(only, only)
        told.append("{} 只有 {} 一个可选帮扶方".format(*pair) if zh else "{} depends on {} alone".format(*pair))
    return told or ["没有缺口" if zh else "no gaps"]


def as_data(conflict: MinimalConflict | None, relaxation: Relaxation | None) -> dict[str, Any]:
    """Both as in conflict.json: the fields `minimal` and `relaxation`, with their sentences in both languages."""
    told: dict[str, Any] = {"minimal": None, "relaxation": None}
    languages = {"zh": Words("zh"), "en": Words("en")}
    if conflict:
        told["minimal"] = {
            "needed": conflict.needed,
            "room": conflict.room,
            "crossing": conflict.crossing,
            "shortfall": conflict.shortfall,
            "proven_minimal": conflict.minimal,
            "bounds": [asdict(bound) for bound in conflict.bounds],
            "sentence": {name: say_conflict(conflict, words) for name, words in languages.items()},
        }
    if relaxation:
        told["relaxation"] = {"cost": relaxation.cost, "changes": []}
        sentences = zip(*(say_relaxation(relaxation, words) for words in languages.values()), strict=True)
        for change, said in zip(relaxation.changes, sentences, strict=True):
            place = {name: value for name, value in asdict(change.bound).items() if name != "value"}
            row = place | {"from": change.bound.value, "to": change.to}
            told["relaxation"]["changes"].append(row | {"sentence": dict(zip(languages, said, strict=True))})
    return told


__all__ = ["Words", "as_data", "say_conflict", "say_gaps", "say_relaxation"]
