"""Balance pages of counties, one after the other, over a ledger of national size."""

from __future__ import annotations

import time

from tests.benchmarks.page import Section
from tests.plugins.platform import RunningPlatform, Visitor

_EVERY, _GOAL_MS = 4, 300  # of 832 counties


def measure(platform: RunningPlatform) -> Section:
    visitor = Visitor(platform.address)
    visitor.log_in("coordinator")
    counties = visitor.get("/api/counties?page_size=1000")["results"][::_EVERY]
    taken = []
    for county in counties:
        began = time.perf_counter()
        visitor.get(f"/api/counties/{county['code']}/balance")
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    late = taken[len(taken) * 95 // 100]
    hoped = f"≤ {_GOAL_MS} ms" + ("" if late <= _GOAL_MS else ", MISSED")
    return Section(
        title="The balance of a county",
        text="Asked one after the other by one coordinator, with nobody else there.",
        headings=("counties", "median, ms", "95th percentile, ms", "slowest, ms", "goal"),
        lines=[(f"{len(taken)}", f"{taken[len(taken) // 2]:.0f}", f"{late:.0f}", f"{taken[-1]:.0f}", hoped)],
    )
