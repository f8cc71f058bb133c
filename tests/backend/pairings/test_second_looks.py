"""Four eyes where the policy asks, and taking an acceptance back before anybody heard of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.inbox import reviews
from backend.lifecycle.models import Event
from backend.pairings.actions import accept
from backend.pairings.decision_models import Decision, SecondLook
from backend.pairings.models import Pairing
from backend.pairings.review_models import Publication
from backend.runs.models import Run, Suggestion
from tests.backend.pairings.test_publishing import accepted, inbox, publish, take_back
from tests.backend.pairings.unguarded import without_trigger
from tests.backend.together import together
from tests.backend.world import World

TWO_PEOPLE = "采纳和复核须由两个人完成，请由另一位协调员复核"


def look(world: World, one: Suggestion, step: str, who: str, reason: str = "") -> Any:
    body = {"step": step, "reason": reason}
    return world.client(who).post(f"/api/suggestions/{one.pk}/second-look", body, format="json")


@pytest.fixture
def run(world: World) -> Run:
    return world.run(four_eyes=True)


def listed(world: World, run: Run, query: str, who: str = "coordinator") -> list[int]:
    answer = world.client(who).get(f"/api/runs/{run.pk}/suggestions?{query}")
    return [row["id"] for row in answer.json()["results"]]


def test_acceptance_is_published_only_after_a_second_person_confirmed_it(world: World, run: Run) -> None:
    rows = accepted(world, run)
    refused = publish(world, run, rows[:1])
    named = f"{rows[0].helper.name} → {rows[0].recipient.full_name}"
    assert (refused.status_code, refused.json()["detail"]) == (409, f"{named}还没有第二人复核，不能发布")
    own = look(world, rows[0], "CONFIRM", "coordinator")
    assert (own.status_code, own.json()["detail"]) == (409, TWO_PEOPLE)
    state = world.client("coordinator").get(f"/api/runs/{run.pk}/review").json()
    assert (state["four_eyes"], state["publishable"], state["awaiting_second"]) == (True, 0, len(rows))
    assert listed(world, run, "decision=AWAITS_SECOND") == [row.pk for row in rows]
    assert listed(world, run, "decision=ACCEPTED") == []
    for one in rows:
        assert look(world, one, "CONFIRM", "second").status_code == 201
    assert listed(world, run, "decision=ACCEPTED") == [row.pk for row in rows]
    assert publish(world, run, rows).status_code == 201
    assert Event.objects.filter(subject_type="runs.suggestion", verb="confirmed").count() == len(rows)


def test_second_look_waits_in_the_inbox_of_others_who_oversee_the_pair(world: World, run: Run) -> None:
    beyond = run.suggestions.filter(recipient__code__startswith="13")[0]
    accept(suggestion=beyond, by=world.users["coordinator"])
    assert "RUN_TO_CONFIRM" not in inbox(world, "coordinator") + inbox(world, "gansu")
    assert "RUN_TO_CONFIRM" in inbox(world, "second")
    assert look(world, beyond, "CONFIRM", "gansu").status_code == 404
    assert look(world, beyond, "CONFIRM", "second").status_code == 201
    assert "RUN_TO_CONFIRM" not in inbox(world, "second")
    assert "RUN_TO_PUBLISH" in inbox(world, "coordinator")


def test_second_look_that_no_policy_asks_for_is_refused(world: World) -> None:
    one = accepted(world, world.run())[0]
    answer = look(world, one, "CONFIRM", "second")
    assert (answer.status_code, answer.json()["detail"]) == (409, "这次运行的政策不要求第二人复核，采纳后即可发布")


def test_sent_back_acceptance_is_undecided_again_and_all_of_it_stays_on_record(world: World, run: Run) -> None:
    first = accepted(world, run)[0]
    assert look(world, first, "UNDO", "second", " ").json()["errors"][0]["field"] == "reason"
    told = look(world, first, "UNDO", "second", "面积有误").json()
    assert told["decision"] is None
    said = told["history"][0]["looks"][0]
    assert (said["outcome"], said["reason"], said["by"]) == ("SENT_BACK", "面积有误", "second的经办人")
    again = look(world, first, "UNDO", "second", "面积有误")
    assert (again.status_code, again.json()["detail"]) == (409, "这条建议现在没有有效的采纳，请刷新后查看")
    accept(suggestion=Suggestion.objects.get(pk=first.pk), by=world.users["second"])
    assert list(Decision.objects.filter(about=first).values_list("suggestion", flat=True)) == [None, first.pk]
    assert look(world, first, "CONFIRM", "second").json()["detail"] == TWO_PEOPLE
    assert look(world, first, "CONFIRM", "coordinator").status_code == 201


def test_acceptance_is_taken_back_until_it_is_published(world: World) -> None:
    run = world.run()
    rows = accepted(world, run)
    told = look(world, rows[0], "UNDO", "coordinator", "再议").json()
    assert (told["decision"], told["history"][0]["looks"][0]["outcome"]) == (None, "TAKEN_BACK")
    assert rows[0].pk in listed(world, run, "decision=OPEN")
    assert publish(world, run, rows[1:]).status_code == 201
    refused = look(world, rows[1], "UNDO", "coordinator", "再议")
    assert (refused.status_code, refused.json()["detail"]) == (409, "这条建议已经发布，请先撤回发布的提议")


def test_taken_back_acceptance_neither_holds_nor_bans_the_pair_in_the_next_run(world: World, run: Run) -> None:
    for one in accepted(world, run):
        look(world, one, "UNDO", "second", "再议")
    again = world.run()
    assert {row.state for row in again.suggestions.all()} == {"FREE"}
    assert again.counts["banned"] == run.counts["banned"]


# --- what the tables themselves refuse -------------------------------------------------------------------------


def _publish(world: World, run: Run, one: Suggestion) -> None:
    publication = Publication.objects.create(run=run, by=world.users["coordinator"])
    Pairing.objects.create(
        helper=one.helper, recipient=one.recipient, channel=run.channel, start_date="2020-01-01", status="PROPOSED",
        origin="SUGGESTED", suggestion=one, publication=publication,
    )  # fmt: skip


def _look(decision: Decision, by: int, outcome: str = "CONFIRMED", reason: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pairings_secondlook (decision_id, outcome, reason, by_id, at) VALUES (%s, %s, %s, %s, now())",
            [decision.pk, outcome, reason, by],
        )


def _undone(world: World, run: Run, one: Suggestion) -> Decision:
    look(world, one, "UNDO", "second", "再议")
    return Decision.objects.get(about=one)


def break_rule(world: World, run: Run, rule: str) -> None:
    """Write around the verbs what the rule is there to refuse."""
    one = accepted(world, run)[0]
    decision, others = Decision.objects.get(about=one), world.users["second"].pk
    match rule:
        case "published unconfirmed":
            _publish(world, run, one)
        case "looked at by the same person":
            _look(decision, decision.by_id)
        case "taken back by another":
            _look(decision, others, "TAKEN_BACK", "再议")
        case "looked at once undone":
            _look(_undone(world, run, one), others)
        case "undone once published":
            _look(decision, others)
            _publish(world, run, one)
            _look(decision, others, "SENT_BACK", "再议")
        case "let go without being undone":
            Decision.objects.filter(pk=decision.pk).update(suggestion=None)
        case "turned into another verdict":
            Decision.objects.filter(pk=decision.pk).update(verdict="REFUSED", reason="改判")


# Rule: table, trigger, the name under which it refuses.
GUARDS = {
    "published unconfirmed": ("pairing", "published_or_taken_back", "published_after_a_second_look"),
    "looked at by the same person": ("secondlook", "looked_at_by_another", "second_look_by_another"),
    "taken back by another": ("secondlook", "looked_at_by_another", "taken_back_by_whoever_accepted"),
    "looked at once undone": ("secondlook", "looked_at_by_another", "second_look_at_what_stands"),
    "undone once published": ("secondlook", "looked_at_by_another", "undone_before_publication"),
    "let go without being undone": ("decision", "let_go_only_when_undone", "decision_let_go_only_when_undone"),
    "turned into another verdict": ("decision", "let_go_only_when_undone", "decision_let_go_only_when_undone"),
}


@pytest.mark.parametrize("rule", GUARDS)
def test_database_refuses_what_is_written_around_the_second_person(world: World, run: Run, rule: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        break_rule(world, run, rule)
    assert refused.value.__cause__.diag.constraint_name == GUARDS[rule][2]  # type: ignore[union-attr]


@pytest.mark.parametrize("rule", GUARDS)
def test_without_its_trigger_each_of_these_writes_passes(world: World, run: Run, rule: str) -> None:
    table, trigger, _ = GUARDS[rule]
    without_trigger(table, trigger)
    break_rule(world, run, rule)


# --- at once ---------------------------------------------------------------------------------------------------


def test_twenty_second_looks_at_once_confirm_once(committed_world: World) -> None:
    one = accepted(committed_world, committed_world.run(four_eyes=True))[0]
    answers = together(20, lambda _: look(committed_world, one, "CONFIRM", "second"))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    told = {answer.json()["detail"] for answer in answers if answer.status_code == 409}
    assert told == {"这条采纳已经复核，请刷新后查看"}


@pytest.mark.parametrize("four_eyes", [False, True])
def test_publishing_and_taking_back_at_once_leave_one_of_the_two(committed_world: World, four_eyes: bool) -> None:
    world = committed_world
    run = world.run(four_eyes=four_eyes)
    one = accepted(world, run)[0]
    if four_eyes:
        look(world, one, "CONFIRM", "second")
    deeds = [lambda: publish(world, run, [one]), lambda: look(world, one, "UNDO", "coordinator", "再议")]
    published, undone = together(2, lambda which: deeds[which]())
    assert {published.status_code, undone.status_code} == {201, 409}
    assert Pairing.objects.exists() == (published.status_code == 201) == (not SecondLook.objects.exclude(
        outcome="CONFIRMED"
    ).exists())  # fmt: skip


# --- what both sides are told ----------------------------------------------------------------------------------


def notices(world: World, who: str) -> list[dict[str, Any]]:
    return [one for one in world.client(who).get("/api/inbox").json() if one["kind"] == "PROPOSAL_TAKEN_BACK"]


def test_both_sides_are_told_that_a_proposal_was_taken_back_when_and_why(world: World) -> None:
    run = world.run()
    rows = accepted(world, run)
    take_back(world, publish(world, run, rows).json()["publications"][0]["id"], "两省另行商定")
    moved = Event.objects.filter(subject_type="pairings.pairing", verb="taken_back").first()
    assert moved is not None
    for side in ("longhua", "dongli"):
        (told, *_) = notices(world, side)
        assert told["detail"] == "携手奔小康，理由：两省另行商定。不需要再答复"
        assert told["title"].endswith("：提议已撤回")
        assert told["since"][:19] == moved.at.astimezone().isoformat()[:19]
    publish(world, run, rows)
    assert notices(world, "longhua") == []


def test_notice_reaches_the_two_sides_only_and_ends_with_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = world.run()
    rows = [one for one in accepted(world, run) if one.recipient.code == "621202"]
    take_back(world, publish(world, run, rows).json()["publications"][0]["id"])
    assert len(notices(world, "wudu")) == len(notices(world, "huangdao")) == 1
    assert notices(world, "longhua") == notices(world, "coordinator") == []
    monkeypatch.setattr(reviews, "TAKEN_BACK_SHOWN", dt.timedelta())
    assert notices(world, "wudu") == []
