"""Who changed what, when and from what: rows of history and events of one record, put together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, ForeignKey, Model
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.events import asked_for, find
from backend.accounts.models import User
from backend.lifecycle.models import Event

# Registers of public facts; the history of everything else names people and is read after log-in.
PUBLIC_SUBJECTS = ("places", "parties")
_SILENT = {"id", "version", "created_at"}


class ChangeSerializer(serializers.Serializer[Any]):
    """`old` and `new` as stored, null where nothing was known; `old_label` and `new_label` in words."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the base class has an attribute of that name
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
    old_label = serializers.CharField(allow_null=True)
    new_label = serializers.CharField(allow_null=True)


class HistoryEntrySerializer(serializers.Serializer[Any]):
    """One transaction's doing: its verb (`created` and `changed` where no event was told) and what it changed."""

    id = serializers.CharField()
    at = serializers.DateTimeField()
    actor_label = serializers.CharField()
    verb = serializers.CharField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()
    reason = serializers.CharField()
    changes = ChangeSerializer(many=True)


@extend_schema(
    parameters=[
        OpenApiParameter("subject_type", str, required=True, description="pairings.pairing …"),
        OpenApiParameter("subject_id", str, required=True),
    ]
)
class History(APIView):
    """The life of one record with every change of its fields, oldest first; a record out of scope is not there."""

    permission_classes = [AllowAny]

    @extend_schema(responses=HistoryEntrySerializer(many=True), operation_id="history_list")
    def get(self, request: Request) -> Response:
        model, pk = asked_for(request, "subject_type"), asked_for(request, "subject_id")
        named = request.user.is_authenticated
        if not named and model.partition(".")[0] not in PUBLIC_SUBJECTS:
            raise NotAuthenticated
        told = history_of(find(model, pk, request.user), with_names=named)
        return Response(HistoryEntrySerializer(told, many=True).data)


def history_of(subject: Model, *, with_names: bool) -> list[dict[str, Any]]:
    """Entries, oldest first. Both kinds of rows carry the start of their transaction, by which they are put together.

    Without names neither actors nor fields that point at people are told. Cost: two queries, and one per row that a
    changed reference points at.
    """
    changes = dict(_changes(subject, with_names))
    entries = []
    events = Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk)).order_by("id")
    for event in events:
        _, _, changed = changes.pop(event.at, ("", "", []))
        who = event.actor_label if with_names or event.actor_id is None else ""
        entries.append(_entry(f"e{event.pk}", event.at, who, event.verb, changed, event))
    for at, (verb, who, changed) in changes.items():
        entries.append(_entry(f"r{at.timestamp()}", at, who, verb, changed))
    return sorted(entries, key=lambda entry: entry["at"])


def _entry(
    key: str, at: dt.datetime, who: str, verb: str, changed: list[dict[str, Any]], event: Event | None = None
) -> dict[str, Any]:
    return {
        "id": key,
        "at": at,
        "actor_label": who,
        "verb": verb,
        "from_status": event.from_status if event else "",
        "to_status": event.to_status if event else "",
        "reason": event.reason if event else "",
        "changes": changed,
    }


def _changes(subject: Model, with_names: bool) -> Iterator[tuple[dt.datetime, tuple[str, str, list[dict[str, Any]]]]]:
    """By transaction: the verb, who, and the fields that differ from before it."""
    tracked = _row_history(type(subject))
    if tracked is None:
        return
    by_transaction: dict[dt.datetime, list[Any]] = defaultdict(list)
    for row in tracked._default_manager.filter(pgh_obj_id=subject.pk).order_by("pgh_id"):
        by_transaction[row.pgh_created_at].append(row)
    first = next(iter(by_transaction), None)
    if first is not None:
        yield first, ("created", _who(by_transaction[first][-1], with_names), [])
    for before, at in pairwise(by_transaction):
        was, now = by_transaction[before][-1], by_transaction[at][-1]
        changed = [one for field in _fields(subject, tracked, with_names) if (one := _change(field, was, now))]
        if changed:
            yield at, ("changed", _who(now, with_names), changed)


def _row_history(model: type[Model]) -> Any:
    return next((one for one in apps.get_models() if getattr(one, "pgh_tracked_model", None) is model), None)


def _who(row: Any, with_names: bool) -> str:
    context = row.pgh_context or {}
    return str(context.get("label", "")) if with_names or context.get("actor") is None else ""


def _fields(subject: Model, tracked: Any, with_names: bool) -> Iterator[Field[Any, Any]]:
    kept = {field.attname for field in tracked._meta.concrete_fields}
    for field in subject._meta.concrete_fields:
        of_people = isinstance(field, ForeignKey) and field.related_model is User
        if field.attname in kept and field.name not in _SILENT and (with_names or not of_people):
            yield field


def _change(field: Field[Any, Any], was: Any, now: Any) -> dict[str, Any] | None:
    old, new = getattr(was, field.attname), getattr(now, field.attname)
    if old == new:
        return None
    return {
        "field": field.name,
        "label": str(field.verbose_name),
        "old": _plain(old),
        "new": _plain(new),
        "old_label": _label(field, old),
        "new_label": _label(field, new),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | dt.date):
        return str(value)
    return value


def _label(field: Field[Any, Any], value: Any) -> str | None:
    """The value as people read it; None for nothing."""
    if value in (None, "", []):
        return None
    if isinstance(field, ForeignKey):
        pointed = field.related_model._default_manager.filter(pk=value).first()  # type: ignore[union-attr]
        return str(getattr(pointed, "display_name", pointed)) if pointed else f"#{value}"
    if isinstance(field, ArrayField):
        return "、".join(filter(None, (_label(field.base_field, one) for one in value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(dict(field.flatchoices).get(value, value))
