"""The inbox over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.inbox import waiting


class ItemSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=waiting.KINDS)
    since = serializers.DateTimeField()
    title = serializers.CharField()
    detail = serializers.CharField()
    link = serializers.CharField()
    subject_id = serializers.IntegerField()
    amount_yuan = serializers.CharField(allow_null=True)


class Inbox(APIView):
    """What waits for me, oldest first."""

    @extend_schema(responses=ItemSerializer(many=True), operation_id="inbox_list")
    def get(self, request: Request) -> Response:
        user = request.user
        return Response(ItemSerializer(waiting.of(user), many=True).data if isinstance(user, User) else [])
