"""A county fills its needs in as a table, a federation its firms: faults found at their cells, corrected, entered."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect
from stdnum.cn import uscc

from tests.e2e.conftest import Visit, paired

HEADINGS = {
    "需求名称": "【演示】表格水渠",
    "类别": "饮水安全",
    "数量": 3.5,
    "单位": "公里",
    "估算投资（万元）": "26.5",
    "期限": "2099年10月31日",
    "绩效目标": "灌溉 400 亩",
    "带贫减贫机制": "帮助自主生产",
}


def taken(page: Page, button: str) -> Any:
    """The workbook that a button hands out."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def send(page: Page, book: Any, name: str) -> None:
    to = io.BytesIO()
    book.save(to)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("把文件拖到这里").set_input_files({"name": name, "mimeType": kind, "buffer": to.getvalue()})


def test_county_fills_in_a_table_corrects_two_faults_enters_it_and_undoes_it(visit: Visit) -> None:
    page = visit("recipient")
    page.goto("/needs")
    page.get_by_role("button", name="用 Excel 填报").click()

    # The template tells the county's own codes; two rows of it are wrong in one cell each.
    book = taken(page, "下载“需求清单”模板")
    county = book["代码表"]["A2"].value
    sheet = book["需求清单"]
    places = {cell.value: cell.column for cell in sheet[1]}
    for number in (3, 4, 5):
        sheet.cell(number, places["地区代码"], county)
        for heading, value in HEADINGS.items():
            sheet.cell(number, places[heading], f"{value}{number}" if heading == "需求名称" else value)
    sheet.cell(4, places["期限"], "2099/10")
    sheet.cell(5, places["类别"], "饮水")
    send(page, book, "需求.xlsx")
    expect(page.get_by_text("3 行中有 2 行需要改正，没有导入任何一行")).to_be_visible()
    for cell, words in (("H4", "缺少具体的日"), ("C5", "是否为“饮水安全”？")):
        row = page.get_by_role("row").filter(has_text=cell)
        expect(row.get_by_text(re.compile(words))).to_be_visible()

    # The copy says why beside each row; corrected, it goes in.
    copy = taken(page, "下载标明原因的副本")
    wrong = copy["需求清单"]
    assert wrong.cell(4, len(places) + 1).value.startswith("H4：")
    wrong.cell(4, places["期限"], "2099-10-31")
    wrong.cell(5, places["类别"], "饮水安全")
    page.get_by_role("button", name="重新上传").click()
    send(page, copy, "需求-改正.xlsx")
    expect(page.get_by_text("3 行全部通过核对，还没有入库")).to_be_visible()
    expect(page.get_by_role("cell", name="26.5 万元").first).to_be_visible()
    page.get_by_role("button", name="全部入库（3 行）").click()
    expect(page.get_by_text("3 行已全部入库")).to_be_visible()
    imported = page.url
    page.get_by_role("link", name="查看需求清单").click()
    expect(page.get_by_role("link", name="【演示】表格水渠4")).to_be_visible()

    # On a phone, what was done can be seen and taken back.
    phone = visit("recipient", phone=True)
    phone.goto(imported)
    phone.get_by_role("button", name="撤销这次导入").click()
    phone.get_by_role("dialog").get_by_role("button", name="撤销这次导入").click()
    expect(phone.get_by_text("这次导入已撤销，3 条都已撤回")).to_be_visible()
    phone.goto("/needs?status=WITHDRAWN")
    expect(phone.get_by_role("link", name=re.compile("表格水渠"))).to_have_count(3)


def test_helper_fills_in_its_year_corrects_one_fault_enters_it_and_undoes_it(visit: Visit) -> None:
    page = visit("partner")
    paired(visit("coordinator"), page, visit("recipient"), year=2018)
    page.goto("/commitments")
    page.get_by_role("button", name="用 Excel 填报").click()

    # The template tells whom the helper may promise to; a promise in people has no amount of money.
    book = taken(page, "下载“帮扶承诺”模板")
    assert "130826" in [cell.value for cell in book["代码表"]["A"]]
    sheet = book["帮扶承诺"]
    places = {cell.value: cell.column for cell in sheet[1]}
    rows: list[dict[str, Any]] = [
        {"名称": "【演示】表格饮水", "类别": "财政援助资金", "协议金额（万元）": 300, "帮扶方式": "以工代赈"},
        {
            "名称": "【演示】表格挂职",
            "类别": "党政干部挂职",
            "协议金额（万元）": 2,
            "协议数量": 2,
            "方向": "东部到西部",
        },
    ]
    for number, row in enumerate(rows, 3):
        for heading, value in {"受援地代码": "130826", "年度": 2018, **row}.items():
            sheet.cell(number, places[heading], value)
    send(page, book, "承诺.xlsx")
    expect(page.get_by_text("2 行中有 1 行需要改正，没有导入任何一行")).to_be_visible()
    fault = page.get_by_role("row").filter(has_text="F4")
    expect(fault.get_by_text("这一类别按“人”计，请勿填写此项")).to_be_visible()

    copy = taken(page, "下载标明原因的副本")
    copy["帮扶承诺"].cell(4, places["协议金额（万元）"]).value = None
    page.get_by_role("button", name="重新上传").click()
    send(page, copy, "承诺-改正.xlsx")
    page.get_by_role("button", name="全部入库（2 行）").click()
    expect(page.get_by_text("2 行已全部入库")).to_be_visible()
    imported = page.url
    page.get_by_role("link", name="查看帮扶承诺").click()
    expect(page.get_by_role("link", name="【演示】表格饮水")).to_be_visible()
    expect(page.get_by_role("link", name="【演示】表格挂职")).to_be_visible()

    page.goto(imported)
    page.get_by_role("button", name="撤销这次导入").click()
    page.get_by_role("dialog").get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text("这次导入已撤销，2 条都已撤回")).to_be_visible()


def code(number: int) -> str:
    """Sound, and nobody's: there is no place 999900."""
    body = f"91999900E2E{number:06d}"
    return body + str(uscc.calc_check_digit(body))


def test_federation_fills_in_its_firms_and_sees_them_verified(visit: Visit) -> None:
    page = visit("federation")
    page.goto("/registrations")
    page.get_by_role("button", name="用表格录入").click()

    # One code lost its text on the way through a spreadsheet.
    book = taken(page, "下载“企业名单”模板")
    sheet = book["企业名单"]
    places = {cell.value: cell.column for cell in sheet[1]}
    county = book["代码表"]["A2"].value
    for number in (3, 4):
        sheet.cell(number, places["名称"], f"【演示】表格录入食品厂{number}")
        sheet.cell(number, places["统一社会信用代码"], code(number))
        sheet.cell(number, places["所在县代码"], county)
        sheet.cell(number, places["行业"], "制造业")
    sheet.cell(4, places["统一社会信用代码"], 9.19999e17)
    send(page, book, "企业名单.xlsx")
    expect(page.get_by_text("2 行中有 1 行需要改正，没有导入任何一行")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="B4")
    expect(row.get_by_text(re.compile("末位可能丢失"))).to_be_visible()

    sheet.cell(4, places["统一社会信用代码"], code(4))
    page.get_by_role("button", name="重新上传").click()
    send(page, book, "企业名单-改正.xlsx")
    expect(page.get_by_text("2 行全部通过核对，还没有入库")).to_be_visible()
    page.get_by_role("button", name="全部入库（2 行）").click()
    expect(page.get_by_text("2 行已全部入库")).to_be_visible()
    page.get_by_role("link", name="查看企业名单").click()
    for number in (3, 4):
        firm = page.get_by_role("row").filter(has_text=f"【演示】表格录入食品厂{number}")
        expect(firm.get_by_text("已核实")).to_be_visible()
