"""A retry has one effect: the same key and body, however often and in parallel, make one row and one answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.urls import path
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from backend.accounts.models import Role, User
from backend.jobs.models import Job
from backend.web.api import idempotent
from backend.web.models import IdempotencyKey
from backend.web.problems import Conflict
from tests.backend.together import together

KEY = "c0ffee00-0000-4000-8000-000000000001"
PARALLEL = 50


def _make(request: Request) -> Response:
    with transaction.atomic():
        job = Job.objects.create(kind=request.data["kind"])
        if request.data["kind"] == "refused":
            raise Conflict("不行")
    return Response({"id": job.pk, "at": job.created_at}, status.HTTP_201_CREATED, headers={"ETag": '"1"'})


class Once(APIView):
    @idempotent
    def post(self, request: Request) -> Response:
        return _make(request)


class Often(APIView):
    """The negative control: the same work without the decorator."""

    def post(self, request: Request) -> Response:
        return _make(request)


class Open(APIView):
    authentication_classes = []
    permission_classes = []

    @idempotent
    def post(self, request: Request) -> Response:
        return _make(request)


urlpatterns = [
    path("api/once", Once.as_view()),
    path("api/other", Once.as_view()),
    path("api/often", Often.as_view()),
    path("api/open", Open.as_view()),
]
pytestmark = pytest.mark.urls(__name__)


def person(username: str = "a") -> User:
    return User.objects.create(username=username, display_name="甲", role=Role.COORDINATOR)


def send(user: User, kind: str = "work", key: str | None = KEY, route: str = "/api/once") -> Any:
    client = APIClient()
    client.force_authenticate(user)
    headers = {} if key is None else {"idempotency-key": key}
    return client.post(route, {"kind": kind}, format="json", headers=headers)


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_parallel_requests_make_one_row_and_one_answer() -> None:
    user = person()
    answers = together(PARALLEL, lambda _: send(user))
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotent-Replay" not in one.headers for one in answers) == 1
    assert Job.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_key_each_request_makes_a_row() -> None:
    user = person()
    together(5, lambda _: send(user, route="/api/often"))
    assert Job.objects.count() == 5


@pytest.mark.django_db
def test_replay_is_the_first_answer_to_the_letter() -> None:
    user = person()
    first, second = send(user), send(user)
    assert second.content == first.content
    assert second.status_code == 201
    assert second["ETag"] == '"1"'
    assert second["Idempotent-Replay"] == "true"


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "route"), [("else", "/api/once"), ("work", "/api/other")])
def test_same_key_for_something_else_is_refused(kind: str, route: str) -> None:
    user = person()
    send(user)
    second = send(user, kind, route=route)
    assert second.status_code == 422
    assert json.loads(second.content)["errors"][0] == {
        "field": "Idempotency-Key",
        "code": "idempotency_key_reused",
        "message": "这个编号已用于另一笔内容不同的提交",
    }
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", [None, "", "short", "x" * 101, "with space", "中文编号中文编号"])
def test_key_that_identifies_nothing_is_refused(key: str | None) -> None:
    response = send(person(), key=key)
    assert response.status_code == 400
    assert json.loads(response.content)["errors"][0]["field"] == "Idempotency-Key"
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_two_people_may_use_the_same_key() -> None:
    assert {send(person("a")).status_code, send(person("b")).status_code} == {201}
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_refused_request_leaves_no_row_and_frees_the_key() -> None:
    user = person()
    assert send(user, "refused").status_code == 409
    assert not Job.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert send(user, "work").status_code == 201


@pytest.mark.django_db
def test_nobody_logged_in_has_no_keys() -> None:
    response = APIClient().post("/api/open", {"kind": "work"}, format="json", HTTP_IDEMPOTENCY_KEY=KEY)
    assert response.status_code in (401, 403)
    assert not Job.objects.exists()
