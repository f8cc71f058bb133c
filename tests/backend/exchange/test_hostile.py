"""What becomes of files that people, programs and attackers make: each refused or understood in exact words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.exchange import reader
from backend.exchange.importable import find
from backend.exchange.intake import Intake, take_in
from backend.exchange.layout import NoLayout
from backend.exchange.reading import __main__ as reading
from backend.needs.sheets import COLUMNS
from tests.backend.exchange import hostile
from tests.backend.exchange.conftest import read_inside
from tests.backend.exchange.hostile import HEADINGS, book, comma, row

Make = Callable[[], bytes]

# file → the rules it is refused under, each with the cell it names
REFUSED: dict[str, tuple[Make, list[tuple[str, str]]]] = {
    "empty": (lambda: b"", [("empty", "")]),
    "only spaces": (lambda: "　\r\n \r\n".encode(), [("empty", "")]),
    "zip bomb": (hostile.zip_bomb, [("zip_bomb", "")]),
    "billion laughs": (hostile.billion_laughs, [("entities", "")]),
    "entity that points at a file": (hostile.foreign_entity, [("entities", "")]),
    "truncated zip": (lambda: hostile.PLAIN[: len(hostile.PLAIN) // 2], [("damaged", "")]),
    "broken XML": (hostile.broken_xml, [("damaged", "")]),
    "shared string out of range": (hostile.string_out_of_range, [("damaged", "")]),
    "NaN stored": (lambda: hostile.stored_number("NaN"), [("damaged", "")]),
    "old Excel, renamed": (hostile.old_binary, [("old_excel", "")]),
    "password": (hostile.password, [("encrypted", "")]),
    "macros": (hostile.macros, [("macros", "")]),
    "Word document": (hostile.text_document, [("not_a_table", "")]),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", [("not_a_table", "")]),
    "20 000 columns": (hostile.twenty_thousand_columns, [("too_many_columns", "")]),
    "20 000 columns of text": (lambda: b"a," * 20_000, [("too_many_columns", "")]),
    "too many rows": (hostile.too_many_rows, [("too_many_rows", "")]),
    "UTF-16": (lambda: comma(row()).encode("utf-16"), [("utf16", "")]),
    "no encoding": (lambda: b"\xff\x80\x81,\xff", [("encoding", "")]),
    "NUL bytes": (lambda: comma(row()).encode() + b"\0", [("not_a_table", "")]),
    "unbalanced quotes": (lambda: (comma(row()) + '"130825,水渠\r\n' + comma(row())).encode(), [("quotes", "")]),
    "only a heading": (lambda: book([]), [("no_rows", "")]),
    "no heading": (lambda: book([row()], headings=["甲", "乙"]), [("no_heading", "")]),
    "merged heading": (hostile.merged_heading, [("merged_cells", "")]),
    "merged cells": (hostile.merged_cells, [("merged_cells", "")]),
    "hidden sheet": (hostile.hidden_sheet, [("hidden_sheet", "")]),
    "which sheet": (hostile.wrong_sheets, [("which_sheet", "")]),
    "doubled heading": (hostile.doubled, [("duplicate_heading", "M1")]),
    "missing heading": (lambda: hostile.headed(unit=None), [("missing_heading", "")]),
    "renamed heading": (lambda: hostile.headed(category="类别名称"), [("renamed_heading", "C1")]),
    "renamed optional heading": (lambda: hostile.headed(beneficiaries="受益人口"), [("renamed_heading", "K1")]),
    "template of another list": (hostile.stranger_template, [("other_template", "")]),
    "old template": (hostile.old_template, [("old_template", ""), ("missing_heading", "")]),
}

# file → the faults of its rows, as (row, column, rule)
FAULTY: dict[str, tuple[Make, list[tuple[int, str | None, str]]]] = {
    "10 MB of one cell": (hostile.one_cell_of_ten_megabytes, [(2, "title", "too_long")]),
    "hidden row": (hostile.hidden_row, [(3, None, "hidden_row")]),
    "infinity stored": (lambda: hostile.stored_number("1e400"), [(2, "quantity", "error_value")]),
    "formulas": (
        lambda: book([row(cost_yuan=("=SUM(A1:A9)", 86), area=('="130825"', "130825"))]),
        [(2, "area", "formula"), (2, "cost_yuan", "formula")],
    ),
    "codes that became numbers": (
        lambda: book([row(1, area=1.30826e17), row(2, area="1.30826E+11"), row(3, area=13082), row(4, area="13082X!")]),
        [(2, "area", "code_as_number"), (3, "area", "code_as_number"), (4, "area", "code_length"),
         (5, "area", "not_a_code")],
    ),
    "days that are none": (
        lambda: comma(
            *(row(n, deadline_date=day) for n, day in enumerate(
                ["2099/6", "2099年6月", "2099", "2099-02-30", "6/30/2099", "30.6.2099", "99.6.30", "明年底", "43983"], 1
            ))
        ).encode(),
        [(2, "deadline_date", "day_missing"), (3, "deadline_date", "day_missing"), (4, "deadline_date", "day_missing"),
         (5, "deadline_date", "no_such_day"), (6, "deadline_date", "not_a_date"), (7, "deadline_date", "not_a_date"),
         (8, "deadline_date", "not_a_date"), (9, "deadline_date", "not_a_date"),
         (10, "deadline_date", "not_a_date")],
    ),
    "amounts that are none": (
        lambda: book([
            row(n, cost_yuan=amount) for n, amount in enumerate(
                ["约50", "50-60", "1,23", "8千元", "86美元", "1e400", "nan", -5, "0", "1000001万元", "0.0000001", True],
                1,
            )
        ]),
        [(2, "cost_yuan", "not_an_amount"), (3, "cost_yuan", "not_an_amount"), (4, "cost_yuan", "not_an_amount"),
         (5, "cost_yuan", "not_an_amount"), (6, "cost_yuan", "not_an_amount"), (7, "cost_yuan", "not_an_amount"),
         (8, "cost_yuan", "not_an_amount"), (9, "cost_yuan", "too_small"), (10, "cost_yuan", "too_small"),
         (11, "cost_yuan", "too_large"), (12, "cost_yuan", "too_small"), (13, "cost_yuan", "not_an_amount")],
    ),
    "numbers that are none": (
        lambda: book([row(1, quantity="三"), row(2, quantity="12公里"), row(3, quantity=0), row(4, quantity=1.234),
                      row(5, quantity="9" * 400), row(6, beneficiaries=4.5), row(7, beneficiaries=-1)]),
        [(2, "quantity", "not_a_number"), (3, "quantity", "not_a_number"), (4, "quantity", "too_small"),
         (5, "quantity", "too_precise"), (6, "quantity", "too_large"), (7, "beneficiaries", "not_whole"),
         (8, "beneficiaries", "too_small")],
    ),
    "choices that are none": (
        lambda: book([row(1, category="饮水"), row(2, causes="缺水、缺德"), row(3, benefit_link="x")]),
        [(2, "category", "unknown_choice"), (3, "causes", "unknown_choice"), (4, "benefit_link", "unknown_choice")],
    ),
    "characters nobody sees": (
        lambda: comma(row(1, title="水\x07渠"), row(2, title="abc\u202etxt.exe")).encode(),
        [(2, "title", "control_characters"), (3, "title", "hidden_characters")],
    ),
    "blanks where something is due": (
        lambda: book([row(title="　", unit=None, performance_target="\u200b")]),
        [(2, "title", "required"), (2, "unit", "required"), (2, "performance_target", "required")],
    ),
    "errors of Excel": (lambda: book([row(quantity=float("nan"))]), [(2, "quantity", "formula")]),
}  # fmt: skip

# file → some values of its first row, and the notes
UNDERSTOOD: dict[str, tuple[Make, dict[str, Any], list[str]]] = {
    "lying dimension": (hostile.lying_dimension, {"unit": "公里"}, []),
    "last row of all": (hostile.endless_row_number, {"area": "130825"}, []),
    "million empty rows": (hostile.million_empty_rows, {"unit": "公里"}, []),
    "days since 1904": (hostile.in_days_since_1904, {"deadline_date": date(2099, 12, 31)}, []),
    "title above": (hostile.title_above, {"unit": "公里"}, []),
    "other sheets": (hostile.more_sheets, {"unit": "公里"}, ["没有读取其他工作表：旧数据"]),
    "one sheet of another name": (lambda: book([row()], sheet="Sheet1"), {"unit": "公里"}, []),
    "external links": (hostile.external_links, {"unit": "公里"}, ["文件引用了其他工作簿，没有读取那些工作簿"]),
    "columns in another order": (hostile.reordered, {"area": "130825", "beneficiaries": 410}, []),
    "further columns": (
        hostile.further_column,
        {"area": "130825"},
        ["模板中没有“序号”（A 列），这一列没有读取", "模板中没有“经办人签字”（N 列），这一列没有读取"],
    ),
    "optional column left out": (lambda: hostile.headed(detail=None), {"detail": None}, []),
    "GBK": (lambda: comma(row()).encode("gbk"), {"title": "安全饮水管网"}, []),
    "GB18030": (lambda: comma(row(title="𠮷乡水渠")).encode("gb18030"), {"title": "𠮷乡水渠"}, []),
    "UTF-8 with its mark": (lambda: comma(row()).encode("utf-8-sig"), {"area": "130825"}, []),
    "tabs": (lambda: comma(row()).replace(",", "\t").encode(), {"unit": "公里"}, []),
    "example": (
        lambda: book([row(area="【示例】130825"), row()]), {"unit": "公里"}, ["第 2 行是示例，没有读取"],
    ),
    "what a formula could be in a CSV file": (
        lambda: comma(row(title="=cmd|'/C calc'!A0")).encode(), {"title": "=cmd|'/C calc'!A0"}, [],
    ),
    "numbers as text, full width": (
        lambda: book([row(area="　１３０８２５ ", quantity="１，２３４．５", cost_yuan="８６万元")]),
        {"area": "130825", "quantity": Decimal("1234.50"), "cost_yuan": Decimal("860000.00")},
        [],
    ),
    "numbers as numbers": (
        lambda: book([row(area=130825, quantity=0.1 + 0.2, cost_yuan=0.1 + 0.2)]),
        {"area": "130825", "quantity": Decimal("0.30"), "cost_yuan": Decimal("3000.00")}, [],
    ),
    "yuan in the cell": (lambda: book([row(cost_yuan="860,000元")]), {"cost_yuan": Decimal("860000.00")}, []),
    "yuan in the heading": (
        lambda: book([row(cost_yuan=860000)], headings=[h.replace("万元", "元") for h in HEADINGS]),
        {"cost_yuan": Decimal("860000.00")}, [],
    ),
    "the cell's unit before the heading's": (
        lambda: book([row(cost_yuan="0.5亿元")], headings=[h.replace("万元", "元") for h in HEADINGS]),
        {"cost_yuan": Decimal("50000000.00")}, [],
    ),
    "stray characters": (
        lambda: book([row(title=" \u200b安全　 饮水\r\n管网 ", category=" 电力／网络 ", causes="缺水，缺水;因病")]),
        {"title": "安全 饮水 管网", "category": "POWER_NETWORK", "causes": ["WATER", "ILLNESS"]}, [],
    ),
}  # fmt: skip

DAYS = {
    "2099年6月1日": date(2099, 6, 1), "2099.6.1": date(2099, 6, 1), "2099/06/01": date(2099, 6, 1),
    "20990601": date(2099, 6, 1), "２０９９年６月１号": date(2099, 6, 1), "2099-06-01 00:00:00": date(2099, 6, 1),
    72837: date(2099, 6, 1), 20990601: date(2099, 6, 1),
}  # fmt: skip


# These are read as in earnest, by a process of its own; for the rest, starting one each would only take time.
DANGEROUS = {"zip bomb", "billion laughs", "10 MB of one cell", "million empty rows", "20 000 columns"}


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Takes a file in; a refusal is returned."""

    def take(make: Make, name: str = "") -> Any:
        path = tmp_path / "stored"
        path.write_bytes(make())
        listed = find("needs")
        assert listed is not None
        if name == "too many rows":
            monkeypatch.setattr(reading, "MOST_ROWS", 100)
        if name not in DANGEROUS:
            monkeypatch.setattr(reader, "read", read_inside)
        try:
            return take_in(path, listed, lambda count: None)
        except (reader.Unreadable, NoLayout) as error:
            return error

    return take


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_as_a_whole(taken: Callable[..., Any], name: str) -> None:
    error = taken(REFUSED[name][0], name)
    if isinstance(error, NoLayout):
        assert [(one.rule, one.cell) for one in error.problems] == REFUSED[name][1]
    else:
        assert isinstance(error, reader.Unreadable), error
        assert [(error.rule, "")] == REFUSED[name][1], error


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_named_by_row_column_and_rule(taken: Callable[..., Any], name: str) -> None:
    found = taken(FAULTY[name][0], name)
    assert isinstance(found, Intake), found
    assert [(f.number, f.column, f.rule) for one in found.rows for f in one.faults] == FAULTY[name][1]


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_what_can_only_mean_one_thing_is_understood(taken: Callable[..., Any], name: str) -> None:
    found = taken(UNDERSTOOD[name][0], name)
    assert isinstance(found, Intake), found
    assert [one.faults for one in found.rows] == [[] for _ in found.rows]
    values = found.rows[0].row.values
    assert {key: values[key] for key in UNDERSTOOD[name][1]} == UNDERSTOOD[name][1]
    assert found.notes == UNDERSTOOD[name][2]


def test_file_with_every_way_of_writing_a_day(taken: Callable[..., Any]) -> None:
    found = taken(lambda: book([row(n, deadline_date=day) for n, day in enumerate(DAYS, 1)]))
    assert [one.row.values["deadline_date"] for one in found.rows] == list(DAYS.values())


def test_misspelt_heading_and_choice_are_answered_with_the_nearest(taken: Callable[..., Any]) -> None:
    assert "是否为“类别”" in taken(REFUSED["renamed heading"][0]).problems[0].message
    assert "是否为“饮水安全”" in taken(FAULTY["choices that are none"][0]).rows[0].faults[0].message


# --- a reading process that does not behave -------------------------------------------------------------------------

MISBEHAVING = {
    "ends by a signal": ("import os; os.kill(os.getpid(), 11)", "reader_died"),
    "ends in the middle of a row": ("print('[1, [', end='')", "reader_died"),
    "says nothing": ("pass", "reader_died"),
    "kills itself after a row": ("import os; print('[1, [], false]', flush=True); os.abort()", "reader_died"),
    "never ends": ("import time; time.sleep(600)", "too_slow"),
}


@pytest.mark.parametrize("name", MISBEHAVING)
def test_worker_survives_a_reader_that(name: str) -> None:
    code, rule = MISBEHAVING[name]
    with pytest.raises(reader.Unreadable) as refused:
        list(reader.read([sys.executable, "-S", "-c", code], wall_seconds=1.0 if rule == "too_slow" else 60.0))
    assert refused.value.rule == rule


CONFINED = """
import json, os, sys
from backend.exchange.reading.__main__ import confine
confine()
said = []
def write():
    with open(sys.argv[1], "w") as file:
        file.write("x" * 10)
for attempt in (write, lambda: bytearray(2 << 30)):
    try:
        attempt()
        said.append("done")
    except (OSError, MemoryError) as error:
        said.append(type(error).__name__)
said.append(sorted(name for name in os.environ if "SECRET" in name or "DATABASE" in name))
print(json.dumps(said), flush=True)
"""


def test_reader_may_write_nothing_take_no_more_memory_and_knows_no_secret(tmp_path: Path) -> None:
    said = reader.read([sys.executable, "-c", CONFINED, str(tmp_path / "escape")])
    assert next(said) == ["OSError", "MemoryError", []]


def test_every_column_is_tried() -> None:
    tried = {column for _, faults in FAULTY.values() for _, column, _ in faults}
    assert {column.key for column in COLUMNS if column.required} <= tried
