"""The whole platform as `make run` starts it, in a folder of its own, and a real browser before it."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from backend.embedded.services import ROOT
from backend.programmes.models import COUNTY_PAIRING
from tests.plugins.platform import RunningPlatform

PATIENCE_MS = 60_000  # a slow machine is no failure; what never comes is
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


_PORTS = {"master": 8321, "gw0": 8321, "gw1": 8322, "gw2": 8323, "gw3": 8324}


@pytest.fixture(scope="session")
def address(worker_id: str) -> Iterator[str]:
    """Where this process's platform answers, with reference and demonstration data and nothing decided yet."""
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        pytest.fail("frontend/dist is not built: run `make setup-dev`")
    platform = RunningPlatform(port=_PORTS[worker_id])
    try:
        yield platform.start()
    finally:
        platform.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module of journeys: the machine's own, never a downloaded one.

    Gone before the next module: while its event loop runs, Django refuses the database to tests in this process.
    """
    names = os.environ.get("CHROMIUM", "chromium chromium-browser google-chrome chrome").split()
    program = next((path for name in names if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail("no Chromium on this machine: run `make test`")
    options = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


Visit = Callable[..., Page]


@contextmanager
def visits(browser: Browser, address: str) -> Iterator[Visit]:
    """`visit()` opens a page of a fresh visitor; `visit("partner", phone=True)` one who has logged in."""
    contexts: list[BrowserContext] = []

    def open_page(username: str | None = None, *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=address, viewport=PHONE if phone else DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai",
            has_touch=phone, color_scheme="dark" if dark else "light",
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if username:
            _log_in(page, username)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visits(browser, address) as open_page:
        yield open_page


def send(page: Page, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """One request in the page's own session, as its buttons would send it."""
    sent = {**token_of(page), "idempotency-key": uuid.uuid4().hex, **headers}
    if body is not None:
        sent["content-type"] = "application/json"
    answer = page.request.fetch(
        f"/api/{path}", method=method, data=json.dumps(body) if body is not None else None, headers=sent
    )
    assert answer.ok, answer.text()
    return answer.json()


def token_of(page: Page) -> dict[str, str]:
    """The headers by which a write shows that it comes from this page."""
    token = next((c["value"] for c in page.context.cookies() if c["name"].endswith("csrf")), "")
    return {"x-csrftoken": token, "referer": page.url}


def paired(coordinator: Page, partner: Page, recipient: Page, year: int = 2020) -> dict[str, Any]:
    """A pairing of the two demonstration governments that both have confirmed, whichever journey made it.

    A run for 2020 suggests the two only while they have none for that year: what comes before `test_journey` in the
    order of the folder asks for another.
    """
    query = "pairings?status=PROPOSED&status=AGREED&status=IN_FORCE&page_size=200"
    mine = [
        one
        for one in send(partner, "GET", query)["results"]
        if one["recipient"]["code"] == "130826" and _has_year(one, year)
    ]
    if not mine:
        parties = send(coordinator, "GET", "parties?search=宁河&page_size=50")["results"]
        helper = next(one for one in parties if one["kind"] == "GOVERNMENT" and "宁河区" in one["name"])
        mine = [
            send(
                coordinator, "POST", "pairings",
                {"helper": helper["id"], "recipient": "130826", "channel": COUNTY_PAIRING,
                 "start_date": f"{year}-01-01", "end_date": f"{year}-12-31"},
            )
        ]  # fmt: skip
    for page in (partner, recipient):
        now = send(page, "GET", f"pairings/{mine[0]['id']}")
        if now["status"] == "PROPOSED":
            version = {"if-match": f'"{now["version"]}"'}
            send(page, "POST", f"pairings/{now['id']}/acknowledgement", {"answer": "ACKNOWLEDGED"}, **version)
    return send(partner, "GET", f"pairings/{mine[0]['id']}")


def _has_year(pairing: dict[str, Any], year: int) -> bool:
    """Journeys may leave pairings of other years behind."""
    return pairing["start_date"] <= f"{year}-12-31" <= (pairing["end_date"] or "9999")


def published(recipient: Page, approver: Page, title: str, **given: str) -> int:
    """A need of the county that its second log-in published."""
    need = send(recipient, "POST", "needs", {
        "area": "130826", "title": title, "category": "WATER", "causes": ["WATER"], "quantity": "2.00", "unit": "座",
        "deadline_date": "2099-12-31", "performance_target": "两个村人人喝上放心水", "benefit_link": "SERVICE",
        "beneficiaries": 300, **given,
    })  # fmt: skip
    version = {"if-match": f'"{need["version"]}"'}
    send(approver, "POST", f"needs/{need['id']}/decision", {"step": "PUBLISH"}, **version)
    return int(need["id"])


def _log_in(page: Page, username: str) -> None:
    """Through the form, as a person does."""
    page.goto("/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill("xieshou-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
