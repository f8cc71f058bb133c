"""Sharing pairs evenly: nobody carries two while another who could help the same counties carries none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from backend.runs.quotas import Bounds, Demand, as_allowed, evenly


def demand(edges: list[tuple[int, int]], most: list[int], wanted: list[int], **given: list[int]) -> Demand:
    helper, recipient = np.array(edges, np.int32).reshape(-1, 2).T
    zero = [0] * len(most)
    return Demand(
        helper,
        recipient,
        load=np.array(given.get("load", zero), np.int64),
        least=np.array(given.get("least", zero), np.int64),
        most=np.array(most, np.int64),
        wanted=np.array(wanted, np.int64),
    )


def everyone(helpers: int, recipients: int) -> list[tuple[int, int]]:
    return [(h, r) for h in range(helpers) for r in range(recipients)]


def served(asked: Demand, bounds: Bounds) -> int:
    """How many wanted helpers the recipients can get under these maxima."""
    helpers, recipients = len(bounds.most), len(asked.wanted)
    source, sink = helpers + recipients, helpers + recipients + 1
    tail = np.concatenate([np.full(helpers, source), asked.helper, helpers + np.arange(recipients)])
    head = np.concatenate([np.arange(helpers), helpers + asked.recipient, np.full(recipients, sink)])
    room = np.concatenate([bounds.most - asked.load, np.ones(len(asked.helper), np.int64), asked.wanted])
    network = csr_array(coo_array((room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1)))
    return int(maximum_flow(network, source, sink).flow_value)


def test_helpers_of_the_same_counties_carry_alike() -> None:
    bounds = evenly(demand(everyone(3, 5), most=[5, 5, 5], wanted=[1] * 5))
    assert bounds.most.tolist() == [2, 2, 2]
    assert bounds.least.tolist() == [1, 1, 1]


def test_a_maximum_is_used_up_only_where_counties_would_go_without() -> None:
    crowded = [(0, r) for r in range(4)]  # one helper alone for four counties, two helpers for two others
    bounds = evenly(demand([*crowded, (1, 4), (1, 5), (2, 4), (2, 5)], most=[6, 6, 6], wanted=[1] * 6))
    assert bounds.most.tolist() == [4, 1, 1]


def test_help_passed_on_through_others_counts() -> None:
    """The second helper can take over a county of the first, so it helps to relieve what only the first serves."""
    bounds = evenly(demand([(0, 0), (0, 1), (0, 2), (1, 2), (1, 3)], most=[3, 3], wanted=[1] * 4))
    assert bounds.most.tolist() == [2, 2]


def test_what_a_helper_carries_already_counts_towards_its_share() -> None:
    bounds = evenly(demand(everyone(2, 3), most=[5, 5], wanted=[1] * 3, load=[3, 0]))
    assert bounds.most.tolist() == [3, 3]


def test_maximum_of_the_policy_is_never_exceeded_but_by_what_is_in_force() -> None:
    bounds = evenly(demand(everyone(2, 9), most=[2, 2], wanted=[1] * 9, load=[3, 0]))
    assert bounds.most.tolist() == [3, 2]


def test_without_sharing_everyone_may_carry_what_the_policy_allows() -> None:
    bounds = as_allowed(demand(everyone(2, 3), most=[5, 5], wanted=[1] * 3, least=[1, 6], load=[0, 0]))
    assert (bounds.least.tolist(), bounds.most.tolist()) == ([1, 5], [5, 5])


@pytest.mark.parametrize("seed", range(40))
def test_no_county_goes_without_for_the_sake_of_sharing(seed: int) -> None:
    random = np.random.default_rng(seed)
    helpers, recipients = int(random.integers(1, 8)), int(random.integers(1, 12))
    edges = [pair for pair in everyone(helpers, recipients) if random.random() < 0.4]
    load = random.integers(0, 3, helpers)
    asked = demand(
        edges,
        most=random.integers(0, 5, helpers).tolist(),
        wanted=random.integers(0, 3, recipients).tolist(),
        load=load.tolist(),
        least=random.integers(0, 2, helpers).tolist(),
    )
    allowed, shared = as_allowed(asked), evenly(asked)
    assert served(asked, shared) == served(asked, allowed)
    assert (shared.most <= allowed.most).all()
    assert (shared.least <= shared.most).all()
    assert (shared.most >= load).all()
