"""The depth tier: one rule, told by Python for a page and by SQL for a list."""

from __future__ import annotations

import itertools

import pytest

from backend.places.depth import Reason, Tier, depth_of, with_tier
from backend.places.models import Area, AreaFlag
from tests.backend.places import examples

pytestmark = pytest.mark.django_db


def county(code: str = "522729") -> Area:
    parent = Area.objects.filter(code="520000").first() or examples.guizhou()[0]
    return examples.area(code, "长顺县", parent=parent)


def flag(area: Area, kind: str, value: str, **given: str) -> AreaFlag:
    stated = {"status": "SOURCED", "source": "名单"} if value != "UNKNOWN" else {"status": "UNVERIFIED"}
    return AreaFlag.objects.create(area=area, kind=kind, value=value, **{**stated, **given})


def test_member_of_the_three_regions_is_deep_and_says_which() -> None:
    place = county()
    examples.poor(place)
    flag(place, "THREE_REGIONS", "YES", detail="怒江州")
    depth = depth_of(place)
    assert depth is not None
    assert depth.tier == Tier.DEEP
    assert depth.reasons == (Reason("THREE_REGIONS", "属于三区三州（怒江州）"),)


def test_county_supervised_in_2020_is_deep() -> None:
    place = county()
    examples.poor(place, supervised_2020=True)
    depth = depth_of(place)
    assert depth is not None
    assert [reason.code for reason in depth.reasons] == ["SUPERVISED_2020"]


def test_unknown_flag_is_reported_and_is_no_reason() -> None:
    place = county()
    examples.poor(place)
    flag(place, "DEEP_POVERTY", "UNKNOWN")
    depth = depth_of(place)
    assert depth is not None
    assert (depth.tier, depth.reasons, depth.unknown) == (Tier.POOR, (), ("DEEP_POVERTY",))


def test_unverified_flag_is_no_reason() -> None:
    place = county()
    examples.poor(place)
    flag(place, "DEEP_POVERTY", "YES", status="UNVERIFIED", source="")
    depth = depth_of(place)
    assert depth is not None
    assert depth.tier == Tier.POOR


def test_county_outside_the_832_has_no_tier_even_inside_the_three_regions() -> None:
    place = county()
    flag(place, "THREE_REGIONS", "YES")
    assert depth_of(place) is None
    assert with_tier(Area.objects.filter(pk=place.pk)).get().tier is None  # type: ignore[attr-defined]


def test_lists_and_pages_agree_on_every_combination() -> None:
    combinations = itertools.product(["", "YES", "NO", "UNKNOWN"], ["", "YES", "UNKNOWN"], [False, True])
    for number, (regions, provincial, supervised) in enumerate(combinations):
        place = county(f"5227{number + 30}")
        examples.poor(place, supervised_2020=supervised)
        for kind, value in (("THREE_REGIONS", regions), ("DEEP_POVERTY", provincial)):
            if value:
                flag(place, kind, value)
    for row in with_tier(Area.objects.poor()):
        depth = depth_of(row)
        assert depth is not None
        assert depth.tier.value == row.tier, row.code  # type: ignore[attr-defined]
