"""What is on the screen can be taken away, as it is filtered."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_filtered_list_of_counties_is_taken_away_as_a_workbook(visit: Visit, tmp_path: Path, phone: bool) -> None:
    page = visit(phone=phone)
    page.goto("/counties?tier=deep&parent=620000")
    shown = page.get_by_text("共 ").first
    expect(shown).to_be_visible()
    count = int("".join(letter for letter in shown.inner_text() if letter.isdigit()))
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    assert download.value.suggested_filename.startswith("贫困县覆盖-")
    download.value.save_as(tmp_path / "list.xlsx")
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    rows = list(book["贫困县覆盖"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == count > 0
    assert {(row[0][:2], row[2]) for row in rows} == {("62", "深度贫困")}
    assert "贫困程度＝深度贫困" in book["说明"]["A2"].value


def test_export_that_fails_says_why(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/pairings")
    expect(page.get_by_role("button", name="导出 CSV")).to_be_visible()
    page.route("**/api/pairings?*export=csv*", lambda route: route.abort())
    page.get_by_role("button", name="导出 CSV").click()
    expect(page.get_by_text("没有连上服务器")).to_be_visible()
