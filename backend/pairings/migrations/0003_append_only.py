from django.db import migrations

from backend.lifecycle.rights import withhold


class Migration(migrations.Migration):
    dependencies = [("pairings", "0002_initial")]
    operations = [
        withhold("pairings_decision", "UPDATE", "DELETE"),
        withhold("pairings_acknowledgement", "UPDATE", "DELETE"),
        withhold("runs_suggestion", "UPDATE", "DELETE"),
    ]
