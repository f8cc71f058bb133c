"""Putting accepted suggestions to both sides together, and taking back what nobody has answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.lifecycle.actions import move
from backend.lifecycle.models import Event
from backend.pairings.actions import accept, refuse
from backend.pairings.models import Acknowledgement, Pairing, Side
from backend.pairings.review_models import Publication
from backend.runs.models import Run, Suggestion
from backend.web.problems import constraint_of
from tests.backend.pairings.unguarded import without_constraint, without_trigger
from tests.backend.together import together
from tests.backend.world import World


def accepted(world: World, run: Run) -> list[Suggestion]:
    rows = list(run.suggestions.filter(state="FREE").order_by("rank"))
    for row in rows:
        accept(suggestion=row, by=world.users["coordinator"])
    return rows


def publish(world: World, run: Run, rows: list[Suggestion], who: str = "coordinator") -> Any:
    body = {"suggestions": [row.pk for row in rows], "note": "第一批"}
    return world.client(who).post(f"/api/runs/{run.pk}/publications", body, format="json")


def take_back(world: World, publication: int, reason: str = "再商量", who: str = "coordinator") -> Any:
    return world.client(who).post(f"/api/publications/{publication}/taking-back", {"reason": reason}, format="json")


def acknowledge(world: World, pairing: Pairing, who: str) -> Any:
    path = f"/api/pairings/{pairing.pk}/acknowledgement"
    headers = {"if-match": f'"{pairing.version}"'}
    return world.client(who).post(path, {"answer": "ACKNOWLEDGED"}, format="json", headers=headers)


def inbox(world: World, who: str) -> list[str]:
    return [one["kind"] for one in world.client(who).get("/api/inbox").json()]


def statuses() -> list[str]:
    return list(Pairing.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def run(world: World) -> Run:
    return world.run()


def test_published_pairs_reach_both_sides_for_the_year_of_the_run(world: World, run: Run) -> None:
    rows = accepted(world, run)
    assert inbox(world, "coordinator") == ["RUN_TO_PUBLISH"]
    assert "PAIRING_PROPOSED" not in inbox(world, "dongli")
    answer = publish(world, run, rows)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["publishable"], told["publications"][0]["pairs"], told["publications"][0]["open"]) == (
        0, len(rows), len(rows),
    )  # fmt: skip
    made = Pairing.objects.all()
    assert {(one.helper_id, one.recipient_id) for one in made} == {(one.helper_id, one.recipient_id) for one in rows}
    assert {(one.status, str(one.start_date), str(one.end_date)) for one in made} == {
        ("PROPOSED", "2020-01-01", "2020-12-31")
    }
    for side in ("dongli", "huangdao", "longhua", "wudu"):
        assert "PAIRING_PROPOSED" in inbox(world, side)
    assert inbox(world, "coordinator") == []
    assert Event.objects.get(subject_type="runs.run", verb="published").payload["pairs"] == len(rows)


def test_published_record_is_put_to_both_sides_and_waits_again_once_taken_back(world: World) -> None:
    record = world.pair("huangdao", "wudu", status=Pairing.Status.UNVERIFIED, fact_status="UNVERIFIED", source="")
    run = world.run()
    suggestion = run.suggestions.get(helper=record.helper, recipient=record.recipient)
    accept(suggestion=suggestion, by=world.users["coordinator"])
    publication = publish(world, run, [suggestion]).json()["publications"][0]["id"]
    record.refresh_from_db()
    assert (record.status, record.suggestion, record.publication_id) == ("PROPOSED", suggestion, publication)
    assert take_back(world, publication).status_code == 200
    record.refresh_from_db()
    assert (record.status, record.end_reason, Pairing.objects.count()) == ("UNVERIFIED", "", 1)
    assert publish(world, run, [suggestion]).status_code == 201
    record.refresh_from_db()
    assert record.status == "PROPOSED"


def test_one_that_cannot_be_published_keeps_all_of_them_back(world: World, run: Run) -> None:
    first, second, *_ = rows = list(run.suggestions.filter(state="FREE").order_by("rank"))
    accept(suggestion=first, by=world.users["coordinator"])
    refused = publish(world, run, rows[:2])
    assert refused.status_code == 409
    assert refused.json()["detail"] == f"{second.helper.name} → {second.recipient.full_name}还没有采纳，不能发布"
    accept(suggestion=second, by=world.users["coordinator"])
    names = {area.pk: name for name, area in world.areas.items()}
    assert second.helper.area is not None
    world.pair(names[second.helper.area.pk], names[second.recipient.pk])
    refused = publish(world, run, rows[:2])
    assert (refused.status_code, "在这一年已有结对关系" in refused.json()["detail"]) == (409, True)
    assert statuses() == ["IN_FORCE"]
    assert not Publication.objects.exists()


def test_nothing_and_what_belongs_to_another_run_is_refused_with_its_field(world: World, run: Run) -> None:
    other = accepted(world, world.run())
    for rows in ([], other):
        answer = publish(world, run, rows)
        assert (answer.status_code, answer.json()["errors"][0]["field"].split(".")[0]) == (400, "suggestions")


def test_taking_back_spares_what_a_side_has_answered(world: World, run: Run) -> None:
    rows = accepted(world, run)
    publication = publish(world, run, rows).json()["publications"][0]["id"]
    answered = Pairing.objects.get(recipient=world.areas["wudu"])
    assert acknowledge(world, answered, "wudu").status_code == 201
    assert take_back(world, publication, " ").json()["errors"][0]["field"] == "reason"
    told = take_back(world, publication).json()
    assert told["publications"][0] | {"by": "", "at": ""} == {
        "id": publication, "by": "", "at": "", "note": "第一批", "pairs": len(rows), "open": 0,
        "taken_back": len(rows) - 1,
    }  # fmt: skip
    assert told["publishable"] == len(rows) - 1
    assert set(Pairing.objects.exclude(pk=answered.pk).values_list("status", "end_reason")) == {("WITHDRAWN", "再商量")}
    assert "PAIRING_PROPOSED" in inbox(world, "huangdao")
    assert "PAIRING_PROPOSED" not in inbox(world, "longhua")
    assert take_back(world, publication).status_code == 409


def test_what_was_taken_back_is_free_in_the_next_run(world: World, run: Run) -> None:
    rows = accepted(world, run)
    take_back(world, publish(world, run, rows).json()["publications"][0]["id"])
    assert not world.run().suggestions.filter(state="LOCKED").exists()


def test_review_counts_changes_from_the_last_published_run(world: World, run: Run) -> None:
    publish(world, run, accepted(world, run)[:1])
    world.run()
    newest = world.run()
    assert world.client("coordinator").get(f"/api/runs/{newest.pk}/review").json()["baseline"] == run.pk


def test_list_tells_what_waits_to_be_published_from_what_is(world: World, run: Run) -> None:
    first, *rest = accepted(world, run)
    publish(world, run, [first])

    def listed(decision: str) -> list[int]:
        path = f"/api/runs/{run.pk}/suggestions?decision={decision}"
        return [row["id"] for row in world.client("coordinator").get(path).json()["results"]]

    assert (listed("PUBLISHED"), listed("ACCEPTED")) == ([first.pk], [row.pk for row in rest])


def test_region_publishes_and_takes_back_at_home_only(world: World, run: Run) -> None:
    rows = accepted(world, run)
    at_home = [row for row in rows if row.recipient.code.startswith("62")]
    assert publish(world, run, rows, "gansu").status_code == 400
    first, beyond = at_home[0], [row for row in rows if row not in at_home]
    assert publish(world, run, [first], "gansu").status_code == 201
    far = publish(world, run, beyond[:1]).json()["publications"][0]["id"]
    assert take_back(world, far, who="gansu").status_code == 404
    both = publish(world, run, at_home[1:] + beyond[1:]).json()["publications"][0]["id"]
    seen = take_back(world, both, who="gansu").json()["publications"]
    assert [(one["pairs"], one["taken_back"]) for one in seen] == [(len(at_home) - 1,) * 2, (1, 0)]
    still = Pairing.objects.filter(publication=both, status="PROPOSED")
    assert [one.suggestion for one in still.order_by("pk")] == beyond[1:]


# --- what the tables themselves refuse -------------------------------------------------------------------------


def _propose(world: World, run: Run, suggestion: Suggestion, *, published: bool = True, **given: Any) -> None:
    publication = Publication.objects.create(run=run, by=world.users["coordinator"]) if published else None
    usual = {"start_date": "2020-01-01", "end_date": "2020-12-31", "status": "PROPOSED", "origin": "SUGGESTED"}
    pair = {"helper": suggestion.helper, "recipient": suggestion.recipient, "channel": world.channel}
    Pairing.objects.create(suggestion=suggestion, publication=publication, **pair, **usual | given)


def _answer(world: World, pairing: Pairing) -> None:
    Acknowledgement.objects.create(pairing=pairing, side=Side.HELPER, answer="ACKNOWLEDGED", by=world.users["dongli"])


def break_rule(world: World, run: Run, rule: str) -> None:
    """Write around the verbs what the rule is there to refuse."""
    refused, first, *_ = run.suggestions.filter(state="FREE").order_by("rank")
    by = world.users["coordinator"]
    refuse(suggestion=refused, reason="太远", by=by)
    accept(suggestion=first, by=by)
    if rule == "proposed though refused":
        return _propose(world, run, refused)
    if rule == "agreed though refused":
        return _propose(world, run, refused, status="AGREED")
    if rule == "proposed without a publication":
        return _propose(world, run, first, published=False, status="OBJECTED")
    _propose(world, run, first)
    pairing = Pairing.objects.get(suggestion=first)
    match rule:
        case "taken back though answered":
            _answer(world, pairing)
            move(pairing, "WITHDRAWN", by=by, end_reason="再商量")
        case "taken back without a reason":
            move(pairing, "WITHDRAWN", by=by)
        case "answered though taken back":
            move(pairing, "WITHDRAWN", by=by, end_reason="再商量")
            _answer(world, pairing)
        case "proposed twice":
            _propose(world, run, first, start_date="2030-01-01", end_date="2030-12-31")
    return None


# Rule: the table, its trigger (or none, where the name is a constraint), the name under which it refuses.
GUARDS = {
    "proposed though refused": ("pairing", "published_or_taken_back", "published_suggestion_is_accepted"),
    "agreed though refused": ("pairing", "published_or_taken_back", "published_suggestion_is_accepted"),
    "proposed without a publication": ("pairing", None, "pairing_from_a_suggestion_was_published"),
    "taken back though answered": ("pairing", "published_or_taken_back", "taken_back_unanswered"),
    "taken back without a reason": ("pairing", None, "pairing_taken_back_for_a_reason"),
    "answered though taken back": ("acknowledgement", "answer_to_what_is_asked", "answer_to_a_standing_proposal"),
    "proposed twice": ("pairing", None, "suggestion_published_once"),
}


@pytest.mark.parametrize("rule", GUARDS)
def test_database_refuses_what_is_written_around_publishing(world: World, run: Run, rule: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        break_rule(world, run, rule)
    assert constraint_of(refused.value) == GUARDS[rule][2]


@pytest.mark.parametrize("rule", GUARDS)
def test_without_its_guard_each_of_these_writes_passes(world: World, run: Run, rule: str) -> None:
    table, trigger, name = GUARDS[rule]
    if trigger:
        without_trigger(table, trigger)
    else:
        without_constraint(table, name)
    break_rule(world, run, rule)


# --- at once ---------------------------------------------------------------------------------------------------


def test_ten_publications_at_once_publish_once(committed_world: World) -> None:
    run = committed_world.run()
    rows = accepted(committed_world, run)
    answers = together(10, lambda _: publish(committed_world, run, rows))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    late = [answer.json()["detail"] for answer in answers if answer.status_code == 409]
    assert all("已经发布（coordinator的经办人" in detail for detail in late)
    assert (Publication.objects.count(), Pairing.objects.count()) == (1, len(rows))


def test_answer_and_taking_back_at_once_leave_one_of_the_two(committed_world: World) -> None:
    run = committed_world.run()
    rows = accepted(committed_world, run)
    publication = publish(committed_world, run, rows).json()["publications"][0]["id"]
    pairing = Pairing.objects.get(recipient=committed_world.areas["wudu"])
    deeds = [lambda: acknowledge(committed_world, pairing, "wudu"), lambda: take_back(committed_world, publication)]
    answered, _ = together(2, lambda which: deeds[which]())
    pairing.refresh_from_db()
    connection.check_constraints()
    assert (answered.status_code == 201) == (pairing.status == "PROPOSED") == pairing.acknowledgements.exists()
