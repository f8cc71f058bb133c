"""Commitments, their ledger, what is to be settled about it, and what is added up from it."""

from backend.commitments.models.commitment import Commitment
from backend.commitments.models.files import EntryFile
from backend.commitments.models.ledger import Confirmation, LedgerEntry, Stage
from backend.commitments.models.matters import Discrepancy, ReversalRequest
from backend.commitments.models.postings import Posting
from backend.commitments.models.totals import CommitmentTotals, Reconciliation, StandingEntry, Voucher

__all__ = [
    "Commitment",
    "CommitmentTotals",
    "Confirmation",
    "Discrepancy",
    "EntryFile",
    "LedgerEntry",
    "Posting",
    "Reconciliation",
    "ReversalRequest",
    "Stage",
    "StandingEntry",
    "Voucher",
]
