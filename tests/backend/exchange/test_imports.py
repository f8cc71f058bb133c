"""A file goes from upload to records and back: all rows or none, once, and only by whom it is."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backend.exchange import actions, work
from backend.exchange.importable import find
from backend.exchange.models import Import, MadeRow, StagedRow
from backend.jobs import actions as jobs
from backend.jobs import tasks
from backend.jobs.models import Job
from backend.lifecycle import chain
from backend.lifecycle.models import Event
from backend.needs import actions as needs
from backend.needs.models import Need
from tests.backend.exchange.conftest import decide, done, right, send, shown, uploaded
from tests.backend.exchange.hostile import book, row
from tests.backend.places import examples
from tests.backend.together import together
from tests.backend.world import World


def sheet_of(response: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]


@pytest.mark.django_db
def test_rows_become_proposed_needs_as_if_each_had_been_typed(county: World) -> None:
    batch = uploaded(county)
    assert (batch["status"], batch["row_count"], batch["faulty_count"], batch["my_steps"]) == (
        "READY", 3, 0, ["COMMIT", "DISCARD"],
    )  # fmt: skip
    batch = done(county, batch, "COMMIT")
    assert (batch["status"], batch["my_steps"], batch["undo_refusal"]) == ("COMMITTED", ["UNDO"], "")
    typed = needs.propose(
        area=county.areas["longhua"], by=county.users["longhua"],
        **{name: getattr(Need.objects.first(), name) for name in needs.CONTENT} | {"title": "手填"},
    )  # fmt: skip
    made = Need.objects.exclude(pk=typed.pk).order_by("pk")
    assert [one.title for one in made] == ["安全饮水管网1", "安全饮水管网2", "安全饮水管网3"]
    same = ("area", "status", "proposed_by", "is_demo", "version", "cost_yuan", "causes", "deadline_date", "detail")
    assert all(getattr(one, name) == getattr(typed, name) for one in made for name in same)
    events = Event.objects.filter(subject_type="needs.need", verb="proposed").order_by("id")
    assert [event.subject_id for event in events] == [str(one.pk) for one in (*made, typed)]
    assert events[0].payload == {"import": batch["id"]}
    assert [(one.number, one.subject_id) for one in MadeRow.objects.all()] == [
        (n + 2, one.pk) for n, one in enumerate(made)
    ]
    connection.check_constraints()
    assert chain.verify() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM needs_needevent WHERE pgh_label = 'insert'")
        assert cursor.fetchone() == (4,)


@pytest.mark.django_db
def test_every_fault_is_shown_at_its_cell_and_comes_back_in_a_copy(county: World) -> None:
    batch = uploaded(county, book([row(1), row(2, deadline_date="2099/6"), row(3, category="饮水", title="=1+1")]))
    assert (batch["status"], batch["faulty_count"], batch["my_steps"]) == ("FAULTY", 2, ["DISCARD"])
    assert [one["rule"] for one in batch["summary"]] == ["day_missing", "unknown_choice"]
    rows = county.client("longhua").get(f"/api/imports/{batch['id']}/rows", {"faulty": "true"}).json()["results"]
    assert [(one["number"], [(fault["cell"], fault["value"]) for fault in one["faults"]]) for one in rows] == [
        (3, [("H3", "2099/6")]), (4, [("C4", "饮水")]),
    ]  # fmt: skip
    everything = county.client("longhua").get(f"/api/imports/{batch['id']}/rows").json()
    assert (everything["count"], everything["results"][0]["cells"][6]) == (3, "86 万元")

    copy = sheet_of(county.client("longhua").get(f"/api/imports/{batch['id']}/reasons"))
    assert [cell.value for cell in copy["M"]] == [
        "错误原因", None, "H3：日期“2099/6”缺少具体的日，请写成 2020-06-30 的样子",
        "C4：“类别”没有“饮水”这一项，是否为“饮水安全”？",
    ]  # fmt: skip
    assert (copy["B4"].value, copy["B4"].data_type) == ("=1+1", "s")  # words, no formula
    assert (copy["H3"].fill.fgColor.rgb, copy["G3"].fill.fill_type) == ("FFFFC7CE", None)
    assert decide(county, batch, "COMMIT").status_code == 409
    assert not Need.objects.exists()


@pytest.mark.django_db
def test_copy_with_reasons_is_accepted_again_once_it_is_right(county: World) -> None:
    batch = uploaded(county, book([row(1, unit=None)]))
    response = county.client("longhua").get(f"/api/imports/{batch['id']}/reasons")
    copy = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    copy.worksheets[0]["F2"] = "公里"
    to = io.BytesIO()
    copy.save(to)
    again = uploaded(county, to.getvalue())
    assert (again["status"], again["notes"]) == ("READY", [])


@pytest.mark.django_db
def test_template_is_accepted_as_it_is_filled(county: World) -> None:
    response = county.client("longhua").get("/api/import-lists/needs/template")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    made = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    page = made.worksheets[0]
    assert made.sheetnames == ["需求清单", "填表说明", "代码表"]
    assert [cell.value for cell in made["代码表"][2]] == ["130825", "河北省承德市隆化县"]
    assert page.freeze_panes == "A2"
    assert sum(rule.type == "list" for rule in page.data_validations.dataValidation) == 2
    for place, value in enumerate(row(), start=1):
        page.cell(3, place, value)
    to = io.BytesIO()
    made.save(to)
    batch = uploaded(county, to.getvalue())
    assert (batch["status"], batch["row_count"], batch["notes"]) == ("READY", 1, ["第 2 行是示例，没有读取"])


@pytest.mark.django_db
def test_rules_of_the_list_are_checked_for_all_rows_with_few_queries(
    county: World, django_assert_max_num_queries: Any
) -> None:
    township = examples.area("130825100", "隆化镇", parent=county.areas["longhua"])
    done(county, uploaded(county, right(1)), "COMMIT")
    yesterday = timezone.localdate() - timedelta(days=1)
    content = book([
        row(1),  # there already
        row(2), row(2),  # repeated
        row(3, area="130826"),  # the neighbour's
        row(4, area="999999"),  # nobody's
        row(5, deadline_date=f"{yesterday}"),
        row(6, area=township.code),
    ])  # fmt: skip
    batch = uploaded(county, content)
    rows = county.client("longhua").get(f"/api/imports/{batch['id']}/rows", {"faulty": "true"}).json()["results"]
    found = [(one["number"], fault["rule"]) for one in rows for fault in one["faults"]]
    assert found == [
        (2, "there_already"), (4, "repeated"), (5, "foreign_place"), (6, "no_such_place"), (7, "deadline_passed"),
    ]  # fmt: skip
    assert "您不能替" in rows[2]["faults"][0]["message"]
    listed = find("needs")
    assert listed is not None
    staged = list(StagedRow.objects.filter(batch=batch["id"]))
    with django_assert_max_num_queries(6):
        listed.check([work.staging.Row(one.number, {}) for one in staged], county.users["longhua"])


@pytest.mark.django_db
def test_file_is_stored_under_a_random_name_and_comes_back_as_it_was(county: World, settings: Any) -> None:
    content = right()
    response = send(county, content, name="../../etc/passwd.xlsx")
    batch = Import.objects.get(pk=response.json()["id"])
    assert (batch.name, batch.sha256) == ("passwd.xlsx", hashlib.sha256(content).hexdigest())
    assert [path.name for path in settings.UPLOADS_DIR.iterdir()] == [batch.stored]
    file = county.client("longhua").get(f"/api/imports/{batch.pk}/file")
    assert b"".join(file.streaming_content) == content
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.django_db
def test_what_is_refused_at_the_door_leaves_nothing(county: World, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "LARGEST_BYTES", 1000)
    said = [
        send(county),
        send(county, b""),
        send(county, listed="nothing"),
        send(county, b"x", who="dongli"),
        county.client("longhua").post("/api/imports", {"listed": "needs"}, format="multipart"),
    ]
    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in said] == [
        (413, "file"), (400, "file"), (400, "listed"), (403, ""), (400, "file"),
    ]  # fmt: skip
    assert not Import.objects.exists()
    assert not settings.UPLOADS_DIR.exists() or not list(settings.UPLOADS_DIR.iterdir())


@pytest.mark.django_db
def test_same_file_again_says_when_and_by_whom_and_does_nothing(county: World) -> None:
    first = done(county, uploaded(county), "COMMIT")
    again = send(county, who="colleague")
    assert again.status_code == 409
    assert "由longhua的经办人导入（3 行），没有重复导入" in again.json()["detail"]
    assert again.json()["known_import"] == first["id"]
    assert Import.objects.count() == 1
    undone = done(county, first, "UNDO")
    assert undone["status"] == "UNDONE"
    assert uploaded(county)["status"] == "READY"  # what was taken back may come again


@pytest.mark.django_db
def test_undo_withdraws_each_need_and_is_refused_once_somebody_worked_on_one(county: World) -> None:
    batch = done(county, uploaded(county), "COMMIT")
    assert decide(county, batch, "UNDO", who="colleague").status_code == 403
    need = Need.objects.first()
    assert need is not None
    needs.publish(need=need, by=county.users["colleague"])
    refused = decide(county, batch, "UNDO")
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(f"其中 1 条需求已被修改或办理（编号 {need.pk} 等）")
    assert shown(county, batch["id"])["undo_refusal"] == refused.json()["detail"]
    assert Need.objects.filter(status="WITHDRAWN").count() == 0

    other = done(county, uploaded(county, book([row(8), row(9)])), "COMMIT")
    other = done(county, other, "UNDO")
    assert (other["status"], other["my_steps"]) == ("UNDONE", [])
    assert sorted(Need.objects.values_list("status", flat=True)) == [
        "PROPOSED",
        "PROPOSED",
        "PUBLISHED",
        *["WITHDRAWN"] * 2,
    ]
    connection.check_constraints()  # each move has its event


@pytest.mark.django_db
def test_need_worked_on_while_the_undoing_waits_stops_all_of_it(county: World) -> None:
    batch = done(county, uploaded(county), "COMMIT")
    assert decide(county, batch, "UNDO").status_code == 200
    need = Need.objects.last()
    assert need is not None
    needs.publish(need=need, by=county.users["colleague"])
    tasks.work_on_next()
    said = shown(county, batch["id"])
    assert (said["status"], said["error"][:4]) == ("COMMITTED", "其中 1")
    assert Need.objects.filter(status="WITHDRAWN").count() == 0


@pytest.mark.django_db
def test_failure_in_the_middle_of_the_commit_leaves_nothing(county: World, monkeypatch: Any) -> None:
    batch = uploaded(county, right(5))
    monkeypatch.setattr(needs, "_BATCH", 2)
    real, calls = needs.record_all, []

    def fails_late(*arguments: Any, **named: Any) -> None:
        calls.append(arguments)
        if len(calls) == 3:
            raise RuntimeError("the power went")
        real(*arguments, **named)

    monkeypatch.setattr(needs, "record_all", fails_late)
    batch = done(county, batch, "COMMIT")
    assert (batch["status"], batch["error"], batch["my_steps"]) == (
        "READY", "RuntimeError: the power went", ["COMMIT", "DISCARD"],
    )  # fmt: skip
    assert not Need.objects.exists()
    assert not MadeRow.objects.exists()
    assert not Event.objects.filter(subject_type="needs.need").exists()
    monkeypatch.setattr(needs, "record_all", real)
    assert done(county, batch, "COMMIT")["status"] == "COMMITTED"
    assert Need.objects.count() == 5


@pytest.mark.django_db
def test_rule_of_the_database_speaks_when_the_check_let_a_row_through(county: World, monkeypatch: Any) -> None:
    batch = uploaded(county)
    StagedRow.objects.filter(number=3).update(
        values={**StagedRow.objects.get(number=3).values, "performance_target": ""}
    )
    batch = done(county, batch, "COMMIT")
    assert (batch["status"], batch["error"]) == ("READY", "没有绩效目标的项目不能入库")
    assert not Need.objects.exists()


@pytest.mark.django_db
def test_row_that_is_no_longer_right_stops_the_commit_and_says_so(county: World) -> None:
    batch = uploaded(county)
    other = done(county, uploaded(county, book([row(2)])), "COMMIT")
    assert other["status"] == "COMMITTED"
    batch = done(county, batch, "COMMIT")
    assert (batch["status"], batch["faulty_count"], batch["error"][:5]) == ("FAULTY", 1, "核对之后情")
    assert Need.objects.count() == 1


@pytest.mark.django_db
def test_import_is_seen_by_colleagues_and_by_nobody_else(county: World) -> None:
    batch = uploaded(county)
    doors = ["", "/rows", "/reasons", "/file"]
    for who, code in (("longhua", 200), ("colleague", 200), ("fengning", 404), ("coordinator", 404), ("dongli", 404)):
        client = county.client(who)
        assert {client.get(f"/api/imports/{batch['id']}{door}").status_code for door in doors} == {code}, who
        assert len(client.get("/api/imports").json()["results"]) == (code == 200), who
    assert shown(county, batch["id"], "colleague")["my_steps"] == []
    assert (
        decide(county, batch, "COMMIT", who="colleague").status_code == 403
    )  # else they could approve their own words
    assert decide(county, batch, "COMMIT", who="fengning").status_code == 404


@pytest.mark.django_db
def test_file_given_up_leaves_no_rows_and_its_job_stops(county: World) -> None:
    waiting = send(county).json()
    assert decide(county, waiting, "DISCARD").status_code == 200
    assert jobs.claim() is None
    batch = uploaded(county, book([row(1, unit=None)]))
    assert decide(county, batch, "DISCARD").json()["status"] == "DISCARDED"
    assert not StagedRow.objects.exists()


@pytest.mark.django_db
def test_refused_file_says_why(county: World) -> None:
    batch = uploaded(county, b"\x89PNG\r\n\x1a\n\0")
    assert (batch["status"], batch["my_steps"]) == ("REFUSED", [])
    assert batch["problems"] == [
        {"rule": "not_a_table", "cell": "", "message": "这不是表格文件（含有空字符），只接受 .xlsx 和 .csv 文件"}
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"faulty_count": 1, "row_count": 3}, "import_without_faults"),
        ({"row_count": 0, "faulty_count": 0}, "import_without_faults"),
        ({"sha256": "x"}, "import_names_its_content"),
    ],
)
def test_database_keeps_faulty_files_from_being_ready(county: World, change: dict[str, Any], constraint: str) -> None:
    batch = uploaded(county)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Import.objects.filter(pk=batch["id"]).update(**change)


@pytest.mark.django_db
def test_triggers_of_many_rows_do_not_each_search_for_a_setting_that_is_not_there() -> None:
    """Each search that fails looks through all that is deferred: the time would grow with the square of the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        assert cursor.fetchone() == ("{}",)


# --- several connections --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_same_file_committed_twice_at_once_enters_once(committed_county: World) -> None:
    county = committed_county
    first, second = uploaded(county), uploaded(county)
    assert [one["status"] for one in (first, second)] == ["READY", "READY"]
    answers = together(2, lambda n: decide(county, (first, second)[n], "COMMIT").status_code)
    assert sorted(answers) == [200, 409]
    tasks.work_on_next()
    assert Need.objects.count() == 3


class _Killed(BaseException):
    """What SIGKILL does to the process, as far as the database can tell."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["check", "write"])
def test_worker_that_dies_before_or_while_staging_is_followed_by_one_that_finishes(
    committed_county: World, monkeypatch: Any, where: str
) -> None:
    county = committed_county
    batch = send(county).json()

    def dies(*_: Any) -> Any:
        raise _Killed

    with monkeypatch.context() as patch:
        patch.setattr(work.staging, "add_faults" if where == "check" else "write", dies)
        with pytest.raises(_Killed):
            tasks.work_on_next()
    assert (shown(county, batch["id"])["status"], StagedRow.objects.count()) == ("READING", 0)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.work_on_next()
    assert (shown(county, batch["id"])["status"], StagedRow.objects.count()) == ("READY", 3)


def test_nothing_of_a_file_is_kept_in_the_repository() -> None:
    assert not list(Path(__file__).parent.glob("*.xls*"))
