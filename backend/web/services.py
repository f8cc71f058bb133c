"""Whether what the platform stands on answers: database, broker, worker."""

from __future__ import annotations

import logging
import threading
import time

from celery import current_app
from django.db import DatabaseError, connection

_logger = logging.getLogger(__name__)
_FRESH_SECONDS = 5.0
_PATIENCE_SECONDS = 1.0

_lock = threading.Lock()
_background: tuple[float, dict[str, bool]] | None = None


def look() -> dict[str, bool]:
    """State of each service. The database is asked every time; broker and worker at most every few seconds, so that
    nobody can load them by asking."""
    return {"database": _database(), **_broker_and_worker()}


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_and_worker() -> dict[str, bool]:
    global _background
    with _lock:
        if _background is None or time.monotonic() - _background[0] > _FRESH_SECONDS:
            broker = _broker()
            _background = (time.monotonic(), {"broker": broker, "worker": broker and _worker()})
        return _background[1]


def _broker() -> bool:
    try:
        with current_app.connection_for_write(connect_timeout=_PATIENCE_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=_PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001  (each transport raises errors of its own)
        _logger.warning("the broker does not answer")
        return False
    return True


def _worker() -> bool:
    try:
        return bool(current_app.control.ping(timeout=_PATIENCE_SECONDS, limit=1))
    except Exception:  # noqa: BLE001  (likewise)
        _logger.warning("the broker went away while the worker was asked")
        return False
