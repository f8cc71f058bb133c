"""A helper's year in Excel: every fault at its cell, all promises registered together, and taken back together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.commitments import actions
from backend.commitments.models import Commitment
from backend.commitments.sheets import COLUMNS
from backend.exchange import reader
from backend.exchange.importable import find
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.programmes.models import Channel
from tests.backend.exchange.conftest import decide, done, read_inside, uploaded
from tests.backend.exchange.hostile import book
from tests.backend.world import World

pytestmark = pytest.mark.django_db

PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
MONEY = {
    "recipient": "130825", "year": 2020, "kind": "财政援助资金", "title": "饮水管网", "amount_yuan": 300,
    "mode": "以工代赈", "plan": "计划内", "sector": "饮水安全",
}  # fmt: skip
CADRES = {
    "recipient": "130825", "year": 2020, "kind": "党政干部挂职", "title": "挂职", "quantity": 2,
    "direction": "东部到西部",
}  # fmt: skip
WHO = "dongli"


@pytest.fixture
def office(world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    monkeypatch.setattr(reader, "read", read_inside)
    world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    return world


def read(world: World, *rows: dict[str, Any], who: str = WHO) -> dict[str, Any]:
    cells = [[row.get(column.key) for column in COLUMNS] for row in rows]
    content = book(cells, headings=[column.heading for column in COLUMNS], sheet="帮扶承诺")
    return uploaded(world, content, who, listed="commitments")


def faults(world: World, batch: dict[str, Any]) -> list[tuple[str | None, str]]:
    rows = world.client(WHO).get(f"/api/imports/{batch['id']}/rows", {"faulty": "true"}).json()["results"]
    return [(fault["cell"], fault["rule"]) for one in rows for fault in one["faults"]]


def at(column: str, line: int = 2) -> str:
    return f"{chr(ord('A') + PLACES[column])}{line}"


def entered(world: World, *rows: dict[str, Any]) -> dict[str, Any]:
    batch = read(world, *rows)
    assert batch["status"] == "READY", faults(world, batch)
    batch = done(world, batch, "COMMIT", WHO)
    assert batch["status"] == "COMMITTED", batch["error"]
    return batch


def test_rows_become_commitments_as_if_each_had_been_typed(office: World) -> None:
    batch = entered(office, MONEY, CADRES)
    typed = actions.register(
        pairing=Pairing.objects.get(), kind="FISCAL_AID", year=2020, title="手填", amount_yuan=Decimal(3_000_000),
        mode="WORK_FOR_RELIEF", plan="IN_PLAN", sector="WATER", by=office.users[WHO],
    )  # fmt: skip
    money, cadres = Commitment.objects.exclude(pk=typed.pk).order_by("pk")
    apart = {"id", "title", "created_at"}
    same = [field.attname for field in Commitment._meta.concrete_fields if field.attname not in apart]
    assert {name: getattr(money, name) for name in same} == {name: getattr(typed, name) for name in same}
    assert (cadres.quantity, cadres.amount_yuan, cadres.direction, cadres.unit) == (2, None, "TO_RECIPIENT", "PERSON")
    assert [(entry.stage, entry.value) for entry in money.entries.all()] == [("AGREED", Decimal(3_000_000))]
    events = Event.objects.filter(subject_type="commitments.commitment", verb="registered").order_by("id")
    assert [event.payload.get("import") for event in events] == [batch["id"], batch["id"], None]


WRONG: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "place that is not helped": ({"recipient": "130826"}, [("recipient", "no_open_pairing")]),
    "channel that there is not": ({"channel": "定点帮扶"}, [("channel", "no_such_channel")]),
    "year before the pairing": ({"year": 2015}, [("year", "not_of_the_kind")]),
    "kind of another helper": ({"kind": "投入帮扶资金", "plan": None}, [("kind", "not_of_the_kind")]),
    "money without a mode": ({"mode": None}, [("mode", "not_of_the_kind")]),
    "money counted in people": (
        {"amount_yuan": None, "quantity": 3}, [("amount_yuan", "not_of_the_kind"), ("quantity", "not_of_the_kind")],
    ),
    "field that the kind has not": ({"months": 6}, [("months", "not_of_the_kind")]),
    "field that the kind needs": (
        {**dict.fromkeys(MONEY), **CADRES, "title": "无方向", "direction": None}, [("direction", "not_of_the_kind")],
    ),
    "amount that is none": ({"amount_yuan": "若干"}, [("amount_yuan", "not_an_amount")]),
    "no name": ({"title": None}, [("title", "required")]),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_named_at_its_cell_and_nothing_is_registered(
    office: World, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    batch = read(office, {**MONEY, **changes}, CADRES)
    assert batch["status"] == "FAULTY"
    assert sorted(faults(office, batch)) == sorted((at(column), rule) for column, rule in expected)
    assert Commitment.objects.count() == 0


def test_same_promise_twice_is_refused_in_the_file_and_against_the_ledger(office: World) -> None:
    assert faults(office, read(office, MONEY, CADRES, {**MONEY, "amount_yuan": 5})) == [(at("title", 4), "repeated")]
    entered(office, MONEY)
    assert faults(office, read(office, {**MONEY, "amount_yuan": 7})) == [(at("title"), "there_already")]


def test_channel_is_asked_for_only_where_there_are_several(office: World) -> None:
    first = Pairing.objects.get()
    other = Channel.objects.get(pk=office.channel.pk)
    other.pk, other.code, other.name_zh = None, "another", "另一渠道"
    other.save()
    entered(office, {**MONEY, "title": "只有一条"})
    second = Pairing.objects.create(
        helper=first.helper, recipient=first.recipient, channel=other, origin="MANUAL", status="AGREED",
        start_date=first.start_date, end_date=dt.date(2020, 12, 31),
    )  # fmt: skip
    assert faults(office, read(office, MONEY)) == [(at("channel"), "required")]
    entered(office, {**MONEY, "channel": "另一渠道"})
    assert Commitment.objects.latest("pk").pairing == second


def test_year_tells_which_of_several_periods_is_meant(office: World) -> None:
    """A pairing renewed each year is one row a year; only two that share a year can not be told apart here."""
    first = Pairing.objects.get()
    Pairing.objects.filter(pk=first.pk).update(start_date=dt.date(2020, 1, 1), end_date=dt.date(2020, 6, 30))
    made = {"helper": first.helper, "recipient": first.recipient, "channel": first.channel, "status": "AGREED"}
    earlier = Pairing.objects.create(
        **made, origin="MANUAL", start_date=dt.date(2019, 1, 1), end_date=dt.date(2019, 12, 31)
    )
    entered(office, MONEY, {**MONEY, "year": 2019})
    assert list(Commitment.objects.order_by("pk").values_list("pairing", "year")) == [
        (first.pk, 2020),
        (earlier.pk, 2019),
    ]
    assert faults(office, read(office, {**MONEY, "year": 2015, "title": "早"})) == [(at("year"), "not_of_the_kind")]
    Pairing.objects.create(**made, origin="MANUAL", start_date=dt.date(2020, 7, 1), end_date=dt.date(2020, 12, 31))
    assert faults(office, read(office, {**MONEY, "title": "再"})) == [(at("channel"), "several_pairings")]


def test_whole_table_is_taken_back_until_something_has_arrived(office: World) -> None:
    batch = entered(office, MONEY, CADRES)
    batch = done(office, batch, "UNDO", WHO)
    assert (batch["status"], Commitment.objects.registered().count()) == ("UNDONE", 0)

    batch = entered(office, {**MONEY, "title": "第二次"}, CADRES)
    money = Commitment.objects.registered().get(kind="FISCAL_AID")
    arrival = {"amount_yuan": Decimal(1), "quantity": None, "occurred_date": dt.date(2020, 5, 1)}
    actions.report_arrival(commitment=money, by=office.users[WHO], **arrival)
    refused = decide(office, batch, "UNDO", WHO)
    assert (refused.status_code, f"编号 {money.pk}" in refused.json()["detail"]) == (409, True)
    assert Commitment.objects.registered().count() == 2


def test_template_lists_whom_the_log_in_helps_and_others_have_none(office: World) -> None:
    listed = find("commitments")
    assert listed is not None
    assert listed.lookup is not None
    assert [row[:2] for row in listed.lookup(office.users[WHO]).rows] == [("130825", "河北省承德市隆化县")]
    assert listed.lookup(office.users["xiqing"]).rows == []
    refused = office.client("longhua").get("/api/import-lists/commitments/template")
    assert refused.status_code == 403
