"""Projects over HTTP: what each side reads, what a write needs, and what the lists and their files hold."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backend.projects.models import Allotment, Milestone, Project
from tests.backend.projects.conftest import ASSET, Site
from tests.backend.world import key

pytestmark = pytest.mark.django_db


def get(site: Site, who: str, path: str, **query: Any) -> Any:
    answer = site.world.client(who).get(f"/api/{path}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def send(site: Site, who: str, path: str, body: Any = None, version: int | None = None, **headers: str) -> Any:
    seen = {} if version is None else {"HTTP_IF_MATCH": f'"{version}"'}
    return site.world.client(who).post(f"/api/{path}", body or {}, format="json", **seen, **headers)


def body(site: Site, **given: Any) -> dict[str, Any]:
    return {
        **site.plan(),
        "start_date": "2020-06-01",
        "end_date": "2020-10-31",
        "pairing": site.pairing.pk,
        "need": site.need.pk,
        "sources": [{"commitment": site.promise.pk, "planned_yuan": "400.00"}],
        "milestones": [{"name": "开工", "due_date": "2020-06-01"}],
        **given,
    }


def said(answer: Any) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(one["field"], one["message"]) for one in answer.json()["errors"]]


def test_proposal_tells_once_what_the_need_does_not_know(site: Site) -> None:
    answer = send(site, "longhua", "projects", body(site))
    assert answer.status_code == 201
    made = answer.json()
    assert made["need"]["title"] == "安全饮水管网"
    assert made["need"]["level"] == "COUNTY"
    assert made["need"]["performance_target"] == "120 户喝上自来水"
    assert (made["planned"], made["arrived"], made["completion_percent"]) == ("400.00", "0.00", None)
    assert made["my_steps"] == ["CHANGE", "DECLINE"]
    assert get(site, "dongli", f"projects/{made['id']}")["my_steps"] == ["CONSENT", "DECLINE"]
    assert get(site, "coordinator", f"projects/{made['id']}")["my_steps"] == []


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"responsible_unit": ""}, "responsible_unit", "该字段不能为空。"),
        ({"end_date": "2020-05-31"}, "end_date", "计划完工不能早于计划开工"),
        ({"sources": [{"commitment": None, "planned_yuan": "0"}]}, "sources.0.planned_yuan", "金额应大于 0"),
        ({"need": 10**9}, "need", "没有编号为 1000000000 的记录，或它不在您的管理范围内"),
        ({"target": "x"}, "target", "没有这个字段，请检查拼写"),
    ],
)
def test_faulty_proposal_says_which_field_is_to_blame(
    site: Site, change: dict[str, Any], field: str, message: str
) -> None:
    status, errors = said(send(site, "longhua", "projects", body(site, **change)))
    assert status == 400
    assert [error for error, _ in errors] == [field]
    assert message in errors[0][1] or field == "responsible_unit"


@pytest.mark.parametrize("rows", ["sources", "milestones"])
def test_proposal_names_its_money_and_its_steps(site: Site, rows: str) -> None:
    status, errors = said(send(site, "longhua", "projects", body(site, **{rows: []})))
    assert (status, errors[0][0]) == (400, rows)


def test_consent_and_decision_need_the_version_that_was_seen(site: Site) -> None:
    project = site.proposed()
    assert send(site, "dongli", f"projects/{project.pk}/consent").status_code == 428
    assert send(site, "dongli", f"projects/{project.pk}/consent", version=7).status_code == 412
    first = send(site, "dongli", f"projects/{project.pk}/consent", version=1)
    assert (first.status_code, first.json()["status"]) == (201, "PROPOSED")
    second = send(site, "colleague", f"projects/{project.pk}/consent", version=1)
    assert (second.status_code, second.json()["status"]) == (201, "CONSENTED")
    assert [one["side"] for one in second.json()["consents"]] == ["HELPER", "RECIPIENT"]
    started = send(site, "longhua", f"projects/{project.pk}/decision", {"step": "START"}, version=2)
    assert (started.status_code, started.json()["status"]) == (200, "UNDERWAY")


def test_constraint_reaches_the_client_in_words(site: Site) -> None:
    site.proposed()
    assert said(send(site, "longhua", "projects", body(site))) == (
        409,
        [("need", "这条需求已经立项，请在已有的项目上办理")],
    )
    refused = send(site, "longhua", f"projects/{site.consented(need=site.another_need()).pk}/spendings", {
        "commitment": site.promise.pk, "amount_yuan": "1.00", "occurred_date": "2020-05-01",
    }, **key())  # fmt: skip
    assert said(refused) == (409, [("amount_yuan", "支出不能超过已安排给这个项目的到位资金，请先安排资金")])


def test_need_of_a_project_is_not_adjusted_and_says_why(site: Site) -> None:
    from tests.architecture.conftest import NEED

    site.proposed()
    changed = {**NEED, "performance_target": "另一个目标", "reason": "调整"}
    answer = site.world.client("colleague").put(
        f"/api/needs/{site.need.pk}", changed, format="json", HTTP_IF_MATCH=f'"{site.need.version}"'
    )
    assert answer.status_code == 409
    assert answer.json()["detail"] == "这条需求已经立项，名称、数量和绩效目标等不能再改，也不能撤回"


def test_money_post_has_one_effect_however_often_it_is_sent(site: Site) -> None:
    project = site.consented()
    sent = {"entry": site.arrival.pk, "amount_yuan": "50.00"}
    assert send(site, "longhua", f"projects/{project.pk}/allotments", sent).status_code == 400
    same = key()
    for _ in range(3):
        assert send(site, "longhua", f"projects/{project.pk}/allotments", sent, **same).status_code == 201
    assert Allotment.objects.filter(project=project).count() == 1


def test_spending_on_the_project_is_in_the_ledger_too(site: Site) -> None:
    project = site.consented()
    sent = {"entry": site.arrival.pk, "amount_yuan": "50.00"}
    assert send(site, "longhua", f"projects/{project.pk}/allotments", sent, **key()).status_code == 201
    spent = {"commitment": site.promise.pk, "amount_yuan": "30.00", "occurred_date": "2020-05-01", "reference": "D-1"}
    answer = send(site, "longhua", f"projects/{project.pk}/spendings", spent, **key())
    assert [(one["stage"], one["amount_yuan"]) for one in answer.json()["money"]] == [
        ("ARRIVED", "50.00"), ("SPENT", "30.00"),
    ]  # fmt: skip
    entries = get(site, "dongli", f"commitments/{site.promise.pk}")["entries"]
    assert [one["reference"] for one in entries if one["stage"] == "SPENT"] == ["D-1"]
    free = get(site, "longhua", f"projects/{project.pk}/free-money")
    assert [(one["stage"], one["free_yuan"]) for one in free] == [("ARRIVED", "450.00")]


def test_milestone_is_ticked_with_a_photograph(site: Site, settings: Any) -> None:
    project = site.underway()
    one = project.milestones.all()[0]
    late = get(site, "longhua", f"projects/{project.pk}")
    assert [row["late"] for row in late["milestones"]] == [True, True]
    answer = send(site, "longhua", f"milestones/{one.pk}/reached", {"done_date": "2020-06-01"})
    assert answer.json()["milestones"][0]["done_date"] == "2020-06-01"
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG")
    file = SimpleUploadedFile("现场.jpg", picture.getvalue())
    client = site.world.client("dongli")
    answer = client.post(f"/api/projects/{project.pk}/files", {"file": file, "milestone": one.pk}, format="multipart")
    assert answer.status_code == 201, answer.content.decode()
    kept = answer.json()["files"][0]
    assert (kept["name"], kept["media_type"], kept["milestone"]) == ("现场.jpg", "image/jpeg", one.pk)
    taken = client.get(f"/api/project-files/{kept['id']}")
    assert b"".join(taken.streaming_content) == picture.getvalue()
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    foreign = site.underway(need=site.another_need()).milestones.all()[0]
    file.seek(0)
    sent = {"file": file, "milestone": foreign.pk}
    assert client.post(f"/api/projects/{project.pk}/files", sent, format="multipart").status_code == 404


def test_project_closes_into_the_list_of_assets(site: Site) -> None:
    project = site.completed()
    version = project.version
    answer = send(site, "longhua", f"projects/{project.pk}/closing", ASSET, version=version)
    assert (answer.status_code, answer.json()["status"]) == (201, "CLOSED")
    row = get(site, "dongli", "assets")["results"][0]
    assert (row["name"], row["value_yuan"], row["asset_class"], row["place"]) == (
        "饮水管网", "200.00", "PUBLIC", "河北省承德市隆化县",
    )  # fmt: skip
    assert (row["may_correct"], get(site, "longhua", "assets")["results"][0]["may_correct"]) == (False, True)
    fixed = send(site, "longhua", f"assets/{row['id']}/correction", {**ASSET, "owner": "某镇", "reason": "填错"})
    assert fixed.status_code == 201
    rows = get(site, "longhua", "assets")["results"]
    assert [(one["owner"], one["corrects"], one["reason"]) for one in rows] == [("某镇", row["id"], "填错")]
    assert len(get(site, "longhua", f"projects/{project.pk}")["assets"]) == 2


def test_files_of_the_lists_tell_what_the_lists_tell(site: Site) -> None:
    asset = site.closed()
    client = site.world.client("coordinator")

    def row(path: str) -> dict[str, str]:
        text = b"".join(client.get(f"/api/{path}?export=csv").streaming_content).decode("utf-8-sig")
        return next(iter(csv.DictReader(io.StringIO(text))))

    project = row("projects")
    assert (project["名称"], project["县乡村"], project["完成率%"]) == ("安全饮水管网", "县级", "104")
    assert (project["计划投资（万元）"], project["已验收（万元）"]) == ("0.04", "0.02")
    written = row("assets")
    assert (written["编号"], written["资产类别"], written["资产价值（万元）"]) == (str(asset.pk), "公益性资产", "0.02")


def test_list_is_narrowed_down(site: Site) -> None:
    late = site.underway()
    on_time = site.underway(
        need=site.another_need(category="TRANSPORT", title="通村路"),
        milestones=[{"name": "通车", "due_date": dt.date(2099, 1, 1)}],
    )
    proposed = site.proposed(need=site.another_need(title="卫生室"), sources=[])

    def listed(**query: Any) -> set[int]:
        return {row["id"] for row in get(site, "longhua", "projects", **query)["results"]}

    assert listed() == {late.pk, on_time.pk, proposed.pk}
    assert listed(status=["UNDERWAY"]) == {late.pk, on_time.pk}
    assert listed(late="true") == {late.pk}
    assert listed(late="false") == {on_time.pk, proposed.pk}
    assert listed(category=["TRANSPORT"]) == {on_time.pk}
    assert listed(level=["VILLAGE"]) == set()
    assert listed(need=proposed.need_id) == {proposed.pk}
    assert listed(search="通村") == {on_time.pk}
    assert listed(search="东丽") == {late.pk, on_time.pk, proposed.pk}


def waiting(site: Site, who: str) -> list[tuple[str, str]]:
    return [
        (one["kind"], one["title"])
        for one in get(site, who, "inbox")
        if one["kind"] in ("PROJECT_TO_CONSENT", "PROJECT_TO_ACCEPT", "MILESTONE_LATE")
    ]


def test_inbox_holds_what_a_project_waits_for(site: Site) -> None:
    title = "安全饮水管网"
    project = site.proposed()
    assert waiting(site, "dongli") == waiting(site, "colleague") == [("PROJECT_TO_CONSENT", title)]
    for who in ("longhua", "xiqing", "fengning", "coordinator"):
        assert waiting(site, who) == []
    for who in ("dongli", "colleague"):
        version = site.fresh(project).version
        send(site, who, f"projects/{project.pk}/consent", version=version)
        assert waiting(site, who) == []
    send(site, "longhua", f"projects/{project.pk}/decision", {"step": "START"}, version=2)
    assert waiting(site, "longhua") == waiting(site, "colleague") == [("MILESTONE_LATE", title)]
    assert waiting(site, "dongli") == []
    result = {"quantity": "12.50", "note": "已通水"}
    assert send(site, "longhua", f"projects/{project.pk}/result", result, version=3).status_code == 201
    assert waiting(site, "colleague") == [("MILESTONE_LATE", title)]  # nothing to accept yet
    for one in Milestone.objects.filter(project=project):
        send(site, "longhua", f"milestones/{one.pk}/reached", {"done_date": "2020-10-30"})
    assert waiting(site, "longhua") == []
    assert waiting(site, "colleague") == [("PROJECT_TO_ACCEPT", title)]


def test_completion_may_exceed_the_target(site: Site) -> None:
    project = site.underway()
    answer = send(site, "longhua", f"projects/{project.pk}/result", {"quantity": "25.00", "note": "双线"}, version=3)
    assert answer.json()["completion_percent"] == "200.0"
    assert Project.objects.get(pk=project.pk).result_quantity == Decimal("25.00")
