"""Merging over HTTP."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import ScopedPrimaryKeyRelatedField
from backend.joining import merging
from backend.joining.scopes import known
from backend.parties.api import PartyPageSerializer
from backend.parties.models import GOOD_STANDINGS, Party
from backend.web.api import RequestSerializer, conditional, require_version


class MergerSerializer(RequestSerializer):
    into = ScopedPrimaryKeyRelatedField(queryset=Party.objects.all())
    reason = serializers.CharField(max_length=1000)


class Merger(APIView):
    """Merge this record into another; answers with the one that stays."""

    @extend_schema(request=MergerSerializer, responses=PartyPageSerializer, operation_id="party_merge")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.COORDINATOR, Role.ADMINISTRATOR, to="合并单位")
        seen = Q(standing__in=GOOD_STANDINGS) | known(user)
        duplicate = get_object_or_404(Party.objects.filter(seen).select_related("registration"), pk=pk)
        body = MergerSerializer(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        said: dict[str, Any] = body.validated_data
        kept = merging.merge(
            duplicate=duplicate,
            survivor=said["into"],
            reason=said["reason"],
            by=user,
            check=lambda party: require_version(request, party),
        )
        return Response(PartyPageSerializer(kept).data)
