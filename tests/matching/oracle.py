"""Two slow, obviously right solvers: every subset of edges, and an integer programme for SciPy's HiGHS.

Both are written from the rules of docs/matching.md and share nothing with the library but its input arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, lil_array, vstack

from matching import BANNED, LOCKED, Problem


@dataclass
class Rules:
    """`low ≤ rows @ x ≤ high` for 0/1 edge vectors x: every bound of the problem as one row."""

    rows: Any
    low: Any
    high: Any


def rules(problem: Problem) -> Rules:
    """Degrees, groups (with everything nested in them) and tiers."""
    lists: list[tuple[Any, int, int]] = []
    h, r = problem.edge_helper, problem.edge_recipient
    for i in range(problem.helpers):
        lists.append((h == i, int(problem.helper_min[i]), int(problem.helper_max[i])))
    for i in range(problem.recipients):
        lists.append((r == i, int(problem.recipient_min[i]), int(problem.recipient_max[i])))
    for groups, of in (
        (problem.helper_groups, problem.helper_group[h]),
        (problem.recipient_groups, problem.recipient_group[r]),
    ):
        for g in range(len(groups)):
            inside = np.array([_inside(groups.parent, int(one), g) for one in of], bool)
            lists.append((inside, int(groups.min[g]), int(groups.max[g])))
    tiers = problem.tiers
    for k in range(len(tiers)):
        mask = (h == tiers.helper[k]) & (problem.recipient_tier[r] == tiers.tier[k])
        lists.append((mask, int(tiers.min[k]), int(tiers.max[k])))
    rows = np.array([mask for mask, _, _ in lists], np.int64).reshape(len(lists), problem.edges)
    return Rules(rows, np.array([low for _, low, _ in lists]), np.array([high for _, _, high in lists]))


def _inside(parent: Any, group: int, wanted: int) -> bool:
    while group >= 0:
        if group == wanted:
            return True
        group = int(parent[group])
    return False


def every_subset(problem: Problem) -> tuple[int | None, set[frozenset[int]]]:
    """(best objective or None, all the optimal edge sets), by looking at all 2^E subsets."""
    count = problem.edges
    subsets = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    bound = rules(problem)
    totals = subsets @ bound.rows.T
    ok = ((totals >= bound.low) & (totals <= bound.high)).all(axis=1)
    ok &= (subsets[:, problem.edge_state == LOCKED] == 1).all(axis=1)
    ok &= (subsets[:, problem.edge_state == BANNED] == 0).all(axis=1)
    if not ok.any():
        return None, set()
    values = subsets @ (problem.edge_score + problem.policy.stability * problem.edge_incumbent)
    for i in range(problem.recipients):
        listed = problem.coverage[problem.coverage_start[i] : problem.coverage_start[i + 1]]
        prefix = np.concatenate([[0], np.cumsum(listed)])
        degree = subsets[:, problem.edge_recipient == i].sum(axis=1)
        values = values + prefix[np.minimum(degree, len(listed))]
    best = int(values[ok].max())
    winners = np.flatnonzero(ok & (values == best))
    return best, {frozenset(np.flatnonzero(subsets[one]).tolist()) for one in winners}


def highs(problem: Problem, *, integral: bool = True) -> float | None:
    """Best objective by HiGHS, None when infeasible. One variable per edge and one per coverage value."""
    bound = rules_sparse(problem)
    count, extra = problem.edges, len(problem.coverage)
    owner = np.repeat(np.arange(problem.recipients), np.diff(problem.coverage_start))
    # A coverage variable counts only up to the degree of its recipient: Σ of its variables ≤ degree.
    link = lil_array((problem.recipients, count + extra))
    link[problem.edge_recipient, np.arange(count)] = -1
    link[owner, count + np.arange(extra)] = 1
    wide = csr_array(
        (bound.rows.data, bound.rows.indices, bound.rows.indptr), shape=(bound.rows.shape[0], count + extra)
    )
    value = np.concatenate(
        [problem.edge_score + problem.policy.stability * problem.edge_incumbent, problem.coverage]
    ).astype(float)
    found = milp(
        -value,
        constraints=[
            LinearConstraint(
                vstack([wide, link.tocsr()]),
                np.concatenate([bound.low, np.full(problem.recipients, -np.inf)]),
                np.concatenate([bound.high, np.zeros(problem.recipients)]),
            ),
        ],
        integrality=np.full(count + extra, int(integral)),
        bounds=Bounds(
            np.concatenate([(problem.edge_state == LOCKED).astype(float), np.zeros(extra)]),
            np.concatenate([(problem.edge_state != BANNED).astype(float), np.ones(extra)]),
        ),
    )  # fmt: skip
    return None if found.status == 2 else -float(found.fun)


def rules_sparse(problem: Problem) -> Rules:
    """The same rows as `rules`, sparse; for large instances without groups and tiers only degrees are made."""
    if problem.edges <= 2000:
        dense = rules(problem)
        return Rules(csr_array(dense.rows.astype(float)), dense.low, dense.high)
    count = problem.edges
    ones, columns = np.ones(count), np.arange(count)
    helpers = csr_array((ones, (problem.edge_helper, columns)), shape=(problem.helpers, count))
    recipients = csr_array((ones, (problem.edge_recipient, columns)), shape=(problem.recipients, count))
    return Rules(
        vstack([helpers, recipients]).tocsr(),
        np.concatenate([problem.helper_min, problem.recipient_min]),
        np.concatenate([problem.helper_max, problem.recipient_max]),
    )
