"""Several objectives one after the other, each on the face of optima that those before it leave.

All optimal flows are those that agree with any one set of optimal prices (complementary slackness; Ahuja, Magnanti &
Orlin 1993, theorem 9.4): an arc that gains stays full, one that loses stays empty. Fixing these arcs keeps exactly the
optima, so the next objective is one more minimum-cost flow, without huge weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from matching import prices
from matching.network import CostOverflow, Network
from matching.problem import Ints

Run = Callable[[Network], Ints]


def lexicographic(net: Network, values: Sequence[Ints], run: Run) -> tuple[Ints, list[Ints]]:
    """The flow (A,) best in the first of `values` (each (A,)), then in the second, …; and the prices (N,) of each.

    `run` is an engine. Raises Infeasible as it does, and CostOverflow.
    """
    flow, found = net.lower, []
    for value in values:
        if flow is not net.lower and not value[net.lower < net.upper].any():
            found.append(np.zeros(net.nodes, np.int64))  # decided already: no arc that matters can move
            continue
        guard(net, value)
        net = replace(net, value=value)
        flow = run(net)
        price = prices.recover(net, flow)
        found.append(price)
        net = face(net, price)
    return flow, found


def face(net: Network, price: Ints) -> Network:
    """The same network, its bounds such that the feasible flows are the optimal ones."""
    gain = net.value + price[net.head] - price[net.tail]
    return replace(net, lower=np.where(gain > 0, net.upper, net.lower), upper=np.where(gain < 0, net.lower, net.upper))


def guard(net: Network, value: Ints) -> None:
    """Raise CostOverflow unless the engines are exact with these values."""
    largest = int(np.abs(value).max(initial=0))
    if largest * (net.nodes + 2) >= 2**62:
        raise CostOverflow(f"values up to {largest} on {net.nodes} nodes exceed exact 64-bit arithmetic")


__all__ = ["face", "guard", "lexicographic"]
