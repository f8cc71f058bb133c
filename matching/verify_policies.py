"""What `verify` has to know of the policies: fair coverage as one sum, and the price of a change.

Like `verify` it shares no code with the solver, only the two formulas below, which are part of the exchange format.

Fair: with the distinct ratios in ascending order as levels 0..m, a recipient at level i < m costs w·B^(m−1−i), at level
m nothing, where B = 8·(nodes + 8) and w = (B + 2·edges)·(greatest |score + stability|) + 1. Fit has weight 1.
Within k changes: with values times q and a price p on each change, prices that bound this sum by b prove that no
solution is worth more than (b + p·k)/q, rounded down. `change_rate` in solution.json is [p, q].
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any


def fair_values(lists: list[list[int]], nodes: int, edges: int, largest: int) -> list[list[int]]:
    """Coverage lists under which the greatest sum is the fairest choice, and fit decides among equals.

    Leaving a lower ratio outweighs whatever happens at all higher ones together: the weights of neighbouring levels
    are more than `nodes` apart, and the last is more than `edges` pairs of the `largest` value can ever add up to.
    Sums of ratios never enter: only how many recipients stand at each level.
    """
    steps = [_ratios(values) for values in lists]
    levels = sorted({one for listed in steps for one in listed})
    base = 8 * (nodes + 8)
    last = (base + 2 * edges) * largest + 1
    # The last level is the best there is: whoever stands there weighs nothing.
    weight = {level: last * base ** (len(levels) - 2 - i) for i, level in enumerate(levels[:-1])}
    return [
        [weight.get(a, 0) - weight.get(b, 0) for a, b in pairwise(listed)] if listed else [0] * len(values)
        for values, listed in zip(lists, steps, strict=True)
    ]


def _ratios(values: list[int]) -> list[Fraction]:
    """The part of the list's sum reached after 0, 1, 2, … helpers; empty when there is nothing to reach."""
    total = sum(values)
    return [Fraction(sum(values[:count]), total) for count in range(len(values) + 1)] if total else []


def change_rate(stated: Any) -> tuple[int, int] | None:
    """The (p, q) of a certificate: a price p ≥ 0 on each change against values times q ≥ 1; None when it is none."""
    if not isinstance(stated, list | tuple) or len(stated) != 2:
        return None
    if any(isinstance(one, bool) or not isinstance(one, int) for one in stated):
        return None
    p, q = stated
    return (p, q) if p >= 0 and q >= 1 else None
