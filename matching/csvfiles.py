"""Files of the exchange format as such: strict CSV on the way in, whole folders on the way out."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import Column, cut
from matching.tables import ProblemError, Table

_ROWS_AT_ONCE = 1 << 13  # written together; keeps the memory of a large table flat


class Lookup(NamedTuple):
    """A column whose cell i is `values[rows[i]]`, looked up while it is written."""

    values: NDArray[Any]
    rows: NDArray[np.integer]


Cells = Sequence[Any] | NDArray[Any] | Lookup | Column


def read_table(path: Path) -> Table:
    """A CSV file as text columns; an absent optional file is an empty table."""
    if not path.exists():
        return Table(path.name, {}, 0)
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if (at := data.find(b"\0")) >= 0:
        raise ProblemError(path.name, data.count(b"\n", 0, at) + 1, None, None, "contains a NUL character")
    try:
        data.isascii() or data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProblemError(path.name, line, None, data[error.start : error.end], "is not UTF-8") from None
    if b'"' not in data:
        data = data.replace(b"\r\n", b"\n")
    if regular := cut(data):
        header, columns = regular
        return Table(path.name, _named(path.name, header, columns), len(columns[0]))
    return _read_slowly(path.name, data.decode())


def _read_slowly(name: str, text: str) -> Table:
    """Any CSV: with quotes, with line breaks in cells, or with a fault to be named."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows, lines = [], []
    try:
        header = next(reader, None)
        before = reader.line_num
        for row in reader:
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        raise ProblemError(name, reader.line_num, None, None, f"is not CSV: {error}") from None
    if not header:
        raise ProblemError(name, 1, None, None, "the file is empty; its header row is missing")
    while rows and not rows[-1]:
        rows.pop()
    for row, line in zip(rows, lines, strict=False):
        if len(row) != len(header):
            raise ProblemError(name, line, None, ",".join(row), f"has {len(row)} fields, the header {len(header)}")
    columns = [Column.of(cells) for cells in zip(*rows, strict=True)] if rows else [Column.of([]) for _ in header]
    return Table(name, _named(name, header, columns), len(rows), lines=lines)


def _named(file: str, header: list[str], columns: list[Column]) -> dict[str, Column]:
    names = [name.strip() for name in header]
    for name in names:
        if names.count(name) > 1:
            raise ProblemError(file, 1, name, name, "this column stands twice")
    return dict(zip(names, columns, strict=True))


def write_table(
    path: Path, header: Sequence[str], columns: Sequence[Cells], tell: Callable[[], None] = lambda: None
) -> None:
    """A CSV file of these columns, quoted where it must be; `tell` is called every few thousand rows."""
    rows = _rows(columns[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for first in range(0, rows, _ROWS_AT_ONCE):
            some = slice(first, min(first + _ROWS_AT_ONCE, rows))
            tell()
            writer.writerows(zip(*(_slice(column, some) for column in columns), strict=True))


def _rows(column: Cells) -> int:
    return len(column.rows) if isinstance(column, Lookup) else len(column)


def _slice(column: Cells, some: slice) -> Sequence[Any]:
    if isinstance(column, Lookup):
        listed: list[Any] = column.values[column.rows[some]].tolist()
        return listed
    if isinstance(column, Column):
        return Column(column.buffer, column.start[some], column.end[some]).tolist()
    piece = column[some]
    return piece.tolist() if isinstance(piece, np.ndarray) else piece


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A neighbour folder to write into, renamed into place at the end, so that nobody ever sees half a folder."""
    partial, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{mark}") for mark in ("partial", "old"))
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(old)
        partial.rename(folder)
        shutil.rmtree(old)
    else:
        partial.rename(folder)


__all__ = ["Cells", "Lookup", "read_table", "whole", "write_json", "write_table"]
