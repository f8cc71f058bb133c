"""A solution read back from its folder, to be asked questions about."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from matching import network
from matching.problem import Problem
from matching.solve import Solution
from matching.verify import Unreadable, read_claim
from matching.verify_policies import change_rate


def read_solution(problem: Problem, folder: Path | str) -> Solution:
    """The optimal solution in a folder, for the problem it belongs to. Check it with `verify` before believing it.

    Raises Unreadable when the folder holds no optimal solution or does not fit the problem.
    """
    claim = read_claim(Path(folder))
    told = claim.summary
    if told.get("status") != "optimal":
        raise Unreadable(f"solution.json: status is {told.get('status')!r}; for what stands in the way see `gaps`")
    net = network.build(problem)
    try:
        pairs = zip(*(claim.pairs[name].texts() for name in ("helper", "recipient")), strict=True)
        picked = sorted(problem.find_edge(helper, recipient) for helper, recipient in pairs)
        nodes = zip(*(claim.prices[name].texts() for name in ("kind", "side", "id", "tier")), strict=True)
        priced = dict(zip(nodes, claim.price.tolist(), strict=True))
        prices = [priced[net.name_of(problem, node)] for node in range(net.nodes)]
        coverage, fit, stability = (int(told[name]) for name in ("coverage", "fit", "stability"))
        rate = change_rate(told.get("change_rate"))
        return Solution(
            problem,
            "optimal",
            np.array(picked, np.int64),
            coverage,
            fit,
            stability,
            np.array(prices, object if problem.policy.fair or rate else np.int64),
            str(told["proof"]),
            str(told["engine"]),
            change_rate=rate,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"{folder}: does not fit the problem: {error}") from None


__all__ = ["read_solution"]
