"""A company joins in one visit, is sent back, corrects, and is verified: desk and phone, company and federation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from stdnum.cn.uscc import calc_check_digit

from tests.e2e.conftest import Visit

TYPED = "input:visible:not([type=checkbox]):not([type=radio]), textarea:visible"


def _code(phone: bool) -> str:
    """A sound code of a place that is not there."""
    first = f"91999900DEM0000{'2' if phone else '3'}0"
    return first + str(calc_check_digit(first))


def _find(page: Page, label: str, words: str, title: str) -> None:
    place = page.get_by_label(label)
    place.click()
    place.fill(words)
    page.get_by_title(title, exact=True).click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_company_joins_corrects_and_is_verified(visit: Visit, phone: bool) -> None:
    kind = "手机" if phone else "桌面"
    name, right = f"宁河区示例农产品{kind}加工有限公司", f"天津市宁河区{kind}食品有限责任公司"
    company, federation = visit(phone=phone), visit("federation", phone=phone)

    # From the log-in page, in one screen: at most twelve fields are typed, the rest is ticked or chosen.
    company.goto("/login")
    company.get_by_role("link", name="企业加入").click()
    form = company.locator("form")
    assert form.locator(TYPED).count() <= 12
    form.get_by_label("行业").select_option("C")
    form.get_by_label("单位名称").fill(name)
    form.get_by_label("统一社会信用代码").fill(_code(phone)[:-1] + "I")
    expect(form.get_by_text(re.compile("校验码|前 8 位是数字"))).to_be_visible()
    form.get_by_label("统一社会信用代码").fill(_code(phone))
    expect(form.get_by_text("代码无误，尚未登记")).to_be_visible()
    expect(form.get_by_text("已登记的名称相近的单位：")).to_be_visible()  # the demonstration's own company
    _find(company, "所在县（市、区）", "ninghe", "天津市宁河区")
    form.get_by_label("联系人姓名").fill("【演示】王某")
    form.get_by_label("联系电话").fill("000-00000000")
    form.get_by_label("登录名").fill(f"firm_{'phone' if phone else 'desk'}")
    form.get_by_label("密码", exact=True).fill("一个足够长的密码-2020")
    form.get_by_label("消费/销售").check()
    form.get_by_label("就业").check()
    form.get_by_role("button", name="提交登记").click()

    # It is in at once, pending, and sees public needs.
    expect(company.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(company.get_by_text("等待【演示】宁河区工商业联合会核实")).to_be_visible()
    company.get_by_role("link", name="看公开的需求").click()
    expect(company.get_by_role("heading", level=1)).to_be_visible()

    # The federation finds it in its inbox, beside a company of nearly the same name, and sends it back.
    federation.goto("/inbox")
    federation.get_by_role("link", name=re.compile(name)).click()
    expect(federation.get_by_role("columnheader", name=re.compile("相近程度")).first).to_be_visible()
    expect(federation.get_by_text("000-00000000")).to_be_visible()
    federation.get_by_role("button", name="退回").click()
    federation.get_by_role("dialog").get_by_role("button", name="名称与营业执照不一致").click()
    federation.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
    expect(federation.get_by_text("已退回，该单位会看到您的理由")).to_be_visible()

    # Corrected where it was wrong, it is verified.
    company.goto("/inbox")
    company.get_by_role("link", name=re.compile(name)).click()
    expect(company.locator("blockquote").first).to_have_text("名称与营业执照不一致")
    company.get_by_role("button", name="更正并提交").click()
    company.get_by_role("dialog").get_by_label("单位名称").fill(right)
    company.get_by_role("button", name="保存并重新提交").click()
    expect(company.get_by_role("heading", level=1, name=right)).to_be_visible()
    expect(company.get_by_text(f"单位名称：{name} → {right}")).to_be_visible()
    federation.goto("/registrations")
    federation.get_by_role("link", name=right).click()
    federation.get_by_role("button", name="核实通过").click()
    expect(federation.get_by_text("已核实，该单位已公开列入名录")).to_be_visible()

    # Its own page says so, with what it can do; so does the public one, without the contact.
    company.goto("/organisation")
    expect(company.get_by_text("已核实", exact=True)).to_be_visible()
    expect(company.locator("strong").filter(has_text="消费/销售")).to_be_visible()
    company.get_by_role("link", name="看公开的页面").click()
    expect(company.locator("strong").filter(has_text="就业")).to_be_visible()
    expect(company.locator("main").get_by_text("王某")).to_have_count(0)
    company.context.clear_cookies()
    company.reload()
    expect(company.get_by_role("heading", level=1, name=right)).to_be_visible()
