"""Projects of 东丽区 and 隆化县 at each point of their life, for the tests of every door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from backend.accounts.models import User
from backend.commitments import actions as commitments
from backend.commitments.models import Commitment, LedgerEntry
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.pairings.models import Pairing
from backend.projects import actions, earmarking, money, showing
from backend.projects.models import Asset, Milestone, Project, ProjectFile
from tests.backend.world import YEAR, World

DAY = dt.date(YEAR, 6, 1)
NEED: dict[str, Any] = {
    "category": "WATER", "causes": ["WATER"], "quantity": Decimal("3.00"), "unit": "处", "cost_yuan": None,
    "deadline_date": dt.date(2099, 12, 31), "performance_target": "人人喝上放心水", "benefit_link": "SERVICE",
    "beneficiaries": 90,
}  # fmt: skip
PLAN: dict[str, Any] = {
    "construction_type": "NEW", "responsible_unit": "县水务局", "start_date": f"{YEAR}-06-01",
    "end_date": f"{YEAR}-10-31", "participation": "",
}  # fmt: skip
ASSET: dict[str, Any] = {"asset_class": "PUBLIC", "name": "蓄水池", "owner": "某村", "maintainer": "村委会"}


@dataclass
class Works:
    """`proposed` is the second log-in's own, so that the first may agree to it; `lacking` is no project yet, and
    200 of `promise` are earmarked for it."""

    lacking: Need
    promise: Commitment
    arrival: LedgerEntry
    proposed: Project
    underway: Project
    completed: Project
    closed: Project
    milestone: Milestone
    file: ProjectFile
    asset: Asset


def build(world: World, pairing: Pairing) -> Works:
    users = world.users
    promise = commitments.register(
        pairing=pairing, kind=Commitment.Kind.SOCIAL_AID, mode=Commitment.Mode.PRODUCTION_REWARD, year=YEAR,
        title="项目资金", amount_yuan=Decimal(7000), by=users["dongli"],
    )  # fmt: skip
    arrival = commitments.report_arrival(
        commitment=promise, amount_yuan=Decimal(7000), occurred_date=DAY, by=users["dongli"]
    )
    commitments.confirm(entry=arrival, answer="CONFIRMED", by=users["longhua"])
    made = [_made(world, pairing, promise, number) for number in range(4)]
    for project in made[1:]:
        _begin(project, users)
        money.allot(project=project, entry=arrival, amount_yuan=Decimal(700), by=users["longhua"])
    for project in made[2:]:
        _finish(project, promise, users)
    file = showing.attach(
        project=made[1], milestone=None, name="竣工.pdf", content=b"%PDF-1.7 one %%EOF", by=users["longhua"]
    )
    actions.report(project=_fresh(made[1]), quantity=Decimal(2), beneficiaries=80, note="已通水", by=users["approver"])
    asset = actions.close(project=made[3], by=users["longhua"], **ASSET)
    proposed, underway, completed, closed = (_fresh(project) for project in made)
    lacking = _need(world, "没有立项的水窖", cost_yuan=Decimal(900))
    earmarking.earmark(commitment=promise, need=lacking, amount_yuan=Decimal(200), by=users["dongli"])
    return Works(
        lacking, promise, arrival, proposed, underway, completed, closed,
        underway.milestones.get(), file, asset,
    )  # fmt: skip


def _need(world: World, title: str, **more: Any) -> Need:
    need = needs.propose(area=world.areas["longhua"], by=world.users["longhua"], title=title, **{**NEED, **more})
    needs.publish(need=need, by=world.users["approver"])
    return need


def _made(world: World, pairing: Pairing, promise: Commitment, number: int) -> Project:
    by = world.users["longhua" if number else "approver"]
    return actions.propose(
        pairing=pairing, need=_need(world, f"第{number + 1}号水窖"), by=by,
        sources=[{"commitment": promise, "planned_yuan": Decimal(700)}],
        milestones=[{"name": "通水", "due_date": dt.date(YEAR, 10, 31)}], **PLAN,
    )  # fmt: skip


def _begin(project: Project, users: dict[str, User]) -> None:
    for who in ("dongli", "approver"):
        actions.consent(project=project, by=users[who])
    actions.start(project=project, by=users["longhua"])


def _finish(project: Project, promise: Commitment, users: dict[str, User]) -> None:
    entry = money.spend(
        project=project, commitment=promise, amount_yuan=Decimal(650), occurred_date=DAY, by=users["longhua"]
    )
    commitments.accept(
        entry=entry, amount_yuan=Decimal(650), occurred_date=DAY, evidence="验收报告", by=users["approver"]
    )
    showing.reach(milestone=project.milestones.get(), done_date=timezone.localdate(), by=users["longhua"])
    showing.attach(project=project, milestone=None, name="竣工.pdf", content=b"%PDF-1.7 one %%EOF", by=users["longhua"])
    actions.report(project=project, quantity=Decimal(3), beneficiaries=None, note="已通水", by=users["longhua"])
    project.refresh_from_db()
    actions.accept(project=project, by=users["approver"])


def _fresh(project: Project) -> Project:
    rows = Project.objects.select_related("pairing__helper", "pairing__recipient", "need")
    return rows.get(pk=project.pk)
