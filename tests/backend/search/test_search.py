"""One box finds places, parties, needs and pairings, the best first, and nothing that is not one's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient
from stdnum.cn import uscc

from backend.accounts.models import User
from backend.joining.models import Registration
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.parties.models import Party
from backend.places.models import Area, AreaSuccession
from tests.architecture.conftest import NEED
from tests.backend.places import examples
from tests.backend.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register() -> None:
    province, prefecture = examples.guizhou()
    county = examples.area("522729", "长顺县", parent=prefecture)
    examples.poor(county)
    town = examples.area("522729101", "广顺镇", parent=county)
    examples.area("522729101001", "长顺", parent=town)
    examples.area("522729101002", "长顺村委会", parent=town)
    examples.area("522700999", "长顺乡", parent=county)
    shuicheng = examples.area("520221", "水城县", parent=province, valid_to_year=2019)
    district = examples.area("520204", "水城区", parent=province, valid_from_year=2020)
    AreaSuccession.objects.create(from_area=shuicheng, to_area=district, year=2020, kind="RECODED", status="UNVERIFIED")
    check = uscc.calc_check_digit("91520000MA6ABCDE1")
    Party.objects.bulk_create(
        [
            Party(kind="GOVERNMENT", name="贵州省长顺县人民政府", area=county, status="UNVERIFIED"),
            Party(kind="ENTERPRISE", name="【演示】示例（长顺）茶叶有限公司", is_demo=True, status="UNVERIFIED",
                  uscc=f"91520000MA6ABCDE1{check}"),
        ]
    )  # fmt: skip


def find(text: str, user: User | None = None) -> dict[str, Any]:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    response = client.get("/api/search", {"q": text})
    assert response.status_code == 200, response.content.decode()
    return dict(response.json())


def titles(text: str, kind: str = "AREA", user: User | None = None) -> list[str]:
    return [hit["title"] for group in find(text, user)["groups"] if group["kind"] == kind for hit in group["hits"]]


def test_exact_comes_before_beginning_and_beginning_before_inside() -> None:
    assert titles("长顺") == ["长顺", "长顺县", "长顺乡", "长顺村委会", "广顺镇"]


@pytest.mark.parametrize("text", ["522729", "changshun", "csx", "CSX", "ｃｓｘ", "长顺县", " 贵州  长顺县 "])
def test_county_comes_first_by_code_pinyin_initials_and_name(text: str) -> None:
    assert titles(text)[0] == "长顺县"


@pytest.mark.parametrize("text", ["520221", "水城县", "shuichengxian"])
def test_old_name_and_code_find_what_became_of_the_place(text: str) -> None:
    [group] = find(text)["groups"]
    hits = [(hit["title"], hit["code"], hit["formerly"]) for hit in group["hits"]]
    assert hits == [("水城区", "520204", "水城县（520221）")]


@pytest.mark.parametrize("text", ["水城县", "520221"])
def test_list_of_places_finds_successors_as_well(text: str) -> None:
    rows = APIClient().get("/api/areas", {"search": text}).json()["results"]
    assert [row["name"] for row in rows] == ["水城区"]


@pytest.mark.parametrize("text", ["常顺", "changshum", "cangshun", "长顺线"])
def test_slip_of_the_pen_finds_what_sounds_alike_and_says_so(text: str) -> None:
    found = find(text)
    assert found["alike"] is True
    assert "长顺县" in titles(text)
    assert find("长顺")["alike"] is False


def test_what_nothing_resembles_is_not_found() -> None:
    assert find("zzqqxx")["groups"] == []


def test_marks_of_like_are_letters_like_any_other() -> None:
    for text in ("%", "_长", "%%", "长_县", "\\"):
        found = find(text)
        assert found["alike"] is True, text


@pytest.mark.parametrize("text", ["茶叶", "chaye", "slcs", "91520000ma6a"])
def test_firm_is_found_by_part_pinyin_and_code_once_it_is_verified(world: World, text: str) -> None:
    assert titles(text, "PARTY", world.users["coordinator"]) == []
    by, at = world.users["coordinator"], timezone.now()
    firm = Party.objects.get(kind="ENTERPRISE", name__contains="茶叶")
    Registration.objects.create(party=firm, status="VERIFIED", submitted_at=at, decided_by=by, decided_at=at)
    assert titles(text, "PARTY") == [firm.name]


def test_need_is_found_by_those_who_may_see_it(world: World) -> None:
    recipient, stranger = world.users["longhua"], world.users["maqu"]
    needs.propose(area=world.areas["longhua"], by=recipient, **NEED)
    for text in ("饮水", "安全饮水管网", "anquanyinshui", "aqys"):
        assert titles(text, "NEED", recipient) == [NEED["title"]], text
        assert titles(text, "NEED", stranger) == titles(text, "NEED") == [], text


def test_pairing_is_found_by_either_name_by_those_concerned(world: World) -> None:
    world.pair("dongli", "longhua")
    expected = [f"{world.governments['dongli'].name} → {world.areas['longhua'].full_name}"]
    for text in ("东丽", "隆化"):
        assert titles(text, "PAIRING", world.users["dongli"]) == expected
        assert titles(text, "PAIRING", world.users["maqu"]) == titles(text, "PAIRING") == []


def test_search_without_words_or_with_too_many_is_refused_by_name() -> None:
    for text in ("", "   ", "长" * 61):
        response = APIClient().get("/api/search", {"q": text})
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == ["q"]


def test_search_costs_no_more_queries_than_its_steps(django_assert_max_num_queries: Any) -> None:
    for text, at_most in (("长顺", 13), ("常顺", 24)):
        with django_assert_max_num_queries(at_most):
            find(text)


def test_renamed_need_is_found_by_its_new_name_only(world: World) -> None:
    recipient = world.users["longhua"]
    need = needs.propose(area=world.areas["longhua"], by=recipient, **NEED)
    needs.change(need=need, by=recipient, detail="", **{**NEED, "title": "通村公路"})
    assert titles("tongcun", "NEED", recipient) == ["通村公路"]
    assert titles("anquan", "NEED", recipient) == []


@pytest.mark.parametrize("table", ["places_area", "parties_party", "needs_need"])
def test_database_refuses_a_row_that_nobody_could_find(world: World, table: str) -> None:
    needs.propose(area=world.areas["longhua"], by=world.users["longhua"], **NEED)
    for column in ("pinyin", "initials"):
        with pytest.raises(IntegrityError, match="_spelt"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = ''")


@pytest.mark.parametrize("model", [Area, Party, Need])
def test_two_characters_are_answered_by_the_index_of_pairs(model: Any) -> None:
    """Few rows are here, so sequential scans are forbidden for the moment: what is left must be the index."""
    name = {Area: "full_name", Party: "name", Need: "title"}[model]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = model.objects.filter(**{f"{name}__holds": "长顺"}).order_by().explain()
    assert "by_pairs" in plan
