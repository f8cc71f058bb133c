"""Freezing the facts of a channel and year into one problem of the matcher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import matching
from backend.parties.models import Party
from backend.places.depth import Tier
from backend.places.models import Area, FactStatus
from backend.programmes import eligibility
from backend.programmes.models import Channel, Policy, PolicyException
from backend.runs import facts, scoring
from backend.runs.layout import Layout, Pair
from backend.runs.models import Directive
from backend.runs.moment import one_moment
from backend.runs.standing import BANNED, INCUMBENT, LOCKED, StandingEdge, standing_edges
from backend.web.problems import Conflict


@dataclass
class Snapshot:
    """The frozen input of a run: candidates with their scores, the problem, and what to tell about it.

    `parties` are the governments by the area they stand for; `counts` are sizes for people.
    """

    candidates: scoring.Candidates
    scored: scoring.Scored
    problem: matching.Problem
    parties: dict[int, Party]
    counts: dict[str, int]
    unreachable: list[Area]
    graph: eligibility.Eligibility
    standing: dict[Pair, StandingEdge]
    told: dict[Pair, Directive]

    @property
    def names(self) -> dict[str, str]:
        """What every area of either side is called, by code."""
        sides = self.candidates.helpers, self.candidates.recipients
        return {area.code: area.full_name for side in sides for area in side.areas}

    def note(self, helper: Area, recipient: Area) -> str:
        """What the reviewer should know of a pair beyond its reasons; empty for most."""
        standing, told = self.standing.get((helper.pk, recipient.pk)), self.told.get((helper.pk, recipient.pk))
        notes = [standing.note] if standing else []
        if told:
            notes.append(f"{told.by.display_name}{told.get_verb_display()}：{told.reason}")
        return "；".join(notes + _frame_notes(self.graph, helper, recipient))


def freeze(
    channel: Channel,
    policy: Policy,
    year: int,
    exceptions: Iterable[PolicyException],
    directives: Iterable[Directive] = (),
) -> Snapshot:
    """Read everything a run of `channel` depends on, as it is at one moment, and lay it out as a problem.

    `exceptions` are those of the policy; `directives` pin and ban pairs as far as nothing else decides them. Raises
    Conflict when there is nobody to pair. Facts never make a run infeasible on their own: a county that nobody may help
    has no minimum, and a quota below the pairs already in force counts as those.
    """
    with one_moment():
        graph = eligibility.of_counties(channel, year)
        edges = standing_edges(channel, year)
        governments = _governments(graph, edges)
        area_of = {party.pk: area for area, party in governments.items()}
        standing = {(area_of[edge.helper_id], edge.recipient_id): edge for edge in edges if edge.helper_id in area_of}
        pairs = _candidate_pairs(graph, governments, standing)
        if not pairs:
            raise Conflict("没有可以结对的县：请先录入省市协作关系与东部区县", field="channel")
        helpers = facts.load({h for h, _ in pairs}, year)
        recipients = facts.load({r for _, r in pairs}, year)
        unreachable = _unreachable(graph, recipients)
    told = {(one.helper_id or 0, one.recipient_id): one for one in directives}
    layout = Layout(
        helpers,
        recipients,
        pairs,
        standing,
        graph.helper_ids,
        told,
        {(one.side, one.area_id): one for one in exceptions},
    )
    bounds = layout.bounds(policy)
    candidates = layout.candidates(policy, bounds)
    scored = scoring.score(candidates, policy.weights)
    return Snapshot(
        candidates,
        scored,
        layout.problem(policy, bounds, scored),
        {area: governments[area] for area in {h for h, _ in pairs}},
        {
            "helpers": len(helpers),
            "recipients": len(recipients),
            "deep": sum(recipients.tier(i) == Tier.DEEP for i in range(len(recipients))),
            "candidates": len(pairs),
            "locked": sum(edge.state == LOCKED for edge in standing.values()),
            "banned": sum(edge.state == BANNED for edge in standing.values()),
            "unverified": sum(edge.state == INCUMBENT for edge in standing.values()),
            "unreachable": len(unreachable),
            "told": len(told),
        },
        unreachable,
        graph,
        standing,
        told,
    )


def _governments(graph: eligibility.Eligibility, edges: list[StandingEdge]) -> dict[int, Party]:
    """The governments that may help, and every party that already does; by the area they stand for."""
    helping = Party.objects.filter(pk__in={edge.helper_id for edge in edges}, area__isnull=False)
    governments = Party.objects.governments().filter(area_id__in=graph.helper_ids)
    return {party.area_id: party for party in [*helping, *governments] if party.area_id is not None}


def _candidate_pairs(
    graph: eligibility.Eligibility, governments: dict[int, Party], standing: dict[Pair, StandingEdge]
) -> list[Pair]:
    """Every pair that may be suggested, and every one in force: that stays, even where the frame would not allow it."""
    pairs = {
        (helper, recipient)
        for block in graph.blocks
        for helper in block.helper_ids & governments.keys()
        for recipient in block.recipient_ids
    }
    locked = {key for key, edge in standing.items() if edge.state == LOCKED}
    # A prefecture on record with a county, though unverified, may go on; it is given no new one. A record that waits
    # for verification is no reason to step outside the frame.
    records = [key for key, edge in standing.items() if edge.state == INCUMBENT and key not in pairs]
    areas = Area.objects.select_related("parent__parent").in_bulk([area for key in records for area in key])
    inside = {(h, r) for h, r in records if graph.pair_for(areas[h], areas[r]) is not None}
    return sorted(pairs | locked | inside)


def _frame_notes(graph: eligibility.Eligibility, helper: Area, recipient: Area) -> list[str]:
    """Where a pair stands in the arrangement between provinces and cities, unless it is simply inside."""
    frame = graph.pair_for(helper, recipient)
    if frame is None:
        above = {helper.pk, facts.city_of(helper).pk, facts.province_of(helper).pk}
        blocks = [block for block in graph.blocks if recipient.pk in block.recipient_ids]
        if any(block.pair.helper_area_id in above for block in blocks):
            return ["帮扶方所在市另有协作任务，按事实保留，不作先例"]
        return ["不在现行省市协作关系之内，按事实保留，不作先例"]
    notes = [] if helper.pk in graph.helper_ids else ["帮扶方以本级政府名义结对"]
    if frame.status == FactStatus.UNVERIFIED:
        notes.append(f"所依据的省市协作关系（{frame}）尚待核实")
    return notes


def _unreachable(graph: eligibility.Eligibility, recipients: facts.Counties) -> list[Area]:
    """Poor counties inside a region pair whose helper has no county-level unit that could take them."""
    reachable = {area.pk for area in recipients.areas}
    return list(Area.objects.filter(pk__in=graph.recipient_ids - reachable).order_by("code"))
