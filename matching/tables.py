"""Rows of the exchange format before they mean anything: columns of text, and the place of each cell for a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Column

Names = NDArray[np.str_]
Rows = Iterable[Mapping[str, Any]]
ID_BYTES = 200  # of UTF-8; longer ids are a mistake, and arrays of names are as wide as the longest


class ProblemError(ValueError):
    """An input that cannot be a problem: which table or file, which line and column, what was found and what is wrong.

    `line` is 1-based and counts the header in files; for rows given in memory it is the row's number.
    """

    def __init__(self, file: str, line: int | None, column: str | None, value: object, reason: str) -> None:
        self.file, self.line, self.column, self.value, self.reason = file, line, column, value, reason
        place = file + (f", line {line}" if line is not None else "") + (f", column {column}" if column else "")
        shown = "" if value is None else f" (found {str(value)[:80]!r})"
        super().__init__(f"{place}: {reason}{shown}")


@dataclass
class Table:
    """Columns of text with the line each row came from; what files and rows in memory have in common.

    `lines` is given where rows do not stand on consecutive lines from `first_line` on.
    """

    file: str
    columns: Mapping[str, Column]
    length: int
    first_line: int = 2
    lines: Sequence[int] = field(default=())

    def line(self, row: int) -> int:
        return self.lines[row] if self.lines else row + self.first_line

    def fail(self, row: int, column: str, reason: str) -> ProblemError:
        return ProblemError(self.file, self.line(row), column, self.columns[column][row], reason)

    def text(self, column: str) -> Column:
        """A column as it stands, empty text where there is none."""
        return self.columns[column] if column in self.columns else _blank(self.length)

    def names(self, column: str, *, required: bool = False) -> Column:
        """A column of names. Raises ProblemError at the first that is too long, or empty where it is required."""
        if not self.columns:  # no rows in memory, or no such file: nothing is said, so nothing is missing
            return _blank(0)
        if required and column not in self.columns:
            raise ProblemError(self.file, 1, column, None, "this column is required")
        names = self.text(column)
        for row in np.flatnonzero(names.length == 0)[:1] if required else ():
            raise self.fail(int(row), column, "an id may not be empty")
        for row in np.flatnonzero(names.length > ID_BYTES)[:1]:
            raise self.fail(int(row), column, f"a name may have at most {ID_BYTES} bytes")
        return names

    def ints(self, column: str, default: int, *, low: int, high: int) -> NDArray[np.int64]:
        """Whole numbers; empty means `default`. Raises ProblemError at the first that is none or out of range."""
        if column not in self.columns:
            return np.full(self.length, default, np.int64)
        numbers, wrong = self.columns[column].ints(default)
        for row in np.flatnonzero(wrong)[:1]:
            raise self.fail(int(row), column, "must be a whole number")
        for row in np.flatnonzero((numbers < low) | (numbers > high))[:1]:
            negative = numbers[row] < 0 <= low
            raise self.fail(
                int(row), column, "must not be negative" if negative else f"must lie between {low} and {high}"
            )
        return numbers

    def others(self, known: Iterable[str]) -> dict[str, Column]:
        """The columns that mean nothing here, kept for whoever put them there."""
        names = set(known)
        return {name: column for name, column in self.columns.items() if name not in names}


def table_of(file: str, rows: Rows) -> Table:
    """A table from dictionaries in memory; None and absent keys become empty text."""
    listed = list(rows)
    names = dict.fromkeys(key for row in listed for key in row)
    columns = {name: Column.of("" if row.get(name) is None else _plain(row[name]) for row in listed) for name in names}
    return Table(file, columns, len(listed), first_line=1)


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, list | tuple | np.ndarray):
        return ";".join(str(int(one)) for one in value)
    return str(value)


def _blank(rows: int) -> Column:
    zeros = np.zeros(rows, np.int64)
    return Column(np.zeros(0, np.uint8), zeros, zeros)


__all__ = ["ID_BYTES", "Names", "ProblemError", "Rows", "Table", "table_of"]
