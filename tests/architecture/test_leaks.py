"""Nobody sees or touches what is not theirs: each door × own, parent, sibling and unrelated log-ins."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from backend.needs.models import Need
from tests.architecture import works
from tests.architecture.conftest import Stage

pytestmark = pytest.mark.django_db

# Records of 东丽区 → 隆化县, seen from everywhere.
OWN = ["dongli", "longhua", "approver"]
ABOVE = ["coordinator", "second", "auditor", "tianjin", "chengde", "hebei"]
SIBLING = ["xiqing", "fengning"]
UNRELATED = ["federation", "huangdao", "maqu", "wudu", "gansu", "gansu_auditor", "unit", "firm", "administrator"]
INSIDE, OUTSIDE = OWN + ABOVE, SIBLING + UNRELATED


def client(stage: Stage, who: str) -> APIClient:
    one = APIClient()
    one.force_authenticate(stage.users[who])
    return one


def get(stage: Stage, who: str, path: str, **query: Any) -> Any:
    return client(stage, who).get(f"/api/{path}", query)


def listed(stage: Stage, who: str, path: str, **query: Any) -> set[int]:
    response = get(stage, who, path, page_size=1000, **query)
    assert response.status_code == 200, response.content
    said = response.json()
    assert said["count"] == len(said["results"])  # a count that tells more than the list is a leak
    return {row["id"] for row in said["results"]}


def found(stage: Stage, who: str, kind: str, text: str) -> set[int]:
    """What the search box shows of a kind."""
    groups = get(stage, who, "search", q=text).json()["groups"]
    return {hit["id"] for group in groups if group["kind"] == kind for hit in group["hits"]}


def test_every_log_in_of_the_stage_is_placed(stage: Stage) -> None:
    assert sorted(stage.users) == sorted(INSIDE + OUTSIDE)


@pytest.mark.parametrize("who", INSIDE)
def test_own_records_are_seen_through_every_door(stage: Stage, who: str) -> None:
    pairing, commitment = stage.agreed.pk, stage.commitment.pk
    assert get(stage, who, f"pairings/{pairing}").status_code == 200
    assert get(stage, who, f"pairings/{pairing}/events").status_code == 200
    assert get(stage, who, f"commitments/{commitment}").status_code == 200
    assert listed(stage, who, f"pairings/{pairing}/contacts") == {stage.contact.pk}
    assert stage.sub.pk in listed(stage, who, "sub-pairings")
    assert {stage.offered.pk, stage.signed.pk} <= listed(stage, who, "agreements")
    assert get(stage, who, f"signed-copies/{stage.copy.pk}").status_code == 200
    assert get(stage, who, f"entry-files/{stage.paper.pk}").status_code == 200
    assert get(stage, who, "sub-pairings/counts").json()[0]["proposed"] == 1
    assert pairing in listed(stage, who, "pairings")
    assert commitment in listed(stage, who, "commitments")


@pytest.mark.parametrize("who", OUTSIDE)
def test_foreign_records_are_not_there_through_any_door(stage: Stage, who: str) -> None:
    pairing, commitment = stage.agreed.pk, stage.commitment.pk
    of_pairing = [f"pairings/{pairing}{part}" for part in ("", "/events", "/marks", "/contacts", "/targets")]
    of_agreement = [f"agreements/{stage.signed.pk}{part}" for part in ("", "/targets", "/docx", "/pdf", "/events")]
    files = [f"signed-copies/{stage.copy.pk}", f"entry-files/{stage.paper.pk}"]
    paths = [*of_pairing, *of_agreement, *files, f"commitments/{commitment}"]
    for path in paths:
        assert get(stage, who, path).status_code == 404, path
    for kind, pk in (("pairings.pairing", pairing), ("commitments.commitment", commitment)):
        for door in ("events", "history"):
            assert get(stage, who, door, subject_type=kind, subject_id=pk).status_code == 404, (door, kind)
    assert stage.sub.pk not in listed(stage, who, "sub-pairings", pairing=pairing)
    for query in ({}, {"pairing": pairing}, {"search": "隆化"}, {"year": 2020}):
        assert listed(stage, who, "agreements", **query) == set(), query
    assert get(stage, who, "sub-pairings/counts", pairing=pairing).json() == []
    published = listed(stage, who, "relations", area="130825")
    assert stage.agreed.pk in published  # both sides confirmed it: public, but no more than that
    assert stage.proposed.pk not in published
    told = get(stage, who, "relations", area="130825").json(), get(stage, who, "areas/130825/timeline").json()
    assert "经办人" not in str(told)
    assert "PROJECT_COMPLETED" in str(told[1])
    notice = get(stage, who, "areas/130825/projects").json()
    assert {one["id"] for one in notice["results"]} == _projects(stage) - {stage.works.proposed.pk}
    assert "经办人" not in str(notice)
    assert stage.commitment.title not in str(told)
    assert "PAIRING_PROPOSED" not in str(told)
    mine = {stage.agreed.pk, stage.proposed.pk}
    assert not mine & listed(stage, who, "pairings")
    for query in ({"search": "隆化"}, {"recipient": "130825"}, {"helper": stage.agreed.helper_id}, {"ordering": "-id"}):
        assert not mine & listed(stage, who, "pairings", **query), query
    for query in ({}, {"pairing": pairing}, {"recipient": "130825"}, {"ordering": "-amount_yuan"}):
        assert commitment not in listed(stage, who, "commitments", **query), query
    for text in ("隆化", "东丽", "longhua"):
        assert not mine & found(stage, who, "PAIRING", text), text
    assert listed(stage, who, "differences") == set()
    for path in ("commitments/summary?year=2020", "counties/130825/balance?as_of=2020-12-31"):
        assert not {"1000.00", "200.00", "60.00"} & figures(get(stage, who, path).json()), path
    waiting = {(item["kind"], item["subject_id"]) for item in get(stage, who, "inbox").json()}
    assert not waiting & {("PAIRING_PROPOSED", stage.proposed.pk), ("ARRIVAL_TO_CONFIRM", stage.entry.pk)}
    assert not any(kind == "ARRIVAL_TO_CONFIRM" for kind, _ in waiting)


def _projects(stage: Stage) -> set[int]:
    made = stage.works
    return {one.pk for one in (made.proposed, made.underway, made.completed, made.closed)}


@pytest.mark.parametrize("who", INSIDE)
def test_own_projects_are_seen_through_every_door(stage: Stage, who: str) -> None:
    project = stage.works.underway.pk
    for path in (f"projects/{project}", f"projects/{project}/free-money", f"project-files/{stage.works.file.pk}"):
        assert get(stage, who, path).status_code == 200, path
    [earmark] = get(stage, who, "earmarks", need=stage.works.lacking.pk).json()
    assert earmark["earmarked"] == "200.00"
    assert listed(stage, who, "projects") == _projects(stage)
    assert listed(stage, who, "assets") == {stage.works.asset.pk}


@pytest.mark.parametrize("who", OUTSIDE)
def test_foreign_projects_are_not_there_through_any_door(stage: Stage, who: str) -> None:
    made = stage.works
    for project in _projects(stage):
        for path in (f"projects/{project}", f"projects/{project}/free-money"):
            assert get(stage, who, path).status_code == 404, path
    assert get(stage, who, f"project-files/{made.file.pk}").status_code == 404
    for kind, pk in (
        ("projects.project", made.closed.pk), ("projects.milestone", made.milestone.pk),
        ("projects.asset", made.asset.pk),
    ):  # fmt: skip
        for door in ("events", "history"):
            assert get(stage, who, door, subject_type=kind, subject_id=pk).status_code == 404, (door, kind)
    asked = {"pairing": stage.agreed.pk, "need": made.closed.need_id, "recipient": "130825", "search": "水窖"}
    for query in ({}, *({name: value} for name, value in asked.items()), {"ordering": "-spent"}, {"late": True}):
        assert listed(stage, who, "projects", **query) == set(), query
    for query in ({}, {"project": made.closed.pk}, {"recipient": "130825"}, {"search": "蓄水池"}):
        assert listed(stage, who, "assets", **query) == set(), query
    assert get(stage, who, "earmarks").json() == []
    assert get(stage, who, "allocation", year=2020).json()["lines"] == []
    waiting = {item["kind"] for item in get(stage, who, "inbox").json()}
    assert not waiting & {"PROJECT_TO_CONSENT", "PROJECT_TO_ACCEPT", "MILESTONE_LATE"}


@pytest.mark.parametrize("who", INSIDE + OUTSIDE)
def test_a_file_holds_what_the_list_holds(stage: Stage, who: str) -> None:
    for path in ("pairings", "commitments", "sub-pairings", "agreements", "differences", "projects", "assets"):
        response = get(stage, who, path, export="csv")
        file = b"".join(response.streaming_content).decode("utf-8-sig")
        assert {int(row["编号"]) for row in csv.DictReader(io.StringIO(file))} == listed(stage, who, path), path


@pytest.mark.parametrize("who", ["gansu", "gansu_auditor"])
def test_region_takes_its_own_suggestions_only(stage: Stage, who: str) -> None:
    response = get(stage, who, f"runs/{stage.run.pk}/suggestions", export="csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert {row["受援县代码"][:2] for row in rows} == {"62"}
    assert get(stage, "dongli", f"runs/{stage.run.pk}/suggestions", export="csv").status_code == 404


@pytest.mark.parametrize("who", OUTSIDE)
def test_foreign_records_cannot_be_written_to(stage: Stage, who: str) -> None:
    writes: list[tuple[str, dict[str, Any]]] = [
        (f"pairings/{stage.proposed.pk}/acknowledgement", {"answer": "ACKNOWLEDGED"}),
        (f"pairings/{stage.agreed.pk}/end", {"outcome": "COMPLETED"}),
        (f"pairings/{stage.agreed.pk}/contacts", {"kind": "CALL", "contact_date": "2020-05-01"}),
        (f"contacts/{stage.contact.pk}/void", {"reason": "x"}),
        (f"agreements/{stage.offered.pk}/decision", {"step": "VOID", "reason": "x"}),
        (f"agreements/{stage.offered.pk}/signature", {}),
        (f"agreements/{stage.signed.pk}/revision", {}),
        (f"sub-pairings/{stage.sub.pk}/decision", {"step": "ACKNOWLEDGED"}),
        (f"commitments/{stage.commitment.pk}/arrivals", {"amount_yuan": "1.00", "occurred_date": "2020-07-01"}),
        (f"ledger-entries/{stage.entry.pk}/confirmation", {"answer": "CONFIRMED"}),
        (f"ledger-entries/{stage.ledger.sure.pk}/reversal", {"reason": "x"}),
        (f"reversal-requests/{stage.ledger.request.pk}/answer", {"agree": True}),
        (f"discrepancies/{stage.ledger.difference.pk}/explanation", {"explanation": "x"}),
        (f"projects/{stage.works.proposed.pk}/consent", {}),
        (f"projects/{stage.works.proposed.pk}/decision", {"step": "DECLINE", "reason": "x"}),
        (f"projects/{stage.works.underway.pk}/result", {"quantity": "1.00", "note": "x"}),
        (f"projects/{stage.works.completed.pk}/closing", works.ASSET),
        (f"projects/{stage.works.underway.pk}/allotments", {"entry": stage.works.arrival.pk, "amount_yuan": "1.00"}),
        (f"projects/{stage.works.underway.pk}/spendings", {"commitment": stage.works.promise.pk}),
        (f"milestones/{stage.works.milestone.pk}/reached", {"done_date": "2020-10-30"}),
        (f"assets/{stage.works.asset.pk}/correction", {**works.ASSET, "reason": "x"}),
        (f"postings/{stage.ledger.posting.pk}/end", {"end_date": "2020-12-01", "reason": "x"}),
    ]
    for path, body in writes:
        assert send(stage, who, path, body).status_code == 404, path


@pytest.mark.parametrize("who", OUTSIDE)
def test_foreign_record_cannot_be_pointed_at(stage: Stage, who: str) -> None:
    """A writable foreign key answers for a foreign record exactly what it answers for none."""
    foreign = send(stage, who, "commitments", commitment(stage.agreed.pk))
    absent = send(stage, who, "commitments", commitment(10**9))
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "does_not_exist")
    told = [response.json()["detail"] for response in (foreign, absent)]
    assert told[0].replace(str(stage.agreed.pk), "#") == told[1].replace(str(10**9), "#")


@pytest.mark.parametrize("who", INSIDE)
def test_draft_of_an_agreement_is_the_drafting_sides_own(stage: Stage, who: str) -> None:
    helper = who in ("dongli", "tianjin")
    assert get(stage, who, f"agreements/{stage.drafted.pk}").status_code == (200 if helper else 404)
    assert (stage.drafted.pk in listed(stage, who, "agreements")) == helper


DRAFT_SEEN_BY = ["longhua", "approver", "chengde", "coordinator", "second", "auditor", "hebei"]


@pytest.mark.parametrize("who", INSIDE + OUTSIDE)
def test_need_that_is_not_published_is_the_countys_own_and_its_overseers(stage: Stage, who: str) -> None:
    draft, seen = stage.draft.pk, who in DRAFT_SEEN_BY
    assert get(stage, who, f"needs/{draft}").status_code == (200 if seen else 404)
    told = get(stage, who, "history", subject_type="needs.need", subject_id=draft)
    assert told.status_code == (200 if seen else 404)
    for query in ({}, {"search": "饮水"}, {"area": "130800"}, {"status": "PROPOSED"}, {"category": "WATER"}):
        assert (draft in listed(stage, who, "needs", **query)) == seen, query
    for text in ("饮水", "anquanyinshui"):
        assert (draft in found(stage, who, "NEED", text)) == seen, text
    file = b"".join(get(stage, who, "needs", export="csv").streaming_content).decode("utf-8-sig")
    assert {int(row["编号"]) for row in csv.DictReader(io.StringIO(file))} == listed(stage, who, "needs")
    if not seen:
        assert send(stage, who, f"needs/{draft}/decision", {"step": "PUBLISH"}).status_code in (403, 404)


@pytest.mark.parametrize("who", [who for who in INSIDE + OUTSIDE if who not in ("longhua", "approver")])
def test_uploaded_file_is_the_countys_own(stage: Stage, who: str) -> None:
    """Not even those who oversee the county see what it has not entered yet."""
    pk = stage.uploaded.pk
    for door in ("", "/rows", "/reasons", "/file"):
        assert get(stage, who, f"imports/{pk}{door}").status_code == 404, door
    assert get(stage, who, "events", subject_type="exchange.import", subject_id=pk).status_code == 404
    assert pk not in listed(stage, who, "imports")
    assert send(stage, who, f"imports/{pk}/decision", {"step": "COMMIT"}).status_code == 404


INTEREST_SEEN_BY = [
    "firm", "federation", "coordinator", "second", "auditor", "hebei", "longhua", "approver", "chengde",
]  # fmt: skip


@pytest.mark.parametrize("who", INSIDE + OUTSIDE)
def test_interest_is_seen_by_the_party_the_place_and_those_who_watch_over_them(stage: Stage, who: str) -> None:
    interest, seen = stage.interest.pk, who in INTEREST_SEEN_BY
    for query in ({}, {"search": "洼子"}, {"area": "130800"}, {"status": "OPEN"}, {"party": stage.interest.party_id}):
        assert (interest in listed(stage, who, "interests", **query)) == seen, query
    for door in ("events", "history"):
        told = get(stage, who, door, subject_type="interests.interest", subject_id=interest)
        assert told.status_code == (200 if seen else 404), door
    file = b"".join(get(stage, who, "interests", export="csv").streaming_content).decode("utf-8-sig")
    assert {int(row["编号"]) for row in csv.DictReader(io.StringIO(file))} == listed(stage, who, "interests")
    if who != "firm":
        assert send(stage, who, f"interests/{interest}/withdrawal", {}).status_code == (403 if seen else 404)


def test_public_sees_published_needs_without_the_names_of_people(stage: Stage) -> None:
    said = APIClient().get("/api/needs").json()
    known = {row["id"] for row in said["results"]}
    assert known == set(Need.objects.published().values_list("pk", flat=True))
    assert stage.published.pk in known
    assert stage.draft.pk not in known
    assert "经办人" not in str(said)
    assert said["results"][0]["my_steps"] == []


@pytest.mark.parametrize("who", ["dongli", "longhua", "tianjin", "unit", "firm", "administrator"])
def test_runs_and_suggestions_are_the_overseers_own(stage: Stage, who: str) -> None:
    assert listed(stage, who, "runs") == set()
    for path in ("", "/files", "/archive", "/suggestions"):
        assert get(stage, who, f"runs/{stage.run.pk}{path}").status_code == 404, path


@pytest.mark.parametrize("who", ["gansu", "gansu_auditor"])
def test_region_sees_its_own_suggestions_only(stage: Stage, who: str) -> None:
    rows = get(stage, who, f"runs/{stage.run.pk}/suggestions", page_size=1000).json()
    assert rows["count"] == len(rows["results"]) > 0
    assert {row["recipient"]["province"] for row in rows["results"]} == {"甘肃省"}
    assert stage.run.suggestions.count() > rows["count"]


@pytest.mark.parametrize("who", ["gansu", "gansu_auditor"])
def test_files_of_a_run_tell_of_the_whole_country_and_stay_with_those_who_oversee_it(stage: Stage, who: str) -> None:
    assert get(stage, who, f"runs/{stage.run.pk}/files").json() == []
    assert get(stage, who, f"runs/{stage.run.pk}/archive").status_code == 404


@pytest.mark.parametrize("who", ["gansu"])
def test_suggestion_outside_of_the_region_cannot_be_decided(stage: Stage, who: str) -> None:
    foreign = stage.run.suggestions.filter(recipient__code__startswith="13").first()
    assert foreign is not None
    body = {"verdict": "REFUSED", "reason": "x"}
    assert send(stage, who, f"suggestions/{foreign.pk}/decision", body).status_code == 404


def figures(said: Any) -> set[str]:
    """Every text in an answer, however deep."""
    if isinstance(said, dict):
        return set().union(*map(figures, said.values()))
    return set().union(*map(figures, said)) if isinstance(said, list) else {str(said)}


def commitment(pairing: int) -> dict[str, Any]:
    return {
        "pairing": pairing,
        "kind": "SOCIAL_AID",
        "mode": "DIRECT",
        "year": 2020,
        "title": "捐款",
        "amount_yuan": "5.00",
    }


def send(stage: Stage, who: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"idempotency-key": uuid.uuid4().hex, "if-match": '"1"'}
    with transaction.atomic():
        response = client(stage, who).post(f"/api/{path}", body, format="json", headers=headers)
        transaction.set_rollback(True)
    return response
