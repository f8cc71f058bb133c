"""Make a table hold exactly the wanted rows, touching only those that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from backend.places.naming import SpeltField
from backend.web.copying import copy_rows

M = TypeVar("M", bound=Model)


@dataclass
class Changes:
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


def sync(
    rows: QuerySet[M], wanted: Iterable[M], *, key: Sequence[str], fields: Sequence[str], delete: bool = False
) -> Changes:
    """Create what is missing, update what differs in `fields`, and with `delete` remove what nobody wants.

    `key` and `fields` are attribute names (`area_id`, not `area`); the spelling of names comes by itself. Raises
    ValueError when two wanted rows share a key.
    """
    spelt = [field for field in rows.model._meta.concrete_fields if isinstance(field, SpeltField)]
    fields = (*fields, *(field.attname for field in spelt))
    # Plain tuples: as model instances the hundred thousand indicator values would take seconds to compare.
    existing = {tuple(row[1 : 1 + len(key)]): row for row in rows.values_list("pk", *key, *fields)}
    identity, content = _getter(key), _getter(fields)
    seen: set[tuple[Any, ...]] = set()
    fresh: list[M] = []
    stale: list[M] = []
    for row in wanted:
        for field in spelt:  # COPY and bulk updates do not ask the fields themselves
            field.pre_save(row, add=True)
        mine = identity(row)
        if mine in seen:
            raise ValueError(f"{rows.model.__name__}: two rows for {mine}")
        seen.add(mine)
        current = existing.get(mine)
        if current is None:
            fresh.append(row)
        elif current[1 + len(key) :] != content(row):
            row.pk = current[0]
            stale.append(row)
    gone = [row[0] for mine, row in existing.items() if mine not in seen] if delete else []
    if gone:
        rows.model._default_manager.filter(pk__in=gone).delete()
    if fresh:
        copy_rows(rows.model, [field for field in rows.model._meta.concrete_fields if not field.primary_key], fresh)
    if stale:
        rows.model._default_manager.bulk_update(stale, [_field_name(rows, name) for name in fields], batch_size=500)
    return Changes(len(fresh), len(stale), len(gone), len(seen) - len(fresh) - len(stale))


def _getter(names: Sequence[str]) -> Callable[[Model], tuple[Any, ...]]:
    """Like attrgetter, which for a single name returns no tuple."""
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda row: (get(row),)


def _field_name(rows: QuerySet[Any], attribute: str) -> str:
    return next(str(field.name) for field in rows.model._meta.concrete_fields if field.attname == attribute)
