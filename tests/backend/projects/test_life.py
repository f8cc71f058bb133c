"""From a published need to an asset: who takes which step, and what the database refuses whoever asks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from backend.lifecycle.models import Event
from backend.needs import actions as needs
from backend.needs.models import Need
from backend.projects import actions, showing
from backend.projects.models import Asset, Consent, Milestone, Project, Source
from backend.projects.steps import open_steps
from backend.web.problems import Conflict, Invalid, NotAllowed, StaleStatus, constraint_of
from tests.architecture.conftest import NEED
from tests.backend.projects.conftest import ASSET, RESULT, Site

pytestmark = pytest.mark.django_db


def refused(name: str, work: Any) -> None:
    """The database refuses under this name, and nothing of it stays."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    assert constraint_of(caught.value) == name


def test_project_goes_from_need_to_asset(site: Site) -> None:
    asset = site.closed()
    project = site.fresh(asset.project)
    assert project.status == Project.Status.CLOSED
    assert asset.value_yuan == Decimal("200.00")
    assert site.figures(project) == ("400.00", "200.00", "200.00", "200.00")
    assert str(project.completion_percent) == "104.0"
    verbs = [event.verb for event in Event.objects.filter(subject_type="projects.project", subject_id=project.pk)]
    assert verbs == [
        "proposed", "consented", "consented", "agreed_by_both", "started", "allotted", "spent", "milestone_reached",
        "milestone_reached", "file_attached", "result_reported", "accepted", "taken_back", "closed", "asset_recorded",
    ]  # fmt: skip


# --- proposing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["dongli", "fengning", "coordinator"])
def test_project_is_proposed_by_the_county_alone(site: Site, who: str) -> None:
    with pytest.raises(NotAllowed, match="项目由受援县提出"):
        site.proposed(by=site.users[who])
    content = {name: value for name, value in site.plan().items() if name not in ("sources", "milestones")}
    refused(
        "project_proposed_by_the_county",
        lambda: Project.objects.create(
            pairing=site.pairing, need=site.need, proposed_by=site.users[who], **content
        ),
    )  # fmt: skip


def test_need_that_is_not_published_becomes_no_project(site: Site) -> None:
    draft = needs.propose(area=site.world.areas["longhua"], by=site.users["longhua"], **NEED)
    refused("project_of_a_published_need", lambda: site.proposed(need=draft))


def test_need_of_another_county_becomes_no_project(site: Site) -> None:
    need = site.another_need()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE needs_need SET area_id = %s WHERE id = %s", [site.world.areas["maqu"].pk, need.pk])
    refused("project_need_of_the_recipient", lambda: site.proposed(need=need))


@pytest.mark.parametrize("status", ["PROPOSED", "UNVERIFIED"])
def test_pairing_that_is_not_confirmed_carries_no_project(site: Site, status: str) -> None:
    year = {"start_date": dt.date(2018, 1, 1), "end_date": dt.date(2018, 12, 31)}
    origin = "MANUAL" if status == "PROPOSED" else "SOURCED"
    pairing = site.world.pair("dongli", "longhua", status=status, origin=origin, **year)
    refused("project_within_a_pairing", lambda: site.proposed(pairing=pairing, sources=[]))


def test_need_becomes_one_project_until_that_is_given_up(site: Site) -> None:
    first = site.proposed()
    refused("one_project_of_a_need", site.proposed)
    actions.decline(project=first, reason="先修路", by=site.users["dongli"])
    assert site.proposed().status == Project.Status.PROPOSED


def test_need_stands_while_its_project_lives(site: Site) -> None:
    project = site.proposed()
    for change in ({"performance_target": "没有"}, {"quantity": "1.00"}, {"beneficiaries": 1}, {"title": "另一个"}):
        refused(
            "need_stands_with_its_project",
            lambda change=change: Need.objects.filter(pk=site.need.pk).update(**change),
        )
    refused(
        "need_stands_with_its_project",
        lambda: needs.withdraw(need=Need.objects.get(pk=site.need.pk), reason="不要了", by=site.users["colleague"]),
    )
    Need.objects.filter(pk=site.need.pk).update(deadline_date=dt.date(2098, 1, 1))
    actions.decline(project=project, reason="先修路", by=site.users["dongli"])
    assert Need.objects.filter(pk=site.need.pk).update(performance_target="另一个目标") == 1


# --- the plan ----------------------------------------------------------------------------------------------------


def test_planned_money_is_promised_under_the_same_pairing(site: Site) -> None:
    elsewhere = site.world.pair("dongli", "fengning", status="AGREED", origin="MANUAL")
    foreign = site.desk.register("SOCIAL_AID", mode="DIRECT", amount_yuan=Decimal(50), pairing=elsewhere)
    people = site.desk.made["people"]
    for promise in (foreign, people):
        rows = [{"commitment": promise, "planned_yuan": Decimal(1)}]
        refused("source_money_of_the_pairing", lambda rows=rows: site.proposed(sources=rows))


def test_money_is_planned_once_over_all_projects(site: Site) -> None:
    first = site.proposed(sources=[{"commitment": site.promise, "planned_yuan": Decimal(700)}])
    rest = [{"commitment": site.promise, "planned_yuan": Decimal("300.01")}]
    other = site.another_need()
    refused("planned_within_the_agreed", lambda: site.proposed(need=other, sources=rest))
    actions.decline(project=first, reason="先修路", by=site.users["dongli"])
    assert site.figures(site.proposed(need=other, sources=rest))[0] == "300.01"


def test_plan_is_worded_anew_until_somebody_agreed(site: Site) -> None:
    project = site.proposed()
    own = [{"commitment": None, "planned_yuan": Decimal(50)}]
    actions.change(project=site.fresh(project), by=site.users["longhua"], **site.plan(sources=own))
    assert site.figures(project)[0] == "50.00"
    actions.consent(project=site.fresh(project), by=site.users["dongli"])
    with pytest.raises(Conflict, match="已有一方同意，方案不能再改"):
        actions.change(project=site.fresh(project), by=site.users["longhua"], **site.plan())
    frozen = "project_frozen_once_consented"
    refused(frozen, lambda: Project.objects.filter(pk=project.pk).update(responsible_unit="别的单位"))
    refused(frozen, lambda: Source.objects.filter(project=project).update(planned_yuan="60.00"))
    refused(frozen, lambda: Source.objects.filter(project=project).delete())
    refused(frozen, lambda: Milestone.objects.filter(project=project).update(due_date="2021-01-01"))
    refused(frozen, lambda: Milestone.objects.create(project=project, name="补", due_date="2020-09-01"))


# --- consent -----------------------------------------------------------------------------------------------------


def test_project_stands_once_both_sides_agreed(site: Site) -> None:
    project = site.proposed()
    actions.consent(project=site.fresh(project), by=site.users["dongli"])
    assert site.fresh(project).status == Project.Status.PROPOSED
    with pytest.raises(StaleStatus, match="本方已经同意，请刷新后查看"):
        actions.consent(project=site.fresh(project), by=site.users["dongli"])
    actions.consent(project=site.fresh(project), by=site.users["colleague"])
    assert site.fresh(project).status == Project.Status.CONSENTED


def test_proposer_does_not_approve(site: Site) -> None:
    project = site.proposed()
    with pytest.raises(Conflict, match="提出和审定不能是同一个人，请由另一位同事审定"):
        actions.consent(project=site.fresh(project), by=site.users["longhua"])
    own = {"project": project, "side": "RECIPIENT", "by": site.users["longhua"]}
    refused("approved_by_another_person", lambda: Consent.objects.create(**own))


@pytest.mark.parametrize(("side", "who"), [("HELPER", "colleague"), ("RECIPIENT", "dongli"), ("HELPER", "xiqing")])
def test_nobody_agrees_for_another_side(site: Site, side: str, who: str) -> None:
    project = site.proposed()
    refused(
        "consent_by_its_own_side",
        lambda: Consent.objects.create(project=project, side=side, by=site.users[who]),
    )


@pytest.mark.parametrize("part", ["sources", "milestones"])
def test_nobody_agrees_to_half_a_plan(site: Site, part: str) -> None:
    project = site.proposed(**{part: []})
    refused("consent_to_a_whole_plan", lambda: actions.consent(project=project, by=site.users["dongli"]))


@pytest.mark.parametrize("consents", [[], ["dongli"], ["colleague"]])
def test_raw_sql_makes_no_project_stand_without_two_consents(site: Site, consents: list[str]) -> None:
    project = site.proposed()
    for who in consents:
        actions.consent(project=site.fresh(project), by=site.users[who])
    refused("project_consented_by_both", lambda: Project.objects.filter(pk=project.pk).update(status="CONSENTED"))


def test_proposal_is_declined_for_a_reason(site: Site) -> None:
    project = site.proposed()
    with pytest.raises(Invalid, match="请写明理由"):
        actions.decline(project=project, reason=" ", by=site.users["dongli"])
    actions.decline(project=project, reason="资金用途不符", by=site.users["dongli"])
    assert (project.status, project.end_reason) == ("DECLINED", "资金用途不符")
    with pytest.raises(StaleStatus, match="项目现在的状态是“未获同意”，不能同意"):
        actions.consent(project=site.fresh(project), by=site.users["colleague"])


# --- work --------------------------------------------------------------------------------------------------------


def test_milestone_is_reached_once_and_by_the_county(site: Site) -> None:
    project = site.underway()
    one = project.milestones.all()[0]
    with pytest.raises(NotAllowed, match="只有受援县可以登记节点"):
        showing.reach(milestone=one, done_date=timezone.localdate(), by=site.users["dongli"])
    showing.reach(milestone=one, done_date=timezone.localdate(), by=site.users["longhua"])
    one.refresh_from_db()
    with pytest.raises(Conflict, match="这个节点已经登记完成"):
        showing.reach(milestone=one, done_date=timezone.localdate(), by=site.users["longhua"])
    with pytest.raises(Invalid, match="撤销登记时请写明理由"):
        showing.reach(milestone=one, done_date=None, by=site.users["longhua"])
    showing.reach(milestone=one, done_date=None, reason="点错了", by=site.users["longhua"])
    one.refresh_from_db()
    assert (one.done_date, one.done_by) == (None, None)


def test_milestone_is_reached_on_a_day_that_has_come_of_work_that_is_on(site: Site) -> None:
    project = site.underway()
    one = project.milestones.all()[0]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    county = site.users["longhua"]
    refused("milestone_reached_by_today", lambda: showing.reach(milestone=one, done_date=tomorrow, by=county))
    refused(
        "milestone_reached_by_the_county",
        lambda: Milestone.objects.filter(pk=one.pk).update(done_date="2020-06-01", done_by=site.users["dongli"]),
    )
    actions.stop(project=project, reason="洪水", by=county)
    refused(
        "milestone_of_a_project_underway",
        lambda: Milestone.objects.filter(pk=one.pk).update(done_date="2020-06-01", done_by=county),
    )


def test_either_side_shows_what_it_saw_and_nobody_else(site: Site) -> None:
    project = site.underway()
    file = site.show(project, by=site.users["dongli"], milestone=project.milestones.all()[0])
    refused("project_file_once", lambda: site.show(project, milestone=project.milestones.all()[0]))
    with pytest.raises(NotAllowed, match="只有结对双方可以上传照片和材料"):
        site.show(project, by=site.users["xiqing"])
    assert (showing.folder() / file.stored_as).read_bytes().startswith(b"%PDF-")


def test_twenty_files_a_milestone_and_no_more(site: Site) -> None:
    project = site.underway()
    for number in range(20):
        site.show(project, content=b"%%PDF-1.7 %d %%%%EOF" % number)
    refused("project_files_at_most", lambda: site.show(project))
    assert len(list(showing.folder().iterdir())) == 20


def test_photograph_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(Invalid, match="只接受完整的 PDF、JPEG 或 PNG 文件"):
        site.show(site.underway(), name="照片.jpg", content=b"\xff\xd8\xff not a photograph")


# --- result ------------------------------------------------------------------------------------------------------


def test_result_is_accepted_by_a_colleague_with_every_milestone_reached_and_shown(site: Site) -> None:
    project = site.underway()
    county, colleague = site.users["longhua"], site.users["colleague"]
    with pytest.raises(Conflict, match="请先填报完成情况，再由另一位同事验收"):
        actions.accept(project=project, by=colleague)
    actions.report(project=project, by=county, **RESULT)
    with pytest.raises(Conflict, match="填报完成情况和验收不能是同一个人"):
        actions.accept(project=site.fresh(project), by=county)
    refused("project_completed_with_its_milestones", lambda: actions.accept(project=site.fresh(project), by=colleague))
    site.reach_all(site.fresh(project))
    site.show(site.fresh(project), milestone=project.milestones.all()[0])
    refused("project_completed_with_evidence", lambda: actions.accept(project=site.fresh(project), by=colleague))
    site.show(site.fresh(project))
    actions.accept(project=site.fresh(project), by=colleague)
    assert site.fresh(project).status == Project.Status.COMPLETED


def test_raw_sql_accepts_no_result_of_ones_own(site: Site) -> None:
    project = site.underway()
    site.reach_all(project)
    site.show(project)
    actions.report(project=site.fresh(project), by=site.users["longhua"], **RESULT)
    refused(
        "project_accepted_by_another_person",
        lambda: Project.objects.filter(pk=project.pk).update(
            status="COMPLETED", accepted_by=site.users["longhua"], completed_date="2020-11-01"
        ),
    )


# --- the asset ---------------------------------------------------------------------------------------------------


def test_asset_is_worth_what_was_accepted_whatever_is_said(site: Site) -> None:
    project = site.completed()
    made = Asset.objects.create(project=project, value_yuan="999999.00", by=site.users["longhua"], **ASSET)
    made.refresh_from_db()
    assert made.value_yuan == Decimal("200.00")


def test_asset_waits_until_all_spending_is_accepted(site: Site) -> None:
    project = site.completed()
    site.spent(project, "50")
    refused(
        "closed_when_all_is_accepted",
        lambda: actions.close(project=site.fresh(project), by=site.users["longhua"], **ASSET),
    )
    assert site.fresh(project).status == Project.Status.COMPLETED


def test_project_without_accepted_money_leaves_no_asset(site: Site) -> None:
    project = site.underway()
    site.reach_all(project)
    site.show(project)
    actions.report(project=site.fresh(project), by=site.users["longhua"], **RESULT)
    actions.accept(project=site.fresh(project), by=site.users["colleague"])
    refused(
        "asset_has_a_value",
        lambda: actions.close(project=site.fresh(project), by=site.users["longhua"], **ASSET),
    )


def test_project_is_not_closed_without_its_asset(site: Site) -> None:
    project = site.completed()
    refused("project_closed_with_an_asset", lambda: Project.objects.filter(pk=project.pk).update(status="CLOSED"))


def test_asset_is_corrected_beside_what_was_wrong(site: Site) -> None:
    wrong = site.closed()
    wrong.project = site.fresh(wrong.project)
    right = {**ASSET, "owner": "隆化县另一村"}
    with pytest.raises(Invalid, match="请写明理由"):
        actions.correct(asset=wrong, reason="", by=site.users["longhua"], **right)
    made = actions.correct(asset=wrong, reason="权属填错", by=site.users["longhua"], **right)
    assert (made.corrects, made.value_yuan) == (wrong, wrong.value_yuan)
    refused(
        "projects_asset_corrects_id_key",
        lambda: actions.correct(asset=wrong, reason="再改", by=site.users["longhua"], **right),
    )
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete rows from projects_asset"),
        transaction.atomic(),
    ):
        Asset.objects.filter(pk=wrong.pk).update(owner="别人")


# --- who may -----------------------------------------------------------------------------------------------------


def test_steps_are_those_of_ones_side(site: Site) -> None:
    project = site.proposed()

    def steps(who: str) -> list[str]:
        return [str(step) for step in open_steps(site.fresh(project), site.users[who])]

    assert steps("longhua") == ["CHANGE", "DECLINE"]
    assert steps("colleague") == ["CHANGE", "CONSENT", "DECLINE"]
    assert steps("dongli") == ["CONSENT", "DECLINE"]
    assert steps("coordinator") == steps("xiqing") == steps("fengning") == []
    for who in ("dongli", "colleague"):
        actions.consent(project=site.fresh(project), by=site.users[who])
    assert steps("longhua") == ["START", "ALLOT", "SPEND", "STOP"]
    assert steps("dongli") == []
    actions.start(project=site.fresh(project), by=site.users["longhua"])
    assert steps("longhua") == ["ALLOT", "SPEND", "REACH", "ATTACH", "REPORT", "STOP"]
    assert steps("dongli") == ["ATTACH"]


def test_county_alone_stops_what_both_agreed_to_and_says_why(site: Site) -> None:
    project = site.underway()
    with pytest.raises(NotAllowed, match="只有受援县可以中止"):
        actions.stop(project=project, reason="x", by=site.users["dongli"])
    with pytest.raises(Invalid, match="请写明理由"):
        actions.stop(project=project, reason="", by=site.users["longhua"])
    actions.stop(project=project, reason="选址有地质隐患", by=site.users["longhua"])
    assert (project.status, project.end_reason) == ("STOPPED", "选址有地质隐患")
