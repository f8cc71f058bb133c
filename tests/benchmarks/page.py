"""The page of figures."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

_PACKAGES = ("django", "psycopg", "openpyxl")


@dataclass(frozen=True)
class Section:
    """What one measurement found."""

    title: str
    text: str
    headings: Sequence[str]
    lines: Sequence[Sequence[str]]

    def __str__(self) -> str:
        table = [self.headings, ["---"] * len(self.headings), *self.lines]
        return "\n".join([f"## {self.title}", "", self.text, "", *(f"| {' | '.join(cells)} |" for cells in table), ""])


def page(sections: Sequence[Section]) -> str:
    """Markdown: how it was measured, on what shape of machine, and the tables."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return "\n".join(
        [
            "# The platform, measured",
            "",
            "Written by `make bench-platform`; not to be edited. All figures come from one run against the platform as",
            "`make run` starts it, in a folder of its own. Processor seconds are those of all its processes together.",
            "",
            f"Machine: {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB,"
            f" Python {platform.python_version()}, {versions}.",
            "",
            *map(str, sections),
        ]
    )
