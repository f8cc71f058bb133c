"""Where the heading is, and which column of the file is which of the list."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from backend.exchange.cleaning import YUAN, fold
from backend.exchange.importable import Column, Importable, Kind
from backend.exchange.reading.cells import shown

REASONS = "错误原因"  # the column that copies with reasons have, ignored when they come back
EXAMPLE = "【示例】"
SEARCHED = 10  # rows among which the heading is looked for
_UNIT = re.compile(r"[（(](元|万元|亿元)[)）]$")
_MARKS = re.compile(r"\*|[（(]?(?:必填|选填)[)）]?")


@dataclass(frozen=True)
class Problem:
    """What is wrong with the file as a whole; `cell` is "" where no single one is to blame."""

    rule: str
    message: str
    cell: str = ""


@dataclass
class Layout:
    """`columns` maps keys to positions from 0, `units` those of money to yuan; `titles` is the row of headings."""

    row: int
    titles: list[str]
    columns: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)


class NoLayout(Exception):
    """The file does not have the form of the list."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def letter(position: int) -> str:
    """The letters of a column by its position from 0."""
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_layout(rows: list[Any], listed: Importable, template: str | None) -> tuple[Layout, list[str]]:
    """The layout by the first rows of a file (as `reading` gives them), and what was left out. Raises NoLayout."""
    if template and template.partition(":")[0] != listed.key:
        raise NoLayout(Problem("other_template", f"这是另一种清单的模板，请下载“{listed.title}”的模板"))
    row = max(rows[:SEARCHED], key=lambda one: len(_known(one[1], listed)), default=None)
    if row is None or not _known(row[1], listed):
        titles = "、".join(column.heading for column in listed.columns if column.required)
        raise NoLayout(Problem("no_heading", f"前 {SEARCHED} 行中没有找到表头，表头至少应有：{titles}"))
    layout = Layout(row[0], [shown(cell).strip() for cell in row[1]])
    problems, notes = _match(layout, listed)
    if problems:
        if template and template != listed.template:
            problems.insert(0, Problem("old_template", "这是旧版模板，列已有变化，请下载新模板，把内容复制过去"))
        raise NoLayout(*problems)
    if template and template != listed.template:
        notes.append("这是旧版模板，列仍然齐全，已按现行规则读取")
    return layout, notes


def _known(cells: list[Any], listed: Importable) -> list[Column]:
    titles = {_title_of(shown(cell)) for cell in cells}
    return [column for column in listed.columns if fold(column.title) in titles]


def _title_of(heading: str) -> str:
    """A heading without its marks and its unit, folded."""
    return _UNIT.sub("", _MARKS.sub("", fold(heading)))


def _match(layout: Layout, listed: Importable) -> tuple[list[Problem], list[str]]:
    by_title = {fold(column.title): column for column in listed.columns}
    problems: list[Problem] = []
    strangers: list[int] = []
    for position, heading in enumerate(layout.titles):
        cell = f"{letter(position)}{layout.row}"
        column = by_title.get(_title_of(heading))
        if column is None:
            strangers += [position] if heading and fold(heading) != REASONS else []
        elif column.key in layout.columns:
            first = f"{letter(layout.columns[column.key])}{layout.row}"
            problems.append(Problem("duplicate_heading", f"表头“{column.title}”出现两次（{first} 和 {cell}）", cell))
        else:
            layout.columns[column.key] = position
            unit = _UNIT.search(fold(heading))
            if column.kind is Kind.MONEY and unit:
                layout.units[column.key] = YUAN[unit[1]]
    missing = [column for column in listed.columns if column.key not in layout.columns]
    notes: list[str] = []
    for position in strangers:
        problems += _renamed(layout, position, missing, notes)
    named = {problem.message for problem in problems if problem.rule == "renamed_heading"}
    problems += [
        Problem("missing_heading", f"缺少必填的列“{column.heading}”")
        for column in missing
        if column.required and not any(f"“{column.heading}”" in message for message in named)
    ]
    return problems, notes


def _renamed(layout: Layout, position: int, missing: list[Column], notes: list[str]) -> list[Problem]:
    """A heading that is nobody's: a misspelt one when it is near to one that is missing, otherwise left out."""
    heading, place = layout.titles[position], letter(position)
    asked = _title_of(heading)
    titles = {fold(column.title): column for column in missing}
    near = difflib.get_close_matches(asked, titles, n=1, cutoff=0.5) or [
        title for title in titles if asked in title or title in asked
    ]
    if not near:
        notes.append(f"模板中没有“{heading[:20]}”（{place} 列），这一列没有读取")
        return []
    meant = titles[near[0]].heading
    message = f"模板中没有“{heading[:20]}”这一列，是否为“{meant}”？请改成模板中的名称"
    return [Problem("renamed_heading", message, f"{place}{layout.row}")]
