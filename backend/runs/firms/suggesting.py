"""From the solver's files to suggestions, in the order of review, written by COPY."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from backend.programmes.models import FirmReason
from backend.runs.facts import Ints
from backend.runs.firms.facts import Tell, heard
from backend.runs.firms.freezing import TIERS, Frozen
from backend.runs.firms.sentences import cases
from backend.runs.models import Directive, Run, Suggestion
from backend.runs.standing import LOCKED, StandingEdge
from backend.web.copying import copy_rows
from matching.settled import SETTLED, load

_AT_ONCE = 4_000
_COPIED = 16_000
COLUMNS = (
    "run", "helper", "recipient", "score", "state", "tier", "reasons", "regret", "indispensable", "pinned", "note",
    "rank",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A suggestion as COPY writes it, by the names of its columns."""

    run_id: int
    helper_id: int
    recipient_id: int
    score: int
    state: str
    tier: str
    reasons: Jsonb
    note: str
    rank: int
    pinned: bool
    regret: int | None
    indispensable: bool = False


def read_pairs(frozen: Frozen, folder: Path, tell: Tell = lambda: None) -> tuple[Ints, Ints, Ints]:
    """The pairs of a solution (n,): firms, villages, scores. Raises ValueError where a score is not the one frozen."""
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        told = heard(csv.DictReader(file), tell)
        rows = [(row["helper"], row["recipient"], int(row["score"])) for row in told]
    firms, villages = frozen.scoring.firms.codes, frozen.scoring.villages.codes
    helper = np.searchsorted(firms, np.array([row[0] for row in rows], firms.dtype))
    recipient = np.searchsorted(villages, np.array([row[1] for row in rows], villages.dtype))
    score = np.array([row[2] for row in rows], np.int64)
    expected = frozen.scoring.score(helper, recipient, wanted_of(frozen, helper, recipient))
    if (score != expected).any():
        raise ValueError("the solution tells other scores than were frozen")
    return helper, recipient, score


def wanted_of(frozen: Frozen, helper: Ints, recipient: Ints) -> NDArray[np.bool_]:
    """Which of these pairs (n,) the firm asked for."""
    width = len(frozen.scoring.villages)
    asked = (frozen.listed[0] * width + frozen.listed[1])[frozen.wanted]
    return np.isin(helper * width + recipient, asked)


def costless_of(pairs: tuple[Ints, Ints, Ints], folder: Path) -> NDArray[np.bool_]:
    """Which of these pairs (n,) of a solution somebody alike could take over, so that refusing them costs nothing.

    What any other would cost is told when it is asked.
    """
    settled = load(folder / SETTLED)
    found: NDArray[np.bool_] = settled.costless[np.searchsorted(settled.picked, settled.key(pairs[0], pairs[1]))]
    return found


def store(
    run: Run,
    frozen: Frozen,
    pairs: tuple[Ints, Ints, Ints],
    costless: NDArray[np.bool_],
    tell: Callable[[float], None],
) -> int:
    """Write the suggestions of a solution; return how many are new. `tell` hears of every few thousand."""
    columns = [Suggestion._meta.get_field(name) for name in COLUMNS]
    standing = _standing(frozen)
    locked = _locked(standing, pairs)
    told = _rows(run, frozen, pairs, costless, _in_order(frozen, pairs, locked), standing, tell)
    while some := list(islice(told, _COPIED)):  # what triggers do with them they do at the end of each piece
        copy_rows(Suggestion, cast(Any, columns), cast(list[Suggestion], some))
    return int((~locked).sum())


def _standing(frozen: Frozen) -> dict[tuple[int, int], StandingEdge]:
    """What stands between a firm and a village, by their places."""
    keys = zip(frozen.listed[0].tolist(), frozen.listed[1].tolist(), strict=True)
    return {key: edge for key, edge in zip(keys, frozen.standing, strict=True) if edge is not None}


def _locked(standing: dict[tuple[int, int], StandingEdge], pairs: tuple[Ints, Ints, Ints]) -> NDArray[np.bool_]:
    fixed = {key for key, edge in standing.items() if edge.state == LOCKED}
    return np.array([key in fixed for key in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)], np.bool_)


def _in_order(frozen: Frozen, pairs: tuple[Ints, Ints, Ints], locked: NDArray[np.bool_]) -> Ints:
    """New before standing, deep before poor, best score first."""
    return np.lexsort((pairs[1], pairs[0], -pairs[2], ~frozen.deep[pairs[1]], locked))


def _rows(
    run: Run,
    frozen: Frozen,
    pairs: tuple[Ints, Ints, Ints],
    costless: NDArray[np.bool_],
    order: Ints,
    standing: dict[tuple[int, int], StandingEdge],
    tell: Callable[[float], None],
) -> Iterator[Row]:
    (helpers, recipients, scores), free = (side[order] for side in pairs), costless[order]
    scoring = frozen.scoring
    for first in range(0, len(order), _AT_ONCE):
        tell(first / len(order))
        h, r = helpers[first : first + _AT_ONCE], recipients[first : first + _AT_ONCE]
        wanted = wanted_of(frozen, h, r)
        points, missing = scoring.points(h, r, wanted), scoring.missing(h, r)
        shown = np.stack([points[reason] for reason in FirmReason.values], axis=1).tolist()
        unknown = np.stack([missing[reason] for reason in FirmReason.values], axis=1).tolist()
        for i, case in enumerate(cases(scoring, h, r, wanted)):
            edge = standing.get((int(h[i]), int(r[i])))
            locked = edge is not None and edge.state == LOCKED
            firm, village = int(scoring.firms.ids[h[i]]), int(scoring.villages.ids[r[i]])
            said = frozen.told.get((firm, village))
            yield Row(
                run.pk,
                firm,
                village,
                int(scores[first + i]),
                Suggestion.State.LOCKED if locked else Suggestion.State.FREE,
                TIERS[0 if frozen.deep[r[i]] else 1],
                Jsonb({"points": shown[i], "missing": unknown[i], "case": asdict(case)}),
                _note(edge, said),
                first + i + 1,
                said is not None and said.verb == Directive.Verb.PIN and not locked,
                0 if free[first + i] and not locked else None,
            )


def _note(edge: StandingEdge | None, said: Directive | None) -> str:
    """What the reviewer should know of a pair beyond its reasons; empty for most."""
    notes = [edge.note] if edge else []
    if said:
        notes.append(f"{said.by.display_name}{said.get_verb_display()}：{said.reason}")
    return "；".join(notes)[:200]
