"""What is done with the ledger every night."""

from __future__ import annotations

import logging

from celery import shared_task

from backend.commitments.reconciling import reconcile

_logger = logging.getLogger(__name__)


@shared_task(name="commitments.reconcile")
def reconcile_ledgers() -> None:
    outcome = reconcile()
    if outcome.findings:
        _logger.error("reconciliation %s: %s figures do not agree", outcome.pk, len(outcome.findings))
