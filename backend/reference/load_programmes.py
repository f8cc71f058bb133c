"""Channels, the pairs of provinces and cities, and the first policy."""

from __future__ import annotations

import datetime as dt
import json

from backend.programmes.actions import publish_policy
from backend.programmes.models import COUNTY_PAIRING, Channel, Policy, RegionPair
from backend.reference.files import DATA, read
from backend.reference.load_places import current_areas, source
from backend.reference.sync import Changes, sync

CHANNEL_LISTS = ("helper_kinds", "helper_levels", "recipient_levels")
CHANNEL_FIELDS = (
    "name_zh", "name_en", "helper", "recipient", "cardinality", "fixed_by", *CHANNEL_LISTS, "relation", "settled_by",
    "suggests", "explanation", "position",
)  # fmt: skip


def channels() -> Changes:
    return sync(
        Channel.objects.all(),
        [
            Channel(**{**row, **{name: row[name].split() for name in CHANNEL_LISTS}, "position": position})
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


def first_policies() -> Changes:
    """Version 1 of the policy of each channel that may be matched, unless people have made one already."""
    done = Changes()
    for code, content in json.loads((DATA / "policy.json").read_text(encoding="utf-8")).items():
        channel = Channel.objects.get(code=code)
        if Policy.objects.filter(channel=channel).exists():
            done += Changes(unchanged=1)
            continue
        publish_policy(channel=channel, based_on=None, by=None, **content)
        done += Changes(created=1)
    return done
