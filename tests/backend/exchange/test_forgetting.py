"""What nobody entered is forgotten after thirty days, rows and file; what was entered is kept."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.exchange import forgetting, tasks
from backend.exchange.models import Import, StagedRow
from backend.jobs.models import Job
from backend.lifecycle.models import Event
from tests.backend.exchange.conftest import decide, done, shown, uploaded
from tests.backend.exchange.hostile import book, row
from tests.backend.world import World

pytestmark = pytest.mark.django_db


def aged(days: int) -> None:
    """Let everything have happened so many days ago."""
    then = timezone.now() - timedelta(days=days)
    Job.objects.update(finished_at=then)
    for batch in Import.objects.all():
        if batch.path.exists():
            os.utime(batch.path, (then.timestamp(), then.timestamp()))


def stored(batch: dict[str, Any]) -> Path:
    return Import.objects.get(pk=batch["id"]).path


def test_rows_that_wait_too_long_go_with_their_file(county: World) -> None:
    ready, faulty = uploaded(county), uploaded(county, book([row(1, unit=None)]))
    aged(29)
    tasks.forget()
    assert Import.objects.filter(status__in=("READY", "FAULTY")).count() == 2
    aged(31)
    assert forgetting.forget() == 2
    assert not StagedRow.objects.exists()
    for batch in (ready, faulty):
        assert not stored(batch).exists()
        assert (shown(county, batch["id"])["status"], shown(county, batch["id"])["my_steps"]) == ("DISCARDED", [])
        event = Event.objects.get(subject_type="exchange.import", subject_id=batch["id"], to_status="DISCARDED")
        assert (event.actor_label, event.reason) == ("系统", "30 天没有入库，自动清理")
    assert forgetting.forget() == 0


def test_page_says_until_when_rows_wait(county: World) -> None:
    batch = uploaded(county)
    ended = Job.objects.get().finished_at
    assert datetime.fromisoformat(batch["kept_until"]) == ended + timedelta(days=30)
    assert done(county, batch, "COMMIT")["kept_until"] is None


def test_what_was_entered_or_undone_keeps_its_file_and_its_rows(county: World) -> None:
    entered = done(county, uploaded(county), "COMMIT")
    undone = done(county, done(county, uploaded(county, book([row(8), row(9)])), "COMMIT"), "UNDO")
    aged(3000)
    assert forgetting.forget() == 0
    assert stored(entered).exists()
    assert stored(undone).exists()
    assert StagedRow.objects.count() == 5


def test_files_that_came_to_nothing_and_strays_go_once_they_are_old(county: World, settings: Any) -> None:
    refused = uploaded(county, b"\x89PNG\r\n\x1a\n\0")
    given_up = uploaded(county)
    assert decide(county, given_up, "DISCARD").status_code == 200
    stray = settings.UPLOADS_DIR / ("0" * 32)
    stray.write_bytes(b"cut off")
    forgetting.forget()
    assert len(list(settings.UPLOADS_DIR.iterdir())) == 3
    aged(31)
    os.utime(stray, (0, 0))
    forgetting.forget()
    assert list(settings.UPLOADS_DIR.iterdir()) == []
    assert shown(county, refused["id"])["status"] == "REFUSED"
    assert county.client("longhua").get(f"/api/imports/{refused['id']}/file").status_code == 404


def test_nothing_uploaded_yet_is_no_trouble(county: World) -> None:
    assert forgetting.forget() == 0
