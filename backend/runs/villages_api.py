"""The villages that fit one firm or organisation best, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.interests.models import Interest
from backend.joining.scopes import known
from backend.parties.help import HelpCategory
from backend.parties.models import JOINING_KINDS, Party
from backend.places.api import AreaNameSerializer
from backend.places.depth import Tier
from backend.places.models import Area
from backend.programmes.models import FIRMS_VILLAGES, Policy
from backend.runs.api import ScoreReasonSerializer
from backend.runs.facts import Ints
from backend.runs.firms import ranking
from backend.runs.firms.ranking import Ranking
from backend.web.answers import Answer
from backend.web.api import RequestSerializer
from backend.web.pagination import Pages

LACKS = ("POLICY", "SEAT", "CAPABILITY", "CAPACITY", "VERIFICATION")
WHY_NOT = ("OTHER", "NOT_VERIFIED", "HELPING")


class PositionSerializer(serializers.Serializer[Any]):
    """Where something lies; null where unknown."""

    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)


class OwnInterestSerializer(Answer[Interest]):
    status = serializers.ChoiceField(choices=Interest.Status.choices)
    version = serializers.IntegerField()

    class Meta:
        model = Interest
        fields = ["id", "status", "version"]


class FittingVillageSerializer(serializers.Serializer[Any]):
    """One village at its rank. `helpers` through any channel; `is_full` by the policy. `spot` is the village's, or its
    county's where it has none. `why_not` says why no interest can be expressed; null where one can."""

    rank = serializers.IntegerField()
    area = AreaNameSerializer()
    county = AreaNameSerializer()
    tier = serializers.ChoiceField(choices=Tier.choices)
    spot = PositionSerializer()
    score = serializers.IntegerField()
    reasons = ScoreReasonSerializer(many=True)
    distance_km = serializers.FloatField(allow_null=True)
    needs = serializers.IntegerField()
    county_needs = serializers.IntegerField()
    helpers = serializers.IntegerField()
    is_full = serializers.BooleanField()
    is_helping = serializers.BooleanField()
    interest = OwnInterestSerializer(allow_null=True)
    why_not = serializers.ChoiceField(choices=WHY_NOT, allow_null=True)


class RankedPartySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    is_demo = serializers.BooleanField()
    seat = PositionSerializer(source="area", allow_null=True)


class FittingVillagesSerializer(serializers.Serializer[Any]):
    """A page of the ranking. `scored` villages were looked at, `helped` of them are helped by somebody; `lacks` says
    what the ranking, or an expression of interest, still wants for."""

    count = serializers.IntegerField()
    party = RankedPartySerializer()
    is_own = serializers.BooleanField()
    year = serializers.IntegerField(allow_null=True)
    policy_version = serializers.IntegerField(allow_null=True)
    scored = serializers.IntegerField()
    helped = serializers.IntegerField()
    lacks = serializers.ListField(child=serializers.ChoiceField(choices=LACKS))
    results = FittingVillageSerializer(many=True)


class AskedSerializer(RequestSerializer):
    """What the ranking can be narrowed by."""

    province = serializers.RegexField(r"^[0-9]{6}$", default="", error_messages={"invalid": "省份应为 6 位代码"})
    category = serializers.ChoiceField(choices=HelpCategory.choices, default="")
    within_km = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, default=None)
    helped = serializers.BooleanField(allow_null=True, default=None)
    search = serializers.CharField(max_length=60, default="")


PARAMETERS = [
    OpenApiParameter("province", str, description="省份代码"),
    OpenApiParameter("category", str, enum=HelpCategory.values, description="该村公布的需求类别"),
    OpenApiParameter("within_km", int, description="距离不超过（千米）"),
    OpenApiParameter("helped", bool, description="已有帮扶方"),
    OpenApiParameter("search", str, description="村、乡镇或县的名称、代码、拼音、首字母"),
    OpenApiParameter("page", int),
    OpenApiParameter("page_size", int),
]


class PartyVillages(APIView):
    """The villages that a firm or organisation may help, scored as a national run scores them, the best first.

    For the party itself and for those who watch over it.
    """

    @extend_schema(parameters=PARAMETERS, responses=FittingVillagesSerializer, operation_id="parties_villages")
    def get(self, request: Request, pk: int) -> Response:
        rows = Party.objects.filter(known(request.user), kind__in=JOINING_KINDS)
        party = get_object_or_404(rows.select_related("area"), pk=pk)
        asked = AskedSerializer(data={key: value for key, value in request.query_params.items() if key not in _PAGED})
        asked.is_valid(raise_exception=True)
        return Response(FittingVillagesSerializer(_answer(request, self, party, asked.validated_data)).data)


_PAGED = (Pages.page_query_param, Pages.page_size_query_param)


def _answer(request: Request, view: APIView, party: Party, asked: dict[str, Any]) -> dict[str, Any]:
    policy = Policy.objects.filter(channel__code=FIRMS_VILLAGES).select_related("channel").order_by("-version").first()
    found = ranking.rank(party, policy) if policy else None
    own = getattr(request.user, "party_id", None) == party.pk
    lacks = _lacks(party, found)
    told: dict[str, Any] = {
        "party": party, "is_own": own, "year": found.year if found else None, "lacks": lacks,
        "policy_version": policy.version if policy else None, "scored": 0, "helped": 0, "count": 0, "results": [],
    }  # fmt: skip
    if found is None or "CAPABILITY" in lacks:
        return told
    places = _narrowed(found, asked)
    pages = Pages()
    page: Ints = np.array(pages.paginate_queryset(places, request, view), np.int64)
    told |= {"scored": len(found.order), "helped": int((found.helpers[found.order] > 0).sum()), "count": len(places)}
    return told | {"results": _shown(found, page, "OTHER" if not own else _not_verified(party))}


def _lacks(party: Party, found: Ranking | None) -> list[str]:
    if found is None:
        return ["POLICY"]
    firms = found.scoring.firms
    missing = {
        "SEAT": party.area is None,
        "CAPABILITY": not firms.can.any(),
        "CAPACITY": bool((firms.villages < 0).any()),
        "VERIFICATION": not party.in_good_standing,
    }
    return [name for name, lacking in missing.items() if lacking]


def _not_verified(party: Party) -> str | None:
    return None if party.in_good_standing else "NOT_VERIFIED"


def _narrowed(found: Ranking, asked: dict[str, Any]) -> Ints:
    search = asked.pop("search").strip()
    called = list(_called(search, found)) if search else None
    return found.narrowed(called=called, **asked)


def _called(search: str, found: Ranking) -> QuerySet[Area, int]:
    """The villages called so, or lying in a township or county that is."""
    counties = [area.pk for area in found.scoring.villages.counties.areas]
    there = Area.objects.current().filter(parent__parent__in=counties, level=Area.Level.VILLAGE)
    return there.search(search).values_list("pk", flat=True)


def _shown(found: Ranking, places: Ints, why_not: str | None) -> list[dict[str, Any]]:
    """What is told of the villages at these places."""
    villages = found.scoring.villages
    areas = Area.objects.in_bulk(villages.ids[places].tolist())
    return [
        _village(found, int(place), areas[int(villages.ids[place])], reasons, why_not)
        for place, reasons in zip(places, found.reasons(places), strict=True)
    ]


def _village(
    found: Ranking, at: int, area: Area, reasons: Sequence[dict[str, Any]], why_not: str | None
) -> dict[str, Any]:
    villages = found.scoring.villages
    county, helping = int(villages.county[at]), bool(found.mine[at])
    return {
        "rank": int(found.rank[at]),
        "area": area,
        "county": villages.counties.areas[county],
        "tier": Tier.DEEP if found.deep[at] else Tier.POOR,
        "spot": {"lon": _known(villages.lon[at]), "lat": _known(villages.lat[at])},
        "score": int(found.scores[at]),
        "reasons": reasons,
        "distance_km": _known(found.distance_km[at]),
        "needs": int(villages.needs[at].sum()),
        "county_needs": int(villages.county_needs[county].sum()),
        "helpers": int(found.helpers[at]),
        "is_full": bool(found.full[at]),
        "is_helping": helping,
        "interest": found.interests.get(area.pk),
        "why_not": why_not or ("HELPING" if helping else None),
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)
