"""What a log-in may see: denied unless somebody said otherwise, the same through every door."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework import serializers

from backend.accounts import scopes
from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import (
    AreaCodeField,
    ScopedPrimaryKeyRelatedField,
    UnscopedModel,
    governed_area,
    oversees,
    visible,
    within_region,
)
from backend.jobs.models import Job
from backend.lifecycle.models import Event, EventSeal
from backend.parties.models import Party
from backend.places.models import Area
from backend.web.models import IdempotencyKey
from backend.web.problems import NotAllowed
from tests.backend.accounts.conftest import account
from tests.backend.places import examples


@pytest.mark.parametrize("model", [Job, EventSeal, IdempotencyKey])
@pytest.mark.parametrize("role", list(Role))
def test_model_nobody_scoped_is_denied_to_everybody(model: Any, role: Role) -> None:
    with pytest.raises(UnscopedModel, match=model.__name__):
        visible(model, User(role=role))


def test_model_has_one_scope() -> None:
    with pytest.raises(RuntimeError, match="Party has a scope already"):
        scopes.scope(Party)(lambda user, rows: rows)


def test_scope_narrows_the_query_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "_scopes", {})

    @scopes.scope(Job)
    def mine(user: Any, rows: QuerySet[Job]) -> QuerySet[Job]:
        return rows.filter(requested_by_id=user.pk)

    condition = str(visible(Job.objects.filter(kind="x"), SimpleNamespace(pk=7)).query)
    assert '"kind" = x AND "jobs_job"."requested_by_id" = 7' in condition


# --- areas -----------------------------------------------------------------------------------------------------


@pytest.fixture
def counties(db: None) -> dict[str, Area]:
    guizhou, qiannan = examples.guizhou()
    changshun = examples.area("522729", "长顺县", parent=qiannan)
    yunnan = examples.area("530000", "云南省")
    return {"guizhou": guizhou, "qiannan": qiannan, "changshun": changshun, "yunnan": yunnan}


@pytest.mark.parametrize(
    ("region", "seen"),
    [
        ("guizhou", {"guizhou", "qiannan", "changshun"}),
        ("qiannan", {"qiannan", "changshun"}),
        ("changshun", {"changshun"}),
        ("yunnan", {"yunnan"}),
        (None, {"guizhou", "qiannan", "changshun", "yunnan"}),
    ],
)
def test_region_is_itself_and_everything_below(counties: dict[str, Area], region: str | None, seen: set[str]) -> None:
    for name, area in counties.items():
        Party.objects.create(kind="GOVERNMENT", name=name, area=area, status="UNVERIFIED")
    user = User(role=Role.COORDINATOR, region=counties[region] if region else None)
    assert {party.name for party in Party.objects.filter(within_region(user, "area"))} == seen


# --- who is who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_only_coordinators_and_auditors_oversee(role: Role) -> None:
    assert oversees(User(role=role)) == (role in (Role.COORDINATOR, Role.AUDITOR))


def test_nobody_logged_in_oversees_nothing() -> None:
    assert oversees(AnonymousUser()) is False
    assert governed_area(AnonymousUser()) is None


def test_only_a_government_governs_its_area(counties: dict[str, Area]) -> None:
    def of(kind: str) -> Area | None:
        return governed_area(User(party=Party(kind=kind, area=counties["changshun"])))

    assert of("GOVERNMENT") == counties["changshun"]
    assert of("ENTERPRISE") is None


def test_wrong_role_is_told_whose_business_it_is() -> None:
    user = User(role=Role.COMPANY)
    with pytest.raises(NotAllowed, match="只有协调员、审计监督可以发起匹配，您的角色是企业"):
        require_role(user, Role.COORDINATOR, Role.AUDITOR, to="发起匹配")
    assert require_role(user, Role.COMPANY, to="发起匹配") is user


def test_nobody_logged_in_has_no_role() -> None:
    with pytest.raises(NotAllowed, match="您的角色是未登录"):
        require_role(AnonymousUser(), Role.COORDINATOR, to="发起匹配")


# --- accounts, parties and events ------------------------------------------------------------------------------


def test_accounts_are_seen_by_administrators_and_by_their_owner(db: None) -> None:
    one, other, admin = account("a"), account("b"), account("c", Role.ADMINISTRATOR)
    assert set(visible(User, one)) == {one}
    assert set(visible(User, admin)) == {one, other, admin}
    assert not visible(User, AnonymousUser()).exists()


def test_firm_that_nobody_vouched_for_is_seen_by_itself_only(db: None) -> None:
    firm = Party.objects.create(kind="ENTERPRISE", name="甲", status="UNVERIFIED")
    assert firm in visible(Party, account("b", Role.COMPANY, party=firm))
    assert firm not in visible(Party, account("a"))
    assert firm not in visible(Party, AnonymousUser())


def test_events_are_not_for_the_public() -> None:
    assert visible(Event, AnonymousUser()).query.is_empty()


# --- fields of requests ----------------------------------------------------------------------------------------


class Body(serializers.Serializer[Any]):
    user = ScopedPrimaryKeyRelatedField(queryset=User.objects.all(), required=False)
    area = AreaCodeField(required=False)


def errors(viewer: Any, **data: Any) -> dict[str, Any]:
    body = Body(data=data, context={"request": SimpleNamespace(user=viewer)})
    body.is_valid()
    return dict(body.errors)


def test_reference_out_of_scope_is_like_one_that_never_was(db: None) -> None:
    mine, other = account("a"), account("b")
    assert errors(mine, user=mine.pk) == {}
    refused, absent = errors(mine, user=other.pk), errors(mine, user=10**12)
    assert refused == {"user": [f"没有编号为 {other.pk} 的记录，或它不在您的管理范围内"]}
    assert refused["user"][0].code == absent["user"][0].code == "does_not_exist"


@pytest.mark.parametrize("value", ["abc", [], {}, True, 1.5])
def test_reference_that_is_no_number_is_refused(db: None, value: Any) -> None:
    assert errors(account("a"), user=value)["user"][0].code in ("incorrect_type", "does_not_exist")


def test_area_is_named_by_its_current_code(counties: dict[str, Area]) -> None:
    assert errors(AnonymousUser(), area="522729") == {}
    assert errors(AnonymousUser(), area="999999") == {"area": ["没有行政区划代码 999999"]}
