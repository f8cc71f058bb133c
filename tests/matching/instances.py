"""Random instances by feature, from a seed; small enough to be solved by looking at every subset of edges."""

from __future__ import annotations

import random
from typing import Any

import matching
from matching import Policy, Problem

# What an instance may contain besides helpers, recipients, scores and maxima.
FEATURES: dict[str, frozenset[str]] = {
    "maxima": frozenset(),
    "minima": frozenset({"minima"}),
    "locks": frozenset({"minima", "locks"}),
    "tiers": frozenset({"minima", "tiers"}),
    "helper groups": frozenset({"minima", "helper groups"}),
    "recipient groups": frozenset({"minima", "recipient groups"}),
    "coverage": frozenset({"minima", "coverage"}),
    "stability": frozenset({"minima", "stability"}),
    "everything": frozenset({"minima", "locks", "tiers", "helper groups", "recipient groups", "coverage", "stability"}),
}
MOST_EDGES = 9  # 512 subsets


def rows(seed: int, features: frozenset[str]) -> dict[str, Any]:
    """Keyword arguments for `matching.build`."""
    pick = random.Random(f"{seed} {sorted(features)}")  # noqa: S311  (not for secrets)
    helpers = [f"h{i}" for i in range(pick.randint(1, 4))]
    recipients = [f"r{i}" for i in range(pick.randint(1, 4))]
    pairs = [(h, r) for h in helpers for r in recipients]
    pairs = pick.sample(pairs, min(len(pairs), pick.randint(1, MOST_EDGES)))
    groups = [row for side in ("helper", "recipient") if f"{side} groups" in features for row in _groups(pick, side)]
    names = {side: [row["id"] for row in groups if row["side"] == side] for side in ("helper", "recipient")}
    tiers = ["deep", "poor"]
    return {
        "helpers": [
            {"id": one, "group": pick.choice([*names["helper"], ""]), **_bounds(pick, "minima" in features)}
            for one in helpers
        ],
        "recipients": [
            {
                "id": one,
                "tier": pick.choice([*tiers, ""]),
                "group": pick.choice([*names["recipient"], ""]),
                "coverage": _coverage(pick) if "coverage" in features else [],
                **_bounds(pick, "minima" in features),
            }
            for one in recipients
        ]
        + [{"id": f"z{tier}", "tier": tier} for tier in tiers if "tiers" in features],
        "edges": [
            {
                "helper": h,
                "recipient": r,
                "score": pick.randint(-3, 12),
                "state": pick.choice(["free"] * 6 + ["locked", "banned"]) if "locks" in features else "free",
                "incumbent": pick.random() < 0.4,
            }
            for h, r in pairs
        ],
        "groups": groups,
        "tiers": [
            {"helper": h, "tier": tier, "min": pick.choice([0, 0, 0, 1]), "max": pick.choice([None, 1, 2])}
            for h in helpers
            for tier in tiers
            if "tiers" in features and pick.random() < 0.5
        ],
        "policy": Policy(stability=pick.choice([0, 2, 5]) if "stability" in features else 0),
    }


def problem(seed: int, features: frozenset[str]) -> Problem:
    return matching.build(**rows(seed, features))


def _bounds(pick: random.Random, minima: bool) -> dict[str, int | None]:
    low = pick.choice([0, 0, 0, 1, 1, 2]) if minima else 0
    return {"min": low, "max": pick.choice([low or 1, low + 1, low + 2, None])}


def _coverage(pick: random.Random) -> list[int]:
    return sorted((pick.randint(0, 20) for _ in range(pick.randint(0, 3))), reverse=True)


def _groups(pick: random.Random, side: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for i in range(pick.randint(1, 3)):
        parent = pick.choice([row["id"] for row in made]) if made and pick.random() < 0.6 else ""
        made.append(
            {
                "side": side,
                "id": f"{side}-group-{i}",
                "parent": parent,
                "min": pick.choice([0, 0, 0, 1]),
                "max": pick.choice([None, 2, 4]),
            }
        )
    return made
