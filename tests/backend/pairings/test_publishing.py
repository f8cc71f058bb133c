"""Putting accepted suggestions to both sides together, and taking back what nobody has answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.lifecycle.models import Event
from backend.pairings.actions import accept, refuse
from backend.pairings.models import Acknowledgement, Pairing, Side
from backend.pairings.review_models import Publication
from backend.runs.models import Run, Suggestion
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


def test_what_nobody_accepted_is_not_published_whoever_writes(world: World, run: Run) -> None:
    suggestion = run.suggestions.filter(state="FREE")[0]
    refuse(suggestion=suggestion, reason="太远", by=world.users["coordinator"])
    publication = Publication.objects.create(run=run, by=world.users["coordinator"])
    pair = {"helper": suggestion.helper, "recipient": suggestion.recipient, "channel": world.channel}
    proposed = {"start_date": "2020-01-01", "status": "PROPOSED", "origin": "SUGGESTED", "suggestion": suggestion}
    with pytest.raises(IntegrityError, match="only what was accepted is published"), transaction.atomic():
        Pairing.objects.create(publication=publication, **pair, **proposed)
    with pytest.raises(IntegrityError, match="pairing_from_a_suggestion_was_published"), transaction.atomic():
        Pairing.objects.create(**pair, **proposed | {"status": "OBJECTED"})


def test_answered_proposal_is_not_taken_back_and_a_taken_back_one_not_answered(world: World, run: Run) -> None:
    answered, open_one = accepted(world, run)[:2]
    publish(world, run, [answered, open_one])
    with_answer, without = (Pairing.objects.get(suggestion=one) for one in (answered, open_one))
    said = {"side": Side.HELPER, "answer": "ACKNOWLEDGED", "by": world.users["dongli"]}
    Acknowledgement.objects.create(pairing=with_answer, **said)

    def withdraw(pairing: Pairing, reason: str) -> None:
        Pairing.objects.filter(pk=pairing.pk).update(status="WITHDRAWN", end_reason=reason)

    with pytest.raises(IntegrityError, match="a side has answered"), transaction.atomic():
        withdraw(with_answer, "再商量")
    with pytest.raises(IntegrityError, match="pairing_taken_back_for_a_reason"), transaction.atomic():
        withdraw(without, "")

    def answer_late() -> None:
        withdraw(without, "再商量")
        Acknowledgement.objects.create(pairing=without, **said)

    with pytest.raises(IntegrityError, match="nobody is asked"), transaction.atomic():
        answer_late()


def test_suggestion_stands_as_one_pairing_at_a_time(world: World, run: Run) -> None:
    (suggestion, *_), year = accepted(world, run), {"start_date": "2030-01-01", "end_date": "2030-12-31"}
    publish(world, run, [suggestion])
    again = Pairing.objects.get()
    again.pk = None
    for name, value in year.items():
        setattr(again, name, value)
    with pytest.raises(IntegrityError, match="suggestion_published_once"), transaction.atomic():
        again.save()


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
