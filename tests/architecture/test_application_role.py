"""The whole flow with the rights of the application's role: what it lacks for the record it must not need elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import RequestFactory

from backend.accounts import actions as accounts
from backend.jobs import actions as jobs
from backend.lifecycle import chain
from backend.pairings.models import Pairing
from backend.pairings.review_models import Publication
from backend.runs.models import Run
from tests.backend.world import POLICY, YEAR, World
from tests.backend.world import build as build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> Iterator[World]:
    """Reference data come with the owner's rights, everything after with the application's."""
    settings.RUNS_DIR = tmp_path / "runs"
    one = build_world()
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE xieshou_app")
    yield one
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def send(world: World, who: str, path: str, body: dict[str, Any] | None = None, version: int = 1) -> Any:
    headers = {"idempotency-key": uuid.uuid4().hex, "if-match": f'"{version}"'}
    response = world.client(who).post(f"/api/{path}", body or {}, format="json", headers=headers)
    connection.check_constraints()  # as a commit would: seals, recorded moves
    assert response.status_code in (200, 201), response.content.decode()
    return response.json()


def test_tests_of_this_file_run_with_the_applications_rights(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("xieshou_app",)


def test_whole_flow_needs_no_more_than_the_applications_rights(world: World) -> None:
    policy = send(
        world, "coordinator", "policies", {**POLICY, "channel": world.channel.code, "based_on": 1, "four_eyes": True}
    )
    run = send(world, "coordinator", "runs", {"policy": policy["id"], "year": YEAR})
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    assert Run.objects.get(pk=run["id"]).status == "READY"

    rows = world.client("coordinator").get(f"/api/runs/{run['id']}/suggestions").json()["results"]
    mine = next(row for row in rows if row["helper"]["name"].endswith("东丽区人民政府"))
    other = next(row for row in rows if row != mine)
    for suggestion in (mine, other):
        looks = f"suggestions/{suggestion['id']}/second-look"
        send(world, "coordinator", f"runs/{run['id']}/assignments", {"suggestions": [suggestion["id"]], "to": "second"})
        send(world, "coordinator", f"suggestions/{suggestion['id']}/decision", {"verdict": "ACCEPTED", "reason": ""})
        send(world, "second", looks, {"step": "UNDO", "reason": "再议"})
        send(world, "coordinator", f"suggestions/{suggestion['id']}/decision", {"verdict": "ACCEPTED", "reason": ""})
        send(world, "second", looks, {"step": "CONFIRM"})
        send(world, "coordinator", f"runs/{run['id']}/publications", {"suggestions": [suggestion["id"]]})
    taken_back = Publication.objects.get(pairings__suggestion=other["id"])
    send(world, "coordinator", f"publications/{taken_back.pk}/taking-back", {"reason": "再商量"})
    pairing = Pairing.objects.select_related("recipient").get(suggestion=mine["id"])
    county = next(name for name, area in world.areas.items() if area == pairing.recipient)

    for side in ("dongli", county):
        send(world, side, f"pairings/{pairing.pk}/acknowledgement", {"answer": "ACKNOWLEDGED", "reason": ""})
    pairing.refresh_from_db()
    assert pairing.status == "AGREED"

    promise = {"kind": "FISCAL_AID", "mode": "DIRECT", "year": YEAR, "title": "资金", "amount_yuan": "1000.00"}
    commitment = send(world, "dongli", "commitments", {"pairing": pairing.pk, **promise})
    arrival = {"amount_yuan": "400.00", "occurred_date": f"{YEAR}-06-01"}
    reported = send(world, "dongli", f"commitments/{commitment['id']}/arrivals", arrival)
    entry = next(one["id"] for one in reported["entries"] if one["stage"] == "ARRIVED")
    send(world, county, f"ledger-entries/{entry}/confirmation", {"answer": "CONFIRMED"})

    figures = world.client("coordinator").get("/api/workbench").json()
    assert figures["money"]["confirmed_arrived"] == "400.00"
    assert chain.verify() == []


def test_accounts_log_in_and_change_their_password_with_the_applications_rights(world: World) -> None:
    user = world.users["dongli"]
    user.set_password("a-long-enough-password")
    user.save()
    request = RequestFactory().post("/api/session")
    assert authenticate(request, username="dongli", password="wrong") is None
    assert authenticate(request, username="dongli", password="a-long-enough-password") == user
    accounts.change_password(current="a-long-enough-password", new="another-long-password", by=user)


def test_run_is_cancelled_with_the_applications_rights(world: World) -> None:
    run = send(world, "coordinator", "runs", {"policy": world.policy.pk, "year": YEAR})
    assert send(world, "coordinator", f"runs/{run['id']}/cancel")["status"] == "CANCELLED"
