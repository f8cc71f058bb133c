"""What nobody entered is forgotten after a while: the rows and the file; the line that it was there stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.exchange.actions import discard
from backend.exchange.models import Import

WAITING = (Import.Status.FAULTY, Import.Status.READY)
_CAME_TO_NOTHING = (Import.Status.REFUSED, Import.Status.DISCARDED, Import.Status.FAILED)


def kept_until(batch: Import) -> datetime | None:
    """When an import that waits for its uploader is given up; None for one that does not wait."""
    ended = batch.job.finished_at
    return ended + timedelta(days=settings.IMPORT_KEPT_DAYS) if ended and batch.status in WAITING else None


def forget() -> int:
    """Give up what has waited too long, then remove the files that came to nothing; how many imports were given up."""
    limit = timezone.now() - timedelta(days=settings.IMPORT_KEPT_DAYS)
    stale = Import.objects.filter(status__in=WAITING, job__finished_at__lt=limit)
    given_up = sum(_give_up(stale.filter(pk=pk)) for pk in stale.values_list("pk", flat=True))
    _remove_files(limit)
    return given_up


def _give_up(stale: QuerySet[Import]) -> bool:
    """One at a time: whoever enters or discards it at this moment is left to it."""
    with transaction.atomic():
        batch = stale.select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
        if batch is not None:
            discard(batch, by=None, reason=f"{settings.IMPORT_KEPT_DAYS} 天没有入库，自动清理")
        return batch is not None


def _remove_files(limit: datetime) -> None:
    """Those that no import needs any more, and those of uploads that never became one."""
    needed = set(Import.objects.exclude(status__in=_CAME_TO_NOTHING).values_list("stored", flat=True))
    if settings.UPLOADS_DIR.is_dir():
        for file in settings.UPLOADS_DIR.iterdir():
            if file.name not in needed and file.stat().st_mtime < limit.timestamp():
                file.unlink()
