"""What changes when pairs change: who moves from where to where, who is left without anybody; as data and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from backend.runs.stored import Opened, Pair

See = Callable[[AbstractSet[str]], frozenset[str] | None]  # which of these codes a reader sees; None: all
SAID = 6  # moves and places told one by one in a sentence
MOST = 1000  # of each kind that an answer lists; two runs of the whole country may differ in a hundred thousand pairs


@dataclass(frozen=True)
class Move:
    """A helper that leaves one recipient, joins another, or both."""

    helper: str
    leaves: str | None
    joins: str | None


@dataclass(frozen=True)
class Counts:
    """How many of each there are, listed or not."""

    removed: int
    added: int
    moves: int
    uncovered: int
    covered: int


@dataclass(frozen=True)
class Shift:
    """The pairs that go and come, the moves they make up, and recipients who lose their last helper or get a first.

    Each list ends after the first MOST; `counts` has them all. `beyond` counts changed pairs that the reader may not
    see; they are in none of the lists and counts.
    """

    counts: Counts
    removed: tuple[Pair, ...]
    added: tuple[Pair, ...]
    moves: tuple[Move, ...]
    uncovered: tuple[str, ...]
    covered: tuple[str, ...]
    beyond: int = 0

    @property
    def codes(self) -> set[str]:
        """Everybody in the lists."""
        moved = (code for one in self.moves for code in (one.helper, one.leaves, one.joins) if code)
        return {code for pair in (*self.removed, *self.added) for code in pair}.union(
            moved, self.uncovered, self.covered
        )


def shift(stored: Opened, removed: Sequence[Pair], added: Sequence[Pair], seen: frozenset[str] | None) -> Shift:
    """Tell a change of the run's pairs to somebody who sees the pairs with a side in `seen`; None sees all."""
    before = Counter({recipient: stored.helped(recipient) for _, recipient in (*removed, *added)})
    after = before.copy()
    after.subtract(recipient for _, recipient in removed)
    after.update(recipient for _, recipient in added)
    gone, come = ([pair for pair in pairs if visible(pair, seen)] for pairs in (removed, added))
    concerned = dict.fromkeys(recipient for _, recipient in (*gone, *come))
    moves = list(_moves(gone, come))
    lost = [one for one in concerned if before[one] and not after[one]]
    found = [one for one in concerned if after[one] and not before[one]]
    return Shift(
        Counts(len(gone), len(come), len(moves), len(lost), len(found)),
        tuple(gone[:MOST]),
        tuple(come[:MOST]),
        tuple(moves[:MOST]),
        tuple(lost[:MOST]),
        tuple(found[:MOST]),
        len(removed) + len(added) - len(gone) - len(come),
    )


def visible(pair: Pair, seen: frozenset[str] | None) -> bool:
    """A pair is seen from either of its sides."""
    return seen is None or not seen.isdisjoint(pair)


def _moves(removed: Iterable[Pair], added: Iterable[Pair]) -> Iterable[Move]:
    """One move per helper and pair, in the order in which the helpers come up."""
    leaves: dict[str, list[str]] = defaultdict(list)
    joins: dict[str, list[str]] = defaultdict(list)
    order: dict[str, None] = {}
    for into, pairs in ((leaves, removed), (joins, added)):
        for helper, recipient in pairs:
            into[helper].append(recipient)
            order[helper] = None
    for helper in order:
        gone, come = leaves[helper], joins[helper]
        for at in range(max(len(gone), len(come))):
            yield Move(helper, gone[at] if at < len(gone) else None, come[at] if at < len(come) else None)


def say(told: Shift, names: Mapping[str, str]) -> dict[str, str]:
    """The shift as one clause in each language, without a full stop."""
    zh = [_zh(move, names) for move in told.moves[:SAID]]
    en = [_en(move, names) for move in told.moves[:SAID]]
    rest = told.counts.moves - len(told.moves[:SAID])
    if rest > 0:
        zh.append(f"另有 {rest} 处调整")
        en.append(f"{rest} more moves")
    for places, count, in_zh, in_en, and_more in (
        (told.uncovered, told.counts.uncovered, "将没有帮扶方", "is left without a helper", "lose their last one"),
        (told.covered, told.counts.covered, "将有帮扶方", "gets a helper", "get their first"),
    ):
        zh += [f"{names[code]}{in_zh}" for code in places[:SAID]]
        en += [f"{names[code]} {in_en}" for code in places[:SAID]]
        if count > SAID:
            zh.append(f"另有 {count - SAID} 个地方{in_zh}")
            en.append(f"{count - SAID} more places {and_more}")
    if told.beyond:
        zh.append(f"另有 {told.beyond} 对变动在您的管理范围之外")
        en.append(f"{told.beyond} changed pairs lie outside your region")
    return {"zh": "；".join(zh) or "其余结对不变", "en": "; ".join(en) or "nothing else changes"}


def _zh(move: Move, names: Mapping[str, str]) -> str:
    helper = names[move.helper]
    if move.leaves and move.joins:
        return f"{helper}由{names[move.leaves]}改帮{names[move.joins]}"
    return f"{helper}接帮{names[move.joins]}" if move.joins else f"{helper}不再帮{names[move.leaves or '']}"


def _en(move: Move, names: Mapping[str, str]) -> str:
    helper = names[move.helper]
    if move.leaves and move.joins:
        return f"{helper} moves from {names[move.leaves]} to {names[move.joins]}"
    return f"{helper} takes {names[move.joins]}" if move.joins else f"{helper} leaves {names[move.leaves or '']}"
