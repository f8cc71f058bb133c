"""Looking at every pair of eligible blocks that is not listed, for those that the prices undervalue.

A pair gains when its score exceeds the price of taking its recipient away from the rest: score + price[recipient] −
price[tail] > 0. Scores come out of matrix products in 32 bits, block by block; whatever might gain there, by a bound on
the rounding, is looked at again with integers. So "nothing gains" is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.implicit import LARGEST_SUM, Implicit
from matching.network import Network
from matching.problem import Ints, TierBounds

Floats = NDArray[np.float32]

_CHUNK = 1024  # helpers × recipients looked at together: four megabytes of scores, which stay in the cache
_TOPS = 8  # chunks, at least, over which the best of a row or column are told
_FEW = 4  # times the rows and columns of a chunk: up to so many possible gains are all looked at
_ROUNDING = 2.0**-23


@dataclass(frozen=True)
class Gains:
    """Pairs that gain (n,): helpers, recipients and by how much. Not all of them, but none only when there are none."""

    helper: Ints
    recipient: Ints
    gain: Ints


@dataclass(frozen=True)
class _Area:
    """Helpers of one block and recipients of one other and of one tier, eligible together."""

    helpers: Ints
    recipients: Ints
    tail: Ints  # the price that each helper pays for these recipients


def gains(implicit: Implicit, network: Network, price: Ints, listed: Ints) -> Gains:
    """Unlisted eligible pairs that gain at these prices (N,) of `network`, the best of each row and column at least.

    `listed` are the sorted keys of the pairs that do not count.
    """
    found = [
        piece
        for area in _areas(implicit, network, price)
        for piece in _Look(implicit, network, price, listed, area).pieces()
    ]
    empty = np.zeros(0, np.int64)
    return (
        Gains(*(np.concatenate([empty, *column]) for column in zip(*found, strict=True)))
        if found
        else Gains(empty, empty, empty)
    )


def best(implicit: Implicit, network: Network, price: Ints) -> Ints:
    """Keys of eligible pairs (n,), sorted: the best of every row and column of every chunk at these prices."""
    found = [np.zeros(0, np.int64)]
    for area in _areas(implicit, network, price):
        found += _Look(implicit, network, price, np.zeros(0, np.int64), area).tops()
    return np.unique(np.concatenate(found))


def _areas(implicit: Implicit, network: Network, price: Ints) -> Iterator[_Area]:
    problem = implicit.problem
    tiers = np.unique(problem.recipient_tier)
    for ours, theirs in np.unique(implicit.eligible, axis=0):
        helpers = np.flatnonzero(implicit.helper_block == ours)
        block = np.flatnonzero(implicit.recipient_block == theirs)
        for tier in tiers if ours >= 0 and theirs >= 0 and len(helpers) else ():
            recipients = block[problem.recipient_tier[block] == tier]
            if len(recipients):
                yield _Area(helpers, recipients, price[tails(network, problem.tiers, helpers, int(tier))])


def tails(network: Network, bounds: TierBounds, helpers: Ints, tier: int) -> Ints:
    """The node from which these helpers reach a recipient of this tier: their own, or that of a bound on the tier."""
    node = np.arange(network.first_helper, network.first_recipient)
    mine = np.flatnonzero(bounds.tier == tier) if tier >= 0 else np.zeros(0, np.int64)
    node[bounds.helper[mine]] = network.first_tier + mine
    return node[helpers]


class _Look:
    """One area, chunk by chunk."""

    def __init__(self, implicit: Implicit, network: Network, price: Ints, listed: Ints, area: _Area) -> None:
        self.implicit, self.area = implicit, area
        self.random = np.random.default_rng(len(listed))
        self.head = price[network.first_recipient + area.recipients]
        ours = implicit.helper_features[area.helpers].astype(np.float64) / implicit.divisor
        theirs = implicit.recipient_features[area.recipients].astype(np.float64)
        self.rows = np.column_stack([ours, np.ones(len(ours)), implicit.offset - area.tail]).astype(np.float32)
        self.columns = np.column_stack([theirs, self.head, np.ones(len(theirs))]).astype(np.float32)
        # Each product and each sum rounds; Higham, Accuracy and Stability (2002), section 3.1.
        largest = np.abs(self.rows).max(axis=0) @ np.abs(self.columns).max(axis=0)
        self.slack = np.float32(_ROUNDING * (self.rows.shape[1] + 3) * float(largest) + 1e-6)
        self.listed = self._inside(listed)

    def _inside(self, listed: Ints) -> tuple[Ints, Ints, Ints]:
        """The listed pairs of the area as (row, column), and where those of each row of chunks begin."""
        width = self.implicit.problem.recipients
        place = np.full(width, -1, np.int64)
        place[self.area.recipients] = np.arange(len(self.area.recipients))
        first = np.searchsorted(listed, self.area.helpers * width)
        last = np.searchsorted(listed, (self.area.helpers + 1) * width)
        count = last - first
        at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
        row, column = np.repeat(np.arange(len(count)), count), place[listed[at] % width]
        row, column = row[column >= 0], column[column >= 0]
        return row, column, np.searchsorted(row, np.arange(0, len(count) + _CHUNK, _CHUNK))

    def pieces(self) -> Iterator[tuple[Ints, Ints, Ints]]:
        """(helpers, recipients, gains) by chunk, where there are any."""
        row, column, begin = self.listed
        for step, top in enumerate(range(0, len(self.rows), _CHUNK)):
            mine = slice(begin[step], begin[step + 1])
            order = np.argsort(column[mine], kind="stable")
            rows, columns = row[mine][order] - top, column[mine][order]
            for left in range(0, len(self.columns), _CHUNK):
                some = slice(*np.searchsorted(columns, (left, left + _CHUNK)))
                around = self.rows[top : top + _CHUNK] @ self.columns[left : left + _CHUNK].T
                around[rows[some], columns[some] - left] = -np.inf
                if (at := self._exact(around, top, left)) is not None:
                    yield at

    def tops(self) -> Iterator[Ints]:
        """Keys of the best pairs by chunk, of which there are enough for everybody to have several."""
        high, wide = (min(_CHUNK, -(-len(side) // _TOPS)) for side in (self.rows, self.columns))
        for top in range(0, len(self.rows), high):
            for left in range(0, len(self.columns), wide):
                around = self._apart(self.rows[top : top + high] @ self.columns[left : left + wide].T)
                height, width = around.shape
                rows = np.concatenate([np.arange(height), around.argmax(axis=0)]) + top
                columns = np.concatenate([around.argmax(axis=1), np.arange(width)]) + left
                yield self.implicit.key(self.area.helpers[rows], self.area.recipients[columns])

    def _apart(self, around: Floats) -> Floats:
        """Equal values told apart by lot, by less than a point, or everybody would list the same of many equals."""
        height, width = around.shape
        lots = self.random.random(height + width, np.float32)
        apart: Floats = around + np.lib.stride_tricks.sliding_window_view(lots, width)[:height]
        return apart

    @cached_property
    def _whole(self) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Rows and columns of whole numbers whose products are at least 0 where a pair gains: exact as floating point,
        None where they are too large for that."""
        one, area = self.implicit, self.area
        d, asked = one.divisor, area.tail + 1 - one.offset
        prices = int(np.abs(self.head).max(initial=0)) + int(np.abs(asked).max(initial=0))
        if one.largest_sum() + d * prices >= LARGEST_SUM:
            return None
        ours, theirs = one.helper_features[area.helpers], one.recipient_features[area.recipients]
        rows = np.column_stack([ours, np.ones(len(ours), np.int64), -d * asked])
        columns = np.column_stack([theirs, d * self.head, np.ones(len(theirs), np.int64)])
        return rows.astype(np.float64), columns.astype(np.float64)

    def _possible(self, around: Floats, high: Ints, top: int, left: int) -> NDArray[np.bool_]:
        """Which pairs of these rows may gain: by the bound on the rounding, and exactly where that leaves too many."""
        possible: NDArray[np.bool_] = around[high] > -self.slack
        if np.count_nonzero(possible) > _FEW * sum(around.shape) and self._whole is not None:
            rows, columns = self._whole
            possible &= rows[high + top] @ columns[left : left + around.shape[1]].T >= 0
        return possible

    def _exact(self, around: Floats, top: int, left: int) -> tuple[Ints, Ints, Ints] | None:
        """Those of a chunk that gain: all of a few, else the best of every row and column."""
        best = around.max(axis=1)
        high = np.flatnonzero(best > -self.slack)
        if not len(high):
            return None
        possible = self._possible(around, high, top, left)
        if np.count_nonzero(possible) <= _FEW * sum(around.shape):
            row, column = np.nonzero(possible)
            return self._gaining(high[row] + top, column + left)
        height, width = around.shape
        # Where many are worth nearly the same, everybody's best is the same one; so some are drawn besides.
        row, column = np.nonzero(possible)
        drawn = self.random.integers(0, len(row), height + width)
        apart = self._apart(around)
        rows = np.concatenate([np.arange(height), apart.argmax(axis=0), high[row[drawn]]])
        columns = np.concatenate([apart.argmax(axis=1), np.arange(width), column[drawn]])
        kept = around[rows, columns] > -self.slack
        told = self._gaining(rows[kept] + top, columns[kept] + left)
        if told is not None:
            return told
        # So many are so near to nothing that rounding could hide which gain: all of them, with integers.
        return self._gaining(high[row] + top, column + left)

    def _gaining(self, rows: Ints, columns: Ints) -> tuple[Ints, Ints, Ints] | None:
        helper, recipient = self.area.helpers[rows], self.area.recipients[columns]
        gain = self.implicit.scores(helper, recipient) + self.head[columns] - self.area.tail[rows]
        at = np.flatnonzero(gain > 0)
        return (helper[at], recipient[at], gain[at]) if len(at) else None


__all__ = ["Gains", "gains", "tails"]
