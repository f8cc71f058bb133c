"""Each weight is a percent, and a further helper is never worth more than the one before: whoever writes them."""

from django.db import migrations

_SQL = """
CREATE FUNCTION programmes_weights_are_percents(weights jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$ SELECT coalesce(bool_and(value::numeric BETWEEN 0 AND 100 AND value::numeric = trunc(value::numeric)), false)
       FROM jsonb_each_text(weights) $$;
CREATE FUNCTION programmes_never_increases(numbers integer[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$ SELECT coalesce(bool_and(numbers[i] >= numbers[i + 1]), true)
       FROM generate_series(1, cardinality(numbers) - 1) AS i $$;
ALTER TABLE programmes_policy
    ADD CONSTRAINT policy_weights_are_percents CHECK (programmes_weights_are_percents(weights)),
    ADD CONSTRAINT policy_coverage_never_increases
        CHECK (programmes_never_increases(coverage_deep) AND programmes_never_increases(coverage_poor));
"""
_UNDO = """
ALTER TABLE programmes_policy
    DROP CONSTRAINT policy_weights_are_percents, DROP CONSTRAINT policy_coverage_never_increases;
DROP FUNCTION programmes_weights_are_percents(jsonb);
DROP FUNCTION programmes_never_increases(integer[]);
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_share_evenly")]
    operations = [migrations.RunSQL(_SQL, _UNDO)]
