"""A government for every area that helps or is helped, and the central units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from backend.parties.models import Party
from backend.places.models import Area, FactStatus
from backend.reference.files import Row, read
from backend.reference.load_places import source
from backend.reference.sync import Changes, sync


def governments() -> Changes:
    """Whoever helps or is helped through a channel, every prefecture and county-level unit inside the helping provinces
    and cities, and the poor counties."""
    return sync(
        Party.objects.governments(),
        [
            Party(
                kind=Party.Kind.GOVERNMENT,
                name=government_name(area),
                area=area,
                status=FactStatus.SOURCED,
                source=source("divisions"),
            )
            for area in _governed()
        ],
        key=("area_id",),
        fields=("name", "status", "source"),
    )


def _governed() -> Iterable[Area]:
    pairs = [*read("region_pairs.csv"), *read("county_pairs.csv"), *read("aid_pairs.csv")]
    named = {pair[side] for pair in pairs for side in ("helper", "recipient")}
    helpers = {pair["helper"] for pair in read("region_pairs.csv")}
    return Area.objects.current().filter(
        Q(code__in=named)
        | Q(level=Area.Level.PREFECTURE, parent__code__in=helpers)
        | Q(is_eastern_helper=True)
        | Q(poor_county__isnull=False)
    )


def government_name(area: Area) -> str:
    """全称＋人民政府; an administrative committee is its own government."""
    if area.name.endswith("行委"):
        return area.full_name.removesuffix("行委") + "行政委员会"
    return area.full_name + "人民政府"


def central_units() -> Changes:
    """Units with counties of their own. One that only unverified rows name is itself unverified."""
    return sync(
        Party.objects.filter(kind=Party.Kind.CENTRAL_UNIT, is_demo=False),
        _units(),
        key=("name",),
        fields=("unit_type", "status", "source"),
    )


def _units() -> Iterator[Party]:
    by_name: dict[str, list[Row]] = {}
    for row in read("central_pairs.csv"):
        by_name.setdefault(row["unit"], []).append(row)
    for name, rows in by_name.items():
        first = min(rows, key=lambda row: row["status"])  # SOURCED before UNVERIFIED
        yield Party(
            kind=Party.Kind.CENTRAL_UNIT,
            unit_type=first["unit_type"],
            name=name,
            status=first["status"],
            source=source(first["source"]),
        )
