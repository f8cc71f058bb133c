"""The nightly recount: every ledger by a second formula, compared with the totals kept."""

from __future__ import annotations

from django.db import connection

from backend.commitments.models import LedgerEntry, Reconciliation
from backend.commitments.models.commitment import FIGURES

_KEPT_OF_EACH = (*FIGURES, "unspent_since")
KEPT = 1000  # findings stored at most; more than a few means that something is broken altogether

# Not by way of the view: entries with their reversals netted, so that a mistake in the one shows in the other.
_RECOUNT = """
WITH worth AS (
    SELECT entry.commitment_id, entry.stage, coalesce(entry.amount_yuan, entry.quantity) AS value,
           coalesce(entry.reverses_id, entry.id) AS original,
           coalesce(reversed.occurred_date, entry.occurred_date) AS day
    FROM commitments_ledgerentry entry
    LEFT JOIN commitments_ledgerentry reversed ON reversed.id = entry.reverses_id
), flagged AS (
    SELECT entry_id FROM commitments_discrepancy WHERE kind = 'DUPLICATE' AND status <> 'SETTLED'
), agreed_on AS (
    SELECT answer.entry_id, coalesce(answer.amount_yuan, answer.quantity) AS seen
    FROM commitments_confirmation answer
    LEFT JOIN commitments_discrepancy matter ON matter.entry_id = answer.entry_id AND matter.kind = 'AMOUNT'
    WHERE answer.answer = 'CONFIRMED' OR matter.status = 'SETTLED'
), counted AS (
    SELECT worth.commitment_id, worth.stage, worth.value, worth.day,
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
), unspent AS (
    SELECT arrivals.commitment_id, min(arrivals.day) AS since
    FROM (
        SELECT commitment_id, day, sum(sum(confirmed)) OVER (PARTITION BY commitment_id ORDER BY day) AS so_far
        FROM counted WHERE stage = 'ARRIVED' GROUP BY commitment_id, day
    ) arrivals
    JOIN recounted USING (commitment_id)
    JOIN commitments_commitment promise ON promise.id = arrivals.commitment_id
    WHERE promise.flows AND arrivals.so_far > recounted.spent
    GROUP BY arrivals.commitment_id
)
SELECT coalesce(totals.commitment_id, recounted.commitment_id),
       totals.agreed, totals.arrived, totals.confirmed, totals.spent, totals.accepted, totals.unspent_since,
       recounted.agreed, recounted.arrived, recounted.confirmed, recounted.spent, recounted.accepted, unspent.since
FROM commitments_totals totals
FULL JOIN recounted ON recounted.commitment_id = totals.commitment_id
LEFT JOIN unspent ON unspent.commitment_id = totals.commitment_id
WHERE (totals.agreed, totals.arrived, totals.confirmed, totals.spent, totals.accepted, totals.unspent_since)
      IS DISTINCT FROM
      (recounted.agreed, recounted.arrived, recounted.confirmed, recounted.spent, recounted.accepted, unspent.since)
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
    kept, recounted = sums[: len(_KEPT_OF_EACH)], sums[len(_KEPT_OF_EACH) :]
    return [
        {"commitment": commitment, "figure": name, "kept": _text(one), "recounted": _text(other)}
        for name, one, other in zip(_KEPT_OF_EACH, kept, recounted, strict=True)
        if one != other
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
