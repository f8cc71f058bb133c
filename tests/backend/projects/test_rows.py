"""What a row of a project must say, whoever writes it."""

from __future__ import annotations

from typing import Any

import pytest

from backend.projects.models import Asset, Consent, Project
from tests.backend.projects.conftest import ASSET, Site
from tests.backend.projects.test_life import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"end_date": "2020-05-31"}, "project_dates_in_order"),
        ({"responsible_unit": ""}, "project_names_its_unit"),
        ({"status": "DECLINED"}, "project_ended_for_a_reason"),
        ({"result_quantity": "1.00"}, "project_result_is_told_whole"),
    ],
)
def test_project_says_what_it_must(site: Site, changes: dict[str, Any], name: str) -> None:
    project = site.proposed()
    refused(name, lambda: Project.objects.filter(pk=project.pk).update(**changes))


def test_work_begins_on_a_day(site: Site) -> None:
    project = site.consented()
    refused("project_started_on_a_day", lambda: Project.objects.filter(pk=project.pk).update(status="UNDERWAY"))


def test_side_consents_once(site: Site) -> None:
    row = {"project": site.proposed(), "side": "HELPER", "by": site.users["dongli"]}
    Consent.objects.create(**row)
    refused("one_consent_per_side", lambda: Consent.objects.create(**row))


def test_asset_is_recorded_once_says_whose_it_is_and_corrected_for_a_reason(site: Site) -> None:
    project = site.completed()
    row = {"project": project, "value_yuan": 1, "by": site.users["longhua"], **ASSET}
    refused("asset_says_whose_it_is", lambda: Asset.objects.create(**{**row, "owner": ""}))
    refused("asset_corrected_for_a_reason", lambda: Asset.objects.create(**row, reason="没有更正什么"))
    Asset.objects.create(**row)
    refused("one_asset_of_a_project", lambda: Asset.objects.create(**row))
