"""What a party says of itself, as the API tells it."""

from __future__ import annotations

from backend.parties.models import Capability, ContactPerson, YearCapacity
from backend.web.answers import Answer
from backend.web.api import Label


class CapabilitySerializer(Answer[Capability]):
    """One thing the party offers to do."""

    category_label = Label(source="get_category_display")
    mode_label = Label(source="get_mode_display")

    class Meta:
        model = Capability
        fields = [
            "id", "category", "category_label", "mode", "mode_label", "quantity", "unit", "description", "proof",
        ]  # fmt: skip


class YearCapacitySerializer(Answer[YearCapacity]):
    class Meta:
        model = YearCapacity
        fields = ["year", "villages", "counties", "budget_yuan"]


class ContactPersonSerializer(Answer[ContactPerson]):
    """Never public."""

    class Meta:
        model = ContactPerson
        fields = ["name", "phone", "post"]
