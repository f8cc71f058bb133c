"""The checker's view of a problem and a solution in memory, through the exchange format's own text."""

from __future__ import annotations

import tempfile
from pathlib import Path

import matching
from matching.verify import Claim, Rules, read_claim, read_rules


def rules_of(problem: matching.Problem) -> Rules:
    with tempfile.TemporaryDirectory() as folder:
        matching.write_problem(problem, Path(folder) / "problem")
        rules = read_rules(Path(folder) / "problem")
    rules.sha256 = ""  # as in a solution that was never written next to its input
    return rules


def claim_of(solution: matching.Solution) -> Claim:
    with tempfile.TemporaryDirectory() as folder:
        matching.write_solution(solution, Path(folder) / "solution", "")
        return read_claim(Path(folder) / "solution")
