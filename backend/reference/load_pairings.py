"""Who helps whom, as it was published: the pairs of every channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from backend.lifecycle.actions import record_all
from backend.pairings.models import Pairing
from backend.parties.models import Party
from backend.places.models import Area, FactStatus
from backend.programmes.models import COUNTY_PAIRING, EAST_WEST, PAIRED_AID, Channel
from backend.reference.files import Row, read
from backend.reference.load_places import current_areas, source
from backend.reference.load_programmes import first_day, last_day
from backend.reference.sync import Changes


def pairings() -> Changes:
    """Published pairs: IN_FORCE when sourced, UNVERIFIED otherwise.

    Only ever adds. A pairing is the business of people once it is there: nothing here changes or repeats one, and a
    pair that people recorded themselves for an overlapping period is left alone.
    """
    standing = _Standing()
    changes, fresh = Changes(), []
    for wanted in _published():
        if standing.overlaps(wanted):
            changes.unchanged += 1
        else:
            standing.add(wanted)
            fresh.append(wanted)
    made = Pairing.objects.bulk_create(fresh)
    for status in {one.status for one in made}:
        keys = [one.pk for one in made if one.status == status]
        record_all(Pairing, keys, "imported", by=None, to_status=status)
    changes.created = len(made)
    return changes


class _Standing:
    """The periods that are taken, by helper, recipient and channel, whatever became of the pairing."""

    def __init__(self) -> None:
        self._periods: dict[tuple[int, int, int], list[Pairing]] = defaultdict(list)
        for pairing in Pairing.objects.only("helper_id", "recipient_id", "channel_id", "start_date", "end_date"):
            self.add(pairing)

    def add(self, pairing: Pairing) -> None:
        self._periods[pairing.helper_id, pairing.recipient_id, pairing.channel_id].append(pairing)

    def overlaps(self, wanted: Pairing) -> bool:
        return any(
            (one.end_date is None or one.end_date >= wanted.start_date)
            and (wanted.end_date is None or one.start_date <= wanted.end_date)
            for one in self._periods[wanted.helper_id, wanted.recipient_id, wanted.channel_id]
        )


def _published() -> Iterator[Pairing]:
    channel = {one.code: one for one in Channel.objects.all()}
    area = current_areas()
    government = {party.area_id: party for party in Party.objects.governments()}
    unit = {party.name: party for party in Party.objects.filter(kind=Party.Kind.CENTRAL_UNIT, is_demo=False)}
    for code, row in _between_governments():
        yield _pairing(row, channel[code], government[area[row["helper"]].pk], area[row["recipient"]])
    for row in read("central_pairs.csv"):
        yield _pairing(row, channel[row["channel"]], unit[row["unit"]], area[row["recipient"]])


def _between_governments() -> Iterator[tuple[str, Row]]:
    """Rows with the code of their channel. Helpers may be prefectures acting in their own name; a county pair whose
    recipient is no county is 对口支援."""
    for row in read("region_pairs.csv"):
        yield EAST_WEST, row
    for row in read("county_pairs.csv"):
        yield COUNTY_PAIRING if row["recipient_level"] == Area.Level.COUNTY else PAIRED_AID, row
    for row in read("aid_pairs.csv"):
        yield row["channel"], row


def _pairing(row: Row, channel: Channel, helper: Party, recipient: Area) -> Pairing:
    sourced = row["status"] == FactStatus.SOURCED
    return Pairing(
        helper=helper,
        recipient=recipient,
        channel=channel,
        start_date=first_day(row["from"]) if row.get("from") else Pairing.REGISTER_OPENS,
        end_date=last_day(row.get("to", "")),
        status=Pairing.Status.IN_FORCE if sourced else Pairing.Status.UNVERIFIED,
        origin=Pairing.Origin.SOURCED,
        fact_status=row["status"],
        source=source(row["source"]),
    )
