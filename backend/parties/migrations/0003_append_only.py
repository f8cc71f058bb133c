from django.db import migrations

from backend.lifecycle.rights import withhold


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_history")]

    operations = [
        withhold("parties_partyevent", "UPDATE", "DELETE"),
    ]
