"""Firms and villages, from the button to a proposal: run, review by page, accept, publish."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backend.programmes.models import FIRMS_VILLAGES
from tests.e2e.conftest import Visit, send, visits
from tests.plugins.platform import RunningPlatform, until

COUNTIES = ("130825", "522325", "621126")  # 隆化, 贞丰, 岷县: three provinces that four eastern ones help


@pytest.fixture(scope="module")
def register() -> Iterator[str]:
    """A platform of its own with a small register: a thousand villages, two thousand firms, their needs and offers."""
    platform = RunningPlatform(port=8323)
    try:
        address = platform.start()
        platform.command(f"load_villages {' '.join(COUNTIES)}", "seed_register --firms 2000 --needs 500")
        yield address
    finally:
        platform.stop()


@pytest.fixture
def visit(browser: Browser, register: str) -> Iterator[Visit]:
    with visits(browser, register) as open_page:
        yield open_page


def test_firms_and_villages_from_the_button_to_a_proposal(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/programmes/policy")
    page.get_by_text("万企帮万村", exact=True).click()
    expect(page.get_by_text("需求与能力")).to_be_visible()
    page.get_by_role("button", name="按现行政策运行").click()
    page.wait_for_url("**/runs/*")
    expect(page.get_by_role("heading", name="已证明最优")).to_be_visible()
    run = page.url.rsplit("/", 1)[-1]
    told = send(page, "GET", f"runs/{run}")
    assert (told["channel"], told["proof"]) == (FIRMS_VILLAGES, "all eligible pairs")
    expect(page.get_by_text(f"{told['counts']['pairs']:,}").first).to_be_visible()
    _weighed(page)

    page.get_by_role("button", name="审阅").click()
    table = page.get_by_role("table", name="建议名单")
    expect(table.get_by_role("row")).to_have_count(51)  # a page of fifty, and the heading
    page.get_by_label("受援省份").select_option(label="贵州省")
    first = table.get_by_role("button", name="→").first
    expect(first).to_contain_text("贵州省")
    first.click()
    detail = page.get_by_role("region", name="详情")
    expect(detail.get_by_text("需求与能力")).to_be_visible()
    expect(detail.get_by_text("企业与本村").first).to_be_visible()
    _asked_and_tried(page, run, detail)
    chosen = int(page.url.rsplit("selected=", 1)[-1].split("&")[0])
    page.get_by_role("button", name="采纳", exact=True).click()
    expect(page.get_by_text("1 条已采纳，待发布")).to_be_visible()
    page.get_by_role("button", name="发布全部 1 条").click()
    page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("没有待发布的建议")).to_be_visible()

    pairings = send(page, "GET", f"pairings?channel={FIRMS_VILLAGES}")["results"]
    assert [(one["status"], one["suggestion"]) for one in pairings] == [("PROPOSED", chosen)]
    assert pairings[0]["recipient"]["code"].startswith("52")

    # What was proposed stands in the next run, which tells how it differs from this one.
    again = send(page, "POST", "runs", {"policy": told["policy"]})["id"]
    until(lambda: send(page, "GET", f"runs/{again}")["status"] == "READY")
    page.goto(f"/runs/{again}")
    page.get_by_role("button", name=f"与第 {run} 次运行比较").click()
    kept = send(page, "GET", f"runs/{run}/comparison/{again}")["kept"]
    expect(page.get_by_text(f"不变 {kept} 对")).to_be_visible()
    expect(page.get_by_role("heading", name="各有几个帮扶方的村")).to_be_visible()


def _weighed(page: Page) -> None:
    """Which villages have nobody, what would follow if a firm withdrew, and what the fairest choice would cost."""
    gaps = page.get_by_role("region", name="缺口与稳健性")
    expect(gaps.get_by_role("heading", name=re.compile(r"^没有帮扶方的村（\d+）$"))).to_be_visible()
    firms = gaps.get_by_label("如果这个帮扶方退出")
    firms.select_option(index=1)
    expect(gaps.get_by_text(re.compile(r"^总分减少 [\d,]+ 分。$"))).to_be_visible()
    price = page.get_by_role("region", name="变动与公平的代价")
    price.get_by_role("button", name="计算").click()
    expect(price.get_by_text(re.compile(r"公平的代价是 [\d,]+ 分。$"))).to_be_visible()
    expect(price.get_by_role("table", name="各村得到的覆盖")).to_be_visible()


def _asked_and_tried(page: Page, run: str, detail: Locator) -> None:
    """What another answer would cost is told and drawn; another pair is pinned on trial, and the trial laid aside."""
    detail.get_by_text("换一种会怎样").click()
    said = detail.get_by_text(re.compile(r"^如不采纳，总分.+。$"))
    expect(said).to_be_visible()
    expect(detail.get_by_role("img", name=said.inner_text())).to_be_visible()
    others = detail.get_by_role("heading", name=re.compile("还可以帮")).locator("xpath=..")
    others.get_by_role("button").last.click()
    expect(detail.get_by_text(re.compile(r"^如一定要结成这一对，总分.+。$"))).to_be_visible()
    detail.get_by_role("button", name="固定这一对，看看会怎样").click()
    bar = page.get_by_role("region", name="推演")
    expect(bar.get_by_role("button", name=re.compile("^撤回：固定"))).to_have_count(1)
    told = send(page, "GET", f"runs/{run}/scenario")
    assert told["loss"] >= 0
    assert [(one["verb"], one["helper"]["code"][:6]) for one in told["changes"]] == [("PIN", "party-")]
    expect(bar.get_by_role("status")).to_contain_text(f"{told['loss']:,}" if told["loss"] else "总分不变")
    bar.get_by_role("button", name="放弃推演").click()
    expect(bar).to_have_count(0)


def test_review_of_firms_reads_on_a_phone(visit: Visit) -> None:
    page = visit("coordinator", phone=True)
    runs = send(page, "GET", "runs")["results"]
    page.goto(f"/runs/{runs[0]['id']}/review")
    cards = page.get_by_role("list", name="建议名单")
    cards.get_by_role("button").first.click()
    expect(page.get_by_role("dialog").get_by_text("贫困深度")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
