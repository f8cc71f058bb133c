"""A company joins, is verified, and in the same visit sees the villages that fit it best and says which it would help;
the coordinator and the place hear of it. What becomes of such a wish, to the page that it can show for it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from stdnum.cn.uscc import calc_check_digit

from backend.programmes.models import FIRMS_VILLAGES
from tests.e2e.conftest import Visit, send
from tests.e2e.test_agreements import sign
from tests.e2e.test_ledger import arrive, register
from tests.e2e.test_pages import too_wide, violations

TYPED = "input:visible:not([type=checkbox]):not([type=radio]), textarea:visible"


def _code(phone: bool) -> str:
    """A sound code of a place that is not there."""
    first = f"91999900DEM0000{'4' if phone else '5'}0"
    return first + str(calc_check_digit(first))


def _join(page: Page, name: str, phone: bool) -> None:
    page.goto("/join")
    form = page.locator("form")
    assert form.locator(TYPED).count() <= 12
    form.get_by_label("行业").select_option("C")
    form.get_by_label("单位名称").fill(name)
    form.get_by_label("统一社会信用代码").fill(_code(phone))
    place = page.get_by_label("所在县（市、区）")
    place.click()
    place.fill("ninghe")
    page.get_by_title("天津市宁河区", exact=True).click()
    form.get_by_label("联系人姓名").fill("【演示】赵某")
    form.get_by_label("联系电话").fill("000-00000000")
    form.get_by_label("登录名").fill(f"wishes_{'phone' if phone else 'desk'}")
    form.get_by_label("密码", exact=True).fill("一个足够长的密码-2020")
    form.get_by_label("饮水安全").check()
    form.get_by_label("产业").check()
    form.get_by_role("button", name="提交登记").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_company_sees_its_best_villages_in_the_visit_in_which_it_is_verified(visit: Visit, phone: bool) -> None:
    name = f"宁河区示例净水设备{'手机' if phone else '桌面'}有限公司"
    company, federation, coordinator = (
        visit(phone=phone), visit("federation", phone=phone), visit("coordinator", phone=phone),
    )  # fmt: skip
    _join(company, name, phone)

    # Before anybody has vouched for it, it may look, and the button says why it may not wish yet.
    company.get_by_role("link", name="看适合的村").click()
    expect(company.get_by_text("本单位还没有核实。可以先看适合的村")).to_be_visible()
    company.get_by_role("button", name="表达意愿").first.focus()
    expect(company.get_by_role("tooltip", name="核实之后才能表达意愿")).to_be_visible()

    federation.goto("/registrations")
    federation.get_by_role("link", name=name).click()
    federation.get_by_role("button", name="核实通过").click()
    expect(federation.get_by_text("已核实，该单位已公开列入名录")).to_be_visible()
    federation.get_by_role("link", name="看适合该单位的村").click()
    expect(federation.get_by_role("heading", level=1, name=f"适合{name}的村")).to_be_visible()

    # In the same visit: the inbox leads to the villages, the best first, with reasons in words and as bars.
    company.goto("/inbox")
    company.get_by_role("link", name=re.compile("核实通过，看看适合的村")).click()
    expect(company.get_by_role("heading", level=1, name="适合的村", exact=True)).to_be_visible()
    expect(company.get_by_text(re.compile(r"依据第 \d+ 版政策，2020 年，共评 \d+ 个村"))).to_be_visible()
    best = company.get_by_role("article").first
    village = best.get_by_role("heading").inner_text()
    if phone:
        best.get_by_role("button", name="为什么适合").click()
    expect(best.get_by_text("需求与能力")).to_be_visible()
    expect(best.get_by_text("就近优先")).to_be_visible()
    if phone:
        company.get_by_text("地图", exact=True).click()
    expect(company.get_by_role("img", name=re.compile("全国县级地图"))).to_be_visible()
    if phone:
        company.get_by_text("列表", exact=True).click()

    best = company.get_by_role("article").filter(has=company.get_by_role("heading", name=village, exact=True)).first
    best.get_by_role("button", name="表达意愿").click()
    expect(company.get_by_text("已记下意愿")).to_be_visible()
    expect(best.get_by_text("待对接")).to_be_visible()
    expect(best.get_by_role("button", name="撤回意愿")).to_be_visible()
    company.reload()  # with the wish, a reason more
    expect(company.get_by_role("article").filter(has_text=village).first.get_by_text("待对接")).to_be_visible()
    company.goto("/inbox")
    expect(company.get_by_role("heading", level=1, name="待办")).to_be_visible()
    expect(company.get_by_text("核实通过，看看适合的村")).to_have_count(0)

    # The coordinator sees it on the workbench and in the list; the place sees it too.
    coordinator.goto("/workbench")
    expect(coordinator.get_by_role("region", name="帮扶意愿").get_by_text(name)).to_be_visible()
    coordinator.get_by_role("region", name="帮扶意愿").get_by_role("link", name=re.compile("待对接")).click()
    coordinator.get_by_label("单位名称，或村的名称、代码、拼音").fill(name)
    coordinator.wait_for_url("**search=**")
    expect(coordinator.get_by_text(village, exact=True)).to_be_visible()
    expect(coordinator.get_by_text("共 1 条")).to_be_visible()
    at_home = send(visit("recipient"), "GET", f"interests?search={name}")
    assert [one["area"]["full_name"].startswith("河北省承德市丰宁满族自治县") for one in at_home["results"]] == [True]

    # And it may change its mind.
    company.goto("/interests")
    company.get_by_role("button", name="撤回意愿").click()
    expect(company.get_by_text("意愿已撤回")).to_be_visible()
    expect(company.get_by_label("帮扶意愿清单").get_by_text("已撤回", exact=True)).to_be_visible()


def test_need_that_fits_is_told_to_those_who_offer_it(visit: Visit) -> None:
    page = visit("company")
    page.goto("/needs")
    page.get_by_label("适合本单位").select_option("true")
    page.wait_for_url("**fitting=true**")
    expect(page.get_by_role("link", name="护工和家政技能培训")).to_be_visible()
    expect(page.get_by_role("link", name="县医院驻点专科医生")).to_have_count(0)
    central = visit("central_unit")
    central.goto("/needs?fitting=true")
    expect(central.get_by_text("没有适合本单位的需求")).to_be_visible()
    central.get_by_role("link", name="去填写能做什么").click()
    expect(central.get_by_role("heading", name="能提供的帮扶")).to_be_visible()


def test_company_comes_from_a_wish_to_a_page_to_show(visit: Visit) -> None:
    company, coordinator = visit("company", phone=True), visit("coordinator")
    recipient, approver = visit("recipient", phone=True), visit("approver", phone=True)
    pairing = _proposed(company, coordinator)

    # Both sides say yes on a phone; the county speaks for its village.
    for page in (company, recipient):
        page.goto("/inbox")
        page.get_by_role(
            "link", name=re.compile("示例农产品加工有限公司.*" + pairing["recipient"]["name"])
        ).first.click()
        page.get_by_role("button", name="确认结对").click()
        expect(page.get_by_text("已确认。双方都确认后，结对即成立。")).to_be_visible()

    # The agreement of firm and village, pre-filled; both sign.
    company.reload()
    company.get_by_role("button", name="起草协议").click()
    form = company.locator("form")
    expect(company.get_by_label("类别")).to_have_value("VILLAGE")
    expect(form.get_by_label(re.compile("^标题"))).to_have_value(re.compile("村企结对帮扶协议"))
    form.get_by_role("button", name="保存草稿").click()
    company.get_by_role("button", name="提交签署", exact=True).click()
    expect(company.get_by_text("已提交，等待双方签署")).to_be_visible()
    sign(company, "【演示】王某", "总经理", "2020-03-05")
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile("协议待签署.*村企结对帮扶协议")).click()
    sign(recipient, "【演示】李某", "副县长", "2020-03-07")

    # Money and jobs are promised; what arrives is confirmed, spent and accepted for the village.
    register(company, pairing["id"], "JOBS_PLACED", "【演示】分拣岗位", "12")
    register(company, pairing["id"], "WELFARE_INPUT", "【演示】蓄水池", "10", 帮扶方式="WORK_FOR_RELIEF")
    arrive(company, "6.2")
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile(r"到位待确认.*6\.2 万元")).click()
    recipient.get_by_role("button", name="确认收到 6.2 万元").click()
    recipient.get_by_role("button", name="记录支出").click()
    recipient.get_by_role("textbox", name="支出金额").fill("5.1")
    recipient.get_by_role("dialog").get_by_role("button", name="记录支出").click()
    expect(recipient.get_by_text("支出已记录，请另一位同事验收")).to_be_visible()
    approver.goto("/inbox")
    approver.get_by_role("link", name=re.compile("【演示】蓄水池.*待验收")).click()
    approver.get_by_role("button", name="验收", exact=True).first.click()
    approver.get_by_role("textbox", name="佐证材料").fill("验收报告 2 号")
    approver.get_by_role("dialog").get_by_role("button", name="验收", exact=True).click()
    expect(approver.get_by_text("已验收", exact=True)).to_be_visible()

    # The page that it can show, from its own page; a visitor reads the same, and no names.
    company.goto("/organisation")
    company.get_by_role("link", name="帮扶公示页").click()
    expect(company.get_by_role("heading", level=1, name=re.compile("帮扶公示"))).to_be_visible()
    visitor = visit(phone=True)
    visitor.goto(company.url)
    place = visitor.get_by_role("region", name=pairing["recipient"]["full_name"])
    expect(place.get_by_text("丰宁满族自治县人民政府代表受援方确认到位和验收", exact=False)).to_be_visible()
    line = place.get_by_role("listitem").filter(has_text="公益投入")
    for words in ("协议10 万元", "到位6.2 万元", "已确认到位6.2 万元", "支出5.1 万元", "验收5.1 万元"):
        expect(line).to_contain_text(words)
    expect(place.get_by_role("listitem").filter(has_text="安置就业")).to_contain_text("协议12 人")
    told = visitor.locator("main").inner_text()
    assert [words for words in ("经办人", "王某", "李某", "蓄水池") if words in told] == []
    assert [*violations(visitor), *too_wide(visitor)] == []


def _proposed(company: Page, coordinator: Page) -> dict[str, Any]:
    """The company's wish for the village that fits it best, put to both sides."""
    company.goto("/villages")
    company.get_by_role("article").first.get_by_role("button", name="表达意愿").click()
    expect(company.get_by_text("已记下意愿")).to_be_visible()
    wish = send(company, "GET", "interests?status=OPEN")["results"][0]
    proposal = {
        "helper": wish["party"]["id"], "recipient": wish["area"]["code"], "channel": FIRMS_VILLAGES,
        "start_date": "2020-01-01", "end_date": "2020-12-31",
    }  # fmt: skip
    return dict(send(coordinator, "POST", "pairings", proposal))
