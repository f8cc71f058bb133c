"""A firm comes in by itself, and counts once somebody of the right office has vouched for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.joining.models import Registration
from backend.lifecycle.models import Event
from backend.parties.models import Capability, ContactPerson, Party
from backend.web.problems import NotAllowed
from tests.backend.joining.conftest import FIRM, code, decide, join, joined, profile, send, verified
from tests.backend.world import World

pytestmark = pytest.mark.django_db


def told(response: Any) -> tuple[int, str, str]:
    """Status, field and code of a refusal."""
    first = response.json()["errors"][0]
    return response.status_code, first["field"], first["code"]


# --- coming in ---------------------------------------------------------------------------------------------------


def test_firm_registers_and_is_logged_in_pending(world: World) -> None:
    client = APIClient()
    response = client.post("/api/join", {**FIRM, "uscc": "91 9999 " + FIRM["uscc"][6:].lower()}, format="json")
    assert response.status_code == 201, response.content
    me = client.get("/api/session").json()["user"]
    assert (me["role"], me["display_name"], me["party"]["standing"]) == ("COMPANY", "王某", "PENDING")
    party = Party.objects.get(uscc=FIRM["uscc"])
    assert (party.standing, party.status, party.industry) == ("PENDING", "UNVERIFIED", "C")
    assert sorted(party.capabilities.values_list("category", "mode")) == [
        ("CONSUMPTION", "PURCHASE"),
        ("EMPLOYMENT", ""),
    ]
    assert party.contacts.get().phone == "022-2498 0000"
    said = Event.objects.get(subject_type="joining.registration")
    assert (said.verb, said.to_status, said.actor_label) == ("registered", "PENDING", "王某（企业）")


def test_pending_firm_is_nobodys_but_its_own_and_its_overseers(world: World) -> None:
    party = joined(world)
    for client in (APIClient(), world.client("dongli"), world.client("coordinator")):
        assert client.get(f"/api/parties/{party.pk}").status_code == 404
    assert world.client("haihe").get(f"/api/parties/{party.pk}").status_code == 200
    seen = {"haihe", "dongli_federation", "tianjin_federation", "coordinator", "auditor"}
    for who in [*seen, "gansu", "dongli", "longhua", "administrator"]:
        assert profile(world, who, party).status_code == (200 if who in seen else 404), who


def test_pending_firm_does_nothing_that_counts(world: World) -> None:
    user = User.objects.get(pk=joined(world).members.get().pk)
    with pytest.raises(NotAllowed, match="还没有通过工商联核实，核实之后才能登记承诺"):
        require_role(user, Role.COMPANY, to="登记承诺")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": "12345"}, "uscc"),
        ({"uscc": FIRM["uscc"][:-1] + ("0" if FIRM["uscc"][-1] != "0" else "1")}, "uscc"),
        ({"uscc": "I" * 18}, "uscc"),
        ({"kind": "GOVERNMENT"}, "kind"),
        ({"name": "【演示】某公司"}, "name"),
        ({"area": "120000"}, "area"),
        ({"area": "999999"}, "area"),
        ({"industry": "Z"}, "industry"),
        ({"contact": {"name": "王某", "phone": "电话"}}, "contact.phone"),
        ({"capabilities": [{"category": "GOLF"}]}, "capabilities.0.category"),
        ({"capabilities": [{"category": "WATER"}, {"category": "WATER"}]}, "capabilities"),
        ({"capabilities": [{"category": "WATER", "quantity": "3"}]}, "capabilities.0.unit"),
        ({"username": "有 空格"}, "username"),
        ({"password": "123456"}, "password"),
        ({"status": "VERIFIED"}, "status"),
    ],
)
def test_faulty_registration_is_refused_at_its_field_and_leaves_nothing(
    world: World, changes: dict[str, Any], field: str
) -> None:
    response = join(**changes)
    assert response.status_code == 400, response.content
    assert field in {error["field"] for error in response.json()["errors"]}
    assert not User.objects.filter(username=FIRM["username"]).exists()
    assert not Registration.objects.exists()
    assert not ContactPerson.objects.exists()


def test_wrong_check_character_is_named(world: World) -> None:
    wrong = "0" if FIRM["uscc"][-1] != "0" else "1"
    said = join(uscc=FIRM["uscc"][:-1] + wrong).json()["detail"]
    assert said == f"统一社会信用代码的最后一位（校验码）应为 {FIRM['uscc'][-1]}，现在是 {wrong}，请逐位核对"


def test_second_registration_of_a_code_is_told_what_to_do_and_nothing_else(world: World) -> None:
    joined(world)
    response = join(username="another", name="别的名称")
    assert told(response) == (409, "uscc", "registered")
    assert "由其邀请您开通账号" in response.json()["detail"]
    assert "海河" not in response.content.decode()
    assert not User.objects.filter(username="another").exists()
    assert told(join(uscc=code(2))) == (409, "username", "taken")
    assert Party.objects.joining().count() == 1


def test_code_is_checked_against_form_and_register(world: World) -> None:
    def check(uscc: str) -> Any:
        return APIClient().get("/api/join/code", {"uscc": uscc})

    assert check(FIRM["uscc"]).json()["registered"] is False
    assert told(check("9199")) == (400, "uscc", "uscc")
    party = joined(world)
    assert (check(FIRM["uscc"]).json()["registered"], check(FIRM["uscc"]).json()["holder"]) == (True, None)
    decide(world, "dongli_federation", party, "VERIFY")
    assert check(FIRM["uscc"]).json()["holder"] == FIRM["name"]


def test_names_alike_are_those_of_public_parties(world: World) -> None:
    def hints(name: str) -> list[str]:
        return [row["name"] for row in APIClient().get("/api/join/alike", {"name": name}).json()]

    party = joined(world)
    assert hints("海河食品加工有限责任公司") == []
    decide(world, "dongli_federation", party, "VERIFY")
    assert hints("海河食品加工有限责任公司") == [FIRM["name"]]
    assert hints("天津市海河食品加工厂") == [FIRM["name"]]
    assert hints("蓟州建材有限公司") == []
    assert told(APIClient().get("/api/join/alike", {"name": "海"})) == (400, "name", "invalid")


def test_one_address_knocks_so_often_and_no_oftener(world: World, settings: Any) -> None:
    settings.KNOCKS = {"entering": "2/hour", "asking": "3/min"}
    first, second = join(name=""), join(name="")
    assert (first.status_code, second.status_code) == (400, 400)
    third = join()
    assert (third.status_code, third.json()["detail"]) == (429, "请求过于频繁，请稍后再试")
    assert third.headers["Retry-After"]
    assert [APIClient().get("/api/join/code").status_code for _ in range(4)] == [400, 400, 400, 429]
    elsewhere = APIClient(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/api/join", FIRM, format="json").status_code == 201


# --- vouching ----------------------------------------------------------------------------------------------------


def test_federation_refuses_firm_corrects_federation_verifies(world: World) -> None:
    party = joined(world)
    assert told(decide(world, "dongli_federation", party, "REFUSE"))[:2] == (400, "reason")
    done = decide(world, "dongli_federation", party, "REFUSE", "名称与营业执照不符")
    assert done.json()["registration"]["refusal"] == "名称与营业执照不符"
    facts = {name: FIRM[name] for name in ("kind", "uscc", "area", "industry")}
    name = "天津海河食品加工有限公司"
    done = send(world, "haihe", party, "profile", {**facts, "name": name}, method="put")
    assert (done.status_code, done.json()["registration"]["status"]) == (200, "PENDING")
    done = decide(world, "dongli_federation", party, "VERIFY")
    assert (done.json()["registration"]["status"], done.json()["my_steps"]) == ("VERIFIED", ["REFUSE"])
    assert APIClient().get(f"/api/parties/{party.pk}").json()["standing"] == "VERIFIED"
    events = world.client("haihe").get(f"/api/parties/{party.pk}/events").json()["results"]
    assert [event["verb"] for event in events] == ["registered", "refused", "corrected", "submitted", "verified"]
    assert events[2]["payload"] == {"name": [FIRM["name"], name]}


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"industry": "A"}, "VERIFIED"), ({"name": "另一个名称的公司"}, "PENDING"), ({"area": "120111"}, "PENDING")],
)
def test_verified_firm_that_becomes_another_is_verified_anew(
    world: World, changes: dict[str, str], status: str
) -> None:
    party = verified(world)
    facts = {name: FIRM[name] for name in ("kind", "name", "uscc", "area", "industry")}
    done = send(world, "haihe", party, "profile", {**facts, **changes}, method="put")
    assert done.json()["registration"]["status"] == status
    party.refresh_from_db()
    assert party.standing == status


@pytest.mark.parametrize("who", ["tianjin_federation", "coordinator", "haihe", "auditor", "dongli"])
def test_only_the_nearest_federation_vouches(world: World, who: str) -> None:
    party = joined(world)
    assert decide(world, who, party, "VERIFY").status_code in (403, 404)
    party.refresh_from_db()
    assert party.standing == "PENDING"


def test_where_the_county_has_none_the_city_vouches_and_without_any_the_coordinator(world: World) -> None:
    xiqing = joined(world, area="120111")
    assert profile(world, "haihe", xiqing).json()["authority"] == "天津市工商业联合会"
    assert decide(world, "dongli_federation", xiqing, "VERIFY").status_code == 404
    assert decide(world, "tianjin_federation", xiqing, "VERIFY").status_code == 200
    qingdao = joined(world, area="370211", uscc=code(3), username="huangdao_firm")
    assert profile(world, "huangdao_firm", qingdao).json()["authority"] == "负责该地区的协调员"
    assert decide(world, "gansu", qingdao, "VERIFY").status_code == 404
    assert decide(world, "coordinator", qingdao, "VERIFY").status_code == 200


def test_federation_that_nobody_logs_in_for_holds_nobody_up(world: World) -> None:
    world.users["dongli_federation"].is_active = False
    world.users["dongli_federation"].save()
    assert decide(world, "tianjin_federation", joined(world), "VERIFY").status_code == 200


def test_verdict_on_what_was_changed_meanwhile_is_refused(world: World) -> None:
    party = joined(world)
    seen = party.version
    send(world, "haihe", party, "capabilities", {"capabilities": [{"category": "WATER"}]}, method="put")
    assert send(world, "dongli_federation", party, "decision", {"step": "VERIFY"}, version=seen).status_code == 412
    assert decide(world, "dongli_federation", party, "VERIFY").status_code == 200
    assert told(decide(world, "dongli_federation", party, "VERIFY"))[0] == 409


def test_verifier_sees_who_is_called_alike(world: World) -> None:
    verified(world)
    again = joined(world, uscc=code(2), username="again", name="天津海河食品加工有限责任公司", area="120111")
    alike = profile(world, "tianjin_federation", again).json()["alike"]
    assert [(row["name"], row["likeness"] > 0.9) for row in alike] == [(FIRM["name"], True)]
    assert profile(world, "again", again).json()["alike"] == []


# --- the database itself -----------------------------------------------------------------------------------------


def test_database_lets_nobody_vouch_for_their_own_party_or_from_elsewhere(world: World) -> None:
    party = joined(world)
    for who in ("haihe", "gansu", "dongli", "auditor", "administrator"):
        with pytest.raises(IntegrityError, match="has no say over party"), transaction.atomic():
            Registration.objects.filter(party=party).update(
                status="VERIFIED", decided_by=world.users[who], decided_at=timezone.now()
            )


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("registration_decided_by_somebody", {"status": "VERIFIED"}),
        ("registration_refused_with_a_reason", {"status": "REFUSED", "decided_by": "dongli_federation"}),
        ("registration_pending_is_undecided", {"decided_by": "dongli_federation"}),
    ],
)
def test_database_refuses_a_registration_that_cannot_be(world: World, constraint: str, changes: dict[str, Any]) -> None:
    party = joined(world)
    if "decided_by" in changes:
        changes = {**changes, "decided_by": world.users[changes["decided_by"]], "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match=constraint):
        Registration.objects.filter(party=party).update(**changes)


def test_standing_is_the_registrations_word_and_nobody_elses(world: World) -> None:
    party = joined(world)
    with pytest.raises(IntegrityError, match="follows its registration"), transaction.atomic():
        Party.objects.filter(pk=party.pk).update(standing="VERIFIED")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parties_party (kind, name, status, source, is_demo, standing, unit_type, industry, version,"
            " pinyin, initials)"
            " VALUES ('ENTERPRISE', '乙公司', 'UNVERIFIED', '', false, 'VERIFIED', '', '', 1, 'yigongsi', 'ygs')"
        )
    assert Party.objects.get(name="乙公司").standing == "PENDING"


def test_check_character_is_the_databases_rule_too(world: World) -> None:
    party = joined(world)
    wrong = party.uscc[:-1] + ("0" if party.uscc[-1] != "0" else "1") if party.uscc else ""
    with pytest.raises(IntegrityError, match="party_uscc_check_character"):
        Party.objects.filter(pk=party.pk).update(uscc=wrong)


def test_capabilities_belong_to_categories_once_and_have_a_unit(world: World) -> None:
    party = joined(world)
    with pytest.raises(IntegrityError, match="capability_stated_once"), transaction.atomic():
        Capability.objects.create(party=party, category="EMPLOYMENT")
    with pytest.raises(IntegrityError, match="capability_quantity_has_a_unit"):
        Capability.objects.create(party=party, category="WATER", quantity=3)
