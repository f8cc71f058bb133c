"""A run from request to stored, proven suggestions."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import matching
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.lifecycle.models import Event
from backend.pairings.decision_models import Decision
from backend.pairings.models import Pairing
from backend.runs import actions
from backend.runs.models import Run, Suggestion
from tests.backend.world import YEAR, World


def pairs(run: Run) -> set[tuple[str, str]]:
    return {
        (one.helper.area.code, one.recipient.code)
        for one in run.suggestions.select_related("helper__area", "recipient")
    }


def test_run_is_ready_with_a_certificate_that_verifies_from_the_stored_files(world: World) -> None:
    run = world.run()
    assert run.status == Run.Status.READY, run.error
    assert run.certificate_verified_at is not None
    verdict = matching.verify(run.folder / "problem", run.folder / "solution")
    assert verdict.refutations == []
    assert verdict.objective == run.objective == run.coverage + run.fit + run.stability


def test_every_stored_file_has_its_digest(world: World) -> None:
    run = world.run()
    names = {file.name for file in run.files.all()}
    assert {"problem/edges.csv", "solution/pairs.csv", "solution/prices.csv", "solution/solution.json"} <= names
    for file in run.files.all():
        assert hashlib.sha256((run.folder / file.name).read_bytes()).hexdigest() == file.sha256


def test_no_pair_lies_outside_the_region_pairs(world: World) -> None:
    """Tianjin helps Chengde and Gansu, but Longnan in Gansu is Qingdao's alone."""
    run = world.run()
    assert run.counts["candidates"] == 2 * 2 + 2 * 1 + 1 * 1
    assert all((helper[:2] == "12") == (recipient != "621202") for helper, recipient in pairs(run))


def test_every_county_that_can_be_covered_is_covered(world: World) -> None:
    run = world.run(helper_max=1)
    covered = {recipient for _, recipient in pairs(run)}
    assert "623025" in covered  # the deep county comes before the two others that want the same helpers
    assert len(covered) == 3


def test_pairing_in_force_is_locked_and_kept(world: World) -> None:
    world.pair("dongli", "fengning")
    run = world.run(helper_max=1)
    locked = run.suggestions.get(state=Suggestion.State.LOCKED)
    assert (locked.helper.area.code, locked.recipient.code) == ("120110", "130826")
    assert locked.note == "已有结对（执行中）"
    assert ("120110", "623025") not in pairs(run)  # its quota is used up


def test_pairing_in_force_outside_the_region_pairs_is_kept_all_the_same(world: World) -> None:
    world.pair("dongli", "wudu")
    assert ("120110", "621202") in pairs(world.run())


def test_unverified_record_is_no_lock(world: World) -> None:
    world.pair("dongli", "fengning", status=Pairing.Status.UNVERIFIED, fact_status="UNVERIFIED", source="")
    run = world.run()
    assert run.counts["unverified"] == 1
    assert not run.suggestions.filter(state=Suggestion.State.LOCKED).exists()


def test_refused_pair_is_banned_from_the_next_run(world: World) -> None:
    suggestion = world.run().suggestions.order_by("rank").first()
    assert suggestion is not None
    Decision.objects.create(
        about=suggestion, suggestion=suggestion, verdict="REFUSED", reason="路途太远", by=world.users["coordinator"]
    )
    again = world.run()
    assert again.counts["banned"] == 1
    assert (suggestion.helper.area.code, suggestion.recipient.code) not in pairs(again)


def test_conflict_is_told_in_words_with_names(world: World) -> None:
    run = world.run(recipient_min=2, recipient_max=2, helper_max=1)
    assert run.status == Run.Status.INFEASIBLE
    assert run.conflict["shortfall"] > 0
    names = {one["name"] for one in run.conflict["recipients"] + run.conflict["helpers"]}
    assert "天津市西青区" in names
    assert all(name in run.conflict["message"] for name in names)
    assert "还差" in run.conflict["message"]
    assert not run.suggestions.exists()


def test_refuted_certificate_fails_the_run_and_shows_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "verify", lambda *_: matching.Verdict(["prices: doctored"], 0, 0))
    run = world.run()
    assert run.status == Run.Status.FAILED
    assert "prices: doctored" in run.error
    assert not run.suggestions.exists()


def test_reasons_say_what_is_missing_and_score_it_neutrally(world: World) -> None:
    run = world.run()
    suggestion = run.suggestions.get(helper__area__code="120111", recipient__code="623025")
    strength = next(one for one in suggestion.reasons if one["code"] == "strength")
    assert strength["missing"]
    assert strength["points"] == 5000
    assert strength["zh"] == "帮扶方缺人均一般公共预算收入数据，按中性计"
    depth = next(one for one in suggestion.reasons if one["code"] == "depth")
    assert depth["points"] == 10000
    assert "三区三州" in depth["zh"]


def test_score_is_the_weighted_mean_of_its_reasons(world: World) -> None:
    for suggestion in world.run().suggestions.all():
        assert suggestion.score == sum(one["points"] * one["weight"] for one in suggestion.reasons) // 100


def test_worker_killed_before_storing_leaves_a_run_that_finishes_once(world: World) -> None:
    run = actions.request(policy=world.policy, year=YEAR, by=world.users["coordinator"])
    first = jobs.claim()
    assert first is not None
    first.stage("快照", 50)  # … and then the worker is gone
    Job.objects.filter(pk=run.job_id).update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    second = jobs.claim()
    assert second is not None
    jobs.work_on(second)
    run.refresh_from_db()
    assert run.status == Run.Status.READY
    stored = run.suggestions.count()
    jobs.work_on(first)  # the worker that was thought dead comes back and tries to finish
    assert run.suggestions.count() == stored
    moved = Event.objects.filter(subject_type="runs.run", subject_id=str(run.pk), to_status="READY")
    assert moved.count() == 1


def test_cancelled_while_waiting(world: World) -> None:
    run = actions.request(policy=world.policy, year=YEAR, by=world.users["coordinator"])
    assert world.client("coordinator").post(f"/api/runs/{run.pk}/cancel").json()["status"] == "CANCELLED"
    assert jobs.claim() is None


def test_cancelled_at_its_next_stage(world: World) -> None:
    run = actions.request(policy=world.policy, year=YEAR, by=world.users["coordinator"])
    lease = jobs.claim()
    assert lease is not None
    assert world.client("coordinator").post(f"/api/runs/{run.pk}/cancel").status_code == 200
    jobs.work_on(lease)
    run.refresh_from_db()
    assert run.status == Run.Status.CANCELLED
    assert not run.suggestions.exists()


def test_finished_run_cannot_be_cancelled(world: World) -> None:
    run = world.run()
    response = world.client("coordinator").post(f"/api/runs/{run.pk}/cancel")
    assert response.status_code == 409
    assert "任务已结束" in response.json()["detail"]


def test_archive_verifies_without_the_platform(world: World, tmp_path: Path) -> None:
    run = world.run()
    response = world.client("auditor").get(f"/api/runs/{run.pk}/archive")
    zipfile.ZipFile(io.BytesIO(response.content)).extractall(tmp_path / "archive")
    assert matching.verify(tmp_path / "archive" / "problem", tmp_path / "archive" / "solution").ok


@pytest.mark.parametrize(
    ("who", "body", "code", "field"),
    [
        ("dongli", {}, 403, ""),
        ("auditor", {}, 403, ""),
        ("coordinator", {"policy": 999999}, 400, "policy"),
        ("coordinator", {"year": 2031}, 400, "year"),
        ("coordinator", {"year": "去年"}, 400, "year"),
        ("coordinator", {"priority": 1}, 400, "priority"),
    ],
)
def test_bad_request_for_a_run_is_refused_by_name(
    world: World, who: str, body: dict[str, Any], code: int, field: str
) -> None:
    response = world.client(who).post("/api/runs", {"policy": world.policy.pk, **body}, format="json")
    assert response.status_code == code
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == field
    assert not Run.objects.exists()


def test_suggestions_are_for_coordinators_and_auditors(world: World) -> None:
    run = world.run()
    assert world.client("auditor").get(f"/api/runs/{run.pk}/suggestions").json()["count"] == run.counts["pairs"]
    assert world.client("dongli").get(f"/api/runs/{run.pk}/suggestions").status_code == 404
    seen = world.client("gansu").get(f"/api/runs/{run.pk}/suggestions").json()["results"]
    assert seen
    assert {one["recipient"]["code"] for one in seen} <= {"623025", "621202"}


def test_review_list_costs_the_same_however_long_it_is(world: World, django_assert_max_num_queries: Any) -> None:
    run = world.run()
    client = world.client("coordinator")
    with django_assert_max_num_queries(8):
        assert client.get(f"/api/runs/{run.pk}/suggestions").status_code == 200
