"""A federation's list in Excel: every fault at its cell, all firms verified together, and taken out again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from backend.accounts.models import Role, User
from backend.exchange import reader
from backend.exchange.cleaning import Unclear, clean
from backend.exchange.importable import Row, find
from backend.jobs import tasks
from backend.joining import inviting
from backend.joining.sheets import COLUMNS
from backend.lifecycle.models import Event
from backend.parties.models import Capability, ContactPerson, Party, YearCapacity
from tests.backend.exchange.conftest import decide, done, read_inside, shown, uploaded
from tests.backend.exchange.hostile import book, comma
from tests.backend.joining import conftest as joining
from tests.backend.joining.conftest import code, joined, verified
from tests.backend.world import World

pytestmark = pytest.mark.django_db

HEADINGS = [column.heading for column in COLUMNS]
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
ROW: list[Any] = ["第{}食品厂", None, "120110", "制造业", "", "产业、就业", "王某", "022-24980000"]
WHO = "dongli_federation"


@pytest.fixture
def office(world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    monkeypatch.setattr(reader, "read", read_inside)
    return world


def row(number: int, **changes: Any) -> list[Any]:
    cells = [ROW[0].format(number), code(number), *ROW[2:]]
    for key, value in changes.items():
        cells[PLACES[key]] = value
    return cells


def firms(*rows: list[Any]) -> bytes:
    return book(rows or [row(1), row(2)], headings=HEADINGS, sheet="企业名单")


def read(world: World, *rows: list[Any], who: str = WHO) -> dict[str, Any]:
    return uploaded(world, firms(*rows), who, listed="enterprises")


def faults(world: World, batch: dict[str, Any], who: str = WHO) -> list[tuple[str, str]]:
    rows = world.client(who).get(f"/api/imports/{batch['id']}/rows", {"faulty": "true"}).json()["results"]
    return [(fault["cell"], fault["rule"]) for one in rows for fault in one["faults"]]


def entered(world: World, *rows: list[Any], who: str = WHO) -> dict[str, Any]:
    batch = read(world, *rows, who=who)
    assert batch["status"] == "READY", faults(world, batch, who)
    batch = done(world, batch, "COMMIT", who)
    assert batch["status"] == "COMMITTED", batch["error"]
    return batch


# --- what a cell may hold -------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "code that became a number": ({"uscc": 9.11200001234567e17}, "B2", "code_as_number"),
    "code that became a number, as text": ({"uscc": "9.112E+17"}, "B2", "code_as_number"),
    "code that lost a digit": ({"uscc": code(1)[:-1]}, "B2", "code_length"),
    "code with a wrong check digit": ({"uscc": code(1)[:-1] + "A"}, "B2", "unsound_code"),
    "code with a letter that no code has": ({"uscc": "91999900000000O" + code(1)[15:]}, "B2", "unsound_code"),
    "code with something else in it": ({"uscc": f"{code(1)}（旧）"}, "B2", "not_a_code"),
    "code by formula": ({"uscc": ('="9"', "9")}, "B2", "formula"),
    "no code": ({"uscc": "　"}, "B2", "required"),
    "name of one character": ({"name": "厂"}, "A2", "too_short"),
    "name of an invented firm": ({"name": "【演示】食品厂"}, "A2", "demo_mark"),
    "county of somebody else": ({"area": "120111"}, "C2", "foreign_place"),
    "no county but a province": ({"area": 120000}, "C2", "not_a_county"),
    "no place at all": ({"area": "999999"}, "C2", "no_such_place"),
    "letter for an industry": ({"industry": "C"}, "D2", "unknown_choice"),
    "kind that does not join": ({"kind": "人民政府"}, "E2", "unknown_choice"),
    "contact without a phone": ({"phone": None}, "H2", "required"),
    "phone without a contact": ({"contact": None}, "G2", "required"),
    "phone that is none": ({"phone": "见名片"}, "H2", "not_a_phone"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "cell", "rule"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named_at_its_cell(office: World, changes: dict[str, Any], cell: str, rule: str) -> None:
    batch = read(office, row(1, **changes))
    assert (batch["status"], faults(office, batch)) == ("FAULTY", [(cell, rule)])


def test_code_of_eighteen_digits_kept_as_a_number_is_refused_too() -> None:
    with pytest.raises(Unclear, match="末位可能丢失"):
        clean(COLUMNS[PLACES["uscc"]], 911200001234567000)


def test_code_is_understood_however_it_was_typed(office: World) -> None:
    sound = "91999900DEM000001Q"
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in sound)
    for typed in (sound.lower(), f" {sound[:8]} {sound[8:]}　", wide):
        batch = read(office, row(1, uscc=typed, kind=None, industry=None, offers=None, contact=None, phone=None))
        assert batch["status"] == "READY", faults(office, batch)
        rows = office.client(WHO).get(f"/api/imports/{batch['id']}/rows").json()["results"]
        assert rows[0]["cells"] == ["第1食品厂", sound, "120110", "", "", "", "", ""]


def test_code_that_is_there_already_is_refused_and_tells_only_public_names(office: World) -> None:
    verified(office, name="已核实食品厂", uscc=code(2))
    joined(office, name="待核实食品厂", uscc=code(3), username="other")
    batch = read(office, row(1), row(2), row(3), row(4, uscc=code(1)))
    rows = office.client(WHO).get(f"/api/imports/{batch['id']}/rows", {"faulty": "true"}).json()["results"]
    assert [(one["number"], one["faults"][0]["message"]) for one in rows] == [
        (3, f"统一社会信用代码 {code(2)} 已登记（已核实食品厂），请删除这一行"),
        (4, f"统一社会信用代码 {code(3)} 已登记，请删除这一行"),
        (5, "与第 2 行的统一社会信用代码相同"),
    ]


def test_rows_are_held_against_the_register_with_few_queries(office: World, django_assert_num_queries: Any) -> None:
    listed = find("enterprises")
    values = {"name": "食品厂", "area": "120111", "contact": None, "phone": None}
    rows = [Row(number, {**values, "uscc": code(number)}) for number in range(200)]
    with django_assert_num_queries(5):
        found = listed.check(rows, office.users[WHO])
    assert {fault.rule for fault in found} == {"foreign_place"}


# --- in and out -----------------------------------------------------------------------------------------------------


def test_template_offers_the_counties_that_one_answers_for(office: World) -> None:
    for who, codes in ((WHO, ["120110"]), ("tianjin_federation", ["120111"])):
        response = office.client(who).get("/api/import-lists/enterprises/template")
        template = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
        assert [cell.value for cell in template["代码表"]["A"][1:]] == codes
        assert [cell.value for cell in template["企业名单"][1]] == HEADINGS
    rules = {str(rule.sqref): rule.formula1 for rule in template["企业名单"].data_validations.dataValidation}
    assert "制造业" in rules["D2:D2001"]
    assert template["企业名单"].column_dimensions["B"].number_format == "@"


@pytest.mark.parametrize("who", ["dongli", "longhua", "auditor"])
def test_nobody_else_enters_firms(office: World, who: str) -> None:
    assert office.client(who).get("/api/import-lists/enterprises/template").status_code == 403
    assert "enterprises" not in [one["key"] for one in office.client(who).get("/api/import-lists").json()]


def test_rows_become_firms_that_are_verified_and_say_what_they_offer(office: World) -> None:
    batch = entered(office, row(1), row(2, kind="社会组织", industry="", offers="", contact="", phone=""))
    assert batch["list_path"] == "/registrations?who=all&status=VERIFIED&ordering=-submitted_at"
    made = list(Party.objects.joining().order_by("pk"))
    assert [(one.name, one.kind, one.industry) for one in made] == [
        ("第1食品厂", "ENTERPRISE", "C"), ("第2食品厂", "SOCIAL_ORGANISATION", ""),
    ]  # fmt: skip
    assert {(one.standing, one.is_demo) for one in made} == {("VERIFIED", False)}
    assert made[0].registration.decided_by == office.users[WHO]
    assert set(Capability.objects.values_list("party", "category")) == {
        (made[0].pk, "INDUSTRY"), (made[0].pk, "EMPLOYMENT"),
    }  # fmt: skip
    assert ContactPerson.objects.get().phone == "022-24980000"
    assert Event.objects.get(verb="enrolled", subject_id=made[0].registration.pk).payload == {"import": batch["id"]}


def test_comma_separated_list_in_gbk_is_taken_too(office: World) -> None:
    batch = uploaded(office, comma(row(1), headings=HEADINGS).encode("gbk"), WHO, name="名单.csv", listed="enterprises")
    assert batch["status"] == "READY", faults(office, batch)


def test_invented_log_in_enters_invented_firms(office: World) -> None:
    User.objects.filter(pk=office.users[WHO].pk).update(is_demo=True, display_name="演示")
    office.users[WHO].refresh_from_db()
    entered(office, row(1, name="【演示】示例食品厂"))
    assert Party.objects.joining().get().is_demo


def test_firm_that_registered_meanwhile_stops_the_commit_and_says_so(office: World) -> None:
    batch = read(office)
    joined(office, uscc=code(2))
    batch = done(office, batch, "COMMIT", WHO)
    assert (batch["status"], faults(office, batch)) == ("FAULTY", [("B3", "registered")])
    assert Party.objects.joining().count() == 1


def test_undone_list_may_come_in_again(office: World) -> None:
    batch = entered(office)
    assert (batch["my_steps"], batch["undo_refusal"]) == (["UNDO"], "")
    batch = done(office, batch, "UNDO", WHO)
    assert (batch["status"], batch["error"]) == ("UNDONE", "")
    assert not Party.objects.joining().exists()
    kept = Party.pgh_event_model.objects.filter(pgh_label="delete").order_by("pgh_id").first()
    assert (kept.name, kept.pgh_context["actor"]) == ("第1食品厂", office.users[WHO].pk)
    entered(office)
    assert Party.objects.joining().count() == 2


def _corrected(world: World, party: Party) -> None:
    Party.objects.filter(pk=party.pk).update(version=party.version + 1)


def _refused(world: World, party: Party) -> None:
    assert joining.decide(world, WHO, party, "REFUSE", "查无此企业").status_code == 200


def _with_an_account(world: World, party: Party) -> None:
    User.objects.create(username="guest", display_name="某人", role=Role.COMPANY, party=party)


def _invited(world: World, party: Party) -> None:
    inviting.invite(party=party, role=Role.COMPANY, display_name="某人", by=world.users[WHO])


def _with_a_capacity(world: World, party: Party) -> None:
    YearCapacity.objects.create(party=party, year=2020, villages=3)


@pytest.mark.parametrize("touch", [_corrected, _refused, _with_an_account, _invited, _with_a_capacity])
def test_undo_is_refused_once_something_hangs_on_one_of_them(
    office: World, touch: Callable[[World, Party], None]
) -> None:
    batch = entered(office)
    touch(office, Party.objects.joining().get(uscc=code(2)))
    batch = shown(office, batch["id"], WHO)
    assert batch["undo_refusal"].startswith("其中 1 家已有更正、账号、邀请、配对或其他记录（第2食品厂 等）")
    assert decide(office, batch, "UNDO", WHO).status_code == 409
    assert Party.objects.joining().count() == 2


def test_account_made_while_the_undoing_waits_stops_all_of_it(office: World) -> None:
    batch = entered(office)
    assert decide(office, batch, "UNDO", WHO).status_code == 200
    _with_an_account(office, Party.objects.joining().get(uscc=code(1)))
    tasks.work_on_next()
    batch = shown(office, batch["id"], WHO)
    assert (batch["status"], batch["error"][:4]) == ("COMMITTED", "其中 1")
    assert Party.objects.joining().count() == 2
