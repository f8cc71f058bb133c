"""A run of firms and villages opened to be asked questions: from what the solver laid out beside its solution."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from django.db.models import Q, QuerySet

from backend.parties.models import Party
from backend.programmes.models import FirmReason
from backend.runs.models import Run, code_of
from backend.runs.stored import Opened, Pair, Repaired, check_ready, check_stored, digests_of, each_of, open_run
from backend.web.problems import Conflict
from matching import resolve
from matching.columns import Column
from matching.csvfiles import read_table
from matching.explain import Why
from matching.explain_all import ExplainerAll, key_of, pairs_of
from matching.problem import BANNED, FREE, Ints, Problem, find
from matching.resolve_all import WhatIf, leave, what_if
from matching.settled import SETTLED, Settled, load

_FILE = f"solution/{SETTLED}"
_CREDIT_CODE = 18  # letters and digits
_KEPT = 2  # opened runs a process remembers, as many as are compared; one of the whole country takes some 250 MB


class Names(Mapping[str, str]):
    """What everybody is called, by code: looked up in the columns of a file that is in the order of the problem."""

    def __init__(self, problem: Problem, codes: Column, names: Column) -> None:
        self._problem, self._codes, self._names = problem, codes, names

    def __getitem__(self, code: str) -> str:
        helper, recipient = find(self._problem.helper_ids, code), find(self._problem.recipient_ids, code)
        row = helper if helper >= 0 else recipient + self._problem.helpers
        if max(helper, recipient) < 0 or self._codes[row] != code:
            raise KeyError(code)
        return self._names[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes.tolist())

    def __len__(self) -> int:
        return len(self._codes)


@dataclass(frozen=True)
class OpenedFirms:
    """Firms and villages by their codes; answers as those of `stored.Stored`."""

    settled: Settled
    names: Names
    objective: int

    @property
    def problem(self) -> Problem:
        return self.settled.picks

    @cached_property
    def picked(self) -> Ints:
        return np.flatnonzero(np.isin(self.settled.picks_keys, self.settled.picked))

    @cached_property
    def pairs(self) -> Sequence[Pair]:
        return list(pairs_of(self.settled, self.settled.picked.tolist()))

    @cached_property
    def choices(self) -> tuple[Ints, Ints, Ints]:
        return each_of(self.problem, self.picked, self._summed)

    def _summed(self, of_helper: Ints) -> Ints:
        """Blocks with blocks, and then the listed pairs, which say something else of themselves."""
        one, problem = self.settled.small, self.settled.problem
        ours, theirs = one.helper_block[self.settled.helpers.of], one.recipient_block[self.settled.recipients.of]
        blocks = int(max(side.max(initial=-1) for side in (ours, theirs, one.eligible))) + 2  # the last: of none
        in_block, in_reach = np.zeros(blocks, np.int64), np.zeros(blocks, np.int64)
        np.add.at(in_block, ours, of_helper)
        pairs = np.unique(one.eligible, axis=0)
        np.add.at(in_reach, pairs[:, 1], in_block[pairs[:, 0]])
        found: Ints = in_reach[theirs]
        able, inside = problem.edge_state != BANNED, one.covers(*self.settled.classes(self.settled.own))
        differs = able.astype(np.int64) - inside
        np.add.at(found, problem.edge_recipient, of_helper[problem.edge_helper] * differs)
        return found

    def why(self, helper: str, recipient: str, most: int) -> Why:
        return ExplainerAll(self.settled).why(helper, recipient, most)

    def state(self, helper: str, recipient: str) -> int:
        key = key_of(self.settled, helper, recipient)
        at = np.flatnonzero(self.settled.own == key)
        return int(self.settled.problem.edge_state[at[0]]) if len(at) else FREE

    @cached_property
    def _helpers(self) -> Ints:
        _, recipient = self.settled.rows(self.settled.picked)
        return np.bincount(recipient, minlength=self.settled.problem.recipients)

    def helped(self, recipient: str) -> int:
        return int(self._helpers[find(self.settled.problem.recipient_ids, recipient)])

    def what_if(self, changes: Sequence[resolve.Pair]) -> Repaired:
        return self._repaired(what_if(self.settled, changes))

    def without(self, helper: str) -> Repaired:
        return self._repaired(leave(self.settled, helper))

    def _repaired(self, found: WhatIf) -> Repaired:
        if found.blocked:
            return Repaired(None, None, None, None, conflict=self._blocked(found.blocked))
        return Repaired(found.objective, found.coverage, found.fit, found.stability, found.removed, found.added)

    def _blocked(self, change: resolve.Pair) -> dict[str, object]:
        """As a run tells a conflict: which of the changes cannot be met, and what stands against it."""
        helper, recipient = self.names[change.helper], self.names[change.recipient]
        pinned = change.verb == "pin"
        verb, bound, room = ("固定", "上限", "可以调开") if pinned else ("排除", "下限", "可以顶替")
        in_english = ("pinned", "maximum") if pinned else ("banned", "minimum")
        return {
            "message": f"{helper} → {recipient} {verb}不了：会突破一方的{bound}，而又没有{room}的结对",
            "message_en": f"{helper} → {recipient} cannot be {in_english[0]}: it would break a {in_english[1]},"
            " and no swap makes up for it",
            "shortfall": 1,
            "proven_minimal": False,
            "helpers": [{"code": change.helper, "name": helper}],
            "recipients": [{"code": change.recipient, "name": recipient}],
        }


_FIRM = re.compile(r"party-([0-9]{1,9})")


def names_a_firm(code: str) -> bool:
    """Whether this is how those who ask name a firm: by its number."""
    return _FIRM.fullmatch(code) is not None


def firms_of(codes: Set[str]) -> QuerySet[Party]:
    """The firms of these codes, by number or by credit code; no question where none of them could be a firm's."""
    numbers = [int(found[1]) for code in codes if (found := _FIRM.fullmatch(code))]
    credit_codes = [code for code in codes if len(code) == _CREDIT_CODE]
    if not numbers and not credit_codes:
        return Party.objects.none()
    return Party.objects.filter(Q(pk__in=numbers) | Q(uscc__in=credit_codes))


def named(helper: str) -> str:
    """A helper as the files of a run name it."""
    firm = firms_of({helper}).first() if names_a_firm(helper) else None
    return code_of(firm) if firm else helper


def open_any(run: Run) -> Opened:
    """Open a READY run of counties or of firms.

    Of firms it costs a second or two once per process. Raises Conflict for a run without suggestions or older than what
    is laid out for questions, Doctored when a file is missing or other than what was stored.
    """
    if run.channel.reasons is not FirmReason:
        return open_run(run)
    check_ready(run)
    digests = digests_of(run)
    if _FILE not in dict(digests):
        raise Conflict("这次运行早于逐对说明的功能，不能在页面上推演；请重新运行，或下载存档用 matching 复核")
    return _read(run.pk, run.folder, digests, run.objective or 0)


@lru_cache(maxsize=_KEPT)
def _read(pk: int, folder: Path, digests: tuple[tuple[str, str], ...], objective: int) -> OpenedFirms:
    """The certificate was verified when the run was stored; the files are still those."""
    check_stored(pk, folder, digests)
    settled, names = load(folder / _FILE), read_table(folder / "names.csv")
    return OpenedFirms(settled, Names(settled.problem, names.columns["code"], names.columns["name"]), objective)
