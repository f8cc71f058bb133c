"""Why, why not and what if over pairs that nobody lists: the answers of `matching.explain`, exact over all of them.

A pair whose rows have others like them costs nothing to refuse or to force: somebody alike takes its place. What an
alternative costs follows from distances to (or from) the one side that all alternatives share, so one search answers
all of them, and the best shown are the best there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.apart import Apart
from matching.explain import Alternative, Change, Pair, Why
from matching.problem import BANNED, STATES, Ints, find
from matching.reach import FAR
from matching.settled import Settled


class ExplainerAll:
    """Answers questions about one settled optimum. Build it once, ask often.

    Cost: three searches per question, some tenths of a second for 127 000 × 168 000 rows in 42 000 classes.
    """

    def __init__(self, settled: Settled) -> None:
        self.settled = settled

    def why(self, helper: str, recipient: str, alternatives: int = 3) -> Why:
        """Explain one eligible pair; with the best `alternatives` of each side, one of those that are alike.

        Raises KeyError for an unknown pair.
        """
        key = key_of(self.settled, helper, recipient)
        apart = Apart(self.settled, np.array([key]))
        edge = apart.edge(key)
        picked = bool(apart.picked[edge])
        return Why(
            (helper, recipient),
            picked,
            STATES[apart.problem.edge_state[edge]],
            int(apart.problem.edge_score[edge]),
            self._change(apart, key, picked),
            tuple(_Others(apart, key, ours=True).best(alternatives)),
            tuple(_Others(apart, key, ours=False).best(alternatives)),
        )

    def refuse(self, helper: str, recipient: str) -> Change:
        """What follows when a picked pair is banned; its loss is the pair's regret. Raises KeyError and ValueError."""
        return self._asked(helper, recipient, picked=True)

    def force(self, helper: str, recipient: str) -> Change:
        """What follows when a pair that is not picked must be. Raises KeyError and ValueError."""
        return self._asked(helper, recipient, picked=False)

    def _asked(self, helper: str, recipient: str, *, picked: bool) -> Change:
        key = key_of(self.settled, helper, recipient)
        apart = Apart(self.settled, np.array([key]))
        if bool(apart.picked[apart.edge(key)]) != picked:
            raise ValueError(f"{helper!r} – {recipient!r} is {'not picked' if picked else 'picked already'}")
        return self._change(apart, key, picked)

    def _change(self, apart: Apart, key: int, picked: bool) -> Change:
        pair = pair_of(self.settled, key)
        way = apart.way(key, more=not picked)
        if way is None:
            return Change(pair, None, (), ())
        gain = apart.gain(apart.arc(key))
        removed, added = (list(pairs_of(self.settled, keys)) for keys in (way.removed, way.added))
        (removed if picked else added).insert(0, pair)
        return Change(pair, way.cost + (gain if picked else -gain), tuple(removed), tuple(added))


@dataclass(frozen=True)
class _Rivals:
    """Classes of the other side whose pair with the one in question may be forced: the node of each, how much more than
    the distance forcing it costs, its score. All lead over the node `tip` of this side."""

    tip: int
    number: Ints
    node: Ints
    cost: Ints
    score: Ints


class _Others:
    """What else one side of a pair could have, and what each would cost to force.

    To force a pair is to send one unit from its recipient back to its helper. So the distances to the helper tell of
    all his pairs at once, and those from the recipient of all of its own.
    """

    def __init__(self, apart: Apart, key: int, *, ours: bool) -> None:
        self.apart, self.ours = apart, ours
        rows = [int(one[0]) for one in apart.settled.rows(np.array([key]))]
        self.row = rows[0 if ours else 1]
        mine, self.side = (apart.helpers, apart.recipients) if ours else (apart.recipients, apart.helpers)
        self.number, self.asked = int(mine.of[self.row]), int(self.side.of[rows[1 if ours else 0]])
        pairs = apart.settled.rows(apart.keys[apart.picked])
        self.taken = pairs[1 if ours else 0][pairs[0 if ours else 1] == self.row]

    def best(self, most: int) -> list[Alternative]:
        """The best, one of each class that still has somebody to take."""
        left = self.side.size - np.bincount(self.side.of[self.taken], minlength=len(self.side.size))
        left[self.asked] = 0
        found = [told for tip in self._tips() for told in self._told(tip, left, most)]
        found.sort(key=lambda one: (one.loss is None, one.loss, -one.score, one.pair))
        return found[:most]

    def _told(self, rivals: _Rivals, left: Ints, most: int) -> Iterator[Alternative]:
        able = np.flatnonzero(left[rivals.number] > 0)
        node, cost, score, number = (one[able] for one in (rivals.node, rivals.cost, rivals.score, rivals.number))

        def last_shown(label: Ints) -> int:
            losses = np.where(label[node] < FAR, label[node] + cost, FAR)
            return int(np.partition(losses, most - 1)[most - 1]) if len(losses) >= most else FAR

        label = self.apart.reach.distances(rivals.tip, last_shown, onward=not self.ours)
        losses = np.where(label[node] < FAR, label[node] + cost, FAR)
        for at in np.lexsort((number, -score, losses))[:most].tolist():
            loss = None if losses[at] >= FAR else int(losses[at])
            yield Alternative(self._pair(int(number[at])), int(score[at]), loss)

    def _pair(self, number: int) -> Pair:
        """With the first of a class that is not taken already."""
        other = np.setdiff1d(np.flatnonzero(self.side.of == number), self.taken)[0]
        one, two = (self.row, other) if self.ours else (other, self.row)
        return pair_of(self.apart.settled, int(one * self.apart.settled.problem.recipients + two))

    def _tips(self) -> Iterator[_Rivals]:
        """By the node of this side: one, or for a helper with bounds on tiers one for each."""
        pieces = [*self._by_formula(), *self._listed()]
        for tip in dict.fromkeys(one.tip for one in pieces):
            mine = [one for one in pieces if one.tip == tip]
            columns = ((one.number, one.node, one.cost, one.score) for one in mine)
            yield _Rivals(tip, *(np.concatenate(column) for column in zip(*columns, strict=True)))

    def _by_formula(self) -> Iterator[_Rivals]:
        reach, listed = self.apart.reach, self._told_apart()
        for area in reach.areas:
            mine, other = (area.helpers, area.recipients) if self.ours else (area.recipients, area.helpers)
            at = int(np.searchsorted(mine, self.number))
            if at == len(mine) or mine[at] != self.number:
                continue
            some = np.flatnonzero(~np.isin(other, listed))
            here = np.array([at])
            rows, columns = (here, some) if self.ours else (some, here)
            if not len(some):
                continue
            cost = reach.costs(area, rows, columns).ravel()
            score = area.scores.take(rows, columns).ravel().astype(np.int64)
            tips, nodes = (area.tails[rows], area.heads[columns])[:: 1 if self.ours else -1]
            yield _Rivals(int(tips[0]), other[some], nodes, cost, score)

    def _told_apart(self) -> Ints:
        """Classes of the other side with which this row has a pair listed in the problem."""
        apart = self.apart
        pairs = apart.settled.rows(apart.named)
        found: Ints = self.side.of[pairs[1 if self.ours else 0][pairs[0 if self.ours else 1] == self.row]]
        return found

    def _listed(self) -> Iterator[_Rivals]:
        apart, net = self.apart, self.apart.net
        for key in apart.named.tolist():
            rows = [int(one[0]) for one in apart.settled.rows(np.array([key]))]
            edge = apart.edge(key)
            if rows[0 if self.ours else 1] != self.row or apart.problem.edge_state[edge] == BANNED:
                continue
            arc = apart.arc(key)
            tip, node = (int(end) for end in (net.tail[arc], net.head[arc])[:: 1 if self.ours else -1])
            number = int(self.side.of[rows[1 if self.ours else 0]])
            cost, score = -apart.gain(arc), int(apart.problem.edge_score[edge])
            yield _Rivals(tip, *(np.array([one], np.int64) for one in (number, node, cost, score)))


def key_of(settled: Settled, helper: str, recipient: str) -> int:
    """The key of an eligible pair. Raises KeyError with a sentence when it is none."""
    problem = settled.problem
    h, r = find(problem.helper_ids, helper), find(problem.recipient_ids, recipient)
    if h < 0 or r < 0:
        raise KeyError(f"no {'helper' if h < 0 else 'recipient'} {helper if h < 0 else recipient!r}")
    key = settled.key(np.array([h]), np.array([r]))
    if not settled.small.covers(*settled.classes(key))[0] and not np.isin(key, settled.own)[0]:
        raise KeyError(f"{helper!r} – {recipient!r} is not an eligible pair")
    return int(key[0])


def pair_of(settled: Settled, key: int) -> Pair:
    """The ids of both sides."""
    helper, recipient = divmod(key, settled.problem.recipients)
    return str(settled.problem.helper_ids[helper]), str(settled.problem.recipient_ids[recipient])


def pairs_of(settled: Settled, keys: Iterable[int]) -> Iterator[Pair]:
    return (pair_of(settled, key) for key in keys)


__all__ = ["ExplainerAll", "key_of", "pair_of", "pairs_of"]
