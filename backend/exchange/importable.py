"""What a room above declares so that its list can be filled from a spreadsheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import QuerySet

from backend.accounts.models import Role, User


class Kind(Enum):
    """What a column holds, and as what a row's `values` have it."""

    TEXT = "text"  # str
    CODE = "code"  # str, of digits and capital letters
    CHOICE = "choice"  # str, the value of the choice; a list of them where there may be several
    DATE = "date"  # date
    WHOLE = "whole"  # int
    DECIMAL = "decimal"  # Decimal
    MONEY = "money"  # Decimal, in yuan; 万元 in the file unless heading or cell say otherwise
    BOOL = "bool"  # bool


@dataclass(frozen=True)
class Column:
    """One column of the template.

    `longest` counts characters of text, `lengths` are those a code may have, `least` and `largest` bound numbers (money
    in yuan), `places` their decimals. A blank cell is None, a blank one of several choices [].
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    hint: str = ""
    example: str = ""
    width: int = 14
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    longest: int = 200
    many_lines: bool = False
    lengths: tuple[int, ...] = ()
    least: Decimal | None = None
    largest: Decimal | None = None
    places: int = 2

    @property
    def heading(self) -> str:
        return f"{self.title}（万元）" if self.kind is Kind.MONEY else self.title


@dataclass(frozen=True)
class Row:
    """One row of a file: its number there, and its values by the columns' keys. A cell that was not understood has no
    value at all, so that a check does not complain about it twice."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, or with its cell in `column`."""

    number: int
    column: str | None
    rule: str
    message: str


@dataclass(frozen=True)
class Lookup:
    """A further sheet of the template to look values up in, such as the codes of one's own places."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


Tell = Callable[[int], None]


@dataclass(frozen=True)
class Importable:
    """A list that can be filled from a spreadsheet.

    `check` finds what is wrong beyond single cells, in a fixed number of queries. `commit` writes all rows in the
    caller's transaction, tells how many are done, and returns the keys of what it made in the order of the rows.
    `dependent` says in a sentence why what was made can no longer be taken back, "" when it can; `undo` takes it back.
    Both get the keys as a query. `origin` is what the events of the made records carry: which import they came by.
    """

    key: str
    title: str
    roles: tuple[Role, ...]
    columns: tuple[Column, ...]
    check: Callable[[Sequence[Row], User], list[Fault]]
    commit: Callable[[Sequence[Row], User, dict[str, Any], Tell], list[int]]
    dependent: Callable[[QuerySet[Any]], str]
    undo: Callable[[QuerySet[Any], User, Tell], None]
    path: str  # where the list is shown
    notes: tuple[str, ...] = ()
    lookup: Callable[[User], Lookup] | None = None
    by_key: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})

    @property
    def template(self) -> str:
        """Names the list and this form of its columns; written into each template, so that an old one is known."""
        form = [
            (one.title, one.kind.value, one.required, one.several, [label for _, label in one.choices])
            for one in self.columns
        ]
        digest = hashlib.sha256(json.dumps(form, ensure_ascii=False).encode()).hexdigest()
        return f"{self.key}:{digest[:10]}"


_lists: dict[str, Importable] = {}


def register(one: Importable) -> None:
    """Offer a list; called from `ready()` of the room that owns it."""
    if one.key in _lists:
        raise RuntimeError(f"{one.key} is importable already")
    _lists[one.key] = one


def every() -> list[Importable]:
    return list(_lists.values())


def find(key: str) -> Importable | None:
    return _lists.get(key)
