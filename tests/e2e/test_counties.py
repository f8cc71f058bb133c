"""What somebody without a log-in finds out about a county: who helps it, what came of it, and takes it home."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.test_pages import too_wide, violations


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_visitor_finds_a_county_and_who_helps_it(visit: Visit, tmp_path: Path, phone: bool) -> None:
    page = visit(phone=phone, dark=phone)

    # 丰宁 by its initials: its prefecture is helped by Tianjin; its needs are published.
    page.goto("/counties")
    page.get_by_label("名称、代码或拼音").fill("fnmzzzx")
    page.wait_for_url("**search=fnmzzzx**")
    page.get_by_role("link", name="丰宁满族自治县").click()
    helpers = page.get_by_role("region", name="帮扶本地的单位")
    expect(helpers.get_by_text("天津市人民政府")).to_be_visible()
    expect(helpers.get_by_text("结对到河北省承德市 · 2016–2020")).to_be_visible()
    expect(helpers.get_by_text("由党中央、国务院确定，系统只记录")).to_be_visible()
    expect(page.get_by_role("region", name="需求").get_by_role("link", name="错季蔬菜冷库")).to_be_visible()
    expect(page.get_by_role("region", name="各阶段资金")).to_be_visible()
    expect(page.get_by_role("region", name="大事记").get_by_text("公布需求：错季蔬菜冷库")).to_be_visible()
    assert no_names(page)
    helpers.get_by_role("link", name="天津市人民政府").click()
    helped = page.get_by_role("region", name="帮扶的地区")
    expect(helped.get_by_role("link", name="河北省承德市")).to_be_visible()
    expect(helped.get_by_text("对口支援")).to_be_visible()

    # Its neighbour 隆化 is said to have a central unit: nobody has verified it, and the page says so.
    page.goto("/counties/130825")
    expect(helpers.get_by_text("天津市津南区人民政府")).to_be_visible()
    expect(helpers.get_by_role("listitem").filter(has_text="生态环境部").get_by_text("待核实")).to_be_visible()
    with page.expect_download() as download:
        helpers.get_by_role("button", name="导出 CSV").click()
    download.value.save_as(tmp_path / "helpers.csv")
    rows = list(csv.DictReader((tmp_path / "helpers.csv").read_text(encoding="utf-8-sig").splitlines()))
    told = {row["帮扶方"]: (row["渠道"], row["可信程度"], row["起始日期"]) for row in rows}
    assert told["生态环境部"] == ("中央单位定点扶贫", "待核实", "")
    assert told["天津市津南区人民政府"] == ("携手奔小康行动", "有出处", "2017-01-01")

    # Counties that no channel reaches, in a table and on the map; the address keeps the state.
    page.goto("/counties?helped_by=none&tier=deep")
    expect(page.get_by_text("共 7 条")).to_be_visible()
    page.goto("/counties?view=map&county=130825")
    expect(page.get_by_role("img", name="（示意图）")).to_be_visible()
    expect(page.get_by_role("link", name="打开县页")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [*violations(page), *too_wide(page)] == []


def no_names(page: Page) -> bool:
    return "经办人" not in page.locator("main").inner_text()


def test_coordinator_sees_each_channel_and_follows_a_number_to_its_counties(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/workbench")
    lines = page.get_by_role("region", name="各渠道覆盖")
    lines.get_by_role("row", name="对口支援").get_by_role("link", name="179（174）").click()
    expect(page.get_by_text("共 179 条")).to_be_visible()
    page.goto("/counties/130800")
    expect(page.get_by_role("region", name="所辖贫困县").get_by_text("共 6 个贫困县")).to_be_visible()
