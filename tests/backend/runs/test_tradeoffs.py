"""What a run gives up is what the library answers about its stored files."""

from __future__ import annotations

from typing import Any

import matching
from backend.jobs import actions as jobs
from backend.jobs.models import Job
from backend.pairings.models import Pairing
from backend.runs import stored
from backend.runs.models import Run, Tradeoffs
from matching.changes import curve
from matching.fair import fairest
from tests.backend.together import together
from tests.backend.world import World


def ask(world: World, run: Run, who: str = "coordinator") -> Any:
    return world.client(who).post(f"/api/runs/{run.pk}/tradeoffs")


def told(world: World, run: Run) -> Any:
    return world.client("auditor").get(f"/api/runs/{run.pk}/tradeoffs").json()


def work() -> None:
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)


def test_curve_is_the_librarys_and_pairs_in_force_are_no_changes(world: World) -> None:
    world.pair("dongli", "fengning")
    world.pair("dongli", "longhua", status=Pairing.Status.UNVERIFIED)
    world.pair("xiqing", "fengning", status=Pairing.Status.UNVERIFIED)
    run = world.run(share_evenly=False)
    assert told(world, run) == {"result": None, "job": None}
    assert ask(world, run).json()["job"]["status"] == "QUEUED"
    work()
    found = told(world, run)["result"]["curve"]
    points = curve(matching.read_problem(run.folder / "problem"))
    assert [(one["objective"], one["bound"], one["proven"]) for one in found] == [
        (one.objective, one.bound, one.proven) for one in points
    ]
    assert [one["changes"] for one in found] == [one.k - 1 for one in points]
    assert len(found) > 1
    assert found[-1]["objective"] == run.objective


def test_without_anything_on_record_there_is_no_curve(world: World) -> None:
    run = world.run()
    ask(world, run)
    work()
    assert told(world, run)["result"]["curve"] == []


def test_price_of_fairness_is_the_librarys(world: World) -> None:
    run = world.run(helper_max=1, coverage_deep=[100, 0], coverage_poor=[90_000, 2000])
    ask(world, run)
    work()
    found = told(world, run)["result"]["fairness"]
    fair = fairest(matching.read_problem(run.folder / "problem"))
    assert (found["price"], found["fit"], found["best_fit"]) == (fair.price, fair.fit, fair.best_fit)
    assert (found["run_fit"], found["run_coverage"]) == (run.fit + run.stability, run.coverage)
    assert sum(level["fair"] for level in found["levels"]) == len(fair.ratios)
    assert next(level["ratio"] for level in found["levels"] if level["fair"]) == round(fair.ratios[0] * 10_000)
    assert sum(level["run"] for level in found["levels"]) == len(fair.ratios)


def test_what_is_asked_for_twice_is_computed_once(committed_world: World) -> None:
    run = committed_world.run()
    answers = together(8, lambda _: ask(committed_world, run).status_code)
    assert answers == [202] * 8
    assert Job.objects.filter(kind="run.tradeoffs").count() == 1
    work()
    assert ask(committed_world, run).json()["result"] is not None
    assert (Job.objects.filter(kind="run.tradeoffs").count(), Tradeoffs.objects.count()) == (1, 1)


def test_job_that_failed_says_so_and_may_be_asked_for_again(world: World) -> None:
    run = world.run()
    ask(world, run)
    names = run.folder / "names.csv"
    kept = names.read_bytes()
    names.write_text("doctored", encoding="utf-8")
    stored._read.cache_clear()
    work()
    failed = told(world, run)["job"]
    assert failed["status"] == "FAILED"
    assert "names.csv" in failed["error"]
    names.write_bytes(kept)
    assert ask(world, run).json()["job"]["status"] == "QUEUED"
    work()
    assert told(world, run)["result"] is not None


def test_run_without_suggestions_gives_nothing_up(world: World) -> None:
    impossible = world.run(helper_min=2, helper_max=2, recipient_max=1, share_evenly=False)
    assert ask(world, impossible).status_code == 409
