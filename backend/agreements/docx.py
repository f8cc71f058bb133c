"""The agreement as .docx in the layout of official documents (GB/T 9704-2012).

A4, type area 156 × 225 mm, 22 lines of 28 characters, title 二号 小标宋, body 三号 仿宋, headings 三号 黑体, page
numbers 四号 between dashes, odd pages right and even pages left. Fonts are named, not embedded: offices have them.
"""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from backend.agreements.content import Content

TITLE, BODY, HEADING, FIGURES = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
TITLE_PT, BODY_PT, FOLIO_PT, SMALL_PT = 22, 16, 14, 12  # 二号, 三号, 四号, 小四
LINE_PT = 28.95  # 225 mm in 22 lines
TIGHT = -5  # twentieths of a point: 28 characters of 16 pt in 156 mm, without a grid that programs read differently
INDENT = Pt(2 * BODY_PT)
WIDTHS_MM = (14, 56, 30, 18, 38)  # together the 156 mm of the type area
TABLE_HEADS = ("序号", "指标", "目标", "单位", "说明")


def write(content: Content) -> bytes:
    """The file."""
    document = docx.Document()
    _page(document)
    _title(document, content)
    for role, name in content.parties:
        _paragraph(document, f"{role}：{name}", indent=False)
    _paragraph(document, content.opening)
    if content.targets:
        _heading(document, content.targets_heading)
        _table(document, content)
    for heading, text in content.headings:
        _heading(document, heading)
        for part in text.splitlines():
            _paragraph(document, part)
    _kept_whole(document.paragraphs[-1])  # nobody signs a page that says nothing
    _signatures(document, content)
    _paragraph(document, content.colophon, size=SMALL_PT, indent=False)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)  # 7 mm below the type area
    document.settings.odd_and_even_pages_header_footer = True
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(BODY_PT)
    _named(normal.element.get_or_add_rPr(), BODY)
    tight = OxmlElement("w:spacing")
    tight.set(qn("w:val"), str(TIGHT))
    normal.element.get_or_add_rPr().append(tight)
    _folio(section.footer.paragraphs[0], ALIGN.RIGHT)
    _folio(section.even_page_footer.paragraphs[0], ALIGN.LEFT)


def _named(properties: Any, font: str) -> None:
    """Chinese characters in `font`, figures and Latin letters in Times New Roman."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.set(qn("w:eastAsia"), font)
    for script in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(script), FIGURES)


def _words(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _named(run._element.get_or_add_rPr(), font)


def _spaced(paragraph: Paragraph) -> None:
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PT)
    shape.space_before = shape.space_after = Pt(0)


def _paragraph(
    document: Any, text: str, *, font: str = BODY, size: float = BODY_PT, indent: bool = True, align: Any = None
) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph()
    _spaced(paragraph)
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = INDENT
    _words(paragraph, text, font, size)
    return paragraph


def _heading(document: Document, text: str) -> None:
    _paragraph(document, text, font=HEADING).paragraph_format.keep_with_next = True


def _kept_whole(paragraph: Paragraph) -> None:
    """On one page, and on that of what follows."""
    paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = True


def _title(document: Document, content: Content) -> None:
    title = _paragraph(document, content.title, font=TITLE, size=TITLE_PT, indent=False, align=ALIGN.CENTER)
    title.paragraph_format.line_spacing = Pt(36)
    if content.mark:
        _paragraph(document, content.mark, size=BODY_PT, indent=False, align=ALIGN.CENTER)
    _paragraph(document, "", indent=False)


def _table(document: Document, content: Content) -> None:
    table = document.add_table(rows=1, cols=len(TABLE_HEADS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS_MM, strict=True):
        column.width = Mm(width)
    head = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)  # on every page that the table reaches
    _row(head, TABLE_HEADS, HEADING)
    for row in content.targets:
        _row(table.add_row(), (row.number, row.indicator, row.quantity, row.unit, row.note), BODY)


def _row(row: Any, texts: tuple[str, ...], font: str) -> None:
    aligned = (ALIGN.CENTER,) * 5 if font == HEADING else (ALIGN.CENTER, None, ALIGN.RIGHT, ALIGN.CENTER, None)
    for cell, text, width, align in zip(row.cells, texts, WIDTHS_MM, aligned, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].alignment = align
        _words(cell.paragraphs[0], text, font, SMALL_PT)


def _signatures(document: Document, content: Content) -> None:
    _kept_whole(_paragraph(document, "", indent=False))
    table = document.add_table(rows=1, cols=2)
    for cell, one in zip(table.rows[0].cells, content.signings, strict=True):
        lines = (f"{one.role}：", one.party, f"签署人：{one.name}", f"职　务：{one.post}", f"日　期：{one.day}")
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _spaced(paragraph)
            _kept_whole(paragraph)
            _words(paragraph, line, BODY, BODY_PT)


def _folio(paragraph: Paragraph, align: Any) -> None:
    """— 1 —, as a field that the word processor fills."""
    paragraph.alignment = align
    _words(paragraph, "— ", "宋体", FOLIO_PT)
    run = paragraph.add_run()
    run.font.size = Pt(FOLIO_PT)
    _named(run._element.get_or_add_rPr(), "宋体")
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), str(kind))
        run._element.append(part)
    _words(paragraph, " —", "宋体", FOLIO_PT)
