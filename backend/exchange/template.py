"""Workbooks of ours: the empty template of a list, and the copy of an upload with the reasons why rows were refused.

Neither holds anything that a spreadsheet program would run, whatever the upload held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from backend.exchange.cleaning import DATE
from backend.exchange.importable import Column, Importable, Kind, Lookup
from backend.exchange.layout import EXAMPLE, REASONS, letter
from backend.exchange.models import StagedRow
from backend.exchange.reading.cells import shown
from backend.exchange.reading.workbook import TEMPLATE_PROPERTY

GUIDE, LOOKUP = "填表说明", "代码表"
_DRESSED_ROWS = 2000  # of an empty template; Excel carries formats on when rows are added below
_WIDEST_LIST = 250  # characters of a dropdown that is written into its cell rule
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
_FORMATS = {Kind.CODE: "@", Kind.TEXT: "@", Kind.CHOICE: "@", Kind.BOOL: "@", Kind.DATE: "yyyy-mm-dd"}
_KINDS = {
    Kind.TEXT: "文字",
    Kind.CODE: "代码（文本格式）",
    Kind.CHOICE: "从下拉列表中选",
    Kind.DATE: "日期，如 2020-06-30",
    Kind.WHOLE: "整数",
    Kind.DECIMAL: "数",
    Kind.MONEY: "金额，单位万元；也可写明单位，如 86万元、5000元",
    Kind.BOOL: "是或否",
}


def write_template(to: IO[bytes], listed: Importable, lookup: Lookup | None) -> None:
    """An empty table with dropdowns, hints and a marked example, a sheet that explains each column, and one to look
    codes up in."""
    with _book(to, listed) as book:
        sheet = book.add_worksheet(listed.title)
        headings = [(column.heading, column) for column in listed.columns]
        _dress(book, sheet, headings, heading_row=0, last_row=_DRESSED_ROWS)
        grey = book.add_format({"italic": True, "font_color": "#7F7F7F", "num_format": "@"})
        for place, column in enumerate(listed.columns):
            sheet.write_string(1, place, EXAMPLE * (place == 0) + column.example, grey)
        _guide(book, listed)
        if lookup is not None:
            _lookup(book, lookup)


def write_reasons(
    to: IO[bytes], listed: Importable, layout: dict[str, Any], rows: Iterable[StagedRow], *, lookup: Lookup | None
) -> None:
    """The upload once more, each cell at its own address, faulty ones coloured, and a last column that says why."""
    by_place = {place: listed.by_key[key] for key, place in layout["columns"].items() if key in listed.by_key}
    headings = [(title, by_place.get(place)) for place, title in enumerate(layout["titles"]) if title != REASONS]
    last = len(headings)
    with _book(to, listed) as book:
        sheet = book.add_worksheet(listed.title)
        _dress(book, sheet, [*headings, (REASONS, None)], heading_row=layout["row"] - 1, last_row=None)
        sheet.set_column(last, last, 60)
        plain = {place: book.add_format({"num_format": _format_of(one)}) for place, (_, one) in enumerate(headings)}
        wrong = {
            place: book.add_format({"num_format": _format_of(one), "bg_color": "#FFC7CE", "font_color": "#9C0006"})
            for place, (_, one) in enumerate(headings)
        }
        reason = book.add_format({"font_color": "#9C0006", "text_wrap": True, "valign": "top"})
        for row in rows:
            at = row.number - 1
            faulty = {layout["columns"].get(fault["column"]) for fault in row.faults}
            for place in range(last):
                form = (wrong if place in faulty else plain)[place]
                _write(sheet, at, place, row.raw[place] if place < len(row.raw) else None, form)
            if row.faults:
                sheet.write_string(at, last, reasons(row, layout), reason)
        _guide(book, listed)
        if lookup is not None:
            _lookup(book, lookup)


def reasons(row: StagedRow, layout: dict[str, Any]) -> str:
    """All that is wrong with a row in one line, each fault with its cell."""
    said = []
    for fault in row.faults:
        place = layout["columns"].get(fault["column"])
        said.append(f"{letter(place)}{row.number}：{fault['message']}" if place is not None else fault["message"])
    return "；".join(said)


def _book(to: IO[bytes], listed: Importable) -> Any:
    book = xlsxwriter.Workbook(to, _PLAIN)
    book.set_custom_property(TEMPLATE_PROPERTY, listed.template)
    return book


def _dress(
    book: Any, sheet: Any, headings: Sequence[tuple[str, Column | None]], *, heading_row: int, last_row: int | None
) -> None:
    """Headings, widths, formats, hints and dropdowns."""
    styles = {
        required: book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bottom": 1,
                "bg_color": "#FCE4D6" if required else "#EDEDED",
            }
        )
        for required in (True, False)
    }
    formats = {text: book.add_format({"num_format": text}) for text in {*_FORMATS.values(), "General"}}
    sheet.freeze_panes(heading_row + 1, 0)
    sheet.autofilter(heading_row, 0, last_row or 1_048_575, len(headings) - 1)
    for place, (title, column) in enumerate(headings):
        sheet.write_string(heading_row, place, title, styles[bool(column and column.required)])
        if column is not None:
            sheet.set_column(place, place, column.width, formats[_format_of(column)])
            sheet.data_validation(heading_row + 1, place, last_row or 1_048_575, place, _rule(column))


def _format_of(column: Column | None) -> str:
    return _FORMATS.get(column.kind, "General") if column else "General"


def _rule(column: Column) -> dict[str, Any]:
    """The hint beside a cell and, for choices, the dropdown; the platform itself checks everything once more."""
    shown_by_excel = {
        "input_title": f"{column.title}（{'必填' if column.required else '选填'}）"[:32],
        "input_message": (column.hint or _KINDS[column.kind])[:255],
    }
    labels = [label for _, label in column.choices] if column.kind is not Kind.BOOL else ["是", "否"]
    if labels and not column.several and len(",".join(labels)) <= _WIDEST_LIST:
        wrong = {"error_title": column.title[:32], "error_message": "请从下拉列表中选择"}
        return {"validate": "list", "source": labels, **shown_by_excel, **wrong}
    return {"validate": "any", **shown_by_excel}


def _guide(book: Any, listed: Importable) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    lines = [
        f"每行一条，填在“{listed.title}”工作表里；第 2 行是示例，上传时自动跳过，可以删除",
        "橙色表头的列必须填写；不知道的选填项请留空，留空表示未知，不是零",
        "不要合并单元格、不要用公式、不要改动表头；其他工作表不会被读取",
        "有一行不符合要求，整个文件都不会入库；可下载标明原因的副本，改好后重新上传",
        *listed.notes,
    ]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, f"{number + 1}. {line}")
    top = len(lines) + 1
    for place, (title, width) in enumerate((("列", 18), ("是否必填", 10), ("填什么", 34), ("说明", 60), ("选项", 80))):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, title, bold)
    for number, column in enumerate(listed.columns, start=top + 1):
        kind = f"{_KINDS[column.kind]}，可多选，用“、”隔开" if column.several else _KINDS[column.kind]
        options = "、".join(label for _, label in column.choices)
        texts = (column.heading, "必填" if column.required else "选填", kind, column.hint, options)
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text, wrap)


def _lookup(book: Any, lookup: Lookup) -> None:
    sheet = book.add_worksheet(LOOKUP)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(lookup.headings), 50)
    for number, row in enumerate([lookup.headings, *lookup.rows]):
        for place, value in enumerate(row):
            sheet.write_string(number, place, value, text if number else bold)


def _write(sheet: Any, row: int, place: int, cell: Any, form: Any) -> None:
    """A cell of the upload as it was; formulas and errors become the text that they are."""
    if cell is None:
        sheet.write_blank(row, place, None, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, form)
    elif isinstance(cell, int | float) and abs(cell) < 10**15:
        sheet.write_number(row, place, cell, form)
    elif isinstance(cell, list) and cell[0] == DATE and cell[1] >= "1900":
        sheet.write_datetime(row, place, datetime.fromisoformat(cell[1]).replace(tzinfo=None), form)
    else:
        sheet.write_string(row, place, shown(cell), form)
