"""The problem as arrays: helpers, recipients, eligible pairs, and the bounds a solution must respect.

Model: a bipartite b-matching with lower and upper bounds on both sides, laminar groups, tier bounds per helper, and a
concave coverage value per recipient. See docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matching.columns import Column
from matching.tables import Names, ProblemError

Ints = NDArray[np.int64]
Index = NDArray[np.int32]

FREE, LOCKED, BANNED = 0, 1, 2
STATES = ("free", "locked", "banned")
NO_LIMIT = 2**31 - 1
VALUE_LIMIT = 10**9  # |score|, |stability| and coverage values; keeps every sum and scaled cost inside 64 bits


@dataclass(frozen=True)
class Policy:
    """What the objective and the search are told besides the edges.

    `stability` is the value of each incumbent pair kept. `fair` asks for decreasing-minimum coverage first,
    `at_most_changes` bounds the number of pairs that differ from the incumbent. `tie_break` names the rule by which
    one optimum is chosen among equals: "canonical" solves the rows in the order of their ids.
    """

    stability: int = 0
    fair: bool = False
    at_most_changes: int | None = None
    tie_break: str = "canonical"


@dataclass(frozen=True)
class Groups:
    """Nested groups of one side. Shapes: all (G,). `parent` is an index into the same arrays, -1 at the top."""

    ids: Names
    parent: Index
    min: Ints
    max: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class TierBounds:
    """How many of a helper's pairs go to recipients of a tier. Shapes: all (K,); `tier` indexes `tier_names`."""

    helper: Index
    tier: Index
    min: Ints
    max: Ints

    def __len__(self) -> int:
        return len(self.helper)


@dataclass(frozen=True)
class Problem:
    """One instance. Shapes: helpers (H,), recipients (R,), edges (E,).

    `helper_group`, `recipient_group` and `recipient_tier` are -1 where there is none. The coverage values of recipient
    r are `coverage[coverage_start[r]:coverage_start[r + 1]]`, non-increasing and not negative. Rows are in the order of
    their ids, so the same input gives the same arrays whatever order it came in.

    `*_extra` keep the columns that mean nothing to the matcher, such as the reasons behind a score.
    """

    helper_ids: Names
    helper_min: Ints
    helper_max: Ints
    helper_group: Index
    recipient_ids: Names
    recipient_min: Ints
    recipient_max: Ints
    recipient_tier: Index
    recipient_group: Index
    coverage_start: Ints
    coverage: Ints
    edge_helper: Index
    edge_recipient: Index
    edge_score: Ints
    edge_state: NDArray[np.int8]
    edge_incumbent: NDArray[np.bool_]
    tier_names: tuple[str, ...] = ()
    helper_groups: Groups = field(default_factory=lambda: no_groups())
    recipient_groups: Groups = field(default_factory=lambda: no_groups())
    tiers: TierBounds = field(default_factory=lambda: no_tiers())
    policy: Policy = field(default_factory=Policy)
    input_sha256: str = ""
    helper_extra: Mapping[str, Column] = field(default_factory=dict)
    recipient_extra: Mapping[str, Column] = field(default_factory=dict)
    edge_extra: Mapping[str, Column] = field(default_factory=dict)

    @property
    def helpers(self) -> int:
        return len(self.helper_ids)

    @property
    def recipients(self) -> int:
        return len(self.recipient_ids)

    @property
    def edges(self) -> int:
        return len(self.edge_helper)

    @property
    def edge_value(self) -> Ints:
        """Score plus stability for incumbents: what picking the edge adds besides coverage. Shape (E,)."""
        return self.edge_score + self.policy.stability * self.edge_incumbent

    def find_edge(self, helper: str, recipient: str) -> int:
        """The index of the eligible pair of these ids. Raises KeyError with a sentence when it is not listed."""
        h, r = find(self.helper_ids, helper), find(self.recipient_ids, recipient)
        if h < 0 or r < 0:
            raise KeyError(f"no {'helper' if h < 0 else 'recipient'} {helper if h < 0 else recipient!r}")
        low = np.searchsorted(self.edge_helper, h, "left")
        high = np.searchsorted(self.edge_helper, h, "right")
        at = low + np.searchsorted(self.edge_recipient[low:high], r)
        if at >= high or self.edge_recipient[at] != r:
            raise KeyError(f"{helper!r} – {recipient!r} is not an eligible pair")
        return int(at)

    def with_edge_state(self, changes: Mapping[int, int]) -> Problem:
        """A copy in which the edges at these indices have these states."""
        state = self.edge_state.copy()
        for edge, new in changes.items():
            state[edge] = new
        return replace(self, edge_state=state, input_sha256="")

    def summary(self) -> str:
        """One line for a person: sizes of everything."""
        locked, banned = int((self.edge_state == LOCKED).sum()), int((self.edge_state == BANNED).sum())
        return (
            f"{self.helpers} helpers, {self.recipients} recipients, {self.edges} eligible pairs"
            f" ({locked} locked, {banned} banned), {len(self.helper_groups) + len(self.recipient_groups)} groups,"
            f" {len(self.tiers)} tier bounds"
        )


def find(sorted_ids: Names, one: str) -> int:
    """Index of `one` in sorted ids, -1 when absent."""
    at = int(np.searchsorted(sorted_ids, one))
    return at if at < len(sorted_ids) and sorted_ids[at] == one else -1


def no_groups() -> Groups:
    return Groups(np.array([], np.str_), np.array([], np.int32), np.array([], np.int64), np.array([], np.int64))


def no_tiers() -> TierBounds:
    empty = np.array([], np.int64)
    return TierBounds(empty.astype(np.int32), empty.astype(np.int32), empty, empty)


__all__ = [
    "BANNED",
    "FREE",
    "LOCKED",
    "NO_LIMIT",
    "STATES",
    "VALUE_LIMIT",
    "Groups",
    "Index",
    "Ints",
    "Names",
    "Policy",
    "Problem",
    "ProblemError",
    "TierBounds",
    "find",
    "no_groups",
    "no_tiers",
]
