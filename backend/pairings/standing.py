"""What standing pairings and earlier refusals mean for the rooms below, which ask through settings: a run through
STANDING_EDGES, the ranking for one firm through STANDING_AROUND, interests through INTEREST_HELPERS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, ExtractYear

from backend.interests.models import Interest
from backend.pairings.decision_models import Decision
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.places.models import Area
from backend.programmes.models import Channel
from backend.runs.firms.around import Around
from backend.runs.standing import BANNED, INCUMBENT, LOCKED, StandingEdge


def standing_edges(channel: Channel, year: int) -> list[StandingEdge]:
    """Active pairings of the year and accepted pairs that wait to be published are locked, pairs refused by a person or
    objected to by a side are banned, and records that still wait for verification are incumbents: a reason to keep
    them, never a lock. What was taken back is free again.

    One edge per pair; a lock outranks a ban, a ban outranks an unverified record.
    """
    edges: dict[tuple[int, int], StandingEdge] = {}

    def put(helper: int, recipient: int, state: str, note: str) -> None:
        edges[helper, recipient] = StandingEdge(helper, recipient, state, note)

    of_year = Pairing.objects.filter(channel=channel).in_year(year)
    for pairing in of_year.filter(status=Pairing.Status.UNVERIFIED):
        told = f"有资料（{pairing.source}）" if pairing.source else "据一般了解（尚无出处）"
        put(pairing.helper_id, pairing.recipient_id, INCUMBENT, f"{told}已有此结对，待核实")
    decisions = Decision.objects.filter(suggestion__run__channel=channel, suggestion__run__year=year).select_related(
        "about", "by"
    )
    for decision in decisions.filter(verdict=Decision.Verdict.REFUSED):
        note = f"{decision.by.display_name}不采纳：{decision.reason}"
        put(decision.about.helper_id, decision.about.recipient_id, BANNED, note)
    for pairing in of_year.filter(status=Pairing.Status.OBJECTED):
        put(pairing.helper_id, pairing.recipient_id, BANNED, "一方提出异议")
    for decision in decisions.filter(verdict=Decision.Verdict.ACCEPTED, suggestion__pairings__isnull=True):
        note = f"{decision.by.display_name}已采纳（第 {decision.about.run_id} 次运行），待发布"
        put(decision.about.helper_id, decision.about.recipient_id, LOCKED, note)
    for pairing in of_year.filter(status__in=Pairing.ACTIVE):
        put(pairing.helper_id, pairing.recipient_id, LOCKED, f"已有结对（{pairing.get_status_display()}）")
    return list(edges.values())


def with_helpers(rows: QuerySet[Interest]) -> QuerySet[Interest]:
    """Annotate `helpers`, how many help the village of each interest in its year, through whichever channel, and
    `is_helping`, whether the party itself does."""
    in_year = Q(first_year__lte=OuterRef("year")) & (Q(last_year__isnull=True) | Q(last_year__gte=OuterRef("year")))
    standing = (
        Pairing.objects.recorded()
        .alias(first_year=ExtractYear("start_date"), last_year=ExtractYear("end_date"))
        .filter(in_year, recipient=OuterRef("area"))
        .order_by()
    )
    helpers = standing.values("recipient").annotate(count=Count("helper", distinct=True)).values("count")
    return rows.annotate(
        helpers=Coalesce(Subquery(helpers), 0), is_helping=Exists(standing.filter(helper=OuterRef("party")))
    )


def standing_around(party: Party, channel: Channel, year: int, counties: Sequence[int]) -> Around:
    """Who helps in the villages of these counties in that year, and which villages are ruled out for the party: those
    refused by a person or objected to by a side. Cost: one query."""
    there = Q(recipient__parent__parent__in=counties, recipient__level=Area.Level.VILLAGE)
    of_year = Pairing.objects.in_year(year)
    recorded = of_year.filter(there | Q(helper=party), status__in=Pairing.ACTIVE)
    objected = of_year.filter(helper=party, channel=channel, status=Pairing.Status.OBJECTED)
    refused = Decision.objects.filter(
        verdict=Decision.Verdict.REFUSED, suggestion__helper=party, suggestion__run__channel=channel,
        suggestion__run__year=year,
    )  # fmt: skip
    columns = ("recipient_id", "helper_id", "channel_id")
    of_suggestion = ("suggestion__recipient_id", "suggestion__helper_id", "suggestion__run__channel_id")
    rows = _edges(recorded, LOCKED, columns).union(
        _edges(objected, BANNED, columns), _edges(refused, BANNED, of_suggestion)
    )
    everybody, of_channel, banned = defaultdict(set), defaultdict(set), set()
    for village, helper, through, state in rows:
        if state == BANNED:
            banned.add(village)
            continue
        everybody[village].add(helper)
        if through == channel.pk:
            of_channel[village].add(helper)
    mine = frozenset(village for village, helpers in everybody.items() if party.pk in helpers)
    counted, of_this = ({village: len(who) for village, who in one.items()} for one in (everybody, of_channel))
    return Around(counted, of_this, mine, frozenset(banned - mine), len(mine))


def _edges(rows: QuerySet[Any], state: str, columns: tuple[str, str, str]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(*columns, Value(state))
