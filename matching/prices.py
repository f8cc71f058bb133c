"""Prices: the dual solution that proves a flow optimal.

A price is a shortest distance in the residual graph, where an arc that can take more costs minus its value and an arc
that can give back refunds it. Distances exist exactly when no cycle of swaps gains anything, that is, when the flow is
optimal (Ahuja, Magnanti & Orlin 1993, theorem 9.1).
"""

from __future__ import annotations

import numpy as np

from matching.network import Network
from matching.problem import Ints


class NotOptimal(RuntimeError):
    """Some cycle of swaps still gains: the flow is not optimal and has no prices."""


def recover(network: Network, flow: Ints) -> Ints:
    """Prices (N,), 0 at the root, under which no arc can improve the flow.

    Vectorised Bellman–Ford: all arcs at once, one sweep per length of the longest shortest path.
    Raises NotOptimal when there are none.
    """
    more, less = flow < network.upper, flow > network.lower
    tail = np.concatenate([network.tail[more], network.head[less]])
    head = np.concatenate([network.head[more], network.tail[less]])
    cost = np.concatenate([-network.value[more], network.value[less]])
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    price = np.zeros(network.nodes, np.int64)
    if not len(head):
        return price
    starts = np.flatnonzero(np.concatenate([[True], head[1:] != head[:-1]]))
    reached = head[starts]
    for _ in range(network.nodes + 1):
        best = np.minimum.reduceat(price[tail] + cost, starts)
        old = price[reached]
        if (best >= old).all():
            settled: Ints = price - price[0]
            return settled
        price[reached] = np.minimum(old, best)
    raise NotOptimal("a cycle of swaps still gains")
