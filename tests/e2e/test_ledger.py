"""Promises of three kinds; arrivals confirmed and disputed on a phone; settled, spent, accepted by a colleague."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Visit, paired

MARK = "【演示】"


def register(page: Page, pairing: int, kind: str, title: str, figure: str, **choices: str) -> None:
    page.goto(f"/commitments/new?pairing={pairing}")
    form = page.locator("form")
    form.get_by_label("类别").select_option(kind)
    assert form.locator("input:visible, select:visible, textarea:visible").count() <= 8
    form.get_by_label("名称").fill(title)
    form.get_by_label(re.compile("^协议")).fill(figure)
    for label, value in choices.items():
        form.get_by_label(label).select_option(value)
    form.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def photograph(name: str, colour: str) -> FilePayload:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def arrive(page: Page, figure: str) -> None:
    page.get_by_role("button", name="报告到位").click()
    page.get_by_label(re.compile("^到位(金额|数量)")).fill(figure)
    page.get_by_role("button", name="报告到位").click()
    expect(page.get_by_text("已报告，等待对方确认")).to_be_visible()


def test_ledger_from_promise_to_acceptance_on_both_sides(visit: Visit) -> None:
    coordinator, partner = visit("coordinator"), visit("partner")
    recipient, approver = visit("recipient", phone=True), visit("approver", phone=True)
    pairing = paired(coordinator, partner, recipient)["id"]

    # Three kinds, each with its own questions and unit.
    register(partner, pairing, "TRAINING", f"{MARK}护工培训", "170", 培训对象="PIONEERS")
    expect(partner.get_by_text("170", exact=False).first).to_be_visible()
    register(partner, pairing, "PURCHASE", f"{MARK}消费帮扶", "50")
    register(partner, pairing, "SOCIAL_AID", f"{MARK}饮水管网", "100", 帮扶方式="WORK_FOR_RELIEF")
    money = partner.url
    arrive(partner, "60")
    arrive(partner, "30")

    # On a phone: the first is confirmed in three taps, the second disputed.
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile(r"到位待确认.*60 万元")).last.click()
    recipient.get_by_role("button", name="确认收到 60 万元").click()
    expect(recipient.get_by_text("已确认收到，双方和协调员都能看到。")).to_be_visible()
    recipient.get_by_role("button", name="金额有差异").click()
    recipient.get_by_role("textbox", name="实际收到").fill("29.9")
    recipient.get_by_role("textbox", name="差异说明").fill("少了 1 000 元")
    recipient.get_by_role("button", name="提交差异").click()
    expect(recipient.get_by_text("双方数字不一致")).to_be_visible()

    # One side explains, the other agrees: the smaller figure counts.
    partner.goto(money)
    partner.get_by_role("button", name="说明情况").click()
    dialog = partner.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("银行手续费")
    dialog.get_by_role("button", name="说明情况").click()
    expect(partner.get_by_text("已说明，待同意").first).to_be_visible()
    recipient.reload()
    recipient.get_by_role("button", name="同意", exact=True).click()
    expect(recipient.get_by_text("双方数字不一致")).to_have_count(0)

    # The county spends; a colleague accepts.
    recipient.get_by_role("button", name="记录支出").click()
    recipient.get_by_role("textbox", name="支出金额").fill("80")
    recipient.get_by_role("dialog").locator("input[type=file]").set_input_files(photograph("开工.jpg", "brown"))
    recipient.get_by_role("dialog").get_by_role("button", name="记录支出").click()
    expect(recipient.get_by_text("支出已记录，请另一位同事验收")).to_be_visible()
    expect(recipient.get_by_role("button", name="开工.jpg")).to_be_visible()
    approver.goto("/inbox")
    approver.get_by_role("link", name=re.compile("待验收")).first.click()
    approver.get_by_role("button", name="验收", exact=True).first.click()
    approver.get_by_role("textbox", name="佐证材料").fill("验收报告 1 号")
    approver.get_by_role("dialog").get_by_role("button", name="验收", exact=True).click()
    expect(approver.get_by_text("已验收", exact=True)).to_be_visible()
    approver.locator("input[type=file]").last.set_input_files(photograph("现场.jpg", "green"))
    expect(approver.get_by_role("button", name="现场.jpg")).to_be_visible()

    # Both sides read the same figures: the county its balance on the phone, the helper its year.
    recipient.goto("/counties/130826/balance")
    line = recipient.get_by_role("listitem").filter(has_text=f"{MARK}饮水管网")
    expect(line).to_contain_text("结余 9.9 万元")
    assert recipient.evaluate("document.documentElement.scrollWidth") == 390
    partner.goto("/commitments/year?year=2020")
    line = partner.get_by_role("row").filter(has_text="社会帮扶资金")
    for figure in ("100 万元", "90 万元", "89.9 万元", "80 万元"):
        expect(line).to_contain_text(figure)


def test_central_units_six_indicators_fill_themselves(visit: Visit) -> None:
    """What the unit typed once, as it did it, is the year's letter of responsibility."""
    unit, recipient = visit("central_unit"), visit("recipient", phone=True)
    unit.goto("/pairings")
    unit.get_by_role("link", name=re.compile("丰宁满族自治县")).first.click()
    expect(unit.get_by_text(re.compile("由国务院扶贫开发领导小组确定"))).to_be_visible()
    pairing = int(unit.url.rsplit("/", 1)[-1])

    promises: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("DIRECT_INPUT", "投入帮扶资金", "120 万元", {"帮扶方式": "PRODUCTION_REWARD"}),
        ("INTRODUCED_FUNDS", "引进帮扶资金", "45.5 万元", {"帮扶方式": "INVESTMENT"}),
        ("TRAINING", "基层干部", "60 人次", {"培训对象": "CADRES"}),
        ("TRAINING", "技术人员", "85 人次", {"培训对象": "TECHNICIANS"}),
        ("PURCHASE", "采购农产品", "30 万元", {}),
        ("ASSISTED_SALES", "帮助销售农产品", "76 万元", {}),
    )
    for kind, title, figure, choices in promises:
        register(unit, pairing, kind, f"{MARK}六项：{title}", figure.split()[0], 年度="2020", **choices)
        arrive(unit, figure.split()[0])
    for _kind, title, _figure, _choices in promises:
        recipient.goto("/inbox")
        recipient.get_by_role("link", name=re.compile(f"待确认.*六项：{title}")).click()
        recipient.get_by_role("button", name=re.compile("^确认")).first.click()
        expect(recipient.get_by_text("已确认收到，双方和协调员都能看到。")).to_be_visible()

    # Somebody sent, with post and dates.
    register(unit, pairing, "CADRE", f"{MARK}挂职副县长", "1", 年度="2020", 方向="TO_RECIPIENT")
    unit.get_by_role("button", name="报告到位").click()
    form = unit.locator("form")
    form.get_by_label("到位数量").fill("1")
    form.get_by_label("到位日期").fill("2020-05-01")
    form.get_by_label("任职单位").fill("丰宁满族自治县人民政府")
    form.get_by_label("职务").fill("副县长")
    form.get_by_label(re.compile("结束")).fill("2021-12-31")
    form.get_by_role("button", name="报告到位").click()
    expect(unit.get_by_text("已报告，等待对方确认")).to_be_visible()
    expect(unit.get_by_text(re.compile("丰宁满族自治县人民政府.*副县长")).first).to_be_visible()

    unit.goto("/commitments/year?year=2020")
    letter = unit.get_by_role("region", name=re.compile("责任书"))
    for _kind, title, figure, _choices in promises:
        expect(letter.get_by_role("row").filter(has_text=title)).to_contain_text(f"{figure}{figure}")
    expect(letter.get_by_role("row")).to_have_count(7)
    letter.get_by_role("link", name="引进帮扶资金").click()
    expect(unit.get_by_text(f"{MARK}六项：引进帮扶资金").first).to_be_visible()
