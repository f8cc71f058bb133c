"""Who is left without a helper and why, who hangs on a single one, and what happens when a helper withdraws."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

import matching
from backend.runs import scenarios
from backend.runs.scenarios import Answer
from backend.runs.stored import Stored
from matching.problem import find
from matching.resolve import Bound, Pair


@dataclass(frozen=True)
class Uncovered:
    """A recipient to whom the run gives nobody. `why`: RULED_OUT (every eligible pair is banned), NO_ROOM (all helpers
    it could have are full) or NOT_WORTH (a further helper has no value under the policy)."""

    code: str
    why: str


def uncovered(stored: Stored) -> list[Uncovered]:
    """Those without a helper, in the order of codes."""
    problem, picked = stored.problem, stored.solution.picked
    helped = np.bincount(problem.edge_recipient[picked], minlength=problem.recipients)
    load = np.bincount(problem.edge_helper[picked], minlength=problem.helpers)
    able = problem.edge_state != matching.BANNED
    possible = np.bincount(problem.edge_recipient[able], minlength=problem.recipients)
    room = able & (load < problem.helper_max)[problem.edge_helper]
    roomy = np.bincount(problem.edge_recipient[room], minlength=problem.recipients)
    return [
        Uncovered(
            str(problem.recipient_ids[at]),
            "RULED_OUT" if not possible[at] else "NOT_WORTH" if roomy[at] else "NO_ROOM",
        )
        for at in np.flatnonzero(helped == 0).tolist()
    ]


def single_helpers(stored: Stored) -> list[tuple[str, str]]:
    """(helper, recipient) where the recipient could have nobody else, in the order of recipients."""
    problem = stored.problem
    able = np.flatnonzero(problem.edge_state != matching.BANNED)
    possible = np.bincount(problem.edge_recipient[able], minlength=problem.recipients)
    edges = able[possible[problem.edge_recipient[able]] == 1]
    edges = edges[np.argsort(problem.edge_recipient[edges], kind="stable")]
    return [
        (str(problem.helper_ids[problem.edge_helper[edge]]), str(problem.recipient_ids[problem.edge_recipient[edge]]))
        for edge in edges.tolist()
    ]


def withdrawal(stored: Stored, helper: str, seen: frozenset[str] | None) -> Answer:
    """The optimum when a helper takes part in nothing any more, pairs in force included. Raises KeyError."""
    problem = stored.problem
    at = find(problem.helper_ids, helper)
    if at < 0:
        raise KeyError(helper)
    edges = np.flatnonzero((problem.edge_helper == at) & (problem.edge_state != matching.BANNED))
    recipients = problem.recipient_ids[problem.edge_recipient[edges]].tolist()
    bans = [Pair("ban", helper, recipient) for recipient in recipients]
    began = time.perf_counter()
    found = stored.what_if([Bound("helper", helper, min=0), *bans])
    return scenarios.told(stored, found, lambda codes: seen, began)
