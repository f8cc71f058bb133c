"""Prices: the dual solution that proves a flow optimal.

A price is a shortest distance in the residual graph; distances exist exactly when no cycle of swaps gains anything,
that is, when the flow is optimal (Ahuja, Magnanti & Orlin 1993, theorem 9.1). Distances from the root are the highest
prices, distances to the root the lowest. What `recover` returns lies midway: fewer ties, so that a later repair has a
short way to go, and unlisted pairs are judged by prices that do not jump.
"""

from __future__ import annotations

import numpy as np

from matching.network import Network
from matching.paths import Arcs, NegativeCycle, residual_arcs, settle, sorted_arcs, starts, sweep
from matching.problem import Ints

_SWEEPS = 3  # over all arcs, before those that are seen never to bind are dropped
_FAR = 4  # times the greatest value: where labels start; any start is right, one beyond the prices is fastest


class NotOptimal(RuntimeError):
    """Some cycle of swaps still gains: the flow is not optimal and has no prices."""


def recover(network: Network, flow: Ints) -> Ints:
    """Prices (N,), 0 at the root, under which no arc can improve the flow.

    Raises NotOptimal when there are none.
    """
    arcs = residual_arcs(network, flow)
    far = _FAR * int(np.abs(network.value).max(initial=0))
    high, low = _rough(arcs, far)
    # The highest prices only fall from here and the lowest only rise: other arcs bind in neither.
    binding = np.flatnonzero(low[arcs.tail] + arcs.cost < high[arcs.head])
    tail, head, cost = arcs.tail[binding], arcs.head[binding], arcs.cost[binding]
    ceiling = -low
    try:
        settle(Arcs(starts(tail, arcs.nodes), tail, head, cost), high)
        settle(sorted_arcs(arcs.nodes, head, tail, cost), ceiling)
        # Prices obey price[head] - price[tail] ≤ integer cost, a convex set in which rounding all of them down stays.
        middle: Ints = ((high - high[0]) + (ceiling[0] - ceiling)) // 2
        settle(arcs, middle)  # one look at all arcs; changes something only when prices lie farther out than `far`
    except NegativeCycle:
        raise NotOptimal("a cycle of swaps still gains") from None
    middle -= middle[0]
    return middle


def _rough(arcs: Arcs, far: int) -> tuple[Ints, Ints]:
    """Bounds from above on the highest prices and from below on the lowest, by a few sweeps over all arcs.

    Labels start at ±`far`, except 0 at the root; both final labels then lie between the two arrays.
    """
    high = np.full(arcs.nodes, far, np.int64)
    high[0] = 0
    low = -high
    has = np.flatnonzero(np.diff(arcs.first))
    active = np.arange(arcs.nodes, dtype=np.int64)
    for _ in range(_SWEEPS if len(has) else 0):
        active = sweep(arcs, high, active)
        low[has] = np.maximum(low[has], np.maximum.reduceat(low[arcs.head] - arcs.cost, arcs.first[has]))
    return high, low
