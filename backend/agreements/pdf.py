"""The agreement as PDF/A with its Chinese font inside: it reads the same on a machine that has no such font.

Laid out by Typst, whose wheel needs no library of the system, with the font that comes with the platform.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import typst

from backend.agreements.content import Content
from backend.web.problems import Conflict, Unavailable

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
_LAYOUT = _HERE / "layout" / "agreement.typ"


def write(content: Content) -> bytes:
    """The file. Raises Unavailable (503) where the font is missing, Conflict for characters that it does not have:
    boxes are never printed instead."""
    if not any(FONTS.glob("*.ttf")):
        raise Unavailable("缺少中文字体，无法生成 PDF，请联系管理员；.docx 可以照常下载")
    words = json.dumps(dataclasses.asdict(content), ensure_ascii=False)
    try:
        made = typst.compile(
            _LAYOUT, root=_HERE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"content": words},
            format="pdf", pdf_standards="a-2b",
        )  # fmt: skip
    except typst.TypstError as error:
        raise Conflict(f"PDF 的字体缺少这份协议中的某些字，请下载 .docx（{error}）") from None
    if not isinstance(made, bytes):
        raise TypeError("Typst answered no file")
    return made
