"""Lists refuse what they do not understand instead of answering another question."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.backend.places import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> APIClient:
    for number in range(3):
        examples.area(f"{52 + number}0000", f"{number}省")
    return APIClient()


def test_list_has_the_envelope(client: APIClient) -> None:
    said = client.get("/api/areas?page_size=2&page=2").json()
    assert said["count"] == 3
    assert said["next"] is None
    assert said["previous"].endswith("/api/areas?page_size=2")
    assert len(said["results"]) == 1


@pytest.mark.parametrize("size", ["0", "-1", "1001", "abc", "", "1e3", "９", "99999999999999999999"])
def test_page_size_out_of_bounds_is_refused(client: APIClient, size: str) -> None:
    response = client.get("/api/areas", {"page_size": size})
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "page_size", "code": "invalid", "message": "每页行数应为 1 至 1000 的整数"}
    ]


@pytest.mark.parametrize("page", ["0", "5", "abc", "99999999999999999999"])
def test_page_that_is_not_there_is_refused(client: APIClient, page: str) -> None:
    response = client.get("/api/areas", {"page": page})
    assert (response.status_code, response.json()["detail"]) == (400, f"没有第 {page} 页")


@pytest.mark.parametrize("field", ["password", "-users__password", "code,nope"])
def test_ordering_by_anything_unlisted_is_refused(client: APIClient, field: str) -> None:
    response = client.get("/api/areas", {"ordering": field})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "ordering"


def test_ordering_may_be_reversed(client: APIClient) -> None:
    codes = [row["code"] for row in client.get("/api/areas", {"ordering": "-code"}).json()["results"]]
    assert codes == sorted(codes, reverse=True)


@pytest.mark.parametrize("query", [{"levle": "COUNTY"}, {"format": "xml"}, {"level__in": "COUNTY"}, {"code": "520000"}])
def test_filter_nobody_knows_is_refused(client: APIClient, query: dict[str, str]) -> None:
    """The whole list would look like an answer, and be exported as one."""
    response = client.get("/api/areas", query)
    field = next(iter(query))
    assert response.status_code == 400
    assert response.json()["errors"][0] == {
        "field": field,
        "code": "invalid",
        "message": f"没有“{field}”这个筛选条件",
    }


def test_filter_with_an_impossible_value_is_refused(client: APIClient) -> None:
    response = client.get("/api/areas", {"level": "GALAXY"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "level")


def test_page_is_no_parameter_of_a_list_without_pages(client: APIClient) -> None:
    assert client.get("/api/channels").status_code == 200
    assert client.get("/api/channels", {"page": 1}).status_code == 400
