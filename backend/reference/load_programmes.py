"""Channels, the pairs of provinces and cities, the first policy, and the county pairs that were published."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from backend.lifecycle.actions import record
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.places.models import Area, FactStatus
from backend.programmes.actions import publish_policy
from backend.programmes.models import COUNTY_PAIRING, Channel, Policy, RegionPair
from backend.reference.files import DATA, Row, read
from backend.reference.load_places import current_areas, source
from backend.reference.sync import Changes, sync

# A county pair whose beginning no source tells cannot be older than the frame it lies in.
FRAME_BEGINS = "2016"

CHANNEL_FIELDS = (
    "name_zh", "name_en", "helper", "recipient", "cardinality", "fixed_by", "matchable", "explanation", "position",
)  # fmt: skip


def channels() -> Changes:
    return sync(
        Channel.objects.all(),
        [
            Channel(**{**row, "matchable": row["matchable"] == "YES", "position": position})
            for position, row in enumerate(read("channels.csv"))
        ],
        key=("code",),
        fields=CHANNEL_FIELDS,
    )


def region_pairs() -> Changes:
    """The frame of the county pairs. One that the files no longer name is left to people to end."""
    channel, area = Channel.objects.get(code=COUNTY_PAIRING), current_areas()
    return sync(
        RegionPair.objects.filter(channel=channel),
        [
            RegionPair(
                channel=channel,
                helper_area=area[row["helper"]],
                recipient_area=area[row["recipient"]],
                valid_from=first_day(row["from"]),
                valid_to=last_day(row["to"]),
                status=row["status"],
                source=source(row["source"]),
            )
            for row in read("region_pairs.csv")
        ],
        key=("helper_area_id", "recipient_area_id", "valid_from"),
        fields=("valid_to", "status", "source"),
    )


def first_day(year: str) -> dt.date:
    """Sources tell years, not days: a relation known from 2017 begins on its first day."""
    return dt.date(int(year), 1, 1)


def last_day(year: str) -> dt.date | None:
    """The last day of the year; None for a relation without a known end."""
    return dt.date(int(year), 12, 31) if year else None


def first_policy() -> Changes:
    """Version 1 of the policy, unless people have made one already."""
    channel = Channel.objects.get(code=COUNTY_PAIRING)
    if Policy.objects.filter(channel=channel).exists():
        return Changes(unchanged=1)
    content = json.loads((DATA / "policy.json").read_text(encoding="utf-8"))
    publish_policy(channel=channel, based_on=None, by=None, **content)
    return Changes(created=1)


def county_pairs() -> Changes:
    """Published county pairs: IN_FORCE when sourced, UNVERIFIED otherwise.

    Only ever adds. A pairing is the business of people once it is there: nothing here changes or repeats one, and a
    pair that people recorded themselves for an overlapping period is left alone.
    """
    channel, area = Channel.objects.get(code=COUNTY_PAIRING), current_areas()
    helper = {party.area_id: party for party in Party.objects.governments()}
    changes = Changes()
    for row in _between_counties(read("county_pairs.csv")):
        made = _pairing(row, channel, helper[area[row["helper"]].pk], area[row["recipient"]])
        if _recorded(made):
            changes.unchanged += 1
            continue
        made.save()
        record(made, "imported", by=None, to_status=made.status, payload={"source": made.source})
        changes.created += 1
    return changes


def _between_counties(rows: list[Row]) -> Iterator[Row]:
    """Helpers may be prefectures acting in their own name; a recipient that is no county is another channel's."""
    return (row for row in rows if row["recipient_level"] == Area.Level.COUNTY)


def _pairing(row: Row, channel: Channel, helper: Party, recipient: Area) -> Pairing:
    sourced = row["status"] == FactStatus.SOURCED
    return Pairing(
        helper=helper,
        recipient=recipient,
        channel=channel,
        start_date=first_day(row["from"] or FRAME_BEGINS),
        end_date=last_day(row["to"]),
        status=Pairing.Status.IN_FORCE if sourced else Pairing.Status.UNVERIFIED,
        origin=Pairing.Origin.SOURCED,
        fact_status=row["status"],
        source=source(row["source"]),
    )


def _recorded(wanted: Pairing) -> bool:
    """Whether a pairing of the same two overlaps the wanted period, whatever became of it."""
    overlapping = Pairing.objects.filter(
        helper=wanted.helper, recipient=wanted.recipient, channel=wanted.channel
    ).exclude(end_date__lt=wanted.start_date)
    if wanted.end_date is not None:
        overlapping = overlapping.exclude(start_date__gt=wanted.end_date)
    return overlapping.exists()
