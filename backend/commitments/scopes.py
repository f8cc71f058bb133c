"""A commitment is seen by whoever sees its pairing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.scopes import oversees, scope, visible
from backend.commitments.models import (
    Commitment,
    Confirmation,
    Discrepancy,
    LedgerEntry,
    Posting,
    Reconciliation,
    ReversalRequest,
)
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


@scope(Discrepancy)
def discrepancies(user: Any, rows: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    return rows.filter(entry__commitment__pairing__in=visible(Pairing, user))


@scope(ReversalRequest)
def reversal_requests(user: Any, rows: QuerySet[ReversalRequest]) -> QuerySet[ReversalRequest]:
    return rows.filter(entry__commitment__pairing__in=visible(Pairing, user))


@scope(Posting)
def postings(user: Any, rows: QuerySet[Posting]) -> QuerySet[Posting]:
    return rows.filter(entry__commitment__pairing__in=visible(Pairing, user))


@scope(Reconciliation)
def reconciliations(user: Any, rows: QuerySet[Reconciliation]) -> QuerySet[Reconciliation]:
    """Findings tell of the whole country: those who oversee all of it."""
    return rows if oversees(user) and user.region is None else rows.none()
