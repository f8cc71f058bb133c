"""The inner life of a party over HTTP, for itself and those who watch over it: registration, verdict, what it says."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.events import EventSerializer
from backend.accounts.models import Role, User
from backend.accounts.permissions import require_role
from backend.accounts.scopes import visible
from backend.joining import actions, describing, inviting, merging
from backend.joining.api import ContactEntrySerializer, FactsSerializer, OffersField
from backend.joining.authority import authority_of
from backend.joining.filters import RegistrationFilter
from backend.joining.models import Registration
from backend.joining.scopes import known, told_contacts
from backend.lifecycle.models import Event
from backend.parties.api import PartyPageSerializer, PartySerializer
from backend.parties.details import ContactPersonSerializer, YearCapacitySerializer
from backend.parties.functions import alike
from backend.parties.models import DEMO_NOTE, JOINING_KINDS, Party
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer, conditional, require_version, versioned
from backend.web.exports import Exported
from backend.web.money import AmountField
from backend.web.sheets import Column, Kind

# --- the queue ------------------------------------------------------------------------------------------------------


class RegistrationSerializer(Answer[Registration]):
    """How far a party's registration is."""

    status_label = Label(source="get_status_display")

    class Meta:
        model = Registration
        fields = ["id", "status", "status_label", "refusal", "submitted_at", "decided_at"]


class QueuedSerializer(RegistrationSerializer):
    """A registration with whose it is."""

    party = PartySerializer()

    class Meta(RegistrationSerializer.Meta):
        fields = [*RegistrationSerializer.Meta.fields, "party"]


class RegistrationList(Exported):
    """Who came in and waits, or did; oldest first. Everybody sees their own and what they watch over."""

    serializer_class = QueuedSerializer
    filterset_class = RegistrationFilter
    ordering_fields = ["submitted_at", "party__area__code", "id"]
    ordering = ["submitted_at", "id"]
    export_title = "登记名单"
    export_columns = (
        Column("编号", "id", Kind.NUMBER, 8),
        Column("名称", "party.name", width=40),
        Column("类别", "party.get_kind_display"),
        Column("统一社会信用代码", "party.uscc", width=22),
        Column("行业", "party.get_industry_display", width=24),
        Column("所在地区代码", "party.area.code", width=14),
        Column("所在地区", "party.area.full_name", width=40),
        Column("登记情况", "get_status_display", width=10),
        Column("提交时间", "submitted_at", Kind.TIME, 17),
        Column("核实时间", "decided_at", Kind.TIME, 17),
        Column("退回理由", "refusal", width=40),
    )
    export_notes = (DEMO_NOTE,)

    def get_queryset(self) -> Any:
        return visible(Registration, self.request.user).select_related("party__area")


# --- one party ------------------------------------------------------------------------------------------------------


class AlikePartySerializer(PartySerializer):
    """Somebody called nearly so, told to whoever has to decide whether it is the same."""

    likeness = serializers.FloatField()

    class Meta(PartySerializer.Meta):
        fields = [*PartySerializer.Meta.fields, "likeness"]


# What a helper's record should hold before it is matched; in the order in which people fill it in.
LACKS = ("USCC", "AREA", "INDUSTRY", "CONTACT", "CAPABILITY", "CAPACITY")


class ProfileSerializer(Answer[Party]):
    """The whole of one party. `contacts` is null for those who may not see them; `alike` is for the verifier."""

    party = PartyPageSerializer(source="*")
    registration = serializers.SerializerMethodField()
    authority = serializers.SerializerMethodField()
    capacities = YearCapacitySerializer(many=True)
    contacts = serializers.SerializerMethodField()
    alike = serializers.SerializerMethodField()
    lacks = serializers.SerializerMethodField()
    my_steps = serializers.SerializerMethodField()
    may_describe = serializers.SerializerMethodField()
    may_invite = serializers.SerializerMethodField()
    may_merge = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = [
            "party", "registration", "authority", "capacities", "contacts", "alike", "lacks", "my_steps",
            "may_describe", "may_invite", "may_merge", "version",
        ]  # fmt: skip

    @property
    def _user(self) -> Any:
        return self.context["request"].user

    @extend_schema_field(RegistrationSerializer(allow_null=True))
    def get_registration(self, party: Party) -> Any:
        registration = actions.registration_of(party)
        return RegistrationSerializer(registration).data if registration else None

    def get_authority(self, party: Party) -> str:
        """Whose verdict it is, in words."""
        office = authority_of(party)
        return office.name if office else "负责该地区的协调员"

    @extend_schema_field(ContactPersonSerializer(many=True, allow_null=True))
    def get_contacts(self, party: Party) -> Any:
        if not Party.objects.filter(told_contacts(self._user), pk=party.pk).exists():
            return None
        return ContactPersonSerializer(party.contacts.all(), many=True).data

    @extend_schema_field(AlikePartySerializer(many=True))
    def get_alike(self, party: Party) -> Any:
        if actions.Step.VERIFY not in actions.open_steps(party, self._user):
            return []
        others = Party.objects.joining().exclude(pk=party.pk).filter(merged_into=None).select_related("area")
        return AlikePartySerializer(alike(party.name, others)[:8], many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=LACKS)))
    def get_lacks(self, party: Party) -> list[str]:
        """What is still missing on the record."""
        joins = party.kind in JOINING_KINDS
        there = {
            "USCC": party.uscc or not joins,
            "AREA": party.area_id or not joins,
            "INDUSTRY": party.industry or party.kind != Party.Kind.ENTERPRISE,
            "CONTACT": party.contacts.exists(),
            "CAPABILITY": party.capabilities.all(),
            "CAPACITY": any(row.year >= timezone.localdate().year for row in party.capacities.all()),
        }
        return [name for name in LACKS if not there[name]]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=actions.Step.choices)))
    def get_my_steps(self, party: Party) -> list[str]:
        return [str(step) for step in actions.open_steps(party, self._user)]

    def get_may_describe(self, party: Party) -> bool:
        return describing.may_describe(party, self._user)

    def get_may_invite(self, party: Party) -> bool:
        return inviting.may_invite(party, self._user)

    def get_may_merge(self, party: Party) -> bool:
        return merging.may_merge(party, self._user)


def _known(request: Request) -> QuerySet[Party]:
    rows = Party.objects.filter(known(request.user)).select_related("area", "registration")
    return rows.prefetch_related("capabilities", "capacities")


def answer(request: Request, pk: int) -> Response:
    """The profile as it stands now."""
    party = get_object_or_404(_known(request), pk=pk)
    return versioned(ProfileSerializer(party, context={"request": request}).data, party)


def locked(request: Request, pk: int) -> Party:
    """The party under its row lock, as the client saw it. Raises Http404, StaleVersion (412)."""
    rows = Party.objects.filter(known(request.user)).select_for_update(no_key=True, of=("self",))
    party = get_object_or_404(rows.select_related("area", "registration"), pk=pk)
    require_version(request, party)
    return party


class Profile(APIView):
    """Everything about one party, for itself and those who watch over it; PUT corrects what says who it is."""

    @extend_schema(responses=ProfileSerializer, operation_id="profile_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        return answer(request, pk)

    @extend_schema(request=FactsSerializer, responses=ProfileSerializer, operation_id="profile_correct")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        body = FactsSerializer(data=request.data)
        with transaction.atomic():
            party = locked(request, pk)
            body.is_valid(raise_exception=True)
            actions.correct(party=party, by=cast(User, request.user), **body.validated_data)
        return answer(request, pk)


class DecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=[choice for choice in actions.Step.choices if choice[0] != "CORRECT"])
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class RegistrationDecision(APIView):
    """Vouch for a party, or send its registration back with the reason."""

    @extend_schema(request=DecisionSerializer, responses=ProfileSerializer, operation_id="registration_decide")
    @conditional
    def post(self, request: Request, pk: int) -> Response:
        user = require_role(request.user, Role.FEDERATION, Role.COORDINATOR, to="核实登记")
        body = DecisionSerializer(data=request.data)
        with transaction.atomic():
            party = locked(request, pk)
            body.is_valid(raise_exception=True)
            actions.take(party=party, by=user, **body.validated_data)
        return answer(request, pk)


class ProfileEvents(ListAPIView[Event]):
    """Who changed what, when, from what: of the party and of its registration, oldest first."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filter_backends = []

    def get_queryset(self) -> Any:
        party = get_object_or_404(_known(self.request), pk=self.kwargs["pk"])
        told = Q(subject_type="parties.party", subject_id=str(party.pk))
        registration = actions.registration_of(party)
        if registration:
            told |= Q(subject_type="joining.registration", subject_id=str(registration.pk))
        return visible(Event.objects.filter(told), self.request.user).order_by("id")


# --- what it says of itself -----------------------------------------------------------------------------------------


class CapacityEntrySerializer(RequestSerializer):
    year = serializers.IntegerField(min_value=2016, max_value=2100)
    villages = serializers.IntegerField(min_value=0, max_value=100_000, allow_null=True, default=None)
    counties = serializers.IntegerField(min_value=0, max_value=3_000, allow_null=True, default=None)
    budget_yuan = AmountField(allow_null=True, default=None)

    def validate(self, attrs: Any) -> Any:
        if all(attrs[name] is None for name in ("villages", "counties", "budget_yuan")):
            raise serializers.ValidationError("村数、县数、预算至少填一项", code="empty")
        return attrs


class OffersSerializer(RequestSerializer):
    capabilities = OffersField()


class CapacitiesSerializer(RequestSerializer):
    capacities = serializers.ListField(child=CapacityEntrySerializer(), max_length=20)

    def validate_capacities(self, rows: Any) -> Any:
        if len({row["year"] for row in rows}) < len(rows):
            raise serializers.ValidationError("同一年度只填一次", code="twice")
        return rows


class ContactsSerializer(RequestSerializer):
    contacts = serializers.ListField(child=ContactEntrySerializer(), max_length=10)

    def validate_contacts(self, rows: Any) -> Any:
        if len({(row["name"], row["phone"]) for row in rows}) < len(rows):
            raise serializers.ValidationError("同一联系人只填一次", code="twice")
        return rows


class _Said(APIView):
    """One list that the party keeps about itself, replaced as a whole."""

    body: type[RequestSerializer]
    part: str

    def replace(self, request: Request, pk: int) -> Response:
        body = self.body(data=request.data)
        with transaction.atomic():
            party = locked(request, pk)
            body.is_valid(raise_exception=True)
            describing.state(self.part, party=party, rows=body.validated_data[self.part], by=cast(User, request.user))
        return answer(request, pk)


class Capabilities(_Said):
    body, part = OffersSerializer, "capabilities"

    @extend_schema(request=OffersSerializer, responses=ProfileSerializer, operation_id="profile_state_capabilities")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        return self.replace(request, pk)


class Capacities(_Said):
    body, part = CapacitiesSerializer, "capacities"

    @extend_schema(request=CapacitiesSerializer, responses=ProfileSerializer, operation_id="profile_state_capacities")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        return self.replace(request, pk)


class Contacts(_Said):
    body, part = ContactsSerializer, "contacts"

    @extend_schema(request=ContactsSerializer, responses=ProfileSerializer, operation_id="profile_name_contacts")
    @conditional
    def put(self, request: Request, pk: int) -> Response:
        return self.replace(request, pk)
