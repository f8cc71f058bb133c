"""Checking a solution without solving anything, from the files alone.

Shares no code with the solver. The proof is weak duality: for any node prices, moving a pair from one end of an arc to
the other only shifts value around, so no solution at all can be worth more than

    bound(prices) = Σ over edges, bounds and coverage of the most that each could contribute on its own.

A solution worth exactly that much is optimal. One pass over the edges, integers only.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.verify_policies import change_rate, fair_values

_FILES = ("edges.csv", "groups.csv", "helpers.csv", "policy.json", "recipients.csv", "tiers.csv")
_UNLIMITED = 2**31 - 1
Array = NDArray[Any]


class Unreadable(ValueError):
    """A file that cannot be read as the exchange format; the message names it."""


@dataclass(frozen=True)
class Verdict:
    """Whether a solution is proven, what refutes it, the two numbers that must meet, and what they prove.

    For a fair solution the two are its weighted sum (see matching.verify_policies), not its plain objective.
    """

    refutations: list[str] = field(default_factory=list)
    objective: int = 0
    bound: int = 0
    proves: str = "optimal"

    @property
    def ok(self) -> bool:
        return not self.refutations


@dataclass
class Rules:
    """The input, as plain columns; `parent` and `group` are names, "" for none."""

    helper: dict[str, tuple[int, int, str]]
    recipient: dict[str, tuple[int, int, str, str, list[int]]]
    group: dict[tuple[str, str], tuple[str, int, int]]
    tier: dict[tuple[str, str], tuple[int, int]]
    edge_helper: Array
    edge_recipient: Array
    score: Array
    locked: Array
    banned: Array
    incumbent: Array
    stability: int
    fair: bool
    at_most_changes: int | None
    sha256: str


@dataclass
class Claim:
    """The output: pairs with what is said of them, prices by node, and the summary."""

    pairs: list[tuple[str, str, int, str]]
    prices: dict[tuple[str, str, str, str], int]
    summary: dict[str, Any]


def verify(problem_folder: Path | str, solution_folder: Path | str) -> Verdict:
    """Check every rule, every stated number and the proof of optimality. Raises Unreadable."""
    rules = read_rules(Path(problem_folder))
    claim = read_claim(Path(solution_folder))
    return check(rules, claim)


def check(rules: Rules, claim: Claim) -> Verdict:
    """The verdict on a claim; an empty list of refutations means proven optimal."""
    out: list[str] = []
    if claim.summary.get("status") != "optimal":
        return Verdict([f"the solution says {claim.summary.get('status')!r}, there is nothing to verify"])
    if rules.fair and rules.at_most_changes is not None:
        return Verdict(["the policy asks for fairness within a limit of changes; no certificate covers both"])
    if claim.summary.get("input_sha256") != rules.sha256:
        out.append("input_sha256: the solution belongs to another input")
    picked = _picked(rules, claim, out)
    if picked is None:
        return Verdict(out)
    degrees = _degrees(rules, picked)
    out += _feasibility(rules, picked, degrees)
    objective = _values(rules, claim, picked, degrees[1], out)
    proves = "optimal"
    if rules.fair:
        proves = "fair"
        rules = _fair(rules)
        objective = sum(_worth(rules, picked, degrees[1]))
        bound = _bound(rules, claim, out)
    elif rules.at_most_changes is not None:
        proves = f"optimal within {rules.at_most_changes} changes"
        bound = _bound_within(rules, rules.at_most_changes, claim, picked, out)
    else:
        bound = _bound(rules, claim, out)
    if bound is not None and bound != objective:
        out.append(f"prices: they prove a bound of {bound}, the pairs are worth {objective}; optimality is not proven")
    return Verdict(out, objective, bound or 0, proves)


# --- feasibility ----------------------------------------------------------------------------------------------


def _picked(rules: Rules, claim: Claim, out: list[str]) -> Array | None:
    """Indices of the claimed pairs among the edges; None when a pair is not eligible at all."""
    wanted = {(helper, recipient) for helper, recipient, _, _ in claim.pairs}
    if len(wanted) != len(claim.pairs):
        out.append("pairs.csv: a pair stands twice")
    hs, rs = {name: i for i, name in enumerate(rules.helper)}, {name: i for i, name in enumerate(rules.recipient)}
    key = rules.edge_helper.astype(np.int64) * max(len(rs), 1) + rules.edge_recipient
    order = np.argsort(key)
    found = []
    for helper, recipient, score, state in claim.pairs:
        if helper not in hs or recipient not in rs:
            out.append(f"pairs.csv: {helper} – {recipient} names an unknown id")
            return None
        target = hs[helper] * max(len(rs), 1) + rs[recipient]
        at = int(np.searchsorted(key, target, sorter=order))
        if at >= len(key) or key[order[at]] != target:
            out.append(f"pairs.csv: {helper} – {recipient} is not an eligible pair")
            return None
        edge = int(order[at])
        found.append(edge)
        if score != rules.score[edge]:
            out.append(f"pairs.csv: {helper} – {recipient} has score {rules.score[edge]}, not {score}")
        true_state = "locked" if rules.locked[edge] else "banned" if rules.banned[edge] else "free"
        if state != true_state:
            out.append(f"pairs.csv: {helper} – {recipient} is {true_state}, not {state}")
    return np.array(sorted(set(found)), np.int64)


def _degrees(rules: Rules, picked: Array) -> tuple[Array, Array]:
    return (
        np.bincount(rules.edge_helper[picked], minlength=len(rules.helper)),
        np.bincount(rules.edge_recipient[picked], minlength=len(rules.recipient)),
    )


def _feasibility(rules: Rules, picked: Array, degrees: tuple[Array, Array]) -> list[str]:
    out = []
    chosen = np.zeros(len(rules.edge_helper), bool)
    chosen[picked] = True
    if (missing := rules.locked & ~chosen).any():
        out.append(f"locked: {int(missing.sum())} locked pairs are missing")
    if (wrong := rules.banned & chosen).any():
        out.append(f"banned: {int(wrong.sum())} banned pairs are picked")
    helper_names, recipient_names = list(rules.helper), list(rules.recipient)
    for side, names, bounds, degree in (
        ("helper", helper_names, rules.helper, degrees[0]),
        ("recipient", recipient_names, rules.recipient, degrees[1]),
    ):
        low = np.array([bounds[name][0] for name in names], np.int64)
        high = np.array([bounds[name][1] for name in names], np.int64)
        for i in np.flatnonzero((degree < low) | (degree > high)):
            out.append(f"{side} {names[i]}: has {degree[i]} pairs, allowed {_range(int(low[i]), int(high[i]))}")
    out += _tier_feasibility(rules, picked, helper_names, recipient_names)
    out += _group_feasibility(rules, degrees, helper_names, recipient_names)
    return out


def _range(low: int, high: int) -> str:
    return f"{low} or more" if high == _UNLIMITED else f"{low} to {high}"


def _tier_feasibility(rules: Rules, picked: Array, helpers: list[str], recipients: list[str]) -> list[str]:
    count: dict[tuple[str, str], int] = {}
    for edge in picked if rules.tier else ():
        at = helpers[rules.edge_helper[edge]], rules.recipient[recipients[rules.edge_recipient[edge]]][2]
        count[at] = count.get(at, 0) + 1
    return [
        f"tier {tier} of helper {helper}: {count.get((helper, tier), 0)} pairs, allowed {_range(low, high)}"
        for (helper, tier), (low, high) in rules.tier.items()
        if not low <= count.get((helper, tier), 0) <= high
    ]


def _group_feasibility(
    rules: Rules, degrees: tuple[Array, Array], helpers: list[str], recipients: list[str]
) -> list[str]:
    total: dict[tuple[str, str], int] = {}
    for name, degree in zip(helpers, degrees[0].tolist(), strict=True):
        _climb(rules, "helper", rules.helper[name][2], degree, total)
    for name, degree in zip(recipients, degrees[1].tolist(), strict=True):
        _climb(rules, "recipient", rules.recipient[name][3], degree, total)
    return [
        f"{side} group {name}: {total.get((side, name), 0)} pairs, allowed {_range(low, high)}"
        for (side, name), (_, low, high) in rules.group.items()
        if not low <= total.get((side, name), 0) <= high
    ]


def _climb(rules: Rules, side: str, group: str, degree: int, total: dict[tuple[str, str], int]) -> None:
    while group:
        total[side, group] = total.get((side, group), 0) + degree
        group = rules.group[side, group][0]


# --- values and bound -----------------------------------------------------------------------------------------


def _values(rules: Rules, claim: Claim, picked: Array, degree: Array, out: list[str]) -> int:
    coverage, fit, stability = _worth(rules, picked, degree)
    true = {
        "coverage": coverage,
        "fit": fit,
        "stability": stability,
        "objective": coverage + fit + stability,
        "pairs": len(picked),
    }
    for name, value in true.items():
        stated = claim.summary.get(name)
        if isinstance(stated, bool) or stated != value:
            out.append(f"solution.json: {name} is {value}, not {stated}")
    if claim.summary.get("proof") != "listed pairs":
        out.append(f"solution.json: proof {claim.summary.get('proof')!r} is not what this certificate proves")
    return coverage + fit + stability


def _worth(rules: Rules, picked: Array, degree: Array) -> tuple[int, int, int]:
    """(coverage, fit, stability) of the picked edges."""
    coverage = sum(
        sum(values[:count])
        for (_, _, _, _, values), count in zip(rules.recipient.values(), degree.tolist(), strict=True)
    )
    return coverage, int(rules.score[picked].sum()), rules.stability * int(rules.incumbent[picked].sum())


def _fair(rules: Rules) -> Rules:
    """The same rules with coverage values whose greatest sum is the fairest."""
    nodes = 1 + len(rules.helper) + len(rules.recipient) + len(rules.group) + len(rules.tier)
    largest = int(np.abs(rules.score + rules.stability * rules.incumbent).max(initial=0))
    lists = fair_values([values for *_, values in rules.recipient.values()], nodes, len(rules.score), largest)
    recipient = {
        name: (low, high, tier, group, values)
        for (name, (low, high, tier, group, _)), values in zip(rules.recipient.items(), lists, strict=True)
    }
    return replace(rules, recipient=recipient)


def _bound_within(rules: Rules, limit: int, claim: Claim, picked: Array, out: list[str]) -> int | None:
    """The most that any solution within the limit of changes can be worth, by the claimed prices and rate."""
    kept, standing = int(rules.incumbent[picked].sum()), int(rules.incumbent.sum())
    changes = (standing - kept) + (len(picked) - kept)
    if changes > limit:
        out.append(f"changes: {changes} pairs differ from the incumbent, at most {limit} may")
    rate = change_rate(claim.summary.get("change_rate"))
    if rate is None:
        out.append(f"solution.json: change_rate {claim.summary.get('change_rate')!r} is none")
        return None
    p, q = rate
    sign = np.where(rules.incumbent, 1, -1).astype(object)
    value = (rules.score + rules.stability * rules.incumbent).astype(object)
    recipient = {
        name: (low, high, tier, group, [q * value for value in values])
        for name, (low, high, tier, group, values) in rules.recipient.items()
    }
    priced = replace(rules, recipient=recipient, score=q * value + p * sign, stability=0)
    bound = _bound(priced, claim, out)
    # A solution with c changes carries p · (standing − c) besides q times its value, and c is at most the limit.
    return None if bound is None else (bound - p * standing + p * min(limit, len(rules.score))) // q


def _bound(rules: Rules, claim: Claim, out: list[str]) -> int | None:
    """The most that any solution can be worth, by the claimed prices; None when a price is missing or too many."""
    price = claim.prices
    nodes: set[tuple[str, str, str, str]] = {("root", "", "", "")}
    nodes |= {("helper", "helper", name, "") for name in rules.helper}
    nodes |= {("recipient", "recipient", name, "") for name in rules.recipient}
    nodes |= {("group", side, name, "") for side, name in rules.group}
    nodes |= {("helper_tier", "helper", helper, tier) for helper, tier in rules.tier}
    if set(price) != nodes:
        out.append(f"prices.csv: {len(nodes - set(price))} prices are missing, {len(set(price) - nodes)} are unknown")
        return None
    cap, root = len(rules.edge_helper), price["root", "", "", ""]

    def above(side: str, group: str) -> int:
        return price["group", side, group, ""] if group else root

    def most(gain: int, low: int, high: int) -> int:
        return gain * (max(low, min(high, cap)) if gain > 0 else low)

    total = 0
    for name, (low, high, group) in rules.helper.items():
        total += most(price["helper", "helper", name, ""] - above("helper", group), low, high)
    for (side, name), (parent, low, high) in rules.group.items():
        gain = price["group", side, name, ""] - above(side, parent)
        total += most(gain if side == "helper" else -gain, low, high)
    for (helper, tier), (low, high) in rules.tier.items():
        gain = price["helper_tier", "helper", helper, tier] - price["helper", "helper", helper, ""]
        total += most(gain, low, high)
    for name, (low, high, _, group, values) in rules.recipient.items():
        gain = above("recipient", group) - price["recipient", "recipient", name, ""]
        total += _most_coverage(values, gain, low, min(high, max(cap, low)))
    return total + _edge_bound(rules, price)


def _most_coverage(values: list[int], gain: int, low: int, high: int) -> int:
    """max over low ≤ n ≤ high of (first n coverage values) + n·gain; concave in n, so stop at the first loss."""
    n, total = low, sum(values[:low]) + low * gain
    while n < high and n < len(values) and values[n] + gain > 0:
        total += values[n] + gain
        n += 1
    if n >= len(values) and gain > 0:
        total += (high - n) * gain
    return total


def _edge_bound(rules: Rules, price: dict[tuple[str, str, str, str], int]) -> int:
    """What the edges contribute at most: each free edge its reduced value or nothing, each locked one its value."""
    helpers, recipients = list(rules.helper), list(rules.recipient)
    biggest = max([abs(value) for value in price.values()] + [abs(int(value)) for value in rules.score])
    kind: Any = np.int64 if biggest < 2**60 // max(len(rules.score), 1) else object
    at_helper = np.array([price["helper", "helper", name, ""] for name in helpers], kind)
    at_recipient = np.array([price["recipient", "recipient", name, ""] for name in recipients], kind)
    tail = at_helper[rules.edge_helper] if len(helpers) else np.array([], kind)
    if rules.tier:
        tiers = sorted({tier for _, tier in rules.tier})
        grid = np.full((len(helpers), len(tiers) + 1), None, object)
        position = {name: i for i, name in enumerate(helpers)}
        for (helper, tier), _ in rules.tier.items():
            grid[position[helper], tiers.index(tier)] = price["helper_tier", "helper", helper, tier]
        column = {tier: i for i, tier in enumerate(tiers)}
        of = np.array([column.get(rules.recipient[name][2], len(tiers)) for name in recipients], np.int64)
        special = grid[rules.edge_helper, of[rules.edge_recipient]]
        has = np.array([one is not None for one in special], bool)
        tail[has] = special[has].astype(kind)
    head = at_recipient[rules.edge_recipient] if len(recipients) else np.array([], kind)
    reduced = rules.score.astype(kind) + rules.stability * rules.incumbent.astype(kind) + head - tail
    free = ~rules.locked & ~rules.banned
    return int(reduced[rules.locked].sum()) + int(reduced[free & (reduced > 0)].sum())


# --- reading, apart from the solver's own reader --------------------------------------------------------------


def read_rules(folder: Path) -> Rules:
    """The input as this checker understands it. Raises Unreadable."""
    digest = hashlib.sha256()
    for name in _FILES:
        if (folder / name).exists():
            digest.update(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n".encode())
    helpers, recipients, edges = (_rows(folder / f"{name}.csv") for name in ("helpers", "recipients", "edges"))
    groups = _rows(folder / "groups.csv") if (folder / "groups.csv").exists() else []
    tiers = _rows(folder / "tiers.csv") if (folder / "tiers.csv").exists() else []
    policy = _json(folder / "policy.json") if (folder / "policy.json").exists() else {}
    try:
        return _rules(helpers, recipients, edges, groups, tiers, policy, digest.hexdigest())
    except (KeyError, ValueError, OverflowError, TypeError) as error:
        raise Unreadable(f"{folder}: {type(error).__name__}: {error}") from None


def _rules(
    helpers: list[dict[str, str]],
    recipients: list[dict[str, str]],
    edges: list[dict[str, str]],
    groups: list[dict[str, str]],
    tiers: list[dict[str, str]],
    policy: dict[str, Any],
    sha256: str,
) -> Rules:
    def bounds(row: dict[str, str]) -> tuple[int, int]:
        low, high = int(row.get("min") or 0), int(row.get("max") or _UNLIMITED)
        if not 0 <= low <= high:
            raise ValueError(f"bounds {low} to {high} of {row}")
        return low, high

    helper = {row["id"]: (*bounds(row), row.get("group") or "") for row in helpers}
    recipient = {
        row["id"]: (
            *bounds(row),
            row.get("tier") or "",
            row.get("group") or "",
            [int(value) for value in (row.get("coverage") or "").split(";") if value],
        )
        for row in recipients
    }
    hs, rs = {name: i for i, name in enumerate(helper)}, {name: i for i, name in enumerate(recipient)}
    state = [row.get("state") or "free" for row in edges]
    _check_groups(helper, recipient, groups, tiers)
    _check_rows(helpers, recipients, edges, recipient)
    changes = policy.get("at_most_changes")
    if changes is not None and (isinstance(changes, bool) or not isinstance(changes, int) or changes < 0):
        raise ValueError(f"at_most_changes {changes!r}")
    return Rules(
        helper=helper,
        recipient=recipient,
        group={(row["side"], row["id"]): (row.get("parent") or "", *bounds(row)) for row in groups},
        tier={(row["helper"], row["tier"]): bounds(row) for row in tiers},
        edge_helper=np.array([hs[row["helper"]] for row in edges], np.int64),
        edge_recipient=np.array([rs[row["recipient"]] for row in edges], np.int64),
        score=np.array([int(row.get("score") or 0) for row in edges], np.int64),
        locked=np.array([one == "locked" for one in state], bool),
        banned=np.array([one == "banned" for one in state], bool),
        incumbent=np.array([(row.get("incumbent") or "0") == "1" for row in edges], bool),
        stability=int(policy.get("stability", 0)),
        fair=bool(policy.get("fair", False)),
        at_most_changes=changes,
        sha256=sha256,
    )


def _check_groups(
    helper: dict[str, tuple[int, int, str]],
    recipient: dict[str, tuple[int, int, str, str, list[int]]],
    groups: list[dict[str, str]],
    tiers: list[dict[str, str]],
) -> None:
    """Raise ValueError for groups or tier bounds that are no tree or stand twice."""
    groups_named = {("helper", group) for *_, group in helper.values()}
    groups_named |= {("recipient", group) for _, _, _, group, _ in recipient.values()}
    groups_named |= {(row["side"], row.get("parent") or "") for row in groups}
    if unknown := {one for one in groups_named if one[1]} - {(row["side"], row["id"]) for row in groups}:
        raise ValueError(f"unknown groups {sorted(unknown)}")
    parents = {(row["side"], row["id"]): row.get("parent") or "" for row in groups}
    if len(parents) < len(groups) or len({(row["helper"], row["tier"]) for row in tiers}) < len(tiers):
        raise ValueError("a group or a tier bound stands twice")
    for side, name in parents:
        steps, at = 0, name
        while at:
            at, steps = parents[side, at], steps + 1
            if steps > len(parents):
                raise ValueError(f"{side} group {name} contains itself")


def _check_rows(
    helpers: list[dict[str, str]],
    recipients: list[dict[str, str]],
    edges: list[dict[str, str]],
    recipient: dict[str, tuple[int, int, str, str, list[int]]],
) -> None:
    """Raise ValueError for what stands twice, and for values that are none."""
    if any(len({row["id"] for row in rows}) < len(rows) for rows in (helpers, recipients)):
        raise ValueError("an id stands twice")
    if len({(row["helper"], row["recipient"]) for row in edges}) < len(edges):
        raise ValueError("an eligible pair stands twice")
    if any(sorted(values, reverse=True) != values or min(values, default=0) < 0 for *_, values in recipient.values()):
        raise ValueError("coverage values must not increase or be negative")
    if {row.get("state") or "free" for row in edges} - {"free", "locked", "banned"} or {
        row.get("incumbent") or "0" for row in edges
    } - {"0", "1"}:
        raise ValueError("a state or an incumbent mark is none")


def read_claim(folder: Path) -> Claim:
    """The output as this checker understands it. Raises Unreadable."""
    summary = _json(folder / "solution.json")
    if summary.get("status") != "optimal":
        return Claim([], {}, summary)
    pairs, prices = _rows(folder / "pairs.csv"), _rows(folder / "prices.csv")
    try:
        priced = {(row["kind"], row["side"], row["id"], row["tier"]): int(row["price"]) for row in prices}
        if len(priced) < len(prices):
            raise ValueError("a price stands twice")
        return Claim(
            [(row["helper"], row["recipient"], int(row["score"]), row["state"]) for row in pairs], priced, summary
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(f"{folder}: {type(error).__name__}: {error}") from None


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path.name}: {error}") from None


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(f"{path.name}: {error}") from None
    if not isinstance(value, dict):
        raise Unreadable(f"{path.name}: must be an object")
    return value
