"""Scans of signed paper, beside the agreement they belong to and never overwritten."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.agreements.models import Agreement, SignedCopy
from backend.agreements.scopes import signatory_of
from backend.lifecycle.actions import record
from backend.web import files
from backend.web.problems import NotAllowed


def keep(*, agreement: Agreement, name: str, content: bytes, by: User) -> SignedCopy:
    """Store a scan beside its row. Raises NotAllowed for strangers, TooLarge, Invalid for what is no PDF, JPEG or PNG;
    the database refuses copies of a draft and the same file twice."""
    if signatory_of(by, agreement) is None:
        raise NotAllowed("只有协议的签署方可以上传签署件")
    brought = files.examine(name, content, "签署件")
    with transaction.atomic(), files.kept(folder(), brought, content):
        copy = SignedCopy.objects.create(agreement=agreement, uploaded_by=by, **asdict(brought))
        record(agreement, "copy_uploaded", by=by, payload={"name": copy.name, "sha256": copy.sha256})
    return copy


def folder() -> Path:
    kept: Any = settings.AGREEMENT_COPIES_DIR
    return Path(kept)
