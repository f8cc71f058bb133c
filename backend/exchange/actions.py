"""Uploading a file, and asking for its rows to be entered, taken back, or forgotten.

Callers hold the import's row lock, except for `upload`. The work itself is in `work`.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, TextChoices
from django.utils import timezone

from backend.accounts.models import User
from backend.accounts.permissions import require_role
from backend.exchange.importable import Importable, find
from backend.exchange.models import Import
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.lifecycle.actions import move, record
from backend.web.problems import Conflict, Invalid, NotAllowed, TooLarge, constraint_of

READ, COMMIT, UNDO = "exchange.read", "exchange.commit", "exchange.undo"
LARGEST_BYTES = 20 << 20
Status = Import.Status


class Step(TextChoices):
    """What can be done with an import once it was read."""

    COMMIT = "COMMIT", "入库"
    UNDO = "UNDO", "撤销导入"
    DISCARD = "DISCARD", "放弃"


_FROM = {
    Step.COMMIT: {Status.READY},
    Step.UNDO: {Status.COMMITTED},
    Step.DISCARD: {Status.READING, Status.FAULTY, Status.READY},
}


def upload(*, listed: Importable, name: str, chunks: Iterable[bytes], by: User) -> Import:
    """Store the file and ask for it to be read.

    Raises NotAllowed for a role that does not fill this list, TooLarge, Invalid for an empty file, and Conflict, naming
    who and when, for a file that was imported already.
    """
    require_role(by, *listed.roles, to=f"用表格填报{listed.title}")
    stored = uuid.uuid4().hex
    try:
        size, sha256 = _store(stored, chunks)
        _refuse_known(listed, sha256, by)
        with transaction.atomic():
            job = jobs.enqueue(READ, {}, by=by)
            batch = Import.objects.create(
                listed=listed.key, name=_shown_name(name), size=size, sha256=sha256, stored=stored, uploaded_by=by,
                party=by.party, region=by.region, job=job,
            )  # fmt: skip
            Job.objects.filter(pk=job.pk).update(payload={"import": batch.pk})
            record(batch, "uploaded", by=by, to_status=batch.status, payload={"sha256": sha256, "listed": listed.key})
            return batch
    except BaseException:
        (settings.UPLOADS_DIR / stored).unlink(missing_ok=True)
        raise


def _store(stored: str, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write the bytes to the disk for good; their number and digest."""
    settings.UPLOADS_DIR.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with (settings.UPLOADS_DIR / stored).open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST_BYTES:
                raise TooLarge(f"文件超过 {LARGEST_BYTES >> 20} MB，请分成几个文件上传", field="file")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size == 0:
        raise Invalid("文件是空的", field="file")
    return size, digest.hexdigest()


def _shown_name(name: str) -> str:
    """The file's name for people to read, and for nothing else."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[-200:] or "未命名"


def _refuse_known(listed: Importable, sha256: str, by: User) -> None:
    known = _same(listed.key, sha256, by.party_id, by.region_id).select_related("uploaded_by").first()
    if known is not None:
        raise _known_already(known)


def _same(listed: str, sha256: str, party: Any, region: Any) -> QuerySet[Import]:
    entered = (Status.COMMITTING, Status.COMMITTED, Status.UNDOING)
    return Import.objects.filter(listed=listed, sha256=sha256, party=party, region=region, status__in=entered)


def _known_already(known: Import) -> Conflict:
    when = timezone.localtime(known.committed_at or known.created_at)
    who = known.uploaded_by.display_name
    return Conflict(
        f"这个文件已于 {when:%Y-%m-%d %H:%M} 由{who}导入（{known.row_count} 行），没有重复导入",
        field="file",
        code="imported_already",
        known_import=known.pk,
    )


def take(step: str, *, batch: Import, by: User) -> None:
    """Commit, undo or discard. Raises NotAllowed for anybody but the uploader, Conflict when it is not its time, when
    the same file was imported meanwhile, and, saying what, when something depends on what is to be undone."""
    refusal = _refusal(Step(step), batch, by)
    if refusal is not None:
        raise refusal
    if step == Step.DISCARD:
        discard(batch, by=by)
    elif step == Step.UNDO:
        if why := dependent(batch):
            raise Conflict(why)
        _begin(batch, Status.UNDOING, UNDO, by)
    else:
        try:
            _begin(batch, Status.COMMITTING, COMMIT, by)
        except IntegrityError as error:
            known = _same(batch.listed, batch.sha256, batch.party_id, batch.region_id).first()
            if constraint_of(error) != "import_once" or known is None:
                raise
            raise _known_already(known) from None


def _begin(batch: Import, to: str, kind: str, by: User) -> None:
    with transaction.atomic():
        job = jobs.enqueue(kind, {"import": batch.pk}, by=by)
        move(batch, to, by=by, job=job, error="")


def discard(batch: Import, *, by: User | None, reason: str = "") -> None:
    """Give the file up: its rows go, and its job stops."""
    with transaction.atomic():
        move(batch, Status.DISCARDED, by=by, reason=reason)
        batch.rows.all().delete()
        job = Job.objects.get(pk=batch.job_id)
        if job.status in (Job.Status.QUEUED, Job.Status.RUNNING):
            jobs.cancel(job.pk)


def dependent(batch: Import) -> str:
    """Why what the import made cannot be taken back any more; "" when it can."""
    return listed_of(batch).dependent(batch.made.values("subject_id"))


def listed_of(batch: Import) -> Importable:
    """Raises Conflict for a list that is no longer offered."""
    found = find(batch.listed)
    if found is None:
        raise Conflict("这种清单已不再支持用表格填报")
    return found


def open_steps(batch: Import, user: User) -> list[Step]:
    """What this log-in may do with the import as it stands."""
    return [step for step in Step if _refusal(step, batch, user) is None]


def _refusal(step: Step, batch: Import, by: User) -> Conflict | NotAllowed | None:
    """The rows are the uploader's words: whoever approves them must be somebody else, so nobody else commits them."""
    if batch.uploaded_by_id != by.pk:
        return NotAllowed(f"只有上传人可以{step.label}")
    if batch.status not in _FROM[step]:
        return Conflict(f"这次导入的状态是“{batch.get_status_display()}”，不能{step.label}")
    return None


__all__ = ["Step", "dependent", "discard", "listed_of", "open_steps", "take", "upload"]
