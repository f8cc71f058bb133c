"""`Kept`: a query that Django words once for the process, for what every request asks.

Wording a query, with its joins and its sixty columns, costs some ten times what PostgreSQL needs to answer it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import BigIntegerField, Expression, Field, Lookup, QuerySet

T = TypeVar("T")


class Parameter(Expression):
    """Stands in a kept query for what is given at each call; only where a value of the field may stand, or a list of
    them in `__among`, never None, for which the words would be others."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


KEYS = Parameter("keys", BigIntegerField())  # of the rows that are asked for: `pk__among=KEYS`


@Field.register_lookup
class Among(Lookup):  # type: ignore[type-arg]  # no generic when it runs
    """`pk__among=Parameter(…)`: one of a list, whose length, unlike that of `pk__in`, is no part of the words."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, before = self.process_lhs(compiler, connection)
        values, given = compiler.compile(self.rhs)
        return f"{column} = ANY({values})", [*before, *given]


class Kept(Generic[T]):
    """`Kept(lambda: User.objects.filter(pk=Parameter("pk", …)))(pk=7)`: the rows that the query itself would give.

    What `make` puts in as a value stays for good: what changes with the time must be a parameter.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, T]]) -> None:
        self._make = make

    @cached_property
    def worded(self) -> tuple[QuerySet[Any, T], Any, str, tuple[Any, ...]]:
        """The query, its compiler, its words, and of each place in them a value or the parameter that stands there."""
        rows = self._make()
        compiler = rows.query.get_compiler(connection=connection)
        return rows, compiler, *compiler.as_sql()

    def __call__(self, **given: Any) -> list[T]:
        rows, compiler, sql, places = self.worded
        mine = copy.copy(compiler)  # of this thread
        mine.connection = connection
        filled = tuple(given[one.name] if isinstance(one, Parameter) else one for one in places)
        mine.as_sql = lambda *args, **kwargs: (sql, filled)
        asked = rows.all()
        asked.query.get_compiler = lambda *args, **kwargs: mine  # type: ignore[method-assign]
        return list(asked)
