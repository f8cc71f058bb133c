"""A link lets one person in, once, in time, into the party it was made for."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import User
from backend.joining.models import Invitation
from backend.lifecycle.models import Event
from backend.parties.models import Party
from tests.backend.joining.conftest import PASSWORD, joined
from tests.backend.world import World

pytestmark = pytest.mark.django_db


def invite(world: World, who: str, party: Party, role: str, name: str = "赵某") -> Any:
    return world.client(who).post(f"/api/parties/{party.pk}/invitations", {"role": role, "display_name": name})


def accept(token: str, username: str = "zhao", password: str = PASSWORD) -> Any:
    body = {"token": token, "username": username, "password": password}
    return APIClient().post("/api/invitations/accept", body, format="json")


def look(token: str) -> Any:
    return APIClient().post("/api/invitations/look", {"token": token}, format="json")


@pytest.fixture
def token(world: World) -> str:
    response = invite(world, "coordinator", world.governments["longhua"], "RECIPIENT")
    assert (response.status_code, response.headers["Cache-Control"]) == (201, "no-store")
    return str(response.json()["token"])


def test_invited_person_sets_a_password_and_is_in(world: World, token: str) -> None:
    told = look(token).json()
    assert (told["party_name"], told["display_name"], told["role"]) == (
        "河北省承德市隆化县人民政府",
        "赵某",
        "RECIPIENT",
    )
    client = APIClient()
    response = client.post("/api/invitations/accept", {"token": token, "username": "zhao", "password": PASSWORD})
    assert response.status_code == 201, response.content
    me = client.get("/api/session").json()["user"]
    assert (me["username"], me["role"], me["party"]["id"]) == ("zhao", "RECIPIENT", world.governments["longhua"].pk)
    assert User.objects.get(username="zhao").check_password(PASSWORD)
    events = Event.objects.filter(subject_type="joining.invitation").order_by("id")
    assert list(events.values_list("verb", "actor_label")) == [
        ("invited", str(world.users["coordinator"])),
        ("accepted", "赵某（受援县）"),
    ]


def test_only_the_hash_of_the_token_is_kept(token: str) -> None:
    row = Invitation.objects.get()
    assert row.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(list(Event.objects.values())) + str(Invitation.objects.values())


def test_link_that_cannot_be_used_says_the_same_whatever_the_reason(world: World, token: str) -> None:
    said = {accept("x" * 43).content}
    assert accept(token).status_code == 201
    said |= {accept(token, "once_more").content, look(token).content}
    for change in ({"expires_at": timezone.now() - timedelta(minutes=1)}, {"status": "WITHDRAWN"}):
        other = invite(world, "coordinator", world.governments["longhua"], "RECIPIENT").json()
        if "status" in change:
            headers = {"if-match": '"1"'}
            done = world.client("coordinator").post(f"/api/invitations/{other['id']}/withdrawal", headers=headers)
            assert done.json()["status"] == "WITHDRAWN"
        else:
            Invitation.objects.filter(pk=other["id"]).update(**change)
        said |= {accept(other["token"], "third").content, look(other["token"]).content}
    assert len(said) == 1
    assert "无效、已用过或已过期" in said.pop().decode()
    assert not User.objects.filter(username__in=["once_more", "third"]).exists()


def test_refused_password_leaves_the_link_usable(token: str) -> None:
    assert accept(token, password="12345").json()["errors"][0]["field"] == "password"
    assert accept(token, username="longhua").json()["errors"][0]["code"] == "taken"
    assert accept(token).status_code == 201


@pytest.mark.parametrize(
    ("who", "party", "role", "status"),
    [
        ("administrator", "longhua", "RECIPIENT", 201),
        ("coordinator", "dongli", "PARTNER", 201),
        ("gansu", "maqu", "RECIPIENT", 201),
        ("gansu", "longhua", "RECIPIENT", 403),
        ("auditor", "longhua", "RECIPIENT", 403),
        ("longhua", "longhua", "RECIPIENT", 403),  # a second pair of eyes is not made by the first
        ("dongli_federation", "dongli", "PARTNER", 403),
        ("coordinator", "longhua", "COMPANY", 400),
        ("coordinator", "longhua", "ADMINISTRATOR", 400),
    ],
)
def test_those_who_oversee_a_party_let_people_in(world: World, who: str, party: str, role: str, status: int) -> None:
    response = invite(world, who, world.governments[party], role)
    assert response.status_code == status, response.content
    assert Invitation.objects.count() == (status == 201)


def test_federation_lets_people_into_the_firms_it_vouched_for(world: World) -> None:
    firm = joined(world)
    assert invite(world, "dongli_federation", firm, "COMPANY").status_code == 404
    world.client("dongli_federation").post(
        f"/api/parties/{firm.pk}/decision", {"step": "VERIFY"}, headers={"if-match": f'"{firm.version}"'}
    )
    assert invite(world, "dongli_federation", firm, "COMPANY").status_code == 201
    assert invite(world, "tianjin_federation", firm, "COMPANY").status_code == 403
    address = f"/api/parties/{firm.pk}/invitations"
    assert world.client("dongli_federation").get(address).json()["count"] == 1
    assert world.client("haihe").get(address).status_code == 404


def test_database_holds_the_account_against_the_invitation(world: World, token: str) -> None:
    mine = Invitation.objects.filter(token_sha256=hashlib.sha256(token.encode()).hexdigest())
    taken = {"status": "ACCEPTED", "accepted_by": world.users["fengning"]}
    with pytest.raises(IntegrityError, match="is not whom invitation"), transaction.atomic():
        mine.update(**taken)
    with pytest.raises(IntegrityError, match="invitation_accepted_by_an_account"), transaction.atomic():
        mine.update(status="ACCEPTED")
    mine.update(expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(IntegrityError, match="is over"):
        mine.update(**taken)
