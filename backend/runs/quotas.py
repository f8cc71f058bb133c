"""How many pairs each helper may have, shared evenly among those who may help the same counties.

Progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2): every helper starts with one; while a county lacks a
helper it could have, the least loaded of those who could give way to it, directly or through others, may take one more,
up to the policy's maximum. All who could were fully used before, so each of them keeps at least what it had: among
helpers of the same counties the new loads even out, and no county goes without for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Demand:
    """Open pairs and what is asked of both sides. Shapes: `helper`, `recipient` (E,); `load`, `least`, `most` (H,);
    `wanted` (R,).

    `load` counts the pairs a helper has anyway, `wanted` the further helpers a recipient should get.
    """

    helper: NDArray[np.int32]
    recipient: NDArray[np.int32]
    load: Ints
    least: Ints
    most: Ints
    wanted: Ints


@dataclass(frozen=True)
class Bounds:
    """How many pairs each helper must and may have, those it has anyway included. Shapes: (H,)."""

    least: Ints
    most: Ints


def as_allowed(demand: Demand) -> Bounds:
    """What the policy allows; pairs in force count even beyond it."""
    most = np.maximum(demand.most, demand.load)
    return Bounds(np.minimum(demand.least, most), most)


def evenly(demand: Demand) -> Bounds:
    """The same, with the pairs shared evenly. Whoever can be served under `as_allowed` can be served under this.

    Cost: a maximum flow per level.
    """
    allowed = as_allowed(demand)
    least, most = allowed.least, np.minimum(np.maximum(np.maximum(demand.load, allowed.least), 1), allowed.most)
    while True:
        short = _who_could_relieve(demand, most) & (most < allowed.most)
        if not short.any():
            return Bounds(least, most)
        # A flow that saturates these now can be augmented without taking anything from them.
        least = np.where(short, most, least)
        most = most + (short & (most == most[short].min()))


def _who_could_relieve(demand: Demand, quota: Ints) -> NDArray[np.bool_]:
    """Helpers (H,) whose having room for one more would give an unserved recipient a helper.

    They are those that an unserved recipient reaches over alternating paths: the smallest minimum cut, the same for
    every maximum flow.
    """
    helpers, recipients = len(quota), len(demand.wanted)
    source, sink = helpers + recipients, helpers + recipients + 1
    tail = np.concatenate([np.full(recipients, source), helpers + demand.recipient, np.arange(helpers)])
    head = np.concatenate([helpers + np.arange(recipients), demand.helper, np.full(helpers, sink)])
    capacity = np.concatenate([demand.wanted, np.ones(len(demand.helper), np.int64), quota - demand.load])
    network = csr_array(coo_array((capacity.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1)))
    left = network - maximum_flow(network, source, sink).flow
    left.eliminate_zeros()
    reached = np.zeros(sink + 1, np.bool_)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    return reached[:helpers]
