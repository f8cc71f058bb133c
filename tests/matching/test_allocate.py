"""Every allocation is proven by its cuts, equals an exhaustive optimum, and a false one is refuted."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from matching.allocate import Allocation, AllocationError, Transfer, allocate, check

TIERS = ["deep", "poor"]


def instance(seed: int) -> dict[str, Any]:
    pick = random.Random(seed)  # noqa: S311  (not for secrets)
    helpers = [f"h{i}" for i in range(pick.randint(1, 3))]
    recipients = [f"r{i}" for i in range(pick.randint(1, 3))]
    pairs = [(h, r) for h in helpers for r in recipients if pick.random() < 0.7][:5]
    kinds = ["万元", "人"][: pick.randint(1, 2)]
    return {
        "committed": {(h, k): pick.randint(0, 3) for h in helpers for k in kinds if pick.random() < 0.9},
        "gaps": {(r, k): pick.randint(0, 3) for r in recipients for k in kinds if pick.random() < 0.9},
        "pairs": pairs,
        "tier_of": {r: pick.choice([*TIERS, ""]) for r in recipients if pick.random() < 0.9},
        "tiers": TIERS,
    }


def best_by_tier(given: dict[str, Any], kind: str) -> tuple[int, ...]:
    """Lexicographically greatest amounts by tier, over every whole transport."""
    links = [(h, r) for h, r in given["pairs"] if (h, kind) in given["committed"] and (r, kind) in given["gaps"]]
    best = (0,) * (len(TIERS) + 1)
    for amounts in product(range(4), repeat=len(links)):
        sent: dict[str, int] = {}
        got: dict[str, int] = {}
        for (h, r), amount in zip(links, amounts, strict=True):
            sent[h] = sent.get(h, 0) + amount
            got[r] = got.get(r, 0) + amount
        if any(n > given["committed"][h, kind] for h, n in sent.items()):
            continue
        if any(n > given["gaps"][r, kind] for r, n in got.items()):
            continue
        tier = given["tier_of"]
        best = max(best, tuple(sum(n for r, n in got.items() if tier.get(r, "") == t) for t in [*TIERS, ""]))
    return best


def by_tier(given: dict[str, Any], found: Allocation, kind: str) -> tuple[int, ...]:
    tier = given["tier_of"]
    return tuple(
        sum(t.amount for t in found.transfers if t.kind == kind and tier.get(t.recipient, "") == one)
        for one in [*TIERS, ""]
    )


def test_deepest_tier_receives_most_then_the_next_as_in_an_exhaustive_search() -> None:
    helped = 0
    for seed in range(250):
        given = instance(seed)
        found = allocate(**given)
        assert check(found, **given) == []
        for kind in ("万元", "人"):
            assert by_tier(given, found, kind) == best_by_tier(given, kind)
        helped += bool(found.transfers)
    assert helped > 150


def test_every_change_of_one_transfer_or_reach_is_refuted() -> None:
    refuted = 0
    for seed in range(120):
        given = instance(seed)
        found = allocate(**given)
        for i, one in enumerate(found.transfers):
            for step in (-1, 1):
                moved = [*found.transfers]
                moved[i] = replace(one, amount=one.amount + step)
                assert check(replace(found, transfers=tuple(moved)), **given)
                refuted += 1
        for i, reached in enumerate(found.reach):
            changed = [*found.reach]
            changed[i] = replace(reached, amount=reached.amount + 1)
            assert check(replace(found, reach=tuple(changed)), **given)
            refuted += 1
    assert refuted > 500


def test_a_feasible_allocation_that_is_not_the_best_is_refuted() -> None:
    given: dict[str, Any] = {
        "committed": {("A", "万元"): 5},
        "gaps": {("x", "万元"): 4, ("y", "万元"): 4},
        "pairs": [("A", "x"), ("A", "y")],
        "tier_of": {"x": "deep", "y": "poor"},
        "tiers": TIERS,
    }
    found = allocate(**given)
    assert found.transfers == (Transfer("A", "x", "万元", 4), Transfer("A", "y", "万元", 1))
    assert found.unmet == {("y", "万元"): 3}
    assert found.unspent == {}
    tilted = (Transfer("A", "x", "万元", 1), Transfer("A", "y", "万元", 4))
    reach = tuple(replace(one, amount={"deep": 1, "poor": 5, "": 5}[one.tier]) for one in found.reach)
    false = Allocation(tilted, reach, {}, {("x", "万元"): 3})
    assert check(false, **given) == ["万元 to tier deep and deeper: 1 arrived, 1 stated, bound 4"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"committed": {("A", "万元"): -1}}, r"commitment of \('A', '万元'\): -1 is no whole number"),
        ({"gaps": {("x", "万元"): 1.5}}, r"gap of \('x', '万元'\): 1.5 is no whole number"),
        ({"tier_of": {"x": "rich"}}, "recipient x: unknown tier 'rich'"),
        ({"tiers": ["deep", "deep"]}, "each must have a name and stand once"),
    ],
)
def test_impossible_input_is_refused_by_name(changed: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"committed": {}, "gaps": {}, "pairs": [], "tier_of": {}, "tiers": TIERS} | changed
    with pytest.raises(AllocationError, match=message):
        allocate(**given)
