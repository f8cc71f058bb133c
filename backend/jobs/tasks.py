"""Celery's side: wake-up calls. Losing one loses nothing, doubling one does nothing twice."""

from __future__ import annotations

from celery import shared_task

from backend.jobs import actions


@shared_task(name=actions.WAKE_TASK)
def work_on_next() -> None:
    if lease := actions.claim():
        actions.work_on(lease)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    actions.sweep()
