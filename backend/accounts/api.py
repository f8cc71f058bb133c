"""Logging in and out, and who I am."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts import actions
from backend.accounts.models import User
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer
from backend.web.problems import Invalid


class UserSerializer(Answer[User]):
    """Who is logged in, and the region or organisation that bounds what they see."""

    role_label = Label(source="get_role_display")
    region = serializers.SerializerMethodField()
    party = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "username", "display_name", "role", "role_label", "region", "party", "is_demo"]

    def get_region(self, user: User) -> dict[str, str] | None:
        return {"code": user.region.code, "name": user.region.full_name} if user.region else None

    def get_party(self, user: User) -> dict[str, Any] | None:
        if user.party is None:
            return None
        area = user.party.area
        return {
            "id": user.party.pk,
            "name": user.party.name,
            "area": area.code if area else None,
            "standing": user.party.standing,
        }


class DemoAccountSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField()
    role = serializers.CharField()
    display_name = serializers.CharField()
    note = serializers.CharField()


class SessionSerializer(serializers.Serializer[Any]):
    authenticated = serializers.BooleanField()
    user = UserSerializer(allow_null=True)
    csrf_token = serializers.CharField()
    demo_accounts = DemoAccountSerializer(many=True)


class LoginSerializer(RequestSerializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


def session(request: Request) -> dict[str, Any]:
    """What a browser is told of its log-in."""
    user = request.user if request.user.is_authenticated else None
    return {
        "authenticated": user is not None,
        "user": UserSerializer(user).data if user else None,
        "csrf_token": get_token(request._request),
        "demo_accounts": _demo_accounts(),
    }


def _demo_accounts() -> list[dict[str, str]]:
    if not settings.DEMO:
        return []
    users = User.objects.filter(is_demo=True, is_active=True).select_related("party__area", "region").order_by("pk")
    return [
        {
            "username": user.username,
            "password": settings.DEMO_PASSWORD,
            "role": user.get_role_display(),
            "display_name": user.display_name,
            "note": user.party.name if user.party else (user.region.full_name if user.region else "全国"),
        }
        for user in users
    ]


@method_decorator(never_cache, name="dispatch")
class SessionView(APIView):
    """The log-in of this browser."""

    permission_classes = [AllowAny]

    @extend_schema(responses=SessionSerializer, operation_id="session_retrieve")
    def get(self, request: Request) -> Response:
        return Response(session(request))

    @extend_schema(request=LoginSerializer, responses=SessionSerializer, operation_id="session_create")
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        body = LoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        # A name that is locked for this address is not even looked up; the middleware answers (`login.locked_out`).
        user = authenticate(request=request._request, **body.validated_data)
        if user is None:
            raise Invalid("用户名或密码不正确", field="password", code="wrong_credentials")
        login(request._request, user)
        request.user = user
        return Response(session(request), status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None}, operation_id="session_destroy")
    def delete(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordSerializer(RequestSerializer):
    current = serializers.CharField(max_length=200, trim_whitespace=False)
    new = serializers.CharField(max_length=200, trim_whitespace=False)


class PasswordView(APIView):
    """My password; the other sessions of the account end with the old one."""

    @extend_schema(request=PasswordSerializer, responses={204: None}, operation_id="password_update")
    def put(self, request: Request) -> Response:
        body = PasswordSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user = cast(User, request.user)
        actions.change_password(by=user, **body.validated_data)
        update_session_auth_hash(request._request, user)
        return Response(status=status.HTTP_204_NO_CONTENT)
