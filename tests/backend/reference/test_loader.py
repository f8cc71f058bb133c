"""Loading: all or nothing, and nothing twice."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from backend.lifecycle.actions import move
from backend.lifecycle.models import Event
from backend.pairings.models import Pairing
from backend.places.models import Area, IndicatorValue, PoorCounty
from backend.programmes.actions import publish_policy
from backend.programmes.models import COUNTY_PAIRING, Channel, Policy
from backend.reference import load_pairings, load_places, load_programmes, loader
from backend.reference.models import Load
from backend.reference.sync import Changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def touched(load: Load | None) -> dict[str, dict[str, int]]:
    assert load is not None
    return {
        step: {verb: count for verb, count in changes.items() if count and verb != "unchanged"}
        for step, changes in load.changes.items()
        if any(count for verb, count in changes.items() if verb != "unchanged")
    }


def test_second_load_asks_only_whether_it_is_needed(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        assert loader.load() is None


def test_forced_load_changes_nothing() -> None:
    assert touched(loader.load(force=True)) == {}


def test_load_is_recorded_with_its_digest() -> None:
    load = Load.objects.get()
    event = Event.objects.get(subject_type="reference.load", subject_id=str(load.pk))
    assert (event.verb, event.payload["digest"]) == ("loaded", loader.state())


def test_forced_load_repairs_what_was_edited_by_hand() -> None:
    PoorCounty.objects.filter(area__code="522729").update(exit_year=2016)
    IndicatorValue.objects.filter(area__code="522729", indicator__code="gdp", year=2020).delete()
    assert touched(loader.load(force=True)) == {"poor_counties": {"updated": 1}, "indicator_values": {"created": 1}}
    assert PoorCounty.objects.get(area__code="522729").exit_year == 2019


def test_changed_files_are_loaded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "state", lambda: "f" * 64)
    monkeypatch.setattr(loader, "STEPS", {"areas": load_places.areas})
    assert touched(loader.load()) == {}
    assert loader.load() is None
    assert Load.objects.count() == 2


def test_step_that_fails_leaves_nothing_of_the_steps_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("broken file")

    PoorCounty.objects.filter(area__code="522729").update(exit_year=2016)
    monkeypatch.setattr(loader, "STEPS", {"poor_counties": load_places.poor_counties, "broken": broken})
    with pytest.raises(RuntimeError, match="broken file"):
        loader.load(force=True)
    assert PoorCounty.objects.get(area__code="522729").exit_year == 2016
    assert Load.objects.count() == 1


def test_published_pairing_is_loaded_once_whatever_people_make_of_it() -> None:
    pairing = Pairing.objects.filter(status="UNVERIFIED").earliest("pk")
    move(pairing, Pairing.Status.WITHDRAWN, by=None, end_date=dt.date(2018, 12, 31), end_reason="重复")
    assert load_pairings.pairings() == Changes(unchanged=733)


def test_published_pairing_that_is_missing_is_added_with_its_event() -> None:
    pairing = Pairing.objects.filter(status="IN_FORCE").earliest("pk")
    Pairing.objects.filter(pk=pairing.pk).delete()
    assert load_pairings.pairings() == Changes(created=1, unchanged=732)
    again = Pairing.objects.get(helper=pairing.helper, recipient=pairing.recipient, channel=pairing.channel)
    event = Event.objects.get(subject_type="pairings.pairing", subject_id=str(again.pk))
    assert (event.verb, event.to_status, event.actor_label) == ("imported", "IN_FORCE", "系统")


def test_policy_that_people_published_is_not_followed_by_the_first_one() -> None:
    channel = Channel.objects.get(code=COUNTY_PAIRING)
    first = Policy.objects.get(channel=channel)
    content = {
        field: getattr(first, field)
        for field in ("weights", "helper_min", "helper_max", "recipient_min", "recipient_max", "coverage_deep",
                      "coverage_poor", "stability", "prefer_near")
    }  # fmt: skip
    publish_policy(channel=channel, based_on=1, by=None, name="第二版", note="", **content)
    assert load_programmes.first_policies() == Changes(unchanged=2)


def test_area_that_people_point_at_keeps_its_identity() -> None:
    Area.objects.filter(code="522729").update(name="长顺")
    before = dict(Area.objects.filter(code__startswith="5227").values_list("code", "pk"))
    assert load_places.areas() == Changes(updated=1, unchanged=3318)
    assert dict(Area.objects.filter(code__startswith="5227").values_list("code", "pk")) == before
    assert Area.objects.get(code="522729").name == "长顺县"


def test_command_says_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert out.getvalue() == "Reference data are up to date.\n"
    monkeypatch.setattr(loader, "STEPS", {"areas": load_places.areas})
    call_command("load_reference", "--force", stdout=out)
    assert "areas: 3319 unchanged" in out.getvalue()
