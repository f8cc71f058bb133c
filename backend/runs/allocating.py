"""Committed amounts to needs: the matcher's exact answer, handed on only after its proof was added up again.

Rooms above ask here, since no other room imports `matching`. Nothing is read from or written to the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matching.allocate import Allocation, Reach, Transfer, allocate, check


class Refuted(RuntimeError):
    """The answer did not pass its own check: a fault of the matcher, and nothing that anybody may see."""


def proven(
    committed: Mapping[tuple[str, str], int],
    gaps: Mapping[tuple[str, str], int],
    pairs: Iterable[tuple[str, str]],
    tier_of: Mapping[str, str],
    tiers: Sequence[str],
) -> Allocation:
    """`matching.allocate`, whose cuts `check` has added up without a solver. Raises Refuted."""
    links = list(pairs)
    found = allocate(committed, gaps, links, tier_of, tiers)
    if faults := check(found, committed, gaps, links, tier_of, tiers):
        raise Refuted("；".join(faults))
    return found


__all__ = ["Allocation", "Reach", "Refuted", "Transfer", "proven"]
