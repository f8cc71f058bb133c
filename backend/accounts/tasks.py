"""What is over is forgotten."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(name="accounts.forget_expired_sessions")
def forget_expired_sessions() -> None:
    call_command("clearsessions")
