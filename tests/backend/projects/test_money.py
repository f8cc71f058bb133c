"""A project's figures are sums of the ledger: what is allotted arrived, what is spent was allotted, what closed
stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from backend.commitments import actions as ledger
from backend.commitments import settling
from backend.commitments.models import LedgerEntry, ReversalRequest
from backend.projects import actions, money
from backend.projects.models import Allotment, Project
from backend.web.problems import Invalid, NotAllowed, StaleStatus
from tests.backend.commitments.conftest import DAY
from tests.backend.projects.conftest import ASSET, Site
from tests.backend.projects.test_life import refused

pytestmark = pytest.mark.django_db


def allot(site: Site, project: Project, amount: str, entry: LedgerEntry | None = None, **given: Any) -> Allotment:
    usual = {"entry": entry or site.arrival, "amount_yuan": Decimal(amount), "by": site.users["longhua"]}
    return money.allot(project=project, **{**usual, **given})


def test_money_passes_all_stages_of_the_project(site: Site) -> None:
    project = site.consented()
    allot(site, project, "300")
    entry = site.spent(project, "120")
    assert site.figures(project) == ("400.00", "300.00", "120.00", "0.00")
    site.desk.accept(entry, "70")
    assert site.figures(project) == ("400.00", "300.00", "120.00", "70.00")
    assert site.desk.sums()[1:] == ("500.00", "120.00", "70.00")  # the commitment's own ledger tells the same


@pytest.mark.parametrize("life", ["proposed", "closed", "stopped"])
def test_only_a_project_with_both_consents_takes_money(site: Site, life: str) -> None:
    if life == "stopped":
        project = site.consented()
        actions.stop(project=project, reason="洪水", by=site.users["longhua"])
    else:
        project = site.proposed() if life == "proposed" else site.closed().project
    project = site.fresh(project)
    with pytest.raises(StaleStatus, match=f"项目现在的状态是“{project.get_status_display()}”，不能安排资金"):
        allot(site, project, "1")
    row = {"project": project, "entry": site.arrival, "amount_yuan": "1.00", "by": site.users["longhua"]}
    refused("money_of_a_consented_project", lambda: Allotment.objects.create(**row))


@pytest.mark.parametrize("who", ["dongli", "fengning", "coordinator"])
def test_money_is_allotted_by_the_county_alone(site: Site, who: str) -> None:
    project = site.consented()
    with pytest.raises(NotAllowed, match="只有受援县可以安排资金"):
        allot(site, project, "1", by=site.users[who])
    row = {"project": project, "entry": site.arrival, "amount_yuan": "1.00", "by": site.users[who]}
    refused("allotment_by_the_county", lambda: Allotment.objects.create(**row))


def test_one_arrival_is_shared_by_projects_and_no_yuan_of_it_twice(site: Site) -> None:
    one, other = site.consented(), site.consented(need=site.another_need())
    allot(site, one, "300")
    refused("allotted_within_the_confirmed", lambda: allot(site, other, "200.01"))
    allot(site, other, "200")
    assert [site.figures(project)[1] for project in (one, other)] == ["300.00", "200.00"]


def test_arrival_that_nobody_confirmed_is_not_allotted(site: Site) -> None:
    project = site.consented()
    silent = site.desk.entry("money", "ARRIVED", "100")
    refused("allotted_within_the_confirmed", lambda: allot(site, project, "1", silent))
    differs = site.desk.entry("money", "ARRIVED", "100")
    site.desk.answer(differs, "90")
    refused("allotted_within_the_confirmed", lambda: allot(site, project, "1", differs))


def test_money_of_another_pairing_is_not_allotted(site: Site) -> None:
    project = site.consented()
    elsewhere = site.world.pair("dongli", "fengning", status="AGREED", origin="MANUAL")
    foreign = site.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(50), pairing=elsewhere)
    entry = site.desk.entry(foreign, "ARRIVED", "50")
    site.desk.answer(entry, by=site.users["fengning"])
    refused("allotment_of_standing_money", lambda: allot(site, project, "1", entry))


def test_people_and_agreed_sums_are_not_allotted(site: Site) -> None:
    project = site.consented()
    for entry in (site.promise.entries.get(stage="AGREED"), site.desk.arrived("trained", 10)):
        refused("allotment_of_standing_money", lambda entry=entry: allot(site, project, "1", entry))


def test_spending_is_within_what_was_allotted(site: Site) -> None:
    project = site.consented()
    refused("project_spent_within_arrived", lambda: site.spent(project, "1"))
    assert not site.promise.entries.filter(stage="SPENT").exists()  # nor in the ledger
    allot(site, project, "100")
    refused("project_spent_within_arrived", lambda: site.spent(project, "100.01"))
    site.spent(project, "100")
    refused("project_spent_within_arrived", lambda: allot(site, project, "-1", reason="另用"))


def test_spending_of_one_commitment_is_not_covered_by_another(site: Site) -> None:
    project = site.consented()
    allot(site, project, "100")
    site.desk.arrived("other", "100")
    refused(
        "project_spent_within_arrived",
        lambda: money.spend(
            project=project, commitment=site.desk.made["other"], amount_yuan=Decimal(1), occurred_date=DAY,
            by=site.users["longhua"],
        ),
    )  # fmt: skip


def test_spending_recorded_before_is_named_whole(site: Site) -> None:
    project = site.consented()
    allot(site, project, "300")
    entry = ledger.spend(commitment=site.promise, amount_yuan=Decimal(80), occurred_date=DAY, by=site.users["longhua"])
    refused("allotment_of_a_whole_spending", lambda: allot(site, project, "40", entry))
    allot(site, project, "80", entry)
    assert site.figures(project)[2] == "80.00"
    other = site.consented(need=site.another_need())
    refused("allotted_within_the_confirmed", lambda: allot(site, other, "80", entry))
    allot(site, project, "-80", entry, reason="归错项目")
    assert site.figures(project)[2] == "0.00"


def test_what_is_done_without_money_flowing_is_named_whole(site: Site) -> None:
    project = site.consented()
    bought = site.desk.arrived("bought", "90")
    refused("allotment_of_a_whole_spending", lambda: allot(site, project, "40", bought))
    allot(site, project, "90", bought)
    site.desk.accept(bought, "90")
    assert site.figures(project) == ("400.00", "90.00", "0.00", "90.00")


def test_money_is_taken_back_for_a_reason_and_within_itself(site: Site) -> None:
    project = site.consented()
    allot(site, project, "100")
    with pytest.raises(Invalid, match="收回时请写明理由"):
        allot(site, project, "-10")
    refused("taken_back_within_the_allotted", lambda: allot(site, project, "-100.01", reason="另用"))
    allot(site, project, "-100", reason="另用")
    assert site.figures(project)[1] == "0.00"
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
        Allotment.objects.filter(project=project).delete()


def test_spending_that_is_reversed_counts_no_more(site: Site) -> None:
    project = site.consented()
    entry = site.spent(project, "120", allotted="300")
    site.desk.back(entry)
    assert site.figures(project) == ("400.00", "300.00", "0.00", "0.00")


def test_arrival_is_not_reversed_under_what_was_spent(site: Site) -> None:
    """The commitment has other money; the project has not."""
    project = site.consented()
    own = site.desk.entry("money", "ARRIVED", "100")
    site.desk.answer(own)
    allot(site, project, "100", own)
    site.spent(project, "60")
    asked = settling.reverse(entry=own, reason="记错了", by=site.users["dongli"])
    assert isinstance(asked, ReversalRequest)
    refused(
        "project_spent_within_arrived",
        lambda: settling.answer_reversal(request=asked, agree=True, by=site.users["longhua"]),
    )


def test_ledger_of_a_closed_project_stands(site: Site) -> None:
    asset = site.closed()
    entry = Allotment.objects.filter(project=asset.project, entry__stage="SPENT").get().entry
    acceptance = entry.acceptances.get()
    refused("entry_of_a_closed_project", lambda: site.desk.back(acceptance))


def test_surplus_is_free_again_when_the_project_ends(site: Site) -> None:
    asset = site.closed()  # 300 allotted, 200 spent
    assert site.figures(asset.project)[1] == "200.00"
    back = Allotment.objects.get(project=asset.project, amount_yuan__lt=0)
    assert (back.amount_yuan, back.reason) == (Decimal("-100.00"), "结项结余")
    other = site.consented(need=site.another_need())
    allot(site, other, "300")
    actions.stop(project=other, reason="洪水", by=site.users["longhua"])
    assert site.figures(other)[1] == "0.00"


def test_free_money_is_what_no_project_has(site: Site) -> None:
    project = site.consented()
    allot(site, project, "300")
    other = site.consented(need=site.another_need())
    before = ledger.spend(commitment=site.promise, amount_yuan=Decimal(80), occurred_date=DAY, by=site.users["longhua"])
    free = {(row.pk, str(row.free_yuan)) for row in money.free_entries(other)}  # type: ignore[attr-defined]
    assert free == {(site.arrival.pk, "200.00"), (before.pk, "80.00")}


def test_free_money_begins_with_what_the_project_was_planned_with(site: Site) -> None:
    planned = {"sources": [{"commitment": site.desk.made["other"], "planned_yuan": Decimal(50)}]}
    project = site.consented(**planned)
    later = site.desk.arrived("other", "50")
    assert [row.pk for row in money.free_entries(project)] == [later.pk, site.arrival.pk]


def test_closing_counts_what_was_done_without_money_flowing(site: Site) -> None:
    project = site.completed()
    bought = site.desk.arrived("bought", "90")
    allot(site, project, "90", bought)
    refused(
        "closed_when_all_is_accepted",
        lambda: actions.close(project=site.fresh(project), by=site.users["longhua"], **ASSET),
    )
    site.desk.accept(bought, "90")
    made = actions.close(project=site.fresh(project), by=site.users["longhua"], **ASSET)
    assert made.value_yuan == Decimal("290.00")


def test_promise_that_a_project_counts_on_is_not_withdrawn(site: Site) -> None:
    promise = site.desk.made["other"]
    project = site.proposed(sources=[{"commitment": promise, "planned_yuan": Decimal(10)}])

    def withdraw() -> None:
        ledger.withdraw(commitment=promise, reason="登记有误", by=site.users["dongli"])

    refused("commitment_stands_with_its_projects", withdraw)
    actions.decline(project=project, reason="先修路", by=site.users["dongli"])
    promise.refresh_from_db()
    withdraw()
    assert promise.status == "WITHDRAWN"
