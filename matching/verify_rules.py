"""What the checker knows: the rules of a problem and the claim of a solution, as columns, and the rules put to a claim.

Ids are bytes, rows are numbered as they stand in their files, and "no group" is −1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.verify_files import Array, Text, Unreadable, document, rows_in, table
from matching.verify_implicit import FILES, Formula, read_formula

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNLIMITED = 2**31 - 1
_FILES = sorted(("edges.csv", "groups.csv", "helpers.csv", "policy.json", "recipients.csv", "tiers.csv", *FILES))


@dataclass(frozen=True)
class Bounded:
    """Rows with ids and bounds, each below a group: helpers, recipients, or the groups of one side. Shapes (n,)."""

    ids: Array
    low: Rows
    high: Rows
    above: Rows

    def __len__(self) -> int:
        return len(self.ids)

    def name(self, row: int) -> str:
        return bytes(self.ids[row]).decode()


@dataclass(frozen=True)
class TierBounds:
    """Bounds on the pairs of one helper with recipients of one tier. Shapes (n,)."""

    helper: Rows
    tier: Rows
    low: Rows
    high: Rows

    def __len__(self) -> int:
        return len(self.helper)


@dataclass
class Rules:
    """The input. The coverage values of recipient i are `coverage[coverage_start[i] : coverage_start[i + 1]]`; `tier`
    (R,) and the tiers' bounds number `tier_names`, −1 for none. `score` may hold Python integers.
    """

    helpers: Bounded
    recipients: Bounded
    groups: dict[str, Bounded]
    tier_names: Array
    tier: Rows
    tiers: TierBounds
    coverage: Array
    coverage_start: Rows
    edge_helper: Rows
    edge_recipient: Rows
    score: Array
    locked: Flags
    banned: Flags
    incumbent: Flags
    stability: int
    fair: bool
    at_most_changes: int | None
    sha256: str
    formula: Formula | None = None  # of the pairs that are eligible without being listed

    @property
    def most_pairs(self) -> int:
        """No solution has more pairs, so no arc carries more."""
        return len(self.score) + (self.formula.pairs() if self.formula else 0)

    def bound_on(self, helper: Rows, recipient: Rows) -> Rows:
        """The tier bound that each of these pairs falls under, −1 for none."""
        width = len(self.tier_names) + 1  # the last column is that of no tier
        grid = np.full(len(self.helpers) * width, -1, np.int64)
        grid[self.tiers.helper * width + self.tiers.tier] = np.arange(len(self.tiers))
        found: Rows = grid[helper * width + (self.tier[recipient] % width)]
        return found


@dataclass
class Claim:
    """The output: pairs with what is said of them, prices by node, and the summary."""

    pairs: dict[str, Text]
    score: Array
    prices: dict[str, Text]
    price: Array
    summary: dict[str, Any]


# --- reading ------------------------------------------------------------------------------------------------------


def read_rules(folder: Path) -> Rules:
    """The input as this checker understands it. Raises Unreadable."""
    digest = hashlib.sha256()
    for name in _FILES:
        if (folder / name).exists():
            with (folder / name).open("rb") as file:
                digest.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    tables = {name: table(folder / f"{name}.csv") for name in ("helpers", "recipients", "edges")}
    for name in ("groups", "tiers"):
        tables[name] = table(folder / f"{name}.csv") if (folder / f"{name}.csv").exists() else {}
    policy = document(folder / "policy.json") if (folder / "policy.json").exists() else {}
    try:
        rules = _rules(tables, policy, digest.hexdigest())
        rules.formula = read_formula(folder, rules.helpers.ids, rules.recipients.ids)
        return rules
    except (KeyError, ValueError, OverflowError, TypeError) as error:
        raise Unreadable(f"{folder}: {type(error).__name__}: {error}") from None


def _rules(tables: dict[str, dict[str, Text]], policy: dict[str, Any], sha256: str) -> Rules:
    groups = {side: _groups(tables["groups"], side) for side in ("helper", "recipient")}
    helpers = _bounded(tables["helpers"], "group", groups["helper"].ids)
    recipients = _bounded(tables["recipients"], "group", groups["recipient"].ids)
    tier_names, tier, tiers = _tiers(tables["recipients"], tables["tiers"], helpers)
    values, start = _coverage(tables["recipients"], len(recipients))
    edges = tables["edges"]
    helper, recipient = (
        _known(edges[name], side.ids) for name, side in (("helper", helpers), ("recipient", recipients))
    )
    if not _different(helper * len(recipients) + recipient):
        raise ValueError("an eligible pair stands twice")
    state, incumbent = _words(edges, "state", len(helper)), _words(edges, "incumbent", len(helper))
    if not (_one_of(state, b"", b"free", b"locked", b"banned").all() and _one_of(incumbent, b"", b"0", b"1").all()):
        raise ValueError("a state or an incumbent mark is none")
    changes = policy.get("at_most_changes")
    if changes is not None and (isinstance(changes, bool) or not isinstance(changes, int) or changes < 0):
        raise ValueError(f"at_most_changes {changes!r}")
    return Rules(
        helpers, recipients, groups, tier_names, tier, tiers, values, start, helper, recipient,
        _numbers(edges, "score", 0, len(helper)), state == b"locked", state == b"banned", incumbent == b"1",
        int(policy.get("stability", 0)), bool(policy.get("fair", False)), changes, sha256,
    )  # fmt: skip


def _numbers(columns: dict[str, Text], name: str, default: int, rows: int) -> Array:
    return columns[name].numbers(default) if name in columns else np.full(rows, default, np.int64)


def _words(columns: dict[str, Text], name: str, rows: int) -> Array:
    return columns[name].cells() if name in columns else np.zeros(rows, "S1")


def _one_of(cells: Array, *words: bytes) -> Flags:
    found = np.zeros(len(cells), np.bool_)
    for word in words:
        found |= cells == word
    return found


def _different(keys: Array) -> bool:
    if (keys[1:] > keys[:-1]).all():  # in order already, as the matcher writes them
        return True
    keys = np.sort(keys)
    return not (keys[1:] == keys[:-1]).any()


def _known(column: Text, ids: Array) -> Rows:
    rows = rows_in(ids, column)
    if (rows < 0).any():
        raise ValueError(f"unknown id {column.texts()[int(np.argmin(rows))]!r}")
    return rows


def _bounded(columns: dict[str, Text], group: str, groups: Array) -> Bounded:
    ids = columns["id"].cells()
    if not _different(ids):
        raise ValueError("an id stands twice")
    low, high = _bounds(columns, len(ids))
    return Bounded(ids, low, high, _optional(columns, group, groups, len(ids)))


def _bounds(columns: dict[str, Text], rows: int) -> tuple[Rows, Rows]:
    low, high = _numbers(columns, "min", 0, rows), _numbers(columns, "max", UNLIMITED, rows)
    if low.dtype == object or high.dtype == object:
        raise ValueError("a bound is too large")
    if (wrong := np.flatnonzero((low < 0) | (low > high))).size:
        raise ValueError(f"bounds {low[wrong[0]]} to {high[wrong[0]]}")
    return low, high


def _optional(columns: dict[str, Text], name: str, ids: Array, rows: int) -> Rows:
    """Rows of `ids` for a column that may be absent or empty. Raises ValueError for an unknown id."""
    if name not in columns:
        return np.full(rows, -1, np.int64)
    found = rows_in(ids, columns[name])
    empty = columns[name].start == columns[name].end
    if (unknown := np.flatnonzero((found < 0) & ~empty)).size:
        raise ValueError(f"unknown groups {columns[name].texts()[unknown[0]]!r}")
    return np.where(empty, -1, found)


def _groups(columns: dict[str, Text], side: str) -> Bounded:
    """The groups of one side. Raises ValueError for one that stands twice or contains itself."""
    empty = np.zeros(0, np.int64)
    if not columns:
        return Bounded(np.zeros(0, "S1"), empty, empty, empty)
    sides = columns["side"].cells()
    if not _one_of(sides, b"helper", b"recipient").all():
        raise ValueError("a side is neither helper nor recipient")
    mine = np.flatnonzero(sides == side.encode())
    here = {name: Text(text.buffer, text.start[mine], text.end[mine]) for name, text in columns.items()}
    ids = here["id"].cells()
    if not _different(ids):
        raise ValueError("a group or a tier bound stands twice")
    low, high = _bounds(here, len(ids))
    groups = Bounded(ids, low, high, _optional(here, "parent", ids, len(ids)))
    for row in range(len(groups)):
        steps, at = 0, row
        while at >= 0:
            steps, at = steps + 1, int(groups.above[at])
            if steps > len(groups):
                raise ValueError(f"{side} group {groups.name(row)} contains itself")
    return groups


def _tiers(recipients: dict[str, Text], bounds: dict[str, Text], helpers: Bounded) -> tuple[Array, Rows, TierBounds]:
    """Names of the tiers that are bound or borne, the tier of each recipient, and the bounds."""
    count = len(recipients["id"])
    borne = _words(recipients, "tier", count)
    names = np.unique(np.concatenate([borne, bounds["tier"].cells()]) if bounds else borne)
    names = names[names != b""]
    tier = rows_in(names, recipients["tier"]) if "tier" in recipients else np.full(count, -1, np.int64)
    empty = np.zeros(0, np.int64)
    if not bounds:
        return names, tier, TierBounds(empty, empty, empty, empty)
    helper, of = _known(bounds["helper"], helpers.ids), rows_in(names, bounds["tier"])
    if (of < 0).any():
        raise ValueError("a tier bound names no tier")
    if not _different(helper * max(len(names), 1) + of):
        raise ValueError("a group or a tier bound stands twice")
    return names, tier, TierBounds(helper, of, *_bounds(bounds, len(helper)))


def _coverage(columns: dict[str, Text], rows: int) -> tuple[Array, Rows]:
    """All coverage values one after the other, and where each recipient's begin."""
    if "coverage" not in columns:
        return np.zeros(0, np.int64), np.zeros(rows + 1, np.int64)
    lists = [[int(value) for value in text.split(";") if value] for text in columns["coverage"].texts()]
    if any(sorted(values, reverse=True) != values or min(values, default=0) < 0 for values in lists):
        raise ValueError("coverage values must not increase or be negative")
    flat = [value for values in lists for value in values]
    kind: Any = np.int64 if max(flat, default=0) < 2**62 else object
    return np.array(flat, kind), np.concatenate([[0], np.cumsum([len(values) for values in lists], dtype=np.int64)])


def read_claim(folder: Path) -> Claim:
    """The output as this checker understands it. Raises Unreadable."""
    summary = document(folder / "solution.json")
    if summary.get("status") != "optimal":
        return Claim({}, np.zeros(0, np.int64), {}, np.zeros(0, np.int64), summary)
    pairs, prices = table(folder / "pairs.csv"), table(folder / "prices.csv")
    lacking = {"helper", "recipient", "score", "state"} - set(pairs) | {"kind", "side", "id", "tier", "price"} - set(
        prices
    )
    if lacking:
        raise Unreadable(f"{folder}: column {min(lacking)} is missing")
    try:
        score, price = pairs["score"].numbers(0), prices["price"].numbers(0)
    except ValueError as error:
        raise Unreadable(f"{folder}: {error}") from None
    if any((column.start == column.end).any() for column in (pairs["score"], prices["price"])):
        raise Unreadable(f"{folder}: a score or a price is empty")
    return Claim(pairs, score, prices, price, summary)
