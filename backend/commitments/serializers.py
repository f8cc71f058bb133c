"""The shapes of commitments and their ledger on the wire. Money is yuan, as strings."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.scopes import ScopedPrimaryKeyRelatedField
from backend.commitments import kinds, steps
from backend.commitments.models import (
    Commitment,
    Confirmation,
    Discrepancy,
    EntryFile,
    LedgerEntry,
    Posting,
    ReversalRequest,
)
from backend.needs.models import Need
from backend.pairings.api import HelperSerializer, PlaceSerializer
from backend.pairings.models import Pairing
from backend.pairings.scopes import side_of
from backend.web.answers import Answer, Figure
from backend.web.api import Label, RequestSerializer
from backend.web.money import LARGEST_YUAN, AmountField

StepsField = serializers.ListField(child=serializers.ChoiceField(choices=steps.Step.choices))
DIGITS: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}


# `confirmed` is what both sides stand behind of what arrived. No docstring: the schema would tell it of every heir.
class StagesSerializer(serializers.Serializer[Any]):
    agreed = serializers.DecimalField(**DIGITS)
    arrived = serializers.DecimalField(**DIGITS)
    confirmed = serializers.DecimalField(**DIGITS)
    spent = serializers.DecimalField(**DIGITS)
    accepted = serializers.DecimalField(**DIGITS)


class _Stepped:
    """`my_steps` of something that belongs to the commitment in the context."""

    context: dict[str, Any]

    def _mine(self, of: Any, row: Any) -> list[str]:
        return [str(step) for step in of(row, self.context["commitment"], self.context["request"].user)]


class ConfirmationSerializer(Answer[Confirmation]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Confirmation
        fields = ["answer", "amount_yuan", "quantity", "reason", "by", "at"]
        read_only_fields = fields


class DiscrepancySerializer(_Stepped, Answer[Discrepancy]):
    """Where a voucher was claimed first is not told: the reader may not be one to see that."""

    kind_label = Label(source="get_kind_display")
    status_label = Label(source="get_status_display")
    explained_by = serializers.CharField(source="explained_by.display_name", default=None, allow_null=True)
    agreed_by = serializers.CharField(source="agreed_by.display_name", default=None, allow_null=True)
    my_steps = serializers.SerializerMethodField()

    class Meta:
        model = Discrepancy
        fields = [
            "id", "kind", "kind_label", "status", "status_label", "explanation", "explained_by", "agreed_by",
            "created_at", "my_steps", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(StepsField)
    def get_my_steps(self, matter: Discrepancy) -> list[str]:
        return self._mine(steps.of_discrepancy, matter)


class ReversalRequestSerializer(_Stepped, Answer[ReversalRequest]):
    status_label = Label(source="get_status_display")
    requested_by = serializers.CharField(source="requested_by.display_name")
    my_steps = serializers.SerializerMethodField()

    class Meta:
        model = ReversalRequest
        fields = ["id", "reason", "status", "status_label", "requested_by", "answer_reason", "created_at", "my_steps"]
        read_only_fields = fields

    @extend_schema_field(StepsField)
    def get_my_steps(self, request: ReversalRequest) -> list[str]:
        return self._mine(steps.of_request, request)


class PostingSerializer(Answer[Posting]):
    class Meta:
        model = Posting
        fields = ["id", "unit", "post", "duty", "start_date", "end_date", "names"]
        read_only_fields = fields


class EntryFileSerializer(Answer[EntryFile]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = EntryFile
        fields = ["id", "name", "media_type", "size", "sha256", "by", "at"]
        read_only_fields = fields


class LedgerEntrySerializer(_Stepped, Answer[LedgerEntry]):
    """`reversed` tells that a later entry took this one back; `counts` whether it is in the sums."""

    stage_label = Label(source="get_stage_display")
    reported_by = serializers.CharField(source="reported_by.display_name")
    reversed = serializers.SerializerMethodField()
    left_to_accept = serializers.SerializerMethodField()
    confirmation = ConfirmationSerializer(allow_null=True)
    posting = PostingSerializer(allow_null=True)
    files = EntryFileSerializer(many=True)
    discrepancies = DiscrepancySerializer(many=True)
    reversal_requests = ReversalRequestSerializer(many=True)
    my_steps = serializers.SerializerMethodField()

    class Meta:
        model = LedgerEntry
        fields = [
            "id", "stage", "stage_label", "amount_yuan", "quantity", "occurred_date", "reference", "evidence", "reason",
            "reported_by_side", "reported_by", "reverses", "reversed", "accepts", "left_to_accept", "confirmation",
            "posting", "files", "discrepancies", "reversal_requests", "created_at", "my_steps",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, entry: LedgerEntry) -> dict[str, Any]:
        for name in ("confirmation", "posting"):
            if not hasattr(entry, name):
                setattr(entry, name, None)
        return super().to_representation(entry)

    def get_reversed(self, entry: LedgerEntry) -> bool:
        return hasattr(entry, "reversed_by")

    @extend_schema_field(serializers.DecimalField(**DIGITS))
    def get_left_to_accept(self, entry: LedgerEntry) -> str:
        return f"{steps.left_to_accept(entry, self.context['commitment']):.2f}"

    @extend_schema_field(StepsField)
    def get_my_steps(self, entry: LedgerEntry) -> list[str]:
        return self._mine(steps.of_entry, entry)


class CommitmentSerializer(Answer[Commitment]):
    """A row of the list. The five figures are in `unit`."""

    helper = HelperSerializer(source="pairing.helper")
    recipient = PlaceSerializer(source="pairing.recipient")
    kind_label = Label(source="get_kind_display")
    unit_label = Label(source="get_unit_display")
    mode_label = Label(source="get_mode_display")
    status_label = Label(source="get_status_display")
    agreed = Figure(source="totals.agreed", **DIGITS)
    arrived = Figure(source="totals.arrived", **DIGITS)
    confirmed = Figure(source="totals.confirmed", **DIGITS)
    spent = Figure(source="totals.spent", **DIGITS)
    accepted = Figure(source="totals.accepted", **DIGITS)
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = Commitment
        fields = [
            "id", "pairing", "helper", "recipient", "kind", "kind_label", "unit", "unit_label", "flows", "mode",
            "mode_label", "year", "title", "need", "amount_yuan", "quantity", *kinds.DETAILS, "status", "status_label",
            "agreed", "arrived", "confirmed", "spent", "accepted", "my_side", "created_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=["HELPER", "RECIPIENT"], allow_null=True))
    def get_my_side(self, commitment: Commitment) -> str | None:
        return side_of(self.context["request"].user, commitment.pairing)


class CommitmentDetailSerializer(CommitmentSerializer):
    """One commitment with its whole ledger."""

    postings = serializers.BooleanField(source="spec.postings")
    entries = serializers.SerializerMethodField()
    my_steps = serializers.SerializerMethodField()

    class Meta(CommitmentSerializer.Meta):
        fields = [*CommitmentSerializer.Meta.fields, "postings", "entries", "my_steps"]
        read_only_fields = fields

    @extend_schema_field(LedgerEntrySerializer(many=True))
    def get_entries(self, commitment: Commitment) -> Any:
        context = {**self.context, "commitment": commitment}
        return LedgerEntrySerializer(commitment.entries.all(), many=True, context=context).data

    @extend_schema_field(StepsField)
    def get_my_steps(self, commitment: Commitment) -> list[str]:
        return [str(step) for step in steps.of_commitment(commitment, self.context["request"].user)]


class KindSerializer(serializers.Serializer[Any]):
    """What a form must ask for one kind; `mode` is CHOOSE where the registrant says it."""

    kind = serializers.ChoiceField(choices=kinds.Kind.choices)
    kind_label = serializers.CharField()
    unit = serializers.ChoiceField(choices=kinds.Unit.choices)
    flows = serializers.BooleanField()
    postings = serializers.BooleanField()
    chooses_mode = serializers.BooleanField()
    needs = serializers.ListField(child=serializers.ChoiceField(choices=kinds.DETAILS))
    takes = serializers.ListField(child=serializers.ChoiceField(choices=kinds.DETAILS))
    mine = serializers.BooleanField()


# --- requests ---------------------------------------------------------------------------------------------------


class QuantityField(serializers.IntegerField):
    """A count: more than 0."""

    default_error_messages = {"invalid": "数量应为整数", "min_value": "数量应大于 0", "max_value": "数量过大，请核对"}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": 10_000_000, "allow_null": True, "default": None, **options})


class FigureSerializer(RequestSerializer):
    """An amount of yuan or a quantity, whichever the kind counts."""

    amount_yuan = AmountField(allow_null=True, default=None)
    quantity = QuantityField()


def _choice(choices: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, allow_blank=True, default="")


class CommitmentCreateSerializer(FigureSerializer):
    pairing = ScopedPrimaryKeyRelatedField(queryset=Pairing.objects.select_related("helper", "recipient"))
    kind = serializers.ChoiceField(choices=kinds.Kind.choices)
    mode = _choice(kinds.Mode.choices)
    year = serializers.IntegerField(min_value=1990, max_value=2100)
    title = serializers.CharField(max_length=120)
    need = ScopedPrimaryKeyRelatedField(queryset=Need.objects.all(), allow_null=True, default=None)
    plan = _choice(kinds.Plan.choices)
    sector = _choice(Need.Category.choices)
    direction = _choice(kinds.Direction.choices)
    speciality = _choice(kinds.Speciality.choices)
    trainees = _choice(kinds.Trainees.choices)
    benefit_link = _choice(Need.BenefitLink.choices)
    poor_people = serializers.IntegerField(min_value=0, max_value=10_000_000, allow_null=True, default=None)
    months = serializers.IntegerField(min_value=1, max_value=600, allow_null=True, default=None)


class PostingCreateSerializer(RequestSerializer):
    unit = serializers.CharField(max_length=80)
    post = serializers.CharField(max_length=60)
    duty = serializers.CharField(max_length=200, allow_blank=True, default="")
    end_date = serializers.DateField(allow_null=True, default=None)
    names = serializers.CharField(max_length=200, allow_blank=True, default="")


class ArrivalSerializer(FigureSerializer):
    occurred_date = serializers.DateField()
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")
    posting = PostingCreateSerializer(allow_null=True, default=None)


class SpendingSerializer(RequestSerializer):
    amount_yuan = AmountField()
    occurred_date = serializers.DateField()
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=300, allow_blank=True, default="")


class AcceptanceSerializer(FigureSerializer):
    occurred_date = serializers.DateField()
    evidence = serializers.CharField(max_length=300)


class ConfirmationCreateSerializer(RequestSerializer):
    answer = serializers.ChoiceField(choices=Confirmation.Answer.choices)
    amount_yuan = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=0, max_value=LARGEST_YUAN, allow_null=True, default=None
    )
    quantity = QuantityField(min_value=0)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class FileSerializer(RequestSerializer):
    file = serializers.FileField(max_length=255)


class ReasonSerializer(RequestSerializer):
    reason = serializers.CharField(max_length=1000)


class ExplanationSerializer(RequestSerializer):
    explanation = serializers.CharField(max_length=1000)


class AgreementSerializer(RequestSerializer):
    agree = serializers.BooleanField()
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class PostingEndSerializer(RequestSerializer):
    end_date = serializers.DateField()
    reason = serializers.CharField(max_length=1000)
