"""A government for every area that helps or is helped."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from backend.parties.models import Party
from backend.places.models import Area, FactStatus
from backend.reference.files import read
from backend.reference.load_places import source
from backend.reference.sync import Changes, sync


def governments() -> Changes:
    """Helping provinces and cities, every prefecture and county-level unit inside them, and the poor counties."""
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
    helpers = {pair["helper"] for pair in read("region_pairs.csv")}
    return Area.objects.current().filter(
        Q(code__in=helpers)
        | Q(level=Area.Level.PREFECTURE, parent__code__in=helpers)
        | Q(is_eastern_helper=True)
        | Q(poor_county__isnull=False)
    )


def government_name(area: Area) -> str:
    """全称＋人民政府; an administrative committee is its own government."""
    if area.name.endswith("行委"):
        return area.full_name.removesuffix("行委") + "行政委员会"
    return area.full_name + "人民政府"
