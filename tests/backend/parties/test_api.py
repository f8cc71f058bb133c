"""The register of parties over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import Role, User
from backend.parties.models import Capability, ContactPerson, Party
from tests.backend.places import examples
from tests.backend.world import vouch_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def parties() -> dict[str, Party]:
    tianjin = examples.area("120000", "天津市")
    dongli = examples.area("120110", "东丽区", parent=tianjin)
    common = {"status": "UNVERIFIED"}
    User.objects.create(username="coordinator", display_name="协调员", role=Role.COORDINATOR)
    return {
        "dongli": Party.objects.create(kind="GOVERNMENT", name="天津市东丽区人民政府", area=dongli, **common),
        "unit": Party.objects.create(kind="CENTRAL_UNIT", name="某中央单位", **common),
        "firm": Party.objects.create(
            kind="ENTERPRISE", name="某企业", area=dongli, uscc="91110000600037341L", industry="A", **common
        ),
    }


@pytest.fixture
def coordinator() -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(username="coordinator"))
    return client


def names(client: APIClient, query: str = "") -> list[str]:
    response = client.get(f"/api/parties?{query}")
    assert response.status_code == 200
    return sorted(row["name"] for row in response.json()["results"])


def test_firm_is_public_once_somebody_vouched_for_it(parties: dict[str, Party], coordinator: APIClient) -> None:
    address = f"/api/parties/{parties['firm'].pk}"
    for client in (APIClient(), coordinator):
        assert names(client) == ["天津市东丽区人民政府", "某中央单位"]
        assert client.get(address).status_code == 404
    vouch_for(parties["firm"], User.objects.get(username="coordinator"))
    Capability.objects.create(party=parties["firm"], category="WATER", quantity=3, unit="公里")
    ContactPerson.objects.create(party=parties["firm"], name="李某", phone="13800000000")
    for client in (APIClient(), coordinator):
        assert names(client) == ["天津市东丽区人民政府", "某中央单位", "某企业"]
        page = client.get(address).json()
        assert (page["uscc"], page["industry_label"]) == ("91110000600037341L", "农、林、牧、渔业")
        assert [(one["category_label"], one["quantity"]) for one in page["capabilities"]] == [("饮水安全", "3.00")]
        assert "李某" not in str(page)
        assert "138" not in str(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=东丽", ["天津市东丽区人民政府"]),
        ("search=dongli&kind=GOVERNMENT", ["天津市东丽区人民政府"]),
        ("search=dlq&kind=GOVERNMENT", ["天津市东丽区人民政府"]),
        ("search=9111", ["某企业"]),
        ("area=120000", ["天津市东丽区人民政府", "某企业"]),
        ("area=120110&kind=ENTERPRISE", ["某企业"]),
        ("industry=A", ["某企业"]),
        ("category=WATER", []),
        ("search=西青", []),
    ],
)
def test_list_is_narrowed(parties: dict[str, Party], coordinator: APIClient, query: str, found: list[str]) -> None:
    vouch_for(parties["firm"], User.objects.get(username="coordinator"))
    assert names(coordinator, query) == found


def test_kind_nobody_knows_is_refused_by_name() -> None:
    response = APIClient().get("/api/parties?kind=BANK")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "kind"


def test_government_says_what_it_governs(parties: dict[str, Party]) -> None:
    told = APIClient().get(f"/api/parties/{parties['dongli'].pk}").json()
    assert told["area"] == {"code": "120110", "name": "东丽区", "full_name": "天津市东丽区"}
    assert told["kind_label"] == "人民政府"
