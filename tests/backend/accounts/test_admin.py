"""The administrator's pages: who may enter, and what is on record afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from backend.accounts.models import Role, User
from backend.lifecycle.models import Event
from backend.parties.models import Party
from tests.backend.accounts.conftest import PASSWORD, account


@pytest.fixture
def admin(db: None, client: Client) -> Client:
    client.force_login(account("admin", Role.ADMINISTRATOR), "backend.accounts.login.Accounts")
    return client


def form(**given: Any) -> dict[str, Any]:
    password = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return (
        {"username": "li", "display_name": "李某", "role": "COORDINATOR", "region": "", "party": ""} | password | given
    )


@pytest.mark.parametrize(
    "page", ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/axes/accessattempt/"]
)
def test_administrator_enters(admin: Client, page: str) -> None:
    assert admin.get(page).status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
@pytest.mark.parametrize("staff", [False, True])
def test_nobody_else_enters_whatever_djangos_flags_say(db: None, client: Client, role: Role, staff: bool) -> None:
    user = account("x", role, is_staff=staff, is_superuser=staff)
    client.force_login(user, "backend.accounts.login.Accounts")
    response = client.get("/admin/accounts/user/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_only_accounts_and_locks_are_offered(admin: Client) -> None:
    offered = [model["object_name"] for app in admin.get("/admin/").context["app_list"] for model in app["models"]]
    assert sorted(offered) == ["AccessAttempt", "User"]


def test_new_account_is_made_and_on_record(admin: Client) -> None:
    response = admin.post("/admin/accounts/user/add/", form())
    assert response.status_code == 302, response.context["adminform"].form.errors
    made = User.objects.get(username="li")
    assert made.check_password(PASSWORD)
    event = Event.objects.get(subject_type="accounts.user", subject_id=str(made.pk))
    assert (event.verb, event.actor_label) == ("account_created", "张某（管理员）")
    assert PASSWORD not in str(event.payload)


def test_organisation_that_does_not_fit_is_refused_beside_the_field(admin: Client) -> None:
    firm = Party.objects.create(kind="ENTERPRISE", name="甲公司", status="UNVERIFIED")
    response = admin.post("/admin/accounts/user/add/", form(role="PARTNER", party=firm.pk))
    assert response.context["adminform"].form.errors["party"] == ["角色“帮扶方政府”不能代表企业"]


def test_role_without_its_organisation_is_refused_in_words(admin: Client) -> None:
    response = admin.post("/admin/accounts/user/add/", form(role="PARTNER"))
    assert "代表单位的角色须指明单位" in str(response.context["adminform"].form.errors)


def test_account_is_closed_and_never_deleted(admin: Client) -> None:
    user = account("li")
    assert admin.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    changed = {"username": "li", "display_name": "李某", "role": "COORDINATOR", "region": "", "party": ""}
    assert admin.post(f"/admin/accounts/user/{user.pk}/change/", changed).status_code == 302
    user.refresh_from_db()
    assert (user.is_active, user.display_name) == (False, "李某")
    assert Event.objects.get(verb="account_changed").payload == {"fields": ["display_name", "is_active"]}


def test_administrator_makes_nobody_superuser(admin: Client) -> None:
    admin.post("/admin/accounts/user/add/", form(is_superuser="on", is_staff="on"))
    made = User.objects.get(username="li")
    assert (made.is_superuser, made.is_staff) == (False, False)


def test_lock_is_opened_by_deleting_it(admin: Client) -> None:
    lock = AccessAttempt.objects.create(username="li", ip_address="203.0.113.9", failures_since_start=10)
    assert admin.post(f"/admin/axes/accessattempt/{lock.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not AccessAttempt.objects.exists()
