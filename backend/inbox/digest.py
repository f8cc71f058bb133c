"""The daily letter: what waits for a person, since when, with where to do it; nothing when nothing waits."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from backend.accounts.actions import change_email
from backend.accounts.models import User
from backend.inbox import waiting
from backend.inbox.models import Digest, DigestOptOut

_logger = logging.getLogger(__name__)
SHOWN = 30
# What is late already, or money that has a date: told first.
DEADLINES = ("MILESTONE_LATE", "IDLE_ALARM", "IDLE_WARNING", "PAIRING_UNCONFIRMED", "ACCEPTANCE_DUE")


def send_all(day: dt.date) -> int:
    """Write to everybody for whom something waits; return how many letters left. One that fails stops no other."""
    wanted = User.objects.filter(is_active=True, digest_opt_out=None).exclude(email="").order_by("pk")
    sent = 0
    for user in wanted.select_related("party__area", "region"):
        try:
            sent += send(user, day)
        except OSError as error:  # of the mail server; asked again, it is tried again. Its words may hold the address.
            _logger.error("the digest of account %s was not sent: %s", user.pk, type(error).__name__)
    return sent


def send(user: User, day: dt.date) -> bool:
    """Write to one account unless it had its letter of the day; whether a letter left.

    The row comes first: a second worker waits on it and then finds it. When sending fails, it goes with the letter.
    """
    items = waiting.of(user)
    if not items:
        return False
    with transaction.atomic():
        _row, is_new = Digest.objects.get_or_create(user=user, day=day, defaults={"items": len(items)})
        if is_new:
            subject = f"携手：有 {len(items)} 件事等您办理"
            EmailMessage(subject, text(user, items, day), to=[user.email]).send()
    return is_new


def text(user: User, items: list[dict[str, Any]], day: dt.date) -> str:
    """The letter in plain words, what has a deadline before the rest, the oldest first."""
    urgent = [item for item in items if item["kind"] in DEADLINES]
    rest = [item for item in items if item["kind"] not in DEADLINES]
    shown = (urgent + rest)[:SHOWN]
    lines = [f"{user.display_name}，您好：", "", f"截至 {day:%Y-%m-%d}，有 {len(items)} 件事等您办理。", ""]
    for heading, part in (("有期限的", urgent), ("其他", rest)):
        told = [item for item in part if item in shown]
        if told:
            lines += [f"【{heading}】", *(line for item in told for line in _lines(item, day)), ""]
    if len(items) > SHOWN:
        lines += [f"另有 {len(items) - SHOWN} 件，请登录后查看。", ""]
    return "\n".join(
        [*lines, f"全部待办：{settings.SITE_ADDRESS}/inbox", "不想再收到：在“待办”页下方关闭每日邮件。", ""]
    )


def _lines(item: dict[str, Any], day: dt.date) -> list[str]:
    since = timezone.localtime(item["since"]).date()
    days = max((day - since).days, 0)
    waited = f"自 {since:%Y-%m-%d} 起，已 {days} 天" if days else "今天起"
    return [f"· {item['title']}（{waited}）", f"  {item['detail']}", f"  {settings.SITE_ADDRESS}{item['link']}"]


def choose(*, email: str, wanted: bool, by: User) -> None:
    """The account's own address, and whether it wants the letter."""
    with transaction.atomic():
        if email != by.email:
            change_email(email=email, by=by)
        if wanted:
            DigestOptOut.objects.filter(user=by).delete()
        else:
            DigestOptOut.objects.get_or_create(user=by)
