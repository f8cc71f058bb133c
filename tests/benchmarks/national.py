"""Firms and villages of the whole country: from the button to suggestions to review, pins on trial, a run cancelled."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.page import Section
from tests.plugins.platform import RunningPlatform, Visitor

_TITLE = "万企帮万村, nationally"
_CHANNEL = "wqbwc"  # as the API names it: the models want a Django that is set up
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.2, 1800
_UNDER_WAY = ("REQUESTED", "RUNNING")
_TIMES, _MEMORY_GIB, _SILENT, _CANCEL, _PIN = 3, 6, 5, 5, 5  # the goals
_PINS = 20  # each alone on a run as it was solved, spread over all that it suggests


def measure(platform: RunningPlatform) -> Section:
    """The register must be filled before."""
    visitor = Visitor(platform.address)
    visitor.log_in("coordinator")
    memory = _Memory(platform)
    with memory:
        run, seconds, silent = _run(visitor, lambda told: False)
    if run["status"] in _UNDER_WAY:
        return _unfinished(seconds, memory.most, silent, _cancel(visitor, run))
    opening, pins = _pinned(visitor, run)
    alone = _matcher_alone(platform.data / "runs" / str(run["id"]))
    cancelled, _, _ = _run(visitor, lambda told: told["job"]["stage"] == "求解")
    stopped = _cancel(visitor, cancelled)
    counts = run["counts"]
    return Section(
        _TITLE,
        f"{counts['helpers']:,} firms, {counts['recipients']:,} villages, {counts['candidates']:,} eligible pairs;"
        f" {counts['pairs']:,} suggested, proven over {run['proof']}. The matcher alone: `python -m matching solve` on"
        " the folder of the same run, right after it.",
        ["what", "found", "goal"],
        [
            ["from the button to reviewable suggestions, s", f"{seconds:.0f}", ""],
            ["the matcher alone, files to files, s", f"{alone:.0f}", ""],
            ["the one divided by the other", f"{seconds / alone:.2f}", f"≤ {_TIMES}"],
            *_seen(memory.most, silent, stopped),
            ["why one pair, the first question, which opens the run, s", f"{opening:.1f}", ""],
            [f"a pin with what it moves, median of {_PINS}, s", f"{statistics.median(pins):.1f}", f"≤ {_PIN}"],
            ["the slowest of these, s", f"{max(pins):.1f}", f"≤ {_PIN}"],
        ],
    )


def _unfinished(seconds: float, most: float, silent: float, stopped: float) -> Section:
    return Section(
        _TITLE,
        f"NOT FINISHED: cancelled after {seconds:.0f} s, as long as this page waits.",
        ["what", "found", "goal"],
        _seen(most, silent, stopped),
    )


def _seen(most: float, silent: float, stopped: float) -> list[list[str]]:
    return [
        ["most memory of all processes together beyond what they hold at rest, GiB", f"{most:.1f}", f"≤ {_MEMORY_GIB}"],
        ["longest silence between two reports of progress, s", f"{silent:.1f}", f"≤ {_SILENT}"],
        ["from cancelling while it solves to cancelled, s", f"{stopped:.1f}", f"≤ {_CANCEL}"],
    ]


def _pinned(visitor: Visitor, run: Any) -> tuple[float, list[float]]:
    """Seconds of the first question, which opens the run; and of each pin of another firm on a village, from the press
    until it is told what would move."""
    path, opening, seconds = f"/api/runs/{run['id']}", 0.0, []
    last = visitor.get(f"{path}/suggestions?page_size=1")["count"] - 1
    for number in range(_PINS):
        page = 1 + number * last // (_PINS - 1)
        (one,) = visitor.get(f"{path}/suggestions?page_size=1&page={page}")["results"]
        asked = time.perf_counter()
        why = visitor.get(f"{path}/pairs/party-{one['helper']['id']}/{one['recipient']['code']}/why")
        opening = opening or time.perf_counter() - asked
        wanted = (why["recipient_alternatives"] or [why])[0]  # where nobody else could: the pair itself
        pair = {side: wanted[side]["code"] for side in ("helper", "recipient")}
        pressed = time.perf_counter()
        visitor.post(f"{path}/scenario", {"verb": "PIN", **pair})
        seconds.append(time.perf_counter() - pressed)
        visitor.delete(f"{path}/scenario")
    return opening, seconds


def _cancel(visitor: Visitor, run: Any) -> float:
    """Seconds until the run has stopped."""
    asked = time.perf_counter()
    visitor.post(f"/api/runs/{run['id']}/cancel", {})
    while visitor.get(f"/api/runs/{run['id']}")["status"] in _UNDER_WAY:
        time.sleep(_LOOK_SECONDS)
    return time.perf_counter() - asked


def _run(visitor: Visitor, enough: Callable[[Any], bool]) -> tuple[Any, float, float]:
    """Start a run and watch it until it has ended, that is enough, or patience ends: the run, its seconds, its longest
    silence."""
    policy = visitor.get(f"/api/policies?channel={_CHANNEL}&page_size=1")["results"][0]["id"]
    began = said_at = time.perf_counter()
    run: Any = visitor.post("/api/runs", {"policy": policy})
    said, silent = None, 0.0
    while run["status"] in _UNDER_WAY and not enough(run) and time.perf_counter() - began < _PATIENCE_SECONDS:
        time.sleep(_LOOK_SECONDS)
        run, now = visitor.get(f"/api/runs/{run['id']}"), time.perf_counter()
        says = run["job"]["progress"], run["job"]["stages"]
        silent = max(silent, now - said_at)
        if says != said:
            said, said_at = says, now
    if run["status"] not in ("READY", *_UNDER_WAY):
        raise RuntimeError(f"the run ended {run['status']}: {run['error']}")
    return run, time.perf_counter() - began, silent


def _matcher_alone(folder: Path) -> float:
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        command = [sys.executable, "-m", "matching", "solve", str(folder / "problem"), "-o", f"{out}/solution"]
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began


class _Memory:
    """The most that the platform's processes hold together (proportional set size), less what they held before."""

    def __init__(self, platform: RunningPlatform) -> None:
        self.platform, self.most, self._done = platform, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._rest = self._now()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(1):
            self.most = max(self.most, self._now() - self._rest)

    def _now(self) -> float:
        """GiB."""
        total = 0
        for process in _with_children(self.platform.pids("celery")):
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            except OSError:  # gone meanwhile
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 2**20


def _with_children(pids: list[int]) -> set[int]:
    found, parents = set(pids), {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found
