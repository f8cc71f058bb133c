"""Tables as files: .xlsx and .csv that hold values only, whatever the cells say.

A cell that begins like a formula stays the text it is: xlsxwriter is told never to guess, and in CSV, where a program
that opens the file guesses by itself, an apostrophe goes in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import IO, Any

import xlsxwriter
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

_YUAN_PER_WAN = Decimal(10_000)


class Kind(Enum):
    """What a column holds; amounts are given in yuan and written in 万元."""

    TEXT = "text"
    NUMBER = "number"
    WAN = "wan"
    DATE = "date"
    TIME = "time"


# At most six decimals of 万元: the fen.
_FORMATS = {
    Kind.TEXT: "@",
    Kind.NUMBER: "General",
    Kind.WAN: "#,##0.00####",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "yyyy-mm-dd hh:mm",
}
# What Excel itself may run, or take for something else, in a CSV file.
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Column:
    """One column: its heading, where a row keeps the value (a path with dots, or a function), what that is.

    A method at the end of the path, such as `get_status_display`, is called.

    `width` counts Latin characters; a Chinese one takes two.
    """

    title: str
    value: str | Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    width: int = 14

    def of(self, row: Any) -> Any:
        """The value to write; None where it is unknown, and where any step of the path is."""
        if callable(self.value):
            found = self.value(row)
        else:
            try:
                found = attrgetter(self.value)(row)
            except ObjectDoesNotExist:  # the other end of a one-to-one relation
                return None
            except AttributeError:  # `helper.area.code` of a helper without an area
                return self._absent(row)
        if callable(found):
            found = found()
        if found is None or found == "":
            return None
        return _plain(found, self.kind)

    def _absent(self, row: Any) -> None:
        """Follow the path to the step that is None. Raises AttributeError when a step does not exist at all."""
        at = row
        for step in str(self.value).split("."):
            at = getattr(at, step)
            if at is None:
                return


def _plain(value: Any, kind: Kind) -> Any:
    if kind is Kind.WAN:
        return Decimal(value) / _YUAN_PER_WAN
    if kind is Kind.TEXT:
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def write_xlsx(
    to: IO[bytes], title: str, columns: tuple[Column, ...], rows: Iterable[Any], notes: Callable[[int], Sequence[str]]
) -> None:
    """Write a workbook of two sheets: the table, with its heading frozen and filters on, and 说明.

    `notes` is asked for the lines of 说明 once the count is known. Cost: 1 row in memory at a time.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(to, options) as book:
        sheet = book.add_worksheet(title)
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, _heading(column), heading)
        count = 0
        for count, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                value = column.of(row)
                if value is not None:
                    _write(sheet, count, place, value, formats[column.kind])
        sheet.autofilter(0, 0, count, len(columns) - 1)
        about = book.add_worksheet("说明")
        about.set_column(0, 0, 100)
        for line, text in enumerate(notes(count)):
            about.write_string(line, 0, text)


def _write(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    if isinstance(value, str):
        refused = sheet.write_string(row, place, value, form)
    elif isinstance(value, date):  # a datetime too
        refused = sheet.write_datetime(row, place, value, form)
    else:
        refused = sheet.write_number(row, place, float(value), form)
    if refused:
        raise ValueError(f"row {row}, column {place}: a sheet cannot hold this ({refused})")


def _heading(column: Column) -> str:
    return f"{column.title}（万元）" if column.kind is Kind.WAN else column.title


def write_csv(to: IO[bytes], columns: tuple[Column, ...], rows: Iterable[Any]) -> None:
    """Write UTF-8 with a byte order mark, without which Excel takes Chinese for something else."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow([_heading(column) for column in columns])
    table.writerows([_cell(column.of(row)) for column in columns] for row in rows)
    text.detach()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_LIVE) else value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


class TooMany(ValueError):
    """More rows than may be written."""


def at_most(limit: int, rows: Iterable[Any]) -> Iterator[Any]:
    """The rows, one by one. Raises TooMany after `limit` of them."""
    for count, row in enumerate(rows):
        if count == limit:
            raise TooMany
        yield row
