"""From tables to a problem: every rule of the input is checked on whole columns, then rows are put in order of ids."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Column
from matching.problem import (
    BANNED,
    FREE,
    LOCKED,
    NO_LIMIT,
    VALUE_LIMIT,
    Groups,
    Index,
    Ints,
    Policy,
    Problem,
    TierBounds,
    no_groups,
    no_tiers,
)
from matching.tables import Names, ProblemError, Rows, Table, table_of

HELPER_COLUMNS = ("id", "min", "max", "group")
RECIPIENT_COLUMNS = ("id", "min", "max", "tier", "group", "coverage")
EDGE_COLUMNS = ("helper", "recipient", "score", "state", "incumbent")


def build(
    helpers: Rows,
    recipients: Rows,
    edges: Rows,
    *,
    groups: Rows = (),
    tiers: Rows = (),
    policy: Policy | None = None,
) -> Problem:
    """A problem from rows in memory, with the columns of the exchange format.

    Raises ProblemError naming table, row, column and value. Example::

        build([{"id": "A", "max": 1}], [{"id": "x", "coverage": [5]}], [{"helper": "A", "recipient": "x", "score": 3}])
    """
    return assemble(
        table_of("helpers", helpers),
        table_of("recipients", recipients),
        table_of("edges", edges),
        table_of("groups", groups),
        table_of("tiers", tiers),
        policy or Policy(),
    )


def assemble(helpers: Table, recipients: Table, edges: Table, groups: Table, tiers: Table, policy: Policy) -> Problem:
    """Check every rule of the input and lay it out as arrays in the order of the ids. Raises ProblemError."""
    _check_policy(policy)
    helper_groups, recipient_groups = (_groups(groups, side) for side in ("helper", "recipient"))
    h_order, h_ids = _sorted_ids(helpers)
    r_order, r_ids = _sorted_ids(recipients)
    h_min, h_max = _bounds(helpers)
    r_min, r_max = _bounds(recipients)
    tier_names, r_tier = _tier_names(recipients)
    start, coverage = _coverage(recipients, r_order)
    edge_columns, edge_order = _edges(edges, h_ids, r_ids)
    return Problem(
        helper_ids=h_ids,
        helper_min=h_min[h_order],
        helper_max=h_max[h_order],
        helper_group=_group_of(helpers, helper_groups)[h_order],
        recipient_ids=r_ids,
        recipient_min=r_min[r_order],
        recipient_max=r_max[r_order],
        recipient_tier=r_tier[r_order],
        recipient_group=_group_of(recipients, recipient_groups)[r_order],
        coverage_start=start,
        coverage=coverage,
        **edge_columns,
        tier_names=tier_names,
        helper_groups=helper_groups,
        recipient_groups=recipient_groups,
        tiers=_tiers(tiers, h_ids, tier_names),
        policy=policy,
        helper_extra=_extra(helpers, HELPER_COLUMNS, h_order),
        recipient_extra=_extra(recipients, RECIPIENT_COLUMNS, r_order),
        edge_extra=_extra(edges, EDGE_COLUMNS, edge_order),
    )


def _check_policy(policy: Policy) -> None:
    if isinstance(policy.stability, bool) or not isinstance(policy.stability, int):
        raise ProblemError("policy.json", None, "stability", policy.stability, "must be a whole number")
    if abs(policy.stability) > VALUE_LIMIT:
        raise ProblemError("policy.json", None, "stability", policy.stability, f"must lie within ±{VALUE_LIMIT}")
    if policy.tie_break != "canonical":
        raise ProblemError("policy.json", None, "tie_break", policy.tie_break, "the only rule is 'canonical'")


def _extra(table: Table, known: tuple[str, ...], order: NDArray[np.integer]) -> dict[str, Column]:
    return {name: column.take(order) for name, column in table.others(known).items()}


def _sorted_ids(table: Table) -> tuple[Index, Names]:
    ids = table.names("id", required=True).strings()
    order = np.argsort(ids, kind="stable").astype(np.int32)
    ordered = ids[order]
    for at in np.flatnonzero(ordered[1:] == ordered[:-1])[:1]:
        raise table.fail(int(order[at + 1]), "id", "this id stands twice")
    return order, ordered


def _bounds(table: Table) -> tuple[Ints, Ints]:
    low = table.ints("min", 0, low=0, high=NO_LIMIT)
    high = table.ints("max", NO_LIMIT, low=0, high=NO_LIMIT)
    for row in np.flatnonzero(low > high)[:1]:
        column = "min" if "min" in table.columns else "max"
        raise table.fail(int(row), column, f"min {low[row]} is greater than max {high[row]}")
    return low, high


def _tier_names(recipients: Table) -> tuple[tuple[str, ...], Index]:
    """The tiers there are, in order, and the tier of each recipient (−1 for none)."""
    texts = recipients.names("tier").tolist() or [""] * recipients.length
    names = tuple(sorted(set(texts) - {""}))
    index = {name: i for i, name in enumerate(names)} | {"": -1}
    return names, np.array([index[text] for text in texts], np.int32)


def _coverage(table: Table, order: Index) -> tuple[Ints, Ints]:
    texts = table.text("coverage").tolist()
    known: dict[str, list[int]] = {}  # recipients of one depth share one list
    for row, text in enumerate(texts):
        if text not in known:
            known[text] = _values(table, row, text)
    lists = [known[text] for text in texts]
    lengths = np.array([len(lists[row]) for row in order], np.int64)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return start, np.array([value for row in order for value in lists[row]], np.int64)


def _values(table: Table, row: int, text: str) -> list[int]:
    if not text:
        return []
    parts = [part.strip(" \t") for part in text.split(";")]
    if not all(part.removeprefix("-").isdigit() and part.isascii() and len(part) < 20 for part in parts):
        raise table.fail(row, "coverage", "must be whole numbers joined by ';'")
    values = [int(part) for part in parts]
    if any(a < b for a, b in pairwise(values)):
        raise table.fail(row, "coverage", "values must not increase")
    if not 0 <= values[-1] <= values[0] <= VALUE_LIMIT:
        raise table.fail(row, "coverage", f"values must lie between 0 and {VALUE_LIMIT}")
    return values


def _lookup(table: Table, column: str, known: Names, what: str) -> Index:
    """Positions of a column's ids in `known`. Raises ProblemError at the first unknown one."""
    found = table.names(column, required=True).find_in(Column.of(known.tolist()))
    for row in np.flatnonzero(found < 0)[:1]:
        raise table.fail(int(row), column, f"unknown {what}")
    return found


def _edges(table: Table, h_ids: Names, r_ids: Names) -> tuple[dict[str, Any], NDArray[np.intp]]:
    h, r = _lookup(table, "helper", h_ids, "helper"), _lookup(table, "recipient", r_ids, "recipient")
    score = table.ints("score", 0, low=-VALUE_LIMIT, high=VALUE_LIMIT)
    incumbent = table.ints("incumbent", 0, low=0, high=1).astype(np.bool_)
    state = _states(table)
    key = h.astype(np.int64) * max(len(r_ids), 1) + r
    ordered = bool((key[1:] > key[:-1]).all())
    order = np.arange(len(key)) if ordered else np.argsort(key, kind="stable")
    for at in np.flatnonzero(key[order][1:] == key[order][:-1])[:1] if not ordered else ():
        first, second = int(order[at]), int(order[at + 1])
        clash = {state[first], state[second]} == {LOCKED, BANNED}
        also = "is both locked and banned" if clash else "stands twice"
        raise table.fail(second, "recipient", f"the pair {h_ids[h[second]]} – {r_ids[r[second]]} {also}")
    return {
        "edge_helper": h[order],
        "edge_recipient": r[order],
        "edge_score": score[order],
        "edge_state": state[order],
        "edge_incumbent": incumbent[order],
    }, order


def _states(table: Table) -> NDArray[np.int8]:
    text = table.text("state")
    state = np.full(table.length, -1, np.int8)
    for word, code in ((b"", FREE), (b"free", FREE), (b"locked", LOCKED), (b"banned", BANNED)):
        state[text.is_word(word)] = code
    for row in np.flatnonzero(state < 0)[:1]:
        both = {"locked", "banned"} <= set(text[int(row)].replace("|", ";").replace("+", ";").split(";"))
        reason = "a pair cannot be both locked and banned" if both else "must be free, locked or banned"
        raise table.fail(int(row), "state", reason)
    return state


def _groups(table: Table, side: str) -> Groups:
    if not table.length:
        return no_groups()
    sides = table.names("side", required=True)
    for row in np.flatnonzero(~(sides.is_word(b"helper") | sides.is_word(b"recipient")))[:1]:
        raise table.fail(int(row), "side", "must be helper or recipient")
    rows = np.flatnonzero(sides.is_word(side.encode()))
    ids = table.names("id", required=True).take(rows).strings()
    order = np.argsort(ids, kind="stable")
    rows, ids = rows[order], ids[order]
    for at in np.flatnonzero(ids[1:] == ids[:-1])[:1]:
        raise table.fail(int(rows[at + 1]), "id", f"this {side} group stands twice")
    low, high = _bounds(table)
    parents = table.names("parent").take(rows)
    parent = parents.find_in(Column.of(ids.tolist()))
    for at in np.flatnonzero((parent < 0) & (parents.length > 0))[:1]:
        raise table.fail(int(rows[at]), "parent", f"unknown {side} group")
    _refuse_cycles(table, rows, parent)
    return Groups(ids, parent, low[rows], high[rows])


def _refuse_cycles(table: Table, rows: NDArray[np.intp], parent: Index) -> None:
    settled = parent < 0
    while True:
        newly = ~settled & settled[parent]
        if not newly.any():
            break
        settled |= newly
    if not settled.all():
        raise table.fail(int(rows[int(np.argmin(settled))]), "parent", "this group contains itself")


def _group_of(table: Table, groups: Groups) -> Index:
    names = table.names("group")
    if not len(names):
        return np.full(table.length, -1, np.int32)
    found = names.find_in(Column.of(groups.ids.tolist()))
    for row in np.flatnonzero((found < 0) & (names.length > 0))[:1]:
        raise table.fail(int(row), "group", "unknown group")
    return found


def _tiers(table: Table, h_ids: Names, tier_names: tuple[str, ...]) -> TierBounds:
    if not table.length:
        return no_tiers()
    helper = _lookup(table, "helper", h_ids, "helper")
    tier = table.names("tier", required=True).find_in(Column.of(tier_names))
    for row in np.flatnonzero(tier < 0)[:1]:
        raise table.fail(int(row), "tier", "no recipient is of this tier")
    low, high = _bounds(table)
    order = np.lexsort((tier, helper))
    same = (helper[order][1:] == helper[order][:-1]) & (tier[order][1:] == tier[order][:-1])
    for at in np.flatnonzero(same)[:1]:
        raise table.fail(int(order[at + 1]), "tier", "this helper and tier stand twice")
    return TierBounds(helper[order], tier[order], low[order], high[order])


__all__ = ["EDGE_COLUMNS", "HELPER_COLUMNS", "RECIPIENT_COLUMNS", "assemble", "build"]
