"""The day's head of the chain, written outside the database."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from backend.lifecycle import chain


@shared_task(name="lifecycle.export_head")
def export_head() -> None:
    chain.export(settings.CHAIN_HEADS_FILE)
