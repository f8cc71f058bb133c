"""The kinds of job this room owns, and what it forgets at night."""

from __future__ import annotations

from celery import shared_task

from backend.exchange import actions, forgetting, work
from backend.jobs.actions import register

register(actions.READ, work=work.read, ended=work.ended)
register(actions.COMMIT, work=work.commit, ended=work.ended)
register(actions.UNDO, work=work.undo, ended=work.ended)


@shared_task(name="exchange.forget")
def forget() -> None:
    forgetting.forget()
