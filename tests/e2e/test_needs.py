"""A need from the county's own words to the public board, through two people of the county, on desk and phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_county_publishes_a_need_of_its_village(visit: Visit, phone: bool) -> None:
    title = f"【演示】{'手机' if phone else '桌面'}修水渠"
    recipient, approver, stranger = visit("recipient", phone=phone), visit("approver", phone=phone), visit(phone=phone)

    # The county words it, for a township of its own, in at most ten typed or chosen fields.
    recipient.goto("/needs")
    recipient.get_by_role("button", name="提出需求").click()
    form = recipient.locator("form")
    place = form.get_by_label("地区")
    place.click()
    place.fill("dage")  # 大阁镇, in pinyin
    recipient.get_by_title("大阁镇", exact=True).click()
    required = {"需求名称": title, "数量": "3.5", "单位": "公里", "绩效目标": "灌溉 400 亩", "期限": "2099-10-31"}
    for label, words in required.items():
        form.get_by_label(label).fill(words)
    form.get_by_label("类别").select_option("WATER")
    form.get_by_label("带贫减贫机制").select_option("PRODUCTION")
    form.get_by_label("估算投资").fill("26.5")
    expect(form.get_by_text("即 265,000 元")).to_be_visible()
    typed = form.locator("input:visible:not([type=checkbox]), select:visible, textarea:visible").count()
    assert typed <= 12, typed
    form.get_by_label("缺水").check()
    form.get_by_role("button", name="提交审核").click()
    expect(recipient.get_by_role("heading", name=title)).to_be_visible()
    expect(recipient.get_by_role("button", name="审定并公布")).to_have_count(0)  # not by whoever worded it
    address = recipient.url

    # Nobody else sees it yet; the colleague finds it waiting, and sends it back.
    stranger.goto(address)
    expect(stranger.get_by_text("没有找到")).to_be_visible()
    approver.goto("/inbox")
    approver.get_by_role("link", name=re.compile(title)).click()
    approver.get_by_role("button", name="退回").click()
    approver.get_by_role("dialog").get_by_label("理由").fill("请核对长度")
    approver.get_by_role("dialog").get_by_role("button", name="退回").click()
    expect(approver.get_by_text("已退回，提出人会看到您的理由")).to_be_visible()

    # Corrected, it is approved and public.
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile(title)).click()
    expect(recipient.get_by_text("请核对长度")).to_be_visible()
    recipient.get_by_role("button", name="修改").click()
    recipient.get_by_label("数量").fill("3.2")
    recipient.get_by_role("button", name="保存修改").click()
    expect(recipient.get_by_text("数量：3.50 → 3.20")).to_be_visible()
    approver.goto(address)
    approver.get_by_role("button", name="审定并公布").click()
    expect(approver.get_by_text("已公布，所有人都能看到")).to_be_visible()
    stranger.goto("/needs")
    stranger.get_by_label("需求名称，或地区").fill("大阁镇")
    stranger.wait_for_url("**search=**")
    stranger.get_by_role("link", name=title).click()
    expect(stranger.get_by_role("heading", name=title)).to_be_visible()
    expect(stranger.get_by_text("3.2 公里")).to_be_visible()
    expect(stranger.get_by_text("经办人")).to_have_count(0)


def test_need_without_a_target_is_refused_beside_the_field(visit: Visit) -> None:
    page = visit("recipient")
    page.goto("/needs/new")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("没有绩效目标的项目不能入库")).to_be_visible()
    expect(page.get_by_text("请选择类别")).to_be_visible()


def test_helper_is_told_that_needs_are_the_recipients(visit: Visit) -> None:
    page = visit("partner")
    page.goto("/needs/new")
    expect(page.get_by_text("只有受援县及其乡镇、村可以提出需求")).to_be_visible()
