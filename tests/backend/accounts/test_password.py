"""Changing one's own password."""

from __future__ import annotations

from typing import Any

import pytest

from backend.accounts.models import User
from backend.lifecycle.models import Event
from tests.backend.accounts.conftest import PASSWORD, Browser, account

NEW = "换过的足够长的密码-2021"


def change(browser: Browser, current: str = PASSWORD, new: str = NEW) -> Any:
    return browser.send("PUT", "/api/session/password", {"current": current, "new": new})


def test_new_password_opens_and_the_old_one_does_not(browser: Browser, user: User) -> None:
    browser.log_in()
    assert change(browser).status_code == 204
    assert Browser().log_in(password=PASSWORD).status_code == 400
    assert Browser().log_in(password=NEW).status_code == 201


def test_this_session_goes_on_and_the_others_end(browser: Browser, user: User) -> None:
    elsewhere = Browser()
    elsewhere.log_in()
    browser.log_in()
    change(browser)
    assert browser.look()["authenticated"] is True
    assert elsewhere.look()["authenticated"] is False


def test_change_is_an_event_without_the_password(browser: Browser, user: User) -> None:
    browser.log_in()
    change(browser)
    event = Event.objects.get(verb="password_changed")
    assert (event.subject_type, event.subject_id, event.actor_id) == ("accounts.user", str(user.pk), user.pk)
    assert (event.payload, event.reason) == ({}, "")


def test_wrong_current_password_is_refused(browser: Browser, user: User) -> None:
    browser.log_in()
    response = change(browser, current="wrong")
    assert response.status_code == 400
    assert response.json()["errors"][0] == {
        "field": "current",
        "code": "wrong_credentials",
        "message": "当前密码不正确",
    }


@pytest.mark.parametrize(
    ("new", "words"),
    [("short", "密码太短，至少需要 12 个字符"), ("password12345", "太常见"), ("zhang-zhang-zhang", "太相似")],
)
def test_weak_password_is_refused_in_words(browser: Browser, user: User, new: str, words: str) -> None:
    User.objects.update(username="zhang-zhang-zhang")
    browser.log_in("zhang-zhang-zhang")
    response = change(browser, new=new)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "new"
    assert words in response.json()["detail"]


def test_published_password_of_a_demo_account_stays(browser: Browser, db: None, settings: Any) -> None:
    settings.DEMO = True
    account("demo", display_name="【演示】协调员", is_demo=True)
    browser.log_in("demo")
    response = change(browser)
    assert (response.status_code, response.json()["detail"]) == (403, "演示账户的密码是公开的，不能修改")


def test_nobody_logged_in_has_no_password(browser: Browser, db: None) -> None:
    browser.look()
    assert change(browser).status_code == 401
