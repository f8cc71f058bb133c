"""Laying frozen facts out as arrays and as a problem of the matcher. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

import matching
from backend.places.depth import Tier
from backend.places.models import Area
from backend.programmes.models import Policy, PolicyException
from backend.runs import quotas
from backend.runs.facts import Counties, city_of, province_of
from backend.runs.models import Directive
from backend.runs.scoring import Candidates, Scored
from backend.runs.standing import BANNED, INCUMBENT, LOCKED, StandingEdge

Pair = tuple[int, int]  # ids of the helper's and the recipient's area
Ints = NDArray[np.int64]
TOLD: dict[str, str] = {Directive.Verb.PIN: "locked", Directive.Verb.BAN: "banned"}
STATES = {LOCKED: "locked", BANNED: "banned", INCUMBENT: "free"}


@dataclass(frozen=True)
class Layout:
    """The candidates in the order of `pairs`; `standing` says what is decided about some of them already.

    `invited` are the helpers that may be given new pairs; the others are there with what they have, on record or in
    force. `told` pins and bans pairs that nothing else decides; it leaves quotas and scores as they are, so that a run
    answers exactly what was tried before it.
    """

    helpers: Counties
    recipients: Counties
    pairs: list[Pair]
    standing: dict[Pair, StandingEdge]
    invited: frozenset[int]
    told: Mapping[Pair, Directive]
    exceptions: Mapping[tuple[str, int], PolicyException]

    @cached_property
    def helper(self) -> NDArray[np.int32]:
        at = {area.pk: i for i, area in enumerate(self.helpers.areas)}
        return np.array([at[helper] for helper, _ in self.pairs], np.int32)

    @cached_property
    def recipient(self) -> NDArray[np.int32]:
        at = {area.pk: i for i, area in enumerate(self.recipients.areas)}
        return np.array([at[recipient] for _, recipient in self.pairs], np.int32)

    @cached_property
    def state(self) -> NDArray[np.str_]:
        """Of each pair (E,): "free", "locked" or "banned"."""
        found = (self.standing.get(pair) for pair in self.pairs)
        return np.array([STATES[one.state] if one else "free" for one in found])

    def _count(self, side: NDArray[np.int32], counties: Counties, *states: str) -> Ints:
        """How many pairs in one of `states` each county of a side has."""
        return np.bincount(side[np.isin(self.state, states)], minlength=len(counties)).astype(np.int64)

    @cached_property
    def load(self) -> Ints:
        return self._count(self.helper, self.helpers, "locked")

    def bounds(self, policy: Policy) -> quotas.Bounds:
        """What each helper must and may carry. Locks and a lack of candidates outrank the policy."""
        invited = np.array([area.pk in self.invited for area in self.helpers.areas], np.bool_)
        possible = self._count(self.helper, self.helpers, "free", "locked")
        most = np.where(invited, policy.helper_max, possible)
        demand = quotas.Demand(
            self.helper[self.state == "free"],
            self.recipient[self.state == "free"],
            load=self.load,
            least=np.where(invited, np.minimum(policy.helper_min, possible), 0),
            most=most,
            wanted=self._wanted(policy),
        )
        shared = quotas.evenly(demand) if policy.share_evenly else quotas.as_allowed(demand)
        return self._excepted(shared, possible)

    def _excepted(self, bounds: quotas.Bounds, possible: Ints) -> quotas.Bounds:
        """The bounds with those of the exceptions in their place; locks and a lack of candidates outrank these too."""
        least, most = bounds.least.copy(), bounds.most.copy()
        for i, area in enumerate(self.helpers.areas):
            if one := self.exceptions.get((PolicyException.Side.HELPER, area.pk)):
                most[i] = max(most[i] if one.max is None else one.max, self.load[i])
                least[i] = min(least[i] if one.min is None else one.min, most[i], possible[i])
        return quotas.Bounds(least, most)

    def _wanted(self, policy: Policy) -> Ints:
        """How many further helpers each recipient should get: as many as the policy gives a value to, or demands."""
        valued = {
            tier: max(sum(value > 0 for value in values), policy.recipient_min)
            for tier, values in ((Tier.DEEP, policy.coverage_deep), (Tier.POOR, policy.coverage_poor))
        }
        wanted = np.array([valued[self._tier(i)] for i in range(len(self.recipients))], np.int64)
        locked = self._count(self.recipient, self.recipients, "locked")
        return np.maximum(np.minimum(wanted, policy.recipient_max) - locked, 0)

    def _tier(self, at: int) -> Tier:
        return self.recipients.tier(at) or Tier.POOR

    def candidates(self, policy: Policy, bounds: quotas.Bounds) -> Candidates:
        return Candidates(
            self.helpers,
            self.recipients,
            self.helper,
            self.recipient,
            bounds.most - self.load,
            bounds.most,
            self._ties(),
            policy.prefer_near,
        )

    def _ties(self) -> NDArray[np.int8]:
        ties = np.zeros(len(self.pairs), np.int8)
        locked = self.state == "locked"
        for level, region in ((1, province_of), (2, city_of)):  # provinces first, cities overwrite
            ours = np.array([region(area).pk for area in self.helpers.areas], np.int64)[self.helper]
            theirs = np.array([region(area).pk for area in self.recipients.areas], np.int64)[self.recipient]
            known = set(zip(ours[locked].tolist(), theirs[locked].tolist(), strict=True))
            ties[[key in known for key in zip(ours.tolist(), theirs.tolist(), strict=True)]] = level
        return ties

    def problem(self, policy: Policy, bounds: quotas.Bounds, scored: Scored) -> matching.Problem:
        possible = self._count(self.recipient, self.recipients, "free", "locked")
        locked = self._count(self.recipient, self.recipients, "locked")
        return matching.build(
            helpers=[
                {"id": area.code, "min": int(least), "max": int(most)}
                for area, least, most in zip(self.helpers.areas, bounds.least, bounds.most, strict=True)
            ],
            recipients=[
                {
                    "id": area.code,
                    **self._recipient_bounds(policy, area, int(possible[i]), int(locked[i])),
                    "tier": self.recipients.tier(i) or "",
                    "coverage": policy.coverage_deep if self._tier(i) == Tier.DEEP else policy.coverage_poor,
                }
                for i, area in enumerate(self.recipients.areas)
            ],
            edges=[self._edge(i, int(score)) for i, score in enumerate(scored.score)],
            policy=matching.Policy(stability=policy.stability),
        )

    def _recipient_bounds(self, policy: Policy, area: Area, possible: int, locked: int) -> dict[str, int]:
        one = self.exceptions.get((PolicyException.Side.RECIPIENT, area.pk))
        least = policy.recipient_min if one is None or one.min is None else one.min
        most = max(policy.recipient_max if one is None or one.max is None else one.max, locked)
        return {"min": min(least, most, possible), "max": most}

    def _edge(self, i: int, score: int) -> dict[str, object]:
        one, told = self.standing.get(self.pairs[i]), self.told.get(self.pairs[i])
        state = TOLD[told.verb] if told and self.state[i] == "free" else str(self.state[i])
        return {
            "helper": _code(self.helpers, self.helper[i]),
            "recipient": _code(self.recipients, self.recipient[i]),
            "score": score,
            "state": state,
            "incumbent": bool(one and one.state == INCUMBENT),
        }


def _code(counties: Counties, at: np.int32) -> str:
    area: Area = counties.areas[at]
    return area.code
