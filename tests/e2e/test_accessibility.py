"""Every page for everybody: WCAG 2.2 AA by axe, no scrolling sideways; on a desk by day, on a phone by night."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.embedded.services import ROOT
from tests.e2e.conftest import Visit
from tests.plugins.platform import Visitor, until

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def places(address: str) -> dict[str, str]:
    """Paths with something on them: a run, a pairing that both sides confirmed, a commitment with an arrival."""
    coordinator = Visitor(address)
    coordinator.log_in("coordinator")
    policy = coordinator.get("/api/policies")["results"][0]["id"]
    run = coordinator.post("/api/runs", {"policy": policy})["id"]
    until(lambda: coordinator.get(f"/api/runs/{run}")["status"] == "READY")
    known = coordinator.get("/api/pairings?status=IN_FORCE")["results"][0]
    firm = coordinator.get("/api/parties?kind=ENTERPRISE")["results"][0]
    return {
        "{firm}": str(firm["id"]),
        "{run}": str(run),
        "{pairing}": str(known["id"]),
        "{county}": known["recipient"]["code"],
    }


PAGES = [
    (None, "/login"),
    (None, "/counties"),
    (None, "/counties/{county}"),
    (None, "/programmes"),
    (None, "/needs"),
    (None, "/join"),
    (None, "/invitation"),
    (None, "/parties"),
    ("recipient", "/needs/5"),
    ("recipient", "/needs/new"),
    ("coordinator", "/workbench"),
    ("coordinator", "/programmes/policy"),
    ("coordinator", "/runs"),
    ("coordinator", "/runs/{run}"),
    ("coordinator", "/runs/{run}/review"),
    ("coordinator", "/pairings"),
    ("coordinator", "/pairings/new"),
    ("coordinator", "/pairings/{pairing}"),
    ("coordinator", "/parties/{firm}"),
    ("coordinator", "/nowhere"),
    ("partner", "/inbox"),
    ("partner", "/commitments"),
    ("partner", "/commitments/new"),
    ("company", "/organisation"),
    ("federation", "/registrations"),
    ("federation", "/registrations/{firm}"),
]


@pytest.mark.parametrize("phone", [False, True], ids=["desk by day", "phone by night"])
def test_no_page_shuts_anybody_out(visit: Visit, places: dict[str, str], phone: bool) -> None:
    found: dict[str, Any] = {}
    for who in (None, "coordinator", "partner", "recipient"):
        page = visit(who, phone=phone, dark=phone)
        for path in (path for whose, path in PAGES if whose == who):
            for word, value in places.items():
                path = path.replace(word, value)
            page.goto(path)
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
