"""One function per model says which rows a log-in may see; everything else is denied.

Lists, details, foreign-key fields, filters and exports all ask `visible`, so a model that nobody scoped cannot leak
through any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers

from backend.accounts.models import Role, User
from backend.places.models import Area, inside

Viewer = User | AnonymousUser
M = TypeVar("M", bound=Model)
ScopeFunction = Callable[[Viewer, QuerySet[Any]], QuerySet[Any]]

_scopes: dict[type[Model], ScopeFunction] = {}


class UnscopedModel(LookupError):
    """Nobody has said who may see this model, so nobody may."""


def scope(model: type[Model]) -> Callable[[ScopeFunction], ScopeFunction]:
    """Register the scope function of `model`."""

    def register(function: ScopeFunction) -> ScopeFunction:
        if model in _scopes:
            raise RuntimeError(f"{model.__name__} has a scope already")
        _scopes[model] = function
        return function

    return register


def visible(rows: type[M] | QuerySet[M], user: Any) -> QuerySet[M]:
    """The rows of a model (or of a query) that `user` may see. Raises UnscopedModel when nobody scoped the model."""
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    try:
        function = _scopes[queryset.model]
    except KeyError:
        raise UnscopedModel(queryset.model.__name__) from None
    return function(user, queryset)


def within_region(user: User, relation: str) -> Q:
    """Rows whose area (reached over `relation`) lies in the region the user oversees; all when that is the country."""
    return Q() if user.region is None else inside(user.region, relation)


def oversees(user: Any) -> bool:
    """Whether the log-in looks over a region. An administrator looks after accounts only, not after money."""
    return getattr(user, "role", None) in (Role.COORDINATOR, Role.AUDITOR)


def governed_area(user: Any) -> Area | None:
    """The area that the user's organisation governs, for log-ins of governments."""
    party = getattr(user, "party", None)
    return party.area if party and party.kind == party.Kind.GOVERNMENT else None


class ScopedPrimaryKeyRelatedField(serializers.PrimaryKeyRelatedField[Any]):
    """A reference to a row the log-in may see; any other key is 'not there', exactly like one that never was."""

    default_error_messages = {
        "does_not_exist": "没有编号为 {pk_value} 的记录，或它不在您的管理范围内",
        "incorrect_type": "应为编号，收到的是 {data_type}",
    }

    def get_queryset(self) -> QuerySet[Any]:
        return visible(super().get_queryset(), self.context["request"].user)  # type: ignore[arg-type]


class AreaCodeField(serializers.SlugRelatedField[Area]):
    """A current area, named by its six-digit code."""

    default_error_messages = {
        "does_not_exist": "没有行政区划代码 {value}",
        "invalid": "行政区划代码应为 6 位数字",
    }

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs["queryset"] = Area.objects.current()
        super().__init__(slug_field="code", **kwargs)
