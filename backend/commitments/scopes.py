"""A commitment is seen by whoever sees its pairing."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from backend.accounts.scopes import oversees, scope
from backend.commitments.models import (
    Commitment,
    Confirmation,
    Discrepancy,
    EntryFile,
    LedgerEntry,
    Posting,
    Reconciliation,
    ReversalRequest,
)
from backend.pairings.scopes import concerned


def _by_pairing(user: Any, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """The rows whose pairing, reached over `path`, concerns the log-in.

    Joined and not nested: the database must begin with the few pairings of a side, not with every commitment there is.
    """
    reach = concerned(user, path)
    return rows.none() if reach is None else rows.filter(reach)


@scope(Commitment)
def commitments(user: Any, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return _by_pairing(user, rows, "pairing__")


@scope(LedgerEntry)
def entries(user: Any, rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    return _by_pairing(user, rows, "commitment__pairing__")


@scope(Confirmation)
@scope(Discrepancy)
@scope(EntryFile)
@scope(ReversalRequest)
@scope(Posting)
def of_an_entry(user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    return _by_pairing(user, rows, "entry__commitment__pairing__")


@scope(Reconciliation)
def reconciliations(user: Any, rows: QuerySet[Reconciliation]) -> QuerySet[Reconciliation]:
    """Findings tell of the whole country: those who oversee all of it."""
    return rows if oversees(user) and user.region is None else rows.none()
