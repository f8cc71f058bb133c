"""Invitations over HTTP: made by those who may, taken up by whoever holds the link."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.api import SessionSerializer
from backend.accounts.models import Role
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.accounts.throttling import Asking, Entering
from backend.joining import inviting
from backend.joining.api import entered
from backend.joining.models import Invitation
from backend.joining.scopes import inviting as may_invite_to
from backend.parties.models import Party
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned

HOSTS = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.FEDERATION)


class InvitationSerializer(Answer[Invitation]):
    """An invitation without its link, which is shown once and kept nowhere."""

    role_label = Label(source="get_role_display")
    status_label = Label(source="get_status_display")
    invited_by = serializers.CharField(source="invited_by.display_name")
    username = serializers.CharField(source="accepted_by.username", default=None, allow_null=True)

    class Meta:
        model = Invitation
        fields = [
            "id", "role", "role_label", "display_name", "status", "status_label", "expires_at", "invited_by",
            "created_at", "username", "version",
        ]  # fmt: skip


class MadeInvitationSerializer(InvitationSerializer):
    token = serializers.CharField()

    class Meta(InvitationSerializer.Meta):
        fields = [*InvitationSerializer.Meta.fields, "token"]


class InviteSerializer(RequestSerializer):
    role = serializers.ChoiceField(choices=Role.choices)
    display_name = serializers.CharField(max_length=60)


class InvitationList(ListAPIView[Invitation]):
    """Whom a party has been sent links for; POST makes one."""

    serializer_class = InvitationSerializer
    filter_backends = []

    def get_queryset(self) -> Any:
        party = get_object_or_404(Party.objects.filter(may_invite_to(self.request.user)), pk=self.kwargs["pk"])
        return party.invitations.select_related("invited_by", "accepted_by")

    @extend_schema(request=InviteSerializer, responses={201: MadeInvitationSerializer}, operation_id="invitations_make")
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, *HOSTS, to="邀请人员")
        party = get_object_or_404(Party.objects.visible_to(user), pk=pk)
        body = InviteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made, token = inviting.invite(party=party, by=user, **body.validated_data)
        answer = {**InvitationSerializer(made).data, "token": token}
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class InvitationWithdrawal(APIView):
    """Take back a link that nobody has used."""

    @extend_schema(request=None, responses=InvitationSerializer, operation_id="invitation_withdraw")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, *HOSTS, to="撤回邀请")
        with transaction.atomic():
            rows = visible(Invitation, user).select_for_update(no_key=True, of=("self",))
            invitation = get_object_or_404(rows, pk=pk)
            require_version(request, invitation)
            inviting.withdraw(invitation=invitation, by=user)
        return versioned(InvitationSerializer(invitation).data, invitation)


class LookSerializer(RequestSerializer):
    token = serializers.CharField(max_length=100)


class InvitedSerializer(Answer[Invitation]):
    """What the holder of a link is told before taking it up."""

    party_name = serializers.CharField(source="party.name")
    role_label = Label(source="get_role_display")

    class Meta:
        model = Invitation
        fields = ["party_name", "display_name", "role", "role_label", "expires_at"]


class InvitationLook(APIView):
    """What a link is for. A POST, so that the token stands in no address and no log."""

    permission_classes = [AllowAny]
    throttle_classes = [Asking]

    @extend_schema(request=LookSerializer, responses=InvitedSerializer, operation_id="invitation_look")
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        body = LookSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(InvitedSerializer(inviting.look(**body.validated_data)).data)


class AcceptSerializer(LookSerializer):
    username = serializers.CharField(min_length=2, max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class InvitationAcceptance(APIView):
    """Take a link up with a name and password of one's own; the new account is logged in at once."""

    permission_classes = [AllowAny]
    throttle_classes = [Entering]

    @extend_schema(request=AcceptSerializer, responses={201: SessionSerializer}, operation_id="invitation_accept")
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        body = AcceptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return entered(request, inviting.accept(**body.validated_data))
