"""The record cannot be doctored unseen: five ways of tampering, five found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from backend.lifecycle import chain, tasks
from backend.lifecycle.actions import record
from backend.lifecycle.models import Event, EventSeal
from backend.web.models import IdempotencyKey
from tests.backend.together import together

LENGTH = 5
SUBJECT = IdempotencyKey(pk=1)  # any model instance with a key


def sql(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else None


def happen(count: int = LENGTH) -> list[int]:
    """Append events and seal them, as the end of a transaction would."""
    ids = [record(SUBJECT, f"step_{number}", by=None, payload={"n": number}).pk for number in range(count)]
    connection.check_constraints()
    return ids


@contextmanager
def as_owner_without_triggers() -> Iterator[None]:
    """Whoever owns the tables can switch our triggers off; the chain must tell afterwards."""
    tables = ("lifecycle_event", "lifecycle_eventseal")
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    connection.check_constraints()
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def faults(*known: chain.Head) -> list[tuple[int | None, int | None, str]]:
    return [(fault.seq, fault.event_id, fault.what) for fault in chain.verify(*known)]


@pytest.fixture
def events(db: None) -> list[int]:
    return happen()


def test_untouched_record_is_whole(events: list[int]) -> None:
    head = chain.head()
    assert head.seq == LENGTH
    assert faults(head) == []


def test_empty_record_is_whole(db: None) -> None:
    assert chain.head().seq == 0
    assert faults(chain.head()) == []


def test_seals_are_numbered_without_gaps_in_the_order_of_events(events: list[int]) -> None:
    assert list(EventSeal.objects.order_by("seq").values_list("seq", "event_id")) == list(enumerate(events, 1))


def test_event_is_sealed_at_commit_and_not_before(db: None) -> None:
    event = record(SUBJECT, "step", by=None)
    assert not EventSeal.objects.filter(event=event).exists()
    connection.check_constraints()
    assert EventSeal.objects.filter(event=event).exists()


# --- five ways of tampering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", 99),
        ("actor_label", "别人"),
        ("at", "2001-01-01 00:00:00+08"),
        ("subject_id", "2"),
        ("subject_type", "web.other"),
        ("verb", "step_9"),
        ("from_status", "X"),
        ("to_status", "X"),
        ("reason", "另一个理由"),
        ("payload", {"n": 9}),
    ],
)
def test_edited_event_is_found_whatever_was_edited(events: list[int], column: str, value: Any) -> None:
    with as_owner_without_triggers():
        Event.objects.filter(pk=events[2]).update(**{column: value})
    assert faults() == [(3, events[2], "event changed")]


def test_every_column_of_an_event_is_under_its_seal() -> None:
    """A column added later must join the list above, or edits of it would go unseen."""
    assert {field.name for field in Event._meta.concrete_fields} == {
        "id", "at", "actor_id", "actor_label", "subject_type", "subject_id", "verb", "from_status", "to_status",
        "reason", "payload",
    }  # fmt: skip


def test_deleted_event_is_found(events: list[int]) -> None:
    with as_owner_without_triggers():
        sql("DELETE FROM lifecycle_eventseal WHERE event_id = %s", events[2])
        sql("DELETE FROM lifecycle_event WHERE id = %s", events[2])
    assert (4, events[3], "seal missing before this one") in faults()


def test_deletion_that_renumbers_the_seals_is_found(events: list[int]) -> None:
    with as_owner_without_triggers():
        sql("DELETE FROM lifecycle_eventseal WHERE event_id = %s", events[2])
        sql("DELETE FROM lifecycle_event WHERE id = %s", events[2])
        for seq in (4, 5):
            sql("UPDATE lifecycle_eventseal SET seq = seq - 1 WHERE seq = %s", seq)
    assert faults() == [(3, events[3], "link broken")]


def test_inserted_event_without_seal_is_found(events: list[int]) -> None:
    with as_owner_without_triggers():
        forged = record(SUBJECT, "forged", by=None).pk
    assert faults() == [(None, forged, "event without seal")]


def test_inserted_event_with_a_forged_seal_is_found(events: list[int]) -> None:
    with as_owner_without_triggers():
        forged = record(SUBJECT, "forged", by=None).pk
        for seq in range(LENGTH, 2, -1):
            sql("UPDATE lifecycle_eventseal SET seq = seq + 1 WHERE seq = %s", seq)
        sql(
            "INSERT INTO lifecycle_eventseal (seq, event_id, prev_hash, hash)"
            " SELECT 3, e.id, s.hash, sha256(s.hash || lifecycle_canonical(e))"
            " FROM lifecycle_event e, lifecycle_eventseal s WHERE e.id = %s AND s.seq = 2",
            forged,
        )
    assert faults() == [(4, events[2], "link broken")]


def test_reordered_events_are_found(events: list[int]) -> None:
    with as_owner_without_triggers():
        sql("UPDATE lifecycle_eventseal SET seq = -1 WHERE seq = 2")
        sql("UPDATE lifecycle_eventseal SET seq = 2 WHERE seq = 4")
        sql("UPDATE lifecycle_eventseal SET seq = 4 WHERE seq = -1")
    assert {what for _, _, what in faults()} == {"link broken"}


def test_cut_tail_is_found_by_the_exported_head(events: list[int]) -> None:
    exported = chain.head()
    with as_owner_without_triggers():
        sql("DELETE FROM lifecycle_eventseal WHERE seq > 3")
        sql("DELETE FROM lifecycle_event WHERE id > %s", events[2])
    assert faults() == []  # a shorter chain is whole in itself …
    assert faults(exported) == [(LENGTH, None, "tail cut: the exported head is gone")]  # … but not what it was


def test_emptied_record_is_found_by_the_exported_head(events: list[int]) -> None:
    exported = chain.head()
    sql("TRUNCATE lifecycle_event, lifecycle_eventseal")
    assert faults(exported) == [(LENGTH, None, "tail cut: the exported head is gone")]


def test_chain_that_was_rewritten_as_a_whole_is_found_by_the_exported_head(events: list[int]) -> None:
    exported = chain.head()
    with as_owner_without_triggers():
        sql("DELETE FROM lifecycle_eventseal")
        sql("UPDATE lifecycle_event SET reason = '改' WHERE id = %s", events[0])
    for seq, event in enumerate(events, 1):
        sql(
            "INSERT INTO lifecycle_eventseal (seq, event_id, prev_hash, hash)"
            " SELECT %s, e.id, p.hash, sha256(p.hash || lifecycle_canonical(e)) FROM lifecycle_event e, (SELECT"
            " coalesce((SELECT hash FROM lifecycle_eventseal WHERE seq = %s), lifecycle_genesis()) AS hash) p"
            " WHERE e.id = %s",
            seq,
            seq - 1,
            event,
        )
    assert faults() == []
    assert faults(exported) == [(LENGTH, None, "rewritten: the exported head has another hash")]


def test_event_cannot_be_dated_back(db: None) -> None:
    event = Event.objects.create(
        actor_label="甲", subject_type="x", subject_id="1", verb="v", at="2001-01-01T00:00:00+08:00"
    )
    assert sql("SELECT at = now() FROM lifecycle_event WHERE id = %s", event.pk) == [(True,)]


# --- what the application's role may do ------------------------------------------------------------------------

FORBIDDEN = [
    "UPDATE lifecycle_event SET verb = 'x'",
    "DELETE FROM lifecycle_event",
    "TRUNCATE lifecycle_event CASCADE",
    "UPDATE lifecycle_eventseal SET seq = seq + 1",
    "DELETE FROM lifecycle_eventseal",
    "TRUNCATE lifecycle_eventseal",
    "INSERT INTO lifecycle_eventseal (seq, event_id, prev_hash, hash) VALUES (9, 1, '', '')",
    "ALTER TABLE lifecycle_event DISABLE TRIGGER USER",
    "DROP TRIGGER lifecycle_event_sealed ON lifecycle_event",
    "CREATE OR REPLACE FUNCTION lifecycle_genesis() RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    "SET session_replication_role = replica",
]


@contextmanager
def as_application() -> Iterator[None]:
    sql("SET ROLE xieshou_app")
    try:
        yield
    finally:
        sql("RESET ROLE")


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_application_role_cannot_touch_the_record(events: list[int], statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with as_application(), refused as refusal, transaction.atomic():
        sql(statement)
    assert getattr(refusal.value.__cause__, "sqlstate", "") == "42501"
    assert faults() == []


def test_application_role_appends_and_seals(events: list[int]) -> None:
    with as_application():
        happen(2)
    assert chain.head().seq == LENGTH + 2
    assert faults() == []


@pytest.mark.parametrize("statement", ["UPDATE lifecycle_event SET verb = 'x'", "DELETE FROM lifecycle_event"])
def test_owner_too_is_stopped_by_the_trigger(events: list[int], statement: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete rows from lifecycle_event"), transaction.atomic():
        sql(statement)


# --- many at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_parallel_transactions_make_one_chain() -> None:
    def write(number: int) -> None:
        for _ in range(10):
            with transaction.atomic():
                record(SUBJECT, f"by_{number}", by=None)
                record(SUBJECT, f"by_{number}_again", by=None)

    together(8, write)
    assert chain.head().seq == 8 * 10 * 2
    assert faults() == []


# --- commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.CHAIN_HEADS_FILE = tmp_path / "kept" / "chain-heads.txt"
    return tmp_path / "kept" / "chain-heads.txt"


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue().strip(), err.getvalue().strip()
    return 0, out.getvalue().strip(), err.getvalue().strip()


def test_exported_head_is_what_verify_accepts(events: list[int], heads: Path) -> None:
    _, line, _ = run("export_head")
    assert run("verify_chain", "--head", line) == (0, str(chain.head()), "")


def test_verify_says_what_is_wrong_and_fails(events: list[int], heads: Path) -> None:
    with as_owner_without_triggers():
        sql("UPDATE lifecycle_event SET reason = 'x' WHERE id = %s", events[1])
    assert run("verify_chain") == (1, "", f"seal 2 event {events[1]}: event changed")


def test_daily_heads_are_compared_by_default(events: list[int], heads: Path) -> None:
    tasks.export_head()
    happen()
    tasks.export_head()
    assert len(heads.read_text(encoding="utf-8").splitlines()) == 2
    assert run("verify_chain")[0] == 0
    with as_owner_without_triggers():
        sql("DELETE FROM lifecycle_eventseal WHERE seq > 7")
        sql("DELETE FROM lifecycle_event WHERE id NOT IN (SELECT event_id FROM lifecycle_eventseal)")
    assert run("verify_chain") == (1, "", "seal 10 event None: tail cut: the exported head is gone")


@pytest.mark.parametrize("text", ["", "7", "7:xyz", "x:" + "0" * 64, "7:" + "0" * 63])
def test_text_that_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(chain.NotAHead, match="链头应为"):
        chain.Head.parse(text)


def test_command_refuses_a_head_that_is_none(events: list[int], heads: Path) -> None:
    with pytest.raises(CommandError, match="链头应为"):
        run("verify_chain", "--head", "seven")
