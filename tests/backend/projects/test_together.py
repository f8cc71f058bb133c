"""Many at once: no yuan belongs to two projects, and both consents make one project stand."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from backend.lifecycle.models import Event
from backend.projects.models import Allotment
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
