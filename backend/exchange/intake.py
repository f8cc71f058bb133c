"""From the file to its rows, cleaned cell by cell: everything that needs no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from backend.exchange import reader
from backend.exchange.importable import Importable
from backend.exchange.layout import SEARCHED, Layout, NoLayout, Problem, find_layout
from backend.exchange.staging import Staged, is_example, stage
from backend.exchange.template import GUIDE, LOOKUP


@dataclass
class Intake:
    """What a file held: `notes` say what of it was left out."""

    rows: list[Staged]
    sheet: str
    layout: Layout
    notes: list[str]


def take_in(path: Path, listed: Importable, tell: Callable[[int], None]) -> Intake:
    """Read and clean the whole file; `tell` hears the count after each row. Raises reader.Unreadable, NoLayout."""
    lines = reader.read(reader.command(path, listed.title, [GUIDE, LOOKUP]))
    heading: dict[str, Any] = next(lines)
    if heading["merged"]:
        cells = "、".join(heading["merged"][:5])
        raise NoLayout(Problem("merged_cells", f"有合并单元格（{cells}），请取消合并，每行每格单独填写"))
    first = [row for _, row in zip(range(SEARCHED), lines, strict=False)]
    layout, notes = find_layout(first, listed, heading["template"])
    rows: list[Staged] = []
    for number, cells, hidden in chain(first, lines):
        if number <= layout.row:
            continue
        if is_example(cells):
            notes.append(f"第 {number} 行是示例，没有读取")
            continue
        rows.append(stage(listed, layout, number, cells, hidden, heading["epoch_1904"]))
        tell(len(rows))
    if not rows:
        raise NoLayout(Problem("no_rows", "表头下面没有任何内容"))
    return Intake(rows, heading["sheet"], layout, heading["notes"] + notes)
