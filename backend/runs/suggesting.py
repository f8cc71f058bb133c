"""From a proven solution to suggestions in the order of review."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matching
from backend.runs import sentences
from backend.runs.models import Directive, Run, Suggestion
from backend.runs.snapshot import Snapshot
from backend.runs.standing import LOCKED
from matching.explain import Explainer

LOSSES_AT_ONCE = 50  # asked between two looks at whether the work is still wanted
Losses = dict[int, int | None]


def losses(solution: matching.Solution, check: Callable[[], None]) -> Losses:
    """What the objective loses without each pair that is not locked, by edge; None where it is indispensable.

    Calls `check` every now and then. Cost: some 2 ms per pair at county size.
    """
    explainer, state = Explainer(solution.problem, solution), solution.problem.edge_state
    found: Losses = {}
    for edge in solution.picked[state[solution.picked] == matching.FREE].tolist():
        if len(found) % LOSSES_AT_ONCE == 0:
            check()
        found[edge] = explainer.refuse(edge).loss
    return found


def suggestions(run: Run, snapshot: Snapshot, solution: matching.Solution, lost: Losses) -> Iterator[Suggestion]:
    """New before standing, deep before poor, best score first."""
    made = [
        _suggestion(run, snapshot, i, edge, lost)
        for i, edge in zip(_candidates(snapshot, solution), solution.picked.tolist(), strict=True)
    ]
    made.sort(key=lambda one: (one.state == Suggestion.State.LOCKED, one.tier != "deep", -one.score))
    for rank, one in enumerate(made, start=1):
        one.rank = rank
        yield one


def _candidates(snapshot: Snapshot, solution: matching.Solution) -> list[int]:
    """Where each picked pair stands among the candidates."""
    c = snapshot.candidates
    at = {
        (c.helpers.areas[h].code, c.recipients.areas[r].code): i
        for i, (h, r) in enumerate(zip(c.helper.tolist(), c.recipient.tolist(), strict=True))
    }
    return [at[pair] for pair in solution.pairs]


def _suggestion(run: Run, snapshot: Snapshot, i: int, edge: int, lost: Losses) -> Suggestion:
    c = snapshot.candidates
    helper, recipient = c.helpers.areas[c.helper[i]], c.recipients.areas[c.recipient[i]]
    standing, told = snapshot.standing.get((helper.pk, recipient.pk)), snapshot.told.get((helper.pk, recipient.pk))
    locked = standing is not None and standing.state == LOCKED
    return Suggestion(
        run=run,
        helper=snapshot.parties[helper.pk],
        recipient=recipient,
        score=int(snapshot.scored.score[i]),
        state=Suggestion.State.LOCKED if locked else Suggestion.State.FREE,
        tier=str(c.recipients.tier(int(c.recipient[i])) or ""),
        reasons=sentences.explain(c, snapshot.scored, i),
        regret=lost.get(edge),
        indispensable=edge in lost and lost[edge] is None,
        pinned=not locked and told is not None and told.verb == Directive.Verb.PIN,
        note=snapshot.note(helper, recipient),
    )
