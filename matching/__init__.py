"""Exact, proven bipartite matching of helpers and recipients.

A solution carries prices that prove it optimal; `verify` checks them without solving anything. Example::

    import matching

    problem = matching.build(
        helpers=[{"id": "A", "max": 1}, {"id": "B", "max": 2}],
        recipients=[{"id": "x", "coverage": [900, 100]}, {"id": "y", "coverage": [900]}],
        edges=[
            {"helper": "A", "recipient": "x", "score": 70},
            {"helper": "B", "recipient": "x", "score": 50},
            {"helper": "B", "recipient": "y", "score": 20},
        ],
    )
    solution = matching.solve(problem)
    solution.pairs        # [('A', 'x'), ('B', 'x'), ('B', 'y')]
    solution.objective    # 2040

See docs/matching.md for the model, the proof and the exchange format.
"""

from matching.assemble import build
from matching.changes import TooFewChanges
from matching.components import split
from matching.engines import ENGINES, EngineFailure, UnknownEngine
from matching.io import input_sha256, read_problem, write_problem, write_solution
from matching.network import CostOverflow
from matching.problem import BANNED, FREE, LOCKED, NO_LIMIT, Policy, Problem
from matching.resolve import Standing
from matching.solve import Conflict, Solution, UnsupportedPolicy, merge, solve
from matching.tables import ProblemError
from matching.verify import Unreadable, Verdict, verify

__all__ = [
    "BANNED",
    "ENGINES",
    "FREE",
    "LOCKED",
    "NO_LIMIT",
    "Conflict",
    "CostOverflow",
    "EngineFailure",
    "Policy",
    "Problem",
    "ProblemError",
    "Solution",
    "Standing",
    "TooFewChanges",
    "UnknownEngine",
    "Unreadable",
    "UnsupportedPolicy",
    "Verdict",
    "build",
    "input_sha256",
    "merge",
    "read_problem",
    "solve",
    "split",
    "verify",
    "write_problem",
    "write_solution",
]
