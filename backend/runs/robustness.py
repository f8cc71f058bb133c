"""Who is left without a helper and why, who hangs on a single one, and what happens when a helper withdraws."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from backend.runs import scenarios
from backend.runs.scenarios import Answer
from backend.runs.stored import Opened, Pair
from backend.runs.swaps import See


@dataclass(frozen=True)
class Uncovered:
    """A recipient to whom the run gives nobody. `why`: RULED_OUT (every eligible pair is banned), NO_ROOM (all helpers
    it could have are full) or NOT_WORTH (a further helper has no value under the policy)."""

    code: str
    why: str


def uncovered(opened: Opened) -> list[Uncovered]:
    """Those without a helper, in the order of codes."""
    problem, (possible, roomy, _) = opened.problem, opened.choices
    helped = np.bincount(problem.edge_recipient[opened.picked], minlength=problem.recipients)
    return [
        Uncovered(
            str(problem.recipient_ids[at]),
            "RULED_OUT" if not possible[at] else "NOT_WORTH" if roomy[at] else "NO_ROOM",
        )
        for at in np.flatnonzero(helped == 0).tolist()
    ]


def single_helpers(opened: Opened) -> list[Pair]:
    """(helper, recipient) where the recipient could have nobody else, in the order of recipients."""
    problem, (possible, _, only) = opened.problem, opened.choices
    lonely = np.flatnonzero(possible == 1)
    ids = problem.helper_ids[only[lonely]].tolist(), problem.recipient_ids[lonely].tolist()
    return list(zip(*ids, strict=True))


def withdrawal(opened: Opened, helper: str, see: See) -> Answer:
    """The optimum when a helper takes part in nothing any more, pairs in force included. Raises KeyError."""
    began = time.perf_counter()
    return scenarios.told(opened, opened.without(helper), see, began)
