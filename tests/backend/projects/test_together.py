"""Many at once: no yuan belongs to two projects, and both consents make one project stand."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.lifecycle.models import Event
from backend.projects.models import Allotment, Earmark, Source
from tests.backend.commitments.conftest import furnish
from tests.backend.projects.conftest import ASSET, Site
from tests.backend.together import together
from tests.backend.world import World

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 16


@pytest.fixture
def yard(committed_world: World, settings: Any, tmp_path: Path) -> Site:
    settings.PROJECT_FILES_DIR = tmp_path / "project-files"
    desk = furnish(committed_world)
    site = Site(desk, None, desk.arrived("money", "500"))  # type: ignore[arg-type]  # filled in the next line
    site.need = site.another_need()
    return site


def send(site: Site, who: str, path: str, body: dict[str, Any], version: int = 1) -> int:
    headers = {"idempotency-key": uuid.uuid4().hex, "if-match": f'"{version}"'}
    answer = site.world.client(who).post(f"/api/{path}", body, format="json", headers=headers)
    return int(answer.status_code)


def test_arrival_is_never_allotted_beyond_itself(yard: Site) -> None:
    projects = [yard.consented(), yard.consented(need=yard.another_need())]
    body = {"entry": yard.arrival.pk, "amount_yuan": "50.00"}
    codes = together(
        WRITERS, lambda number: send(yard, "longhua", f"projects/{projects[number % 2].pk}/allotments", body)
    )
    assert sorted(codes) == [201] * 10 + [409] * (WRITERS - 10)
    assert sum(one.amount_yuan for one in Allotment.objects.all()) == 500


def test_commitment_is_never_meant_for_more_than_itself(yard: Site) -> None:
    """Earmarks for two needs and plans of two projects, all of one commitment of 1000, at once."""
    lacking = [yard.another_need(cost_yuan=Decimal(5000)) for _ in range(2)]
    becoming = [yard.another_need(cost_yuan=Decimal(5000)) for _ in range(WRITERS // 2)]

    def work(number: int) -> int:
        if number % 2:
            body: dict[str, Any] = {"commitment": yard.promise.pk, "amount_yuan": "200.00"}
            return send(yard, "dongli", "earmarks", {**body, "need": lacking[number // 2 % 2].pk})
        sources = [{"commitment": yard.promise.pk, "planned_yuan": "200.00"}]
        milestones = [{"name": "开工", "due_date": "2020-06-01"}]
        plan = {**yard.plan(sources=sources, milestones=milestones), "pairing": yard.pairing.pk}
        return send(yard, "longhua", "projects", {**plan, "need": becoming[number // 2].pk})

    codes = together(WRITERS, work)
    assert sorted(codes) == [201] * 5 + [409] * (WRITERS - 5)
    meant = sum(one.amount_yuan for one in Earmark.objects.all())
    assert meant + sum(one.planned_yuan for one in Source.objects.all()) == 1000


def test_need_is_never_promised_more_than_it_lacks(yard: Site) -> None:
    lacking = yard.another_need(cost_yuan=Decimal(300))
    body = {"commitment": yard.promise.pk, "need": lacking.pk, "amount_yuan": "100.00"}
    codes = together(WRITERS, lambda number: send(yard, "dongli", "earmarks", body))
    assert sorted(codes) == [201] * 3 + [409] * (WRITERS - 3)


def test_two_sides_at_once_make_one_project_stand(yard: Site) -> None:
    project = yard.proposed()
    sides = ["dongli", "colleague"]
    codes = together(8, lambda number: send(yard, sides[number % 2], f"projects/{project.pk}/consent", {}))
    assert codes.count(201) == 2
    assert set(codes) <= {201, 409, 412}
    assert yard.fresh(project).status == "CONSENTED"
    verbs = Event.objects.filter(subject_type="projects.project", verb="agreed_by_both")
    assert verbs.count() == 1


def test_nothing_is_accepted_beside_a_closing_that_is_not_in_the_asset(yard: Site) -> None:
    """The spending is not accepted yet: either it is accepted first and counts, or the project does not close."""
    project = yard.completed()
    entry = yard.spent(project, "50")
    acceptance = {"amount_yuan": "50.00", "occurred_date": "2020-06-01", "evidence": "验收报告 2 号"}
    version = yard.fresh(project).version

    def work(number: int) -> int:
        if number:
            return send(yard, "colleague", f"ledger-entries/{entry.pk}/acceptance", acceptance)
        return send(yard, "longhua", f"projects/{project.pk}/closing", ASSET, version)

    closed, accepted = together(2, work)
    assert accepted == 201
    assert closed in (201, 409)
    if closed == 201:
        assert str(project.assets.get().value_yuan) == "250.00"
    else:
        assert yard.fresh(project).status == "COMPLETED"
