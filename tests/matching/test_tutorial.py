"""The tutorial runs whole on the real counties, and what it tells agrees with itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_tutorial_runs_and_its_claims_hold() -> None:
    command = [sys.executable, "-m", "docs.tutorial"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = done.stdout

    def numbers(pattern: str) -> list[str]:
        found = re.search(pattern, told)
        assert found, f"{pattern} in {told}"
        return list(found.groups())

    assert "832 poor counties" in told
    objective, bound = numbers(r"objective ([\d,]+), [^$]*?worth more than ([\d,]+): proven")
    assert objective == bound
    loss, regret = numbers(r"the loss is ([\d,]+), told was ([\d,]+)")
    assert loss == regret
    repaired, fresh = numbers(r"after the ban: ([\d,]+), as a fresh solve says: ([\d,]+)")
    assert repaired == fresh
    assert "would come instead" in told
    assert "届时取消" in told
    assert "whose maxima add up to 16, while the minima need 17: 1 short" in told
    assert "after that a solution exists: optimal" in told
