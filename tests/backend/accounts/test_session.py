"""Logging in and out, in a browser that enforces what browsers enforce."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from backend.accounts import tasks
from backend.accounts.models import Role, User
from backend.parties.models import Party
from tests.backend.accounts.conftest import PASSWORD, Browser, account
from tests.backend.places import examples


def test_anonymous_session_offers_a_token_and_no_accounts(browser: Browser, db: None) -> None:
    said = browser.look()
    assert (said["authenticated"], said["user"], said["demo_accounts"]) == (False, None, [])
    assert len(said["csrf_token"]) >= 32


def test_log_in_says_who_i_am(browser: Browser, db: None) -> None:
    county = examples.area("520000", "贵州省")
    party = Party.objects.create(kind="GOVERNMENT", name="贵州省人民政府", area=county, status="UNVERIFIED")
    account("li", Role.RECIPIENT, party=party)
    response = browser.log_in("li")
    assert response.status_code == 201
    mine = response.json()["user"]
    assert (mine["username"], mine["role"], mine["role_label"], mine["region"]) == ("li", "RECIPIENT", "受援县", None)
    assert mine["party"] == {"id": party.pk, "name": "贵州省人民政府", "area": "520000", "standing": "PUBLIC"}
    assert browser.look()["user"] == mine


def test_answer_never_contains_the_password_hash(browser: Browser, user: User) -> None:
    assert user.password not in browser.log_in().content.decode()


@pytest.mark.parametrize(
    ("username", "password"), [("zhang", "wrong"), ("nobody", PASSWORD), ("ZHANG", PASSWORD), ("zhang", PASSWORD + " ")]
)
def test_wrong_name_and_wrong_password_get_the_same_answer(
    browser: Browser, user: User, username: str, password: str
) -> None:
    response = browser.log_in(username, password)
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "password", "code": "wrong_credentials", "message": "用户名或密码不正确"}
    ]
    assert browser.look()["authenticated"] is False


def test_closed_account_cannot_log_in(browser: Browser, user: User) -> None:
    User.objects.update(is_active=False)
    assert browser.log_in().json()["errors"][0]["code"] == "wrong_credentials"


def test_account_that_is_closed_loses_its_session_at_once(browser: Browser, user: User) -> None:
    browser.log_in()
    User.objects.update(is_active=False)
    assert browser.look()["authenticated"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "username"), ({"username": "zhang"}, "password"), ({"username": "a", "password": "b", "admin": 1}, "admin")],
)
def test_body_must_be_name_and_password(browser: Browser, user: User, body: dict[str, Any], field: str) -> None:
    browser.look()
    response = browser.send("POST", "/api/session", body)
    assert response.status_code == 400
    assert field in {error["field"] for error in response.json()["errors"]}


def test_log_out_ends_the_session(browser: Browser, user: User) -> None:
    browser.log_in()
    assert browser.send("DELETE", "/api/session").status_code == 204
    assert browser.look()["authenticated"] is False
    assert browser.get("/api/events").status_code == 401


# --- cookies and CSRF ------------------------------------------------------------------------------------------


def test_log_in_changes_the_session_key(browser: Browser, user: User) -> None:
    """A key planted before the log-in (session fixation) is worth nothing after it."""
    other = Browser()
    other.log_in()
    planted = other.cookies["xieshou_session"].value
    other.send("DELETE", "/api/session")
    browser.cookies["xieshou_session"] = planted
    browser.log_in()
    assert browser.cookies["xieshou_session"].value != planted


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, user: User) -> None:
    browser.log_in()
    cookie = browser.cookies["xieshou_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_token_cookie_is_out_of_reach_of_scripts(browser: Browser, user: User) -> None:
    browser.log_in()
    assert browser.cookies["xieshou_csrf"]["httponly"] is True


def test_expired_sessions_are_forgotten(browser: Browser, user: User) -> None:
    browser.log_in()
    assert Session.objects.count() == 1
    tasks.forget_expired_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now())
    tasks.forget_expired_sessions()
    assert not Session.objects.exists()


def test_session_answers_are_not_stored_anywhere(browser: Browser, user: User) -> None:
    assert "no-store" in browser.log_in()["Cache-Control"]


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_log_in_without_the_token_is_refused(browser: Browser, user: User, token: str) -> None:
    """Otherwise a foreign page could log somebody into an account of its own."""
    browser.look()
    browser.token = token
    response = browser.send("POST", "/api/session", {"username": "zhang", "password": PASSWORD})
    assert (response.status_code, response.json()["detail"]) == (403, "页面已过期，请刷新后再提交")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/api/session"), ("PUT", "/api/session/password")])
def test_write_without_the_token_is_refused(browser: Browser, user: User, method: str, path: str) -> None:
    browser.log_in()
    browser.token = ""
    response = browser.send(method, path, {"current": PASSWORD, "new": "another-long-password-1"})
    assert (response.status_code, response.json()["detail"]) == (403, "页面已过期，请刷新后再提交")
    assert browser.look()["authenticated"] is True


def test_token_of_before_the_log_in_is_worth_nothing_after_it(browser: Browser, user: User) -> None:
    old = browser.look()["csrf_token"]
    browser.log_in()
    browser.token = old
    assert browser.send("DELETE", "/api/session").status_code == 403


def test_who_is_not_logged_in_is_told_so(browser: Browser, db: None) -> None:
    response = browser.get("/api/events")
    assert (response.status_code, response.json()["detail"]) == (401, "请先登录后再操作")
    assert response["WWW-Authenticate"] == "Session"


# --- demonstration accounts ------------------------------------------------------------------------------------


@pytest.fixture
def demo(db: None, settings: Any) -> User:
    settings.DEMO = True
    return account("demo", display_name="【演示】协调员", is_demo=True)


def test_demo_accounts_are_listed_with_their_password_where_demo_is_on(browser: Browser, demo: User) -> None:
    account("zhang")
    assert browser.look()["demo_accounts"] == [
        {
            "username": "demo",
            "password": "xieshou-demo",
            "role": "协调员",
            "display_name": "【演示】协调员",
            "note": "全国",
        }
    ]


def test_demo_account_is_shut_out_where_demo_is_off(browser: Browser, demo: User, settings: Any) -> None:
    assert browser.log_in("demo").status_code == 201
    settings.DEMO = False
    assert browser.look() | {"csrf_token": ""} == {
        "authenticated": False,
        "user": None,
        "csrf_token": "",
        "demo_accounts": [],
    }
    assert Browser().log_in("demo").status_code == 400
