"""`Answer` writes what its base class writes: every field of every kind, only sooner."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from rest_framework import serializers

from backend.accounts.models import User
from backend.parties.models import Party
from backend.places.models import Area
from backend.web.answers import Answer, Figure
from backend.web.api import Label

FIELDS = [
    "id", "username", "role", "role_label", "party", "party_name", "place", "region", "email", "groups", "title",
    "shout", "absent", "usual", "inner", "number", "is_active", "party_id", "chosen", "counted",
]  # fmt: skip


def _fields(base: Any) -> dict[str, Any]:
    """The same fields for either base: plain, nested, by a method, dotted over nothing, left out, with a default."""
    inner = type("Inner", (base,), {"Meta": type("Meta", (), {"model": Party, "fields": ["name", "kind"]})})
    return {
        "role_label": Label(source="get_role_display"),
        "party_name": serializers.CharField(source="party.name", default=None),
        "place": serializers.CharField(source="party.area.name", allow_null=True, read_only=True),
        "title": serializers.CharField(source="get_username"),
        "shout": serializers.SerializerMethodField(),
        "get_shout": lambda self, user: f"{user.username}{self.context['mark']}",
        "absent": serializers.CharField(source="nowhere", required=False),
        "usual": serializers.CharField(source="nowhere", default="如常"),
        "inner": inner(source="party", allow_null=True, read_only=True),
        "number": serializers.CharField(source="pk"),  # a number, told as text
        "party_id": serializers.IntegerField(allow_null=True),
        "chosen": serializers.ChoiceField(source="role", choices=["COORDINATOR"]),
        "counted": serializers.IntegerField(source="is_active"),
        "Meta": type("Meta", (), {"model": User, "fields": FIELDS}),
    }


Slow = type("Slow", (serializers.ModelSerializer,), _fields(serializers.ModelSerializer))
Quick = type("Quick", (Answer,), _fields(Answer))


@pytest.fixture
def users(db: None) -> list[User]:
    area = Area(code="120110", name="东丽区")
    party = Party(pk=7, name="东丽区人民政府", kind="GOVERNMENT", area=area)
    return [
        User.objects.create(username="one", role="COORDINATOR"),
        User(pk=-1, username="two", role="PARTNER", party=party, email="a@example.org"),
        User(pk=-2, username="three", role="PARTNER", party=Party(pk=8, name="无区划", kind="GOVERNMENT")),
    ]


def test_answer_is_that_of_the_base_class(users: list[User]) -> None:
    users[0].groups.add(Group.objects.create(name="g"))
    given: dict[str, Any] = {"many": True, "context": {"mark": "！"}}
    told = Quick(users, **given).data
    assert told == Slow(users, **given).data
    assert [row["party_name"] for row in told] == [None, "东丽区人民政府", "无区划"]
    assert [row["place"] for row in told] == [None, "东丽区", None]
    assert [row["inner"] and row["inner"]["name"] for row in told] == [None, "东丽区人民政府", "无区划"]
    assert (told[0]["shout"], len(told[0]["groups"]), "absent" in told[0]) == ("one！", 1, False)


@pytest.mark.parametrize("value", ["12.50", "0", "3", "-0.10", "1E+3", "0E-2", "123456789012345678.90", "7.5", "0.999"])
def test_figure_is_written_as_by_the_base_class(value: str) -> None:
    given: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}
    for kind in (Decimal, str, float):
        assert Figure(**given).to_representation(kind(value)) == (
            serializers.DecimalField(**given).to_representation(kind(value))
        )


def test_two_answers_do_not_share_what_their_fields_belong_to(users: list[User]) -> None:
    first, second = (Quick(users[0], context={"mark": mark}) for mark in "！？")
    assert (first.data["shout"], second.data["shout"]) == ("one！", "one？")
    assert all(field.parent is first for field in first.fields.values())
    first.fields.pop("email")
    assert "email" in Quick(users[0]).fields


def test_fields_are_derived_once_for_a_class_and_not_for_its_children(users: list[User]) -> None:
    made = Quick(users[0], context={"mark": ""}).fields["email"]
    assert Quick(users[0]).fields["email"] is not made
    assert Quick._derived["email"].parent is None
    fewer = type("Fewer", (Quick,), {"Meta": type("Meta", (), {"model": User, "fields": ["id"]})})
    fewer._declared_fields = {}
    assert set(fewer(users[0]).data) == {"id"}


def test_fault_in_reading_is_told_as_by_the_base_class(users: list[User]) -> None:
    for base in (serializers.ModelSerializer, Answer):
        parts = {"Meta": type("Meta", (), {"model": User, "fields": ["gone"]})}
        broken = type("Broken", (base,), {**parts, "gone": serializers.CharField(source="gon")})
        with pytest.raises(AttributeError, match="field `gone` on serializer `Broken`"):
            _ = broken(users[0]).data
