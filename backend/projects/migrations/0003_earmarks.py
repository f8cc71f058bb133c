"""Earmarks: which need a committed yuan is meant for. `projects_plans` is the one definition of what is spoken for."""

from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from backend.lifecycle.rights import withhold

_RULES = """
CREATE VIEW projects_plans AS
SELECT concat(commitment_id, '-', need_id)::varchar(45) AS key, commitment_id, need_id,
       sum(earmarked)::numeric(20, 2) AS earmarked, sum(planned)::numeric(20, 2) AS planned,
       sum(allotted)::numeric(20, 2) AS allotted
FROM (
    SELECT earmark.commitment_id, earmark.need_id, earmark.amount_yuan AS earmarked, 0 AS planned, 0 AS allotted
    FROM projects_earmark earmark JOIN needs_need need ON need.id = earmark.need_id
    WHERE need.status <> 'WITHDRAWN'
    UNION ALL
    SELECT source.commitment_id, project.need_id, 0, source.planned_yuan, 0
    FROM projects_source source JOIN projects_project project ON project.id = source.project_id
    WHERE project.status NOT IN ('DECLINED', 'STOPPED')
    UNION ALL
    SELECT entry.commitment_id, project.need_id, 0, 0, allotment.amount_yuan
    FROM projects_allotment allotment JOIN projects_project project ON project.id = allotment.project_id
    JOIN commitments_ledgerentry entry ON entry.id = allotment.entry_id
    WHERE entry.stage = 'ARRIVED' AND project.status NOT IN ('DECLINED', 'STOPPED')
      AND NOT EXISTS (SELECT FROM commitments_ledgerentry back WHERE back.reverses_id = entry.id)
) line
GROUP BY commitment_id, need_id;

CREATE FUNCTION projects_lacking(which bigint) RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT need.cost_yuan
         - coalesce((SELECT sum(total.agreed) FROM commitments_commitment promise
                     JOIN commitments_totals total ON total.commitment_id = promise.id
                     WHERE promise.need_id = which AND promise.status = 'REGISTERED' AND promise.unit = 'YUAN'), 0)
         - coalesce((SELECT sum(amount_yuan) FROM projects_earmark WHERE need_id = which), 0)
    FROM needs_need need WHERE need.id = which
$$;

CREATE FUNCTION projects_earmarks_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_plans WHERE commitment_id = NEW.id AND earmarked > 0) THEN
        PERFORM commitments_refuse('a need counts on it', 'commitment_stands_with_its_earmarks');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands_with_its_earmarks BEFORE UPDATE OF status ON commitments_commitment FOR EACH ROW
    WHEN (NEW.status = 'WITHDRAWN') EXECUTE FUNCTION projects_earmarks_stand();
"""

_BACK = """
DROP TRIGGER stands_with_its_earmarks ON commitments_commitment;
DROP FUNCTION projects_earmarks_stand();
DROP FUNCTION projects_lacking(bigint);
DROP VIEW projects_plans;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0009_entry_files"),
        ("needs", "0003_found_by_name"),
        ("projects", "0002_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("key", models.CharField(max_length=45, primary_key=True, serialize=False)),
                ("earmarked", models.DecimalField(decimal_places=2, max_digits=20)),
                ("planned", models.DecimalField(decimal_places=2, max_digits=20)),
                ("allotted", models.DecimalField(decimal_places=2, max_digits=20)),
            ],
            options={
                "db_table": "projects_plans",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Earmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_yuan", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="安排金额")),
                ("reason", models.CharField(blank=True, default="", max_length=1000, verbose_name="收回理由")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "资金安排",
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="money_of_the_pairing",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="money_of_the_pairing",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."commitment_id" IS NOT NULL)',
                    func="\n            PERFORM FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;\n            IF NOT EXISTS (\n                SELECT FROM commitments_commitment promise JOIN projects_project project ON project.id = NEW.project_id\n                WHERE promise.id = NEW.commitment_id AND promise.pairing_id = project.pairing_id\n                  AND promise.unit = 'YUAN' AND promise.status = 'REGISTERED'\n            ) THEN PERFORM commitments_refuse('money of another pairing', 'source_money_of_the_pairing'); END IF;\n         RETURN NEW;",
                    hash="087432c86ed944a0c07e28c7d89d7f7e0e8c9f54",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_money_of_the_pairing_abea2",
                    table="projects_source",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="within_the_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."commitment_id" IS NOT NULL)',
                    func="\n            IF (SELECT sum(greatest(earmarked, planned)) FROM projects_plans WHERE commitment_id = NEW.commitment_id)\n               > (SELECT agreed FROM commitments_totals WHERE commitment_id = NEW.commitment_id) THEN\n                PERFORM commitments_refuse('meant for two things', 'planned_within_the_agreed');\n            END IF;\n            RETURN NULL;\n        ",
                    hash="cc2f0ae74e394e401c0bc9a5619636ab3ac4408d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_within_the_agreed_1730f",
                    table="projects_source",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="earmark",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="earmark",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="earmarks", to="commitments.commitment"
            ),
        ),
        migrations.AddField(
            model_name="earmark",
            name="need",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="earmarks", to="needs.need"
            ),
        ),
        migrations.AddConstraint(
            model_name="earmark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_yuan", 0), _negated=True),
                    ("amount_yuan__gte", Decimal("-10000000000.00")),
                    ("amount_yuan__lte", Decimal("10000000000.00")),
                ),
                name="earmark_is_plausible",
            ),
        ),
        migrations.AddConstraint(
            model_name="earmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_yuan__gt", 0), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="earmark_taken_back_for_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earmark",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2e78080bf40ceb6386e890ce4465e02451aa495f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_afdd4",
                    table="projects_earmark",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earmark",
            trigger=pgtrigger.compiler.Trigger(
                name="earmark_fits",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE lacking needs_need; promise commitments_commitment;",
                    func="\n            SELECT * INTO lacking FROM needs_need WHERE id = NEW.need_id FOR NO KEY UPDATE;\n            SELECT * INTO promise FROM commitments_commitment WHERE id = NEW.commitment_id FOR NO KEY UPDATE;\n            IF projects_side(NEW.by_id, promise.pairing_id) IS DISTINCT FROM 'HELPER' THEN\n                PERFORM commitments_refuse('not the helper', 'earmark_by_the_helper');\n            END IF;\n            IF NEW.amount_yuan < 0 THEN\n                IF (SELECT coalesce(sum(amount_yuan), 0) FROM projects_earmark\n                    WHERE commitment_id = NEW.commitment_id AND need_id = NEW.need_id) + NEW.amount_yuan < 0 THEN\n                    PERFORM commitments_refuse('more than it has', 'earmark_taken_back_within_itself');\n                END IF;\n                RETURN NEW;\n            END IF;\n            IF lacking.status <> 'PUBLISHED' OR EXISTS (\n                SELECT FROM projects_project WHERE need_id = NEW.need_id AND status NOT IN ('DECLINED', 'STOPPED')\n            ) THEN PERFORM commitments_refuse('not waiting for money', 'earmark_of_an_open_need'); END IF;\n            IF promise.status <> 'REGISTERED' OR NOT promise.flows OR promise.need_id IS NOT NULL OR NOT EXISTS (\n                SELECT FROM pairings_pairing WHERE id = promise.pairing_id AND status IN ('AGREED', 'IN_FORCE')\n            ) THEN PERFORM commitments_refuse('not free', 'earmark_of_free_money'); END IF;\n            IF promise.sector NOT IN ('', lacking.category) OR NOT EXISTS (\n                SELECT FROM pairings_pairing pairing\n                JOIN places_area recipient ON recipient.id = pairing.recipient_id\n                JOIN places_area place ON place.path LIKE recipient.path || '%'\n                WHERE pairing.id = promise.pairing_id AND place.id = lacking.area_id\n            ) THEN PERFORM commitments_refuse('of another place or kind', 'earmark_where_it_fits'); END IF;\n            IF NEW.amount_yuan > coalesce(projects_lacking(NEW.need_id), 0) THEN\n                PERFORM commitments_refuse('more than it lacks', 'earmark_within_the_gap');\n            END IF;\n         RETURN NEW;",
                    hash="2959ac0c98e1229922812f3e773a02e412cee576",
                    operation="INSERT",
                    pgid="pgtrigger_earmark_fits_048cf",
                    table="projects_earmark",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earmark",
            trigger=pgtrigger.compiler.Trigger(
                name="within_the_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."commitment_id" IS NOT NULL)',
                    func="\n            IF (SELECT sum(greatest(earmarked, planned)) FROM projects_plans WHERE commitment_id = NEW.commitment_id)\n               > (SELECT agreed FROM commitments_totals WHERE commitment_id = NEW.commitment_id) THEN\n                PERFORM commitments_refuse('meant for two things', 'earmarked_within_the_agreed');\n            END IF;\n            RETURN NULL;\n        ",
                    hash="8f11e7b99d3c5dec0a1abf4229a3c1f7892925c8",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_within_the_agreed_74e0d",
                    table="projects_earmark",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(_RULES, _BACK),
        withhold("projects_earmark", "UPDATE", "DELETE"),
    ]
