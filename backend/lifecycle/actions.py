"""Recording what happened and moving a record from one status to the next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models import F

from backend.lifecycle.models import Event
from backend.web.problems import StaleStatus


class Actor(Protocol):
    """Whoever does something: an account, or None for the platform itself."""

    pk: Any


SYSTEM_LABEL = "系统"


class IllegalMove(ValueError):
    """A programming error: the transition is not in the model's TRANSITIONS."""


def record(
    subject: models.Model,
    verb: str,
    *,
    by: Actor | None,
    reason: str = "",
    from_status: str = "",
    to_status: str = "",
    payload: dict[str, Any] | None = None,
) -> Event:
    """Append one event about `subject`, in the transaction of the change it tells of: both happen or neither.

    Raises TransactionManagementError outside of a transaction.
    """
    return Event.objects.create(
        **_told(subject, verb, by),
        subject_id=str(subject.pk),
        reason=reason,
        from_status=from_status,
        to_status=to_status,
        payload=payload or {},
    )


def record_all(
    model: type[models.Model],
    keys: Sequence[Any],
    verb: str,
    *,
    by: Actor | None,
    reason: str = "",
    from_status: str = "",
    to_status: str = "",
    payload: dict[str, Any] | None = None,
) -> None:
    """Append the same event about each of many records of a model, in one statement. Raises as `record`."""
    same = {"reason": reason, "from_status": from_status, "to_status": to_status, "payload": json.dumps(payload or {})}
    told = _told(model, verb, by) | same
    columns, values = ", ".join(told), ", ".join(["%s"] * len(told))
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Event._meta.db_table} (subject_id, {columns})"  # noqa: S608  (names of our own columns)
            f" SELECT subject, {values} FROM unnest(%s::text[]) AS subject",
            [*told.values(), [str(key) for key in keys]],
        )


def _told(what: models.Model | type[models.Model], verb: str, by: Actor | None) -> dict[str, Any]:
    """What every event says. Raises TransactionManagementError outside of a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{verb}: an event belongs into the transaction of its change")
    return {
        "actor_id": by.pk if by else None,
        "actor_label": str(by) if by else SYSTEM_LABEL,
        "subject_type": what._meta.label_lower,  # a logged-in user is a lazy object, whose type is no model
        "verb": verb,
    }


def move(row: Any, to: str, *, by: Actor | None, verb: str = "", reason: str = "", **changes: Any) -> None:
    """Change the status of `row` to `to` if it still is what we believe it to be, and record it.

    `changes` are other fields to set in the same UPDATE. Raises IllegalMove for a transition that the model does not
    list, StaleStatus (409) when someone else was faster.
    """
    model, origin = type(row), row.status
    if to not in model.TRANSITIONS[origin]:
        raise IllegalMove(f"{model.__name__}: {origin} → {to}")
    with transaction.atomic():
        updated = model._default_manager.filter(pk=row.pk, status=origin, version=row.version).update(
            status=to, version=F("version") + 1, **changes
        )
        if not updated:
            raise _stale(model, row.pk)
        record(row, verb or to.lower(), by=by, reason=reason, from_status=origin, to_status=to)
    row.status, row.version = to, row.version + 1
    for name, value in changes.items():
        setattr(row, name, value)


def move_all(
    model: Any, pks: Sequence[Any], origin: str, to: str, *, version: int, by: Actor | None, verb: str, reason: str = ""
) -> None:
    """Move many rows that all stand at `origin` in the same `version`, each with its event: all of them or none.

    Raises IllegalMove for a transition that the model does not list, StaleStatus (409) when one of them has moved on.
    """
    if to not in model.TRANSITIONS[origin]:
        raise IllegalMove(f"{model.__name__}: {origin} → {to}")
    with transaction.atomic():
        unmoved = model._default_manager.filter(pk__in=pks, status=origin, version=version)
        if unmoved.update(status=to, version=version + 1) != len(pks):
            raise StaleStatus("其中有记录已被他人处理，没有改动任何一条")
        record_all(model, pks, verb, by=by, reason=reason, from_status=origin, to_status=to)


def _stale(model: type[models.Model], pk: Any) -> StaleStatus:
    current = model._default_manager.filter(pk=pk).first()
    if current is None:
        return StaleStatus("这条记录已不存在")
    status = current.get_status_display()  # type: ignore[attr-defined]
    last = Event.objects.filter(subject_type=model._meta.label_lower, subject_id=str(pk)).order_by("-id").first()
    who = f"（{last.actor_label}，{last.at.astimezone():%Y-%m-%d %H:%M}）" if last else ""
    return StaleStatus(f"这条记录已被处理，现在的状态是“{status}”{who}，请刷新后再试", current_status=current.status)  # type: ignore[attr-defined]
