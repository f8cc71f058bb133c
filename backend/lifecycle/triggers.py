"""Triggers that rooms put on their models, so that the rules of the record hold for raw SQL too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import pgtrigger
from django.db import models

M = TypeVar("M", bound=models.Model)


def append_only() -> pgtrigger.Protect:
    """Rows are added and never changed or removed, not even by the owner of the tables."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def listed_moves(transitions: Mapping[Any, Iterable[Any]]) -> pgtrigger.FSM:
    """The status moves only along `transitions`, the model's own TRANSITIONS."""
    pairs = [(str(origin), str(to)) for origin, targets in transitions.items() for to in sorted(targets)]
    return pgtrigger.FSM(name="listed_moves", field="status", transitions=pairs)


class _RecordedMoves(pgtrigger.Trigger):
    name = "recorded_moves"
    when = pgtrigger.After
    operation = pgtrigger.UpdateOf("status")  # type: ignore[no-untyped-call]
    timing = pgtrigger.Deferred
    condition = pgtrigger.Q(old__status__df=pgtrigger.F("new__status"))

    def get_func(self, model: Any) -> str:
        # Events carry the start of their transaction (the trigger `stamped` sees to it), which this one shares.
        key = model._meta.pk.column if model._meta.pk else "id"
        return f"""
            IF NOT EXISTS (
                SELECT FROM lifecycle_event
                WHERE subject_type = '{model._meta.label_lower}' AND subject_id = NEW."{key}"::text
                  AND from_status = OLD.status AND to_status = NEW.status AND at = now()
            ) THEN
                RAISE EXCEPTION 'the status of % % went from % to % without an event',
                    TG_TABLE_NAME, NEW."{key}", OLD.status, NEW.status
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'recorded_moves';
            END IF;
            RETURN NULL;
        """  # noqa: S608  (names of our own models, never input)


def recorded_moves() -> pgtrigger.Trigger:
    """At commit, every change of the status must have its event: `lifecycle.move` writes both."""
    return _RecordedMoves()


def moves_guarded(model: type[M]) -> type[M]:
    """Class decorator for a model with `status` and TRANSITIONS: only listed, recorded moves, whoever writes."""
    transitions: Mapping[Any, Iterable[Any]] = model.TRANSITIONS  # type: ignore[attr-defined]
    guarded: type[M] = pgtrigger.register(listed_moves(transitions), recorded_moves())(model)
    return guarded
