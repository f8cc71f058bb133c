"""A status moves along its listed transitions, once, with an event, and nobody overwrites anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from backend.lifecycle.actions import IllegalMove, move, record
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.web.problems import StaleStatus
from tests.backend.together import together
from tests.backend.world import World

THREADS = 20


def proposed(world: World) -> Pairing:
    return world.pair("dongli", "longhua", status=Pairing.Status.PROPOSED, origin=Pairing.Origin.MANUAL)


def told(pairing: Pairing) -> QuerySet[Event]:
    return Event.objects.filter(subject_type="pairings.pairing", subject_id=str(pairing.pk))


def test_move_changes_the_row_and_appends_the_event(world: World) -> None:
    pairing, who = proposed(world), world.users["coordinator"]
    move(pairing, Pairing.Status.OBJECTED, by=who, reason="重复", end_date=pairing.start_date)
    stored = Pairing.objects.get(pk=pairing.pk)
    assert (stored.status, stored.version, stored.end_date) == ("OBJECTED", 2, pairing.start_date)
    assert (pairing.status, pairing.version, pairing.end_date) == ("OBJECTED", 2, pairing.start_date)
    event = told(pairing).get()
    assert (event.verb, event.from_status, event.to_status, event.reason) == (
        "objected",
        "PROPOSED",
        "OBJECTED",
        "重复",
    )
    assert (event.actor_id, event.actor_label) == (who.pk, "coordinator的经办人（协调员）")


def test_platform_itself_acts_under_a_name(world: World) -> None:
    pairing = proposed(world)
    move(pairing, Pairing.Status.OBJECTED, by=None, verb="expired")
    event = told(pairing).get(verb="expired")
    assert (event.actor_id, event.actor_label) == (None, "系统")


def test_unlisted_move_is_a_programming_error(world: World) -> None:
    with pytest.raises(IllegalMove, match="Pairing: PROPOSED → ENDED"):
        move(proposed(world), Pairing.Status.ENDED, by=None)


def test_second_of_two_is_told_who_was_first_and_when(world: World) -> None:
    pairing = proposed(world)
    mine, theirs = Pairing.objects.get(pk=pairing.pk), Pairing.objects.get(pk=pairing.pk)
    move(theirs, Pairing.Status.OBJECTED, by=world.users["second"])
    with pytest.raises(StaleStatus, match="现在的状态是“有异议”（second的经办人（协调员），20") as refusal:
        move(mine, Pairing.Status.AGREED, by=world.users["coordinator"])
    assert refusal.value.extra == {"current_status": "OBJECTED"}
    assert told(pairing).count() == 1


def test_same_status_but_another_version_is_stale(world: World) -> None:
    pairing = proposed(world)
    Pairing.objects.filter(pk=pairing.pk).update(version=5)
    with pytest.raises(StaleStatus, match="已被处理"):
        move(pairing, Pairing.Status.AGREED, by=None)


def test_row_that_is_gone_is_stale(world: World) -> None:
    pairing = proposed(world)
    Pairing.objects.filter(pk=pairing.pk).delete()
    with pytest.raises(StaleStatus, match="这条记录已不存在"):
        move(pairing, Pairing.Status.AGREED, by=None)


def test_refused_move_leaves_the_object_as_it_was(world: World) -> None:
    pairing = proposed(world)
    Pairing.objects.filter(pk=pairing.pk).update(version=5)
    with pytest.raises(StaleStatus):
        move(pairing, Pairing.Status.AGREED, by=None)
    assert (pairing.status, pairing.version) == ("PROPOSED", 1)


def test_event_and_change_stand_or_fall_together(world: World) -> None:
    pairing = proposed(world)

    def fails_late() -> None:
        with transaction.atomic():
            move(Pairing.objects.get(pk=pairing.pk), Pairing.Status.AGREED, by=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_late()
    assert Pairing.objects.get(pk=pairing.pk).status == "PROPOSED"
    assert not told(pairing).exists()


@pytest.mark.django_db(transaction=True)
def test_event_outside_of_a_transaction_is_a_programming_error(committed_world: World) -> None:
    with pytest.raises(TransactionManagementError, match="an event belongs into the transaction of its change"):
        record(committed_world.channel, "touched", by=None)


@pytest.mark.django_db(transaction=True)
def test_of_many_moving_at_once_exactly_one_wins(committed_world: World) -> None:
    pairing, who = proposed(committed_world), committed_world.users["coordinator"]

    seen = [Pairing.objects.get(pk=pairing.pk) for _ in range(THREADS)]  # everyone looks before anyone acts

    def attempt(number: int) -> str:
        to = Pairing.Status.AGREED if number % 2 else Pairing.Status.OBJECTED
        try:
            move(seen[number], to, by=who)
        except StaleStatus:
            return "stale"
        return to

    results = together(THREADS, attempt)
    assert results.count("stale") == THREADS - 1
    winner = next(one for one in results if one != "stale")
    stored = Pairing.objects.get(pk=pairing.pk)
    assert (stored.status, stored.version) == (winner, 2)
    assert told(pairing).filter(to_status=winner).count() == 1


@pytest.mark.django_db(transaction=True)
def test_read_then_write_would_have_lost_updates(committed_world: World) -> None:
    """The negative control: the naive way, which `move` replaces, lets more than one think they won."""
    pairing = proposed(committed_world)

    seen = [Pairing.objects.get(pk=pairing.pk) for _ in range(THREADS)]

    def naive(number: int) -> str:
        row = seen[number]
        row.source = "另一来源"
        row.version += 1
        row.save()
        return "won"

    results = together(THREADS, naive)
    assert results.count("won") == THREADS
    assert Pairing.objects.get(pk=pairing.pk).version == 2


# --- the same rules for raw SQL --------------------------------------------------------------------------------


def raw(sql: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_status_changed_without_an_event_is_refused_by_the_database(world: World) -> None:
    pairing = proposed(world)
    with pytest.raises(IntegrityError, match="went from PROPOSED to AGREED without an event"):
        raw("UPDATE pairings_pairing SET status = 'AGREED' WHERE id = %s", pairing.pk)


def test_unlisted_transition_is_refused_by_the_database(world: World) -> None:
    pairing = proposed(world)
    with pytest.raises(ProgrammingError, match='Invalid transition of field "status" from "PROPOSED" to "ENDED"'):
        raw("UPDATE pairings_pairing SET status = 'ENDED' WHERE id = %s", pairing.pk)


def test_move_satisfies_the_database(world: World) -> None:
    pairing = proposed(world)
    move(pairing, Pairing.Status.AGREED, by=None)
    move(pairing, Pairing.Status.IN_FORCE, by=None)
    connection.check_constraints()
    assert Pairing.objects.get(pk=pairing.pk).version == 3
