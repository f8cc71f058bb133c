"""Programmes are public rules: everybody may read channels and region pairs; policies after log-in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.scopes import scope
from backend.programmes.models import Channel, Policy, PolicyException, RegionPair


@scope(Channel)
def channels(user: Any, rows: QuerySet[Channel]) -> QuerySet[Channel]:
    return rows


@scope(RegionPair)
def region_pairs(user: Any, rows: QuerySet[RegionPair]) -> QuerySet[RegionPair]:
    return rows


@scope(Policy)
def policies(user: Any, rows: QuerySet[Policy]) -> QuerySet[Policy]:
    return rows if user.is_authenticated else rows.none()


@scope(PolicyException)
def policy_exceptions(user: Any, rows: QuerySet[PolicyException]) -> QuerySet[PolicyException]:
    return rows if user.is_authenticated else rows.none()
