"""Joining in one visit: the public doors, each with a limit on how often one address may knock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth import login
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.api import SessionSerializer, session
from backend.accounts.models import User
from backend.accounts.scopes import AreaCodeField
from backend.accounts.throttling import Asking, Entering
from backend.joining import actions
from backend.parties.codes import Industry, sound_uscc
from backend.parties.functions import alike
from backend.parties.help import HelpCategory, HelpMode
from backend.parties.models import PHONE, Party
from backend.web.answers import Answer
from backend.web.api import RequestSerializer
from backend.web.problems import Invalid

# The account that comes in has a name and password of its own, whichever way the backend would find it.
_BACKEND = "backend.accounts.login.Accounts"


class ContactEntrySerializer(RequestSerializer):
    name = serializers.CharField(max_length=60)
    phone = serializers.RegexField(
        PHONE, max_length=20, error_messages={"invalid": "电话应为 5 至 20 位数字，可含 + - 和空格"}
    )
    post = serializers.CharField(max_length=60, allow_blank=True, default="")


class OfferSerializer(RequestSerializer):
    category = serializers.ChoiceField(choices=HelpCategory.choices)
    mode = serializers.ChoiceField(choices=HelpMode.choices, allow_blank=True, default="")
    quantity = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal("0.01"), allow_null=True, default=None
    )
    unit = serializers.CharField(max_length=10, allow_blank=True, default="")
    description = serializers.CharField(max_length=500, allow_blank=True, default="")
    proof = serializers.CharField(max_length=300, allow_blank=True, default="")

    def validate(self, attrs: Any) -> Any:
        if attrs["quantity"] is not None and not attrs["unit"]:
            raise serializers.ValidationError({"unit": "请写明数量的单位"}, code="missing")
        if attrs["quantity"] is None and attrs["unit"]:
            raise serializers.ValidationError({"quantity": "写了单位，请填写数量"}, code="missing")
        return attrs


class OffersField(serializers.ListField):
    """Each category and mode at most once."""

    child = OfferSerializer()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=len(HelpCategory) * (len(HelpMode) + 1), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        rows = super().to_internal_value(data)
        if len({(row["category"], row["mode"]) for row in rows}) < len(rows):
            raise serializers.ValidationError("同一类别、同一方式只填一次", code="twice")
        return rows


class FactsSerializer(RequestSerializer):
    """What says who somebody is."""

    kind = serializers.ChoiceField(choices=Party.Kind.choices)
    name = serializers.CharField(max_length=120, min_length=2)
    uscc = serializers.CharField(max_length=40)
    area = AreaCodeField()
    industry = serializers.ChoiceField(choices=Industry.choices, allow_blank=True, default="")


class JoinSerializer(FactsSerializer):
    contact = ContactEntrySerializer()
    capabilities = OffersField(default=list)
    username = serializers.CharField(min_length=2, max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class Join(APIView):
    """A firm, organisation or chamber registers itself and is logged in at once, pending until somebody vouches."""

    permission_classes = [AllowAny]
    throttle_classes = [Entering]

    @extend_schema(request=JoinSerializer, responses={201: SessionSerializer}, operation_id="join_create")
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        body = JoinSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return entered(request, actions.register(**body.validated_data))


def entered(request: Request, user: User) -> Response:
    """The session of an account that was made just now."""
    login(request._request, user, backend=_BACKEND)
    request.user = user
    return Response(session(request), status=status.HTTP_201_CREATED)


class CodeCheckSerializer(serializers.Serializer[Any]):
    uscc = serializers.CharField()
    registered = serializers.BooleanField()
    holder = serializers.CharField(allow_null=True)
    detail = serializers.CharField()


class CodeCheck(APIView):
    """Whether a code is well formed and still free. Whom it belongs to is said of those only who are public anyway."""

    permission_classes = [AllowAny]
    throttle_classes = [Asking]

    @extend_schema(
        parameters=[OpenApiParameter("uscc", str, required=True)],
        responses=CodeCheckSerializer,
        operation_id="join_code_retrieve",
    )
    def get(self, request: Request) -> Response:
        code = sound_uscc(request.query_params.get("uscc", "")[:40])
        holder = Party.objects.holder_of(code)
        public = holder is not None and holder.in_good_standing
        return Response(
            {
                "uscc": code,
                "registered": holder is not None,
                "holder": holder.name if holder and public else None,
                "detail": actions.REGISTERED_ALREADY if holder else "",
            }
        )


class AlikeSerializer(Answer[Party]):
    area_name = serializers.CharField(source="area.full_name", default=None, allow_null=True)

    class Meta:
        model = Party
        fields = ["id", "name", "area_name"]


class NamesAlike(APIView):
    """Public parties called nearly so: a hint for whoever is about to register a second time."""

    permission_classes = [AllowAny]
    throttle_classes = [Asking]
    SHOWN = 5

    @extend_schema(
        parameters=[OpenApiParameter("name", str, required=True)],
        responses=AlikeSerializer(many=True),
        operation_id="join_alike_list",
    )
    def get(self, request: Request) -> Response:
        name = request.query_params.get("name", "").strip()
        if not 2 <= len(name) <= 120:
            raise Invalid("名称应为 2 至 120 个字", field="name")
        rows = alike(name, Party.objects.joining().in_good_standing()).select_related("area")
        return Response(AlikeSerializer(rows[: self.SHOWN], many=True).data)
