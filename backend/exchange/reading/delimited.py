"""Rows of a text file with separators: UTF-8 with or without its mark, or GB18030 (which includes GBK and GB2312)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.exchange.reading.cells import form
from backend.exchange.reading.refusals import MOST_COLUMNS, SAVE_AS, Refused, too_wide

_SEPARATORS = ",\t;"


def read(path: Path) -> Iterator[Any]:
    """The heading, then the rows that hold anything, each under the number of the line it begins on.

    Raises Refused for an unknown encoding and for quotes that do not close.
    """
    text = decoded(path.read_bytes())
    yield {"sheet": "", "notes": [], "merged": [], "epoch_1904": False, "template": None}
    csv.field_size_limit(len(text) + 1)
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in table:
            if len(row) > MOST_COLUMNS:
                raise too_wide(line, len(row))
            if any(cell.strip() for cell in row):
                yield [line, [form(cell) if cell else None for cell in row], False]
            line = table.line_num + 1
    except csv.Error:
        raise Refused("quotes", f"第 {line} 行起的双引号没有成对，无法分清各列，请改正或改用 .xlsx 文件") from None


def decoded(content: bytes) -> str:
    """The text of the file. Raises Refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("utf16", "文件是 Unicode（UTF-16）文本，请另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再上传")
    if b"\0" in content:
        raise Refused("not_a_table", "这不是表格文件（含有空字符），只接受 .xlsx 和 .csv 文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise Refused("empty", "文件是空的")
        return text
    raise Refused("encoding", f"看不懂文件的文字编码。{SAVE_AS}")
