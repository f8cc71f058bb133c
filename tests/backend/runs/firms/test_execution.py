"""A run of firms and villages from the request to stored suggestions, and everything it refuses."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

import matching
from backend.accounts.models import Role, User
from backend.interests import actions as interests
from backend.jobs import actions as jobs
from backend.jobs.lease import Cancelled, Lease
from backend.pairings.models import Pairing
from backend.runs import actions as runs
from backend.runs.firms.executing import Told
from backend.runs.models import Run, Suggestion
from tests.backend.firm_world import FirmWorld, build_firms, need
from tests.backend.world import YEAR, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: World) -> FirmWorld:
    built = build_firms(world)
    need(world, built.villages["龙湾村"], "WATER")
    return built


def execute(made: FirmWorld) -> Run:
    run = runs.request(policy=made.policy, year=YEAR, by=made.world.users["coordinator"])
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    run.refresh_from_db()
    return run


def pairs(run: Run) -> set[tuple[str, str]]:
    return set(run.suggestions.values_list("helper__name", "recipient__name"))


def test_run_gives_every_village_a_firm_it_may_have(made: FirmWorld) -> None:
    run = execute(made)
    assert (run.status, run.error) == (Run.Status.READY, "")
    assert pairs(run) == {
        ("津水公司", "龙湾村"), ("津水公司", "上庄村"), ("玛曲牧业", "河口村"), ("青岛食品", "坪上村"),
    }  # fmt: skip
    assert run.proof == "all eligible pairs"
    assert run.counts == {
        "helpers": 3, "recipients": 4, "deep": 1, "candidates": 7, "locked": 0, "banned": 0, "unverified": 0,
        "wanted": 0, "unreachable": 0, "told": 0, "silent": 0, "pairs": 4, "new": 4,
    }  # fmt: skip


def test_numbers_of_the_run_are_the_librarys(made: FirmWorld) -> None:
    run = execute(made)
    verdict = matching.verify(run.folder / "problem", run.folder / "solution")
    assert verdict.ok, verdict.refutations
    claim = json.loads((run.folder / "solution" / "solution.json").read_text())
    assert (run.objective, run.coverage, run.fit) == (claim["objective"], claim["coverage"], claim["fit"])
    assert (
        verdict.objective == run.objective == 40000 + 3 * 20000 + sum(run.suggestions.values_list("score", flat=True))
    )
    with (run.folder / "solution" / "pairs.csv").open(encoding="utf-8") as file:
        scores = {(row["helper"], row["recipient"]): int(row["score"]) for row in csv.DictReader(file)}
    stored = run.suggestions.values_list("helper_id", "recipient__code", "score")
    assert {(f"party-{helper}", code): score for helper, code, score in stored} == scores


def test_stored_points_add_up_to_the_stored_score(made: FirmWorld) -> None:
    run = execute(made)
    weights = made.policy.weights
    for one in run.suggestions.all():
        assert sum(w * p for w, p in zip(weights.values(), one.reasons["points"], strict=True)) // 100 == one.score


def test_deep_villages_come_first_in_the_order_of_review(made: FirmWorld) -> None:
    rows = list(execute(made).suggestions.order_by("rank"))
    assert [row.tier for row in rows] == ["deep", "poor", "poor", "poor"]
    assert [row.rank for row in rows] == [1, 2, 3, 4]
    assert rows[1].score >= rows[2].score >= rows[3].score


def pairing(made: FirmWorld, firm: str, village: str, **given: Any) -> Pairing:
    return Pairing.objects.create(
        **{
            "helper": made.firms[firm], "recipient": made.villages[village], "channel": made.channel,
            "start_date": f"{YEAR}-01-01", "end_date": f"{YEAR}-12-31", "status": "IN_FORCE", "origin": "SOURCED",
            "fact_status": "SOURCED", "source": "台账", **given,
        }
    )  # fmt: skip


def test_pair_in_force_stays_even_outside_the_frame_and_takes_its_firms_room(made: FirmWorld) -> None:
    pairing(made, "青岛食品", "龙湾村")
    run = execute(made)
    assert ("青岛食品", "龙湾村") in pairs(run)
    one = run.suggestions.get(helper__name="青岛食品")
    assert (one.state, one.rank, one.note) == (Suggestion.State.LOCKED, 4, "已有结对（执行中）")
    assert run.counts["locked"] == 1


def test_refused_pair_is_not_suggested_again(made: FirmWorld) -> None:
    first = execute(made)
    from backend.pairings import actions as pairings

    unwanted = first.suggestions.get(recipient__name="坪上村")
    pairings.refuse(suggestion=unwanted, reason="企业不做这一行", by=made.world.users["coordinator"])
    assert ("青岛食品", "坪上村") not in pairs(execute(made))


def test_firm_that_did_not_say_what_it_can_carry_is_counted_and_left_out(made: FirmWorld) -> None:
    made.firms["青岛食品"].capacities.all().delete()
    run = execute(made)
    assert run.counts["silent"] == 1
    assert "青岛食品" not in {helper for helper, _ in pairs(run)}


def test_bounds_that_cannot_be_met_are_a_conflict_in_words(made: FirmWorld) -> None:
    from backend.programmes import actions as programmes
    from tests.backend.firm_world import FIRM_POLICY

    made.policy = programmes.publish_policy(
        channel=made.channel, based_on=None, by=None, **{**FIRM_POLICY, "recipient_min": 2, "recipient_max": 2}
    )
    run = execute(made)
    assert run.status == Run.Status.INFEASIBLE
    assert run.conflict is not None
    assert "的上下限不能同时满足" in run.conflict["message"]
    assert run.suggestions.count() == 0


def test_doctored_solution_is_refused(made: FirmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.runs.firms import solving

    real = solving.solve

    def doctored(folder: Any, tell: Any) -> int:
        ended = real(folder, tell)
        path = folder / "solution" / "pairs.csv"
        lines = path.read_text().splitlines(keepends=True)
        line = lines[1].split(",")
        path.write_text("".join([lines[0], ",".join([*line[:2], str(int(line[2]) + 1), *line[3:]]), *lines[2:]]))
        return ended

    monkeypatch.setattr(solving, "solve", doctored)
    run = execute(made)
    assert (run.status, run.suggestions.count()) == (Run.Status.FAILED, 0)
    assert run.error == "ValueError: the solution tells other scores than were frozen"


def test_cancelled_run_ends_its_solver(made: FirmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.runs.firms import solving

    ended = []
    real = solving.subprocess.Popen

    class Slow(real):  # type: ignore[valid-type, misc]
        def __init__(self, command: Any, **given: Any) -> None:
            super().__init__(["sleep", "600"], **given)
            runs.cancel(run=Run.objects.get(), by=made.world.users["coordinator"])
            ended.append(self)

    monkeypatch.setattr(solving.subprocess, "Popen", Slow)
    run = execute(made)
    assert (run.status, run.suggestions.count()) == (Run.Status.CANCELLED, 0)
    assert ended[0].returncode == -9
    assert not list(run.folder.parent.glob(f".{run.pk}.*"))


def test_open_interest_is_a_reason_and_no_more_than_that(made: FirmWorld) -> None:
    """For a firm that can carry one village it outweighs what the other village lacks."""
    firm, world = made.firms["津水公司"], made.world
    firm.capacities.update(villages=1)
    assert ("津水公司", "龙湾村") in pairs(execute(made))
    by = User.objects.create(username="jinshui", display_name="津水", role=Role.COMPANY, party=firm)
    wish = interests.express(party=firm, area=made.villages["上庄村"], by=by)
    run = execute(made)
    assert run.counts["wanted"] == 1
    assert ("津水公司", "上庄村") in pairs(run)
    shown = world.client("coordinator").get(f"/api/runs/{run.pk}/suggestions").json()["results"]
    (wanted,) = (row for row in shown if row["recipient"]["name"].endswith("上庄村"))
    (reason,) = (one for one in wanted["reasons"] if one["code"] == "interest")
    assert (reason["points"], reason["zh"]) == (10_000, "企业已表示愿意帮扶本村")
    interests.withdraw(interest=wish, by=by)
    assert ("津水公司", "龙湾村") in pairs(execute(made))


def test_freezing_and_writing_tell_how_far_they_are_and_can_be_ended(
    made: FirmWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the solver starts too: each step is told, none goes back, and a cancellation ends it there."""
    told: list[int] = []
    stage: list[str] = []
    real_stage = Lease.stage

    def staged(lease: Lease, name: str, progress: int, note: str = "") -> None:
        stage.append(name)
        real_stage(lease, name, progress, note)

    def tell(lease: Lease, progress: int) -> None:
        told.append(progress)
        if stage[-1] == unwanted:
            raise Cancelled

    monkeypatch.setattr(Lease, "stage", staged)
    monkeypatch.setattr(Lease, "tell", tell)
    unwanted = ""
    assert execute(made).status == Run.Status.READY
    assert told == sorted(told)
    for low, high in ((20, 130), (130, 160), (160, 200), (900, 1000)):  # reading, names, files, storing
        assert len([one for one in told if low < one <= high]) > 1
    for unwanted in ("快照", "候选"):
        stage.clear()
        run = execute(made)
        assert (run.status, stage[-1]) == (Run.Status.CANCELLED, unwanted)


def test_the_verdict_does_not_lead_back_to_solving(made: FirmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(Lease, "stage", lambda lease, name, progress, note="": told.append((name, progress)))
    runs.request(policy=made.policy, year=YEAR, by=made.world.users["coordinator"])
    lease = jobs.claim()
    assert lease is not None
    hear = Told(lease)
    for said, seconds in (("part 1 of 2, round 1 … 40%", 0), ("verify … 100%", 4), ("proven optimal", 8)):
        hear(said, seconds)
    assert told == [("求解", 460), ("验证", 850), ("验证", 850)]
