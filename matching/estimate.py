"""Prices guessed from a sample of the market, good enough to tell which pairs are worth listing.

A few helpers and recipients of every block are drawn, all their pairs are listed and solved; their prices then say what
everybody else would pay or ask among them. Nothing here decides anything: a bad guess only costs rounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.implicit import Implicit
from matching.network import Network
from matching.problem import FREE, Index, Ints, Policy, Problem, no_groups, no_tiers
from matching.solve import solve

Floats = NDArray[np.float32]

_SAMPLE = 1 / 500  # of the eligible pairs are listed in the sample
_SMALLEST = 40  # helpers and recipients per block that the sample has at least
_SAMPLES = 2
_DEEP = 6  # helpers of a recipient, recipients of a helper that are looked at
_ROWS = 2048
_SEED = 20170623


def estimate(implicit: Implicit) -> tuple[Ints, Ints]:
    """Prices of the helpers (H,) and of the recipients (R,), the average over some samples."""
    random = np.random.default_rng(_SEED)
    found = [_Sample(implicit, *_draw(implicit, random)).prices() for _ in range(_SAMPLES)]
    helper, recipient = (np.mean(side, axis=0).astype(np.int64) for side in zip(*found, strict=True))
    return helper, recipient


def in_layout(net: Network, implicit: Implicit, helper: Ints, recipient: Ints) -> Ints:
    """Prices (N,) in the layout of `net`; those of groups are 0."""
    price = np.zeros(net.nodes, np.int64)
    price[net.first_helper : net.first_recipient] = helper
    price[net.first_recipient : net.first_tier] = recipient
    price[net.first_tier :] = helper[implicit.problem.tiers.helper]
    return price


def _draw(implicit: Implicit, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Some helpers and recipients of every block, the same share of all."""
    share = _SAMPLE**0.5

    def some(blocks: Index) -> Ints:
        drawn = [np.zeros(0, np.int64)]
        for block in np.unique(blocks[blocks >= 0]):
            mine = np.flatnonzero(blocks == block)
            wanted = min(len(mine), max(_SMALLEST, round(share * len(mine))))
            drawn.append(random.choice(mine, wanted, replace=False))
        return np.sort(np.concatenate(drawn))

    return some(implicit.helper_block), some(implicit.recipient_block)


class _Sample:
    """A small market, solved; `helpers` and `recipients` are rows of the large one."""

    def __init__(self, implicit: Implicit, helpers: Ints, recipients: Ints) -> None:
        self.implicit, self.helpers, self.recipients = implicit, helpers, recipients
        solution = solve(self._problem())
        self.helper_price = solution.node_prices[1 : 1 + len(helpers)]
        self.recipient_price = solution.node_prices[1 + len(helpers) :]

    def _problem(self) -> Problem:
        """All eligible pairs of the sample, with maxima and coverage as they are and nothing else that binds."""
        given, hs, rs = self.implicit.problem, self.helpers, self.recipients
        allowed = self.implicit.covers(np.repeat(hs, len(rs)), np.tile(rs, len(hs)))
        helper, recipient = np.divmod(np.flatnonzero(allowed), max(len(rs), 1))
        length = np.diff(given.coverage_start)[rs]
        start = np.concatenate([[0], np.cumsum(length)])
        at = np.repeat(given.coverage_start[:-1][rs] - start[:-1], length) + np.arange(start[-1])
        none = np.full(max(len(hs), len(rs)), -1, np.int32)
        return replace(
            given,
            helper_ids=given.helper_ids[hs], helper_min=np.zeros(len(hs), np.int64),
            helper_max=given.helper_max[hs], helper_group=none[: len(hs)],
            recipient_ids=given.recipient_ids[rs], recipient_min=np.zeros(len(rs), np.int64),
            recipient_max=given.recipient_max[rs], recipient_group=none[: len(rs)],
            recipient_tier=none[: len(rs)], coverage_start=start, coverage=given.coverage[at],
            helper_groups=no_groups(), recipient_groups=no_groups(), tiers=no_tiers(), tier_names=(),
            edge_helper=helper.astype(np.int32), edge_recipient=recipient.astype(np.int32),
            edge_score=self.implicit.scores(hs[helper], rs[recipient]),
            edge_state=np.full(len(helper), FREE, np.int8), edge_incumbent=np.zeros(len(helper), np.bool_),
            policy=Policy(), helper_extra={}, recipient_extra={}, edge_extra={}, input_sha256="",
        )  # fmt: skip

    def prices(self) -> tuple[Ints, Ints]:
        """Prices of all helpers (H,) and recipients (R,) by what they would find in the sample."""
        problem = self.implicit.problem
        helper, recipient = np.zeros(problem.helpers), np.zeros(problem.recipients)
        for rows, best in self._offers(ours=True):
            helper[rows] = _worth_to_helpers(best, problem.helper_max[rows])
        coverage = _coverage_table(problem)
        for rows, best in self._offers(ours=False):
            recipient[rows] = -_asked_by_recipients(best, problem.recipient_max[rows], coverage[rows])
        return helper.astype(np.int64), recipient.astype(np.int64)

    def _offers(self, *, ours: bool) -> Iterator[tuple[Ints, Floats]]:
        """For some rows of a side at a time, the `_DEEP` best that the sample's other side offers, best first."""
        one = self.implicit
        mine, block = (one.helper_features, one.helper_block) if ours else (one.recipient_features, one.recipient_block)
        others, price = (self.recipients, self.recipient_price) if ours else (self.helpers, -self.helper_price)
        theirs = (one.recipient_features if ours else one.helper_features)[others].astype(np.float32)
        of = (one.recipient_block if ours else one.helper_block)[others]
        pairs = one.eligible if ours else one.eligible[:, ::-1]
        for this in np.unique(block[block >= 0]):
            columns = np.flatnonzero(np.isin(of, pairs[pairs[:, 0] == this, 1]))
            rows = np.flatnonzero(block == this)
            for first in range(0, len(rows), _ROWS):
                some = rows[first : first + _ROWS]
                value = mine[some].astype(np.float32) @ theirs[columns].T / one.divisor + (one.offset + price[columns])
                yield some, _best(value.astype(np.float32))


def _best(value: Floats) -> Floats:
    """The `_DEEP` greatest of every row, best first, −∞ where there are fewer."""
    if (lacking := _DEEP - value.shape[1]) > 0:
        value = np.pad(value, ((0, 0), (0, lacking)), constant_values=-np.inf)
    return -np.sort(np.partition(-value, _DEEP - 1, axis=1)[:, :_DEEP], axis=1)


def _worth_to_helpers(best: Floats, most: Ints) -> NDArray[np.float64]:
    """Midway between the last offer that a helper takes and the first that it has no room for; never a loss."""
    rows, last = np.arange(len(best)), np.clip(most, 1, _DEEP - 1)
    taken, left = (np.maximum(best[rows, at], 0.0) for at in (last - 1, last))
    return (taken + left) / 2


def _asked_by_recipients(best: Floats, most: Ints, coverage: Ints) -> NDArray[np.float64]:
    """The price at which a recipient takes as many helpers as are worth it to both sides."""
    rows = np.arange(len(best))
    room = np.arange(_DEEP) < np.minimum(most, _DEEP - 1)[:, None]
    taken = (room & (best + coverage > 0)).sum(axis=1)
    low = np.maximum(best[rows, np.minimum(taken, _DEEP - 1)], np.where(taken > 0, -coverage[rows, taken - 1], -np.inf))
    full = taken >= np.minimum(most, _DEEP - 1)
    last = np.where(taken > 0, best[rows, taken - 1], np.inf)
    high = np.minimum(last, np.where(full, np.inf, -coverage[rows, np.minimum(taken, _DEEP - 1)]))
    low = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high, 0.0))
    high = np.where(np.isfinite(high), high, low)
    return (low + high) / 2


def _coverage_table(problem: Problem) -> Ints:
    """The first `_DEEP` coverage values of every recipient (R, _DEEP), 0 beyond its list."""
    length = np.diff(problem.coverage_start)[:, None]
    place = np.arange(_DEEP)
    if not len(problem.coverage):
        return np.zeros((problem.recipients, _DEEP), np.int64)
    at = np.minimum(problem.coverage_start[:-1, None] + place, len(problem.coverage) - 1)
    return np.where(place < length, problem.coverage[at], 0)


__all__ = ["estimate", "in_layout"]
