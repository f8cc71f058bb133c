"""A policy whose least numbers cannot be met is told the highest that can, and a run under these is proven."""

from __future__ import annotations

from typing import Any

import pytest

from backend.jobs import actions as jobs
from backend.programmes import actions as programmes
from backend.runs.models import Run
from tests.backend.firm_world import FIRM_POLICY, FirmWorld, build_firms, firm
from tests.backend.runs.firms.test_execution import execute
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World) -> FirmWorld:
    return build_firms(world)


def run_with(made: FirmWorld, **changes: Any) -> Run:
    given = FIRM_POLICY | changes
    made.policy = programmes.publish_policy(channel=made.channel, based_on=None, by=None, **given)
    return execute(made)


def cured(made: FirmWorld, run: Run) -> Run:
    answer = made.world.client("coordinator").post(f"/api/runs/{run.pk}/cure")
    assert answer.status_code == 201, answer.json()
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    return Run.objects.get(pk=answer.json()["id"])


@pytest.mark.parametrize(
    ("bounds", "more", "changes"),
    [
        ({"recipient_min": 1, "helper_max": 1}, 0, [("RECIPIENT", 1, 0)]),
        ({"recipient_min": 2, "recipient_max": 2}, 0, [("RECIPIENT", 2, 1)]),
        ({"helper_min": 1}, 4, [("HELPER", 1, 0)]),
    ],
    ids=["too few firms", "second firm for each", "more firms than villages"],
)
def test_highest_bounds_that_can_be_met_are_proposed_and_applied(
    made: FirmWorld, bounds: dict[str, Any], more: int, changes: list[tuple[str, int, int]]
) -> None:
    for number in range(more):
        firm(made.world, f"第{number}公司", "maqu", "A", (), 1)
    run = run_with(made, **bounds)
    assert run.status == Run.Status.INFEASIBLE
    assert run.conflict is not None
    told = run.conflict["cure"]["changes"]
    assert [(one["side"], one["was"], one["to"]) for one in told] == changes
    assert all(str(one["to"]) in one["zh"] for one in told)
    again = cured(made, run)
    assert again.status == Run.Status.READY
    assert {f"{side.lower()}_min": to for side, _, to in changes}.items() <= vars(again.policy).items()
    assert (again.policy.helper_max, again.policy.exceptions.count()) == (made.policy.helper_max, 0)
