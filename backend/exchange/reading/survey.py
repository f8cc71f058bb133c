"""A first look at a workbook's XML: refuses declared entities, and finds what openpyxl's fast reader does not tell,
merged cells and hidden rows."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from backend.exchange.reading.refusals import Refused

_CHUNK = 1 << 20
_NAMED = 20
_LONGEST_TAG = 2000
_TAG = re.compile(rb"<(?:\w+:)?(?:row\b[^>]*?\bhidden=.(?:1|true)\b|mergeCell\b)[^>]*>")
_ROW, _MERGED = re.compile(rb"\br=.(\d{1,7})\b"), re.compile(rb"\bref=.([A-Z0-9:]{1,30})")


@dataclass
class Survey:
    """What a sheet holds besides its values."""

    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)


def refuse_entities(archive: zipfile.ZipFile) -> None:
    """Look through every part, before anything else opens one. Raises Refused for entities and for broken XML."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels", ".vml")):
            _parse(archive, name)


def _parse(archive: zipfile.ZipFile, name: str) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        with archive.open(name) as part:
            while block := part.read(_CHUNK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("damaged", f"文件已损坏（{name} 第 {error.lineno} 行），请重新保存后再上传") from None


def _no_doctype(*_: Any) -> None:
    raise Refused("entities", "文件中有外部定义（DOCTYPE），正常的 Excel 文件不含这种内容，没有打开")


def survey(archive: zipfile.ZipFile, part: str) -> Survey:
    """Look through a sheet, by its bytes: asking a parser about each of a million cells would take longer than reading
    them."""
    seen, rest = Survey(), b""
    with archive.open(part) as file:
        while block := file.read(_CHUNK):
            block, at = rest + block, 0
            for tag in _TAG.finditer(block):
                at = tag.end()
                _note(seen, tag[0])
            rest = block[max(at, len(block) - _LONGEST_TAG) :]
    return seen


def _note(seen: Survey, tag: bytes) -> None:
    row, merged = _ROW.search(tag), _MERGED.search(tag)
    if b"mergeCell" not in tag and row:
        seen.hidden_rows.add(int(row[1]))
    elif merged and len(seen.merged) < _NAMED:
        seen.merged.append(merged[1].decode())
