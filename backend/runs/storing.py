"""What every run that ended well or in conflict keeps: its files with their digests, and how it was solved."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.runs.models import Run, RunFile


class CertificateRefuted(RuntimeError):
    """The solution did not survive the independent check; nothing of it may be shown."""


def store_files(run: Run, folder: Path) -> None:
    """Make the attempt's files the run's; the caller's transaction already holds the job."""
    shutil.rmtree(run.folder, ignore_errors=True)  # of an attempt that died between this and its commit
    folder.rename(run.folder)
    files = sorted(path for path in run.folder.rglob("*") if path.is_file())
    RunFile.objects.bulk_create(
        RunFile(
            run=run,
            name=path.relative_to(run.folder).as_posix(),
            size=path.stat().st_size,
            sha256=digest_of(path),
        )
        for path in files
    )


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def how(engine: str, seconds: Mapping[str, float], sha256: str, now: datetime) -> dict[str, Any]:
    return {"engine": engine, "seconds": dict(seconds), "input_sha256": sha256, "finished_at": now}
