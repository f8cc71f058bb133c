"""Checking pairs that nobody listed: their scores by the formula, and that none of them could add anything.

The bound of matching.verify_bound is a sum over all eligible pairs, so with blocks it runs over every pair of theirs.
A pair adds what Σ features multiplied // divisor + offset + price[recipient] − price[tail] exceeds 0 by. Multiplied by
the divisor that is a product of two vectors of integers, one for the helper and one for the recipient; below 2^53 such
products are exact as floating point, and a matrix of them costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matching.verify_files import Array, Text, Unreadable, document, rows_in, table

if TYPE_CHECKING:
    from matching.verify_bound import Prices
    from matching.verify_rules import Rows, Rules

FILES = ("blocks.csv", "helper_features.csv", "recipient_features.csv", "scoring.json")
_EXACT = 2**53
_PRODUCTS = 4_000_000  # looked at together: 32 MB
_MOST = 5_000_000  # unlisted pairs that gain, after which enough is known


@dataclass(frozen=True)
class Formula:
    """Blocks (n,) of both sides by number, −1 for none, the eligible pairs of blocks (K, 2), and features (n, F)."""

    helper_block: Rows
    recipient_block: Rows
    eligible: Rows
    helper_features: Array
    recipient_features: Array
    divisor: int
    offset: int

    def pairs(self) -> int:
        """How many pairs lie in eligible blocks."""
        return sum(
            int((self.helper_block == ours).sum()) * int((self.recipient_block == theirs).sum())
            for ours, theirs in self.eligible.tolist()
        )

    def score(self, helper: Rows, recipient: Rows) -> Array:
        total = np.zeros(len(helper), np.int64)
        for ours, theirs in zip(self.helper_features.T, self.recipient_features.T, strict=True):
            total += ours[helper] * theirs[recipient]
        return total // self.divisor + self.offset

    def allows(self, helper: Rows, recipient: Rows) -> Array:
        allowed = {tuple(pair) for pair in self.eligible.tolist()}
        blocks = zip(self.helper_block[helper].tolist(), self.recipient_block[recipient].tolist(), strict=True)
        return np.array([pair in allowed for pair in blocks], np.bool_)


def read_formula(folder: Path, helper_ids: Array, recipient_ids: Array) -> Formula | None:
    """The blocks of a problem folder, None when it has none. Raises Unreadable, KeyError and ValueError."""
    if not (folder / "blocks.csv").exists():
        return None
    ours, theirs = (table(folder / f"{side}_features.csv") for side in ("helper", "recipient"))
    names = [name for name in ours if name not in ("id", "block")]
    if names != [name for name in theirs if name not in ("id", "block")]:
        raise Unreadable("recipient_features.csv: not the features of helper_features.csv")
    blocks = table(folder / "blocks.csv")
    columns = [one["block"].cells() for one in (ours, theirs) if "block" in one]
    known = np.unique(np.concatenate(columns)) if columns else np.zeros(0, "S1")
    known = known[known != b""]
    helper_block, helper_features = _side(ours, helper_ids, known, names)
    recipient_block, recipient_features = _side(theirs, recipient_ids, known, names)
    eligible = np.stack([rows_in(known, blocks[f"{side}_block"]) for side in ("helper", "recipient")], axis=1)
    eligible = np.unique(eligible[(eligible >= 0).all(axis=1)], axis=0)
    told = document(folder / "scoring.json") if (folder / "scoring.json").exists() else {}
    divisor, offset = told.get("divisor", 1), told.get("offset", 0)
    if any(isinstance(one, bool) or not isinstance(one, int) for one in (divisor, offset)) or divisor < 1:
        raise ValueError(f"scoring.json: divisor {divisor!r}, offset {offset!r}")
    return Formula(helper_block, recipient_block, eligible, helper_features, recipient_features, divisor, offset)


def _side(columns: dict[str, Text], ids: Array, known: Array, names: list[str]) -> tuple[Rows, Array]:
    rows = rows_in(ids, columns["id"])
    if (rows < 0).any() or len(np.unique(rows)) < len(rows):
        raise ValueError("features of an unknown id, or of one id twice")
    block = np.full(len(ids), -1, np.int64)
    if "block" in columns:
        block[rows] = rows_in(known, columns["block"])
    features = np.zeros((len(ids), len(names)), np.int64)
    for place, name in enumerate(names):
        features[rows, place] = columns[name].numbers(0)
    return block, features


def with_pairs(rules: Rules, helper: Rows, recipient: Rows) -> Rules:
    """The rules with those of these pairs listed that are eligible by their blocks alone: free, and no incumbents."""
    formula = rules.formula
    if formula is None:
        return rules
    width = len(rules.recipients)
    listed = rules.edge_helper * width + rules.edge_recipient
    new = np.unique((helper * width + recipient)[(helper >= 0) & (recipient >= 0)])
    new = new[~np.isin(new, listed)]
    h, r = np.divmod(new, max(width, 1))
    allowed = formula.allows(h, r)
    h, r = h[allowed], r[allowed]
    none = np.zeros(len(h), np.bool_)
    return replace(
        rules,
        edge_helper=np.concatenate([rules.edge_helper, h]),
        edge_recipient=np.concatenate([rules.edge_recipient, r]),
        score=np.concatenate([rules.score, formula.score(h, r)]),
        locked=np.concatenate([rules.locked, none]),
        banned=np.concatenate([rules.banned, none]),
        incumbent=np.concatenate([rules.incumbent, none]),
    )


def unlisted_gain(rules: Rules, prices: Prices) -> int | None:
    """Σ over unlisted eligible pairs of what each could add at most; None where numbers are too large to tell.

    Stops early, with less than the sum but more than 0, once very many gain.
    """
    formula = rules.formula
    if formula is None:
        return 0
    sizes = [np.abs(one).max(axis=0, initial=0) for one in (formula.helper_features, formula.recipient_features)]
    largest = sum(a * b for a, b in zip(*(one.tolist() for one in sizes), strict=True))
    price = max(int(abs(one).max(initial=0)) for one in (prices.helpers, prices.recipients, prices.tiers))
    if largest + formula.divisor * (2 * price + abs(formula.offset) + 2) >= _EXACT:
        return None
    listed = np.sort(rules.edge_helper * len(rules.recipients) + rules.edge_recipient)
    total = found = 0
    for ours, theirs in formula.eligible.tolist():
        helpers = np.flatnonzero(formula.helper_block == ours)
        block = np.flatnonzero(formula.recipient_block == theirs)
        for tier in np.unique(rules.tier[block]).tolist():
            recipients = block[rules.tier[block] == tier]
            bound = rules.bound_on(helpers, np.repeat(recipients[:1], len(helpers)))
            tail = prices.helpers[helpers].astype(np.int64)
            tail[bound >= 0] = prices.tiers[bound[bound >= 0]]
            for gain in _gains(formula, listed, len(rules.recipients), helpers, recipients, tail, prices):
                total, found = total + int(gain.sum()), found + len(gain)
                if found > _MOST:
                    return total
    return total


def _gains(
    formula: Formula, listed: Rows, width: int, helpers: Rows, recipients: Rows, tail: Array, prices: Prices
) -> list[Array]:
    """What the unlisted pairs of one block with recipients of one tier could add, where that is more than nothing.

    gain ≥ 1 means floor(dot / d) ≥ 1 − offset − head + tail, that is, dot + d · head − d · (tail + 1 − offset) ≥ 0.
    """
    d, head = formula.divisor, prices.recipients[recipients].astype(np.int64)
    theirs = np.column_stack([formula.recipient_features[recipients], d * head, np.ones(len(recipients), np.int64)])
    columns = theirs.T.astype(np.float64)
    out = []
    step = max(1, _PRODUCTS // len(recipients))
    for first in range(0, len(helpers), step):
        some = helpers[first : first + step]
        asked = -d * (tail[first : first + step] + 1 - formula.offset)
        rows = np.column_stack([formula.helper_features[some], np.ones(len(some), np.int64), asked])
        at = np.flatnonzero(rows.astype(np.float64) @ columns >= 0)
        if not len(at):
            continue
        row, column = np.divmod(at, len(recipients))
        key = some[row] * width + recipients[column]
        place = np.minimum(np.searchsorted(listed, key), max(len(listed) - 1, 0))
        new = listed[place] != key if len(listed) else np.ones(len(key), np.bool_)
        row, column = row[new], column[new]
        score = formula.score(some[row], recipients[column])
        out.append(score + head[column] - tail[first + row])
    return out
