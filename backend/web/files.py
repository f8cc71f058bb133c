"""Files that people bring: checked by what they are, not by what they are called; stored under random names."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO
from urllib.parse import quote

from django.http import FileResponse
from PIL import Image

from backend.web.problems import Invalid, TooLarge

LARGEST = 20 << 20  # bytes
MOST_PIXELS = 120_000_000  # no telephone takes more; a small file can claim to hold any number
_TAIL = 1024  # a PDF may be followed by a little padding
_PDF = "application/pdf"
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png"}
MEDIA_TYPES = (_PDF, *_IMAGES.values())


@dataclass(frozen=True)
class Brought:
    """What is kept on record of a file; `stored_as` is its name on the disk."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


def media_type_of(content: bytes) -> str | None:
    """What the bytes are; None for anything but a PDF, JPEG or PNG, and for a file that was cut short."""
    if content.startswith(b"%PDF-"):
        return _PDF if b"%%EOF" in content[-_TAIL:] else None
    try:
        with Image.open(io.BytesIO(content), formats=list(_IMAGES)) as image:
            kind = image.format or ""
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("L", (1, 1))  # reads a JPEG to its end at an eighth of the work
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return _IMAGES.get(kind)


def examine(name: str, content: bytes, unnamed: str) -> Brought:
    """Check a file, which goes by `unnamed` where its name says nothing. Raises TooLarge, Invalid for another type."""
    if len(content) > LARGEST:
        raise TooLarge("文件超过 20 MB，请压缩后再上传", field="file")
    media_type = media_type_of(content)
    if media_type is None:
        raise Invalid("只接受完整的 PDF、JPEG 或 PNG 文件", field="file")
    digest = hashlib.sha256(content).hexdigest()
    return Brought(_plain(name) or unnamed, media_type, len(content), digest, secrets.token_hex(32))


def _plain(name: str) -> str:
    """The last part of the name without control characters: it is shown, and never a path."""
    said = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable())
    return said[-160:]


@contextmanager
def kept(folder: Path, brought: Brought, content: bytes) -> Iterator[None]:
    """Write the file once the block has made its row; neither stays without the other."""
    path = folder / brought.stored_as
    try:
        yield
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def attachment(file: IO[bytes], name: str, media_type: str) -> FileResponse:
    """An open file for the reader's disk: never shown in the page's own origin."""
    response = FileResponse(file, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """The header that has an answer saved under this name, Chinese included."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
