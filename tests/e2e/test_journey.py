"""One county pair from the policy to confirmed money, through four log-ins, as four people would walk it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import matching
from tests.e2e.conftest import Visit

HELPER, RECIPIENT = "宁河区", "丰宁满族自治县"
TITLE = "【演示】特色种植奖补"


def covered(page: Page, tier: str) -> tuple[int, int, int]:
    """(counties, mutually confirmed, recorded) of a tier, as the workbench says it aloud."""
    page.goto("/workbench")
    words = page.get_by_role("img", name=re.compile(f"^{tier}")).get_attribute("aria-label") or ""
    found = re.search(r"(\d+) 个：双方确认 (\d+) 个，已登记 (\d+) 个", words)
    assert found, words
    total, confirmed, recorded = map(int, found.groups())
    return total, confirmed, recorded


def test_county_pair_from_policy_to_confirmed_arrival(visit: Visit) -> None:
    coordinator = visit("coordinator")
    total, confirmed_before, recorded_before = covered(coordinator, "深度贫困县")
    assert total > 0

    # The policy is looked at, its preview read, and a run started.
    coordinator.goto("/programmes/policy")
    expect(coordinator.get_by_role("heading", name="运行前预览")).to_be_visible()
    coordinator.get_by_role("button", name="按现行政策运行").click()
    coordinator.wait_for_url(re.compile(r"/runs/\d+$"))
    expect(coordinator.get_by_text("已证明最优").first).to_be_visible(timeout=60_000)

    # The pair is found, its reasons read, and taken up.
    coordinator.get_by_role("button", name=re.compile(r"^审阅 \d+ 条建议$")).click()
    coordinator.get_by_label("任一方名称或拼音").fill("fengning")
    suggestion = coordinator.get_by_role("button", name=re.compile(f"{HELPER}.*{RECIPIENT}"))
    expect(coordinator.get_by_role("button", name=re.compile("→.*河北省承德市"))).to_have_count(
        1
    )  # the list is filtered
    suggestion.click()
    expect(coordinator.get_by_text("按深度贫困优先").first).to_be_visible()
    coordinator.get_by_role("button", name="采纳", exact=True).click()
    expect(coordinator.get_by_text(re.compile("已采纳：.*待发布"))).to_be_visible()
    coordinator.get_by_role("button", name="发布全部 1 条").click()
    coordinator.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(coordinator.get_by_text("已发布 1 条，等待双方确认")).to_be_visible()
    assert covered(coordinator, "深度贫困县") == (total, confirmed_before, recorded_before + 1)

    # Both sides confirm it in their own log-ins; the county does so on a phone.
    partner, recipient = visit("partner"), visit("recipient", phone=True)
    for page in (partner, recipient):
        page.goto("/inbox")
        page.get_by_role("link", name=re.compile("结对待确认")).click()
        page.get_by_role("button", name="确认结对").click()
        expect(page.get_by_text("已确认。双方都确认后，结对即成立。")).to_be_visible()
    expect(recipient.get_by_text("双方已确认").first).to_be_visible()
    assert covered(coordinator, "深度贫困县") == (total, confirmed_before + 1, recorded_before + 1)

    # The eastern district promises money, in 万元, in at most eight typed fields.
    partner.goto("/commitments/new")
    form = partner.locator("form")
    expect(form.get_by_label("名称")).to_be_visible()
    assert form.locator("input:visible, select:visible, textarea:visible").count() <= 8
    form.get_by_label("名称").fill(TITLE)
    form.get_by_label("类别").select_option("FISCAL_AID")
    form.get_by_label("帮扶方式").select_option("PRODUCTION_REWARD")
    form.get_by_label("协议金额").fill("120.5")
    expect(form.get_by_text("即 1,205,000 元")).to_be_visible()
    form.get_by_role("button", name="登记").click()
    expect(partner.get_by_role("heading", name=TITLE)).to_be_visible()

    # It reports an arrival; the county confirms it on a phone in three taps.
    partner.get_by_role("link", name="报告到位").or_(partner.get_by_role("button", name="报告到位")).first.click()
    partner.get_by_label("到位金额").fill("60")
    partner.get_by_label("凭证号").fill("【演示】津财 2020-17")
    partner.get_by_role("button", name="报告到位").click()
    expect(partner.get_by_text("已报告，等待对方确认")).to_be_visible()
    recipient.goto("/inbox")
    recipient.get_by_role("link", name=re.compile("到位待确认")).click()
    recipient.get_by_role("button", name="确认收到 60 万元").click()
    expect(recipient.get_by_text("已确认收到，双方和协调员都能看到。")).to_be_visible()

    # The coordinator sees every stage, and what was confirmed of it.
    coordinator.goto("/workbench")
    money = coordinator.get_by_role("region", name="资金进度")
    for words in ("120.5", "60", "其中已确认", "49%"):
        expect(money.get_by_text(words).first).to_be_visible()


def test_certificate_downloaded_in_the_browser_verifies_without_the_platform(visit: Visit, tmp_path: Path) -> None:
    page = visit("coordinator")
    page.goto("/programmes/policy")
    page.get_by_role("button", name="按现行政策运行").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    expect(page.get_by_text("已证明最优").first).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载全部输入")).click()
    download.value.save_as(tmp_path / "run.zip")
    zipfile.ZipFile(tmp_path / "run.zip").extractall(tmp_path / "run")
    assert matching.verify(tmp_path / "run" / "problem", tmp_path / "run" / "solution").ok


@pytest.mark.parametrize("who", ["partner", "recipient", "company", "central_unit"])
def test_side_that_may_not_review_is_told_so(visit: Visit, who: str) -> None:
    page = visit(who)
    page.goto("/runs")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/runs" in page.url
    expect(page.get_by_role("table")).to_have_count(0)


def test_wrong_password_is_refused_beside_the_field(visit: Visit) -> None:
    page = visit()
    page.goto("/login")
    page.get_by_label("用户名").fill("coordinator")
    page.get_by_label("密码").fill("不是这个密码")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("用户名或密码不正确")).to_be_visible()
