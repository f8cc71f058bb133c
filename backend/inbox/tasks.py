"""What is written to people every day."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from backend.inbox import digest

_logger = logging.getLogger(__name__)


@shared_task(name="inbox.digest")
def send_digests() -> None:
    _logger.info("%s digests sent", digest.send_all(timezone.localdate()))
