"""Money: promised, arrived, confirmed; refused when it cannot be, counted once when it is sent fifty times."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import Sum

from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.lifecycle.actions import move
from backend.pairings.models import Pairing
from tests.backend.together import together
from tests.backend.world import World, key


@pytest.fixture
def agreed(world: World) -> Pairing:
    return world.pair("dongli", "longhua", status=Pairing.Status.AGREED, origin=Pairing.Origin.MANUAL)


def promise(pairing: Pairing, **changes: Any) -> dict[str, Any]:
    return {
        "pairing": pairing.pk,
        "kind": "FISCAL_AID",
        "mode": "PRODUCTION_REWARD",
        "year": 2020,
        "title": "产业扶持资金",
        "amount_yuan": "1200000.00",
        **changes,
    }


def register(world: World, pairing: Pairing, /, who: str = "dongli", **changes: Any):
    body = promise(pairing) | changes
    return world.client(who).post("/api/commitments", body, format="json", **key())


def arrive(world: World, commitment: int, who: str = "dongli", **changes: Any):
    body = {"amount_yuan": "500000", "occurred_date": "2020-03-01", "reference": "津财 2020-17", **changes}
    return world.client(who).post(f"/api/commitments/{commitment}/arrivals", body, format="json", **key())


def test_commitment_begins_with_its_agreed_amount(world: World, agreed: Pairing) -> None:
    made = register(world, agreed)
    assert made.status_code == 201
    assert (made.json()["agreed"], made.json()["arrived"]) == ("1200000.00", "0.00")
    assert [one["stage"] for one in made.json()["entries"]] == ["AGREED"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"amount_yuan": "-5"}, "amount_yuan", "金额应大于 0"),
        ({"amount_yuan": "0"}, "amount_yuan", "金额应大于 0"),
        ({"amount_yuan": "99999999999"}, "amount_yuan", "金额超过 100 亿元，请核对单位是元还是万元"),
        ({"amount_yuan": "1.234"}, "amount_yuan", "金额最多两位小数（精确到分）"),
        ({"amount_yuan": "一百万"}, "amount_yuan", "金额应为数字"),
        ({"amount_yuan": "NaN"}, "amount_yuan", "金额应为数字"),
        ({"year": 2021}, "year", "年度应在结对期间（2020 至 2020）之内"),
        ({"kind": "GOLD"}, "kind", "GOLD"),
        ({"title": ""}, "title", "不能为空"),
        ({"pairing": 424242}, "pairing", "没有编号为 424242 的记录"),
        ({"amount": 3}, "amount", "没有这个字段"),
    ],
)
def test_bad_commitment_is_refused_with_its_field(
    world: World, agreed: Pairing, changes: dict[str, Any], field: str, message: str
) -> None:
    response = register(world, agreed, **changes)
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["field"] == field
    assert message in error["message"]
    assert not Commitment.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_nothing_is_promised_before_both_sides_confirmed(world: World) -> None:
    waiting = world.pair("dongli", "longhua", status=Pairing.Status.PROPOSED, origin=Pairing.Origin.MANUAL)
    response = register(world, waiting)
    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] == "pairing"


def test_database_itself_lets_no_promise_stand_on_an_unconfirmed_pairing(world: World, agreed: Pairing) -> None:
    register(world, agreed)
    waiting = world.pair("xiqing", "longhua", status=Pairing.Status.PROPOSED, origin=Pairing.Origin.MANUAL)
    with pytest.raises(IntegrityError, match=f"pairing {waiting.pk} is PROPOSED, not confirmed by both sides"):
        Commitment.objects.update(pairing=waiting)


@pytest.mark.parametrize(("who", "code"), [("longhua", 403), ("coordinator", 403), ("auditor", 403), ("xiqing", 400)])
def test_only_the_helper_promises(world: World, agreed: Pairing, who: str, code: int) -> None:
    assert register(world, agreed, who=who).status_code == code
    assert not Commitment.objects.exists()


def test_same_promise_twice_is_refused(world: World, agreed: Pairing) -> None:
    register(world, agreed)
    response = register(world, agreed)
    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] == "title"


def test_arrival_counts_as_confirmed_when_the_recipient_says_so(world: World, agreed: Pairing) -> None:
    commitment = register(world, agreed).json()["id"]
    reported = arrive(world, commitment).json()
    assert (reported["arrived"], reported["confirmed"]) == ("500000.00", "0.00")
    entry = next(one for one in reported["entries"] if one["stage"] == "ARRIVED")
    url = f"/api/ledger-entries/{entry['id']}/confirmation"
    assert world.client("dongli").post(url, {"answer": "CONFIRMED"}, format="json", **key()).status_code == 403
    confirmed = world.client("longhua").post(url, {"answer": "CONFIRMED"}, format="json", **key())
    assert confirmed.status_code == 201
    assert confirmed.json()["confirmed"] == "500000.00"
    again = world.client("longhua").post(url, {"answer": "CONFIRMED"}, format="json", **key())
    assert again.status_code == 409
    assert Confirmation.objects.count() == 1


def test_difference_is_kept_with_amount_and_reason_and_confirms_nothing(world: World, agreed: Pairing) -> None:
    commitment = register(world, agreed).json()["id"]
    entry = next(one for one in arrive(world, commitment).json()["entries"] if one["stage"] == "ARRIVED")
    url, client = f"/api/ledger-entries/{entry['id']}/confirmation", world.client("longhua")
    no_reason = client.post(url, {"answer": "DISPUTED", "amount_yuan": "480000"}, format="json", **key())
    assert no_reason.json()["errors"][0]["field"] == "reason"
    body = {"answer": "DISPUTED", "amount_yuan": "480000", "reason": "扣了手续费"}
    disputed = client.post(url, body, format="json", **key()).json()
    assert disputed["confirmed"] == "0.00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"amount_yuan": "-1"}, "amount_yuan"), ({"occurred_date": "2999-01-01"}, "occurred_date"), ({"when": 1}, "when")],
)
def test_bad_arrival_is_refused_with_its_field(
    world: World, agreed: Pairing, changes: dict[str, Any], field: str
) -> None:
    commitment = register(world, agreed).json()["id"]
    response = arrive(world, commitment, **changes)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_money_post_without_a_key_is_refused(world: World, agreed: Pairing) -> None:
    response = world.client("dongli").post("/api/commitments", promise(agreed), format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


def test_key_used_for_another_body_is_refused(world: World, agreed: Pairing) -> None:
    client, headers = world.client("dongli"), key()
    first = client.post("/api/commitments", promise(agreed), format="json", **headers)
    replay = client.post("/api/commitments", promise(agreed), format="json", **headers)
    assert (replay.status_code, replay.json()) == (201, first.json())
    assert replay["Idempotent-Replay"] == "true"
    other = client.post("/api/commitments", promise(agreed, amount_yuan="2"), format="json", **headers)
    assert other.status_code == 422
    assert Commitment.objects.count() == 1


def test_fifty_identical_posts_at_once_make_one_commitment(committed_world: World) -> None:
    pairing = committed_world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    headers, body = key(), promise(pairing)
    clients = [committed_world.client("dongli") for _ in range(50)]
    answers = together(50, lambda i: clients[i].post("/api/commitments", body, format="json", **headers))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 1
    assert Commitment.objects.count() == 1
    assert LedgerEntry.objects.count() == 1


def entry(world: World, commitment: Commitment, stage: str, amount: str, **given: Any) -> LedgerEntry:
    """One entry, past all Python: by the helper at the first stages, by the recipient after."""
    side, who = ("HELPER", "dongli") if stage in ("AGREED", "ARRIVED") else ("RECIPIENT", "longhua")
    return LedgerEntry.objects.create(
        **{
            "commitment": commitment,
            "stage": stage,
            "amount_yuan": Decimal(amount),
            "occurred_date": "2020-05-01",
            "reported_by_side": side,
            "reported_by": world.users[who],
            **given,
        }
    )


def confirmed(world: World, commitment: Commitment, amount: str, **given: Any) -> LedgerEntry:
    made = entry(world, commitment, "ARRIVED", amount, **given)
    Confirmation.objects.create(entry=made, answer="CONFIRMED", amount_yuan=made.amount_yuan, by=world.users["longhua"])
    return made


def spent_by_forty(world: World, commitment: Commitment) -> int:
    def spend(_: int) -> bool:
        try:
            entry(world, commitment, "SPENT", "10")
        except IntegrityError:
            return False
        return True

    return together(40, spend).count(True)


@pytest.fixture
def hundred(committed_world: World) -> Commitment:
    """A commitment of which both sides confirm that 100 arrived."""
    pairing = committed_world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    register(committed_world, pairing)
    commitment = Commitment.objects.get()
    confirmed(committed_world, commitment, "100")
    return commitment


def test_spending_never_exceeds_confirmed_arrival_even_with_forty_writers(
    committed_world: World, hundred: Commitment
) -> None:
    assert spent_by_forty(committed_world, hundred) == 10
    row = Commitment.objects.with_amounts().get()
    assert (row.confirmed, row.spent) == (Decimal("100.00"), Decimal("100.00"))


def test_negative_control_without_the_triggers_more_is_spent_than_arrived(
    committed_world: World, hundred: Commitment
) -> None:
    run("ALTER TABLE commitments_ledgerentry DISABLE TRIGGER USER")
    try:
        assert spent_by_forty(committed_world, hundred) == 40
    finally:
        run("ALTER TABLE commitments_ledgerentry ENABLE TRIGGER USER")
    assert LedgerEntry.objects.filter(stage="SPENT").aggregate(sum=Sum("amount_yuan"))["sum"] == Decimal("400.00")


def test_fifty_confirmations_at_once_are_one(committed_world: World) -> None:
    pairing = committed_world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")
    commitment = register(committed_world, pairing).json()["id"]
    arrive(committed_world, commitment)
    url = f"/api/ledger-entries/{LedgerEntry.objects.get(stage='ARRIVED').pk}/confirmation"
    clients = [committed_world.client("longhua") for _ in range(50)]
    answers = together(50, lambda i: clients[i].post(url, {"answer": "CONFIRMED"}, format="json", **key()))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 49
    assert Confirmation.objects.count() == 1
    assert Commitment.objects.with_amounts().get().confirmed == Decimal("500000.00")


def test_promise_on_a_pairing_that_is_ending_waits_and_is_refused(committed_world: World) -> None:
    world = committed_world
    pairing = world.pair("dongli", "longhua", status="AGREED", origin="MANUAL")

    def promise_meanwhile() -> Any:
        try:
            return register(world, pairing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            move(pairing, Pairing.Status.ENDED, by=world.users["coordinator"], end_reason="提前结束")
            promised = pool.submit(promise_meanwhile)
            _until_somebody_waits()
        response = promised.result(timeout=60)
    assert response.status_code == 409
    assert response.json()["errors"][0]["message"] == "结对关系已不是双方确认的状态，不能登记承诺"
    assert not Commitment.objects.exists()


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    pytest.fail("nobody waits for a lock")


def test_withdrawn_commitment_takes_no_entry(world: World, agreed: Pairing) -> None:
    register(world, agreed)
    commitment = Commitment.objects.get()
    move(commitment, Commitment.Status.WITHDRAWN, by=None)
    with pytest.raises(IntegrityError, match="is not registered"), transaction.atomic():
        entry(world, commitment, "ARRIVED", "1")


@pytest.mark.parametrize("statement", ["UPDATE {} SET amount_yuan = 1", "DELETE FROM {}"])
def test_ledger_cannot_be_rewritten_even_by_the_owner_of_the_table(
    world: World, agreed: Pairing, statement: str
) -> None:
    register(world, agreed)
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"):
        run(statement.format("commitments_ledgerentry"))


@pytest.mark.parametrize("statement", ["UPDATE {} SET amount_yuan = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_application_role_has_no_right_to_rewrite_the_ledger(world: World, agreed: Pairing, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("SET LOCAL ROLE xieshou_app", statement.format("commitments_ledgerentry"))


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
