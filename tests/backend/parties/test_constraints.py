"""PostgreSQL itself refuses what a party cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from backend.parties.models import Party
from backend.places.models import Area
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def guizhou() -> Area:
    return examples.guizhou()[0]


def party(**given: Any) -> Party:
    return Party.objects.create(**{"kind": "ENTERPRISE", "name": "某企业", "status": "UNVERIFIED", **given})


@pytest.mark.parametrize(
    ("constraint", "given"),
    [
        ("party_government_has_area", {"kind": "GOVERNMENT", "name": "某人民政府"}),
        ("party_uscc_eighteen_characters", {"uscc": "12345"}),
        ("party_uscc_eighteen_characters", {"uscc": "91520000MA6DLLLLIO"}),
        ("party_invented_is_marked_and_unsourced", {"is_demo": True}),
        ("party_invented_is_marked_and_unsourced", {"name": "【演示】某企业"}),
        (
            "party_invented_is_marked_and_unsourced",
            {"name": "【演示】某企业", "is_demo": True, "status": "SOURCED", "source": "某处"},
        ),
        ("party_sourced_has_source", {"status": "SOURCED"}),
    ],
)
def test_a_party_that_cannot_be_is_refused(constraint: str, given: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        party(**given)


def test_an_area_has_one_government(guizhou: Area) -> None:
    party(kind="GOVERNMENT", name="贵州省人民政府", area=guizhou)
    with pytest.raises(IntegrityError, match="party_one_government_per_area"), transaction.atomic():
        party(kind="GOVERNMENT", name="贵州省政府", area=guizhou)
    party(kind="ENTERPRISE", area=guizhou)


def test_a_credit_code_belongs_to_one_party() -> None:
    party(uscc="91110000600037341L")
    with pytest.raises(IntegrityError, match="uscc"):
        party(uscc="91110000600037341L", name="另一企业")


def test_parties_without_a_credit_code_do_not_collide() -> None:
    party()
    party(name="另一企业")
    assert Party.objects.filter(uscc__isnull=True).count() == 2
