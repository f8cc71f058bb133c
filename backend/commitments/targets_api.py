"""The targets of signed agreements with what became of them, over HTTP."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.scopes import visible
from backend.agreements.kinds import Indicator, Unit
from backend.agreements.models import Agreement
from backend.commitments import targets
from backend.commitments.kinds import Kind
from backend.commitments.serializers import DIGITS
from backend.pairings.models import Pairing
from backend.web.api import RequestSerializer
from backend.web.problems import Conflict


class TargetProgressSerializer(serializers.Serializer[Any]):
    """Figures in `unit`; `kind` is the commitment that the target asks for, if any, and `left` what of the target
    nobody has registered yet."""

    agreement = serializers.IntegerField()
    agreement_title = serializers.CharField()
    indicator = serializers.ChoiceField(choices=Indicator.choices)
    unit = serializers.ChoiceField(choices=Unit.choices)
    quantity = serializers.DecimalField(**DIGITS)
    note = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Kind.choices, allow_null=True)
    promised = serializers.DecimalField(**DIGITS, allow_null=True)
    confirmed = serializers.DecimalField(**DIGITS)
    left = serializers.DecimalField(**DIGITS, allow_null=True)
    completion = serializers.DecimalField(max_digits=12, decimal_places=1)


class AgreementTargets(APIView):
    """How far each target of a signed agreement is."""

    @extend_schema(responses=TargetProgressSerializer(many=True), operation_id="agreements_targets")
    def get(self, request: Request, pk: int) -> Response:
        rows = visible(Agreement, request.user).prefetch_related("targets")
        agreement = get_object_or_404(rows, pk=pk)
        if agreement.status != Agreement.Status.SIGNED:
            raise Conflict(f"协议的状态是“{agreement.get_status_display()}”，双方签署之后才能据以登记承诺")
        return Response(TargetProgressSerializer(targets.of_agreement(agreement), many=True).data)


class _YearSerializer(RequestSerializer):
    year = serializers.IntegerField(min_value=1990, max_value=2100)


class PairingTargets(APIView):
    """What signed agreements ask for under a pairing in a year: a new commitment begins with it."""

    @extend_schema(
        parameters=[OpenApiParameter("year", int, required=True, description="年度")],
        responses=TargetProgressSerializer(many=True),
        operation_id="pairings_targets",
    )
    def get(self, request: Request, pk: int) -> Response:
        pairing = get_object_or_404(visible(Pairing, request.user), pk=pk)
        asked = _YearSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found = targets.of_pairing(pairing, asked.validated_data["year"])
        return Response(TargetProgressSerializer(found, many=True).data)
