"""One pairing with a commitment of each way of counting, built once a module and rolled back after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from backend.accounts.models import Role, User
from backend.commitments import actions
from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.pairings.models import Pairing
from backend.parties.models import Party
from tests.backend.world import World, build

DAY = dt.date(2020, 5, 1)


@dataclass
class Desk:
    """东丽区 helps 隆化县. `money` flows, `bought` is done, `people` have posts; `colleague` is the second there."""

    world: World
    pairing: Pairing
    made: dict[str, Commitment] = field(default_factory=dict)

    @property
    def users(self) -> dict[str, User]:
        return self.world.users

    def register(self, kind: str, **given: Any) -> Commitment:
        usual: dict[str, Any] = {"year": 2020, "title": kind, "by": self.users["dongli"], "pairing": self.pairing}
        return actions.register(**{**usual, "kind": kind, **given})

    def entry(self, commitment: str | Commitment, stage: str, amount: str | int, **given: Any) -> LedgerEntry:
        """One entry, past all Python: an int counts, a string is yuan."""
        helper = stage in ("AGREED", "ARRIVED")
        figure: dict[str, Any] = {"quantity": amount} if isinstance(amount, int) else {"amount_yuan": Decimal(amount)}
        return LedgerEntry.objects.create(
            **{
                "commitment": self.made[commitment] if isinstance(commitment, str) else commitment,
                "stage": stage,
                "occurred_date": DAY,
                "reported_by_side": "HELPER" if helper else "RECIPIENT",
                "reported_by": self.users["dongli" if helper else "longhua"],
                **figure,
                **given,
            }
        )

    def answer(self, entry: LedgerEntry, amount: str | None = None, **given: Any) -> Confirmation:
        """The recipient confirms in full, or disputes with the amount it saw."""
        said: dict[str, Any] = {"answer": "CONFIRMED", "amount_yuan": entry.amount_yuan, "quantity": entry.quantity}
        if amount is not None:
            said = {"answer": "DISPUTED", "amount_yuan": Decimal(amount), "reason": "少了"}
        return Confirmation.objects.create(**{"entry": entry, "by": self.users["longhua"], **said, **given})

    def arrived(self, commitment: str = "money", amount: str | int = "100", **given: Any) -> LedgerEntry:
        """An arrival that both sides confirm."""
        made = self.entry(commitment, "ARRIVED", amount, **given)
        self.answer(made)
        return made

    def accept(self, entry: LedgerEntry, amount: str, **given: Any) -> LedgerEntry:
        usual = {"accepts": entry, "evidence": "验收报告 1 号", "reported_by": self.users["colleague"]}
        return self.entry(entry.commitment, "ACCEPTED", amount, **{**usual, **given})

    def back(self, entry: LedgerEntry, **given: Any) -> LedgerEntry:
        """The reversal by whoever reported it."""
        usual = {
            "reverses": entry,
            "reason": "记错了",
            "reported_by": entry.reported_by,
            "reported_by_side": entry.reported_by_side,
        }
        figure = str(-entry.value) if entry.amount_yuan is not None else int(-entry.value)
        where = given.pop("commitment", entry.commitment)
        return self.entry(where, entry.stage, figure, **{**usual, **given})

    def sums(self, commitment: str | Commitment = "money") -> tuple[str, ...]:
        """arrived, confirmed, spent, accepted."""
        which = self.made[commitment] if isinstance(commitment, str) else commitment
        row = Commitment.objects.select_related("totals").get(pk=which.pk).totals
        return tuple(str(one) for one in (row.arrived, row.confirmed, row.spent, row.accepted))


def furnish(world: World) -> Desk:
    users, longhua = world.users, world.governments["longhua"]
    users["colleague"] = User.objects.create(username="c", display_name="同事", role=Role.RECIPIENT, party=longhua)
    unit = Party.objects.create(kind="CENTRAL_UNIT", name="某部", status="UNVERIFIED")
    users["unit"] = User.objects.create(username="u", display_name="某部经办人", role=Role.CENTRAL_UNIT, party=unit)
    desk = Desk(world, world.pair("dongli", "longhua", status="AGREED", origin="MANUAL"))
    desk.made = {
        "money": desk.register("FISCAL_AID", mode="PRODUCTION_REWARD", amount_yuan=Decimal(1000), plan="IN_PLAN"),
        "other": desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(1000)),
        "bought": desk.register("PURCHASE", amount_yuan=Decimal(1000)),
        "people": desk.register("CADRE", quantity=3, direction="TO_RECIPIENT"),
        "trained": desk.register("TRAINING", quantity=170, trainees="PIONEERS"),
    }
    return desk


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnish(build())
        transaction.set_rollback(True)
