"""The nightly recount: every ledger by a second formula, compared with the totals kept."""

from __future__ import annotations

from django.db import connection

from backend.commitments.models import LedgerEntry, Reconciliation
from backend.commitments.models.commitment import FIGURES

KEPT = 1000  # findings stored at most; more than a few means that something is broken altogether

# Not by way of the view: entries with their reversals netted, so that a mistake in the one shows in the other.
_RECOUNT = """
WITH worth AS (
    SELECT entry.commitment_id, entry.stage, coalesce(entry.amount_yuan, entry.quantity) AS value,
           coalesce(entry.reverses_id, entry.id) AS original, entry.reverses_id IS NULL AS given
    FROM commitments_ledgerentry entry
), flagged AS (
    SELECT entry_id FROM commitments_discrepancy WHERE kind = 'DUPLICATE' AND status <> 'SETTLED'
), agreed_on AS (
    SELECT answer.entry_id, coalesce(answer.amount_yuan, answer.quantity) AS seen
    FROM commitments_confirmation answer
    LEFT JOIN commitments_discrepancy matter ON matter.entry_id = answer.entry_id AND matter.kind = 'AMOUNT'
    WHERE answer.answer = 'CONFIRMED' OR matter.status = 'SETTLED'
), counted AS (
    SELECT worth.commitment_id, worth.stage, worth.value,
           CASE WHEN agreed_on.entry_id IS NULL THEN 0
                ELSE sign(worth.value) * least(abs(worth.value), agreed_on.seen) END AS confirmed
    FROM worth
    LEFT JOIN flagged ON flagged.entry_id = worth.original
    LEFT JOIN agreed_on ON agreed_on.entry_id = worth.original
    WHERE flagged.entry_id IS NULL
), recounted AS (
    SELECT commitment_id,
           coalesce(sum(value) FILTER (WHERE stage = 'AGREED'), 0) AS agreed,
           coalesce(sum(value) FILTER (WHERE stage = 'ARRIVED'), 0) AS arrived,
           coalesce(sum(confirmed) FILTER (WHERE stage = 'ARRIVED'), 0) AS confirmed,
           coalesce(sum(value) FILTER (WHERE stage = 'SPENT'), 0) AS spent,
           coalesce(sum(value) FILTER (WHERE stage = 'ACCEPTED'), 0) AS accepted
    FROM counted GROUP BY commitment_id
)
SELECT coalesce(totals.commitment_id, recounted.commitment_id),
       totals.agreed, totals.arrived, totals.confirmed, totals.spent, totals.accepted,
       recounted.agreed, recounted.arrived, recounted.confirmed, recounted.spent, recounted.accepted
FROM commitments_totals totals
FULL JOIN recounted ON recounted.commitment_id = totals.commitment_id
WHERE (totals.agreed, totals.arrived, totals.confirmed, totals.spent, totals.accepted) IS DISTINCT FROM
      (recounted.agreed, recounted.arrived, recounted.confirmed, recounted.spent, recounted.accepted)
ORDER BY 1
"""


def reconcile() -> Reconciliation:
    """Recount everything, in one statement and so as of one moment, and put the outcome on record.

    A finding is {commitment, figure, kept, recounted}, as strings of the commitment's unit; None where there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT)
        findings = [finding for row in cursor.fetchall() for finding in _findings(*row)]
        cursor.execute("SELECT count(*) FROM commitments_totals")
        (commitments,) = cursor.fetchone() or (0,)
    return Reconciliation.objects.create(
        commitments=commitments, entries=LedgerEntry.objects.count(), findings=findings[:KEPT]
    )


def _findings(commitment: int, *sums: object) -> list[dict[str, object]]:
    kept, recounted = sums[: len(FIGURES)], sums[len(FIGURES) :]
    return [
        {"commitment": commitment, "figure": name, "kept": _text(one), "recounted": _text(other)}
        for name, one, other in zip(FIGURES, kept, recounted, strict=True)
        if one != other
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
