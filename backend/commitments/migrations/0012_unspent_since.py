"""Since when money lies unspent, kept with the sums: what is idle is asked for on every visit to the inbox."""

from django.db import migrations, models

_RECOUNT = """
CREATE OR REPLACE FUNCTION commitments_recount(which bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO commitments_totals (commitment_id, flows, agreed, arrived, confirmed, spent, accepted, unspent_since)
    SELECT commitment.id, commitment.flows,
           coalesce(sum(value) FILTER (WHERE stage = 'AGREED'), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'ARRIVED'), 0),
           coalesce(sum(confirmed), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'SPENT'), 0),
           coalesce(sum(value) FILTER (WHERE stage = 'ACCEPTED'), 0),
           CASE WHEN commitment.flows THEN commitments_unspent_since(which) END
    FROM commitments_commitment commitment
    LEFT JOIN commitments_standing standing ON standing.commitment_id = commitment.id
    WHERE commitment.id = which
    GROUP BY commitment.id
    ON CONFLICT (commitment_id) DO UPDATE SET
        agreed = excluded.agreed, arrived = excluded.arrived, confirmed = excluded.confirmed,
        spent = excluded.spent, accepted = excluded.accepted, unspent_since = excluded.unspent_since;
    IF EXISTS (
        SELECT FROM (
            SELECT sum(sum(confirmed - CASE WHEN stage = 'SPENT' THEN value ELSE 0 END))
                   OVER (ORDER BY occurred_date) AS left_over
            FROM commitments_standing WHERE commitment_id = which GROUP BY occurred_date
        ) days WHERE left_over < 0
    ) THEN
        PERFORM commitments_refuse('spent before it arrived', 'spent_after_arrival');
    END IF;
END $$;
"""

# The first day up to which more was confirmed than was spent in all.
_UNSPENT_SINCE = """
CREATE FUNCTION commitments_unspent_since(which bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT min(occurred_date) FROM (
        SELECT occurred_date, sum(sum(confirmed)) OVER (ORDER BY occurred_date) AS arrived,
               sum(sum(value) FILTER (WHERE stage = 'SPENT')) OVER () AS spent
        FROM commitments_standing WHERE commitment_id = which GROUP BY occurred_date
    ) days WHERE arrived > coalesce(spent, 0)
$$;
"""

_FILL = """
UPDATE commitments_totals SET unspent_since = commitments_unspent_since(commitment_id) WHERE flows AND confirmed > spent;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0011_pairing_first")]

    operations = [
        migrations.AddField(model_name="commitmenttotals", name="unspent_since", field=models.DateField(null=True)),
        migrations.RunSQL(_UNSPENT_SINCE + _RECOUNT + _FILL),
        migrations.AddConstraint(
            model_name="commitmenttotals",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed__gt", models.F("spent")), ("flows", True), ("unspent_since__isnull", False)),
                    models.Q(
                        ("unspent_since__isnull", True),
                        models.Q(("flows", False), ("confirmed__lte", models.F("spent")), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="unspent_since_some_day",
            ),
        ),
    ]
