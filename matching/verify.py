"""Checking a solution without solving anything, from the files alone.

Shares no code with the solver: the files are read in matching.verify_files, laid out in matching.verify_rules, and the
proof of optimality is that of matching.verify_bound. One pass over the edges, integers only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from matching.verify_bound import as_fair, bound, bound_within, prices_of
from matching.verify_files import Array, Unreadable, rows_in
from matching.verify_implicit import unlisted_gain, with_pairs
from matching.verify_rules import UNLIMITED, Bounded, Claim, Rows, Rules, read_claim, read_rules

_STATES = ("free", "locked", "banned")
_TOLD = 100  # refutations of one kind; the rest is counted


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


def verify(problem_folder: Path | str, solution_folder: Path | str) -> Verdict:
    """Check every rule, every stated number and the proof of optimality. Raises Unreadable."""
    return check(read_rules(Path(problem_folder)), read_claim(Path(solution_folder)))


def check(rules: Rules, claim: Claim) -> Verdict:
    """The verdict on a claim; an empty list of refutations means proven optimal."""
    out: list[str] = []
    if claim.summary.get("status") != "optimal":
        return Verdict([f"the solution says {claim.summary.get('status')!r}, there is nothing to verify"])
    if rules.formula and (rules.fair or rules.at_most_changes is not None):
        return Verdict(["the policy asks for more than a certificate over pairs that are not listed covers"])
    if rules.fair and rules.at_most_changes is not None:
        return Verdict(["the policy asks for fairness within a limit of changes; no certificate covers both"])
    if claim.summary.get("input_sha256") != rules.sha256:
        out.append("input_sha256: the solution belongs to another input")
    h, r = rows_in(rules.helpers.ids, claim.pairs["helper"]), rows_in(rules.recipients.ids, claim.pairs["recipient"])
    rules = with_pairs(rules, h, r)
    picked = _picked(rules, claim, h, r, out)
    if picked is None:
        return Verdict(out)
    out += _feasibility(rules, picked)
    objective = _values(rules, claim, picked, out)
    return _proof(rules, claim, picked, objective, out)


def _proof(rules: Rules, claim: Claim, picked: Rows, objective: int, out: list[str]) -> Verdict:
    """The bound that the prices prove, against what the pairs are worth."""
    proves, most = "optimal", None
    prices = prices_of(rules, claim, out)
    if rules.fair:
        proves, rules = "fair", as_fair(rules)
        objective = sum(_worth(rules, picked))
    limit = rules.at_most_changes
    if limit is not None:
        proves = f"optimal within {limit} changes"
        kept, standing = int(rules.incumbent[picked].sum()), int(rules.incumbent.sum())
        if (changes := (standing - kept) + (len(picked) - kept)) > limit:
            out.append(f"changes: {changes} pairs differ from the incumbent, at most {limit} may")
    if prices is not None:
        if (beyond := unlisted_gain(rules, prices)) is None:
            out.append("prices.csv: too large to be checked against all eligible pairs")
        elif limit is None:
            most = bound(rules, prices) + beyond
        else:
            most = bound_within(rules, limit, prices, claim.summary.get("change_rate"), out)
    if most is not None and most != objective:
        out.append(f"prices: they prove a bound of {most}, the pairs are worth {objective}; optimality is not proven")
    return Verdict(out, objective, most or 0, proves)


# --- what the pairs are -------------------------------------------------------------------------------------------


def _picked(rules: Rules, claim: Claim, h: Rows, r: Rows, out: list[str]) -> Rows | None:
    """The claimed pairs (h, r) as rows of the edges, in order; None when a pair is not eligible at all."""
    helper, recipient = claim.pairs["helper"], claim.pairs["recipient"]

    def named(row: int) -> str:
        return f"pairs.csv: {helper.texts()[row]} – {recipient.texts()[row]}"

    if (strange := np.flatnonzero((h < 0) | (r < 0))).size:
        out.append(f"{named(strange[0])} names an unknown id")
        return None
    width = len(rules.recipients)
    edges, wanted = rules.edge_helper * width + rules.edge_recipient, h * width + r
    order = np.argsort(edges, kind="stable")
    place = np.searchsorted(edges[order], wanted)
    found = order[np.minimum(place, len(order) - 1)] if len(order) else place
    strange = np.flatnonzero(edges[found] != wanted) if len(order) else np.arange(len(wanted))
    if strange.size:
        out.append(f"{named(strange[0])} is not an eligible pair")
        return None
    picked = np.unique(found)
    if len(picked) < len(found):
        out.append("pairs.csv: a pair stands twice")
    out += _some(
        f"{named(row)} has score {rules.score[found[row]]}, not {claim.score[row]}"
        for row in np.flatnonzero(rules.score[found] != claim.score).tolist()
    )
    state = np.array(_STATES)[rules.locked[found] + 2 * rules.banned[found]]
    stated = np.array(claim.pairs["state"].texts(), np.str_)
    out += _some(f"{named(row)} is {state[row]}, not {stated[row]}" for row in np.flatnonzero(state != stated).tolist())
    return picked


def _some(refutations: Iterator[str]) -> list[str]:
    """The first ones in full; a thousand alike help nobody."""
    told: list[str] = []
    for one in refutations:
        if len(told) == _TOLD:
            return [*told, "… and more of this kind"]
        told.append(one)
    return told


# --- feasibility --------------------------------------------------------------------------------------------------


def _feasibility(rules: Rules, picked: Rows) -> list[str]:
    out = []
    chosen = np.zeros(len(rules.edge_helper), np.bool_)
    chosen[picked] = True
    if (missing := rules.locked & ~chosen).any():
        out.append(f"locked: {int(missing.sum())} locked pairs are missing")
    if (wrong := rules.banned & chosen).any():
        out.append(f"banned: {int(wrong.sum())} banned pairs are picked")
    for side, rows, ends in (
        ("helper", rules.helpers, rules.edge_helper),
        ("recipient", rules.recipients, rules.edge_recipient),
    ):
        degree = np.bincount(ends[picked], minlength=len(rows))
        out += _outside(f"{side} {{}}: has", rows, degree)
        out += _outside(f"{side} group {{}}:", rules.groups[side], _totals(rules.groups[side], rows, degree))
    tiers = rules.tiers
    if len(tiers):
        at = rules.bound_on(rules.edge_helper[picked], rules.edge_recipient[picked])
        count = np.bincount(at[at >= 0], minlength=len(tiers))
        names = [
            f"{bytes(rules.tier_names[tier]).decode()} of helper {rules.helpers.name(helper)}"
            for helper, tier in zip(tiers.helper.tolist(), tiers.tier.tolist(), strict=True)
        ]
        ids = np.array([name.encode() for name in names])
        out += _outside("tier {}:", Bounded(ids, tiers.low, tiers.high, tiers.helper), count)
    return out


def _outside(words: str, rows: Bounded, count: Array) -> list[str]:
    return _some(
        f"{words.format(rows.name(row))} {count[row]} pairs, allowed {_range(int(rows.low[row]), int(rows.high[row]))}"
        for row in np.flatnonzero((count < rows.low) | (count > rows.high)).tolist()
    )


def _range(low: int, high: int) -> str:
    return f"{low} or more" if high == UNLIMITED else f"{low} to {high}"


def _totals(groups: Bounded, members: Bounded, degree: Array) -> Array:
    """The pairs of all members of each group, of those in groups within it included."""
    total = np.zeros(len(groups) + 1, np.int64)  # the last one is that of no group
    np.add.at(total, members.above, degree)
    for row in _deepest_first(groups):
        total[groups.above[row]] += total[row]
    return total[:-1]


def _deepest_first(groups: Bounded) -> list[int]:
    depth = np.zeros(len(groups), np.int64)
    at = groups.above.copy()
    while (inside := at >= 0).any():
        depth += inside
        at = np.where(inside, groups.above[at], -1)
    order: list[int] = np.argsort(-depth, kind="stable").tolist()
    return order


# --- values -------------------------------------------------------------------------------------------------------


def _values(rules: Rules, claim: Claim, picked: Rows, out: list[str]) -> int:
    coverage, fit, stability = _worth(rules, picked)
    objective = coverage + fit + stability
    true = {"coverage": coverage, "fit": fit, "stability": stability, "objective": objective, "pairs": len(picked)}
    for name, value in true.items():
        stated = claim.summary.get(name)
        if isinstance(stated, bool) or stated != value:
            out.append(f"solution.json: {name} is {value}, not {stated}")
    if claim.summary.get("proof") != ("all eligible pairs" if rules.formula else "listed pairs"):
        out.append(f"solution.json: proof {claim.summary.get('proof')!r} is not what this certificate proves")
    return objective


def _worth(rules: Rules, picked: Rows) -> tuple[int, int, int]:
    """(coverage, fit, stability) of the picked edges."""
    start = rules.coverage_start
    degree = np.bincount(rules.edge_recipient[picked], minlength=len(rules.recipients))
    owner = np.repeat(np.arange(len(degree)), np.diff(start))
    reached = np.arange(len(owner)) - start[:-1][owner] < degree[owner]
    return (
        sum(rules.coverage[reached].tolist()),
        sum(rules.score[picked].tolist()),
        rules.stability * int(rules.incumbent[picked].sum()),
    )


__all__ = ["Claim", "Rules", "Unreadable", "Verdict", "check", "read_claim", "read_rules", "verify"]
