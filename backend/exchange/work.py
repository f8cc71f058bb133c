"""The worker's side: reading a file into the staging table, entering the staged rows, taking them back.

Each begins anew after a crash at any point: nothing is seen before the transaction that also ends the job.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.exchange import staging
from backend.exchange.actions import listed_of
from backend.exchange.importable import Fault, Tell
from backend.exchange.intake import take_in
from backend.exchange.layout import NoLayout, Problem
from backend.exchange.models import Import
from backend.exchange.reader import Unreadable
from backend.jobs.actions import Lease
from backend.jobs.models import Job
from backend.lifecycle.actions import move
from backend.web.problems import Refusal, from_integrity_error

Status = Import.Status
_TOLD_EVERY = 1.0  # seconds


def _of(job: Job) -> Import:
    return Import.objects.select_related("uploaded_by__party__area", "uploaded_by__region").get(
        pk=job.payload["import"]
    )


# --- reading --------------------------------------------------------------------------------------------------------


def read(lease: Lease) -> None:
    """Read, clean and check the file; the rows and all their faults are staged at once, in the job's last write."""
    batch = _of(lease.job)
    listed = listed_of(batch)
    lease.stage("读取", 20)
    try:
        found = take_in(batch.path, listed, _teller_of_rows(lease))
    except Unreadable as error:
        _refuse(lease, batch, (Problem(error.rule, error.message),))
        return
    except NoLayout as error:
        _refuse(lease, batch, error.problems)
        return
    rows = found.rows
    lease.stage("核对", 600, f"{len(rows)} 行")
    staging.add_faults(rows, listed.check([one.row for one in rows], batch.uploaded_by))
    faulty = sum(bool(one.faults) for one in rows)
    lease.stage("暂存", 900, f"{faulty} 行有错误" if faulty else "没有错误")
    counted: dict[str, Any] = {
        "row_count": len(rows),
        "faulty_count": faulty,
        "summary": staging.summary(fault for one in rows for fault in one.faults),
    }
    said: dict[str, Any] = {"sheet": found.sheet, "layout": asdict(found.layout), "notes": found.notes}
    with transaction.atomic():
        staging.write(batch, rows)
        move(batch, Status.FAULTY if faulty else Status.READY, by=batch.uploaded_by, **counted, **said)
        lease.finish()


def _refuse(lease: Lease, batch: Import, problems: tuple[Problem, ...]) -> None:
    with transaction.atomic():
        told = [asdict(problem) for problem in problems]
        move(batch, Status.REFUSED, by=batch.uploaded_by, reason=problems[0].message, problems=told)
        lease.finish()


def _teller_of_rows(lease: Lease) -> Tell:
    """Says every second how many rows were read, and stops when the job was cancelled."""
    at = time.monotonic()

    def tell(count: int) -> None:
        nonlocal at
        if time.monotonic() - at > _TOLD_EVERY:
            at = time.monotonic()
            lease.stage("读取", min(580, 20 + count // 90), f"{count} 行")

    return tell


# --- entering and taking back ---------------------------------------------------------------------------------------


def commit(lease: Lease) -> None:
    """Enter all rows in one transaction, after checking once more what may have changed since."""
    batch = _of(lease.job)
    listed = listed_of(batch)
    lease.stage("核对", 20)
    rows = list(staging.read(batch, listed))
    faults = listed.check(rows, batch.uploaded_by)
    if faults:
        _return_faulty(lease, batch, faults)
        return
    lease.stage("入库", 100, f"{len(rows)} 行")
    try:
        with transaction.atomic():
            _alone(batch, Status.COMMITTING)
            tell = _teller(lease, len(rows))
            keys = listed.commit(rows, batch.uploaded_by, {"import": batch.pk}, tell)
            staging.note_made(batch, rows, keys)
            move(batch, Status.COMMITTED, by=batch.uploaded_by, committed_at=timezone.now())
            lease.finish()
    except (IntegrityError, Refusal) as error:
        _give_back(lease, batch, Status.READY, _words(error))


def undo(lease: Lease) -> None:
    """Take back all that the import made, or nothing when something has come to depend on it."""
    batch = _of(lease.job)
    listed = listed_of(batch)
    keys = batch.made.values("subject_id")
    lease.stage("撤销", 100, f"{batch.row_count} 行")
    try:
        with transaction.atomic():
            _alone(batch, Status.UNDOING)
            if why := listed.dependent(keys):
                _give_back(lease, batch, Status.COMMITTED, why)
                return
            listed.undo(keys, batch.uploaded_by, _teller(lease, batch.row_count or 1))
            move(batch, Status.UNDONE, by=batch.uploaded_by)
            lease.finish()
    except (IntegrityError, Refusal) as error:
        _give_back(lease, batch, Status.COMMITTED, _words(error))


def _alone(batch: Import, status: str) -> None:
    """Lock the row; a second attempt waits here and then finds that the first has done it."""
    Import.objects.select_for_update(no_key=True).get(pk=batch.pk, status=status, version=batch.version)


def _teller(lease: Lease, total: int) -> Tell:
    return lambda done: lease.tell(100 + 850 * done // max(1, total))


def _words(error: IntegrityError | Refusal) -> str:
    refusal = from_integrity_error(error) if isinstance(error, IntegrityError) else error
    return str(refusal.detail) if refusal else "与现有记录冲突"


def _give_back(lease: Lease, batch: Import, to: str, why: str) -> None:
    batch.refresh_from_db()
    with transaction.atomic():
        move(batch, to, by=batch.uploaded_by, reason=why, error=why)
        lease.finish()


def _return_faulty(lease: Lease, batch: Import, faults: list[Fault]) -> None:
    """Note the faults that came up since, so that they are shown and downloaded like all others."""
    why = "核对之后情况有变化，有的行不能再入库，没有导入任何一行"
    with transaction.atomic():
        counted: dict[str, Any] = {
            "faulty_count": staging.note_faults(batch, faults),
            "summary": staging.summary(faults),
        }
        move(batch, Status.FAULTY, by=batch.uploaded_by, reason=why, error=why, **counted)
        lease.finish()


def ended(job: Job, status: str, error: str) -> None:
    """Let the import follow a job that failed or was cancelled; entering and taking back can be tried again."""
    batch = _of(job)
    to = {Status.READING: Status.FAILED, Status.COMMITTING: Status.READY, Status.UNDOING: Status.COMMITTED}
    if batch.status in to and batch.job_id == job.pk:
        move(batch, to[Status(batch.status)], by=batch.uploaded_by, reason=error, error=error)
