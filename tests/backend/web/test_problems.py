"""Every refusal leaves as problem+json, in Chinese, and names the field it is about."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from backend.jobs.models import Job
from backend.parties.models import Party
from backend.places.models import Indicator
from backend.web import problems

CHINESE = re.compile("[一-鿿]")


class Child(serializers.Serializer[Any]):
    amount = serializers.IntegerField(min_value=1)


class Body(serializers.Serializer[Any]):
    name = serializers.CharField()
    rows = Child(many=True)


def answer(error: BaseException | None = None, *, work: Any = None, method: str = "post", **request: Any) -> Any:
    """What a client gets when the endpoint raises `error`, or whatever `work` raises."""

    class Endpoint(APIView):
        permission_classes = [AllowAny]

        def post(self, request: Request) -> Response:
            if work:
                work(request)
            if error:
                raise error
            return Response({})

    response: Any = Endpoint.as_view()(getattr(APIRequestFactory(), method)("/api/x", **request))
    response.render()
    return response


def body(response: Any) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = response.data
    assert said["status"] == response.status_code
    assert CHINESE.search(said["title"])
    assert CHINESE.search(said["detail"])
    assert all(CHINESE.search(one["message"]) for one in said["errors"])
    return said


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (problems.Conflict("已有"), 409),
        (problems.StaleStatus("已被处理"), 409),
        (problems.StaleVersion("已被修改"), 412),
        (problems.MissingVersion("缺版本"), 428),
        (problems.KeyReused("编号用过"), 422),
        (problems.NotAllowed("不可以"), 403),
        (problems.Invalid("不对"), 400),
        (problems.TooLarge("太大"), 413),
        (problems.Unavailable("忙"), 503),
        (exceptions.NotFound(), 404),
        (Http404("No Pairing matches the given query."), 404),
        (exceptions.PermissionDenied(), 403),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.AuthenticationFailed(), 401),
        (exceptions.NotAcceptable(), 406),
        (exceptions.Throttled(wait=3), 429),
        (ModelValidationError({"name": "太长"}), 400),
        (RequestDataTooBig(), 413),
        (OperationalError("deadlock detected"), 503),
        (ZeroDivisionError("secret detail"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_exception_has_its_status_and_speaks_chinese(error: Exception, status: int) -> None:
    response = answer(error)
    assert response.status_code == status
    assert body(response)["type"] == "about:blank"


def test_fault_of_our_own_tells_nothing_of_the_inside() -> None:
    response = answer(ZeroDivisionError("secret detail"))
    assert b"secret" not in response.content
    assert body(response)["detail"] == "系统出错，已记录。您刚才的操作没有保存，请稍后再试"


def test_refusal_names_its_field_and_carries_what_the_page_needs() -> None:
    said = body(answer(problems.StaleVersion("已被修改", field="If-Match", current_version=7)))
    assert said["errors"] == [{"field": "If-Match", "code": "stale_version", "message": "已被修改"}]
    assert said["current_version"] == 7


def test_unavailable_says_when_to_come_back() -> None:
    assert answer(problems.Unavailable("忙"))["Retry-After"] == "2"


def test_wrong_method_is_named() -> None:
    response = answer(method="delete")
    assert response.status_code == 405
    assert body(response)["detail"] == "这个地址不支持 DELETE 操作"
    assert "POST" in response["Allow"]


def test_broken_json_is_a_400_in_words() -> None:
    response = answer(work=lambda request: request.data, data="{", content_type="application/json")
    assert response.status_code == 400
    assert body(response)["detail"] == "提交的内容不是有效的 JSON"


def test_form_is_refused_where_json_is_expected() -> None:
    response = answer(work=lambda request: request.data, data="a=1", content_type="text/csv")
    assert response.status_code == 415
    assert body(response)["detail"] == "请以 JSON 格式（application/json）提交"


def test_nested_errors_are_named_by_their_path() -> None:
    sent = {"name": "", "rows": [{"amount": 1}, {"amount": 0}, {}]}
    response = answer(
        work=lambda request: Body(data=request.data).is_valid(raise_exception=True), data=sent, format="json"
    )
    said = body(response)
    assert {(one["field"], one["code"]) for one in said["errors"]} == {
        ("name", "blank"),
        ("rows.1.amount", "min_value"),
        ("rows.2.amount", "required"),
    }


def test_error_of_the_whole_object_has_no_field() -> None:
    assert body(answer(exceptions.ValidationError({"non_field_errors": ["两项冲突"]})))["errors"] == [
        {"field": "", "code": "invalid", "message": "两项冲突"}
    ]


def test_sentence_stays_short_when_a_thousand_rows_are_wrong() -> None:
    said = body(answer(exceptions.ValidationError({f"r{n}": [f"第 {n} 行有误"] for n in range(1000)})))
    assert said["detail"].endswith("第 4 行有误；等 1000 处")
    assert len(said["errors"]) == 1000


# --- what PostgreSQL refuses -----------------------------------------------------------------------------------


def refused(work: Any) -> dict[str, Any]:
    """The problem that a refusal of the database becomes."""

    def inside(request: Request) -> None:
        with transaction.atomic():
            work()

    return body(answer(work=inside))


def _party(**given: Any) -> Party:
    return Party.objects.create(**{"kind": "ENTERPRISE", "name": "甲公司", "status": "UNVERIFIED", **given})


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "_constraints", dict(problems._constraints))


@pytest.mark.django_db
def test_explained_constraint_speaks_its_own_words(explained: None) -> None:
    problems.explain("job_progress_in_permille", "进度应在 0 至 1000 之间", field="progress", status=400)
    said = refused(lambda: Job.objects.create(kind="x", progress=1001))
    assert (said["status"], said["detail"]) == (400, "进度应在 0 至 1000 之间")
    assert said["errors"][0]["field"] == "progress"


@pytest.mark.django_db
def test_constraint_with_words_on_the_model_needs_no_second_ones() -> None:
    said = refused(lambda: _party(is_demo=True))
    assert (said["status"], said["detail"]) == (400, "演示单位的名称须以【演示】开头，且不得标为有出处。")


@pytest.mark.django_db
def test_unexplained_duplicate_is_a_409_that_names_the_column() -> None:
    indicator = {"code": "gdp", "name_zh": "生产总值", "name_en": "GDP", "unit": "元"}
    Indicator.objects.create(**indicator)
    said = refused(lambda: Indicator.objects.create(**indicator))
    assert (said["status"], said["detail"]) == (409, "已有相同的记录，不能重复")
    assert said["errors"][0]["field"] == "code"


@pytest.mark.django_db
def test_missing_value_is_a_400_that_names_the_column() -> None:
    said = refused(lambda: Job.objects.create(**{"kind": None}))
    assert (said["status"], said["errors"][0]["field"]) == (400, "kind")


@pytest.mark.django_db
def test_dangling_reference_is_a_409() -> None:
    def dangling() -> None:
        _party(area_id=10**9)
        connection.check_constraints()

    assert refused(dangling)["status"] == 409


@pytest.mark.django_db
def test_unexplained_check_is_a_400() -> None:
    assert refused(lambda: _party(uscc="短"))["status"] == 400


@pytest.mark.django_db
@pytest.mark.parametrize("value", [{"payload": {"a": "\u0000"}}, {"attempts": 10**6}, {"kind": "x" * 61}])
def test_value_that_cannot_be_stored_is_a_400(value: dict[str, Any]) -> None:
    said = refused(lambda: Job.objects.create(**{"kind": "x", **value}))
    assert (said["status"], said["detail"]) == (400, "内容中有不能保存的字符，或数值超出范围")


def test_protected_delete_is_a_409() -> None:
    said = body(answer(ProtectedError("Cannot delete", set())))
    assert (said["status"], said["errors"][0]["code"]) == (409, "protected")
