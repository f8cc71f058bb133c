"""The page of figures, and the growth curve as a picture."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from math import ceil, floor, log10

from matching import svg
from matching.bench import Row

_PACKAGES = ("numpy", "scipy", "networkx", "ortools")
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640.0, 400.0, 70.0, 50.0, 30.0
_OURS, _THEIRS = "#145f75", "#b4532a"


def page(rows: Sequence[Row], picture: str | None) -> str:
    """The Markdown page: how it was measured, on what shape of machine, and the table."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`; not to be edited. All figures come from one run on one machine, matcher and peer",
            "in turns on the same arrays; the ratio is what counts, seconds belong to the machine. The matcher's time",
            "is solve + prices + verification, or, where said, a process from files to files; the peer's is",
            "its bare call, without any certificate. Small instances are measured five times, the median is shown.",
            "",
            f"Machine: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB,"
            f" Python {platform.python_version()}, {versions}.",
            "",
            "| instance | peer | matcher, s | peer, s | matcher ÷ peer | goal | found | besides |",
            "|---|---|---:|---:|---:|---:|---|---|",
            *map(_line, rows),
            "",
            *([f"![Seconds against nodes, matcher and bare call]({picture})", ""] if picture else []),
        ]
    )


def _line(row: Row) -> str:
    goal = "" if row.goal is None else f"≤ {row.goal:g}" + ("" if row.ratio <= row.goal else ", MISSED")
    return (
        f"| {row.instance} | {row.peer} | {row.ours:.3f} | {row.theirs:.3f} | {row.ratio:.3f} | {goal} | {row.agree}"
        f" | {row.note} |"
    )


def growth(rows: Sequence[Row]) -> str | None:
    """Seconds against nodes on logarithmic scales, as SVG; None with fewer than two sizes."""
    points = [
        (int(found[1].replace(",", "")), row.ours, row.theirs)
        for row in rows
        if (found := re.fullmatch(r"growth, ([\d,]+) nodes", row.instance))
    ]
    if len(points) < 2:
        return None
    xs = [log10(nodes) for nodes, _, _ in points]
    ys = [log10(seconds) for _, *both in points for seconds in both]
    left, right, low, high = floor(min(xs)), ceil(max(xs)), floor(min(ys)), ceil(max(ys))

    def at(nodes: float, seconds: float) -> tuple[float, float]:
        x = _LEFT + (log10(nodes) - left) / (right - left) * (_WIDTH - _LEFT - 20)
        y = _HEIGHT - _BOTTOM - (log10(seconds) - low) / (high - low) * (_HEIGHT - _BOTTOM - _TOP)
        return x, y

    body = []
    for power in range(left, right + 1):
        x, bottom = at(10**power, 10**low)
        body.append(svg.shape("path", d=f"M{x:.1f} {_TOP:.1f}V{bottom:.1f}", stroke="#ddd"))
        body.append(svg.text(x, bottom + 18, f"{10**power:,}", 12, text_anchor="middle"))
    for power in range(low, high + 1):
        x, y = at(10**left, 10**power)
        body.append(svg.shape("path", d=f"M{x:.1f} {y:.1f}H{_WIDTH - 20:.1f}", stroke="#ddd"))
        body.append(svg.text(x - 8, y + 4, f"{10.0**power:g}", 12, text_anchor="end"))
    for words, colour, which in (("matcher, proof included", _OURS, 1), ("bare OR-Tools call", _THEIRS, 2)):
        line = [at(point[0], point[which]) for point in points]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
        body.append(svg.shape("path", d=path, fill="none", stroke=colour, stroke_width=2))
        body += [
            svg.shape("circle", f"{point[0]:,} nodes: {point[which]:.3f} s", cx=x, cy=y, r=4, fill=colour)
            for (x, y), point in zip(line, points, strict=True)
        ]
        body.append(svg.text(_LEFT + 16, _TOP + 4 + 18 * which, words, 13, fill=colour))
    body.append(svg.text((_LEFT + _WIDTH) / 2, _HEIGHT - 8, "nodes", 12, text_anchor="middle"))
    body.append(svg.text(12, _TOP - 10, "seconds", 12))
    summary = "; ".join(f"{nodes:,} nodes: {ours:.3f} s against {bare:.3f} s" for nodes, ours, bare in points)
    return svg.document(_WIDTH, _HEIGHT, "Growth of the matcher and of the bare call", summary, body)


__all__ = ["growth", "page"]
