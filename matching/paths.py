"""The residual graph of a flow, and shortest paths on it by vectorised label correcting.

An arc that can take more runs forward at minus its value, an arc that can give back runs backward and refunds it. Only
nodes whose label changed pass it on (Bellman–Ford with an active set): on the instances here that is eight times the
work of one sweep over all arcs, where plain sweeps need hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.network import Network
from matching.problem import Index, Ints


class NegativeCycle(RuntimeError):
    """Labels that never settle: some cycle has a negative length."""


@dataclass(frozen=True)
class Arcs:
    """Arcs (A,) in the order of their tails; those that leave node v are `first[v]:first[v + 1]`."""

    first: Ints
    tail: Index
    head: Index
    cost: Ints

    @property
    def nodes(self) -> int:
        return len(self.first) - 1


def sorted_arcs(nodes: int, tail: Index, head: Index, cost: Ints) -> Arcs:
    """Arcs in any order, laid out by tail."""
    order = order_by(tail)
    return Arcs(starts(tail, nodes), tail[order], head[order], cost[order])


def order_by(key: Index) -> Ints:
    """A stable sorting permutation of non-negative 31-bit keys: two radix passes, four times as fast as one sort."""
    low: Ints = np.argsort((key & 0xFFFF).astype(np.uint16), kind="stable")
    if key.max(initial=0) <= 0xFFFF:
        return low
    order: Ints = low[np.argsort((key >> 16).astype(np.uint16)[low], kind="stable")]
    return order


def starts(key: Index, count: int) -> Ints:
    """Where each of the keys 0..count-1 begins once they are sorted, and the end. Shape (count + 1,)."""
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(key, minlength=count), out=first[1:])
    return first


def spans(first: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """Positions of everything that belongs to these nodes, one node after the other, and how many each has."""
    begin = first[nodes]
    count = first[nodes + 1] - begin
    end = np.cumsum(count)
    at = np.arange(end[-1] if len(end) else 0, dtype=np.int64)
    at += np.repeat(begin - end + count, count)
    return at, count


def residual_arcs(network: Network, flow: Ints) -> Arcs:
    """Every way in which the flow can still move, with its cost."""
    more, less = np.flatnonzero(flow < network.upper), np.flatnonzero(flow > network.lower)
    return sorted_arcs(
        network.nodes,
        np.concatenate([network.tail[more], network.head[less]]),
        np.concatenate([network.head[more], network.tail[less]]),
        np.concatenate([-network.value[more], network.value[less]]),
    )


def settle(arcs: Arcs, label: Ints) -> None:
    """Lower `label` (N,) in place until label[head] ≤ label[tail] + cost on every arc: the greatest such labels below
    the given ones. Raises NegativeCycle when there are none."""
    active = np.arange(arcs.nodes, dtype=np.int64)
    for _ in range(arcs.nodes + 1):
        if not len(active):
            return
        active = sweep(arcs, label, active)
    raise NegativeCycle("labels do not settle")


def sweep(arcs: Arcs, label: Ints, active: Ints) -> Ints:
    """Let these nodes lower the labels of their neighbours, in place; return the nodes whose label fell."""
    if len(active) == arcs.nodes:
        head, reach = arcs.head, label[arcs.tail] + arcs.cost
    else:
        at, count = spans(arcs.first, active)
        head, reach = arcs.head[at], np.repeat(label[active], count) + arcs.cost[at]
    better = np.flatnonzero(reach < label[head])
    head = head[better]
    np.minimum.at(label, head, reach[better])
    fell: NDArray[np.bool_] = np.zeros(arcs.nodes, np.bool_)
    fell[head] = True
    return np.flatnonzero(fell)
