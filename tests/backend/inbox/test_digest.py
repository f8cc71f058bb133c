"""The daily letter: once a day to whoever has something to do and wants it, deadlines first, no address in any log."""

from __future__ import annotations

import datetime as dt
import logging
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from backend.accounts.models import User
from backend.inbox import digest
from backend.inbox.models import Digest, DigestOptOut
from backend.inbox.tasks import send_digests
from backend.pairings.models import Pairing
from tests.backend.together import together
from tests.backend.world import World

DAY = dt.date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World, settings: Any) -> World:
    """One proposal waits for 东丽区, and an older one has waited too long; only its log-in has an address."""
    settings.SITE_ADDRESS = "https://xieshou.example"
    world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    late = world.pair("dongli", "fengning", status="IN_FORCE")
    Pairing.objects.filter(pk=late.pk).update(asked_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    User.objects.filter(username="dongli").update(email="dongli@example.org")
    world.users["dongli"].refresh_from_db()
    return world


def test_letter_says_what_waits_since_when_and_where_with_deadlines_first(desk: World) -> None:
    assert digest.send_all(DAY) == 1
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["dongli@example.org"], "携手：有 2 件事等您办理")
    body = str(letter.body)
    assert body.startswith("dongli的经办人，您好：\n\n截至 2026-03-02，有 2 件事等您办理。")
    assert body.index("【有期限的】") < body.index("丰宁满族自治县") < body.index("【其他】") < body.index("隆化县")
    assert "（自 2025-01-31 起，已 395 天）" in body
    assert "  https://xieshou.example/pairings/" in body
    assert letter.message().get_content_type() == "text/plain"


def test_letter_leaves_once_a_day_however_often_the_work_is_done(desk: World) -> None:
    assert [digest.send_all(day) for day in (DAY, DAY, DAY + dt.timedelta(days=1))] == [1, 0, 1]
    assert len(mail.outbox) == 2
    assert list(Digest.objects.values_list("day", "items")) == [(DAY + dt.timedelta(days=1), 2), (DAY, 2)]


def test_nothing_is_written_where_nothing_waits_or_nobody_wants_it(desk: World) -> None:
    user = desk.users["dongli"]
    digest.choose(email=user.email, wanted=False, by=user)
    User.objects.filter(username="xiqing").update(email="xiqing@example.org")  # nothing waits for it
    assert digest.send_all(DAY) == 0
    digest.choose(email=user.email, wanted=True, by=user)
    assert digest.send_all(DAY) == 1


def test_closed_account_gets_no_letter(desk: World) -> None:
    User.objects.filter(username="dongli").update(is_active=False)
    assert digest.send_all(DAY) == 0


def test_letter_that_did_not_leave_is_tried_again_and_no_log_names_the_address(
    desk: World, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    with caplog.at_level(logging.DEBUG):
        assert digest.send_all(DAY) == 0
    assert f"the digest of account {desk.users['dongli'].pk} was not sent: SMTPRecipientsRefused" in caplog.text
    assert "example.org" not in caplog.text
    assert not Digest.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digest.send_all(DAY) == 1


class Down:
    """A mail server that takes nothing, and says the address back."""

    def __init__(self, **given: Any) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise SMTPRecipientsRefused({letters.to[0]: (550, b"no such user") for letters in messages})


def test_beat_writes_today(desk: World) -> None:
    send_digests()
    assert len(mail.outbox) == 1


def test_account_says_itself_where_letters_go_and_whether(desk: World) -> None:
    client = desk.client("longhua")
    assert client.get("/api/inbox/digest").json() == {"email": "", "wanted": True}
    said = {"email": "county@example.org", "wanted": False}
    assert client.put("/api/inbox/digest", said, format="json").json() == said
    assert DigestOptOut.objects.filter(user=desk.users["longhua"]).exists()
    assert client.put("/api/inbox/digest", {**said, "email": "x"}, format="json").status_code == 400
    User.objects.filter(username="longhua").update(is_demo=True, display_name="演示县")
    desk.users["longhua"].refresh_from_db()
    refused = client.put("/api/inbox/digest", {"email": "other@example.org", "wanted": True}, format="json")
    assert refused.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_letter(committed_world: World) -> None:
    committed_world.pair("dongli", "longhua", status="PROPOSED", origin="MANUAL")
    User.objects.filter(username="dongli").update(email="dongli@example.org")

    def work(_: int) -> int:
        try:
            return digest.send_all(DAY)
        finally:
            connection.close()

    assert sorted(together(4, work)) == [0, 0, 0, 1]
    assert len(mail.outbox) == 1
