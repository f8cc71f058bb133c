"""Deciding on a suggestion: once, by one person, for a reason where it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from rest_framework.test import APIClient

from backend.lifecycle.models import Event
from backend.pairings.decision_models import Decision
from backend.pairings.models import Pairing
from backend.pairings.review_models import SuggestionNote
from backend.runs.models import Suggestion
from tests.backend.together import together
from tests.backend.world import World


def free(world: World) -> Suggestion:
    suggestion = world.run().suggestions.filter(state="FREE").order_by("rank").first()
    assert suggestion is not None
    return suggestion


def decide(world: World, suggestion: Suggestion, body: dict[str, str], who: str = "coordinator"):
    return world.client(who).post(f"/api/suggestions/{suggestion.pk}/decision", body, format="json")


def test_accepting_decides_and_proposes_nothing_yet(world: World) -> None:
    suggestion = free(world)
    response = decide(world, suggestion, {"verdict": "ACCEPTED"})
    assert response.status_code == 201
    assert (response.json()["decision"]["verdict"], response.json()["is_published"]) == ("ACCEPTED", False)
    assert not Pairing.objects.exists()
    assert Event.objects.filter(subject_type="runs.suggestion", subject_id=str(suggestion.pk), verb="accepted").exists()


def test_next_run_keeps_what_was_accepted_and_says_who_did(world: World) -> None:
    suggestion = free(world)
    decide(world, suggestion, {"verdict": "ACCEPTED"})
    again = world.run().suggestions.get(helper=suggestion.helper, recipient=suggestion.recipient)
    assert again.state == "LOCKED"
    assert again.note.startswith(f"coordinator的经办人已采纳（第 {suggestion.run_id} 次运行），待发布")


def test_refusal_without_a_reason_is_refused(world: World) -> None:
    response = decide(world, free(world), {"verdict": "REFUSED", "reason": "  "})
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": "reason", "code": "invalid", "message": "不采纳时请写明理由"}]
    assert not Decision.objects.exists()


def test_second_decision_is_told_who_was_first(world: World) -> None:
    suggestion = free(world)
    decide(world, suggestion, {"verdict": "REFUSED", "reason": "路途太远"})
    response = decide(world, suggestion, {"verdict": "ACCEPTED"}, who="second")
    assert response.status_code == 409
    assert response.json()["decided_by"] == "coordinator的经办人"
    assert "决定“不采纳”" in response.json()["detail"]
    assert not Pairing.objects.exists()


def test_pair_in_force_is_not_up_for_decision(world: World) -> None:
    world.pair("dongli", "fengning")
    locked = world.run().suggestions.get(state="LOCKED")
    assert decide(world, locked, {"verdict": "ACCEPTED"}).status_code == 409


@pytest.mark.parametrize(("who", "code"), [("auditor", 403), ("dongli", 403), ("longhua", 403)])
def test_only_coordinators_decide(world: World, who: str, code: int) -> None:
    assert decide(world, free(world), {"verdict": "ACCEPTED"}, who=who).status_code == code
    assert not Decision.objects.exists()


def test_coordinator_of_another_region_does_not_find_the_suggestion(world: World) -> None:
    suggestion = world.run().suggestions.get(helper__area__code="120110", recipient__code="130825")
    assert decide(world, suggestion, {"verdict": "ACCEPTED"}, who="gansu").status_code == 404


def test_note_stays_beside_the_suggestion_for_the_other_coordinators(world: World) -> None:
    suggestion = free(world)

    def note(text: str, who: str = "coordinator") -> Any:
        return world.client(who).post(f"/api/suggestions/{suggestion.pk}/notes", {"text": text}, format="json")

    assert note("  ").json()["errors"][0]["message"] == "批注不能为空"
    assert note("两县上月已会面").status_code == 201
    assert note("请省里协调", "second").json()["decision"] is None
    rows = world.client("auditor").get(f"/api/runs/{suggestion.run_id}/suggestions").json()["results"]
    (told,) = [row["notes"] for row in rows if row["notes"]]
    assert [(one["by"], one["text"]) for one in told] == [
        ("coordinator的经办人", "两县上月已会面"),
        ("second的经办人", "请省里协调"),
    ]
    assert [note("外人", who).status_code for who in ("auditor", "dongli", "longhua")] == [403] * 3
    with pytest.raises(IntegrityError, match="suggestion_note_says_something"), transaction.atomic():
        SuggestionNote.objects.create(suggestion=suggestion, text="", by=world.users["second"])


def test_region_writes_notes_at_home_only(world: World) -> None:
    suggestion = world.run().suggestions.get(helper__area__code="120110", recipient__code="130825")
    answer = world.client("gansu").post(f"/api/suggestions/{suggestion.pk}/notes", {"text": "看看"}, format="json")
    assert answer.status_code == 404


def test_fifty_accepts_at_once_make_one_decision_and_forty_nine_clear_answers(committed_world: World) -> None:
    suggestion = free(committed_world)
    clients = [committed_world.client("coordinator" if i % 2 else "second") for i in range(50)]

    def accept(i: int) -> tuple[int, str]:
        response = clients[i].post(f"/api/suggestions/{suggestion.pk}/decision", {"verdict": "ACCEPTED"}, format="json")
        return response.status_code, response.json().get("detail", "")

    answers = together(50, accept)
    assert sorted(code for code, _ in answers) == [201] + [409] * 49
    assert all("决定“采纳”" in detail for code, detail in answers if code == 409)
    assert Decision.objects.count() == 1


def test_overlapping_pairing_is_refused_by_the_database_even_in_parallel(committed_world: World) -> None:
    clients = [committed_world.client("coordinator") for _ in range(20)]
    assert sorted(_propose_together(committed_world, clients)) == [201] + [409] * 19
    assert Pairing.objects.count() == 1


def test_negative_control_without_the_constraint_duplicates_get_in(committed_world: World) -> None:
    """The test above would notice: drop the constraint and more than one of twenty wins."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pairings_pairing DROP CONSTRAINT one_active_pairing")
    try:
        clients = [committed_world.client("coordinator") for _ in range(20)]
        assert _propose_together(committed_world, clients).count(201) > 1
    finally:
        Pairing.objects.all().delete()
        constraint = next(one for one in Pairing._meta.constraints if one.name == "one_active_pairing")
        with connection.schema_editor() as editor:
            editor.add_constraint(Pairing, constraint)


def _propose_together(world: World, clients: list[APIClient]) -> list[int]:
    body = {
        "helper": world.governments["dongli"].pk,
        "recipient": "130825",
        "channel": "county_pairing",
        "start_date": "2020-01-01",
        "end_date": "2020-12-31",
    }
    return together(len(clients), lambda i: clients[i].post("/api/pairings", body, format="json").status_code)
