"""The year's agreement from its draft to both signatures, and the life of the pairing that it brings into force."""

from __future__ import annotations

import re
from pathlib import Path

import docx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

YEAR = 2019  # before that of the other journeys
TITLE = f"{YEAR} 年携手奔小康行动协作协议书"


def paired(page: Page) -> str:
    """The coordinator records a pair that people agreed on; where it is shown."""
    page.goto("/pairings/new")
    form = page.locator("form")
    for label, typed, name in (("帮扶方", "ninghe", "宁河区人民政府"), ("受援县", "fengning", "丰宁满族自治县")):
        field = form.get_by_label(re.compile(label))
        field.click()
        field.fill(typed)
        page.get_by_title(re.compile(name)).first.click()
    form.get_by_label("开始日期").fill(f"{YEAR}-01-01")
    form.get_by_label("结束日期").fill(f"{YEAR}-12-31")
    form.get_by_role("button", name="录入并请双方确认").click()
    page.wait_for_url(re.compile(r"/pairings(/\d+)?$"))
    page.goto("/pairings?search=fengning&status=PROPOSED")
    page.get_by_role("link", name=re.compile("宁河.*丰宁")).first.click()
    page.wait_for_url(re.compile(r"/pairings/\d+$"))
    return page.url


def sign(page: Page, name: str, post: str, day: str) -> None:
    page.get_by_role("button", name="签署", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("签署人").fill(name)
    dialog.get_by_label("职务").fill(post)
    dialog.get_by_label("签署日期").fill(day)
    dialog.get_by_role("button", name="签署", exact=True).click()
    expect(page.get_by_text("已签署").first).to_be_visible()


def test_agreement_is_drafted_signed_by_both_and_brings_the_pairing_to_life(visit: Visit, tmp_path: Path) -> None:
    address = paired(visit("coordinator"))
    partner, recipient = visit("partner"), visit("recipient", phone=True)
    for page in (partner, recipient):
        page.goto(address)
        page.get_by_role("button", name="确认结对").click()
        expect(page.get_by_text("已确认。双方都确认后，结对即成立。")).to_be_visible()

    # The district drafts the year's agreement; what is known is there already, and says so.
    partner.goto(address)
    partner.get_by_role("button", name="起草协议").click()
    form = partner.locator("form")
    expect(form.get_by_label(re.compile("^标题"))).to_have_value(TITLE)
    expect(form.get_by_text("预填")).to_have_count(3)  # title, first and last day
    for number, (indicator, figure) in enumerate((("FISCAL_AID", "6688.5"), ("CADRE", "3"))):
        form.get_by_role("button", name="增加目标").click()
        form.get_by_label("指标").nth(number).select_option(indicator)
        form.get_by_label(re.compile("^目标")).nth(number).fill(figure)
    expect(form.get_by_text("即 66,885,000 元")).to_be_visible()
    form.get_by_role("button", name="保存草稿").click()
    expect(partner.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(partner.get_by_text("6,688.5 万元")).to_be_visible()

    # It is offered, and taken away as both documents.
    partner.get_by_role("button", name="提交签署", exact=True).click()
    expect(partner.get_by_text("已提交，等待双方签署")).to_be_visible()
    for name in ("下载 .docx", "下载 PDF"):
        with partner.expect_download() as download:
            partner.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / download.value.suggested_filename)
    table = docx.Document(str(tmp_path / f"{TITLE}.docx")).tables[0]
    assert [cell.text for cell in table.rows[1].cells[:4]] == ["1", "财政援助资金", "6,688.5", "万元"]
    assert (tmp_path / f"{TITLE}.pdf").read_bytes().startswith(b"%PDF-")

    # Both sides sign in their own log-ins, the county on a phone; the scan of the paper is kept beside it.
    sign(partner, "【演示】张某", "区长", f"{YEAR}-03-05")
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile("协议待签署")).click()
    sign(recipient, "【演示】李某", "县长", f"{YEAR}-03-07")
    expect(recipient.get_by_text(f"【演示】李某（县长），{YEAR}-03-07")).to_be_visible()
    scan = {"name": "签署件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nscan\n%%EOF\n"}
    recipient.get_by_label("上传签署件").set_input_files(files=[scan])  # type: ignore[list-item]
    expect(recipient.get_by_role("button", name="签署件.pdf")).to_be_visible()

    # The pairing is in force; a meeting typed on the phone counts for both sides and earns its mark.
    recipient.goto(address)
    expect(recipient.get_by_text("执行中").first).to_be_visible()
    recipient.get_by_role("button", name="登记往来").click()
    form = recipient.locator("form")
    assert form.locator("input:visible, select:visible, textarea:visible").count() <= 5
    form.get_by_label("形式").select_option("JOINT_MEETING")
    form.get_by_label("日期").fill(f"{YEAR}-11-05")
    form.get_by_label("参加人次").fill("12")
    form.get_by_role("button", name="登记", exact=True).click()
    expect(recipient.get_by_text(f"{YEAR}-11-05 联席会议，12 人次")).to_be_visible()
    partner.goto(address)
    marks = partner.get_by_role("region", name="四个到位")
    for mark, state in (("责任到位", "已到位"), ("工作到位", "已到位"), ("效果到位", "未")):
        expect(marks.get_by_role("listitem").filter(has_text=mark).get_by_text(re.compile(state)).first).to_be_visible()

    # A school of the district helps one of the county; the county confirms it.
    partner.get_by_role("button", name="提出单位结对").click()
    form = partner.locator("form")
    form.get_by_label("类别").select_option("SCHOOL")
    form.get_by_label("帮扶方单位").fill("【演示】第一中学")
    form.get_by_label("受援方单位").fill("【演示】中心小学")
    form.get_by_role("button", name="提出并请对方确认").click()
    expect(partner.get_by_text("已提出，等待对方确认")).to_be_visible()
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile("单位结对待确认")).click()
    recipient.get_by_role("button", name="确认", exact=True).click()
    expect(recipient.get_by_text("学校 1 对（帮扶方 1 个，受援方 1 个）")).to_be_visible()
    assert recipient.evaluate("document.documentElement.scrollWidth <= window.innerWidth")  # nothing to be pushed aside
