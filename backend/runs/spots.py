"""Who stands in a run, as answers show them: governments by the places they stand for, villages, firms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from backend.places.models import Area, inside
from backend.runs.firms import opened
from backend.runs.models import code_of
from backend.runs.stored import Pair
from backend.runs.swaps import See, Shift
from matching.explain import Alternative

_BELOW_COUNTIES = (Area.Level.TOWNSHIP, Area.Level.VILLAGE)


class SpotSerializer(serializers.Serializer[Any]):
    """A county, village or firm of a run, with what a map needs; without a position when its division has ended since.
    A firm's code is `party-` and its number."""

    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)


class MatchedSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    recipient = SpotSerializer()


class MoveSerializer(serializers.Serializer[Any]):
    helper = SpotSerializer()
    leaves = SpotSerializer(allow_null=True)
    joins = SpotSerializer(allow_null=True)


class CountsSerializer(serializers.Serializer[Any]):
    """How many of each there are; the lists end after the first thousand."""

    removed = serializers.IntegerField()
    added = serializers.IntegerField()
    moves = serializers.IntegerField()
    uncovered = serializers.IntegerField()
    covered = serializers.IntegerField()


class ShiftSerializer(serializers.Serializer[Any]):
    counts = CountsSerializer()
    removed = MatchedSerializer(many=True)
    added = MatchedSerializer(many=True)
    moves = MoveSerializer(many=True)
    uncovered = SpotSerializer(many=True)
    covered = SpotSerializer(many=True)
    beyond = serializers.IntegerField(help_text="changed pairs outside the reader's region")


class Spots:
    """Who stands in a run, by code, as the reader's answer shows them; asks the database once for each side."""

    def __init__(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        wanted = set(codes)
        places = Area.objects.current().filter(code__in=wanted).select_related("parent__parent")
        self._found = {area.code: _spot(area.code, area.name, area.full_name, area) for area in places}
        firms = opened.firms_of(wanted - self._found.keys()).select_related("area__parent__parent")
        # Whoever asks for more names a firm by its number, since not all have a code of their own.
        self._found |= {code_of(one): _spot(f"party-{one.pk}", one.name, one.name, one.area) for one in firms}
        self._names = {code: names.get(code, code) for code in wanted}

    @property
    def names(self) -> dict[str, str]:
        """Short names, for sentences."""
        return self._names | {code: spot["name"] for code, spot in self._found.items()}

    def spot(self, code: str) -> dict[str, Any]:
        name = self._names[code]
        return self._found.get(code) or _spot(code, name, name, None)

    def pair(self, pair: Pair) -> dict[str, Any]:
        return {"helper": self.spot(pair[0]), "recipient": self.spot(pair[1])}

    def alternative(self, one: Alternative) -> dict[str, Any]:
        return self.pair(one.pair) | {"score": one.score, "loss": one.loss}

    def shift(self, told: Shift) -> dict[str, Any]:
        return {
            "counts": asdict(told.counts),
            "removed": [self.pair(pair) for pair in told.removed],
            "added": [self.pair(pair) for pair in told.added],
            "moves": [
                {
                    "helper": self.spot(move.helper),
                    "leaves": self.spot(move.leaves) if move.leaves else None,
                    "joins": self.spot(move.joins) if move.joins else None,
                }
                for move in told.moves
            ],
            "uncovered": [self.spot(code) for code in told.uncovered],
            "covered": [self.spot(code) for code in told.covered],
            "beyond": told.beyond,
        }


def _spot(code: str, name: str, full_name: str, area: Area | None) -> dict[str, Any]:
    """What lies in an area without a position of its own is shown where the areas above it lie."""
    while area and area.lon is None and area.parent_id and area.level in _BELOW_COUNTIES:
        area = area.parent
    lon, lat = (area.lon, area.lat) if area else (None, None)
    return {"code": code, "name": name, "full_name": full_name, "lon": lon, "lat": lat}


def seeing(user: Any) -> See:
    """Which of some codes lie in the region of the log-in."""

    def see(codes: AbstractSet[str]) -> frozenset[str] | None:
        if user.region is None:
            return None
        places = Area.objects.current().within(user.region).filter(code__in=codes)
        firms = opened.firms_of(codes).filter(inside(user.region, "area"))
        return frozenset([*places.values_list("code", flat=True), *map(code_of, firms)])

    return see
