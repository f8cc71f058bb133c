"""kill -9 in the middle: no job lost, none done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from backend.jobs import actions, tasks
from backend.jobs.models import Job
from tests.backend.jobs.conftest import Room
from tests.backend.jobs.test_claiming import enqueue, expire
from tests.backend.jobs.test_execution import effect, effects

# A worker of its own process. It stops where `argv[1]` says and waits there to be killed.
WORKER = """
import os, sys, time
import django
django.setup()
from django.db import transaction
from backend.jobs import actions
from backend.lifecycle.actions import record

def wait_here(where):
    if sys.argv[1] == where:
        print("here", flush=True)
        time.sleep(600)

def work(lease):
    lease.stage("begun", 100)
    wait_here("before")
    with transaction.atomic():
        record(lease.job, "worked", by=None, payload={"token": lease.token})
        wait_here("inside")
        lease.finish()
        wait_here("uncommitted")
    wait_here("after")

actions.register("test.work", work=work, ended=lambda job, status, error: None)
actions.work_on(actions.claim())
"""


def killed_worker(where: str) -> None:
    """Start a worker, let it come to `where`, kill it there."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@{database['HOST'].replace('/', '%2F')}/{database['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "backend.config.settings"}
    root = Path(actions.__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, where], env=environment, cwd=root, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "here"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["before", "inside", "uncommitted"])
def test_job_of_a_killed_worker_is_done_once_by_the_next(room: Room, where: str) -> None:
    room.work = effect
    job = enqueue()
    killed_worker(where)
    job.refresh_from_db()
    assert (job.status, job.attempts, effects(job)) == ("RUNNING", 1, [])
    assert actions.claim() is None  # its lease still counts: it might be slow and not dead
    expire(job)
    tasks.work_on_next()
    job.refresh_from_db()
    assert (job.status, job.attempts, effects(job)) == ("SUCCEEDED", 2, [2])


@pytest.mark.django_db(transaction=True)
def test_job_whose_worker_died_after_the_result_stays_done(room: Room) -> None:
    room.work = effect
    job = enqueue()
    killed_worker("after")
    Job.objects.filter(pk=job.pk, status="RUNNING").update(lease_until=None)
    assert actions.sweep() == 0
    tasks.work_on_next()
    job.refresh_from_db()
    assert (job.status, job.attempts, effects(job)) == ("SUCCEEDED", 1, [1])
