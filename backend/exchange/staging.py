"""Rows on their way from the file into the staging table, and out of it again."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from backend.exchange.cleaning import YUAN, Unclear, clean, fold, pack, unpack
from backend.exchange.importable import Fault, Importable, Row
from backend.exchange.layout import EXAMPLE, Layout
from backend.exchange.models import Import, MadeRow, StagedRow

_SUMMED = 30  # kinds of fault in the summary
_MOST_TEXT = 1000  # characters kept of a cell beside its value


@dataclass
class Staged:
    """One row of the file with what was made of it."""

    row: Row
    raw: list[Any]
    faults: list[Fault] = field(default_factory=list)


def stage(listed: Importable, layout: Layout, number: int, cells: list[Any], hidden: bool, epoch_1904: bool) -> Staged:
    """Clean each cell of a row."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    if hidden:
        faults.append(Fault(number, None, "hidden_row", "这一行被隐藏（筛选或手工），请取消隐藏，或删除这一行"))
    for column in listed.columns:
        position = layout.columns.get(column.key)
        cell = cells[position] if position is not None and position < len(cells) else None
        unit = layout.units.get(column.key, YUAN["万元"])
        try:
            values[column.key] = clean(column, cell, unit=unit, epoch_1904=epoch_1904)
        except Unclear as unclear:
            faults.append(Fault(number, column.key, unclear.rule, unclear.message))
    return Staged(Row(number, values), [_kept(cell) for cell in cells], faults)


def is_example(cells: list[Any]) -> bool:
    """The row of the template that shows how; its first cell says so."""
    first = next((cell for cell in cells if cell is not None), None)
    return isinstance(first, str) and fold(first).startswith(EXAMPLE)


def _kept(cell: Any) -> Any:
    """The cell without what PostgreSQL cannot keep and without what nobody reads."""
    return cell[:_MOST_TEXT].replace("\0", "�") if isinstance(cell, str) else cell


def add_faults(rows: Sequence[Staged], faults: Iterable[Fault]) -> None:
    by_number = {one.row.number: one for one in rows}
    for fault in faults:
        by_number[fault.number].faults.append(fault)


def write(batch: Import, rows: Sequence[Staged]) -> None:
    """Replace what is staged of the import, in the caller's transaction."""
    batch.rows.all().delete()
    with connection.cursor() as cursor, cursor.copy(_COPY_STAGED) as copy:
        for one in rows:
            values = {key: pack(value) for key, value in one.row.values.items()}
            faults = [_packed(fault) for fault in one.faults]
            copy.write_row((batch.pk, one.row.number, _json(one.raw), _json(values), _json(faults)))


def read(batch: Import, listed: Importable) -> Iterator[Row]:
    """The staged rows in the order of the file."""
    for number, values in batch.rows.order_by("number").values_list("number", "values").iterator(chunk_size=2000):
        yield Row(number, {key: unpack(listed.by_key[key], value) for key, value in values.items()})


def note_made(batch: Import, rows: Sequence[Row], keys: Sequence[int]) -> None:
    """Write down what each row became."""
    with connection.cursor() as cursor, cursor.copy(_COPY_MADE) as copy:
        for row, key in zip(rows, keys, strict=True):
            copy.write_row((batch.pk, row.number, key))


def note_faults(batch: Import, faults: Iterable[Fault]) -> int:
    """Add faults to rows that are staged already; how many rows have any."""
    by_number: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for fault in faults:
        by_number[fault.number].append(_packed(fault))
    rows = list(batch.rows.filter(number__in=by_number))
    for row in rows:
        row.faults = by_number[row.number]
    StagedRow.objects.bulk_update(rows, ["faults"], batch_size=1000)
    return len(rows)


def summary(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """The most frequent faults by column and rule, each with the words of its first one."""
    counts: Counter[tuple[str | None, str]] = Counter()
    words: dict[tuple[str | None, str], str] = {}
    for fault in faults:
        counts[fault.column, fault.rule] += 1
        words.setdefault((fault.column, fault.rule), fault.message)
    return [
        {"column": key[0], "rule": key[1], "message": words[key], "count": count}
        for key, count in counts.most_common(_SUMMED)
    ]


def _packed(fault: Fault) -> dict[str, Any]:
    return {"column": fault.column, "rule": fault.rule, "message": fault.message}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_COPY_STAGED = f'COPY "{StagedRow._meta.db_table}" (batch_id, number, raw, values, faults) FROM STDIN'
_COPY_MADE = f'COPY "{MadeRow._meta.db_table}" (batch_id, number, subject_id) FROM STDIN'
