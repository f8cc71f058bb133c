"""Columns of text as bytes with offsets: what makes reading millions of rows a matter of seconds.

A CSV file without quotes is cut into columns without making one Python object per cell; numbers are read and names are
looked up on whole columns. Everything else takes the slow road through `csv`, to the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Offsets = NDArray[np.int64]
Hashes = NDArray[np.uint64]

COMMA, NEWLINE, MINUS, ZERO = b",\n-0"
MOST_DIGITS = 18  # every number of so many digits fits 64 bits
_LONG = 64  # bytes; no number is longer, whatever spaces stand around it
_WHOLE = re.compile(rf"[ \t]*[+-]?[0-9]{{1,{MOST_DIGITS}}}[ \t]*", re.ASCII)
_FACTOR = np.uint64(0x100000001B3)  # the multiplier of the FNV hash; equality is always checked on the bytes


class Column:
    """A column of text. Shapes: `start` and `end` (n,) are offsets into `buffer`, which columns may share."""

    __slots__ = ("buffer", "end", "start")

    def __init__(self, buffer: Bytes, start: Offsets, end: Offsets) -> None:
        self.buffer, self.start, self.end = buffer, start, end

    @classmethod
    def of(cls, texts: Iterable[str]) -> Column:
        """A column of these texts."""
        encoded = [text.encode() for text in texts]
        ends = np.fromiter(accumulate(map(len, encoded)), np.int64, len(encoded))
        starts = np.concatenate([np.zeros(min(len(ends), 1), np.int64), ends[:-1]])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts, ends)

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, row: int) -> str:
        return self.buffer[self.start[row] : self.end[row]].tobytes().decode()

    @property
    def length(self) -> Offsets:
        """Bytes of each cell."""
        return self.end - self.start

    def tolist(self) -> list[str]:
        data = self.buffer.tobytes()
        return [data[a:b].decode() for a, b in zip(self.start.tolist(), self.end.tolist(), strict=True)]

    def strings(self) -> NDArray[np.str_]:
        return np.array(self.tolist(), np.str_) if len(self) else np.array([], "U1")

    def take(self, rows: NDArray[np.integer]) -> Column:
        """The cells at these rows; nothing is copied."""
        return Column(self.buffer, self.start[rows], self.end[rows])

    def is_word(self, word: bytes) -> NDArray[np.bool_]:
        """Which cells are exactly this word."""
        same: NDArray[np.bool_] = self.length == len(word)
        for place, letter in enumerate(word):
            same &= self._bytes(place) == letter
        return same

    def ints(self, default: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Whole numbers, `default` where empty; and which cells are none (their number is 0)."""
        length = self.length
        numbers = np.zeros(len(self), np.int64)
        negative = (self._bytes(0) == MINUS) & (length > 1)
        plain = length - negative <= MOST_DIGITS
        for place in range(min(int(length.max(initial=0)), MOST_DIGITS + 1)):
            digit = self._bytes(place).astype(np.int64) - ZERO
            here = (length > place) & plain & ~(negative & (place == 0))
            numbers = np.where(here, numbers * 10 + digit, numbers)
            plain &= ~here | ((digit >= 0) & (digit <= 9))
        numbers = np.where(negative, -numbers, numbers)
        numbers[length == 0] = default
        wrong = np.zeros(len(self), np.bool_)
        for row in np.flatnonzero(~plain):  # spaces, a plus sign, or no number at all
            text = self[int(row)] if length[row] < _LONG else ""
            wrong[row] = not _WHOLE.fullmatch(text)
            numbers[row] = 0 if wrong[row] else int(text)
        return numbers, wrong

    def find_in(self, known: Column) -> NDArray[np.int32]:
        """The row of `known`, whose cells differ, that holds the same text; −1 where none does.

        Cost: a search among hashes per cell and one comparison of the bytes found.
        """
        absent = np.full(len(self), -1, np.int32)
        if not len(known) or not len(self):
            return absent
        longest = int(known.length.max())
        theirs = known._hashes(longest)
        order = np.argsort(theirs)
        ranked = theirs[order]
        if (ranked[1:] == ranked[:-1]).any():
            rows = {name: row for row, name in enumerate(known.tolist())}
            return np.array([rows.get(name, -1) for name in self.tolist()], np.int32)
        mine = self._hashes(longest)
        found = order[np.minimum(np.searchsorted(ranked, mine), len(order) - 1)]
        same = self.length == known.length[found]
        for place in range(longest):
            same &= self._bytes(place) == known._bytes(place)[found]
        return np.where(same, found, absent).astype(np.int32)

    def _hashes(self, longest: int) -> Hashes:
        """A hash of the first `longest` bytes of each cell."""
        length = self.length
        hashes = length.astype(np.uint64)
        for place in range(min(longest, int(length.max(initial=0)))):
            hashes = np.where(length > place, (hashes ^ self._bytes(place)) * _FACTOR, hashes)
        return hashes ^ (hashes >> np.uint64(29))

    def _bytes(self, place: int) -> Bytes:
        """The byte at this place of each cell, 0 after its end (text here has no NUL)."""
        if not len(self.buffer):
            return np.zeros(len(self), np.uint8)
        here = self.start + place
        return np.where(here < self.end, self.buffer[np.minimum(here, len(self.buffer) - 1)], np.uint8(0))


def cut(data: bytes) -> tuple[list[str], list[Column]] | None:
    """Header and columns of CSV text without quotes and carriage returns; None where it is not as regular as that.

    `data` must be UTF-8 without NUL; empty lines at its end do not count.
    """
    data = data.rstrip(b"\n")
    first, _, _ = data.partition(b"\n")
    header = first.decode().split(",")
    width = len(header)
    if not first or b'"' in data or b"\r" in data or (width == 1 and b"\n\n" in data):
        return None
    buffer = np.frombuffer(data + b"\n", np.uint8)
    marks = np.flatnonzero((buffer == COMMA) | (buffer == NEWLINE))[width:]
    if len(marks) % width:
        return None
    ends = marks.reshape(-1, width)
    if (buffer[ends[:, :-1]] != COMMA).any() or (buffer[ends[:, -1]] != NEWLINE).any():
        return None
    before = np.concatenate([np.full(min(len(ends), 1), len(first)), ends[:-1, -1]])
    starts = [before + 1, *(ends[:, at] + 1 for at in range(width - 1))]
    return header, [Column(buffer, start, ends[:, at].copy()) for at, start in enumerate(starts)]


__all__ = ["Column", "cut"]
