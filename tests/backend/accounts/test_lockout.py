"""Guessing passwords ends after ten tries, for that name from that address, for a quarter of an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import RequestFactory
from django.utils import timezone

from backend.accounts.login import client_address
from backend.accounts.models import User
from tests.backend.accounts.conftest import Browser, account

TRIES = 10


def guess(times: int, username: str = "zhang", **where: Any) -> Any:
    browser = Browser()
    for _ in range(times):
        response = browser.log_in(username, "wrong", **where)
    return response


def test_tenth_wrong_password_locks_in_chinese(user: User) -> None:
    assert guess(TRIES - 1).status_code == 400
    response = guess(1)
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "900"
    said = response.json()
    assert (said["title"], said["detail"]) == ("请求过于频繁", "密码错误次数过多，请 15 分钟后再试，或联系管理员")
    assert said["errors"][0] == {"field": "password", "code": "locked_out", "message": said["detail"]}


def test_right_password_does_not_open_a_locked_name(user: User) -> None:
    guess(TRIES)
    browser = Browser()
    assert browser.log_in().status_code == 429
    assert browser.look()["authenticated"] is False


def test_lock_opens_by_itself_even_when_guessing_went_on(user: User) -> None:
    guess(TRIES)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert guess(3).status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert Browser().log_in().status_code == 201


def test_somebody_elsewhere_cannot_lock_me_out(user: User) -> None:
    guess(TRIES, REMOTE_ADDR="203.0.113.9")
    assert Browser().log_in(REMOTE_ADDR="198.51.100.7").status_code == 201


def test_other_names_stay_open(user: User) -> None:
    account("li")
    guess(TRIES, "li")
    assert Browser().log_in("zhang").status_code == 201


def test_right_password_starts_the_count_again(user: User) -> None:
    guess(TRIES - 1)
    assert Browser().log_in().status_code == 201
    assert guess(TRIES - 1).status_code == 400


def test_invented_forwarding_header_does_not_evade_the_lock(user: User) -> None:
    for number in range(TRIES):
        response = guess(1, headers={"x-forwarded-for": f"203.0.113.{number}"})
    assert response.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "invented, 203.0.113.9", "203.0.113.9"),
        (2, "invented, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_address_is_the_one_our_own_proxies_saw(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", headers=headers)) == address
