"""What if pairs were pinned, banned or released, or a helper left, over pairs that nobody lists: repaired, not solved
again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.apart import Apart
from matching.explain_all import key_of, pairs_of
from matching.problem import BANNED, FREE, Ints, find
from matching.resolve import STATES_BY_VERB, Pair
from matching.settled import Settled
from matching.solve import value_of


@dataclass(frozen=True)
class WhatIf:
    """The optimum under some changes: what it is worth, and by which pairs it differs from the one that stood.

    Where the bounds leave no way at all, `blocked` is the change at which that showed, and nothing else is told.
    """

    coverage: int = 0
    fit: int = 0
    stability: int = 0
    removed: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    blocked: Pair | None = None

    @property
    def objective(self) -> int:
        return self.coverage + self.fit + self.stability


def what_if(settled: Settled, changes: Sequence[Pair]) -> WhatIf:
    """Make all these changes; the later of two to one pair counts. Raises KeyError for a pair that is not eligible.

    Cost: one search per change that moves anything.
    """
    if not changes:
        return WhatIf(*value_of(settled.picks, np.flatnonzero(np.isin(settled.picks_keys, settled.picked))))
    asked = {key_of(settled, one.helper, one.recipient): one for one in changes}
    apart = Apart(settled, np.array(list(asked), np.int64))
    moved = {key: one for key, one in asked.items() if apart.state(key) != STATES_BY_VERB[one.verb]}
    # What gives room first: with less asked, whatever can be met together can be met on the way there too.
    for key in moved:
        apart.become(key, FREE)
    for key, change in moved.items():
        if not apart.become(key, STATES_BY_VERB[change.verb]):
            return WhatIf(blocked=change)
    return _told(settled, apart)


def leave(settled: Settled, helper: str) -> WhatIf:
    """The optimum when a helper takes part in nothing any more, locked pairs included; `blocked` where its own least
    number of pairs or anybody else's bound stands against it. Raises KeyError for a helper that is not there.

    Cost: one search per pair that it has.
    """
    row = find(settled.problem.helper_ids, helper)
    if row < 0:
        raise KeyError(f"no helper {helper!r}")
    known = np.union1d(settled.picked, settled.own[settled.problem.edge_state != BANNED])
    mine: Ints = known[settled.rows(known)[0] == row]
    apart = Apart(settled, mine, leaving=row)
    for key in mine.tolist():
        if not apart.become(key, BANNED):
            (pair,) = pairs_of(settled, [key])
            return WhatIf(blocked=Pair("ban", *pair))
    return _told(settled, apart)


def _told(settled: Settled, apart: Apart) -> WhatIf:
    standing: Ints = apart.keys[apart.picked]
    removed, added = np.setdiff1d(settled.picked, standing), np.setdiff1d(standing, settled.picked)
    return WhatIf(
        *value_of(apart.problem, np.flatnonzero(apart.picked)),
        tuple(pairs_of(settled, removed.tolist())),
        tuple(pairs_of(settled, added.tolist())),
    )


__all__ = ["WhatIf", "leave", "what_if"]
