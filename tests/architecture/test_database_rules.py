"""Rules that every table must follow, checked against the real catalogue of PostgreSQL."""

from __future__ import annotations

from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection, models

ROOMS = [
    "web", "lifecycle", "jobs", "places", "parties", "accounts", "exchange", "joining", "needs", "programmes",
    "interests", "runs", "pairings", "agreements", "commitments", "projects", "verification", "inbox", "search",
    "reports", "reference", "demo",
]  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("backend.")]
APPEND_ONLY = sorted(
    {
        model._meta.db_table
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect) and not isinstance(trigger, pgtrigger.ReadOnly)
    }
)
# Not even appended to by the application.
WRITTEN_BY_TRIGGERS = ("lifecycle_eventseal", "commitments_totals", "commitments_voucher")
MOVING = [model for model in OURS if hasattr(model, "TRANSITIONS")]


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


# --- append-only -----------------------------------------------------------------------------------------------


def test_record_money_and_history_are_append_only() -> None:
    assert {
        "lifecycle_event",
        "lifecycle_eventseal",
        "commitments_ledgerentry",
        "commitments_confirmation",
        "pairings_acknowledgement",
        "pairings_assignment",
        "pairings_publication",
        "pairings_secondlook",
        "pairings_suggestionnote",
        "agreements_signature",
        "agreements_signedcopy",
        "commitments_entryfile",
        "projects_consent",
        "projects_allotment",
        "projects_earmark",
        "projects_file",
        "projects_asset",
        "runs_suggestion",
        "runs_directive",
        "runs_tradeoffs",
        "programmes_policy",
        "programmes_policyexception",
    } <= set(APPEND_ONLY)
    history = {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
    assert history <= set(APPEND_ONLY)


@pytest.mark.django_db
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_application_role_may_not_rewrite_what_is_append_only(table: str, right: str) -> None:
    assert rows("SELECT has_table_privilege('xieshou_app', %s, %s)", table, right) == [(False,)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_application_role_may_read_and_append(model: type[models.Model]) -> None:
    table = model._meta.db_table
    assert rows("SELECT has_table_privilege('xieshou_app', %s, 'SELECT')", table) == [(True,)]
    sealed = table in WRITTEN_BY_TRIGGERS
    assert rows("SELECT has_table_privilege('xieshou_app', %s, 'INSERT')", table) == [(not sealed,)]


@pytest.mark.django_db
def test_application_role_owns_nothing_and_is_no_superuser() -> None:
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'xieshou_app'"
    ) == [(False, False, False, False)]
    assert rows("SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = 'xieshou_app'") == []
    assert rows("SELECT has_schema_privilege('xieshou_app', 'public', 'CREATE')") == [(False,)]


@pytest.mark.django_db
def test_tests_do_not_run_as_superuser() -> None:
    """A superuser bypasses the very rules under test."""
    assert rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]


@pytest.mark.django_db
def test_every_declared_trigger_is_installed_and_enabled() -> None:
    installed = dict(rows("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"))
    for model, trigger in pgtrigger.registered():
        assert installed.get(trigger.get_pgid(model)) == "O", f"{model._meta.label}: {trigger.name}"


# --- statuses --------------------------------------------------------------------------------------------------


def test_every_status_but_a_jobs_moves_by_a_table() -> None:
    """A job's row is the worker's own; leases and tokens guard it, and nobody moves it by hand."""
    with_status = {
        model._meta.label
        for model in OURS
        if any(field.name == "status" and field.choices for field in model._meta.fields)
        and not hasattr(model, "pgh_tracked_model")
        and "SOURCED" not in dict(model._meta.get_field("status").choices or ())
    }
    assert with_status - {"jobs.Job"} == {model._meta.label for model in MOVING}


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_table_of_transitions_is_complete(model: Any) -> None:
    known = set(model.Status.values)
    assert {str(origin) for origin in model.TRANSITIONS} == known
    assert {str(to) for targets in model.TRANSITIONS.values() for to in targets} <= known
    assert all(str(origin) not in map(str, targets) for origin, targets in model.TRANSITIONS.items())
    assert any(not targets for targets in model.TRANSITIONS.values()), "nothing ever ends"


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_moves_are_guarded_in_the_database(model: Any) -> None:
    guards = {trigger.name for other, trigger in pgtrigger.registered() if other is model}
    assert {"listed_moves", "recorded_moves"} <= guards


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_what_moves_has_a_version(model: Any) -> None:
    assert isinstance(model._meta.get_field("version"), models.PositiveIntegerField)


# --- foreign keys ----------------------------------------------------------------------------------------------


def test_foreign_keys_point_down_the_rooms() -> None:
    for model in OURS:
        own = ROOMS.index(model._meta.app_label)
        for field in model._meta.concrete_fields:
            if field.related_model is None or field.related_model.__module__.startswith("django."):
                continue
            target = field.related_model._meta.app_label
            assert ROOMS.index(target) <= own, f"{model._meta.label}.{field.name} → {target}"


@pytest.mark.django_db
def test_every_foreign_key_is_a_constraint_of_the_database() -> None:
    missing = []
    for model in OURS:
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and not field.db_constraint:
                missing.append(f"{model._meta.label}.{field.name}")
    assert all(".pgh_" in name or "Event." in name for name in missing), missing
