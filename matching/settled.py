"""A proven optimum over pairs that nobody lists, laid out to be asked questions about: quick to open, small to keep.

What 300 000 rows have in common is kept once per class of alike rows (see `matching.classes`); of the single rows there
are only their ids, bounds and classes, and the pairs that were picked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import network, scan
from matching.classes import Side, classes_of, first_rows
from matching.columns import Column
from matching.csvfiles import read_table
from matching.implicit import Implicit
from matching.implicit_files import read_implicit
from matching.io import node_names
from matching.problem import FREE, Groups, Ints, Policy, Problem, TierBounds
from matching.solve import Solution
from matching.verify import Unreadable

SETTLED = "settled.npz"  # beside a solution over blocks: what `load` opens in a moment, derived from the files
_CACHED = 40_000_000  # pairs of classes: the scores of no more than these are kept, in 32 bits


@dataclass(frozen=True)
class Grid:
    """Scores of a rectangle of classes, kept as the rows and columns of a `matrix`, or multiplied when asked."""

    matrix: NDArray[np.integer] | None
    rows: Ints
    columns: Ints
    multiplied: Callable[[Ints | None, Ints | None], Ints]

    def take(self, rows: Ints | None, columns: Ints | None) -> NDArray[np.integer]:
        """Of these rows and columns of the rectangle; None: of all."""
        if self.matrix is None:
            return self.multiplied(rows, columns)
        # One gather of whole rows or columns costs a fraction of one by both.
        found = self.matrix
        if rows is not None or not _whole(self.rows, found.shape[0]):
            found = found[self.rows if rows is None else self.rows[rows]]
        if columns is not None or not _whole(self.columns, found.shape[1]):
            found = found[:, self.columns if columns is None else self.columns[columns]]
        return found


def _whole(places: Ints, size: int) -> bool:
    """Whether these are all places there are, in their order."""
    return len(places) == size and bool((places == np.arange(size)).all())


@dataclass(frozen=True)
class Settled:
    """An optimum proven over all eligible pairs.

    `problem` is that of the rows, with the pairs listed in it; `small` has one row per class, in `helpers` and
    `recipients`. `picked` (P,) are the sorted keys of the pairs of rows, `price` (N,) those of the network of `small`.
    """

    problem: Problem
    small: Implicit
    helpers: Side
    recipients: Side
    picked: Ints
    price: Ints
    _kept: dict[tuple[int, int], NDArray[np.integer]] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, keys: Ints) -> tuple[Ints, Ints]:
        """Helpers and recipients (n,) of these keys."""
        helper, recipient = np.divmod(keys, max(self.problem.recipients, 1))
        return helper, recipient

    def classes(self, keys: Ints) -> tuple[Ints, Ints]:
        """Their classes (n,)."""
        helper, recipient = self.rows(keys)
        return self.helpers.of[helper], self.recipients.of[recipient]

    def key(self, helper: NDArray[Any], recipient: NDArray[Any]) -> Ints:
        """One number per pair (n,) of rows, in the order in which a problem keeps its edges."""
        found: Ints = helper.astype(np.int64) * self.problem.recipients + recipient
        return found

    @cached_property
    def own(self) -> Ints:
        """The keys of the pairs listed in the problem."""
        return self.key(self.problem.edge_helper, self.problem.edge_recipient)

    @cached_property
    def picks(self) -> Problem:
        """The problem with the picked pairs listed besides its own."""
        return self.listing(self.picked, self.problem)

    @cached_property
    def picks_keys(self) -> Ints:
        """The keys of the pairs listed there."""
        return self.key(self.picks.edge_helper, self.picks.edge_recipient)

    def listing(self, keys: Ints, problem: Problem | None = None) -> Problem:
        """A problem (that of the picks) with these pairs listed besides, free and scored by the formula."""
        given = problem or self.picks
        own = self.key(given.edge_helper, given.edge_recipient)
        more = np.setdiff1d(keys, own)
        place = np.searchsorted(own, more)
        helper, recipient = self.rows(more)
        return replace(
            given,
            edge_helper=np.insert(given.edge_helper, place, helper),
            edge_recipient=np.insert(given.edge_recipient, place, recipient),
            edge_score=np.insert(given.edge_score, place, self.small.scores(*self.classes(more))),
            edge_state=np.insert(given.edge_state, place, FREE),
            edge_incumbent=np.insert(given.edge_incumbent, place, False),
            edge_extra={},
        )

    @cached_property
    def costless(self) -> NDArray[np.bool_]:
        """Which of the picked pairs (P,) cost nothing to refuse because somebody alike can take the place.

        Where not all pairs of two classes are picked, members may change places until any one of them is not.
        """
        helper, recipient = self.classes(self.picked)
        _, number, carried = np.unique(self.small.key(helper, recipient), return_inverse=True, return_counts=True)
        found: NDArray[np.bool_] = carried[number] < self.helpers.size[helper] * self.recipients.size[recipient]
        return found

    def grid(self, ours: Ints, theirs: Ints) -> Grid:
        """The scores by the formula of classes of helpers, all of one block, with classes of recipients of another."""
        one = self.small
        blocks = int(one.helper_block[ours[0]]), int(one.recipient_block[theirs[0]])
        rows, columns = (
            np.flatnonzero(side == block)
            for side, block in zip((one.helper_block, one.recipient_block), blocks, strict=True)
        )
        if self._keeps and blocks not in self._kept:
            self._kept[blocks] = self._multiplied(rows, columns)
        places = np.searchsorted(rows, ours), np.searchsorted(columns, theirs)
        return Grid(self._kept.get(blocks), *places, partial(self._multiplied, ours, theirs))

    @cached_property
    def _keeps(self) -> bool:
        """Whether all scores of pairs of classes fit into the memory that they may take."""
        high, low = self.small.largest_sum() // self.small.divisor + self.small.offset, self.small.offset
        return self.small.pairs() <= _CACHED and max(abs(high), abs(low), abs(high - 2 * low)) < 2**31 - 1

    def _multiplied(self, ours: Ints, theirs: Ints, rows: Ints | None = None, columns: Ints | None = None) -> Ints:
        """Of some rows and columns of a rectangle. `Implicit` sees to it that floating point is exact: below 2^53."""
        one = self.small
        mine = one.helper_features[ours if rows is None else ours[rows]].astype(np.float64)
        others = one.recipient_features[theirs if columns is None else theirs[columns]].astype(np.float64)
        found: Ints = (mine @ others.T).astype(np.int64) // one.divisor + one.offset
        return found.astype(np.int32) if self._keeps else found

    def save(self, path: Path) -> None:
        """Write everything into one file, which `load` reads in a moment."""
        told: dict[str, Any] = {name: _narrow(one) for name, one in _arrays(self).items()}
        np.savez(path, **told)


def load(path: Path) -> Settled:
    """What `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        told: dict[str, Any] = {name: _wide(name, file[name]) for name in file.files}
    return _of_arrays(told)


def settle(implicit: Implicit, solution: Solution) -> Settled:
    """Lay out an optimum that `price_out.solve_all` found for this problem. Raises ValueError for anything else."""
    if solution.status != "optimal":
        raise ValueError("only an optimal solution can be asked about")
    listed, picked = solution.problem, solution.picked
    keys = implicit.key(listed.edge_helper[picked], listed.edge_recipient[picked])
    return _settled(implicit, np.sort(keys), solution.node_prices)


def read_settled(problem: Path, solution: Path) -> Settled:
    """The same from the folders of both. Check them with `verify` before believing what is said on their strength.

    Raises Unreadable, and as `read_implicit`. Cost: some 15 s for 127 000 × 168 000.
    """
    implicit = read_implicit(problem)
    picked, prices = read_picked(implicit, solution), read_table(solution / "prices.csv")
    nodes = zip(*(prices.names(name).tolist() for name in ("kind", "side", "id", "tier")), strict=True)
    told = dict(zip(nodes, prices.ints("price", 0, low=-(2**62), high=2**62).tolist(), strict=True))
    try:
        price = np.array([told[node] for node in node_names(implicit.problem)], np.int64)
        return _settled(implicit, picked, price)
    except (KeyError, ValueError) as fault:
        raise Unreadable(f"{solution}: does not fit the problem: {fault}") from None


def read_picked(implicit: Implicit, solution: Path) -> Ints:
    """The sorted keys (P,) of the pairs that a solution folder picked. Raises Unreadable for what is none of these."""
    pairs = read_table(solution / "pairs.csv")
    helper, recipient = (
        pairs.names(side).find_in(Column.of(ids.tolist()))
        for side, ids in (("helper", implicit.problem.helper_ids), ("recipient", implicit.problem.recipient_ids))
    )
    if not pairs.columns or (helper < 0).any() or (recipient < 0).any():
        raise Unreadable(f"{solution}: holds no solution of this problem")
    return np.sort(implicit.key(helper, recipient))


def _settled(implicit: Implicit, picked: Ints, price: Ints) -> Settled:
    """Prices of rows become those of their classes; whether these prove the optimum is looked at once more."""
    classes = classes_of(implicit)
    small, problem = classes.implicit, implicit.problem
    net = network.build(small.problem, sizes=classes.sizes)
    nodes = classes.nodes(net)
    # Alike rows that could pair with nobody may have different prices: of helpers the lowest holds for all, of
    # recipients the highest.
    low, high = (np.full(net.nodes, start, np.int64) for start in (2**62, -(2**62)))
    np.minimum.at(low, nodes, price)
    np.maximum.at(high, nodes, price)
    mine = np.where((np.arange(net.nodes) >= net.first_recipient) & (np.arange(net.nodes) < net.first_tier), high, low)
    found = Settled(problem, small, classes.helpers, classes.recipients, picked, mine)
    own = small.key(small.problem.edge_helper, small.problem.edge_recipient)
    keys = np.union1d(own, small.key(*found.classes(picked)))
    if len(scan.gains(small, net, mine, keys).gain):
        raise ValueError("the prices do not prove this solution optimal")
    return found


# --- one file -----------------------------------------------------------------------------------------------------

_ROWS = (
    "helper_ids", "helper_min", "helper_max", "helper_group", "recipient_ids", "recipient_min", "recipient_max",
    "recipient_tier", "recipient_group", "coverage_start", "coverage", "edge_helper", "edge_recipient", "edge_score",
    "edge_state", "edge_incumbent",
)  # fmt: skip
_GROUPS = ("ids", "parent", "min", "max")
_TIERS = ("helper", "tier", "min", "max")
_FORMULA = ("helper_block", "recipient_block", "eligible", "helper_features", "recipient_features")
_SIDE = ("of", "first", "size")
_INDICES = {
    "helper_group", "recipient_tier", "recipient_group", "edge_helper", "edge_recipient", "helper_groups.parent",
    "recipient_groups.parent", "tiers.helper", "tiers.tier", "small.helper_block", "small.recipient_block",
    "small.eligible",
}  # fmt: skip


def _arrays(one: Settled) -> dict[str, NDArray[Any]]:
    """Everything by name. What `small.problem` says follows from the problem and the first row of each class."""
    problem, small = one.problem, one.small
    told: dict[str, NDArray[Any]] = {name: getattr(problem, name) for name in _ROWS}
    for kind, names, of in (
        ("helper_groups", _GROUPS, problem.helper_groups),
        ("recipient_groups", _GROUPS, problem.recipient_groups),
        ("tiers", _TIERS, problem.tiers),
        ("helpers", _SIDE, one.helpers),
        ("recipients", _SIDE, one.recipients),
        ("small", _FORMULA, small),
    ):
        told |= {f"{kind}.{name}": getattr(of, name) for name in names}
    told["tier_names"] = np.array(problem.tier_names, np.str_)
    told["numbers"] = np.array([small.divisor, small.offset, problem.policy.stability], np.int64)
    return told | {"picked": one.picked, "price": one.price}


def _of_arrays(told: dict[str, Any]) -> Settled:
    def some(kind: str, names: tuple[str, ...]) -> list[Any]:
        return [told[f"{kind}.{name}"] for name in names]

    problem = Problem(
        **{name: told[name] for name in _ROWS},
        tier_names=tuple(told["tier_names"].tolist()),
        helper_groups=Groups(*some("helper_groups", _GROUPS)),
        recipient_groups=Groups(*some("recipient_groups", _GROUPS)),
        tiers=TierBounds(*some("tiers", _TIERS)),
        policy=Policy(stability=int(told["numbers"][2])),
    )
    helpers, recipients = (Side(*some(kind, _SIDE)) for kind in ("helpers", "recipients"))
    small = Implicit(first_rows(problem, helpers, recipients), *some("small", _FORMULA), *told["numbers"][:2].tolist())
    return Settled(problem, small, helpers, recipients, told["picked"], told["price"])


def _narrow(one: NDArray[Any]) -> NDArray[Any]:
    """The same in as few bytes as hold it."""
    if one.dtype.kind == "U":
        encoded: NDArray[Any] = np.char.encode(one, "utf-8") if one.size else np.zeros(0, "S1")
        return encoded
    if one.dtype.kind != "i":
        return one
    low, high = int(one.min(initial=0)), int(one.max(initial=0))
    return one.astype(np.result_type(np.min_scalar_type(min(low, -high - 1)), np.int8))


def _wide(name: str, one: NDArray[Any]) -> NDArray[Any]:
    """As the library computes with it."""
    if one.dtype.kind == "S":
        decoded: NDArray[Any] = np.char.decode(one, "utf-8") if one.size else np.zeros(0, "U1")
        return decoded
    if one.dtype.kind != "i" or name == "edge_state":
        return one
    return one.astype(np.int32 if name in _INDICES else np.int64)


__all__ = ["SETTLED", "Settled", "load", "read_picked", "read_settled", "settle"]
