"""A conflict names what is in it, and the cure it proposes cures it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import matching
from backend.jobs import actions as jobs
from backend.lifecycle.models import Event
from backend.programmes.models import Policy, PolicyException
from backend.runs import curing, snapshot
from backend.runs.conflicts import told_conflict
from backend.runs.models import Run
from tests.backend.world import POLICY, YEAR, World


def cure(world: World, run: Run, who: str = "coordinator") -> Any:
    return world.client(who).post(f"/api/runs/{run.pk}/cure")


def worked_on(response: Any) -> Run:
    assert response.status_code == 201, response.json()
    lease = jobs.claim()
    assert lease is not None
    jobs.work_on(lease)
    return Run.objects.get(pk=response.json()["id"])


def test_cure_becomes_exceptions_of_the_next_version_and_the_run_under_it_is_proven(world: World) -> None:
    run = world.run(recipient_min=2, recipient_max=2, helper_max=1)
    told = run.conflict["cure"]["changes"]
    made = worked_on(cure(world, run))
    assert (made.status, made.based_on) == (Run.Status.READY, run)
    assert matching.verify(made.folder / "problem", made.folder / "solution").ok
    assert made.policy.version == run.policy.version + 1
    kept = {(one.side, one.area.code): (one.min, one.max) for one in made.policy.exceptions.select_related("area")}
    for change in told:
        bounds = kept[change["side"], change["code"]]
        assert bounds[0 if change["end"] == "min" else 1] == change["to"]
        assert change["zh"] in made.policy.note
    assert Event.objects.filter(subject_type="programmes.policy", subject_id=str(made.policy_id)).exists()


def test_cure_of_an_outdated_policy_is_refused(world: World) -> None:
    run = world.run(recipient_min=2, recipient_max=2, helper_max=1)
    assert cure(world, run).status_code == 201
    again = cure(world, run)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "based_on")
    assert cure(world, world.run()).json()["detail"] == "这次运行没有可以应用的放宽办法"
    assert cure(world, run, who="gansu").status_code == 403


# Forty policies that ask for too much, some with pairs in force among them.
@pytest.mark.parametrize("seed", range(4))
def test_every_constructed_conflict_is_mended_by_its_cheapest_cure(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret)
    for helper, recipient in chance.sample(
        [("dongli", "longhua"), ("xiqing", "fengning"), ("dongli", "maqu")], seed % 3
    ):
        world.pair(helper, recipient)
    mended = 0
    while mended < 10:
        quotas = {f"{side}_{end}": chance.randint(0, 3) for side in ("helper", "recipient") for end in ("min", "max")}
        content = {**POLICY, **quotas, "share_evenly": chance.random() < 0.5}
        if content["helper_min"] > content["helper_max"] or content["recipient_min"] > content["recipient_max"]:
            continue
        policy = Policy(channel=world.channel, version=0, **content)
        frozen = snapshot.freeze(world.channel, policy, YEAR, [])
        told = told_conflict(frozen.problem, frozen.names)
        assert (told is None) == (matching.solve(frozen.problem).status == "optimal")
        if told is None:
            continue
        assert all(one["name"] in told["message"] for one in told["recipients"] + told["helpers"])
        exceptions = [PolicyException(**one) for one in curing.excepted(world.policy, told["cure"])]
        again = snapshot.freeze(world.channel, policy, YEAR, exceptions)
        assert matching.solve(again.problem).status == "optimal", told
        mended += 1


def test_preview_tells_the_conflict_and_its_cure_before_anything_runs(world: World) -> None:
    def preview(**changes: Any) -> Any:
        content = {key: value for key, value in POLICY.items() if key not in ("name", "note")}
        body = {**content, "channel": world.channel.code, **changes}
        return world.client("coordinator").post("/api/policies/preview", body, format="json").json()

    fine = preview()
    assert (fine["conflict"], fine["uncovered"]) == (None, [])
    short = preview(helper_max=0)
    assert {one["code"] for one in short["uncovered"]} == {"130825", "130826", "621202", "623025"}
    asked = {"recipient_min": 2, "recipient_max": 2, "helper_max": 1}
    conflict = preview(**asked)["conflict"]
    exceptions = [
        {"side": change["side"], "code": change["code"], change["end"]: change["to"]}
        for change in conflict["cure"]["changes"]
    ]
    assert preview(**asked, exceptions=exceptions)["conflict"] is None


def test_exception_bounds_one_county_and_leaves_the_others(world: World) -> None:
    dongli = world.areas["dongli"]
    exception = PolicyException(side="HELPER", area=dongli, max=0)
    before = snapshot.freeze(world.channel, world.policy, YEAR, []).problem
    after = snapshot.freeze(world.channel, world.policy, YEAR, [exception]).problem
    at = before.helper_ids.tolist().index(dongli.code)
    assert after.helper_max[at] == 0
    assert [n for n in range(before.helpers) if before.helper_max[n] != after.helper_max[n]] == [at]
    world.pair("dongli", "longhua")
    assert snapshot.freeze(world.channel, world.policy, YEAR, [exception]).problem.helper_max[at] == 1


@pytest.mark.parametrize(
    ("bounds", "constraint"),
    [({}, "says_something"), ({"min": 2, "max": 1}, "bounds_in_order")],
)
def test_exception_that_says_nothing_sensible_is_refused_by_the_database(
    world: World, bounds: dict[str, int], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PolicyException.objects.create(policy=world.policy, side="HELPER", area=world.areas["dongli"], **bounds)
    body = {"channel": "county_pairing", "based_on": 1, **POLICY}
    exceptions = [{"side": "HELPER", "code": "120110", **bounds}]
    response = world.client("coordinator").post("/api/policies", {**body, "exceptions": exceptions}, format="json")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "exceptions")
    assert Policy.objects.count() == 1
