"""Every page for everybody: WCAG 2.2 AA by axe, no scrolling sideways; on a desk by day, on a phone by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from backend.embedded.services import ROOT
from tests.e2e.conftest import Visit, paired, published, send, token_of, visits
from tests.plugins.platform import until

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def places(browser: Browser, address: str) -> Iterator[dict[str, str]]:
    """What stands for the parts of a path: records with something on them."""
    with visits(browser, address) as visit:
        yield _made(*(visit(who) for who in ("coordinator", "partner", "recipient", "approver")))


def _made(coordinator: Page, partner: Page, recipient: Page, approver: Page) -> dict[str, str]:
    policy = send(coordinator, "GET", "policies")["results"][0]["id"]
    earlier, run = (send(coordinator, "POST", "runs", {"policy": policy})["id"] for _ in range(2))
    pairing = paired(coordinator, partner, recipient)["id"]
    promise = {"pairing": pairing, "kind": "SOCIAL_AID", "mode": "DIRECT", "year": 2020, "title": "【演示】捐款"}
    commitment = send(partner, "POST", "commitments", promise | {"amount_yuan": "5000.00"})["id"]
    agreement = {
        "kind": "FRAMEWORK", "pairing": pairing, "title": "【演示】框架协议", "start_date": "2020-01-01",
        "end_date": "2020-12-31", "clauses": [{"heading": "总则", "text": "互利"}], "targets": [],
    }  # fmt: skip
    known = {
        "earlier": earlier, "run": run, "pairing": pairing, "commitment": commitment,
        "agreement": send(partner, "POST", "agreements", agreement)["id"],
        "firm": send(coordinator, "GET", "parties?kind=ENTERPRISE")["results"][0]["id"],
        "need": send(recipient, "GET", "needs")["results"][0]["id"],
        "import": _uploaded(recipient),
        **_projects(partner, recipient, approver, pairing, commitment),
    }  # fmt: skip
    until(lambda: all(send(coordinator, "GET", f"runs/{one}")["status"] == "READY" for one in (earlier, run)))
    return {name: str(pk) for name, pk in known.items()} | {"county": "130826"}


def _projects(partner: Page, recipient: Page, approver: Page, pairing: int, commitment: int) -> dict[str, int]:
    """One that waits for consent, one with money and work under way."""
    plan = {
        "pairing": pairing, "construction_type": "NEW", "responsible_unit": "县水务局", "start_date": "2020-06-01",
        "end_date": "2020-10-31", "sources": [{"commitment": commitment, "planned_yuan": "2000.00"}],
        "milestones": [{"name": "通水", "due_date": "2020-10-31"}],
    }  # fmt: skip
    proposed, project = (
        send(recipient, "POST", "projects", plan | {"need": published(recipient, approver, f"【演示】{title}")})["id"]
        for title in ("蓄水池", "水窖")
    )
    for page in (partner, approver):
        send(page, "POST", f"projects/{project}/consent", **{"if-match": '"1"'})
    send(recipient, "POST", f"projects/{project}/decision", {"step": "START"}, **{"if-match": '"2"'})
    sent = {"amount_yuan": "2000.00", "occurred_date": "2020-05-01"}
    entries = send(partner, "POST", f"commitments/{commitment}/arrivals", sent)["entries"]
    arrival = next(one["id"] for one in entries if one["stage"] == "ARRIVED")
    send(recipient, "POST", f"ledger-entries/{arrival}/confirmation", {"answer": "CONFIRMED"})
    send(recipient, "POST", f"projects/{project}/allotments", {"entry": arrival, "amount_yuan": "1500.00"})
    spent = {"commitment": commitment, "amount_yuan": "900.00", "occurred_date": "2020-07-01"}
    send(recipient, "POST", f"projects/{project}/spendings", spent)
    return {"proposed": proposed, "project": project}


def _uploaded(page: Page) -> int:
    """A table whose one row has faults."""
    table: FilePayload = {
        "name": "需求.csv",
        "mimeType": "text/csv",
        "buffer": "地区代码,需求名称\n130826,【演示】水渠\n".encode(),
    }
    answer = page.request.post("/api/imports", multipart={"listed": "needs", "file": table}, headers=token_of(page))
    assert answer.ok, answer.text()
    return int(answer.json()["id"])


PAGES = {
    None: [
        "login", "join", "invitation", "counties", "counties/{county}", "counties/130800", "programmes", "needs",
        "parties", "parties/{firm}", "parties/{firm}/results", "nowhere",
    ],
    "coordinator": [
        "workbench", "programmes/policy", "runs", "runs/{run}", "runs/{run}/review",
        "runs/compare?a={earlier}&b={run}", "pairings", "pairings/new", "parties/{firm}",
    ],
    "partner": [
        "inbox", "pairings/{pairing}", "agreements", "agreements/new?pairing={pairing}", "agreements/{agreement}",
        "agreements/{agreement}/change", "commitments", "commitments/new", "commitments/year",
        "commitments/{commitment}/arrival", "commitments/differences", "projects", "projects/{proposed}", "assets",
        "allocation",
    ],
    "recipient": [
        "needs/{need}", "needs/new", "needs/{need}/change", "imports", "imports/{import}", "commitments/{commitment}",
        "counties/{county}/balance", "projects/new", "projects/{project}", "projects/{proposed}/change",
    ],
    "company": ["organisation", "villages", "villages?view=map&county=130826", "interests"],
    "federation": ["registrations", "registrations/{firm}", "villages?party={firm}"],
}  # fmt: skip


def test_no_page_of_the_application_is_missing_here() -> None:
    source = (ROOT / "frontend" / "src" / "app" / "router.tsx").read_text(encoding="utf-8")
    routes = {re.sub(r":\w+", "*", route) for route in re.findall(r"page\('([^']+)'", source)}
    walked = {re.sub(r"\{\w+\}", "*", path.partition("?")[0]) for paths in PAGES.values() for path in paths}
    assert routes - walked == set()


@pytest.mark.parametrize("phone", [False, True], ids=["desk by day", "phone by night"])
def test_no_page_shuts_anybody_out(visit: Visit, places: dict[str, str], phone: bool) -> None:
    found: dict[str, Any] = {}
    for who, paths in PAGES.items():
        page = visit(who, phone=phone, dark=phone)
        for path in paths:
            page.goto("/" + path.format(**places))
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            page.wait_for_load_state("networkidle")
            if faults := [*violations(page), *too_wide(page)]:
                found[path] = faults
    assert found == {}


def violations(page: Page) -> list[str]:
    """What axe finds, as "rule: the first elements concerned".

    On a screen as high as the page: what merely waits behind the bar at the lower edge can be scrolled from there.
    """
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": page.evaluate("document.documentElement.scrollHeight")})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    page.set_viewport_size(size)
    return [f"{one['id']}: {[node['target'] for node in one['nodes'][:4]]}" for one in result["violations"]]


def too_wide(page: Page) -> list[str]:
    """Whether the page scrolls sideways."""
    width, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} px wide on a screen of {screen} px"] if width > screen else []
