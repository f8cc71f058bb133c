"""`Answer`: a model serializer that only answers; what it tells is what its base class would tell, to the letter.

The base class derives its fields from the model for every answer, and asks each field at each row how to read and
whether the value may be called: lists spent more time on that than on their rows. Here fields are derived once for the
class, plain sources are read directly, and what is text, number or truth already is told as it is; what is not plain
takes the way of the base class.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.fields import Field, SkipField
from rest_framework.relations import ManyRelatedField, PKOnlyObject

from backend.web.api import Label

M = TypeVar("M", bound=Model)
_NESTED = (serializers.BaseSerializer, serializers.ListField, serializers.DictField, ManyRelatedField)
_UNREADABLE = (AttributeError, KeyError, ObjectDoesNotExist)
_NOTHING = type(None)
# Of values of these types, such fields tell the value.
_AS_IT_IS: dict[type, frozenset[type]] = {
    serializers.BooleanField: frozenset({bool, _NOTHING}),
    serializers.CharField: frozenset({str, _NOTHING}),
    serializers.ChoiceField: frozenset({int, str, _NOTHING}),
    serializers.IntegerField: frozenset({int, _NOTHING}),
    Label: frozenset({str, _NOTHING}),
}
_KEYS = frozenset({int, str, _NOTHING})


# No docstring of its own: the schema would tell it of every answer that has none.
class Answer(serializers.ModelSerializer[M]):
    _derived: ClassVar[dict[str, Any]]

    def get_fields(self) -> dict[str, Any]:
        """Fields of one's own, not bound yet, like those that the base class derives."""
        if "_derived" not in type(self).__dict__:
            type(self)._derived = super().get_fields()
        return {name: _unbound(field) for name, field in self._derived.items()}

    @cached_property
    def _plan(self) -> list[tuple[str, Callable[[Any], Any], frozenset[type], Any]]:
        """Of each field its name, how it is read, and the types of values that are told as they are."""
        return [(str(field.field_name), *self._told_by(field), field) for field in self._readable_fields]

    def _told_by(self, field: Any) -> tuple[Callable[[Any], Any], frozenset[type]]:
        if (
            type(field) is serializers.PrimaryKeyRelatedField
            and field.pk_field is None
            and len(field.source_attrs) == 1
        ):
            model: Any = self.Meta.model
            column = getattr(model._meta.get_field(field.source_attrs[0]), "attname", None)
            if column:
                return attrgetter(column), _KEYS
        return _reader(field), _AS_IT_IS.get(type(field), frozenset())

    def to_representation(self, instance: M) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, read, as_they_are, field in self._plan:
            try:
                value = _value(read, field, instance)
            except SkipField:
                continue
            if type(value) in as_they_are:
                told[name] = value
                continue
            missing = value is None or (isinstance(value, PKOnlyObject) and value.pk is None)
            told[name] = None if missing else field.to_representation(value)
        return told


class Figure(serializers.DecimalField):
    """An amount that PostgreSQL keeps to as many places as are told: written as it stands, not rounded once more."""

    def to_representation(self, value: Any) -> Any:
        text = str(value)
        places = self.decimal_places
        return text if places and text[-places - 1 : -places] == "." else super().to_representation(value)


def _value(read: Callable[[Any], Any], field: Any, instance: Any) -> Any:
    """What the field says of the row. Raises SkipField."""
    try:
        value = read(instance)
    except _UNREADABLE:
        return field.get_attribute(instance)
    return field.get_attribute(instance) if callable(value) else value


def _unbound(field: Any) -> Any:
    """A field that can be bound without binding the one it was made from."""
    if isinstance(field, _NESTED):
        return copy.deepcopy(field)  # made anew from its arguments: its children are bound to it
    made = object.__new__(type(field))
    made.__dict__.update(field.__dict__)
    return made


def _reader(field: Any) -> Callable[[Any], Any]:
    """How the field's value is read from a row; raises what reading raises."""
    plain = type(field).get_attribute is Field.get_attribute and field.source_attrs
    reader: Callable[[Any], Any] = attrgetter(".".join(field.source_attrs)) if plain else field.get_attribute
    return reader
