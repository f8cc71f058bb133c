"""A commitment is seen by whoever sees its pairing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.scopes import scope, visible
from backend.commitments.models import Commitment, Confirmation, LedgerEntry
from backend.pairings.models import Pairing


@scope(Commitment)
def commitments(user: Any, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return rows.filter(pairing__in=visible(Pairing, user))


@scope(LedgerEntry)
def entries(user: Any, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    return rows.filter(commitment__pairing__in=visible(Pairing, user))


@scope(Confirmation)
def confirmations(user: Any, rows: QuerySet[Confirmation]) -> QuerySet[Confirmation]:
    return rows.filter(entry__commitment__pairing__in=visible(Pairing, user))
