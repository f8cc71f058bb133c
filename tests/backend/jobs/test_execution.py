"""A job has one effect: its result and its end are one transaction, under a lease that still counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.db.transaction import TransactionManagementError

from backend.jobs import actions, tasks
from backend.jobs.lease import Cancelled, Heartbeat, Lease, LeaseLost
from backend.jobs.models import Job
from backend.lifecycle.actions import record
from backend.lifecycle.models import Event
from backend.web.problems import Conflict
from tests.backend.jobs.conftest import KIND, Room
from tests.backend.jobs.test_claiming import claimed, enqueue, expire


def effect(lease: Lease) -> None:
    """The effect of a job: one event, in the transaction that ends the job."""
    with transaction.atomic():
        record(lease.job, "worked", by=None, payload={"token": lease.token})
        lease.finish()


def effects(job: Job) -> list[int]:
    rows = Event.objects.filter(subject_type="jobs.job", subject_id=str(job.pk), verb="worked")
    return [row.payload["token"] for row in rows.order_by("id")]


def state(job: Job) -> tuple[str, str]:
    job.refresh_from_db()
    return job.status, job.error


@pytest.mark.django_db
def test_work_that_finishes_succeeds(room: Room) -> None:
    room.work = effect
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("SUCCEEDED", "")
    assert (job.progress, job.lease_until, effects(job)) == (1000, None, [1])
    assert job.finished_at is not None
    assert room.told == []


@pytest.mark.django_db
def test_call_to_wake_without_a_job_does_nothing(room: Room) -> None:
    tasks.work_on_next()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_work_that_raises_fails_and_its_room_is_told(room: Room) -> None:
    def broken(lease: Lease) -> None:
        raise ValueError("no data")

    room.work = broken
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("FAILED", "ValueError: no data")
    assert room.told == [(job.pk, "FAILED", "ValueError: no data")]


@pytest.mark.django_db
def test_work_that_is_refused_says_why_in_the_words_of_the_refusal(room: Room) -> None:
    def refused(lease: Lease) -> None:
        raise Conflict("没有可以结对的企业或村")

    room.work = refused
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("FAILED", "没有可以结对的企业或村")


@pytest.mark.django_db
def test_failure_after_the_effect_undoes_the_effect(room: Room) -> None:
    def late(lease: Lease) -> None:
        with transaction.atomic():
            effect(lease)
            raise ValueError("late")

    room.work = late
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("FAILED", "ValueError: late")
    assert effects(job) == []


@pytest.mark.django_db
def test_work_that_never_finishes_is_a_failure_and_not_a_silent_success(room: Room) -> None:
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("FAILED", "处理程序没有交出结果")


@pytest.mark.django_db
def test_kind_nobody_handles_fails(room: Room) -> None:
    job = actions.enqueue("unknown", {}, by=None)
    tasks.work_on_next()
    assert state(job) == ("FAILED", "没有处理程序：unknown")


def test_kind_has_one_handler(room: Room) -> None:
    with pytest.raises(RuntimeError, match=r"test\.work has a handler already"):
        actions.register(KIND, work=room.do, ended=room.ended)


@pytest.mark.django_db(transaction=True)
def test_database_that_went_away_leaves_the_job_to_the_next_attempt(room: Room) -> None:
    def unlucky(lease: Lease) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    room.work = unlucky
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("RUNNING", "")
    expire(job)
    room.work = effect
    tasks.work_on_next()
    assert state(job) == ("SUCCEEDED", "")
    assert effects(job) == [2]


@pytest.mark.django_db
def test_work_is_on_record_in_the_name_of_who_asked(room: Room) -> None:
    def look(lease: Lease) -> None:
        Job.objects.filter(pk=lease.job.pk).update(stage="x")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('pghistory.context_metadata')::jsonb")
            seen.append(cursor.fetchone()[0])
        effect(lease)

    seen: list[str] = []
    room.work = look
    job = actions.enqueue(KIND, {}, by=None)
    Job.objects.filter(pk=job.pk).update(requested_by_id=7, requested_by_label="甲（协调员）")
    tasks.work_on_next()
    assert f'"job": {job.pk}' in seen[0]
    assert '"actor": 7' in seen[0]


# --- a worker that was thought dead ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_worker_thought_dead_cannot_write_its_result(room: Room) -> None:
    job = enqueue()
    zombie = claimed()
    expire(job)
    heir = claimed()
    with pytest.raises(LeaseLost):
        effect(zombie)
    effect(heir)
    assert effects(job) == [2]
    with pytest.raises(LeaseLost):
        effect(zombie)
    assert effects(job) == [2]


@pytest.mark.django_db
def test_without_the_token_both_would_have_written(room: Room) -> None:
    """The negative control: what `finish` prevents."""
    job = enqueue()
    for _ in range(2):
        lease = claimed()
        expire(job)
        with transaction.atomic():
            record(lease.job, "worked", by=None, payload={"token": lease.token})
    assert effects(job) == [1, 2]


@pytest.mark.django_db
def test_worker_thought_dead_that_fails_does_not_fail_its_heir(room: Room) -> None:
    def overtaken(lease: Lease) -> None:
        expire(lease.job)
        heirs.append(claimed())
        raise ValueError("the zombie stumbles")

    heirs: list[Lease] = []
    room.work = overtaken
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("RUNNING", "")
    effect(heirs[0])
    assert state(job) == ("SUCCEEDED", "")


@pytest.mark.django_db
def test_every_step_of_a_worker_thought_dead_is_stopped(room: Room) -> None:
    job = enqueue()
    zombie = claimed()
    expire(job)
    claimed()
    with pytest.raises(LeaseLost):
        zombie.check()
    with pytest.raises(LeaseLost):
        zombie.stage("求解", 500)
    assert zombie.renew() is False


@pytest.mark.django_db(transaction=True)
def test_finish_outside_of_the_results_transaction_is_a_programming_error(room: Room) -> None:
    enqueue()
    lease = claimed()
    with pytest.raises(TransactionManagementError, match=r"finish\(\) belongs into the transaction"):
        lease.finish()


# --- progress and cancelling -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_stages_are_kept_in_the_order_they_were_reached(room: Room) -> None:
    job = enqueue()
    lease = claimed()
    lease.stage("快照", 50)
    lease.stage("求解", 500, "1 万条边")
    job.refresh_from_db()
    assert (job.stage, job.progress) == ("求解", 500)
    assert [(one["name"], one["note"]) for one in job.stages] == [("快照", ""), ("求解", "1 万条边")]


@pytest.mark.django_db
def test_second_attempt_replaces_the_stages_of_the_first(room: Room) -> None:
    job = enqueue()
    claimed().stage("快照", 50, "第一次")
    expire(job)
    claimed().stage("快照", 50, "第二次")
    job.refresh_from_db()
    assert [(one["name"], one["note"]) for one in job.stages] == [("快照", "第二次")]


@pytest.mark.django_db
def test_waiting_job_is_cancelled_at_once(room: Room) -> None:
    job = enqueue()
    actions.cancel(job.pk)
    assert state(job) == ("CANCELLED", "已按要求取消")
    assert room.told == [(job.pk, "CANCELLED", "已按要求取消")]


@pytest.mark.django_db
def test_running_job_is_cancelled_at_its_next_step(room: Room) -> None:
    def work(lease: Lease) -> None:
        lease.stage("快照", 50)
        actions.cancel(lease.job.pk)
        with pytest.raises(Cancelled):
            lease.check()
        lease.stage("求解", 500)
        raise AssertionError("not reached")

    room.work = work
    job = enqueue()
    tasks.work_on_next()
    assert state(job) == ("CANCELLED", "已按要求取消")
    assert job.stage == "快照"
    assert len(room.told) == 1


@pytest.mark.django_db
def test_cancelling_twice_keeps_the_first_time(room: Room) -> None:
    job = enqueue()
    claimed()
    first = actions.cancel(job.pk).cancel_requested_at
    assert actions.cancel(job.pk).cancel_requested_at == first


@pytest.mark.django_db
def test_cancel_that_comes_after_the_result_is_refused(room: Room) -> None:
    room.work = effect
    job = enqueue()
    tasks.work_on_next()
    with pytest.raises(Conflict, match="任务已结束（已完成），不能取消"):
        actions.cancel(job.pk)


# --- the heartbeat ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_heartbeat_extends_the_lease_while_the_work_goes_on(room: Room, settings: Any) -> None:
    settings.JOB_LEASE_SECONDS = 0.3
    job = enqueue()
    lease = claimed()
    began = lease.job.heartbeat_at
    with Heartbeat(lease):
        for _ in range(200):
            job.refresh_from_db()
            if job.heartbeat_at != began:
                break
            connection.cursor().execute("SELECT pg_sleep(0.05)")
    assert job.heartbeat_at is not None
    assert began is not None
    assert job.heartbeat_at > began
    assert job.lease_until is not None
    assert job.lease_until - job.heartbeat_at == timedelta(seconds=0.3)


@pytest.mark.django_db(transaction=True)
def test_heartbeat_stops_when_the_lease_is_lost(room: Room, settings: Any) -> None:
    settings.JOB_LEASE_SECONDS = 0.3
    job = enqueue()
    lease = claimed()
    with Heartbeat(lease):
        Job.objects.filter(pk=job.pk).update(attempts=2, lease_until=Now() + timedelta(hours=1))
        connection.cursor().execute("SELECT pg_sleep(0.4)")
    job.refresh_from_db()
    assert job.lease_until is not None
    assert job.heartbeat_at is not None
    assert job.lease_until - job.heartbeat_at > timedelta(minutes=59)
