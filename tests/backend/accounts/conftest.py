"""Accounts with a password, and a client like a browser: cookies, CSRF and every middleware."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import Role, User

PASSWORD = "一个足够长的密码-2020"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """The real hasher takes a tenth of a second on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user(db: None) -> User:
    return account("zhang")


def account(username: str, role: Role = Role.COORDINATOR, **given: Any) -> User:
    return User.objects.create_user(username, password=PASSWORD, **{"display_name": "张某", "role": role, **given})


class Browser(Client):
    """Keeps its cookies and sends the CSRF token it was given, as the page does."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.token = ""

    def look(self) -> Any:
        """Ask for the session, as every page does first."""
        said = self.get("/api/session").json()
        self.token = said["csrf_token"]
        return said

    def send(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        headers = {"x-csrftoken": self.token, **extra.pop("headers", {})}
        return self.generic(method, path, json.dumps(body or {}), "application/json", headers=headers, **extra)

    def log_in(self, username: str = "zhang", password: str = PASSWORD, **extra: Any) -> Any:
        self.look()
        response = self.send("POST", "/api/session", {"username": username, "password": password}, **extra)
        if response.status_code == 201:
            self.token = response.json()["csrf_token"]
        return response


@pytest.fixture
def browser() -> Browser:
    return Browser()
