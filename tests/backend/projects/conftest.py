"""One pairing with a published need, money that arrived, and a project at any point of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.commitments.models import Commitment, LedgerEntry
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.projects import actions, money, showing
from backend.projects.figures import with_milestones, with_money
from backend.projects.models import Asset, Project
from tests.architecture.conftest import NEED
from tests.backend.commitments.conftest import DAY, Desk, furnish
from tests.backend.world import World, build

PROOF = b"%PDF-1.7 proof %%EOF"
ASSET = {"asset_class": "PUBLIC", "name": "饮水管网", "owner": "隆化县某村", "maintainer": "村委会"}


@dataclass
class Site:
    """东丽区 helps 隆化县, whose second log-in is `colleague`; 500 of a commitment of 1000 have arrived."""

    desk: Desk
    need: Need
    arrival: LedgerEntry

    @property
    def world(self) -> World:
        return self.desk.world

    @property
    def users(self) -> dict[str, User]:
        return self.desk.users

    @property
    def pairing(self) -> Pairing:
        return self.desk.pairing

    @property
    def promise(self) -> Commitment:
        return self.desk.made["money"]

    def another_need(self, **given: Any) -> Need:
        made = needs.propose(area=self.world.areas["longhua"], by=self.users["longhua"], **{**NEED, **given})
        needs.publish(need=made, by=self.users["colleague"])
        return made

    def plan(self, **given: Any) -> dict[str, Any]:
        usual = {
            "construction_type": "NEW",
            "responsible_unit": "县水务局",
            "start_date": dt.date(2020, 6, 1),
            "end_date": dt.date(2020, 10, 31),
            "participation": "",
            "sources": [{"commitment": self.promise, "planned_yuan": Decimal(400)}],
            "milestones": [
                {"name": "开工", "due_date": dt.date(2020, 6, 1)},
                {"name": "通水", "due_date": dt.date(2020, 10, 31)},
            ],
        }
        return {**usual, **given}

    def proposed(self, **given: Any) -> Project:
        usual: dict[str, Any] = {"pairing": self.pairing, "need": self.need, "by": self.users["longhua"]}
        return actions.propose(**{**usual, **self.plan(), **given})

    def consented(self, **given: Any) -> Project:
        project = self.proposed(**given)
        for who in ("dongli", "colleague"):
            actions.consent(project=self.fresh(project), by=self.users[who])
        return self.fresh(project)

    def underway(self, **given: Any) -> Project:
        project = self.consented(**given)
        actions.start(project=project, by=self.users["longhua"])
        return self.fresh(project)

    def completed(self, **given: Any) -> Project:
        """With 300 allotted, 200 spent and accepted."""
        project = self.underway(**given)
        self.spent(project, "200", allotted="300", accepted=True)
        self.reach_all(project)
        self.show(project)
        actions.report(project=self.fresh(project), by=self.users["longhua"], **RESULT)
        actions.accept(project=self.fresh(project), by=self.users["colleague"])
        return self.fresh(project)

    def closed(self, **given: Any) -> Asset:
        project = self.completed(**given)
        return actions.close(project=project, by=self.users["longhua"], **ASSET)

    def spent(self, project: Project, amount: str, allotted: str = "", accepted: bool = False) -> LedgerEntry:
        if allotted:
            money.allot(project=project, entry=self.arrival, amount_yuan=Decimal(allotted), by=self.users["longhua"])
        entry = money.spend(
            project=project, commitment=self.promise, amount_yuan=Decimal(amount), occurred_date=DAY,
            by=self.users["longhua"],
        )  # fmt: skip
        if accepted:
            self.desk.accept(entry, amount)
        return entry

    def reach_all(self, project: Project) -> None:
        for milestone in project.milestones.all():
            showing.reach(milestone=milestone, done_date=timezone.localdate(), by=self.users["longhua"])

    def show(self, project: Project, **given: Any) -> Any:
        usual: dict[str, Any] = {"milestone": None, "name": "竣工.pdf", "content": PROOF, "by": self.users["longhua"]}
        return showing.attach(project=project, **{**usual, **given})

    def fresh(self, project: Project) -> Project:
        """As the next request would read it."""
        rows = Project.objects.select_related("pairing__helper", "pairing__recipient", "need")
        return rows.get(pk=project.pk)

    def figures(self, project: Project) -> tuple[str, ...]:
        """planned, arrived, spent, accepted."""
        row: Any = with_milestones(with_money(Project.objects.filter(pk=project.pk))).get()
        return tuple(str(one) for one in (row.planned, row.arrived, row.spent, row.accepted))


RESULT: dict[str, Any] = {"quantity": Decimal("13.0"), "beneficiaries": 420, "note": "全线通水"}
Life = Callable[[Site], Project]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock(), transaction.atomic():
        desk = furnish(build())
        site = Site(desk, None, desk.arrived("money", "500"))  # type: ignore[arg-type]  # filled in the next line
        site.need = site.another_need()
        yield site
        transaction.set_rollback(True)


@pytest.fixture
def site(built: Site, settings: Any, tmp_path: Path) -> Site:
    settings.PROJECT_FILES_DIR = tmp_path / "project-files"
    return built
