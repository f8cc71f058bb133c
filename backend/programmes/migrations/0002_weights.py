"""Weights are whole percents that sum to 100, whoever writes them."""

from django.db import migrations

_SQL = """
CREATE FUNCTION programmes_weights_total(weights jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT coalesce(sum(value::bigint), 0)::bigint FROM jsonb_each_text(weights) $$;
ALTER TABLE programmes_policy ADD CONSTRAINT policy_weights_sum_to_100
    CHECK (programmes_weights_total(weights) = 100);
"""
_UNDO = """
ALTER TABLE programmes_policy DROP CONSTRAINT policy_weights_sum_to_100;
DROP FUNCTION programmes_weights_total(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunSQL(_SQL, _UNDO)]
