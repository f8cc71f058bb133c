"""Least numbers of pairs that can be met by everybody alike, over pairs that nobody lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matching.fair_all import scoreless
from matching.implicit import Implicit
from matching.price_out import solve_all


def attainable(implicit: Implicit, tell: Callable[[], None] = lambda: None) -> tuple[int, int] | None:
    """(a, b): the highest a so that the bounds can be met when no helper must have more than a, and then the highest b
    for recipients. None where they cannot be met even without any least number.

    Where neither groups nor tiers bound the pairs, what each side can have alone both can have together (Mendelsohn &
    Dulmage 1958): then no other caps take away less. `tell()` is called before each look. Cost: one optimum without
    scores per step down, and one more.
    """
    problem = implicit.problem

    def possible(ours: int, theirs: int) -> bool:
        tell()
        mine, others = np.minimum(problem.helper_min, ours), np.minimum(problem.recipient_min, theirs)
        capped = replace(implicit, problem=replace(problem, helper_min=mine, recipient_min=others))
        return solve_all(scoreless(capped)).status == "optimal"

    highest = (range(int(each.max(initial=0)), -1, -1) for each in (problem.helper_min, problem.recipient_min))
    of_helpers, of_recipients = highest
    ours = next((cap for cap in of_helpers if possible(cap, 0)), None)
    return None if ours is None else (ours, next(cap for cap in of_recipients if cap == 0 or possible(ours, cap)))


__all__ = ["attainable"]
