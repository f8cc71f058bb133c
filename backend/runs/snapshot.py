"""Freezing the facts of a channel and year into one problem of the matcher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import matching
from backend.parties.models import Party
from backend.places.depth import Tier
from backend.places.models import Area
from backend.programmes import eligibility
from backend.programmes.models import Channel, Policy
from backend.runs import facts, scoring
from backend.runs.standing import BANNED, INCUMBENT, LOCKED, StandingEdge, standing_edges
from backend.web.problems import Conflict

STATES = {LOCKED: "locked", BANNED: "banned", INCUMBENT: "free"}


@dataclass
class Snapshot:
    """The frozen input of a run: candidates with their scores, the problem, and what to tell about it.

    `notes[(helper, recipient)]` (area ids) explains a standing pair; `counts` are sizes for people.
    """

    candidates: scoring.Candidates
    scored: scoring.Scored
    problem: matching.Problem
    parties: dict[int, Party]
    notes: dict[tuple[int, int], str]
    counts: dict[str, int]
    unreachable: list[Area]


def freeze(channel: Channel, policy: Policy, year: int) -> Snapshot:
    """Read everything a run of `channel` depends on and lay it out as a problem.

    Raises Conflict when there is nobody to pair. Facts never make a run infeasible on their own: a county that nobody
    may help has no minimum, and a quota below the pairs already in force counts as those.
    """
    graph = eligibility.of_counties(channel, year)
    edges = standing_edges(channel, year)
    parties = _governments(graph, edges)
    by_area = {party.area_id: party for party in parties.values() if party.area_id is not None}
    area_of = {party.pk: area for area, party in by_area.items()}
    standing = {(area_of[edge.helper_id], edge.recipient_id): edge for edge in edges if edge.helper_id in area_of}
    pairs = _candidate_pairs(graph, set(by_area), standing)
    if not pairs:
        raise Conflict("没有可以结对的县：请先录入省市协作关系与东部区县", field="channel")
    helpers = facts.load({h for h, _ in pairs}, year)
    recipients = facts.load({r for _, r in pairs}, year)
    candidates = _candidates(helpers, recipients, pairs, standing, policy)
    scored = scoring.score(candidates, policy.weights)
    unreachable = _unreachable(graph, recipients)
    return Snapshot(
        candidates,
        scored,
        _problem(candidates, scored, standing, policy),
        {area: by_area[area] for area in {h for h, _ in pairs}},
        {key: edge.note for key, edge in standing.items()},
        {
            "helpers": len(helpers),
            "recipients": len(recipients),
            "deep": sum(recipients.tier(i) == Tier.DEEP for i in range(len(recipients))),
            "candidates": len(pairs),
            "locked": sum(edge.state == LOCKED for edge in standing.values()),
            "banned": sum(edge.state == BANNED for edge in standing.values()),
            "unverified": sum(edge.state == INCUMBENT for edge in standing.values()),
            "unreachable": len(unreachable),
        },
        unreachable,
    )


def _governments(graph: eligibility.Eligibility, edges: list[StandingEdge]) -> dict[int, Party]:
    """The governments that may help, and every party that already does; by party id."""
    areas = set().union(*(block.helper_ids for block in graph.blocks)) if graph.blocks else set()
    governments = Party.objects.governments().filter(area_id__in=areas)
    helping = Party.objects.filter(pk__in={edge.helper_id for edge in edges}, area__isnull=False)
    return {party.pk: party for party in [*governments, *helping]}


def _candidate_pairs(
    graph: eligibility.Eligibility, with_government: set[int], standing: dict[tuple[int, int], StandingEdge]
) -> list[tuple[int, int]]:
    pairs = {
        (helper, recipient)
        for block in graph.blocks
        for helper in block.helper_ids & with_government
        for recipient in block.recipient_ids
    }
    # What is in force stays, even where today's region pairs would not allow it; a record that still waits for
    # verification is no reason to step outside them.
    pairs |= {key for key, edge in standing.items() if edge.state == LOCKED}
    return sorted(pairs)


def _candidates(
    helpers: facts.Counties,
    recipients: facts.Counties,
    pairs: list[tuple[int, int]],
    standing: dict[tuple[int, int], StandingEdge],
    policy: Policy,
) -> scoring.Candidates:
    at_helper = {area.pk: i for i, area in enumerate(helpers.areas)}
    at_recipient = {area.pk: i for i, area in enumerate(recipients.areas)}
    locked = [key for key in pairs if key in standing and standing[key].state == LOCKED]
    load = np.zeros(len(helpers), np.int64)
    np.add.at(load, [at_helper[h] for h, _ in locked], 1)
    # A prefecture or province that helps in its own name keeps its pairs and is given no new ones.
    counties = np.array([area.level == Area.Level.COUNTY for area in helpers.areas])
    quota = np.where(counties, np.maximum(policy.helper_max, load), load)
    helper = np.array([at_helper[h] for h, _ in pairs], np.int32)
    recipient = np.array([at_recipient[r] for _, r in pairs], np.int32)
    return scoring.Candidates(
        helpers,
        recipients,
        helper,
        recipient,
        quota - load,
        quota,
        _ties(helpers, recipients, helper, recipient, [(at_helper[h], at_recipient[r]) for h, r in locked]),
        policy.prefer_near,
    )


def _ties(
    helpers: facts.Counties, recipients: facts.Counties, helper: Any, recipient: Any, locked: list[tuple[int, int]]
) -> Any:
    def regions(counties: facts.Counties, depth: int) -> Any:
        chosen = []
        for area in counties.areas:
            chain = [area, area.parent or area, (area.parent and area.parent.parent) or area.parent or area]
            chosen.append(chain[depth].pk)
        return np.array(chosen, np.int64)

    ties = np.zeros(len(helper), np.int8)
    for depth, level in ((2, 1), (1, 2)):  # provinces first, cities overwrite
        ours, theirs = regions(helpers, depth), regions(recipients, depth)
        known = {(int(ours[h]), int(theirs[r])) for h, r in locked}
        keys = zip(ours[helper].tolist(), theirs[recipient].tolist(), strict=True)
        ties[np.array([key in known for key in keys], np.bool_)] = level
    return ties


def _problem(
    c: scoring.Candidates, scored: scoring.Scored, standing: dict[tuple[int, int], StandingEdge], policy: Policy
) -> matching.Problem:
    helper_codes = [area.code for area in c.helpers.areas]
    recipient_codes = [area.code for area in c.recipients.areas]
    edge_standing = [
        standing.get((c.helpers.areas[h].pk, c.recipients.areas[r].pk))
        for h, r in zip(c.helper.tolist(), c.recipient.tolist(), strict=True)
    ]
    states = [STATES[one.state] if one else "free" for one in edge_standing]
    open_helpers = np.bincount(c.recipient[[state != "banned" for state in states]], minlength=len(c.recipients))
    locked = np.bincount(c.recipient[[state == "locked" for state in states]], minlength=len(c.recipients))
    return matching.build(
        helpers=[
            {"id": code, "min": min(policy.helper_min, int(quota)), "max": int(quota)}
            for code, quota in zip(helper_codes, c.quota.tolist(), strict=True)
        ],
        recipients=[
            {
                "id": code,
                "min": min(policy.recipient_min, int(open_helpers[i])),
                "max": max(policy.recipient_max, int(locked[i])),
                "tier": c.recipients.tier(i) or "",
                "coverage": policy.coverage_deep if c.recipients.tier(i) == Tier.DEEP else policy.coverage_poor,
            }
            for i, code in enumerate(recipient_codes)
        ],
        edges=[
            {
                "helper": helper_codes[h],
                "recipient": recipient_codes[r],
                "score": score,
                "state": state,
                "incumbent": bool(one and one.state == INCUMBENT),
            }
            for h, r, score, state, one in zip(
                c.helper.tolist(), c.recipient.tolist(), scored.score.tolist(), states, edge_standing, strict=True
            )
        ],
        policy=matching.Policy(stability=policy.stability),
    )


def _unreachable(graph: eligibility.Eligibility, recipients: facts.Counties) -> list[Area]:
    """Poor counties inside a region pair whose helper has no county-level unit that could take them."""
    reachable = {area.pk for area in recipients.areas}
    inside = set().union(*(block.recipient_ids for block in graph.blocks))
    return list(Area.objects.filter(pk__in=inside - reachable).order_by("code"))
