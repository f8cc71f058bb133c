"""Jobs are taken oldest first, by one worker each, and taken again when their lease ran out."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.jobs import actions, tasks
from backend.jobs.lease import Lease
from backend.jobs.models import Job
from tests.backend.jobs.conftest import KIND, Room
from tests.backend.together import together


def enqueue(**given: int) -> Job:
    return actions.enqueue(KIND, {"n": 1}, by=None, **given)


def claimed() -> Lease:
    lease = actions.claim()
    assert lease is not None
    return lease


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_job_waits_with_its_requester(room: Room) -> None:
    user = User.objects.create(username="a", display_name="甲", role=Role.COORDINATOR)
    job = actions.enqueue(KIND, {"n": 1}, by=user)
    assert (job.status, job.payload, job.requested_by_id, job.requested_by_label) == (
        "QUEUED",
        {"n": 1},
        user.pk,
        "甲（协调员）",
    )


@pytest.mark.django_db
def test_claim_takes_the_oldest_and_says_who_holds_it(room: Room) -> None:
    first, _second = enqueue(), enqueue()
    lease = claimed()
    assert (lease.job.pk, lease.token) == (first.pk, 1)
    assert lease.job.status == "RUNNING"
    assert lease.job.leased_by.endswith(f":{os.getpid()}")
    assert lease.job.lease_until is not None
    assert lease.job.lease_until > timezone.now()
    assert lease.job.started_at is not None


@pytest.mark.django_db
def test_nothing_to_do_is_none(room: Room) -> None:
    assert actions.claim() is None


@pytest.mark.django_db
def test_job_under_a_lease_is_not_taken(room: Room) -> None:
    enqueue()
    claimed()
    assert actions.claim() is None


@pytest.mark.django_db
def test_job_whose_lease_ran_out_is_taken_again_with_the_next_token(room: Room) -> None:
    job = enqueue()
    first = claimed()
    began = first.job.started_at
    expire(job)
    second = claimed()
    assert (second.job.pk, second.token) == (job.pk, 2)
    assert second.job.started_at == began


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "CANCELLED"])
def test_ended_job_is_never_taken(room: Room, status: str) -> None:
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(status=status, finished_at=Now())
    assert actions.claim() is None


@pytest.mark.django_db
def test_attempts_are_capped(room: Room) -> None:
    job = enqueue(max_attempts=2)
    for _ in range(2):
        claimed()
        expire(job)
    assert actions.claim() is None
    job.refresh_from_db()
    assert (job.status, job.error) == ("FAILED", "尝试 2 次均未完成")
    assert room.told == [(job.pk, "FAILED", "尝试 2 次均未完成")]


@pytest.mark.django_db
def test_room_that_cannot_take_the_news_does_not_block_the_queue(room: Room) -> None:
    room.takes_the_news = False
    poisoned, waiting = enqueue(max_attempts=1), enqueue()
    claimed()
    expire(poisoned)
    assert claimed().job.pk == waiting.pk
    poisoned.refresh_from_db()
    assert poisoned.status == "FAILED"


@pytest.mark.django_db
def test_job_cancelled_while_its_worker_was_dead_is_not_begun_again(room: Room) -> None:
    job = enqueue()
    claimed()
    actions.cancel(job.pk)
    expire(job)
    assert actions.claim() is None
    job.refresh_from_db()
    assert job.status == "CANCELLED"
    assert room.told == [(job.pk, "CANCELLED", "已按要求取消")]


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_the_jobs_without_taking_one_twice(room: Room) -> None:
    jobs = {enqueue().pk for _ in range(20)}

    def worker(_: int) -> list[int]:
        taken = []
        while lease := actions.claim():
            taken.append(lease.job.pk)
        return taken

    taken = [pk for one in together(8, worker) for pk in one]
    assert len(taken) == len(jobs)
    assert set(taken) == jobs


@pytest.mark.django_db(transaction=True)
def test_job_of_a_transaction_that_failed_never_was(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(actions, "wake", lambda: woken.append(1))

    def fails() -> None:
        with transaction.atomic():
            enqueue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not Job.objects.exists()
    assert woken == []
    enqueue()
    assert woken == [1]


# --- sweeping --------------------------------------------------------------------------------------------------


@pytest.fixture
def woken(room: Room, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    monkeypatch.setattr(actions, "wake", lambda: calls.append(1))
    return calls


@pytest.mark.django_db
def test_sweep_wakes_for_each_job_nobody_holds(woken: list[int]) -> None:
    waiting, _running, expired = enqueue(), enqueue(), enqueue()
    for _ in range(3):
        claimed()
    Job.objects.filter(pk=waiting.pk).update(status="QUEUED", lease_until=None)
    expire(expired)
    assert actions.sweep() == 2
    assert woken == [1, 1]


@pytest.mark.django_db
def test_sweep_wakes_a_handful_at_a_time(woken: list[int]) -> None:
    for _ in range(15):
        enqueue()
    tasks.sweep()
    assert len(woken) == 10


@pytest.mark.django_db
def test_lost_wake_up_call_loses_no_job(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("broker down")

    monkeypatch.undo()
    monkeypatch.setattr(actions, "_handlers", {})
    monkeypatch.setattr(actions.current_app, "send_task", unreachable)
    actions.wake()  # no error reaches the request
    job = enqueue()
    assert claimed().job.pk == job.pk


@pytest.mark.django_db
def test_call_to_wake_goes_stale(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, object]] = []
    monkeypatch.undo()
    monkeypatch.setattr(
        actions.current_app, "send_task", lambda name, **options: sent.append({"name": name, **options})
    )
    actions.wake()
    assert sent == [{"name": "jobs.work_on_next", "retry": False, "expires": 15}]


# --- what the table itself refuses -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "RUNNING"}, "running_job_has_a_lease"),
        ({"status": "SUCCEEDED"}, "ended_job_says_when"),
        ({"finished_at": Now()}, "ended_job_says_when"),
        ({"progress": 1001}, "job_progress_in_permille"),
    ],
)
def test_job_that_makes_no_sense_cannot_be_stored(room: Room, changes: dict[str, object], constraint: str) -> None:
    job = enqueue()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**changes)
