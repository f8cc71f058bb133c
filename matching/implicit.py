"""Eligible pairs that nobody lists: given by blocks and features, scored when they are looked at.

For 127 000 firms and 139 000 villages the list of eligible pairs would have a billion rows. Instead each helper and
each recipient belongs to a block, blocks are eligible together or not, and the score of a pair is a formula of the
features of both. `matching.price_out.solve_all` lists only the pairs that matter and proves that no other would.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.problem import FREE, Index, Ints, Problem

LARGEST_SUM = 2**53  # of features multiplied, in absolute value: exact also as floating point


@dataclass(frozen=True)
class Implicit:
    """A problem whose eligible pairs are those of its blocks; its own `problem.edges` are listed beside them.

    `helper_block` (H,) and `recipient_block` (R,) number blocks, −1 for none; `eligible` (K, 2) are the pairs of blocks
    (helper's, recipient's) that may pair. Features (H, F) and (R, F) are whole numbers. An eligible pair that is not
    listed is free, no incumbent, and scores Σ features multiplied // divisor + offset, rounded down. A listed pair is
    what its row says, in whatever block.
    """

    problem: Problem
    helper_block: Index
    recipient_block: Index
    eligible: Index
    helper_features: Ints
    recipient_features: Ints
    divisor: int = 1
    offset: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError for shapes that do not fit and for features too large to be multiplied exactly."""
        problem, features = self.problem, self.helper_features.shape[1:]
        if (self.helper_block.shape, self.recipient_block.shape) != ((problem.helpers,), (problem.recipients,)):
            raise ValueError("one block per helper and per recipient is wanted")
        if self.helper_features.shape != (problem.helpers, *features) or self.recipient_features.shape != (
            problem.recipients,
            *features,
        ):
            raise ValueError("one row of equally many features per helper and per recipient is wanted")
        if self.eligible.ndim != 2 or self.eligible.shape[1] != 2:
            raise ValueError("eligible blocks come in pairs")
        if self.divisor < 1:
            raise ValueError(f"divisor {self.divisor} must be positive")
        if self.largest_sum() >= LARGEST_SUM:
            raise ValueError("features too large: their products must add up to less than 2^53")

    def largest_sum(self) -> int:
        """No Σ features multiplied is larger than this in absolute value."""
        ours, theirs = (
            np.abs(one).max(axis=0, initial=0).tolist() for one in (self.helper_features, self.recipient_features)
        )
        return sum(a * b for a, b in zip(ours, theirs, strict=True))

    def scores(self, helper: NDArray[Any], recipient: NDArray[Any]) -> Ints:
        """Scores by the formula (n,) of these pairs, listed or not."""
        total = np.zeros(len(helper), np.int64)
        for ours, theirs in zip(self.helper_features.T, self.recipient_features.T, strict=True):
            total += ours[helper].astype(np.int64) * theirs[recipient]
        found: Ints = total // self.divisor + self.offset
        return found

    def covers(self, helper: Ints, recipient: Ints) -> NDArray[np.bool_]:
        """Which of these pairs (n,) lie in eligible blocks."""
        blocks = (self.helper_block, self.recipient_block, self.eligible)
        size = int(max(one.max(initial=-1) for one in blocks)) + 2
        allowed = np.zeros((size, size), np.bool_)
        allowed[self.eligible[:, 0], self.eligible[:, 1]] = True
        allowed[-1], allowed[:, -1] = False, False  # where −1 looks
        found: NDArray[np.bool_] = allowed[self.helper_block[helper], self.recipient_block[recipient]]
        return found

    def pairs(self) -> int:
        """How many pairs the blocks make eligible."""
        ours = np.bincount(self.helper_block[self.helper_block >= 0])
        theirs = np.bincount(self.recipient_block[self.recipient_block >= 0])
        known = (self.eligible[:, 0] < len(ours)) & (self.eligible[:, 1] < len(theirs))
        at = np.unique(self.eligible[known], axis=0)
        return int((ours[at[:, 0]] * theirs[at[:, 1]]).sum())

    def key(self, helper: NDArray[Any], recipient: NDArray[Any]) -> Ints:
        """One number per pair (n,), in the order in which a problem keeps its edges."""
        found: Ints = helper.astype(np.int64) * self.problem.recipients + recipient
        return found

    def listing(self, keys: Ints) -> Problem:
        """The problem with these pairs (sorted, different keys) listed besides its own; theirs are kept as they are."""
        given = self.problem
        own = self.key(given.edge_helper, given.edge_recipient)
        more = np.setdiff1d(keys, own, assume_unique=True)
        helper, recipient = (side.astype(np.int32) for side in np.divmod(more, max(given.recipients, 1)))
        place = np.searchsorted(own, more)
        return replace(
            given,
            edge_helper=np.insert(given.edge_helper, place, helper),
            edge_recipient=np.insert(given.edge_recipient, place, recipient),
            edge_score=np.insert(given.edge_score, place, self.scores(helper, recipient)),
            edge_state=np.insert(given.edge_state, place, FREE),
            edge_incumbent=np.insert(given.edge_incumbent, place, False),
            edge_extra={},
        )


__all__ = ["LARGEST_SUM", "Implicit"]
