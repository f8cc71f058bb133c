"""Every change of a tracked model is on record with its actor, whichever way it was made."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection, models

from backend.accounts.models import Role, User
from backend.agreements.models import Agreement, Target
from backend.commitments.models import Commitment, Discrepancy, LedgerEntry, Posting, ReversalRequest
from backend.interests.models import Interest
from backend.joining.models import Invitation, Registration
from backend.lifecycle.history import acting
from backend.needs.models import Need
from backend.pairings.models import Contact, Pairing, SubPairing
from backend.parties.models import Capability, ContactPerson, Party, YearCapacity
from backend.programmes.models import Policy, RegionPair
from backend.projects.models import Milestone, Project
from backend.runs.models import Scenario, ScenarioChange
from tests.backend.lifecycle import tracked
from tests.backend.world import POLICY, World, key

ACTOR_ID = 4242


class Tracked(NamedTuple):
    """How to make rows of a tracked model that differ, and which field to change."""

    make: Callable[[World, int], models.Model]
    field: str
    value: Any
    mutable: bool = True


def _user(world: World, number: int) -> User:
    return User(username=f"new{number}", display_name="新人", role=Role.AUDITOR)


def _party(world: World, number: int) -> Party:
    return Party(kind="ENTERPRISE", name=f"第{number}公司", status="UNVERIFIED")


def _region_pair(world: World, number: int) -> RegionPair:
    areas = world.areas
    start = dt.date(2100 + number, 1, 1)
    return RegionPair(
        channel=world.channel,
        helper_area=areas["tianjin"],
        recipient_area=areas["chengde"],
        valid_from=start,
        valid_to=start,
        status="UNVERIFIED",
    )


def _policy(world: World, number: int) -> Policy:
    return Policy(channel=world.channel, version=100 + number, **POLICY)


def _pairing(world: World, number: int) -> Pairing:
    return Pairing(
        helper=world.governments["dongli"],
        recipient=world.areas["longhua"],
        channel=world.channel,
        start_date=dt.date(2100 + number, 1, 1),
        end_date=dt.date(2100 + number, 12, 31),
        status=Pairing.Status.PROPOSED,
        origin=Pairing.Origin.MANUAL,
    )


def _commitment(world: World, number: int) -> Commitment:
    day = dt.date(2200 + number, 1, 1)
    pairing = world.pair("dongli", "fengning", start_date=day, end_date=day)
    return Commitment(
        pairing=pairing,
        kind="FISCAL_AID",
        mode="DIRECT",
        year=2020,
        title="资金",
        amount_yuan="1.00",
        registered_by=world.users["dongli"],
    )


def _arrival(world: World, number: int, **changes: Any) -> LedgerEntry:
    commitment = _commitment(world, number)
    for name, value in changes.items():
        setattr(commitment, name, value)
    commitment.save()
    return LedgerEntry.objects.create(
        commitment=commitment,
        stage="ARRIVED",
        amount_yuan=commitment.amount_yuan,
        quantity=commitment.quantity,
        occurred_date="2020-03-01",
        reported_by_side="HELPER",
        reported_by=world.users["dongli"],
    )


def _discrepancy(world: World, number: int) -> Discrepancy:
    return Discrepancy(kind="AMOUNT", entry=_arrival(world, number))


def _reversal_request(world: World, number: int) -> ReversalRequest:
    return ReversalRequest(entry=_arrival(world, number), reason="记错了", requested_by=world.users["dongli"])


def _posting(world: World, number: int) -> Posting:
    """Of an arrival that may lose it again: only the record of the removal is looked at."""
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    raw("SET CONSTRAINTS ALL DEFERRED")
    raw("ALTER TABLE commitments_ledgerentry DISABLE TRIGGER pgtrigger_people_have_posts_1fb4b")
    people = {"kind": "CADRE", "unit": "PERSON", "flows": False, "mode": "", "direction": "TO_RECIPIENT"}
    entry = _arrival(world, number, amount_yuan=None, quantity=1, **people)
    return Posting(entry=entry, unit="扶贫办", post="副主任", start_date="2020-03-01")


def _need(world: World, number: int) -> Need:
    return Need(
        area=world.areas["longhua"],
        title=f"第{number}项",
        category="WATER",
        quantity="1.00",
        unit="公里",
        deadline_date=dt.date(2099, 1, 1),
        performance_target="通水",
        benefit_link="SERVICE",
        proposed_by=world.users["longhua"],
    )


MODELS: dict[type[models.Model], Tracked] = {
    User: Tracked(_user, "display_name", "改名"),
    Party: Tracked(_party, "name", "改名公司"),
    RegionPair: Tracked(_region_pair, "source", "改后的来源"),
    Policy: Tracked(_policy, "note", "改后的说明", mutable=False),
    Pairing: Tracked(_pairing, "source", "改后的来源"),
    Commitment: Tracked(_commitment, "title", "改后的名称"),
    Discrepancy: Tracked(_discrepancy, "explanation", "改后的说明"),
    ReversalRequest: Tracked(_reversal_request, "reason", "改后的原因"),
    Posting: Tracked(_posting, "duty", "改后的分工"),
    Need: Tracked(_need, "title", "改后的名称"),
    Agreement: Tracked(tracked.agreement, "title", "改后的标题"),
    Target: Tracked(tracked.target, "note", "改后的说明"),
    Contact: Tracked(tracked.contact, "note", "改后的内容"),
    SubPairing: Tracked(tracked.sub_pairing, "helper_unit", "改名小学"),
    Capability: Tracked(tracked.capability, "description", "改后的说明"),
    ContactPerson: Tracked(tracked.contact_person, "name", "改名"),
    YearCapacity: Tracked(tracked.capacity, "budget_yuan", "1.00"),
    Registration: Tracked(tracked.registration, "version", 7),
    Invitation: Tracked(tracked.invitation, "display_name", "改名"),
    Interest: Tracked(tracked.interest, "note", "改后的说明"),
    Project: Tracked(tracked.project, "participation", "投工投劳"),
    Milestone: Tracked(tracked.milestone, "name", "改后的节点"),
    Scenario: Tracked(tracked.scenario, "version", 7),
    ScenarioChange: Tracked(tracked.scenario_change, "reason", "改后的理由"),
}


def raw(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def recorded(model: type[models.Model], label: str) -> list[Any]:
    return list(_history(model).filter(pgh_label=label).order_by("pgh_id"))


def _history(model: type[models.Model]) -> models.QuerySet[Any]:
    found = [one for one in apps.get_models() if getattr(one, "pgh_tracked_model", None) is model]
    assert len(found) == 1
    return found[0]._default_manager.all()


def _insert_raw(model: type[models.Model], row: models.Model) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    for field in fields:
        field.pre_save(row, add=True)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    raw(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", *values)


Way = Callable[[type[models.Model], Tracked, World], int]


def save_new(model: type[models.Model], spec: Tracked, world: World) -> int:
    spec.make(world, 1).save()
    return 1


def bulk_create(model: type[models.Model], spec: Tracked, world: World) -> int:
    model._default_manager.bulk_create([spec.make(world, number) for number in (1, 2, 3)])
    return 3


def raw_insert(model: type[models.Model], spec: Tracked, world: World) -> int:
    _insert_raw(model, spec.make(world, 1))
    return 1


def save_changed(model: type[models.Model], spec: Tracked, world: World) -> int:
    row = model._default_manager.latest("pk")
    setattr(row, spec.field, spec.value)
    row.save()
    return 1


def update(model: type[models.Model], spec: Tracked, world: World) -> int:
    return model._default_manager.filter(pk__in=_newest(model)).update(**{spec.field: spec.value})


def bulk_update(model: type[models.Model], spec: Tracked, world: World) -> int:
    rows = list(model._default_manager.filter(pk__in=_newest(model)))
    for row in rows:
        setattr(row, spec.field, spec.value)
    return model._default_manager.bulk_update(rows, [spec.field])


def raw_update(model: type[models.Model], spec: Tracked, world: World) -> int:
    table, column, pk = model._meta.db_table, model._meta.get_field(spec.field).column, model._meta.pk.column
    raw(f'UPDATE {table} SET "{column}" = %s WHERE "{pk}" = ANY(%s)', spec.value, _newest(model))
    return 3


def delete(model: type[models.Model], spec: Tracked, world: World) -> int:
    return model._default_manager.filter(pk__in=_newest(model)).delete()[0]


def raw_delete(model: type[models.Model], spec: Tracked, world: World) -> int:
    raw(f'DELETE FROM {model._meta.db_table} WHERE "{model._meta.pk.column}" = ANY(%s)', _newest(model))
    return 3


def _newest(model: type[models.Model]) -> list[int]:
    return list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:3])


INSERTS: list[Way] = [save_new, bulk_create, raw_insert]
CHANGES: list[Way] = [save_changed, update, bulk_update, raw_update]
REMOVALS: list[Way] = [delete, raw_delete]
MUTABLE = [model for model, spec in MODELS.items() if spec.mutable]


def carried_out(way: Way, model: type[models.Model], label: str, world: World) -> None:
    """Do it as an actor; exactly the touched rows appear in the history, each with that actor."""
    before = _history(model).filter(pgh_label=label).count()
    actor = User(pk=ACTOR_ID, username="actor", display_name="经手人", role=Role.ADMINISTRATOR)
    with acting(actor, url="/test"):
        touched = way(model, MODELS[model], world)
    rows = recorded(model, label)[before:]
    assert touched >= 1
    assert len(rows) == touched
    assert {(row.pgh_context["actor"], row.pgh_context["label"]) for row in rows} == {(ACTOR_ID, "经手人（管理员）")}


def _three(model: type[models.Model], world: World) -> None:
    for number in (7, 8, 9):
        MODELS[model].make(world, number).save()


@pytest.mark.parametrize("way", INSERTS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_insertion_is_recorded_with_its_actor(world: World, model: type[models.Model], way: Way) -> None:
    carried_out(way, model, "insert", world)


@pytest.mark.parametrize("way", CHANGES, ids=lambda way: way.__name__)
@pytest.mark.parametrize("model", MUTABLE, ids=lambda model: model.__name__)
def test_change_is_recorded_with_its_actor(world: World, model: type[models.Model], way: Way) -> None:
    _three(model, world)
    carried_out(way, model, "update", world)


@pytest.mark.parametrize("way", REMOVALS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("model", MUTABLE, ids=lambda model: model.__name__)
def test_removal_is_recorded_with_its_actor(world: World, model: type[models.Model], way: Way) -> None:
    _three(model, world)
    carried_out(way, model, "delete", world)


def test_every_tracked_model_is_tested_here() -> None:
    found = {one.pgh_tracked_model for one in apps.get_models() if hasattr(one, "pgh_tracked_model")}
    assert found == set(MODELS)


def test_history_keeps_no_password(world: World) -> None:
    assert not {"password", "last_login"} & {field.name for field in _history(User).model._meta.fields}


def test_login_leaves_no_row_of_history(world: World) -> None:
    before = _history(User).count()
    User.objects.filter(username="dongli").update(last_login=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert _history(User).count() == before


# --- who is the actor ------------------------------------------------------------------------------------------


def test_request_writes_in_the_name_of_its_user(world: World) -> None:
    user = world.users["dongli"]
    user.set_password("a-long-enough-password")
    user.save()
    world.pair("dongli", "longhua", status=Pairing.Status.AGREED, origin=Pairing.Origin.MANUAL)
    client = world.client("dongli")
    client.force_authenticate(None)
    client.force_login(user, "backend.accounts.login.Accounts")
    sent = {
        "pairing": Pairing.objects.latest("pk").pk,
        "kind": "FISCAL_AID",
        "mode": "DIRECT",
        "year": 2020,
        "title": "资金",
        "amount_yuan": "5.00",
    }
    response = client.post("/api/commitments", sent, format="json", headers={"x-request-id": "req-00000001"}, **key())
    assert response.status_code == 201, response.content
    context = recorded(Commitment, "insert")[-1].pgh_context
    assert context == {
        "actor": user.pk,
        "label": "dongli的经办人（帮扶方政府）",
        "url": "/api/commitments",
        "request": "req-00000001",
    }


def test_command_writes_in_the_name_of_the_platform(transactional_db: None) -> None:
    arguments = ["createsuperuser", "--noinput", "--username=root1", "--display_name=首位管理员"]
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@{database['HOST'].replace('/', '%2F')}/{database['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SUPERUSER_PASSWORD": "a-long-enough-password"}
    done = subprocess.run(
        [sys.executable, "-m", "backend", *arguments, "--role=ADMINISTRATOR"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    context = recorded(User, "insert")[-1].pgh_context
    assert context == {"actor": None, "label": "系统", "command": "createsuperuser"}


def test_inner_context_adds_to_the_outer_one(world: World) -> None:
    with acting(None, command="load"), acting(User(pk=1, display_name="甲", role=Role.AUDITOR)):
        _party(world, 1).save()
    assert recorded(Party, "insert")[-1].pgh_context == {"actor": 1, "label": "甲（审计监督）", "command": "load"}
