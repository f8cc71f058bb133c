"""Reading for the checker: CSV and JSON as text, column by column, with code that the solver does not use.

A table is cut at its commas and line breaks as bytes; whatever has quotes or ragged rows goes through `csv`. Either way
a column becomes one array, and ids are compared as bytes of a fixed width, so millions of rows need no Python objects.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_DIGITS = 18  # every number of so many digits fits 64 bits
_WHOLE = re.compile(r"[ \t]*[+-]?[0-9]+[ \t]*", re.ASCII)
_MOST_BYTES = 2**31  # of one column laid out with a fixed width
_ROWS_AT_ONCE = 1 << 16  # laid out together; keeps the memory flat


class Unreadable(ValueError):
    """A file that cannot be read as the exchange format; the message names it."""


@dataclass(frozen=True)
class Text:
    """A column of text: cell i is the bytes start[i] to end[i] of `buffer`."""

    buffer: NDArray[np.uint8]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    def texts(self) -> list[str]:
        data = self.buffer.tobytes()
        return [data[a:b].decode() for a, b in zip(self.start.tolist(), self.end.tolist(), strict=True)]

    def cells(self, width: int = 0) -> Array:
        """The cells as bytes of equal width, the longest's or `width` when that is more. Shape (n,)."""
        length = self.end - self.start
        width = max(int(length.max(initial=1)), width, 1)
        if len(self) * width > _MOST_BYTES:
            raise Unreadable(f"a column of {len(self)} cells of up to {width} bytes is too large")
        laid = np.zeros((len(self), width), np.uint8)
        for first in range(0, len(self) if len(self.buffer) else 0, _ROWS_AT_ONCE):
            some = slice(first, first + _ROWS_AT_ONCE)
            at = self.start[some, None] + np.arange(width)
            laid[some] = np.where(at < self.end[some, None], self.buffer.take(at, mode="clip"), 0)
        found: Array = laid.view(f"S{width}").ravel()
        return found

    def numbers(self, default: int) -> Array:
        """Whole numbers, `default` for empty cells: int64, or Python integers where one is longer than 64 bits allow.

        Raises ValueError for a cell that is none.
        """
        length = self.end - self.start
        if not len(self):
            return np.zeros(0, np.int64)
        if (length <= _DIGITS).all():
            cells = self.cells().view(np.uint8).reshape(len(self), -1)
            negative = cells[:, 0] == ord("-")
            inside = np.arange(cells.shape[1]) < length[:, None]
            inside[:, 0] &= ~negative
            plain = ((cells >= ord("0")) & (cells <= ord("9"))) | ~inside
            if plain.all() and not (negative & (length == 1)).any():
                number = np.zeros(len(self), np.int64)
                for place in range(cells.shape[1]):
                    number = np.where(inside[:, place], number * 10 + cells[:, place] - ord("0"), number)
                return np.where(length == 0, default, np.where(negative, -number, number))
        slow = [_number(text, default) for text in self.texts()]
        fits = all(-(2**62) < one < 2**62 for one in slow)
        return np.array(slow, np.int64 if fits else object)


def _number(text: str, default: int) -> int:
    if text == "":
        return default
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def rows_in(known: Array, mine: Text) -> NDArray[np.int64]:
    """For each cell the row of `known` (different ids as bytes) that holds the same text, −1 where none does."""
    width = max(known.dtype.itemsize, 1)
    cells = mine.cells(width)
    absent = cells.astype(f"S{width}") != cells  # longer than any known one
    order = np.argsort(known, kind="stable")
    ranked, cells = known[order], cells.astype(f"S{width}")
    if width <= 8:  # compared as one machine word
        ranked, cells = _words(ranked), _words(cells)
    at = np.minimum(np.searchsorted(ranked, cells), max(len(ranked) - 1, 0))
    if not len(ranked):
        return np.full(len(mine), -1, np.int64)
    return np.where((ranked[at] == cells) & ~absent, order[at], -1)


def _words(cells: Array) -> Array:
    """Cells of at most eight bytes as integers in the same order."""
    return cells.astype("S8").view(">u8").astype(np.uint64)


def table(path: Path) -> dict[str, Text]:
    """The columns of a CSV file by name. Raises Unreadable."""
    try:
        data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        text = "" if data.isascii() else data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name}: {error}") from None
    if b"\0" in data:
        raise Unreadable(f"{path.name}: contains a NUL character")
    columns = _cut(data) if b'"' not in data and b"\r" not in data else None
    if columns is None:
        columns = _through_csv(path.name, text or data.decode())
    names = [name.strip() for name in columns[0]]
    if len(set(names)) < len(names):
        raise Unreadable(f"{path.name}: a column stands twice")
    return dict(zip(names, columns[1], strict=True))


def _cut(data: bytes) -> tuple[list[str], list[Text]] | None:
    """Header and columns where every line has as many commas as the first; None for any other file."""
    data = data.rstrip(b"\n") + b"\n"
    header = data[: data.index(b"\n")].decode().split(",")
    buffer = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero((buffer == ord(",")) | (buffer == ord("\n")))
    if len(ends) % len(header) or (len(header) == 1 and b"\n\n" in data):
        return None
    breaks = buffer[ends].reshape(-1, len(header)) == ord("\n")
    if breaks[:, :-1].any() or not breaks[:, -1].all():
        return None
    starts = np.concatenate([[0], ends[:-1] + 1])[len(header) :]
    ends = ends[len(header) :]
    return header, [Text(buffer, starts[at :: len(header)], ends[at :: len(header)]) for at in range(len(header))]


def _through_csv(name: str, text: str) -> tuple[list[str], list[Text]]:
    try:
        header, *rows = [row for row in csv.reader(StringIO(text, newline=""), strict=True) if row] or [[]]
    except csv.Error as error:
        raise Unreadable(f"{name}: {error}") from None
    if ragged := next((row for row in rows if len(row) != len(header)), None):
        raise Unreadable(f"{name}: {','.join(ragged)!r} has {len(ragged)} fields, the header {len(header)}")
    return header, [_text([row[at] for row in rows]) for at in range(len(header))]


def _text(texts: list[str]) -> Text:
    encoded = [text.encode() for text in texts]
    length = np.array([len(one) for one in encoded], np.int64)
    ends = np.cumsum(length)
    return Text(np.frombuffer(b"".join(encoded), np.uint8), ends - length, ends)


def document(path: Path) -> dict[str, Any]:
    """A JSON object. Raises Unreadable."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"{path.name}: {error}") from None
    if not isinstance(value, dict):
        raise Unreadable(f"{path.name}: must be an object")
    return value
