"""The inbox over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.permissions import user_of
from backend.inbox import digest, waiting
from backend.inbox.models import DigestOptOut
from backend.web.api import RequestSerializer, body_of


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


class DigestSerializer(RequestSerializer):
    """Where the daily letter goes (blank: nowhere), and whether the account wants it."""

    email = serializers.EmailField(max_length=254, allow_blank=True)
    wanted = serializers.BooleanField()


class DigestChoice(APIView):
    """My daily letter about what waits."""

    @extend_schema(responses=DigestSerializer, operation_id="digest_retrieve")
    def get(self, request: Request) -> Response:
        user = user_of(request)
        wanted = not DigestOptOut.objects.filter(user=user).exists()
        return Response(DigestSerializer({"email": user.email, "wanted": wanted}).data)

    @extend_schema(request=DigestSerializer, responses=DigestSerializer, operation_id="digest_update")
    def put(self, request: Request) -> Response:
        digest.choose(by=user_of(request), **body_of(DigestSerializer, request))
        return self.get(request)
