"""The public is answered from memory for a while, whoever is logged in is not, and nothing else is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as ours
from django.core.cache import caches
from django.test import Client

from backend.accounts.models import Role, User
from backend.needs import actions
from backend.needs.models import Need
from backend.web import visitors
from tests.architecture.conftest import NEED
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def remembering(settings: Any) -> Iterator[None]:
    settings.VISITORS_SECONDS = 30
    caches["visitors"].clear()
    yield
    caches["visitors"].clear()


@pytest.fixture
def need(world: World) -> Need:
    county = world.governments["longhua"]
    approver = User.objects.create(username="approver", role=Role.RECIPIENT, party=county)
    need = actions.propose(area=world.areas["longhua"], by=world.users["longhua"], **NEED)
    actions.publish(need=need, by=approver)
    return need


def titles(client: Client, query: str = "") -> list[str]:
    return [one["title"] for one in client.get(f"/api/needs{query}").json()["results"]]


def renamed(need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(title="改名")


def test_visitor_is_told_again_what_visitors_were_told(need: Need) -> None:
    before = Client().get("/api/needs")
    renamed(need)
    again = Client().get("/api/needs")
    assert (again.content, again.headers["Content-Type"]) == (before.content, "application/json")
    assert again.headers["ETag"] == before.headers["ETag"]
    assert Client().get("/api/needs", headers={"if-none-match": again.headers["ETag"]}).status_code == 304
    assert titles(Client(), "?page_size=10") == ["改名"]  # another address


def test_who_is_logged_in_is_told_what_is_true_now(need: Need, world: World) -> None:
    client = Client()
    client.force_login(world.users["dongli"], backend="backend.accounts.login.Accounts")
    first = titles(client), titles(Client())
    renamed(need)
    assert (titles(client), titles(Client())) == (["改名"], first[1])
    stranger = Client()
    stranger.cookies[ours.SESSION_COOKIE_NAME] = "no-such-session"
    assert titles(stranger) == ["改名"]


def test_refusals_files_and_what_is_large_are_made_anew(need: Need, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/api/needs?no=such").status_code == 400
    assert Client().get("/api/needs?export=csv").status_code == 200
    monkeypatch.setattr(visitors, "_LARGEST", 10)
    assert titles(Client())
    renamed(need)
    assert titles(Client()) == ["改名"]
    assert "改名" in b"".join(Client().get("/api/needs?export=csv")).decode("utf-8-sig")
    assert Client().get("/api/needs?no=such").status_code == 400


def test_nothing_is_remembered_where_the_operator_wants_none(need: Need, settings: Any) -> None:
    settings.VISITORS_SECONDS = 0
    assert titles(Client()) != ["改名"]
    renamed(need)
    assert titles(Client()) == ["改名"]
