"""`GET /api/search?q=`: one box for everything that has a name."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.places.depth import Tier
from backend.search.finding import Kind, search
from backend.web.api import RequestSerializer


class SearchedSerializer(RequestSerializer):
    q = serializers.CharField(max_length=60, help_text="名称、代码、拼音或首字母")


class HitSerializer(serializers.Serializer[Any]):
    """`code`: of an area or a party; `place`: of its division. `formerly`: by whose name or code an area was found."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
    code = serializers.CharField()
    place = serializers.CharField()
    tier = serializers.ChoiceField(choices=Tier.choices, allow_null=True)
    formerly = serializers.CharField()
    is_demo = serializers.BooleanField()


class HitGroupSerializer(serializers.Serializer[Any]):
    """The best of a kind; `more`: there are others, and its own list has them all."""

    kind = serializers.ChoiceField(choices=Kind.choices)
    hits = HitSerializer(many=True)
    more = serializers.BooleanField()


class FoundSerializer(serializers.Serializer[Any]):
    """What is called so, by kind; `alike`: nothing is, and these sound alike."""

    alike = serializers.BooleanField()
    groups = HitGroupSerializer(many=True)


class Search(APIView):
    """Areas, parties, needs and pairings by name, code, pinyin or initials; slips of the pen forgiven."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[SearchedSerializer], responses=FoundSerializer, operation_id="search")
    def get(self, request: Request) -> Response:
        asked = SearchedSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        return Response(FoundSerializer(search(asked.validated_data["q"], request.user)).data)
