"""Rows of an .xlsx file, through openpyxl's read-only reader, after the archive and its XML were looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import MAC_EPOCH

from backend.exchange.reading import archive as archives
from backend.exchange.reading.cells import form
from backend.exchange.reading.refusals import MOST_COLUMNS, Refused, too_wide
from backend.exchange.reading.survey import Survey, refuse_entities, survey

TEMPLATE_PROPERTY = "xieshou-template"


def read(path: Path, wanted: str, ignored: list[str]) -> Iterator[Any]:
    """The heading, then the rows that hold anything. Raises Refused."""
    try:
        with archives.inspect(path) as archive:
            refuse_entities(archive)
            # As a stream: by the name alone, openpyxl would refuse a file stored without an ending.
            book = openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=False, keep_links=False)
            sheet, notes = _choose(book, wanted, ignored)
            seen = survey(archive, str(sheet._worksheet_path))
            if any(name.lower().startswith("xl/externallinks/") for name in archive.namelist()):
                notes.append("文件引用了其他工作簿，没有读取那些工作簿")
        yield {
            "sheet": sheet.title,
            "notes": notes,
            "merged": seen.merged,
            "epoch_1904": book.epoch == MAC_EPOCH,
            "template": _template_of(book),
        }
        yield from _rows(sheet, seen)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (openpyxl raises what it likes on a broken file)
        raise Refused("damaged", f"文件已损坏，请重新保存后再上传（{type(error).__name__}）") from None


def _choose(book: Any, wanted: str, ignored: list[str]) -> tuple[Any, list[str]]:
    """The sheet of that name, or else the only visible one. Raises Refused when that is not clear."""
    sheets = [sheet for sheet in book.worksheets if sheet.title not in ignored]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    named = [sheet for sheet in sheets if sheet.title == wanted]
    if named and named[0] not in visible:
        raise Refused("hidden_sheet", f"工作表“{wanted}”被隐藏，请取消隐藏后再上传")
    if not named and len(visible) != 1:
        names = "、".join(sheet.title for sheet in visible) or "没有可见的工作表"
        raise Refused("which_sheet", f"不知道该读哪张工作表（{names}），请把数据放在“{wanted}”里")
    chosen = named[0] if named else visible[0]
    others = [sheet.title for sheet in sheets if sheet is not chosen]
    return chosen, [f"没有读取其他工作表：{'、'.join(others)}"] if others else []


def _template_of(book: Any) -> str | None:
    found = [one.value for one in book.custom_doc_props.props if one.name == TEMPLATE_PROPERTY]
    return str(found[0])[:80] if found else None


def _rows(sheet: Any, seen: Survey) -> Iterator[Any]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if len(row) > MOST_COLUMNS:
            raise too_wide(number, len(row))
        cells = [None if cell.value is None else form(cell.value, cell.data_type) for cell in row]
        while cells and _blank(cells[-1]):
            cells.pop()
        if cells:
            yield [number, cells, number in seen.hidden_rows]


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
