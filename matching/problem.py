"""The problem as arrays: helpers, recipients, eligible pairs, and the bounds a solution must respect.

Model: a bipartite b-matching with lower and upper bounds on both sides, laminar groups, tier bounds per helper, and a
concave coverage value per recipient. See docs/matching.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Index = NDArray[np.int32]
Names = NDArray[np.str_]

FREE, LOCKED, BANNED = 0, 1, 2
STATES = ("free", "locked", "banned")
NO_LIMIT = 2**31 - 1
VALUE_LIMIT = 10**9  # |score|, |stability| and coverage values; keeps every sum and scaled cost inside 64 bits


class ProblemError(ValueError):
    """An input that cannot be a problem: which table or file, which line and column, what was found and what is wrong.

    `line` is 1-based and counts the header in files; for rows given in memory it is the row's number.
    """

    def __init__(self, file: str, line: int | None, column: str | None, value: object, reason: str) -> None:
        self.file, self.line, self.column, self.value, self.reason = file, line, column, value, reason
        place = file + (f", line {line}" if line is not None else "") + (f", column {column}" if column else "")
        shown = "" if value is None else f" (found {str(value)[:80]!r})"
        super().__init__(f"{place}: {reason}{shown}")


@dataclass(frozen=True)
class Policy:
    """What the objective and the search are told besides the edges.

    `stability` is the value of each incumbent pair kept. `fair` asks for decreasing-minimum coverage first,
    `at_most_changes` bounds the number of pairs that differ from the incumbent. `tie_break` names the rule by which
    one optimum is chosen among equals: "canonical" solves the rows in the order of their ids.
    """

    stability: int = 0
    fair: bool = False
    at_most_changes: int | None = None
    tie_break: str = "canonical"


@dataclass(frozen=True)
class Groups:
    """Nested groups of one side. Shapes: all (G,). `parent` is an index into the same arrays, -1 at the top."""

    ids: Names
    parent: Index
    min: Ints
    max: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class TierBounds:
    """How many of a helper's pairs go to recipients of a tier. Shapes: all (K,); `tier` indexes `tier_names`."""

    helper: Index
    tier: Index
    min: Ints
    max: Ints

    def __len__(self) -> int:
        return len(self.helper)


@dataclass(frozen=True)
class Problem:
    """One instance. Shapes: helpers (H,), recipients (R,), edges (E,).

    `helper_group`, `recipient_group` and `recipient_tier` are -1 where there is none. The coverage values of recipient
    r are `coverage[coverage_start[r]:coverage_start[r + 1]]`, non-increasing and not negative. Rows are in the order of
    their ids, so the same input gives the same arrays whatever order it came in.
    """

    helper_ids: Names
    helper_min: Ints
    helper_max: Ints
    helper_group: Index
    recipient_ids: Names
    recipient_min: Ints
    recipient_max: Ints
    recipient_tier: Index
    recipient_group: Index
    coverage_start: Ints
    coverage: Ints
    edge_helper: Index
    edge_recipient: Index
    edge_score: Ints
    edge_state: NDArray[np.int8]
    edge_incumbent: NDArray[np.bool_]
    tier_names: tuple[str, ...] = ()
    helper_groups: Groups = field(default_factory=lambda: no_groups())
    recipient_groups: Groups = field(default_factory=lambda: no_groups())
    tiers: TierBounds = field(default_factory=lambda: no_tiers())
    policy: Policy = field(default_factory=Policy)
    input_sha256: str = ""

    @property
    def helpers(self) -> int:
        return len(self.helper_ids)

    @property
    def recipients(self) -> int:
        return len(self.recipient_ids)

    @property
    def edges(self) -> int:
        return len(self.edge_helper)

    @property
    def edge_value(self) -> Ints:
        """Score plus stability for incumbents: what picking the edge adds besides coverage. Shape (E,)."""
        return self.edge_score + self.policy.stability * self.edge_incumbent

    def find_edge(self, helper: str, recipient: str) -> int:
        """The index of the eligible pair of these ids. Raises KeyError with a sentence when it is not listed."""
        h, r = find(self.helper_ids, helper), find(self.recipient_ids, recipient)
        if h < 0 or r < 0:
            raise KeyError(f"no {'helper' if h < 0 else 'recipient'} {helper if h < 0 else recipient!r}")
        low = np.searchsorted(self.edge_helper, h, "left")
        high = np.searchsorted(self.edge_helper, h, "right")
        at = low + np.searchsorted(self.edge_recipient[low:high], r)
        if at >= high or self.edge_recipient[at] != r:
            raise KeyError(f"{helper!r} – {recipient!r} is not an eligible pair")
        return int(at)

    def with_edge_state(self, changes: Mapping[int, int]) -> Problem:
        """A copy in which the edges at these indices have these states."""
        state = self.edge_state.copy()
        for edge, new in changes.items():
            state[edge] = new
        return replace(self, edge_state=state, input_sha256="")

    def summary(self) -> str:
        """One line for a person: sizes of everything."""
        locked, banned = int((self.edge_state == LOCKED).sum()), int((self.edge_state == BANNED).sum())
        return (
            f"{self.helpers} helpers, {self.recipients} recipients, {self.edges} eligible pairs"
            f" ({locked} locked, {banned} banned), {len(self.helper_groups) + len(self.recipient_groups)} groups,"
            f" {len(self.tiers)} tier bounds"
        )


def find(sorted_ids: Names, one: str) -> int:
    """Index of `one` in sorted ids, -1 when absent."""
    at = int(np.searchsorted(sorted_ids, one))
    return at if at < len(sorted_ids) and sorted_ids[at] == one else -1


def no_groups() -> Groups:
    return Groups(np.array([], np.str_), np.array([], np.int32), np.array([], np.int64), np.array([], np.int64))


def no_tiers() -> TierBounds:
    empty = np.array([], np.int64)
    return TierBounds(empty.astype(np.int32), empty.astype(np.int32), empty, empty)


@dataclass
class Table:
    """Columns of text with the line each row came from; what files and rows in memory have in common."""

    file: str
    columns: Mapping[str, Sequence[str]]
    length: int
    first_line: int = 2

    def line(self, row: int) -> int:
        return row + self.first_line

    def fail(self, row: int, column: str, reason: str) -> ProblemError:
        return ProblemError(self.file, self.line(row), column, self.columns[column][row], reason)

    def text(self, column: str) -> Names:
        if column not in self.columns:
            return np.full(self.length, "", dtype="U1")
        return np.array(self.columns[column], dtype=np.str_) if self.length else np.array([], "U1")

    def ids(self, column: str = "id") -> Names:
        if not self.columns:  # no rows in memory, or no such file: nothing is said, so nothing is missing
            return np.array([], "U1")
        if column not in self.columns:
            raise ProblemError(self.file, 1, column, None, "this column is required")
        names = self.text(column)
        for row in np.flatnonzero(names == "")[:1]:
            raise self.fail(int(row), column, "an id may not be empty")
        return names

    def ints(self, column: str, default: int, *, low: int, high: int) -> Ints:
        """Whole numbers; empty means `default`. Raises ProblemError at the first that is none or out of range."""
        if column not in self.columns:
            return np.full(self.length, default, np.int64)
        text = self.text(column)
        filled = np.where(text == "", str(default), text)
        try:
            numbers: Ints = filled.astype(np.int64)
            plain = not np.any(np.char.find(filled, "_") >= 0) if filled.dtype.itemsize < 4096 else False
        except (ValueError, OverflowError):
            plain = False
        if not plain:
            numbers = self._slow_ints(filled, column)
        bad = (numbers < low) | (numbers > high)
        if bad.any():
            row = int(np.argmax(bad))
            reason = "must not be negative" if numbers[row] < 0 <= low else f"must lie between {low} and {high}"
            raise self.fail(row, column, reason)
        return numbers

    def _slow_ints(self, text: Names, column: str) -> Ints:
        numbers = np.zeros(len(text), np.int64)
        for row, one in enumerate(text):
            digits = one.strip()
            if not digits.lstrip("+-").isascii() or not digits.lstrip("+-").isdigit() or len(digits) > 18:
                raise self.fail(row, column, "must be a whole number")
            try:
                numbers[row] = int(digits)
            except ValueError:
                raise self.fail(row, column, "must be a whole number") from None
        return numbers


Rows = Iterable[Mapping[str, Any]]


def table_of(file: str, rows: Rows) -> Table:
    """A table from dictionaries in memory; None and absent keys become empty text."""
    listed = list(rows)
    names = sorted({key for row in listed for key in row})
    columns = {name: ["" if row.get(name) is None else _plain(row[name]) for row in listed] for name in names}
    return Table(file, columns, len(listed), first_line=1)


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, list | tuple | np.ndarray):
        return ";".join(str(int(one)) for one in value)
    return str(value)


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
    """Check every rule of the input and lay it out as arrays in the order of the ids."""
    _check_policy(policy)
    helper_groups, recipient_groups = (_groups(groups, side) for side in ("helper", "recipient"))
    h_order, h_ids = _sorted_ids(helpers)
    r_order, r_ids = _sorted_ids(recipients)
    h_min, h_max = _bounds(helpers)
    r_min, r_max = _bounds(recipients)
    tier_text = recipients.text("tier")
    tier_names = tuple(sorted(set(tier_text.tolist()) - {""}))
    tier_index = {name: i for i, name in enumerate(tier_names)}
    r_tier = np.array([tier_index.get(one, -1) for one in tier_text.tolist()], np.int32)
    start, coverage = _coverage(recipients, r_order)
    edge_columns = _edges(edges, h_ids, r_ids)
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
        tiers=_tiers(tiers, h_ids, tier_index),
        policy=policy,
    )


def _check_policy(policy: Policy) -> None:
    if isinstance(policy.stability, bool) or not isinstance(policy.stability, int):
        raise ProblemError("policy.json", None, "stability", policy.stability, "must be a whole number")
    if abs(policy.stability) > VALUE_LIMIT:
        raise ProblemError("policy.json", None, "stability", policy.stability, f"must lie within ±{VALUE_LIMIT}")
    if policy.tie_break != "canonical":
        raise ProblemError("policy.json", None, "tie_break", policy.tie_break, "the only rule is 'canonical'")


def _sorted_ids(table: Table) -> tuple[Index, Names]:
    ids = table.ids()
    order = np.argsort(ids, kind="stable").astype(np.int32)
    ordered = ids[order]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(twice):
        raise table.fail(int(order[twice[0] + 1]), "id", "this id stands twice")
    return order, ordered


def _bounds(table: Table) -> tuple[Ints, Ints]:
    low = table.ints("min", 0, low=0, high=NO_LIMIT)
    high = table.ints("max", NO_LIMIT, low=0, high=NO_LIMIT)
    wrong = low > high
    if wrong.any():
        row = int(np.argmax(wrong))
        column = "min" if "min" in table.columns else "max"
        raise table.fail(row, column, f"min {low[row]} is greater than max {high[row]}")
    return low, high


def _coverage(table: Table, order: Index) -> tuple[Ints, Ints]:
    texts = table.text("coverage").tolist()
    lists: list[list[int]] = []
    for row, text in enumerate(texts):
        try:
            values = [int(part) for part in text.split(";")] if text else []
        except ValueError:
            raise table.fail(row, "coverage", "must be whole numbers joined by ';'") from None
        if any(a < b for a, b in pairwise(values)):
            raise table.fail(row, "coverage", "values must not increase")
        if values and not 0 <= values[-1] <= values[0] <= VALUE_LIMIT:
            raise table.fail(row, "coverage", f"values must lie between 0 and {VALUE_LIMIT}")
        lists.append(values)
    lengths = np.array([len(lists[row]) for row in order], np.int64)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    flat = [value for row in order for value in lists[row]]
    return start, np.array(flat, np.int64)


def _lookup(table: Table, column: str, known: Names, what: str) -> Index:
    """Positions of a column's ids in sorted `known`. Raises ProblemError at the first unknown one."""
    names = table.ids(column)
    if not len(names):
        return np.array([], np.int32)
    at = np.searchsorted(known, names) if len(known) else np.zeros(len(names), np.int64)
    clipped = np.minimum(at, max(len(known) - 1, 0))
    wrong = known[clipped] != names if len(known) else np.ones(len(names), np.bool_)
    if wrong.any():
        raise table.fail(int(np.argmax(wrong)), column, f"unknown {what}")
    return clipped.astype(np.int32)


def _edges(table: Table, h_ids: Names, r_ids: Names) -> dict[str, Any]:
    if not table.length:
        for column in ("helper", "recipient"):
            if table.columns and column not in table.columns:
                raise ProblemError(table.file, 1, column, None, "this column is required")
    h = _lookup(table, "helper", h_ids, "helper") if table.length else np.array([], np.int32)
    r = _lookup(table, "recipient", r_ids, "recipient") if table.length else np.array([], np.int32)
    score = table.ints("score", 0, low=-VALUE_LIMIT, high=VALUE_LIMIT)
    incumbent = table.ints("incumbent", 0, low=0, high=1).astype(np.bool_)
    state = _states(table)
    key = h.astype(np.int64) * max(len(r_ids), 1) + r
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    if len(twice):
        first, second = int(order[twice[0]]), int(order[twice[0] + 1])
        clash = {state[first], state[second]} == {LOCKED, BANNED}
        also = "is both locked and banned" if clash else "stands twice"
        raise table.fail(second, "recipient", f"the pair {h_ids[h[second]]} – {r_ids[r[second]]} {also}")
    return {
        "edge_helper": h[order],
        "edge_recipient": r[order],
        "edge_score": score[order],
        "edge_state": state[order],
        "edge_incumbent": incumbent[order],
    }


def _states(table: Table) -> NDArray[np.int8]:
    text = table.text("state")
    state = np.full(table.length, -1, np.int8)
    state[(text == "") | (text == "free")] = FREE
    state[text == "locked"] = LOCKED
    state[text == "banned"] = BANNED
    for row in np.flatnonzero(state < 0)[:1]:
        both = {"locked", "banned"} <= set(str(text[row]).replace("|", ";").replace("+", ";").split(";"))
        raise table.fail(int(row), "state", "a pair cannot be both locked and banned" if both else
                         "must be free, locked or banned")  # fmt: skip
    return state


def _groups(table: Table, side: str) -> Groups:
    if not table.length:
        return no_groups()
    sides = table.ids("side")
    for row in np.flatnonzero((sides != "helper") & (sides != "recipient"))[:1]:
        raise table.fail(int(row), "side", "must be helper or recipient")
    rows = np.flatnonzero(sides == side)
    ids = table.ids()[rows]
    order = np.argsort(ids, kind="stable")
    rows, ids = rows[order], ids[order]
    for at in np.flatnonzero(ids[1:] == ids[:-1])[:1]:
        raise table.fail(int(rows[at + 1]), "id", f"this {side} group stands twice")
    low, high = _bounds(table)
    parent = np.full(len(rows), -1, np.int32)
    parents = table.text("parent")
    for i, row in enumerate(rows):
        if parents[row]:
            parent[i] = find(ids, str(parents[row]))
            if parent[i] < 0:
                raise table.fail(int(row), "parent", f"unknown {side} group")
    _refuse_cycles(table, rows, parent)
    return Groups(ids, parent, low[rows], high[rows])


def _refuse_cycles(table: Table, rows: NDArray[np.int64], parent: Index) -> None:
    settled = parent < 0
    while True:
        newly = ~settled & settled[parent]
        if not newly.any():
            break
        settled |= newly
    if not settled.all():
        raise table.fail(int(rows[int(np.argmin(settled))]), "parent", "this group contains itself")


def _group_of(table: Table, groups: Groups) -> Index:
    names = table.text("group")
    found = np.full(table.length, -1, np.int32)
    for row in np.flatnonzero(names != ""):
        found[row] = find(groups.ids, str(names[row]))
        if found[row] < 0:
            raise table.fail(int(row), "group", "unknown group")
    return found


def _tiers(table: Table, h_ids: Names, tier_index: Mapping[str, int]) -> TierBounds:
    if not table.length:
        return no_tiers()
    helper = _lookup(table, "helper", h_ids, "helper")
    names = table.ids("tier")
    low, high = _bounds(table)
    tier = np.full(table.length, -1, np.int32)
    for row, name in enumerate(names.tolist()):
        if name not in tier_index:
            raise table.fail(row, "tier", "no recipient is of this tier")
        tier[row] = tier_index[name]
    order = np.lexsort((tier, helper))
    same = (helper[order][1:] == helper[order][:-1]) & (tier[order][1:] == tier[order][:-1])
    for at in np.flatnonzero(same)[:1]:
        raise table.fail(int(order[at + 1]), "tier", "this helper and tier stand twice")
    return TierBounds(helper[order], tier[order], low[order], high[order])
