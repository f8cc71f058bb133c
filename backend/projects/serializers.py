"""The shapes of projects and assets on the wire. Money is yuan, as strings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.scopes import ScopedPrimaryKeyRelatedField
from backend.commitments.models import Commitment, LedgerEntry, StandingEntry
from backend.commitments.serializers import DIGITS
from backend.needs.models import Need
from backend.pairings.api import HelperSerializer, PlaceSerializer
from backend.pairings.models import Pairing, Side
from backend.pairings.scopes import side_of
from backend.projects import steps
from backend.projects.models import Asset, Consent, Milestone, Project, ProjectFile, ProjectMoney, Source
from backend.web.answers import Answer
from backend.web.api import Label, RequestSerializer
from backend.web.money import LARGEST_YUAN, AmountField

StepsField = serializers.ListField(child=serializers.ChoiceField(choices=steps.Step.choices))
SideField = serializers.ChoiceField(choices=[str(side) for side in Side], allow_null=True)
_MOST = 20  # milestones or sources of one project


class NeedOfProjectSerializer(Answer[Need]):
    """What a project has from its need; nobody types it twice."""

    place = serializers.CharField(source="area.full_name")
    level = serializers.CharField(source="area.level")
    category_label = Label(source="get_category_display")
    benefit_link_label = Label(source="get_benefit_link_display")

    class Meta:
        model = Need
        fields = [
            "id", "title", "place", "level", "category", "category_label", "quantity", "unit", "performance_target",
            "benefit_link", "benefit_link_label", "beneficiaries", "is_demo",
        ]  # fmt: skip
        read_only_fields = fields


class ProjectSerializer(Answer[Project]):
    """A row of the list."""

    helper = HelperSerializer(source="pairing.helper")
    recipient = PlaceSerializer(source="pairing.recipient")
    need = NeedOfProjectSerializer()
    construction_type_label = Label(source="get_construction_type_display")
    status_label = Label(source="get_status_display")
    planned = serializers.DecimalField(**DIGITS)
    arrived = serializers.DecimalField(**DIGITS)
    spent = serializers.DecimalField(**DIGITS)
    accepted = serializers.DecimalField(**DIGITS)
    milestone_count = serializers.IntegerField()
    reached = serializers.IntegerField()
    late = serializers.IntegerField()
    completion_percent = serializers.DecimalField(max_digits=20, decimal_places=1, allow_null=True)
    my_side = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = [
            "id", "pairing", "helper", "recipient", "need", "construction_type", "construction_type_label",
            "responsible_unit", "start_date", "end_date", "status", "status_label", "planned", "arrived", "spent",
            "accepted", "milestone_count", "reached", "late", "result_quantity", "completion_percent", "my_side",
            "created_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(SideField)
    def get_my_side(self, project: Project) -> str | None:
        return side_of(self.context["request"].user, project.pairing)


class SourceSerializer(Answer[Source]):
    """`commitment` is null for the county's own money."""

    title = serializers.CharField(source="commitment.title", default=None, allow_null=True)

    class Meta:
        model = Source
        fields = ["id", "commitment", "title", "planned_yuan"]
        read_only_fields = fields


class MilestoneSerializer(Answer[Milestone]):
    done_by = serializers.CharField(source="done_by.display_name", default=None, allow_null=True)
    late = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = ["id", "name", "due_date", "done_date", "done_by", "late"]
        read_only_fields = fields

    def get_late(self, milestone: Milestone) -> bool:
        underway = self.context["project"].status == Project.Status.UNDERWAY
        return underway and milestone.done_date is None and milestone.due_date < timezone.localdate()


class ProjectFileSerializer(Answer[ProjectFile]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = ProjectFile
        fields = ["id", "milestone", "name", "media_type", "size", "sha256", "by", "at"]
        read_only_fields = fields


class ConsentSerializer(Answer[Consent]):
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Consent
        fields = ["side", "by", "at"]
        read_only_fields = fields


class ProjectMoneySerializer(Answer[ProjectMoney]):
    title = serializers.CharField(source="commitment.title")
    stage_label = Label(source="get_stage_display")

    class Meta:
        model = ProjectMoney
        fields = [
            "id", "entry", "commitment", "title", "stage", "stage_label", "occurred_date", "amount_yuan",
            "accepted_yuan",
        ]  # fmt: skip
        read_only_fields = fields


class AssetOfProjectSerializer(Answer[Asset]):
    asset_class_label = Label(source="get_asset_class_display")
    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = Asset
        fields = [
            "id", "asset_class", "asset_class_label", "name", "owner", "maintainer", "value_yuan", "corrects", "reason",
            "by", "at",
        ]  # fmt: skip
        read_only_fields = fields


class ProjectDetailSerializer(ProjectSerializer):
    """One project with its plan, money, milestones, files, consents and assets."""

    proposed_by = serializers.CharField(source="proposed_by.display_name")
    reported_by = serializers.CharField(source="reported_by.display_name", default=None, allow_null=True)
    accepted_by = serializers.CharField(source="accepted_by.display_name", default=None, allow_null=True)
    sources = SourceSerializer(many=True)
    milestones = serializers.SerializerMethodField()
    files = ProjectFileSerializer(many=True)
    consents = ConsentSerializer(many=True)
    money = ProjectMoneySerializer(many=True)
    assets = AssetOfProjectSerializer(many=True)
    my_steps = serializers.SerializerMethodField()

    class Meta(ProjectSerializer.Meta):
        fields = [
            *ProjectSerializer.Meta.fields, "participation", "end_reason", "started_date", "result_beneficiaries",
            "result_note", "completed_date", "proposed_by", "reported_by", "accepted_by", "sources", "milestones",
            "files", "consents", "money", "assets", "my_steps",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(MilestoneSerializer(many=True))
    def get_milestones(self, project: Project) -> Any:
        context = {**self.context, "project": project}
        return MilestoneSerializer(project.milestones.all(), many=True, context=context).data

    @extend_schema_field(StepsField)
    def get_my_steps(self, project: Project) -> list[str]:
        return [str(step) for step in steps.open_steps(project, self.context["request"].user)]


class FreeEntrySerializer(Answer[StandingEntry]):
    """A confirmed arrival or a spending of which `free_yuan` belongs to no project yet."""

    title = serializers.CharField(source="commitment.title")
    flows = serializers.BooleanField(source="commitment.flows")
    stage_label = Label(source="get_stage_display")
    free_yuan = serializers.DecimalField(**DIGITS)

    class Meta:
        model = StandingEntry
        fields = ["id", "commitment", "title", "flows", "stage", "stage_label", "occurred_date", "free_yuan"]
        read_only_fields = fields


class AssetSerializer(AssetOfProjectSerializer):
    """A row of the list of assets: the record that holds, after corrections."""

    project_title = serializers.CharField(source="project.need.title")
    place = serializers.CharField(source="project.need.area.full_name")
    helper = HelperSerializer(source="project.pairing.helper")
    recipient = PlaceSerializer(source="project.pairing.recipient")
    completed_date = serializers.DateField(source="project.completed_date")
    is_demo = serializers.BooleanField(source="project.need.is_demo")
    may_correct = serializers.SerializerMethodField()

    class Meta(AssetOfProjectSerializer.Meta):
        fields = [
            *AssetOfProjectSerializer.Meta.fields, "project", "project_title", "place", "helper", "recipient",
            "completed_date", "is_demo", "may_correct",
        ]  # fmt: skip
        read_only_fields = fields

    def get_may_correct(self, asset: Asset) -> bool:
        return side_of(self.context["request"].user, asset.project.pairing) == Side.RECIPIENT


# --- requests ---------------------------------------------------------------------------------------------------


class SourceCreateSerializer(RequestSerializer):
    commitment = ScopedPrimaryKeyRelatedField(queryset=Commitment.objects.all(), allow_null=True, default=None)
    planned_yuan = AmountField()


class MilestoneCreateSerializer(RequestSerializer):
    name = serializers.CharField(max_length=60)
    due_date = serializers.DateField()


class ProjectChangeSerializer(RequestSerializer):
    construction_type = serializers.ChoiceField(choices=Project.ConstructionType.choices)
    responsible_unit = serializers.CharField(max_length=80)
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    participation = serializers.CharField(max_length=300, allow_blank=True, default="")
    sources = serializers.ListField(child=SourceCreateSerializer(), min_length=1, max_length=_MOST)
    milestones = serializers.ListField(child=MilestoneCreateSerializer(), min_length=1, max_length=_MOST)


class ProjectCreateSerializer(ProjectChangeSerializer):
    pairing = ScopedPrimaryKeyRelatedField(queryset=Pairing.objects.select_related("helper", "recipient"))
    need = ScopedPrimaryKeyRelatedField(queryset=Need.objects.all())


class ProjectDecisionSerializer(RequestSerializer):
    step = serializers.ChoiceField(choices=["DECLINE", "START", "ACCEPT", "STOP"])
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ResultSerializer(RequestSerializer):
    quantity = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0))
    beneficiaries = serializers.IntegerField(min_value=0, max_value=10_000_000, allow_null=True, default=None)
    note = serializers.CharField(max_length=300)


class AllotmentSerializer(RequestSerializer):
    """A negative amount takes back."""

    entry = ScopedPrimaryKeyRelatedField(queryset=LedgerEntry.objects.select_related("commitment"))
    amount_yuan = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=-LARGEST_YUAN, max_value=LARGEST_YUAN
    )
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ProjectSpendingSerializer(RequestSerializer):
    commitment = ScopedPrimaryKeyRelatedField(queryset=Commitment.objects.select_related("pairing"))
    amount_yuan = AmountField()
    occurred_date = serializers.DateField()
    reference = serializers.CharField(max_length=60, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReachSerializer(RequestSerializer):
    """No date takes it back."""

    done_date = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ProjectFileCreateSerializer(RequestSerializer):
    file = serializers.FileField(max_length=255)
    milestone = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class AssetContentSerializer(RequestSerializer):
    asset_class = serializers.ChoiceField(choices=Asset.AssetClass.choices)
    name = serializers.CharField(max_length=120)
    owner = serializers.CharField(max_length=80)
    maintainer = serializers.CharField(max_length=80)


class AssetCorrectionSerializer(AssetContentSerializer):
    reason = serializers.CharField(max_length=1000)
