"""Why a pair was chosen, why another was not, and what would follow if it were otherwise; exact, with the swaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.problem import BANNED, Ints, Problem
from matching.residual import Path, Residual
from matching.solve import Solution, UnsupportedPolicy

Pair = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """What follows when one pair is refused or forced: the exact loss of the objective, and the pairs that change.

    `loss` is None when the bounds leave no way at all; then `removed` and `added` are empty. The pairs are in the order
    of the chain of swaps, the pair in question first.
    """

    pair: Pair
    loss: int | None
    removed: tuple[Pair, ...]
    added: tuple[Pair, ...]


@dataclass(frozen=True)
class Alternative:
    """Another pair of the same helper or recipient, and what the objective would lose if it were forced."""

    pair: Pair
    score: int
    loss: int | None


@dataclass(frozen=True)
class Why:
    """Everything that is asked about a pair: is it in, may it change, its score, and the change it would mean.

    For a picked pair `change` refuses it (its loss is the regret); for any other pair it forces it.
    """

    pair: Pair
    picked: bool
    state: str
    score: int
    change: Change
    helper_alternatives: tuple[Alternative, ...]
    recipient_alternatives: tuple[Alternative, ...]


class Explainer:
    """Answers questions about one proven solution. Build it once, ask often.

    Cost: one Dijkstra per question (about 5 ms at county scale).
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        if solution.status != "optimal":
            raise ValueError("only an optimal solution can be explained; for an infeasible one see matching.gaps")
        if problem.policy.fair or problem.policy.at_most_changes is not None:
            raise UnsupportedPolicy("regrets are told for the plain objective, not under fair or at_most_changes")
        self.problem, self.residual = problem, Residual(problem, solution)
        self.picked = np.zeros(problem.edges, np.bool_)
        self.picked[solution.picked] = True

    def why(self, helper: str, recipient: str, alternatives: int = 3) -> Why:
        """Explain one eligible pair; with the best `alternatives` of each side. Raises KeyError for an unknown pair."""
        edge = self.problem.find_edge(helper, recipient)
        picked = bool(self.picked[edge])
        return Why(
            (helper, recipient),
            picked,
            ("free", "locked", "banned")[self.problem.edge_state[edge]],
            int(self.problem.edge_score[edge]),
            self.refuse(edge) if picked else self.force(edge),
            self._alternatives(self.problem.edge_helper, edge, alternatives),
            self._alternatives(self.problem.edge_recipient, edge, alternatives),
        )

    def refuse(self, edge: int) -> Change:
        """What follows when a picked edge is banned; its loss is the pair's regret."""
        if not self.picked[edge]:
            raise ValueError(f"{self._pair(edge)} is not picked")
        net = self.residual.network
        path = self.residual.path(int(net.tail[edge]), int(net.head[edge]), without=edge)
        return self._change(edge, path, lambda cost: int(net.value[edge]) + cost, refused=True)

    def force(self, edge: int) -> Change:
        """What follows when an edge that is not picked must be."""
        if self.picked[edge]:
            raise ValueError(f"{self._pair(edge)} is picked already")
        net = self.residual.network
        path = self.residual.path(int(net.head[edge]), int(net.tail[edge]), without=edge)
        return self._change(edge, path, lambda cost: cost - int(net.value[edge]), refused=False)

    def regrets(self) -> Ints:
        """The regret of every picked edge, in the order of `solution.picked`; −1 where refusing it is impossible."""
        losses = (self.refuse(int(edge)).loss for edge in np.flatnonzero(self.picked))
        return np.array([-1 if loss is None else loss for loss in losses], np.int64)

    def _change(self, edge: int, path: Path | None, loss: Callable[[int], int], *, refused: bool) -> Change:
        pair = self._pair(edge)
        if path is None:
            return Change(pair, None, (), ())
        edges = self.problem.edges
        removed = [self._pair(-signed - 1) for signed in path.arcs if signed < 0 and -signed - 1 < edges]
        added = [self._pair(signed - 1) for signed in path.arcs if signed > 0 and signed - 1 < edges]
        (removed if refused else added).insert(0, pair)
        return Change(pair, loss(path.cost), tuple(removed), tuple(added))

    def _pair(self, edge: int) -> Pair:
        problem = self.problem
        return (
            str(problem.helper_ids[problem.edge_helper[edge]]),
            str(problem.recipient_ids[problem.edge_recipient[edge]]),
        )

    def _alternatives(self, side: np.typing.NDArray[np.int32], edge: int, most: int) -> tuple[Alternative, ...]:
        """The pairs of the same side that would cost least to force, best first."""
        others = np.flatnonzero((side == side[edge]) & ~self.picked & (self.problem.edge_state != BANNED))
        price, net = self.residual.solution.node_prices, self.residual.network
        # The reduced value bounds the loss from below: only the best few are worth an exact answer.
        hopeful = others[np.argsort(-(net.value[others] + price[net.head[others]] - price[net.tail[others]]))][
            : 3 * most
        ]
        found = [
            Alternative(self._pair(int(o)), int(self.problem.edge_score[o]), self.force(int(o)).loss) for o in hopeful
        ]
        found.sort(key=lambda one: (one.loss is None, one.loss, -one.score, one.pair))
        return tuple(found[:most])


def sentence(why: Why, names: Mapping[str, str] | None = None, language: str = "zh") -> str:
    """A Why in words for an official ("zh") or anybody else ("en"); `names` turns ids into names."""
    named = _Names(names or {})
    return (_zh if language == "zh" else _en)(why, named)


class _Names:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def pair(self, pair: Pair, dash: str = "–") -> str:
        return dash.join(self.names.get(one, one) for one in pair)

    def pairs(self, pairs: tuple[Pair, ...], comma: str) -> str:
        return comma.join(self.pair(one) for one in pairs)


def _zh(why: Why, named: _Names) -> str:
    this, change = named.pair(why.pair), why.change
    if why.state == "banned":
        return f"{this} 已被排除（此前不采纳或有异议），不能选入。"
    if why.state == "locked":
        return f"{this} 是已有的结对关系，必须保留。"
    if change.loss is None:
        return (
            f"{this} 不可缺少：去掉它，各方的上下限就无法同时满足。"
            if why.picked
            else (f"{this} 选不进来：它会使某一方超出上限，而又没有可以调开的结对。")
        )
    moves = []
    if kept := change.removed[1:] if why.picked else change.removed:
        moves.append(f"取消 {named.pairs(kept, '、')}")
    if gained := change.added if why.picked else change.added[1:]:
        moves.append(f"改为 {named.pairs(gained, '、')}")
    follow = "，".join(moves) or "其余结对不变"
    if why.picked:
        return f"如不采纳 {this}，总目标减少 {change.loss} 分，届时{follow}。"
    return f"如一定要选入 {this}，总目标减少 {change.loss} 分，届时{follow}。"


def _en(why: Why, named: _Names) -> str:
    this, change = named.pair(why.pair), why.change
    if why.state == "banned":
        return f"{this} is banned and cannot be chosen."
    if why.state == "locked":
        return f"{this} is in force and must stay."
    if change.loss is None:
        return (
            f"{this} is indispensable: without it the bounds cannot all be met."
            if why.picked
            else (f"{this} cannot be chosen: it would break a bound, and no swap makes room.")
        )
    moves = []
    if kept := change.removed[1:] if why.picked else change.removed:
        moves.append(f"{named.pairs(kept, ', ')} would end")
    if gained := change.added if why.picked else change.added[1:]:
        moves.append(f"{named.pairs(gained, ', ')} would come instead")
    follow = " and ".join(moves) or "nothing else would change"
    verb = "refused" if why.picked else "forced"
    return f"If {this} were {verb}, the objective would fall by {change.loss}; {follow}."


__all__ = ["Alternative", "Change", "Explainer", "Why", "sentence"]
