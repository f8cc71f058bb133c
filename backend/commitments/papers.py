"""Papers and photographs beside entries of the ledger: receipts, contracts, what stands there now."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.commitments.models import EntryFile, LedgerEntry
from backend.lifecycle.actions import record
from backend.pairings.scopes import side_of
from backend.web import files
from backend.web.problems import NotAllowed


def attach(*, entry: LedgerEntry, name: str, content: bytes, by: User) -> EntryFile:
    """Store a file beside its entry, for good. Raises NotAllowed for anybody but the two sides, TooLarge, Invalid for
    what is no PDF, JPEG or PNG; the database refuses the same file twice and more than twenty of them."""
    if side_of(by, entry.commitment.pairing) is None:
        raise NotAllowed("只有结对双方可以上传佐证材料")
    brought = files.examine(name, content, "佐证材料")
    with transaction.atomic(), files.kept(folder(), brought, content):
        made = EntryFile.objects.create(entry=entry, by=by, **asdict(brought))
        told = {"entry": entry.pk, "name": made.name, "sha256": made.sha256}
        record(entry.commitment, "file_attached", by=by, payload=told)
    return made


def folder() -> Path:
    kept: Any = settings.ENTRY_FILES_DIR
    return Path(kept)
