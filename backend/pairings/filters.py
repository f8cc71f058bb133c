"""Filters of what hangs under a pairing."""

from __future__ import annotations

import django_filters

from backend.pairings.models import SubPairing
from backend.web.filters import AnyOf


class SubPairingFilter(django_filters.FilterSet):
    pairing = django_filters.NumberFilter(field_name="pairing_id", label="县级结对编号")
    kind = AnyOf(choices=SubPairing.Kind.choices, label="类别")
    status = AnyOf(choices=SubPairing.Status.choices, label="状态")

    class Meta:
        model = SubPairing
        fields: list[str] = []
