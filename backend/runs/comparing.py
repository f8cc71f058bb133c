"""Two runs side by side: what each gives to whom, and which pairs the later one keeps, drops and adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value
from numpy.typing import NDArray

import matching
from backend.places.depth import Tier
from backend.runs import swaps
from backend.runs.firms.opened import open_any
from backend.runs.models import Run, Suggestion
from backend.runs.stored import Opened
from backend.runs.swaps import See, Shift
from backend.web.problems import Invalid
from matching.problem import Ints

BANDS = 10  # of scores, 1 000 points each; a full score counts to the highest


@dataclass(frozen=True)
class TierCover:
    """Counties of one tier; `helpers` counts those with 0, 1, 2, … helpers."""

    tier: Tier
    helpers: tuple[int, ...]

    @property
    def counties(self) -> int:
        return sum(self.helpers)

    @property
    def covered(self) -> int:
        return sum(self.helpers[1:])


@dataclass(frozen=True)
class Spread:
    """How a run shares out: counties by helpers, pairs by score, helpers by load; and how far it tilts to the deep.

    `bands` counts pairs by score, lowest band first; `loads` counts helpers with 0, 1, 2, … pairs. `lowest` and
    `median` are scores, None where there is no pair.
    """

    tiers: tuple[TierCover, ...]
    bands: tuple[int, ...]
    loads: tuple[int, ...]
    lowest: int | None
    median: int | None
    pairs: int
    deep_pairs: int


@dataclass(frozen=True)
class Comparison:
    """From the run `a` to the run `b`; `kept` counts the pairs of both; `names` are of everybody in the shift."""

    a: Run
    b: Run
    spread_a: Spread
    spread_b: Spread
    kept: int
    shift: Shift
    names: Mapping[str, str]

    @property
    def same_policy(self) -> bool:
        """Whether the totals of both mean the same."""
        return self.a.policy_id == self.b.policy_id


def compare(a: Run, b: Run, see: See) -> Comparison:
    """Compare two READY runs for somebody who sees the pairs with a side that `see` finds.

    Raises Invalid for runs of two channels or twice the same, Conflict for one without suggestions. Cost: some seconds
    for two of the whole country.
    """
    if a.channel_id != b.channel_id:
        raise Invalid("只能比较同一渠道的两次运行", field="other")
    if a.pk == b.pk:
        raise Invalid("请选择两次不同的运行", field="other")
    old, new = open_any(a), open_any(b)
    before, after = dict.fromkeys(old.pairs), dict.fromkeys(new.pairs)
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    shift = swaps.shift(old, gone, come, see({code for pair in (*gone, *come) for code in pair}))
    names = {code: new.names.get(code) or old.names[code] for code in shift.codes}
    return Comparison(a, b, spread(old), spread(new), len(before) - len(gone), shift, names)


def spread(opened: Opened) -> Spread:
    """What the run's solution gives, counted from its files."""
    problem, picked = opened.problem, opened.picked
    helped = np.bincount(problem.edge_recipient[picked], minlength=problem.recipients)
    scores = problem.edge_score[picked]
    of_tier = {tier: _members(problem, tier) for tier in Tier}
    return Spread(
        tuple(TierCover(tier, _counted(helped[members])) for tier, members in of_tier.items() if members.any()),
        tuple(np.bincount(np.clip(scores * BANDS // 10_000, 0, BANDS - 1), minlength=BANDS).tolist()),
        _counted(np.bincount(problem.edge_helper[picked], minlength=problem.helpers)),
        int(scores.min()) if len(scores) else None,
        int(np.median(scores)) if len(scores) else None,
        len(picked),
        int(of_tier[Tier.DEEP][problem.edge_recipient[picked]].sum()),
    )


def _members(problem: matching.Problem, tier: Tier) -> NDArray[np.bool_]:
    """Which recipients (R,) are of the tier."""
    names = problem.tier_names
    members: NDArray[np.bool_] = problem.recipient_tier == (names.index(tier) if tier in names else len(names))
    return members


def _counted(numbers: Ints) -> tuple[int, ...]:
    """How many are 0, 1, 2, …"""
    return tuple(np.bincount(numbers).tolist())


def previous(run: Run) -> Run | None:
    """The READY run of the same channel and year before this one."""
    earlier = Run.objects.filter(channel=run.channel_id, year=run.year, status=Run.Status.READY, pk__lt=run.pk)
    return earlier.order_by("-pk").first()


def with_changes(rows: QuerySet[Suggestion], before: Run | None) -> QuerySet[Suggestion]:
    """Annotate `changed`: whether the run `before` did not have the pair; None where there is no run before."""
    if before is None:
        return rows.annotate(changed=Value(None, BooleanField(null=True)))
    same = before.suggestions.filter(helper=OuterRef("helper"), recipient=OuterRef("recipient"))
    return rows.annotate(changed=~Exists(same))
