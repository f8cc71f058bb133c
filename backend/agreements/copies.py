"""Scans of signed paper: checked by what they are, not by what they are called, and never overwritten."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.agreements.models import Agreement, SignedCopy
from backend.agreements.scopes import signatory_of
from backend.lifecycle.actions import record
from backend.web.problems import Invalid, NotAllowed, TooLarge

LARGEST = 20 << 20  # bytes
_TAIL = 1024  # a PDF may be followed by a little padding

# How a file of each type begins and what its end holds.
_SHAPES = {
    "application/pdf": (b"%PDF-", b"%%EOF"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
}


def media_type_of(content: bytes) -> str | None:
    """What the bytes are; None for anything else, and for a file that was cut short."""
    for media_type, (head, tail) in _SHAPES.items():
        if content.startswith(head) and tail in content[-_TAIL:]:
            return media_type
    return None


def keep(*, agreement: Agreement, name: str, content: bytes, by: User) -> SignedCopy:
    """Store a scan beside its row. Raises NotAllowed for strangers, TooLarge, Invalid for what is no PDF, JPEG or PNG;
    the database refuses copies of a draft and the same file twice."""
    if signatory_of(by, agreement) is None:
        raise NotAllowed("只有协议的签署方可以上传签署件")
    if len(content) > LARGEST:
        raise TooLarge("文件超过 20 MB，请压缩后再上传", field="file")
    media_type = media_type_of(content)
    if media_type is None:
        raise Invalid("只接受完整的 PDF、JPEG 或 PNG 文件", field="file")
    stored_as = secrets.token_hex(32)
    path = path_of(stored_as)
    try:
        with transaction.atomic():
            copy = SignedCopy.objects.create(
                agreement=agreement,
                name=_plain(name),
                media_type=media_type,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                stored_as=stored_as,
                uploaded_by=by,
            )
            record(agreement, "copy_uploaded", by=by, payload={"name": copy.name, "sha256": copy.sha256})
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return copy


def path_of(stored_as: str) -> Path:
    folder: Any = settings.AGREEMENT_COPIES_DIR
    return Path(folder) / stored_as


def _plain(name: str) -> str:
    """The last part of the name without control characters: it is shown, and never a path."""
    said = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    return said[-160:] or "签署件"
