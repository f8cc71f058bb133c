"""What a party says of itself, as the API tells it."""

from __future__ import annotations

from rest_framework import serializers

from backend.parties.models import Capability, ContactPerson, YearCapacity


class CapabilitySerializer(serializers.ModelSerializer[Capability]):
    """One thing the party offers to do."""

    category_label = serializers.CharField(source="get_category_display", read_only=True)
    mode_label = serializers.CharField(source="get_mode_display", read_only=True)

    class Meta:
        model = Capability
        fields = [
            "id", "category", "category_label", "mode", "mode_label", "quantity", "unit", "description", "proof",
        ]  # fmt: skip


class YearCapacitySerializer(serializers.ModelSerializer[YearCapacity]):
    class Meta:
        model = YearCapacity
        fields = ["year", "villages", "counties", "budget_yuan"]


class ContactPersonSerializer(serializers.ModelSerializer[ContactPerson]):
    """Never public."""

    class Meta:
        model = ContactPerson
        fields = ["name", "phone", "post"]
