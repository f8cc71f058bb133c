"""A register and a ledger of national size by one command each, and the nightly recount of every ledger."""

from __future__ import annotations

import time

from tests.benchmarks.page import Section
from tests.plugins.platform import RunningPlatform

_COMMANDS = (
    ("seed_register --villages", "168 000 villages, 127 000 firms, 50 000 needs", None),
    ("load_ledger", "300 000 commitments, 990 000 entries", None),
    ("reconcile", "every ledger recounted by the second formula", 120),
)


def measure(platform: RunningPlatform) -> Section:
    lines = []
    for command, what, goal in _COMMANDS:
        began = time.monotonic()
        platform.command(command)
        seconds = time.monotonic() - began
        hoped = "" if goal is None else f"≤ {goal} s" + ("" if seconds <= goal else ", MISSED")
        lines.append((f"`{command}`", what, f"{seconds:.0f}", hoped))
    return Section(
        title="Filling it to national size",
        text="One command each, the platform running beside it.",
        headings=("command", "what", "seconds", "goal"),
        lines=lines,
    )
