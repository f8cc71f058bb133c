"""Freezing firms and villages into one problem whose eligible pairs are blocks, not a list."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

import matching
from backend.interests.actions import open_interests
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes import firm_frame
from backend.programmes.firm_frame import Block, FirmFrame
from backend.programmes.models import Channel, Policy, PolicyException
from backend.runs.facts import Ints
from backend.runs.firms import facts, sentences
from backend.runs.firms.facts import Firms, Tell, Villages
from backend.runs.firms.scoring import DIVISOR, Scoring, deep_tier
from backend.runs.models import Directive
from backend.runs.moment import one_moment
from backend.runs.standing import BANNED, INCUMBENT, LOCKED, StandingEdge, standing_edges
from backend.web.problems import Conflict
from matching.implicit import Implicit

TIERS = ("deep", "poor")
TOLD: dict[str, int] = {Directive.Verb.PIN: matching.LOCKED, Directive.Verb.BAN: matching.BANNED}
_STATES = {LOCKED: matching.LOCKED, BANNED: matching.BANNED, INCUMBENT: matching.FREE}
Pair = tuple[int, int]  # keys of the firm and the village


@dataclass(frozen=True)
class Frozen:
    """The input of a run. `listed` are the pairs about which something is said already: by firm, by village (E,), what
    stands between them (None: nothing), and which are `wanted` by the firm. `told` are the pins and bans, by keys."""

    scoring: Scoring
    implicit: Implicit
    deep: NDArray[np.bool_]
    listed: tuple[Ints, Ints]
    standing: list[StandingEdge | None]
    wanted: NDArray[np.bool_]
    told: Mapping[Pair, Directive]
    counts: dict[str, int]


def freeze(
    channel: Channel,
    policy: Policy,
    year: int,
    exceptions: list[PolicyException],
    directives: Iterable[Directive] = (),
    tell: Tell = lambda: None,
) -> Frozen:
    """Read everything a run depends on at one moment and lay it out. Raises Conflict when there is nobody to pair.

    `directives` pin and ban pairs as far as nothing else decides them, and change nothing else.

    Firms take part when they are in good standing and said how many villages they can carry in the year, or when they
    help one already. Their open interests are a reason for the pairs they name. `tell` is called on the way.
    Cost: some 10 s for the whole country.
    """
    with one_moment():
        edges = standing_edges(channel, year)
        tell()
        wishes = open_interests(channel, year)
        load = _load(edges)
        tell()
        firms = facts.firms(_taking_part(channel, year, load), year, load, tell)
        villages = facts.villages(year, tell=tell)
        tell()
        frame = firm_frame.of_year(year)
        silent = _of_channel(channel).count() - len(firms)
    if not len(firms) or not len(villages):
        raise Conflict("没有可以结对的企业或村：请先核实企业、请企业填写今年可帮几个村，并载入村", field="channel")
    scoring = Scoring(firms, villages, policy.weights, policy.prefer_near)
    tell()
    for laid in ("ours", "theirs", "matrices"):  # each takes a moment and is kept
        getattr(scoring, laid)
        tell()
    told = {(one.firm_id or 0, one.recipient_id): one for one in directives}
    frozen = _lay_out(scoring, policy, exceptions, edges, wishes, told, frame)
    frozen.counts["silent"] = silent
    tell()
    return frozen


def size(channel: Channel, year: int) -> dict[str, int]:
    """How many firms and villages a run would look at, and how many firms did not say what they can carry."""
    firms = _taking_part(channel, year, _load(standing_edges(channel, year))).distinct().count()
    poor = Area.objects.current().poor().values("pk")
    villages = Area.objects.current().filter(level=Area.Level.VILLAGE, parent__parent__in=poor).count()
    return {"helpers": firms, "recipients": villages, "silent": _of_channel(channel).count() - firms}


def _of_channel(channel: Channel) -> QuerySet[Party]:
    return Party.objects.in_good_standing().filter(kind__in=channel.helper_kinds)


def _taking_part(channel: Channel, year: int, load: Mapping[int, int]) -> QuerySet[Party]:
    able = Q(pk__in=Party.objects.filter(capacities__year=year, capacities__villages__isnull=False).values("pk"))
    return _of_channel(channel).filter(able) | Party.objects.filter(pk__in=list(load))


def _load(edges: list[StandingEdge]) -> dict[int, int]:
    """How many villages each party helps."""
    locked = [edge for edge in edges if edge.state == LOCKED]
    villages = set(
        Area.objects.filter(pk__in={edge.recipient_id for edge in locked}, level=Area.Level.VILLAGE).values_list(
            "pk", flat=True
        )
    )
    load: dict[int, int] = {}
    for edge in locked:
        if edge.recipient_id in villages:
            load[edge.helper_id] = load.get(edge.helper_id, 0) + 1
    return load


# --- from facts to a problem --------------------------------------------------------------------------------------


def _lay_out(
    scoring: Scoring,
    policy: Policy,
    exceptions: list[PolicyException],
    edges: list[StandingEdge],
    wishes: Set[Pair],
    told: Mapping[Pair, Directive],
    frame: FirmFrame,
) -> Frozen:
    firms, villages = scoring.firms, scoring.villages
    ours, theirs, eligible = _blocks(firms, villages, frame)
    deep = deep_tier(villages)
    helper, recipient, standing, wanted = _listed(firms, villages, edges, wishes | told.keys(), frame)
    wanted &= np.array([pair in wishes for pair in _pairs(firms, villages, helper, recipient)], np.bool_)
    state = np.array([_STATES[one.state] if one else matching.FREE for one in standing], np.int8)
    locked = state == matching.LOCKED
    for at, pair in enumerate(_pairs(firms, villages, helper, recipient)):
        if pair in told and state[at] == matching.FREE:
            state[at] = TOLD[told[pair].verb]
    held = [
        np.bincount(side[locked], minlength=size) for side, size in ((helper, len(firms)), (recipient, len(villages)))
    ]
    most = np.maximum(np.minimum(np.maximum(firms.villages, 0), policy.helper_max), held[0])
    reachable = np.isin(theirs, eligible[np.isin(eligible[:, 0], ours), 1])
    values = (policy.coverage_deep, policy.coverage_poor)
    length = np.where(deep, len(values[0]), len(values[1]))
    least, top = _village_bounds(villages, policy, exceptions, held[1], reachable)
    problem = matching.Problem(
        helper_ids=firms.codes,
        helper_min=np.where(np.isin(ours, eligible[:, 0]), np.minimum(policy.helper_min, most), 0),
        helper_max=most,
        helper_group=np.full(len(firms), -1, np.int32),
        recipient_ids=villages.codes,
        recipient_min=least,
        recipient_max=top,
        recipient_tier=np.where(deep, 0, 1).astype(np.int32),
        recipient_group=np.full(len(villages), -1, np.int32),
        coverage_start=np.concatenate([[0], np.cumsum(length)]),
        coverage=np.array([value for one in deep.tolist() for value in values[0 if one else 1]], np.int64),
        edge_helper=helper.astype(np.int32),
        edge_recipient=recipient.astype(np.int32),
        edge_score=scoring.score(helper, recipient, wanted),
        edge_state=state,
        edge_incumbent=np.array([one is not None and one.state == INCUMBENT for one in standing], np.bool_),
        tier_names=TIERS,
        policy=matching.Policy(stability=policy.stability),
    )
    implicit = Implicit(problem, ours, theirs, eligible, *scoring.matrices, divisor=DIVISOR)
    counts = {
        "helpers": len(firms),
        "recipients": len(villages),
        "deep": int(deep.sum()),
        "candidates": implicit.pairs(),
        "locked": int(locked.sum()),
        "banned": sum(one is not None and one.state == BANNED for one in standing),
        "unverified": int(problem.edge_incumbent.sum()),
        "wanted": int(wanted.sum()),
        "unreachable": int((~reachable).sum()),
        "told": len(told),
    }
    return Frozen(scoring, implicit, deep, (helper, recipient), standing, wanted, told, counts)


def _pairs(firms: Firms, villages: Villages, helper: Ints, recipient: Ints) -> list[Pair]:
    """The keys of both sides."""
    return list(zip(firms.ids[helper].tolist(), villages.ids[recipient].tolist(), strict=True))


def _blocks(
    firms: Firms, villages: Villages, frame: FirmFrame
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """The block of each firm and village, and which blocks may pair. Whoever is nowhere is in none."""
    seats, ours = _numbered([frame.helping(path) for path in firms.seat.tolist()])
    places, theirs = _numbered([frame.helped(path) for path in villages.path.tolist()])
    eligible = [(a, b) for a, one in enumerate(seats) for b, other in enumerate(places) if frame.joins(one, other)]
    return ours, theirs, np.array(eligible, np.int32).reshape(-1, 2)


def _numbered(blocks: list[Block]) -> tuple[list[Block], NDArray[np.int32]]:
    names = sorted({block for block in blocks if block})
    number = {name: i for i, name in enumerate(names)}
    return names, np.array([number.get(block, -1) for block in blocks], np.int32)


def _village_bounds(
    villages: Villages, policy: Policy, exceptions: list[PolicyException], held: Ints, reachable: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """What each village must and may have. Pairs in force outrank the policy; nobody must have what nobody can give."""
    least, most = (np.full(len(villages), one, np.int64) for one in (policy.recipient_min, policy.recipient_max))
    order = np.argsort(villages.ids)
    for one in exceptions:
        place = np.searchsorted(villages.ids, one.area_id, sorter=order)
        if (
            one.side == PolicyException.Side.RECIPIENT
            and place < len(order)
            and villages.ids[order[place]] == one.area_id
        ):
            at = order[place]
            least[at] = least[at] if one.min is None else one.min
            most[at] = most[at] if one.max is None else one.max
    most = np.maximum(most, held)
    return np.where(reachable, np.minimum(least, most), np.minimum(least, held)), most


def _listed(
    firms: Firms, villages: Villages, edges: list[StandingEdge], wishes: Set[Pair], frame: FirmFrame
) -> tuple[Ints, Ints, list[StandingEdge | None], NDArray[np.bool_]]:
    """The pairs about which something is said, in the order of a problem's edges.

    What is in force stays, even outside the frame; a record that waits for verification, and a wish, are no reason to
    step outside.
    """
    firm_at = {pk: i for i, pk in enumerate(firms.ids.tolist())}
    village_at = {pk: i for i, pk in enumerate(villages.ids.tolist())}
    said: dict[Pair, StandingEdge | None] = dict.fromkeys(wishes)
    said |= {(edge.helper_id, edge.recipient_id): edge for edge in edges}
    rows = []
    for (party, area), edge in said.items():
        if party in firm_at and area in village_at:
            h, r = firm_at[party], village_at[area]
            fixed = edge is not None and edge.state == LOCKED
            if fixed or frame.allows(str(firms.seat[h]), str(villages.path[r])):
                rows.append((h, r, edge, (party, area) in wishes))
    rows.sort(key=lambda row: row[:2])
    helper, recipient = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
    return helper, recipient, [row[2] for row in rows], np.array([row[3] for row in rows], np.bool_)


# --- for people ---------------------------------------------------------------------------------------------------


def write_words(frozen: Frozen, folder: Path, tell: Tell = lambda: None) -> None:
    """Codes and names of everybody, and what is said of the depth of each county, as they are now."""
    with (folder / "names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name"])
        writer.writerows(facts.heard(_names(frozen, tell), tell))
    tell()
    told = {code: said._asdict() for code, said in sentences.of_counties(frozen.scoring).items()}
    (folder / "counties.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _names(frozen: Frozen, tell: Tell) -> Iterator[tuple[str, str]]:
    firms, villages = frozen.scoring.firms, frozen.scoring.villages
    for keys, codes, rows in (
        (firms.ids, firms.codes, Party.objects.values_list("pk", "name")),
        (villages.ids, villages.codes, Area.objects.filter(level=Area.Level.VILLAGE).values_list("pk", "full_name")),
    ):
        called = dict(facts.heard(rows.order_by().iterator(chunk_size=20_000), tell))
        yield from zip(codes.tolist(), (called[key] for key in keys.tolist()), strict=True)
