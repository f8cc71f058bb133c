"""From the upload of a full-size table until its rows are entered, and until they are taken back again."""

from __future__ import annotations

import time
from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.benchmarks.page import Section
from tests.benchmarks.tables import FIRMS, NEEDS, Table
from tests.plugins.platform import RunningPlatform, Visitor

ROWS, SEED = 50_000, 20_170_623
_GOAL_SECONDS = 60
_ASKED_EVERY = 0.5  # seconds
_LISTS = ((NEEDS, "recipient"), (FIRMS, "coordinator"))


def measure(platform: RunningPlatform) -> Section:
    """All lists, one after the other: as a browser does it, through web server, worker and database."""
    lines = []
    for table, who in _LISTS:
        visitor = Visitor(platform.address)
        visitor.log_in(who)
        lines += _one(platform, visitor, table)
    return Section(
        title=f"Importing {ROWS:,} rows",
        text="From the first byte of the upload until the rows are entered; then until they are taken back.",
        headings=("list", "step", "seconds", "of these", "processor, s", "progress seen", "goal"),
        lines=lines,
    )


def _one(platform: RunningPlatform, visitor: Visitor, table: Table) -> list[tuple[str, ...]]:
    content = table.filled(visitor.take(f"/api/import-lists/{table.key}/template"), ROWS, SEED)
    before, began = platform.processor_seconds(), time.monotonic()
    batch = visitor.upload("/api/imports", {"listed": table.key}, f"{table.key}.xlsx", content)
    read, seen = _awaited(visitor, batch)
    assert read["status"] == "READY", read
    entered, seen_too = _taken(visitor, read, "COMMIT")
    assert entered["status"] == "COMMITTED", entered
    seconds = time.monotonic() - began
    goal = f"≤ {_GOAL_SECONDS} s" + ("" if seconds <= _GOAL_SECONDS else ", MISSED")
    spent = f"{platform.processor_seconds() - before:.1f}"
    stages = f"{_stages(read)}; {_stages(entered)}"
    lines = [(table.title, "uploaded, checked, entered", f"{seconds:.1f}", stages, spent, str(seen + seen_too), goal)]
    before, began = platform.processor_seconds(), time.monotonic()
    undone, seen = _taken(visitor, entered, "UNDO")
    assert undone["status"] == "UNDONE", undone
    seconds, spent = time.monotonic() - began, f"{platform.processor_seconds() - before:.1f}"
    return [*lines, (table.title, "taken back", f"{seconds:.1f}", _stages(undone), spent, str(seen), "")]


def _taken(visitor: Visitor, batch: dict[str, Any], step: str) -> tuple[dict[str, Any], int]:
    path = f"/api/imports/{batch['id']}/decision"
    return _awaited(visitor, visitor.post(path, {"step": step}, version=batch["version"]))


def _awaited(visitor: Visitor, batch: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The import once its job has ended, and how many different states of progress were shown meanwhile."""
    seen = set()
    while batch["job"]["finished_at"] is None:
        time.sleep(_ASKED_EVERY)
        batch = visitor.get(f"/api/imports/{batch['id']}")
        seen.add((batch["job"]["stage"], batch["job"]["progress"]))
    return batch, len(seen)


def _stages(batch: dict[str, Any]) -> str:
    """How long each stage of the job took; a stage's own time is that of its last word, so the one before ends it."""
    job = batch["job"]
    times = [job["started_at"], *(one["at"] for one in job["stages"][1:]), job["finished_at"]]
    spans = [(after - at).total_seconds() for at, after in pairwise(map(datetime.fromisoformat, times))]
    return ", ".join(f"{one['name']} {span:.1f}" for one, span in zip(job["stages"], spans, strict=True))
