"""An account's role, party and region fit each other, whoever writes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from backend.accounts.models import PARTY_KINDS, Role, User
from backend.parties.models import Party
from backend.places.models import Area
from tests.backend.accounts.conftest import account
from tests.backend.places import examples


@pytest.fixture
def parties(db: None) -> dict[str, Party]:
    area = examples.area("520000", "贵州省")
    return {
        kind: Party.objects.create(kind=kind, name=kind, status="UNVERIFIED", area=area) for kind in Party.Kind.values
    }


@pytest.mark.parametrize("kind", Party.Kind.values)
@pytest.mark.parametrize("role", PARTY_KINDS)
def test_organisation_must_fit_the_role(parties: dict[str, Party], role: Role, kind: str) -> None:
    fits = kind in PARTY_KINDS[role]
    draft = User(username="x", display_name="甲", role=role, party=parties[kind])
    if fits:
        account("x", role, party=parties[kind])
        draft.clean()
        return
    with pytest.raises(IntegrityError, match="does not fit the role"), transaction.atomic():
        account("x", role, party=parties[kind])
    with pytest.raises(ValidationError, match="不能代表"):
        draft.clean()


def test_role_cannot_be_changed_away_from_its_organisation(parties: dict[str, Party]) -> None:
    account("x", Role.COMPANY, party=parties["ENTERPRISE"])
    with pytest.raises(IntegrityError, match="does not fit the role"), transaction.atomic():
        User.objects.update(role=Role.PARTNER)


@pytest.mark.parametrize("role", list(Role))
def test_scope_must_fit_the_role(parties: dict[str, Party], role: Role) -> None:
    kinds = PARTY_KINDS.get(role)
    region = Area.objects.get(code="520000")
    wrong: list[dict[str, Any]] = (
        [{}, {"party": parties[kinds[0]], "region": region}, {"region": region}]
        if kinds
        else [{"party": parties["GOVERNMENT"]}]
    )
    for given in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            account("x", role, **given)
    right: dict[str, Any] = {"party": parties[kinds[0]]} if kinds else {"region": region}
    account("x", role, **right)


def test_invented_person_is_marked(db: None) -> None:
    with pytest.raises(IntegrityError, match="user_invented_is_marked"), transaction.atomic():
        account("x", is_demo=True)
    account("x", display_name="【演示】张某", is_demo=True)


def test_party_of_an_account_cannot_be_deleted(parties: dict[str, Party]) -> None:
    account("x", Role.COMPANY, party=parties["ENTERPRISE"])
    with pytest.raises(IntegrityError), transaction.atomic():
        parties["ENTERPRISE"].delete()


def test_account_reads_as_name_and_role() -> None:
    assert str(User(display_name="张某", role=Role.AUDITOR)) == "张某（审计监督）"
