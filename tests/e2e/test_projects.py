"""From a published need to an asset: both sides consent, money is spent, photographs show it, a colleague accepts."""

from __future__ import annotations

import datetime as dt
import io
import re

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.conftest import Visit, paired, published, send

MARK = "【演示】"
TITLE = f"{MARK}村级蓄水池"


def promised(partner: Page, pairing: int) -> int:
    promise = {"pairing": pairing, "kind": "SOCIAL_AID", "mode": "WORK_FOR_RELIEF", "year": 2020, "sector": "WATER"}
    made = send(partner, "POST", "commitments", {**promise, "title": f"{MARK}饮水资金", "amount_yuan": "600000.00"})
    return int(made["id"])


def arrived(partner: Page, recipient: Page, commitment: int) -> None:
    """Of the promise, 40 万元 that both sides confirm."""
    sent = {"amount_yuan": "400000.00", "occurred_date": "2020-05-01"}
    entries = send(partner, "POST", f"commitments/{commitment}/arrivals", sent)["entries"]
    arrival = next(one["id"] for one in entries if one["stage"] == "ARRIVED")
    send(recipient, "POST", f"ledger-entries/{arrival}/confirmation", {"answer": "CONFIRMED"})


def photograph(name: str, colour: str) -> FilePayload:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def typed(form: Locator) -> int:
    return form.locator("input:visible, select:visible, textarea:visible").count()


def propose(page: Page, need: int) -> str:
    """From the inbox, which tells of the money that is kept; what the need knows is not asked again."""
    page.goto(f"/needs/{need}")
    expect(page.get_by_role("link", name="立项")).to_be_visible()
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile(f"资金已留，待立项.*{TITLE}.*40 万元")).click()
    form = page.locator("form")
    expect(form.get_by_text("两个村人人喝上放心水")).to_be_visible()
    form.get_by_label("建设性质").select_option("NEW")
    form.get_by_label("责任单位").fill("县水务局")
    form.get_by_label("计划开工").fill("2020-06-01")
    form.get_by_label("计划完工").fill("2020-10-31")
    # What the helper earmarked for the need is filled in.
    expect(form.get_by_label("资金来源").locator("option:checked")).to_have_text(
        f"{MARK}饮水资金（2020），协议 60 万元"
    )
    expect(form.get_by_label("计划金额")).to_have_value("40")
    assert typed(form) <= 8
    form.get_by_role("button", name="提交双方同意").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    return page.url


def earmark(page: Page) -> None:
    """The helper accepts what is proposed for the need, with one tap and nothing typed."""
    page.goto("/allocation?year=2020")
    page.get_by_text("已证明：没有更好的安排").click()
    expect(page.get_by_text(re.compile(r"深度贫困县的需求得到 [\d.]+ 万元 = .* \+ "))).to_be_visible()
    proposed = page.get_by_role("group", name="建议").get_by_role("row").filter(has_text=TITLE)
    expect(proposed.get_by_text("40 万元")).to_have_count(2)  # what it lacks, and what is proposed
    proposed.get_by_role("button", name="采纳").click()
    kept = page.get_by_role("group", name="已安排的资金").get_by_role("row").filter(has_text=TITLE)
    expect(kept.get_by_text("等受援县提出项目")).to_be_visible()
    expect(proposed).to_have_count(0)


def consent(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile(f"项目待您同意.*{TITLE}")).click()
    expect(page.get_by_text("计划投资 40 万元")).to_be_visible()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_text("已同意，双方都能看到。")).to_be_visible()


def in_dialog(page: Page, button: str, **fields: str) -> None:
    """Fill the dialog that is open, and send it off."""
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        dialog.get_by_label(label).fill(value)
    assert typed(dialog) <= 8
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def test_project_from_a_need_to_an_asset_with_the_consent_of_both_sides(visit: Visit) -> None:
    coordinator, partner = visit("coordinator"), visit("partner")
    recipient, approver = visit("recipient", phone=True), visit("approver", phone=True)
    pairing = paired(coordinator, partner, recipient)["id"]
    # Lacking 40 万元, and due before everything else of the county's.
    need = published(recipient, approver, TITLE, cost_yuan="400000.00", deadline_date=dt.date.today().isoformat())
    promise = promised(partner, pairing)
    earmark(partner)

    # The county proposes; the helper at a desk and a colleague on a telephone agree, one tap each.
    project = propose(recipient, need)
    expect(recipient.get_by_role("button", name="登记开工")).to_have_count(0)
    consent(partner)
    consent(approver)
    recipient.reload()
    recipient.get_by_role("button", name="登记开工").click()
    expect(recipient.get_by_text("实施中").first).to_be_visible()

    # Money that both sides confirmed is allotted, as much as the plan lacks, and spent on the project.
    arrived(partner, recipient, promise)
    recipient.get_by_role("button", name="安排资金").click()
    expect(recipient.get_by_role("dialog").get_by_label("安排金额")).to_have_value("40")
    in_dialog(recipient, "安排资金")
    recipient.get_by_role("button", name="记录支出").click()
    in_dialog(recipient, "记录支出", 支出金额="30", 支出日期="2020-07-01")
    expect(recipient.get_by_text("占计划 75%")).to_be_visible()

    # A colleague accepts the spending in the ledger, where it is the same entry.
    approver.goto("/inbox")
    approver.get_by_role("link", name=re.compile(f"待验收.*{MARK}饮水资金")).click()
    approver.get_by_role("button", name="验收", exact=True).click()
    in_dialog(approver, "验收", 佐证材料="验收报告 7 号")

    # Both milestones are late; each is ticked in two taps, the first with a photograph.
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile(f"节点逾期.*{TITLE}")).click()
    panel = recipient.get_by_role("region", name="实施节点")
    expect(panel.get_by_text("逾期")).to_have_count(2)
    for name in ("开工", "完工"):
        panel.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="登记完成").click()
        in_dialog(recipient, "登记完成")
    expect(panel.get_by_text("逾期")).to_have_count(0)
    panel.locator("input[type=file]").first.set_input_files(photograph("开工现场.jpg", "green"))
    expect(panel.get_by_role("button", name="开工现场.jpg")).to_be_visible()

    # The result is told once and may exceed the target; with something to show, a colleague accepts it.
    recipient.get_by_role("button", name="填报完成情况").click()
    in_dialog(recipient, "填报", **{"完成数量（座）": "3", "完成情况": "三座蓄水池已供水"})
    result = recipient.get_by_role("region", name="绩效目标与完成情况")
    expect(result.get_by_text("完成率 150%")).to_be_visible()
    result.locator("input[type=file]").set_input_files(photograph("竣工.jpg", "blue"))
    expect(result.get_by_role("button", name="竣工.jpg")).to_be_visible()
    approver.goto("/inbox")
    approver.get_by_role("link", name=re.compile(f"项目待验收.*{TITLE}")).click()
    approver.get_by_role("button", name="验收", exact=True).click()
    expect(approver.get_by_text("已完工验收").first).to_be_visible()

    # Closing records the asset, worth what was accepted.
    recipient.reload()
    recipient.get_by_role("button", name="结项并登记资产").click()
    recipient.get_by_role("dialog").get_by_label("资产类别").select_option("PUBLIC")
    expect(recipient.get_by_role("dialog").get_by_text("价值由台账汇总：已验收 30 万元")).to_be_visible()
    in_dialog(recipient, "结项并登记资产", 权属="两个村集体", 管护责任人="村委会")
    expect(recipient.get_by_role("region", name="形成的资产")).to_contain_text("公益性资产")
    assert recipient.evaluate("document.documentElement.scrollWidth") == 390
    recipient.goto("/assets")
    expect(recipient.get_by_role("listitem").filter(has_text=TITLE)).to_contain_text("30 万元")
    assert recipient.evaluate("document.documentElement.scrollWidth") == 390

    # Both sides read the same; what was not spent is free again.
    partner.goto(project)
    expect(partner.get_by_role("region", name="项目资金")).to_contain_text("占计划 75%")
    partner.goto("/projects?status=CLOSED")
    expect(partner.get_by_role("row").filter(has_text=TITLE)).to_contain_text("150%")
    partner.goto("/assets")
    expect(partner.get_by_role("row").filter(has_text=TITLE)).to_contain_text("30 万元")
    expect(partner.get_by_role("button", name="更正")).to_have_count(0)
