"""Papers and photographs beside entries: checked, kept to the byte, seen by those in scope, never shown in the page."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from backend.commitments.models import EntryFile, LedgerEntry
from backend.lifecycle.models import Event
from tests.backend.commitments.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def undone(desk: Desk, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.ENTRY_FILES_DIR = tmp_path / "files"
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def photograph(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.effect_noise((120, 90), 40).save(made, kind)
    return made.getvalue()


def attach(desk: Desk, who: str, entry: LedgerEntry, content: bytes, name: str = "现场.jpg") -> Any:
    file = SimpleUploadedFile(name, content, "text/html")  # what the sender says of it counts for nothing
    return desk.world.client(who).post(f"/api/ledger-entries/{entry.pk}/files", {"file": file}, format="multipart")


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_photograph_comes_back_to_the_byte_as_an_attachment(desk: Desk, kind: str, media_type: str) -> None:
    entry, content = desk.arrived(), photograph(kind)
    made = attach(desk, "longhua", entry, content, "../../x/现场.jpg")
    assert made.status_code == 201, made.json()
    (file,) = next(one for one in made.json()["entries"] if one["id"] == entry.pk)["files"]
    assert (file["name"], file["media_type"]) == ("现场.jpg", media_type)
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    back = desk.world.client("auditor").get(f"/api/entry-files/{file['id']}")
    assert b"".join(back.streaming_content) == content
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert desk.world.client("xiqing").get(f"/api/entry-files/{file['id']}").status_code == 404
    assert Event.objects.filter(verb="file_attached", payload__sha256=file["sha256"]).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7 cut short",
        photograph()[:-400],
        photograph("PNG")[:-400],
        b"\xff\xd8\xff" + b"0" * 900 + b"\xff\xd9",
        photograph("GIF"),
    ],
    ids=["a page", "half a PDF", "half a JPEG", "half a PNG", "a JPEG in name only", "another type"],
)
def test_what_is_no_whole_paper_or_photograph_is_refused(desk: Desk, content: bytes, settings: Any) -> None:
    said = attach(desk, "longhua", desk.arrived(), content)
    assert (said.status_code, said.json()["detail"]) == (400, "只接受完整的 PDF、JPEG 或 PNG 文件")
    assert not EntryFile.objects.exists()
    assert not settings.ENTRY_FILES_DIR.exists()


def test_image_of_absurd_size_is_not_unpacked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.web.files.MOST_PIXELS", 120 * 90 - 1)
    assert attach(desk, "longhua", desk.arrived(), photograph()).status_code == 400


def test_same_file_twice_and_file_of_a_stranger_leave_nothing_behind(desk: Desk, settings: Any) -> None:
    entry, content = desk.arrived(), photograph()
    assert attach(desk, "dongli", entry, content).status_code == 201
    again = attach(desk, "longhua", entry, content)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "file")
    assert attach(desk, "coordinator", entry, photograph("PNG")).status_code == 403
    assert attach(desk, "xiqing", entry, photograph("PNG")).status_code == 404
    assert len(list(settings.ENTRY_FILES_DIR.iterdir())) == 1
