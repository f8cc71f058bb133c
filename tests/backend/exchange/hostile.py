"""Files that nobody should have made, built on the spot: none of them is kept in the repository."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from backend.needs.sheets import COLUMNS

HEADINGS = [column.heading for column in COLUMNS]
ROW: list[Any] = [
    "130825", "安全饮水管网", "饮水安全", "缺水、缺资金", 12.5, "公里", 86, "2099-12-31", "120 户喝上自来水",
    "公共服务受益", 410, "",
]  # fmt: skip
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
SHEET = "需求清单"

Touch = Callable[[Any, Any], None]


def row(number: int = 0, **changes: Any) -> list[Any]:
    """A right row with some of its cells changed; the name differs by `number`."""
    cells = [*ROW]
    cells[1] = f"{ROW[1]}{number}" if number else ROW[1]
    for key, value in changes.items():
        cells[PLACES[key]] = value
    return cells


def book(
    rows: Sequence[Sequence[Any]],
    *,
    headings: Sequence[str] = HEADINGS,
    sheet: str = SHEET,
    touch: Touch | None = None,
    **options: Any,
) -> bytes:
    """A workbook with these rows; `touch` gets the book and its sheet to do more."""
    to = io.BytesIO()
    made = xlsxwriter.Workbook(
        to, {"in_memory": True, "strings_to_formulas": False, "nan_inf_to_errors": True, **options}
    )
    made.set_properties({"created": datetime(2020, 1, 1)})  # the same rows make the same file
    page = made.add_worksheet(sheet)
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in enumerate([headings, *rows]):
        for place, value in enumerate(cells):
            if isinstance(value, datetime):
                page.write_datetime(number, place, value, days)
            elif isinstance(value, tuple):  # (formula, the result that is stored with it)
                page.write_formula(number, place, value[0], None, value[1])
            elif isinstance(value, str):
                page.write_string(number, place, value)
            elif value is not None:
                page.write(number, place, value)
    if touch:
        touch(made, page)
    made.close()
    return to.getvalue()


def doctored(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts rewritten, as no honest program would."""
    to = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return to.getvalue()


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    to = io.BytesIO(content)
    with zipfile.ZipFile(to, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return to.getvalue()


def comma(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> str:
    return "".join(",".join(map(str, cells)) + "\r\n" for cells in [headings, *rows])


# --- whole files ----------------------------------------------------------------------------------------------------

FIRST_SHEET = "xl/worksheets/sheet1.xml"
PLAIN = book([row()])


def zip_bomb() -> bytes:
    """60 MB of one letter, in 60 kB."""
    return with_part(PLAIN, "xl/media/image1.bin", b"0" * (60 << 20))


def one_cell_of_ten_megabytes() -> bytes:
    return doctored(
        book([row(title="@@")]), "xl/sharedStrings.xml", lambda text: text.replace("@@", "汉字与Ab" * 1_000_000)
    )


def billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE sst [<!ENTITY e0 "ha">{entities}]><sst'
    return doctored(PLAIN, "xl/sharedStrings.xml", lambda text: text.replace("<sst", head, 1).replace(ROW[1], "&e9;"))


def foreign_entity() -> bytes:
    head = '<!DOCTYPE sst [<!ENTITY secret SYSTEM "file:///etc/passwd">]><sst'
    return doctored(
        PLAIN, "xl/sharedStrings.xml", lambda text: text.replace("<sst", head, 1).replace(ROW[1], "&secret;")
    )


def broken_xml() -> bytes:
    return doctored(PLAIN, FIRST_SHEET, lambda text: text.replace("</row>", "", 1))


def string_out_of_range() -> bytes:
    return doctored(PLAIN, FIRST_SHEET, lambda text: re.sub(r't="s"><v>\d+<', 't="s"><v>99999<', text))


def endless_row_number() -> bytes:
    return doctored(
        PLAIN, FIRST_SHEET, lambda text: text.replace('<row r="2"', '<row r="1048576"').replace('2" t', '1048576" t')
    )


def lying_dimension() -> bytes:
    return doctored(PLAIN, FIRST_SHEET, lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B1"', text))


def twenty_thousand_columns() -> bytes:
    cells = "".join("<c/>" for _ in range(20_000))
    return doctored(PLAIN, FIRST_SHEET, lambda text: text.replace("</row>", cells + "</row>", 1))


def million_empty_rows() -> bytes:
    return doctored(
        PLAIN,
        FIRST_SHEET,
        lambda text: text.replace(
            "</sheetData>", "".join(f'<row r="{n}"/>' for n in range(3, 1_000_003)) + "</sheetData>"
        ),
    )


def too_many_rows() -> bytes:
    rows = "<row><c><v>1</v></c></row>" * 100
    return doctored(PLAIN, FIRST_SHEET, lambda text: text.replace("</sheetData>", rows + "</sheetData>"))


def stored_number(text: str) -> bytes:
    """A cell that stores this where a number should be."""
    return doctored(book([row(quantity=111.0)]), FIRST_SHEET, lambda xml: xml.replace("<v>111<", f"<v>{text}<"))


def in_days_since_1904() -> bytes:
    return book([row(1, deadline_date=datetime(2099, 12, 31)), row(2, deadline_date=71_587)], date_1904=True)


def merged_heading() -> bytes:
    return book([row()], touch=lambda made, page: page.merge_range("C1:D1", "类别"))


def merged_cells() -> bytes:
    return book([row(1), row(2)], touch=lambda made, page: page.merge_range("A2:A3", "130825"))


def title_above() -> bytes:
    """A line over the heading, as official tables have it."""
    return book([HEADINGS, row()], headings=["隆化县 2020 年项目需求表"])


def hidden_row() -> bytes:
    return book([row(1), row(2)], touch=lambda made, page: page.set_row(2, None, None, {"hidden": True}))


def hidden_sheet() -> bytes:
    def touch(made: Any, page: Any) -> None:
        made.add_worksheet("封面").activate()
        page.hide()

    return book([row()], touch=touch)


def wrong_sheets() -> bytes:
    return book([row()], sheet="Sheet1", touch=lambda made, page: made.add_worksheet("Sheet2"))


def more_sheets() -> bytes:
    return book([row()], touch=lambda made, page: made.add_worksheet("旧数据").write(0, 0, "x"))


def external_links() -> bytes:
    return with_part(PLAIN, "xl/externalLinks/externalLink1.xml", b'<?xml version="1.0"?><externalLink/>')


def macros() -> bytes:
    return with_part(PLAIN, "xl/vbaProject.bin", b"\0" * 100)


def old_binary() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2000


def password() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def text_document() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return to.getvalue()


def stranger_template() -> bytes:
    return book(
        [row()], touch=lambda made, page: made.set_custom_property("xieshou-template", "enterprises:0123456789")
    )


def old_template() -> bytes:
    headings = ["项目类型" if heading == "类别" else heading for heading in HEADINGS]
    return book(
        [row()],
        headings=headings,
        touch=lambda made, page: made.set_custom_property("xieshou-template", "needs:0123456789"),
    )


def headed(**changes: str | None) -> bytes:
    """Some headings renamed, or left out where None."""
    kept = [place for place, column in enumerate(COLUMNS) if changes.get(column.key, "") is not None]
    headings = [changes.get(COLUMNS[place].key) or HEADINGS[place] for place in kept]
    return book([[row()[place] for place in kept]], headings=headings)


def reordered() -> bytes:
    return book([row()[::-1]], headings=HEADINGS[::-1])


def doubled() -> bytes:
    return book([[*row(), "公里"]], headings=[*HEADINGS, "单位"])


def further_column() -> bytes:
    return book([["1", *row(), "李四"]], headings=["序号", *HEADINGS, "经办人签字"])
