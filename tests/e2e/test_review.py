"""The review as a coordinator walks it: why, what else, a pin and the run that proves it; publishing; a cure."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit


def run(page: Page) -> None:
    page.goto("/programmes/policy")
    page.get_by_role("button", name="按现行政策运行").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))


def test_pin_shows_what_moves_and_becomes_a_proven_run(visit: Visit) -> None:
    page = visit("coordinator")
    run(page)
    page.get_by_role("button", name=re.compile(r"^审阅 \d+ 条建议$")).click()

    # Why, and what else: the chain is told in words and drawn.
    page.get_by_label("不采纳的代价").select_option("SOME")
    page.get_by_text("换一种会怎样").click()
    said = page.get_by_text(re.compile(r"^如不采纳，总分减少 [\d,]+ 分：.+。$"))
    expect(said).to_be_visible()
    expect(page.get_by_role("img", name=said.inner_text())).to_be_visible()

    # Another pair is asked about and pinned: list and bar show what moves and what it costs.
    page.get_by_role("heading", name=re.compile("还可以帮")).locator("xpath=..").get_by_role("button").first.click()
    page.get_by_role("button", name="固定这一对，看看会怎样").click()
    bar = page.get_by_role("region", name="推演")
    expect(bar.get_by_text(re.compile(r"总分减少 [\d,]+ 分"))).to_be_visible()
    expect(page.get_by_text("将新增").first).to_be_visible()
    page.keyboard.press("p")  # the suggestion that is looked at
    expect(bar.get_by_role("button", name=re.compile("^撤回：固定"))).to_have_count(2)
    page.keyboard.press("p")
    expect(bar.get_by_role("button", name=re.compile("^撤回：固定"))).to_have_count(1)

    # Adopted with a reason, it is a run of its own, proven, which says what it was told.
    bar.get_by_role("button", name="采用并运行").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("理由").fill("两地多年协作")
    dialog.get_by_role("button", name="采用并运行").click()
    expect(page.get_by_text("已证明最优").first).to_be_visible()

    # What it changes against the run before is told as figures and pairs, and marked in the review.
    adopted = page.url
    page.get_by_role("button", name="与上一版比较").click()
    expect(page.get_by_role("heading", name=re.compile(r"^新增的结对（\d+）$"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^总分"))).to_contain_text("−")
    page.goto(f"{adopted}/review")
    expect(page.get_by_role("region", name="这次运行的固定与排除")).to_be_visible()
    page.get_by_label(re.compile("相比$")).select_option("有变化")
    expect(page.get_by_text("新增", exact=True).first).to_be_visible()

    # Accepted ones reach both sides together, and are taken back while nobody has answered.
    first, second = page.get_by_role("checkbox", name=re.compile("^选中 ")).all()[:2]
    first.check()
    second.check()
    page.get_by_role("button", name="采纳所选", exact=True).click()
    page.get_by_role("button", name="发布全部 2 条").click()
    page.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("无人答复 2")).to_be_visible()
    page.get_by_role("region", name="发布").get_by_role("button", name="撤回").click()
    dialog.get_by_label("理由").fill("再商量")
    dialog.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("已撤回 2")).to_be_visible()
    expect(page.get_by_role("button", name="发布全部 2 条")).to_be_visible()


def test_conflict_is_foreseen_named_and_mended_at_one_press(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/programmes/policy")
    page.get_by_label("每个帮扶方至少").fill("1")
    page.get_by_label("每个帮扶方至多").fill("1")
    expect(page.get_by_role("heading", name=re.compile("最省的放宽"))).to_be_visible()
    page.get_by_label("这一版的名称").fill("人人有份")
    page.get_by_role("button", name="保存并运行").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    expect(page.get_by_text(re.compile(r"还差 \d+ 对。"))).to_be_visible()
    infeasible = page.url
    page.get_by_role("button", name="应用到政策并重新运行").click()
    page.wait_for_url(lambda url: url != infeasible)
    expect(page.get_by_text("已证明最优").first).to_be_visible()
    page.goto("/programmes/policy")
    expect(page.get_by_role("heading", name="个别例外")).to_be_visible()


def test_second_person_confirms_before_anybody_hears_of_it(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/programmes/policy")
    page.get_by_label("采纳须第二人复核").click()
    page.get_by_label("这一版的名称").fill("两人复核")
    page.get_by_role("button", name="保存并运行").click()
    page.wait_for_url(re.compile(r"/runs/\d+$"))
    made = page.url
    page.get_by_role("button", name=re.compile(r"^审阅 \d+ 条建议$")).click()

    # Three are accepted and one is given to the second person; whoever accepted may not confirm, and is told why.
    boxes = page.get_by_role("checkbox", name=re.compile("^选中 "))
    expect(boxes.first).to_be_visible()
    for box in boxes.all()[:3]:
        box.check()
    page.get_by_role("button", name="采纳所选", exact=True).click()
    looks = page.get_by_role("region", name="第二人复核")
    expect(looks.get_by_text("3 条采纳等第二人复核")).to_be_visible()
    refused = looks.get_by_role("button", name=re.compile("^复核通过"))
    expect(refused).to_be_disabled()
    expect(refused).to_contain_text("采纳和复核须由两个人完成，请由另一位协调员复核")
    boxes.first.check()
    page.get_by_role("button", name="分派所选").click()
    page.get_by_role("radio", name=re.compile("全国复核员")).check()
    page.get_by_role("dialog").get_by_role("button", name="分派", exact=True).click()
    expect(page.get_by_text("分派给 【演示】全国复核员").first).to_be_visible()

    # The second person comes from the inbox, sends one back with a reason, confirms the others and publishes them.
    second = visit("reviewer")
    second.goto("/inbox")
    expect(second.get_by_text(re.compile("1 条建议分派给您审阅$"))).to_be_visible()
    second.get_by_text(re.compile("3 条采纳待您复核$")).click()
    second.get_by_role("region", name="详情").get_by_role("button", name="退回", exact=True).click()
    dialog = second.get_by_role("dialog")
    dialog.get_by_label("理由").fill("县里的数据有更正")
    dialog.get_by_role("button", name="退回").click()
    expect(second.get_by_text("2 条采纳等第二人复核")).to_be_visible()
    second.get_by_role("button", name="复核通过 2 条").click()
    second.get_by_role("button", name="发布全部 2 条").click()
    second.get_by_role("dialog").get_by_role("button", name="发布", exact=True).click()
    expect(second.get_by_text("无人答复 2")).to_be_visible()
    second.goto("/inbox")
    second.get_by_text(re.compile("1 条建议分派给您审阅$")).click()
    expect(second.get_by_role("checkbox", name=re.compile("^选中 "))).to_have_count(1)

    # Whoever accepted it sees why it came back, and that it is open again.
    page.goto(f"{made}/review")
    expect(page.get_by_text(re.compile("复核退回.*县里的数据有更正"))).to_be_visible()

    # The run is copied under a name of its own, here without the second person.
    page.goto(made)
    page.get_by_role("button", name="复制为新方案").click()
    expect(page.get_by_label("这一版的名称")).to_have_value("两人复核（副本）")
    page.get_by_label("采纳须第二人复核").click()
    page.get_by_role("button", name="保存并运行").click()
    page.wait_for_url(lambda url: re.search(r"/runs/\d+$", url) is not None and url != made)
    expect(page.get_by_text("已证明最优").first).to_be_visible()
    expect(page.get_by_text(re.compile("两人复核（副本）"))).to_be_visible()
