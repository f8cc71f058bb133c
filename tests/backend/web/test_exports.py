"""A list taken away as a file holds what the screen shows: no more, no less, and nothing that runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from rest_framework.test import APIClient

from backend.parties.models import DEMO_MARK, Party
from backend.places.models import FactStatus
from backend.web import exports
from backend.web.sheets import Column, Kind, write_csv, write_xlsx
from tests.backend.places import examples
from tests.backend.world import World, vouch_for

pytestmark = pytest.mark.django_db

HOSTILE = [
    '=HYPERLINK("http://127.0.0.1","点我")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "{=1+1}",
    "http://127.0.0.1/",
    "12345678901234567890",
    "  =1+1",
    'a"b,c\nd',
]
TEXT = (Column("内容", lambda row: row),)


def content(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def workbook(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


# --- cells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_a_workbook(text: str) -> None:
    file = io.BytesIO()
    write_xlsx(file, "表", TEXT, [text], lambda count: [])
    cell = workbook(file.getvalue())["表"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == text.replace("\r", "_x000D_")  # as the format writes what XML cannot


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_cannot_begin_a_cell_of_csv(text: str) -> None:
    file = io.BytesIO()
    write_csv(file, TEXT, [text])
    [row] = table(file.getvalue())
    live = text[0] in "=+-@\t\r"
    assert row["内容"] == (f"'{text}" if live else text)


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    columns = (
        Column("数", lambda row: row[0], Kind.NUMBER),
        Column("金额", lambda row: row[1], Kind.WAN),
        Column("日期", lambda row: row[2], Kind.DATE),
        Column("空", lambda row: None),
    )
    rows = [(-7, Decimal("1234567.89"), dt.date(2020, 2, 29))]
    book, flat = io.BytesIO(), io.BytesIO()
    write_xlsx(book, "表", columns, rows, lambda count: [])
    sheet = workbook(book.getvalue())["表"]
    assert [cell.value for cell in sheet[1]] == ["数", "金额（万元）", "日期", "空"]
    assert [cell.value for cell in sheet[2]] == [-7, 123.456789, dt.datetime(2020, 2, 29), None]
    write_csv(flat, columns, rows)
    assert table(flat.getvalue()) == [{"数": "-7", "金额（万元）": "123.456789", "日期": "2020-02-29", "空": ""}]


def test_path_through_what_is_absent_is_blank_but_a_misspelt_one_fails() -> None:
    party = Party(name="单位", area=None)
    assert Column("地区", "area.full_name").of(party) is None
    assert Column("类别", "get_kind_display").of(Party(kind="ENTERPRISE")) == "企业"
    with pytest.raises(AttributeError, match="nmae"):
        Column("名称", "nmae.first").of(party)


# --- lists ----------------------------------------------------------------------------------------------------


@pytest.fixture
def counties() -> APIClient:
    province = examples.area("620000", "甘肃省")
    city = examples.area("621200", "陇南市", parent=province)
    for number in range(3):
        examples.area(f"62122{number}", f"{number}号县", parent=city)
    return APIClient()


def test_file_holds_the_filtered_rows_in_their_order_and_says_what_was_asked(counties: APIClient) -> None:
    asked = {"level": "COUNTY", "ordering": "-code", "poor": "false", "export": "xlsx"}
    response = counties.get("/api/areas", asked)
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%9C%B0%E5%8C%BA")
    assert response.headers["Cache-Control"] == "private, no-cache"
    book = workbook(content(response))
    rows = list(book["地区名录"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["代码", "621222", "621221", "621220"]
    assert book["地区名录"].freeze_panes == "A2"
    notes = [row[0] for row in book["说明"].iter_rows(values_only=True)]
    assert "共 3 行" in notes[0]
    assert notes[1] == "筛选条件：级别＝县级；贫困县＝否"


def test_every_row_is_exported_though_pages_are_shorter(counties: APIClient) -> None:
    assert len(counties.get("/api/areas", {"page_size": 2}).json()["results"]) == 2
    rows = table(content(counties.get("/api/areas", {"export": "csv"})))
    assert [row["代码"] for row in rows] == ["620000", "621200", "621220", "621221", "621222"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"export": "pdf"}, "export"), ({"export": ""}, "export"), ({"export": "csv", "page": "2"}, "page")],
)
def test_export_that_cannot_be_is_refused(counties: APIClient, asked: dict[str, str], field: str) -> None:
    response = counties.get("/api/areas", asked)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_list_without_export_refuses_the_parameter(counties: APIClient) -> None:
    response = counties.get("/api/region-pairs", {"export": "csv"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "export")


def test_too_long_a_list_is_refused_whole(counties: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "LARGEST", 4)
    response = counties.get("/api/areas", {"export": "csv"})
    assert (response.status_code, response.json()["detail"]) == (400, "超过 4 行，请先筛选再导出")


def test_stranger_exports_what_a_stranger_may_see(world: World) -> None:
    def names() -> set[str]:
        return {row["名称"] for row in table(content(APIClient().get("/api/parties", {"export": "csv"})))}

    firm = Party.objects.create(
        kind="ENTERPRISE", name=f"{DEMO_MARK}甲公司", is_demo=True, status=FactStatus.UNVERIFIED, uscc=None
    )
    before = names()
    assert firm.name not in before
    vouch_for(firm, world.users["coordinator"])
    assert names() == before | {firm.name}
