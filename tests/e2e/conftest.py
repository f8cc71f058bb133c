"""The whole platform as `make run` starts it, in a folder of its own, and a real browser before it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240
PATIENCE_MS = 60_000  # a slow machine is no failure; what never comes is
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# What the other tests set for themselves; the platform makes its own.
OURS = (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "BROKER_URL",
    "DATA_DIR",
    "SECRET_KEY",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
)

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the platform answers, with reference and demonstration data and nothing decided yet."""
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        pytest.fail("frontend/dist is not built: run `make setup-dev`")
    data = tmp_path_factory.mktemp("platform")
    # The database runs under an account of its own and must be able to enter the folders above its data.
    for folder in (data, *data.parents[:2]):
        with contextlib.suppress(PermissionError):
            folder.chmod(0o755)
    log = (data / "supervisor.log").open("w+")
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "backend.embedded", "run", "--data", str(data), "--port", "8321"],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield _address(supervisor, data)
    finally:
        supervisor.send_signal(signal.SIGINT)
        supervisor.wait(60)
        log.close()


def _address(supervisor: subprocess.Popen[bytes], data: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and supervisor.poll() is None:
        note = data / "running.json"
        if note.exists() and (told := json.loads(note.read_text())).get("address"):
            return str(told["address"]).rstrip("/")
        time.sleep(0.2)
    raise RuntimeError(f"the platform did not come up:\n{(data / 'supervisor.log').read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys: the machine's own, never a downloaded one."""
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


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
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


def _log_in(page: Page, username: str) -> None:
    """Through the form, as a person does."""
    page.goto("/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill("xieshou-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/login"))
