"""Everybody gets their turn, and is told how long it takes as far as anybody knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.jobs import actions, pace
from backend.jobs.models import Job
from tests.backend.jobs.conftest import KIND, Room
from tests.backend.jobs.test_claiming import claimed

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(room: Room) -> list[User]:
    return [User.objects.create(username=name, display_name=name, role=Role.COORDINATOR) for name in ("甲", "乙")]


def enqueue(by: User | None, count: int = 1) -> list[Job]:
    return [actions.enqueue(KIND, {}, by=by) for _ in range(count)]


def end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(status="SUCCEEDED", finished_at=Now(), lease_until=None)


def test_twenty_jobs_of_one_do_not_starve_another(people: list[User]) -> None:
    busy, late = people
    many = enqueue(busy, 20)
    (one,) = enqueue(late)
    taken = []
    for _ in range(3):
        job = claimed().job
        taken.append(job)
        end(job)
    assert taken == [many[0], one, many[1]]


def test_whoever_has_nothing_at_work_comes_first(people: list[User]) -> None:
    busy, late = people
    many, theirs = enqueue(busy, 3), enqueue(late, 2)
    assert [claimed().job, claimed().job] == [many[0], theirs[0]]
    end(theirs[0])
    assert claimed().job == theirs[1]  # served later than the busy one, but with nothing at work


def test_the_platforms_own_jobs_take_turns_like_a_person(people: list[User]) -> None:
    own = enqueue(None, 5)
    (one,) = enqueue(people[0])
    assert [claimed().job for _ in range(3)] == [own[0], one, own[1]]


def test_waiting_job_knows_how_many_come_before_it(people: list[User]) -> None:
    busy, late = people
    enqueue(busy)
    claimed()
    many, (one,) = enqueue(busy, 4), enqueue(late)
    assert [pace.Line().ahead(job) for job in many] == [2, 3, 4, 5]
    assert pace.Line().ahead(one) == 2  # the one at work, and one of the others meanwhile
    assert pace.Line().ahead(claimed().job) is None


def told(seconds_ago: float) -> list[dict[str, str]]:
    return [{"name": "求解", "at": (timezone.now() - timedelta(seconds=seconds_ago)).isoformat(), "note": ""}]


def test_time_left_is_what_earlier_jobs_took_from_the_same_stage(people: list[User]) -> None:
    for took in (30, 50, 400):
        (job,) = enqueue(people[0])
        Job.objects.filter(pk=job.pk).update(status="SUCCEEDED", finished_at=Now(), stage="入库", stages=told(took))
    enqueue(people[1])
    job = claimed().job
    assert pace.seconds_left(job) is None  # no stage yet
    job.stage, job.stages = "求解", told(20)
    assert pace.seconds_left(job) in (29, 30)
    job.stages = told(60)
    assert pace.seconds_left(job) is None
    Job.objects.filter(status="SUCCEEDED").delete()
    job.stages = told(20)
    assert pace.seconds_left(job) is None
