"""The events of a record, for whoever may see that record."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from backend.accounts.scopes import UnscopedModel, visible
from backend.lifecycle.models import Event
from backend.web.answers import Answer
from backend.web.problems import Invalid


class EventSerializer(Answer[Event]):
    class Meta:
        model = Event
        fields = ["id", "at", "actor_label", "verb", "from_status", "to_status", "reason", "payload"]


@extend_schema(
    parameters=[
        OpenApiParameter("subject_type", str, required=True, description="pairings.pairing …"),
        OpenApiParameter("subject_id", str, required=True),
    ]
)
class EventList(ListAPIView[Event]):
    """What happened to one record, oldest first; a record out of scope is not there."""

    serializer_class = EventSerializer
    filter_backends = []
    queryset = Event.objects.none()  # names the model to the schema

    def get_queryset(self) -> QuerySet[Event]:
        model, pk = asked_for(self.request, "subject_type"), asked_for(self.request, "subject_id")
        subject = find(model, pk, self.request.user)
        rows = Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
        return visible(rows, self.request.user).order_by("id")


def asked_for(request: Request, parameter: str) -> str:
    """What names the record. Raises Invalid when it is missing."""
    value = request.query_params.get(parameter, "")
    if not value:
        raise Invalid("请指明要查看的记录", field=parameter)
    return value


def find(label: str, pk: str, user: Any) -> Model:
    """The record, if the log-in may see it. Raises Http404 for an unknown kind, an unscoped one, or none in scope."""
    try:
        found: Model | None = visible(apps.get_model(label), user).filter(pk=pk).first()
    except (LookupError, UnscopedModel, ValueError):
        found = None
    if found is None:
        raise Http404
    return found
